//! Doors close while something behind them is still to be read, and open again.

use super::*;
use crate::store::Snapshot;

const FORUM: u8 = 15;
const POST: i64 = 7_000;

fn general(access: Access, last: i64) -> Sight {
    Sight { access, ..sight(GENERAL, Some(message(last))) }
}

async fn snapshot(watch: &Watch, home: &Home) -> Snapshot {
    fold(watch, &Heard::Other);
    watch.flush().await.unwrap();
    home.store.snapshots(0, 1).await.unwrap().remove(&den()).unwrap()
}

#[tokio::test]
async fn what_is_to_be_read_waits_while_its_door_is_closed() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    watch.see(den(), &general(Access::Hidden, 1));
    watch.see(den(), &Sight { threads: Threads::Public, ..general(Access::Reads, 20) });
    for closed in [Access::Hidden, Access::NoHistory] {
        assert!(watch.next_reading().await.unwrap().is_some());
        assert!(watch.may_read(den(), channel(GENERAL)) && watch.next_listing().is_some());
        watch.see(den(), &general(closed, 20));
        assert!(!watch.may_read(den(), channel(GENERAL)) && watch.next_listing().is_none(), "{closed:?}");
        assert_eq!(watch.next_reading().await.unwrap(), None, "{closed:?}");
        watch.see(den(), &Sight { threads: Threads::Public, ..general(Access::Reads, 20) });
    }
    // It was refused, though its door is open.
    let reading = watch.next_reading().await.unwrap().unwrap();
    watch.is_refused(den(), channel(GENERAL), message(3).time());
    watch.see(den(), &general(Access::Reads, 20));
    let rest = watch.next_reading().await.unwrap();
    assert!(rest.is_none() && !home.store.readings().await.unwrap().is_empty(), "{rest:?}");
    let skipped = BTreeMap::from([(channel(GENERAL), Access::NoHistory)]);
    assert_eq!(watch.skipped(den()), skipped, "the admins can see it");
    watch.try_refused(message(2).time());
    assert_eq!(watch.next_reading().await.unwrap(), None, "not yet");
    watch.try_refused(message(3).time());
    assert_eq!(watch.next_reading().await.unwrap(), Some(reading));
    watch.is_refused(den(), channel(GENERAL), message(3).time());
    for access in [Access::Hidden, Access::Reads] {
        watch.see(den(), &general(access, 20));
    }
    assert_eq!(watch.next_reading().await.unwrap(), Some(reading));
}

#[tokio::test]
async fn a_forum_that_opens_is_not_read_itself_and_is_open_with_its_first_post() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    let forum = 3_000;
    let rules = std::sync::Arc::new(Rules { kind: FORUM, exceptions: Vec::new() });
    let looks = |access| Sight { access, threads: Threads::Public, rules: rules.clone(), ..sight(forum, None) };
    watch.see(den(), &Sight { new: true, ..looks(Access::Reads) });
    watch.see(den(), &looks(Access::Hidden));
    hear(&watch, replied(1, ANA, BO));
    watch.see(den(), &looks(Access::Reads));
    // Said behind the door, which is newer than all that was heard.
    watch.see(den(), &Sight { parent: Some(channel(forum)), ..sight(POST, Some(message(5))) });
    let opened = snapshot(&watch, &home).await;
    let just_opened = |snapshot: &Snapshot| -> Vec<i64> {
        let open = snapshot.channels.iter().filter(|channel| channel.just_opened);
        open.map(|channel| channel.channel.get()).collect()
    };
    assert_eq!(just_opened(&opened), [forum, POST]);
    let read = home.store.readings().await.unwrap().into_iter();
    let read: Vec<_> = read.map(|reading| (reading.channel.get(), reading.before)).collect();
    assert_eq!(read, [(POST, message(5))], "the forum itself holds no messages");
    hear(&watch, Observation::new(den(), channel(POST), message(6), user(ANA), Reply::To(user(BO)), []));
    let heard = just_opened(&snapshot(&watch, &home).await);
    assert!(heard.is_empty(), "what comes now is told as it is said: {heard:?}");
}

#[tokio::test]
async fn the_first_message_behind_a_door_knows_what_was_said_before_it() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    watch.see(den(), &general(Access::Hidden, 0));
    watch.see(den(), &general(Access::Reads, 0));
    let talk: Vec<_> = (1..9).map(|n| said(n, if n % 2 == 0 { ANA } else { BO }, Reply::None, &[])).collect();
    let first = said(9, BO, Reply::None, &[]);
    assert!(watch.finds_cold(&first));
    watch.warm(&first, &talk);
    hear(&watch, first);
    watch.flush().await.unwrap();
    let told = home.told().await;
    assert!(told.contains_key(&(BO, ANA, Kind::Turn)), "whom it was for is guessed from those before: {told:?}");
    let readings = home.store.readings().await.unwrap();
    let before = MessageId::from_column(message(9).get() - 1);
    assert!(readings.iter().any(|reading| reading.before == before), "and those are to be read: {readings:?}");
}

