//! A local Discord with a community, its people, and Wallflower's voice.

use chrono::DateTime;
use fake_discord::{BOT_ID, Channel, Community, Discord, Options, Person, SeenMessage};
use secrecy::SecretString;
use wallflower::app::messenger::{Delivered, Letter, Messenger, Undelivered};
use wallflower::discord::access::Access;
use wallflower::discord::outbound::Outbound;
use wallflower::domain::ids::{ChannelId, MessageId, UserId};
use wallflower::domain::meetup::{Kind, Meetup};
use wallflower::domain::notice::Notice;

use super::letters::Cast;

pub struct Stage {
    pub discord: Discord,
    pub den: Community,
    pub table: Channel,
    pub ana: Person,
    pub bo: Person,
    pub cy: Person,
    pub moderator: Person,
    pub cast: Cast,
    pub voice: Outbound,
}

pub fn voice_at(url: &str, token: &str) -> Outbound {
    let access = Access::new(SecretString::from(token.to_owned()), Some(url.to_owned())).unwrap();
    Outbound::new(&access, access.http(), UserId::new(BOT_ID).unwrap())
}

impl Stage {
    pub async fn set() -> Self {
        Self::set_with(Options::default()).await
    }

    pub async fn set_with(options: Options) -> Self {
        let discord = Discord::start(options).await;
        let den = discord.community("Den");
        let table = den.channel("table");
        let (ana, bo, cy, moderator) = (den.person("ana"), den.person("bo"), den.person("cy"), den.moderator("mo"));
        let now = DateTime::from_timestamp_millis(discord.now()).unwrap();
        let cast = Cast::new(now, den.id, "Den", table.id, ana.id, bo.id);
        let voice = voice_at(&discord.url(), &discord.token());
        Self { discord, den, table, ana, bo, cy, moderator, cast, voice }
    }

    pub async fn deliver(&self, letter: &Letter) -> Delivered {
        let delivered = self.voice.deliver(letter).await.unwrap_or_else(|why| panic!("{:?}: {why}", letter.notice));
        self.discord.assert_no_violations();
        delivered
    }

    /// What comes instead of a delivery.
    pub async fn fail(&self, letter: &Letter) -> Undelivered {
        self.voice.deliver(letter).await.expect_err("this was to fail")
    }

    /// Delivers and looks at the message.
    pub async fn say(&self, letter: &Letter) -> SeenMessage {
        let delivered = self.deliver(letter).await;
        self.discord.message(delivered.message.unwrap().to_u64()).unwrap()
    }

    /// Opens the private thread of the cast, with nobody in it yet.
    pub async fn open_room(&mut self) -> Channel {
        let meetup = self.cast.polling(Kind::Suggested);
        // As long as no room is noted, a letter goes to the programme's channel.
        let meetup = Meetup { room: None, ..meetup };
        let letter = self.cast.there(Notice::OpenRoom, &meetup);
        let room = self.deliver(&letter).await.channel.unwrap();
        self.cast.room = Some(room);
        self.discord.channel_by_id(room.to_u64())
    }

    /// Opens the thread and brings both in.
    pub async fn open_filled_room(&mut self) -> Channel {
        let room = self.open_room().await;
        let meetup = self.cast.polling(Kind::Suggested);
        let letter = self.cast.there(Notice::RoomOpening, &meetup);
        self.deliver(&letter).await;
        room
    }
}

/// As a letter names it that changes this message.
pub fn spot(message: &SeenMessage) -> (ChannelId, MessageId) {
    (ChannelId::new(message.channel).unwrap(), MessageId::new(message.id).unwrap())
}
