use chrono::DateTime;

use super::*;
use crate::clock::ManualClock;
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::member::{Member, Membership, Profile};
use crate::domain::tie::{Kind, Week};

fn frame(sequence: u64, name: &str, data: &str) -> String {
    format!(r#"{{"op":0,"s":{sequence},"t":"{name}","d":{data}}}"#)
}

/// A reply of 11 to 12; the message's id is its number.
fn reply(sequence: u64, number: i64) -> String {
    let id = MessageId::at(DateTime::UNIX_EPOCH + chrono::Duration::days(20_000 + number));
    let data = format!(
        r#"{{"id":"{id}","channel_id":"20","guild_id":"10","type":19,"author":{{"id":"11"}},
            "message_reference":{{"message_id":"5"}},"referenced_message":{{"author":{{"id":"12"}}}}}}"#
    );
    frame(sequence, "MESSAGE_CREATE", &data)
}

const READY: &str =
    r#"{"user":{"id":"1","bot":true},"session_id":"a","resume_gateway_url":"ws://b","guilds":[{"id":"10"}]}"#;
const GUILD: &str = r#"{"id":"10","name":"D\u0065n","owner_id":"9","roles":[{"id":"10","permissions":"66560"}],
    "members":[{"user":{"id":"1"},"roles":[]}],"channels":[{"id":"20","type":0},{"id":"19","type":4}],
    "threads":[{"id":"25","type":11,"parent_id":"20"}]}"#;

struct Desk {
    store: Store,
    watch: Watch,
    clock: ManualClock,
    _folder: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/test.db", folder.path().display())).await.unwrap();
        let clock = ManualClock::new(DateTime::UNIX_EPOCH + chrono::Duration::days(20_000));
        let community = CommunityId::from_column(10);
        store.community_present(community, "Den", clock.now()).await.unwrap();
        for id in [11, 12] {
            let (membership, profile) = (Membership::Active, Profile::default());
            let user = UserId::from_column(id);
            store.enrol(&Member { community, user, counted_from: 1, membership, profile }).await.unwrap();
        }
        let watch = Watch::open(store.clone()).await.unwrap();
        Self { store, watch, clock, _folder: folder }
    }

    async fn intake(&self) -> Intake<'_> {
        let mut intake = Intake::new(&self.watch, &self.store, &self.clock);
        assert_eq!(intake.take(&frame(1, "READY", READY)).await.unwrap(), Taken::Began);
        assert_eq!(intake.take(&frame(2, "GUILD_CREATE", GUILD)).await.unwrap(), Taken::In);
        intake
    }

    /// Replies of 11 to 12 in the database, in thousandths.
    async fn told(&self) -> i64 {
        self.watch.flush().await.unwrap();
        let ties = self.store.ties(CommunityId::from_column(10), Week::of(DateTime::UNIX_EPOCH)).await.unwrap();
        ties.values().map(|counts| counts.of_kind(Kind::Reply).low_to_high.0).sum()
    }
}

#[tokio::test]
async fn a_resume_goes_on_where_it_stood_or_is_given_up() {
    let desk = Desk::new().await;
    let mut intake = desk.intake().await;
    assert_eq!(intake.take(&reply(3, 1)).await.unwrap(), Taken::In);
    intake.interrupted();
    // Told again by Discord: passed over, though it looks like another message.
    assert_eq!(intake.take(&reply(3, 2)).await.unwrap(), Taken::In);
    assert_eq!(intake.take(&reply(4, 3)).await.unwrap(), Taken::In);
    assert_eq!(desk.told().await, 2000);
    intake.interrupted();
    assert_eq!(intake.take(&reply(6, 4)).await.unwrap(), Taken::Gap);
    assert_eq!(desk.told().await, 2000, "counting it would raise the mark past what is missing");
    assert_eq!(desk.watch.session(0).unwrap().sequence, 4);
}

