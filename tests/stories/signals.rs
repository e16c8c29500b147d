//! Whoever stops the program with work in flight loses nothing by it.

use std::time::Duration;

use fake_discord::{Goodbye, Options, Person, RestFault, SessionView};
use wallflower::clock::{Clock as _, SystemClock};
use wallflower::domain::ids::{Pair, UserId};
use wallflower::domain::tie::{Kind, Week};
use wallflower::store::Store;

use crate::house::House;
use crate::program::Program;
use crate::support::TestDatabase;

/// Whoever stops a program expects it to be gone within a breath.
const STOPS_WITHIN: Duration = Duration::from_secs(5);
/// A request that is still under way when the program has to be gone.
const HANGS: Duration = Duration::from_mins(1);
/// Heartbeats say up to where the program has read, so they come often; serenity looks twice a second whether one is due.
const HEARTBEATS: Duration = Duration::from_secs(1);
/// The listening session is the one that asks for messages.
const GUILD_MESSAGES: u64 = 1 << 9;
/// After 1000 or 1001 Discord would forget the session.
const KEEPS_THE_SESSION: u16 = 4000;

/// What Ana and Bo have said to each other, in messages, as it is stored.
async fn stored(house: &House, store: &Store) -> u32 {
    let pair = Pair::new(UserId::new(house.ana().id).unwrap(), UserId::new(house.bo().id).unwrap()).unwrap();
    let ties = store.ties(house.community(), Week::of(chrono::DateTime::UNIX_EPOCH)).await.unwrap();
    let replies = ties.get(&pair).map(|counts| counts.of_kind(Kind::Reply));
    let thousandths = replies.map_or(0, |both| both.low_to_high.0 + both.high_to_low.0);
    u32::try_from(thousandths / 1000).unwrap()
}

/// Each turn is one reply.
fn talk(house: &House, replies: &mut u32) {
    let said = house.bo().says(&house.general, "about the sea");
    house.ana().replies_to(&said, "and ships");
    *replies += 1;
}

fn listens(session: &SessionView) -> bool {
    session.connected && session.intents & GUILD_MESSAGES != 0
}

/// Talks until something has been heard that is not stored yet.
async fn talk_until_something_is_in_flight(house: &House, replies: &mut u32) {
    let store = house.store().await;
    loop {
        talk(house, replies);
        let all_heard = |session: &SessionView| session.heard >= Some(session.seq);
        let heard =
            |discord: &fake_discord::Discord| discord.sessions().iter().filter(|one| listens(one)).all(all_heard);
        house.discord.until("that the program has heard it", heard).await;
        if stored(house, &store).await < *replies {
            break;
        }
    }
    store.close().await;
}

/// Somebody joins, and Discord takes its time with the welcome.
async fn joins_and_the_welcome_hangs(house: &House, name: &str) -> Person {
    house.discord.fail_requests(1, "POST", "/channels/", RestFault::Slow(HANGS));
    let person = house.den.person(name);
    assert!(person.runs("/meet join").await.ephemeral);
    house
        .eventually("a welcome on its way", async |store| {
            let all = store.due_notices(SystemClock.now(), None).await.unwrap();
            all.iter().any(|notice| notice.sending_at.is_some()).then_some(())
        })
        .await;
    person
}

async fn a_stop_signal_with_work_in_flight_loses_nothing(database: TestDatabase) {
    let options =
        Options { now_ms: SystemClock.now().timestamp_millis(), heartbeat_interval: HEARTBEATS, ..Options::default() };
    let house = House::at(database, options).await;
    let mut program = house.opens_as_program().await;
    house.is_set_up("discreet").await;
    let mut replies = 0;
    for (signal, name) in [("TERM", "lou"), ("INT", "mia")] {
        let newcomer = joins_and_the_welcome_hangs(&house, name).await;
        talk_until_something_is_in_flight(&house, &mut replies).await;
        let (ended, took) = program.stopped_by(signal).await;
        assert_eq!(ended.code(), Some(0), "after SIG{signal}");
        assert!(took < STOPS_WITHIN, "SIG{signal} took {took:?}");
        let store = house.store().await;
        assert_eq!(stored(&house, &store).await, replies, "all that was heard before SIG{signal} is stored");
        store.close().await;
        let listened = |goodbye: &Goodbye| goodbye.intents & GUILD_MESSAGES != 0;
        let goodbye = house.discord.goodbyes().into_iter().rfind(listened).expect("the listening session has ended");
        assert_eq!(goodbye.code, Some(KEEPS_THE_SESSION), "not resumable: {goodbye:?}");
        assert!(newcomer.dms().is_empty(), "the welcome did hang");

        talk(&house, &mut replies);
        program = house.opens_as_program().await;
        talk(&house, &mut replies);
        let all = async |store: &Store| (stored(&house, store).await == replies).then_some(());
        house.eventually("what was said while it was away, and since", all).await;
        let welcomed = |_: &_| (newcomer.dms().len() == 1).then_some(());
        house.discord.until("the welcome, once", welcomed).await;
    }
    house.nothing_was_said_twice();
}

impl House {
    /// Starts the program itself.
    async fn opens_as_program(&self) -> Program {
        let program = Program::start(&self.environment());
        self.discord.until_connected(2).await;
        self.discord.until_command("meet").await;
        program
    }
}

on_both_engines!(a_stop_signal_with_work_in_flight_loses_nothing);
