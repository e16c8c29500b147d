//! Channels and threads that are shown after what is said in them.

use super::*;

const THREAD: i64 = 7_000;

fn in_thread(n: i64, author: i64, to: i64) -> Observation {
    Observation::new(den(), channel(THREAD), message(n), user(author), Reply::To(user(to)), [])
}

#[tokio::test]
async fn an_old_thread_that_is_opened_again_loses_no_message_that_is_older_than_another_channel_s() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, said(101, ANA, Reply::None, &[]));
    watch.see(den(), &Sight { parent: Some(channel(GENERAL)), ..sight(THREAD, Some(message(100))) });
    for _ in 0..2 {
        hear(&watch, in_thread(100, ANA, BO));
    }
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 1000)]));
    assert!(home.store.readings().await.unwrap().is_empty(), "it was told, so nothing is to be read");
}

#[tokio::test]
async fn messages_that_are_told_before_their_thread_are_read() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    for n in [100, 102] {
        hear(&watch, in_thread(n, ANA, BO));
    }
    watch.see(den(), &Sight { parent: Some(channel(GENERAL)), new: true, ..sight(THREAD, None) });
    hear(&watch, in_thread(103, ANA, BO));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 1000)]));
    let reading = watch.next_reading().await.unwrap().unwrap();
    assert!(reading.after < message(100) && reading.before == message(102), "{reading:?}");
}
