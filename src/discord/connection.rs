//! The lines to Discord: who the token belongs to, what the bot may do, and why a line will never stand.

use secrecy::{ExposeSecret, SecretString};
use serenity::all::{ApplicationId, GatewayError, Http, HttpError, Permissions};

use crate::domain::ids::UserId;

/// What the bot needs in the servers that invite it, each with its reason.
pub const PERMISSIONS: [(Permissions, &str); 10] = [
    (Permissions::VIEW_CHANNEL, "to see who writes, and the channel where it speaks"),
    (Permissions::SEND_MESSAGES, "to say what it has to say"),
    (Permissions::SEND_MESSAGES_IN_THREADS, "a meetup lives in a thread"),
    (Permissions::CREATE_PRIVATE_THREADS, "that thread is private"),
    (Permissions::CREATE_PUBLIC_THREADS, "an open evening is talked about under its announcement"),
    (Permissions::ADD_REACTIONS, "a poll is answered by reactions"),
    (Permissions::READ_MESSAGE_HISTORY, "to read the reactions again, and to count what it missed"),
    (Permissions::EMBED_LINKS, "its messages are cards"),
    (Permissions::ATTACH_FILES, "the calendar file of a meetup"),
    (Permissions::CREATE_EVENTS, "open evenings stand in the list of events"),
];

/// All of [`PERMISSIONS`].
pub fn needed_permissions() -> Permissions {
    PERMISSIONS.iter().fold(Permissions::empty(), |all, (one, _)| all | *one)
}

/// Who the bot is at Discord.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    pub user: UserId,
    pub application: ApplicationId,
}

/// Why there is no line to Discord, in one sentence with what to do.
#[derive(Debug, thiserror::Error)]
pub enum NoLine {
    #[error(
        "Discord does not accept the token: copy it again from the Developer Portal (Bot, Reset Token) into DISCORD_TOKEN"
    )]
    BadToken,
    #[error(
        "Discord refuses the intents that Wallflower asks for, though all are unprivileged: is the token that of another program?"
    )]
    Intents,
    #[error("Discord wants the bot to run on more shards than it does: stop Wallflower and start it again")]
    Shards,
    #[error("Discord cannot be reached ({0}): check the network, and discord.api_base where it is set")]
    Unreachable(String),
}

impl From<&serenity::Error> for NoLine {
    fn from(error: &serenity::Error) -> Self {
        match error {
            serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) if answer.status_code.as_u16() == 401 => {
                Self::BadToken
            }
            serenity::Error::Gateway(GatewayError::InvalidAuthentication | GatewayError::NoAuthentication) => {
                Self::BadToken
            }
            serenity::Error::Gateway(GatewayError::InvalidGatewayIntents | GatewayError::DisallowedGatewayIntents) => {
                Self::Intents
            }
            serenity::Error::Gateway(GatewayError::InvalidShardData | GatewayError::OverloadedShard) => Self::Shards,
            other => Self::Unreachable(in_short(other)),
        }
    }
}

/// An error without addresses: those of interactions hold tokens.
pub fn in_short(error: &serenity::Error) -> String {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) => {
            format!("{} {} {}", answer.status_code.as_u16(), answer.error.code, answer.error.message)
        }
        serenity::Error::Http(HttpError::Request(failed)) if failed.is_timeout() => "no answer in time".to_owned(),
        serenity::Error::Http(HttpError::Request(failed)) if failed.is_connect() => "no connection".to_owned(),
        serenity::Error::Http(HttpError::Request(_)) => "the request failed".to_owned(),
        serenity::Error::Json(_) => "an answer that cannot be read".to_owned(),
        other => other.to_string(),
    }
}

/// Asks Discord whose token this is: the first thing to do, since a bad one is told in one sentence only here.
pub async fn identify(http: &Http) -> Result<Identity, NoLine> {
    let user = http.get_current_user().await.map_err(|error| NoLine::from(&error))?;
    let application = http.get_current_application_info().await.map_err(|error| NoLine::from(&error))?;
    http.set_application_id(application.id);
    let id = UserId::new(user.id.get()).ok_or_else(|| NoLine::Unreachable("an id that is none".to_owned()))?;
    Ok(Identity { user: id, application: application.id })
}

/// The link by which admins invite the bot.
pub fn invite_link(application: ApplicationId) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot%20applications.commands&permissions={}",
        needed_permissions().bits()
    )
}

/// The same, without asking Discord: a token's first part is the bot's id in base64, and that is the application's too.
/// `None` for what is no token.
pub fn invite_link_of(token: &SecretString) -> Option<String> {
    let first = token.expose_secret().split('.').next()?;
    let id: u64 = String::from_utf8(from_base64(first)?).ok()?.parse().ok()?;
    (id > 0).then(|| invite_link(ApplicationId::new(id)))
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => u32::try_from(ALPHABET.iter().position(|known| *known == letter)?).ok()?,
        };
        held = (held << 6) | value;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invite_link_names_the_application_the_scopes_and_only_what_is_needed() {
        let token = SecretString::from("MTAwMDAwMDAwMDAwMDAwMDAx.GfakeA.not-a-real-one");
        let link = invite_link_of(&token).unwrap();
        assert!(link.contains("client_id=100000000000000001&scope=bot%20applications.commands"), "{link}");
        let bits: u64 = link.rsplit('=').next().unwrap().parse().unwrap();
        let asked = Permissions::from_bits_truncate(bits);
        assert_eq!(asked, needed_permissions());
        assert!(
            !asked.intersects(Permissions::ADMINISTRATOR | Permissions::MANAGE_EVENTS | Permissions::MANAGE_THREADS)
        );
    }

    #[test]
    fn what_is_no_token_gives_no_link() {
        assert_eq!(invite_link_of(&SecretString::from("something else")), None);
        assert_eq!(invite_link_of(&SecretString::from("")), None);
    }
}
