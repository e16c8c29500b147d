//! What listening sessions have shown of the communities, as of the last frame that was counted. A resume shows none of
//! it again, so it is stored together with where the session stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::bulk::{batches, placeholders};
use super::columns::{from_json, from_word, to_json, values, word};
use super::database::Tx;
use super::{Result, Store};
use crate::domain::ids::{ChannelId, CommunityId, MessageId, RoleId};

/// What the bot may do in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    Reads,
    /// It hears what is said, but not what was said while it was away.
    NoHistory,
    Hidden,
}

/// Which threads a channel may have, as far as the bot may list them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threads {
    #[default]
    None,
    Public,
    /// And private ones that the bot is in.
    Joined,
    /// And all private ones.
    All,
}

/// The bot's roles in a community, and what they allow before a channel's own rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BotStanding {
    pub roles: Vec<RoleId>,
    /// Bits of Discord's permissions; `None` where it did not say, so that trying will show.
    pub base: Option<u64>,
    /// What each role of the community allows: the bot may be given any of them.
    pub allowed: BTreeMap<RoleId, u64>,
}

const FORUM: u8 = 15;
const MEDIA: u8 = 16;

/// A channel's own rules: what it allows and denies to roles, and to the bot. What it says of other people is left out.
/// A thread has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Discord's number for the type of channel.
    pub kind: u8,
    pub exceptions: Vec<Exception>,
}

impl Rules {
    /// Whether the channel holds nothing but posts, which are threads: a forum, or one of pictures.
    pub const fn is_of_posts(&self) -> bool {
        matches!(self.kind, FORUM | MEDIA)
    }
}

/// What a channel allows and denies to a role, or to the bot, in bits of Discord's permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    pub of: i64,
    pub allow: u64,
    pub deny: u64,
}

/// A channel or thread that a session has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenChannel {
    pub channel: ChannelId,
    /// Of a thread only: the channel whose rules it follows.
    pub parent: Option<ChannelId>,
    pub category: Option<ChannelId>,
    pub age_restricted: bool,
    pub access: Access,
    pub threads: Threads,
    pub rules: Arc<Rules>,
    /// Live counting takes the messages above it.
    pub floor: MessageId,
    /// It was opened to the bot during the session: what was said above the floor and below the next message that is heard
    /// is still to be read.
    pub just_opened: bool,
}

/// A community as its session has shown it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub standing: BotStanding,
    pub channels: Vec<SeenChannel>,
}

/// What was shown since the last flush. Communities first, then what changed in them.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Shown anew, whatever was known of them before; or gone.
    pub communities: BTreeMap<CommunityId, Option<BotStanding>>,
    /// Where only the bot's roles, or what they allow, have changed.
    pub standings: BTreeMap<CommunityId, BotStanding>,
    /// As they are now; or gone.
    pub channels: BTreeMap<(CommunityId, ChannelId), Option<SeenChannel>>,
}

impl Shown {
    pub fn is_empty(&self) -> bool {
        self.communities.is_empty() && self.standings.is_empty() && self.channels.is_empty()
    }
}

type SightRow = (i64, i64, Option<i64>, Option<i64>, i64, String, String, String, i64, i64);
type StandingRow = (i64, Option<i64>, String, String);

impl Store {
    /// The communities of a shard as its session had shown them at the last flush.
    pub async fn snapshots(&self, shard: u32, shards: u32) -> Result<BTreeMap<CommunityId, Snapshot>> {
        let mut tx = self.read().await?;
        let of_shard = || values![i64::from(shard), i64::from(shards)];
        let sql = "SELECT s.community, s.base, s.roles, s.allowed FROM standings s
                   JOIN communities c ON c.community = s.community
                   WHERE c.removed_at IS NULL AND (s.community >> 22) % $2 = $1";
        let rows: Vec<StandingRow> = tx.rows(sql, of_shard()).await?;
        let mut snapshots: BTreeMap<CommunityId, Snapshot> = BTreeMap::new();
        for (community, base, roles, allowed) in rows {
            let allowed: Vec<(RoleId, u64)> = from_json("standings", &allowed)?;
            let standing = BotStanding {
                roles: from_json("standings", &roles)?,
                base: base.map(i64::cast_unsigned),
                allowed: allowed.into_iter().collect(),
            };
            let snapshot = Snapshot { standing, channels: Vec::new() };
            snapshots.insert(CommunityId::from_column(community), snapshot);
        }
        let sql =
            "SELECT community, channel, parent, category, age_restricted, access, threads, rules, floor_id, just_opened
                   FROM sights WHERE (community >> 22) % $2 = $1 ORDER BY community, channel";
        let rows: Vec<SightRow> = tx.rows(sql, of_shard()).await?;
        for (community, channel, parent, category, age_restricted, access, threads, rules, floor, just_opened) in rows {
            if let Some(snapshot) = snapshots.get_mut(&CommunityId::from_column(community)) {
                snapshot.channels.push(SeenChannel {
                    channel: ChannelId::from_column(channel),
                    parent: parent.map(ChannelId::from_column),
                    category: category.map(ChannelId::from_column),
                    age_restricted: age_restricted != 0,
                    access: from_word("sights", &access)?,
                    threads: from_word("sights", &threads)?,
                    rules: Arc::new(from_json("sights", &rules)?),
                    floor: MessageId::from_column(floor),
                    just_opened: just_opened != 0,
                });
            }
        }
        Ok(snapshots)
    }