#[tokio::test]
async fn a_new_line_of_whose_last_one_nobody_told_the_end_is_a_resume_too() {
    let desk = Desk::new().await;
    let mut intake = desk.intake().await;
    assert_eq!(intake.take(&reply(3, 1)).await.unwrap(), Taken::In);
    assert_eq!(intake.take(r#"{"op":10,"d":{"heartbeat_interval":1}}"#).await.unwrap(), Taken::In);
    assert_eq!(intake.take(&reply(3, 2)).await.unwrap(), Taken::In);
    assert_eq!(intake.take(&reply(5, 3)).await.unwrap(), Taken::Gap);
    assert_eq!((desk.told().await, desk.watch.session(0).unwrap().sequence), (1000, 3));
}

#[tokio::test]
async fn frames_that_nobody_asked_for_change_nothing() {
    let desk = Desk::new().await;
    let mut intake = desk.intake().await;
    for text in ["", "no json", r#"{"op":11}"#, r#"{"op":10,"d":{"heartbeat_interval":1}}"#] {
        assert_eq!(intake.take(text).await.unwrap(), Taken::In);
    }
    for (sequence, name) in (3..).zip(["MESSAGE_CREATE", "GUILD_CREATE", "THREAD_CREATE", "INTERACTION_CREATE"]) {
        assert_eq!(intake.take(&frame(sequence, name, r#"{"id":5}"#)).await.unwrap(), Taken::In);
    }
    assert_eq!(desk.watch.session(0).unwrap().sequence, 6, "what cannot be read has been told all the same");
    assert_eq!(desk.told().await, 0);
}

#[tokio::test]
async fn a_snapshot_tells_channels_threads_and_what_is_closed() {
    let desk = Desk::new().await;
    // Roles grant VIEW_CHANNEL and READ_MESSAGE_HISTORY, the first alone, or nothing.
    let community = CommunityId::from_column(10);
    let skipped = async |permissions: &str| {
        let mut intake = desk.intake().await;
        let guild = GUILD.replace("66560", permissions);
        intake.take(&frame(3, "GUILD_CREATE", &guild)).await.unwrap();
        let skipped = desk.watch.skipped(community).into_iter();
        skipped.map(|(channel, access)| (channel.get(), access)).collect::<Vec<_>>()
    };
    assert_eq!(skipped("66560").await, []);
    assert_eq!(skipped("1024").await, [(20, Access::NoHistory), (25, Access::NoHistory)]);
    assert_eq!(skipped("0").await, [(20, Access::Hidden), (25, Access::Hidden)]);
    assert_eq!(desk.store.community(community).await.unwrap().unwrap().name, "Den");
    assert_eq!(desk.watch.access(community, ChannelId::from_column(99)), Access::Reads);
}

/// 11 or 12 comes to the voice channel 30, or goes.
fn voice(sequence: u64, user: u8, comes: bool) -> String {
    let channel = if comes { "\"30\"" } else { "null" };
    frame(sequence, "VOICE_STATE_UPDATE", &format!(r#"{{"guild_id":"10","user_id":"{user}","channel_id":{channel}}}"#))
}

impl Desk {
    fn minutes_pass(&self, minutes: i64) {
        self.clock.advance(chrono::Duration::minutes(minutes));
    }

    async fn minutes(&self) -> i64 {
        self.watch.flush().await.unwrap();
        let ties = self.store.ties(CommunityId::from_column(10), Week::of(DateTime::UNIX_EPOCH)).await.unwrap();
        ties.values().map(|counts| counts.of_kind(Kind::Voice).low_to_high.0 / 1000).sum()
    }
}

const GUILD_WITH_VOICES: &str = r#"{"id":"10","name":"Den","owner_id":"9","roles":[{"id":"10","permissions":"1115136"}],
    "members":[{"user":{"id":"1"}}],"channels":[{"id":"30","type":2}],"afk_channel_id":null,
    "voice_states":[{"user_id":"11","channel_id":"30"},{"user_id":"12","channel_id":"30"}]}"#;

#[tokio::test]
async fn what_is_told_again_ends_a_stay_where_it_was_last_known() {
    let desk = Desk::new().await;
    let mut intake = desk.intake().await;
    intake.take(&frame(3, "GUILD_CREATE", GUILD_WITH_VOICES)).await.unwrap();
    desk.minutes_pass(10);
    assert_eq!(intake.take(&voice(4, 13, true)).await.unwrap(), Taken::In);
    // The line is silent for half an hour, in which one of them goes: nobody knows when.
    intake.interrupted();
    desk.minutes_pass(30);
    intake.take(&voice(5, 12, false)).await.unwrap();
    intake.take(&frame(6, "RESUMED", "{}")).await.unwrap();
    desk.minutes_pass(1);
    intake.take(&voice(7, 13, false)).await.unwrap();
    assert_eq!(desk.minutes().await, 10);
    // From here on all is told as it happens.
    intake.take(&voice(8, 12, true)).await.unwrap();
    desk.minutes_pass(5);
    intake.take(&voice(9, 12, false)).await.unwrap();
    assert_eq!(desk.minutes().await, 15);
}

#[tokio::test]
async fn a_lost_session_closes_all_stays_and_its_snapshot_opens_new_ones() {
    let desk = Desk::new().await;
    let mut intake = desk.intake().await;
    intake.take(&frame(3, "GUILD_CREATE", GUILD_WITH_VOICES)).await.unwrap();
    desk.minutes_pass(10);
    intake.take(&voice(4, 13, true)).await.unwrap();
    desk.minutes_pass(30);
    intake.take(&frame(1, "READY", &READY.replace("\"a\"", "\"other\""))).await.unwrap();
    intake.take(&frame(2, "GUILD_CREATE", GUILD_WITH_VOICES)).await.unwrap();
    desk.minutes_pass(2);
    intake.take(&voice(3, 12, false)).await.unwrap();
    assert_eq!(desk.minutes().await, 12);
}
