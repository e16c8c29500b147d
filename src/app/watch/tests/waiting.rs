//! A guess is counted when it is heard and once more when it is final, whatever comes between.

use super::*;

const MINUTE: i64 = 60;
const SILENCE: i64 = 10 * 60 * MINUTE;

/// Ana and Bo talk, with Wally between; nobody is named but now and then two at once, which teaches nothing.
fn talk(from: i64, to: i64) -> Vec<Observation> {
    let one = |n: i64| match n % 7 {
        0 => said(n * MINUTE, WALLY, Reply::None, &[ANA, BO]),
        1 | 2 | 5 => said(n * MINUTE, ANA, Reply::None, &[]),
        3 => said(n * MINUTE, WALLY, Reply::None, &[]),
        _ => said(n * MINUTE, BO, Reply::None, &[]),
    };
    (from..to).map(one).collect()
}

/// Much later something is said in that channel, or in another one.
fn much_later(place: i64) -> Observation {
    Observation::new(den(), channel(place), message(SILENCE), user(WALLY), Reply::None, [])
}

fn hear_all(watch: &Watch, said: Vec<Observation>) {
    for said in said {
        hear(watch, said);
    }
}

type Told = BTreeMap<(i64, i64, Kind), i64>;

/// By one whom nothing happens to: what was told at once, and what it came to.
async fn unharmed(said: &[Observation], place: i64) -> (Told, Told) {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    watch.see(den(), &Sight { new: true, ..sight(GENERAL + 1, None) });
    for said in said {
        hear(&watch, said.clone());
    }
    watch.flush().await.unwrap();
    let at_once = home.told().await;
    hear(&watch, much_later(place));
    watch.flush().await.unwrap();
    (at_once, home.told().await)
}

impl Home {
    /// The next process, with the session of the one that died.
    async fn goes_on(&self) -> Watch {
        let watch = Watch::open(self.store.clone()).await.unwrap();
        watch.resume(0, 1).await.unwrap().unwrap();
        watch.go_on(0);
        watch
    }
}

#[tokio::test]
async fn a_long_silence_settles_what_waits_wherever_something_is_said_next() {
    let (at_once, here) = unharmed(&talk(0, 15), GENERAL).await;
    let (_, elsewhere) = unharmed(&talk(0, 15), GENERAL + 1).await;
    assert_ne!(at_once, here, "a second look changes something");
    assert_eq!(elsewhere, here);
}

#[tokio::test]
async fn a_process_that_goes_on_settles_what_the_one_before_had_guessed() {
    for cut in [1, 8, 14] {
        let home = Home::new(&[ANA, BO]).await;
        let watch = home.watch(None).await;
        watch.see(den(), &Sight { new: true, ..sight(GENERAL + 1, None) });
        hear_all(&watch, talk(0, cut));
        watch.flush().await.unwrap();
        // Heard, and forgotten with the process.
        hear_all(&watch, talk(cut, cut + 1));
        let watch = home.goes_on().await;
        let rest = talk(cut, 15);
        assert!(watch.finds_cold(&rest[0]));
        watch.warm(&rest[0], &talk(0, cut));
        hear_all(&watch, rest);
        watch.flush().await.unwrap();
        hear(&watch, much_later(GENERAL));
        watch.flush().await.unwrap();
        assert_eq!(home.told().await, unharmed(&talk(0, 15), GENERAL).await.1, "cut at {cut}");
    }
}

#[tokio::test]
async fn what_waits_at_a_gap_is_settled_by_what_is_read_in_it() {
    // The session is lost, with the process or without.
    for dies in [true, false] {
        let home = Home::new(&[ANA, BO]).await;
        let mut watch = home.watch(None).await;
        hear_all(&watch, talk(0, 8));
        watch.flush().await.unwrap();
        if dies {
            watch = Watch::open(home.store.clone()).await.unwrap();
        }
        watch.begin(session("second", 1));
        watch.arrive(den(), &[sight(GENERAL, Some(message(14 * MINUTE)))]).await.unwrap();
        // What comes next is heard before the gap is read, and knows what was said in it.
        let next = much_later(GENERAL);
        assert!(watch.finds_cold(&next));
        watch.warm(&next, &talk(0, 15));
        hear(&watch, next);
        while let Some(reading) = watch.next_reading().await.unwrap() {
            let below = reading.cursor.time().timestamp() - message(0).time().timestamp();
            let read = below / MINUTE + 1;
            let mut flow = watch.recall(&reading, &talk(0, read));
            let end = (read + 3).min(15);
            let cursor = message((end - 1) * MINUTE);
            let page = watch.count_page(reading, cursor, &talk(read, end), &mut flow);
            watch.turn_page(&page).await.unwrap();
        }
        watch.flush().await.unwrap();
        assert_eq!(home.told().await, unharmed(&talk(0, 15), GENERAL).await.1, "dies: {dies}");
    }
}

#[tokio::test]
async fn what_waits_in_a_channel_that_is_deleted_or_ignored_is_settled() {
    let settled = unharmed(&talk(0, 15), GENERAL).await.1;
    for ignored in [true, false] {
        let home = Home::new(&[ANA, BO]).await;
        let watch = home.watch(None).await;
        hear_all(&watch, talk(0, 15));
        if ignored {
            watch.heed(den(), channel(GENERAL), Word::Ignored);
            hear(&watch, said(15 * MINUTE, ANA, Reply::To(user(BO)), &[]));
        } else {
            watch.flush().await.unwrap();
            fold(&watch, &Heard::Gone { community: den(), channel: channel(GENERAL) });
        }
        watch.flush().await.unwrap();
        assert_eq!(home.told().await, settled, "ignored: {ignored}");
        // And nothing more comes of it, also where the door was only closed, and opens to the next process.
        let watch = if ignored { watch } else { home.goes_on().await };
        if !ignored {
            watch.see(den(), &sight(GENERAL, Some(message(14 * MINUTE))));
            assert!(watch.finds_cold(&much_later(GENERAL)));
            watch.warm(&much_later(GENERAL), &talk(0, 15));
        }
        hear(&watch, much_later(GENERAL));
        watch.flush().await.unwrap();
        assert_eq!(home.told().await, settled, "ignored: {ignored}");
    }
}