    /// The channels of a community that its last session has shown, and into which the bot may not look.
    pub async fn hidden_channels(&self, community: CommunityId) -> Result<Vec<ChannelId>> {
        let mut tx = self.read().await?;
        let sql = "SELECT channel FROM sights WHERE community = $1 AND access = $2 ORDER BY channel";
        let rows: Vec<(i64,)> = tx.rows(sql, values![community, word("sights", &Access::Hidden)?]).await?;
        Ok(rows.into_iter().map(|(channel,)| ChannelId::from_column(channel)).collect())
    }
}

/// Takes over what was shown, of the communities that `known` says are there.
pub(super) async fn save_shown(tx: &mut Tx, shown: &Shown, known: impl Fn(CommunityId) -> bool) -> Result<()> {
    for (community, standing) in shown.communities.iter().filter(|(community, _)| known(**community)) {
        tx.execute("DELETE FROM sights WHERE community = $1", values![*community]).await?;
        tx.execute("DELETE FROM standings WHERE community = $1", values![*community]).await?;
        if let Some(standing) = standing {
            save_standing(tx, *community, standing).await?;
        }
    }
    for (community, standing) in shown.standings.iter().filter(|(community, _)| known(**community)) {
        save_standing(tx, *community, standing).await?;
    }
    let mut rows = Vec::new();
    for ((community, channel), seen) in shown.channels.iter().filter(|((community, _), _)| known(*community)) {
        let Some(seen) = seen else {
            let sql = "DELETE FROM sights WHERE community = $1 AND channel = $2";
            tx.execute(sql, values![*community, *channel]).await?;
            continue;
        };
        let (access, threads) = (word("sights", &seen.access)?, word("sights", &seen.threads)?);
        let rules = to_json("sights", &*seen.rules)?;
        let SeenChannel { parent, category, age_restricted, floor, just_opened, .. } = *seen;
        rows.push(values![
            *community,
            *channel,
            parent,
            category,
            age_restricted,
            access,
            threads,
            rules,
            floor,
            just_opened
        ]);
    }
    for rows in batches(&rows) {
        let sql = format!(
            "INSERT INTO sights (community, channel, parent, category, age_restricted, access, threads, rules, floor_id,
                                 just_opened) VALUES {}
             ON CONFLICT (community, channel) DO UPDATE
                 SET parent = excluded.parent, category = excluded.category, age_restricted = excluded.age_restricted,
                     access = excluded.access, threads = excluded.threads, rules = excluded.rules,
                     floor_id = excluded.floor_id, just_opened = excluded.just_opened",
            placeholders(tx.engine(), rows.len(), 10)
        );
        tx.execute(&sql, rows.concat()).await?;
    }
    Ok(())
}

async fn save_standing(tx: &mut Tx, community: CommunityId, standing: &BotStanding) -> Result<()> {
    let BotStanding { roles, base, allowed } = standing;
    let allowed: Vec<(RoleId, u64)> = allowed.iter().map(|(role, bits)| (*role, *bits)).collect();
    let sql = "INSERT INTO standings (community, base, roles, allowed) VALUES ($1, $2, $3, $4)
               ON CONFLICT (community) DO UPDATE
                   SET base = excluded.base, roles = excluded.roles, allowed = excluded.allowed";
    let (roles, allowed) = (to_json("standings", roles)?, to_json("standings", &allowed)?);
    tx.execute(sql, values![community, base.map(u64::cast_signed), roles, allowed]).await?;
    Ok(())
}
