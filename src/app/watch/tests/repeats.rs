//! What one process has heard, and the next one is told: again, or only then.

use super::*;

const THREAD: i64 = 7_000;

fn in_thread(n: i64) -> Observation {
    Observation::new(den(), channel(THREAD), message(n), user(ANA), Reply::To(user(BO)), [])
}

impl Home {
    /// The next process, with the session of the one that died, once that has told all again.
    async fn goes_on_with(&self, told_again: &[Observation]) -> Watch {
        let watch = Watch::open(self.store.clone()).await.unwrap();
        watch.resume(0, 1).await.unwrap().unwrap();
        for observation in told_again {
            hear(&watch, observation.clone());
        }
        watch.go_on(0);
        watch
    }
}

#[tokio::test]
async fn a_message_that_one_process_has_counted_and_the_next_is_told_again_counts_once() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    for n in [1, 2] {
        hear(&watch, replied(n, ANA, BO));
    }
    hear(&watch, replied(3, WALLY, ANA));
    watch.flush().await.unwrap();
    // Only what counts is kept: neither who is no member, nor to whom nobody is one.
    assert_eq!(home.store.recent_messages(0, 1).await.unwrap(), [message(1), message(2)]);
    let first = replied(2, ANA, BO);
    let watch = home.goes_on_with(&[]).await;
    assert!(!watch.finds_cold(&first), "the window is warmed for what is new");
    hear(&watch, first);
    watch.flush().await.unwrap();
    // And by the one after that.
    let watch = home.goes_on_with(&[replied(1, ANA, BO), replied(2, ANA, BO), replied(4, ANA, BO)]).await;
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 3000)]));
    // Another session tells nothing of them again.
    watch.begin(session("second", 1));
    watch.flush().await.unwrap();
    assert!(home.store.recent_messages(0, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_told_before_its_thread_is_read_though_the_process_dies_between_the_two() {
    for session_goes_on in [true, false] {
        let home = Home::new(&[ANA, BO]).await;
        let watch = home.watch(None).await;
        hear(&watch, in_thread(5));
        hear(&watch, replied(6, ANA, BO));
        watch.flush().await.unwrap();
        let thread = Sight { parent: Some(channel(GENERAL)), ..sight(THREAD, None) };
        let watch = if session_goes_on {
            let watch = home.goes_on_with(&[]).await;
            watch.see(den(), &Sight { new: true, ..thread });
            watch
        } else {
            let watch = Watch::open(home.store.clone()).await.unwrap();
            watch.begin(session("second", 1));
            let thread = Sight { last_message: Some(message(5)), ..thread };
            watch.arrive(den(), &[sight(GENERAL, Some(message(6))), thread]).await.unwrap();
            watch
        };
        fold(&watch, &Heard::Other);
        watch.flush().await.unwrap();
        let readings = home.store.readings().await.unwrap();
        let [reading] = readings.as_slice() else { panic!("the thread is to be read, and not {readings:?}") };
        assert!(reading.after < message(5) && reading.before == message(5), "{reading:?}");
        assert!(home.store.unheard(den()).await.unwrap().is_empty(), "it is shown by now");
    }
}

/// The line breaks between a message and its thread, and the thread is archived before anybody listens again.
#[tokio::test]
async fn what_was_told_before_its_thread_is_read_though_the_thread_is_archived_before_it_is_shown() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, in_thread(5));
    hear(&watch, replied(6, ANA, BO));
    watch.flush().await.unwrap();
    let watch = Watch::open(home.store.clone()).await.unwrap();
    watch.begin(session("second", 1));
    let parent = Sight { threads: Threads::Public, ..sight(GENERAL, Some(message(6))) };
    watch.arrive(den(), &[parent]).await.unwrap();
    let (listing, _) = watch.next_listing().unwrap();
    assert!(listing.since < message(5), "a thread in which that message is the last is not found since {listing:?}");
    watch.end_listing(&listing, &[(channel(THREAD), message(5))]).await.unwrap();
    let readings = home.store.readings().await.unwrap().into_iter();
    let gaps: Vec<_> = readings.map(|reading| (reading.channel.get(), reading.after, reading.before)).collect();
    assert_eq!(gaps, [(THREAD, listing.since, message(5))]);
    assert!(home.store.unheard(den()).await.unwrap().is_empty(), "it is shown by now");
}

#[tokio::test]
async fn a_thread_opened_again_before_it_was_found_archived_is_read_though_the_process_dies_before_it_is_told() {
    for session_goes_on in [true, false] {
        let home = Home::new(&[ANA, BO]).await;
        let watch = home.watch(Some(message(10))).await;
        watch.begin(session("second", 1));
        let parent = Sight { threads: Threads::Public, ..sight(GENERAL, Some(message(20))) };
        watch.arrive(den(), std::slice::from_ref(&parent)).await.unwrap();
        // Somebody writes in a thread that was talked in while away, just before the archived ones are listed.
        let (listing, _) = watch.next_listing().unwrap();
        watch.end_listing(&listing, &[]).await.unwrap();
        let thread = Sight { parent: Some(channel(GENERAL)), ..sight(THREAD, Some(message(15))) };
        let watch = if session_goes_on {
            let watch = home.goes_on_with(&[]).await;
            watch.see(den(), &thread);
            watch
        } else {
            let watch = Watch::open(home.store.clone()).await.unwrap();
            watch.begin(session("third", 1));
            watch.arrive(den(), &[parent, thread]).await.unwrap();
            watch
        };
        fold(&watch, &Heard::Other);
        watch.flush().await.unwrap();
        let readings = home.store.readings().await.unwrap().into_iter();
        let gaps: Vec<_> = readings.map(|reading| (reading.channel.get(), reading.after, reading.before)).collect();
        let expected = [(GENERAL, message(10), message(20)), (THREAD, message(10), message(15))];
        assert_eq!(gaps, expected, "the session goes on: {session_goes_on}");
    }
}

/// It was archived while nobody listened, and somebody writes in it before the session tells that it is open.
#[tokio::test]
async fn a_thread_that_is_not_shown_again_is_read_from_its_mark_on() {
    for session_is_lost in [true, false] {
        let home = Home::new(&[ANA, BO]).await;
        let watch = home.watch(None).await;
        let thread = Sight { parent: Some(channel(GENERAL)), ..sight(THREAD, None) };
        watch.see(den(), &Sight { new: true, ..thread.clone() });
        hear(&watch, in_thread(5));
        if session_is_lost {
            watch.begin(session("second", 1));
        }
        watch.arrive(den(), &[sight(GENERAL, None)]).await.unwrap();
        hear(&watch, in_thread(20));
        watch.see(den(), &Sight { last_message: Some(message(20)), ..thread });
        fold(&watch, &Heard::Other);
        watch.flush().await.unwrap();
        let readings = home.store.readings().await.unwrap().into_iter();
        let gaps: Vec<_> = readings.map(|reading| (reading.channel.get(), reading.after, reading.before)).collect();
        assert_eq!(gaps, [(THREAD, message(5), message(20))], "the session is lost: {session_is_lost}");
    }
}
