//! Voice channels across processes: what is stored of a stay is what the next process goes on from.

use super::*;
use crate::domain::ids::MessageId;

const LOUNGE: i64 = 3_000;

/// So many seconds after a full minute.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_600_000 + seconds, 0).unwrap()
}

fn sits(watch: &Watch, who: i64, channel: Option<i64>, seconds: i64) {
    let (user, channel) = (user(who), channel.map(ChannelId::from_column));
    fold(watch, &Heard::Voice(Whereabouts { community: den(), user, channel, at: Some(at(seconds)) }));
}

/// As the next process that resumes the session: it is shown no snapshot of who sits where.
async fn next_process(home: &Home) -> Watch {
    let watch = Watch::open(home.store.clone()).await.unwrap();
    let known = home.store.session(0, 1).await.unwrap();
    watch.begin(known.unwrap_or_else(|| session("first", 1)));
    watch.arrive(den(), &[sight(GENERAL, None), sight(LOUNGE, None)]).await.unwrap();
    watch
}

async fn minutes(home: &Home) -> i64 {
    home.told().await.get(&(ANA, BO, Kind::Voice)).copied().unwrap_or(0) / 1000
}

#[tokio::test]
async fn the_next_process_goes_on_from_what_was_stored() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = next_process(&home).await;
    sits(&watch, ANA, Some(LOUNGE), 0);
    sits(&watch, BO, Some(LOUNGE), 30);
    sits(&watch, WALLY, Some(LOUNGE), 30);
    hear(&watch, said(330, ANA, Reply::None, &[]));
    watch.flush().await.unwrap();
    assert_eq!(minutes(&home).await, 4);
    // Heard, but not stored when it dies: told again to the next one.
    hear(&watch, said(600, ANA, Reply::None, &[]));
    drop(watch);
    let watch = next_process(&home).await;
    sits(&watch, BO, None, 630);
    watch.flush().await.unwrap();
    assert_eq!(minutes(&home).await, 9, "from the second minute to the tenth");
    let bytes = home.bytes();
    assert!(!bytes.windows(8).any(|window| window == WALLY.to_be_bytes()), "a bystander is in memory only");
}

#[tokio::test]
async fn a_flush_of_unknown_outcome_counts_no_minute_twice() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = next_process(&home).await;
    sits(&watch, ANA, Some(LOUNGE), 0);
    sits(&watch, BO, Some(LOUNGE), 0);
    sits(&watch, BO, None, 300);
    let progress = watch.state().next_to_save().unwrap();
    home.store.flush(&progress).await.unwrap();
    watch.flush().await.unwrap();
    assert_eq!(minutes(&home).await, 5);
}

#[tokio::test]
async fn who_joins_is_counted_from_then_on_and_who_leaves_no_more() {
    let home = Home::new(&[ANA]).await;
    let watch = next_process(&home).await;
    sits(&watch, ANA, Some(LOUNGE), 0);
    sits(&watch, BO, Some(LOUNGE), 0);
    hear(&watch, said(120, ANA, Reply::None, &[]));
    let admission = watch.admit(den(), user(BO), MessageId::at(at(120)).get()).await.unwrap();
    home.enrol(BO, admission.from()).await;
    admission.keep();
    hear(&watch, said(300, ANA, Reply::None, &[]));
    watch.flush().await.unwrap();
    assert_eq!(minutes(&home).await, 2, "the minute in which he joined is not his yet");
    hear(&watch, said(420, ANA, Reply::None, &[]));
    home.store.leave(den(), user(BO)).await.unwrap();
    watch.dismiss(den(), user(BO));
    watch.flush().await.unwrap();
    assert_eq!(minutes(&home).await, 0);
    assert_eq!(home.store.voices(den()).await.unwrap().stays.len(), 1);
}