#[tokio::test]
async fn a_door_that_opens_is_read_once_though_the_process_dies_before_its_first_message_is_counted() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(0, ANA, BO));
    watch.see(den(), &general(Access::Hidden, 0));
    watch.see(den(), &general(Access::Reads, 0));
    let first = said(9, BO, Reply::None, &[]);
    assert!(watch.finds_cold(&first));
    // While what was said before is fetched, another channel's message is counted, and all of it stored.
    fold(&watch, &Heard::Other);
    watch.flush().await.unwrap();
    // Its frame had not been taken in, and the session is lost with the process.
    let watch = Watch::open(home.store.clone()).await.unwrap();
    watch.begin(session("second", 1));
    watch.arrive(den(), &[general(Access::Reads, 9)]).await.unwrap();
    watch.flush().await.unwrap();
    let before = MessageId::from_column(message(9).get() - 1);
    let readings = home.store.readings().await.unwrap();
    let stretches: Vec<_> = readings.iter().map(|reading| (reading.after, reading.before)).collect();
    assert_eq!(stretches, [(message(0), before), (before, message(9))], "all of it once");
}

#[tokio::test]
async fn what_was_refused_stays_refused_when_a_thread_is_made_elsewhere() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    watch.see(den(), &general(Access::Hidden, 1));
    watch.see(den(), &general(Access::Reads, 20));
    let reading = watch.next_reading().await.unwrap().unwrap();
    watch.is_refused(den(), channel(GENERAL), message(3).time());
    watch.see(den(), &Sight { new: true, ..sight(GENERAL + 1, None) });
    watch.see(den(), &Sight { parent: Some(channel(GENERAL + 1)), new: true, ..sight(POST, None) });
    assert_eq!(watch.next_reading().await.unwrap(), None, "nothing opened");
    watch.see(den(), &Sight { access: Access::NoHistory, ..sight(GENERAL + 1, None) });
    watch.see(den(), &sight(GENERAL + 1, None));
    assert_eq!(watch.next_reading().await.unwrap(), Some(reading), "a door did, so roles have changed");
}

#[tokio::test]
async fn a_channel_stays_cold_until_it_was_warmed() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(Some(message(0))).await;
    let first = said(1, BO, Reply::None, &[]);
    assert!(watch.finds_cold(&first));
    // Reading failed; the message was told again, or its window has been forgotten meanwhile.
    assert!(watch.finds_cold(&first));
    watch.warm(&first, &[]);
    assert!(!watch.finds_cold(&first));
}

/// What is to be read: channel, after, before.
async fn gaps(home: &Home) -> Vec<(i64, MessageId, MessageId)> {
    let readings = home.store.readings().await.unwrap().into_iter();
    readings.map(|reading| (reading.channel.get(), reading.after, reading.before)).collect()
}

#[tokio::test]
async fn a_door_that_opens_in_two_steps_is_read_once_the_past_may_be_looked_at() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    watch.see(den(), &Sight { threads: Threads::Public, ..general(Access::Hidden, 1) });
    hear(&watch, Observation::new(den(), channel(GENERAL + 1), message(6), user(ANA), Reply::None, []));
    // An admin gives View Channel, reads in the status that the history is missing, and gives that too.
    let opens = |access| Sight { threads: Threads::Public, ..general(access, 5) };
    watch.see(den(), &opens(Access::NoHistory));
    hear(&watch, replied(9, BO, ANA));
    watch.flush().await.unwrap();
    let before = MessageId::from_column(message(9).get() - 1);
    assert_eq!(gaps(&home).await, [(GENERAL, message(1), message(6)), (GENERAL, message(6), before)]);
    assert!(watch.next_reading().await.unwrap().is_none() && watch.next_listing().is_none(), "it has to wait");
    watch.see(den(), &opens(Access::Reads));
    assert!(watch.next_reading().await.unwrap().is_some() && watch.next_listing().is_some());
    assert_eq!(gaps(&home).await.len(), 2, "and no more is to be read");
}

#[tokio::test]
async fn a_message_that_is_told_before_its_door_swallows_nothing() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    watch.see(den(), &general(Access::Hidden, 1));
    for n in [5, 6] {
        hear(&watch, replied(n, ANA, BO));
    }
    watch.see(den(), &general(Access::Reads, 6));
    watch.flush().await.unwrap();
    let before = MessageId::from_column(message(5).get() - 1);
    assert_eq!(gaps(&home).await, [(GENERAL, message(1), before)]);
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 3000)]));
}

#[tokio::test]
async fn threads_behind_a_door_that_was_opened_while_nobody_listened_are_read_from_where_it_was_closed() {
    // The session is lost, with the process or without.
    for dies in [true, false] {
        let home = Home::new(&[ANA, BO]).await;
        let mut watch = home.watch(None).await;
        let looks = |access, last| Sight { threads: Threads::Public, ..general(access, last) };
        watch.see(den(), &Sight { new: true, ..sight(GENERAL + 1, None) });
        hear(&watch, replied(1, ANA, BO));
        watch.see(den(), &looks(Access::Hidden, 1));
        hear(&watch, Observation::new(den(), channel(GENERAL + 1), message(9), user(ANA), Reply::None, []));
        watch.flush().await.unwrap();
        if dies {
            watch = Watch::open(home.store.clone()).await.unwrap();
        }
        watch.begin(session("second", 1));
        let thread = Sight { parent: Some(channel(GENERAL)), ..sight(POST, Some(message(5))) };
        let elsewhere = sight(GENERAL + 1, Some(message(9)));
        watch.arrive(den(), &[looks(Access::Reads, 1), elsewhere, thread]).await.unwrap();
        watch.flush().await.unwrap();
        assert_eq!(gaps(&home).await, [(POST, message(1), message(5))], "dies: {dies}");
        let listings = home.store.listings().await.unwrap();
        let since: Vec<_> = listings.iter().filter(|one| one.channel.get() == GENERAL).map(|one| one.since).collect();
        assert!(since.contains(&message(1)), "so are those that were archived behind it: {since:?}");
    }
}
