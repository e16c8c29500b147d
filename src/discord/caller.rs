//! Who used a command, a button or a form, and from where: the same for all kinds of interaction, in our own types.

use serenity::all::{
    CommandInteraction, ComponentInteraction, GuildId, InteractionId, Member, ModalInteraction, Permissions, User,
};

use crate::app::{Refusal, Stop};
use crate::domain::ids::{CommunityId, RoleId, UserId};
use crate::texts::Locale;

/// The person at the other end of an interaction.
#[derive(Debug, Clone)]
pub struct Caller {
    pub user: UserId,
    /// Absent in direct messages.
    pub community: Option<CommunityId>,
    pub roles: Vec<RoleId>,
    pub is_admin: bool,
    pub locale: Locale,
    /// A snowflake: when they acted.
    pub moment: i64,
}

impl Caller {
    pub fn of_command(interaction: &CommandInteraction) -> Result<Self, Stop> {
        Self::of(
            interaction.id,
            &interaction.user,
            interaction.guild_id,
            interaction.member.as_deref(),
            &interaction.locale,
        )
    }

    pub fn of_component(interaction: &ComponentInteraction) -> Result<Self, Stop> {
        let member = interaction.member.as_ref();
        Self::of(interaction.id, &interaction.user, interaction.guild_id, member, &interaction.locale)
    }

    pub fn of_modal(interaction: &ModalInteraction) -> Result<Self, Stop> {
        let member = interaction.member.as_ref();
        Self::of(interaction.id, &interaction.user, interaction.guild_id, member, &interaction.locale)
    }

    fn of(
        id: InteractionId,
        user: &User,
        guild: Option<GuildId>,
        member: Option<&Member>,
        locale: &str,
    ) -> Result<Self, Stop> {
        if user.bot {
            return Err(Refusal::Bot.into());
        }
        let held = member.and_then(|member| member.permissions).unwrap_or_default();
        let roles = member.map(|member| member.roles.iter().filter_map(|role| RoleId::new(role.get())).collect());
        Ok(Self {
            user: UserId::new(user.id.get()).ok_or(Refusal::NotYours)?,
            community: guild.and_then(|guild| CommunityId::new(guild.get())),
            roles: roles.unwrap_or_default(),
            is_admin: held.contains(Permissions::MANAGE_GUILD) || held.contains(Permissions::ADMINISTRATOR),
            locale: Locale::from_discord(locale),
            moment: i64::try_from(id.get()).unwrap_or(i64::MAX),
        })
    }

    /// The community in which they act. Commands that need one are not offered in direct messages.
    pub fn community(&self) -> Result<CommunityId, Stop> {
        self.community.ok_or_else(|| Refusal::NotSetUp.into())
    }
}
