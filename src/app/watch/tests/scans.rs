//! One scan of the past: for whom it is, what it reads, and what it guesses.

use super::*;

const MINUTE: i64 = 60;
const EIGHT_WEEKS: chrono::Duration = chrono::Duration::weeks(8);

/// Ana is a member since long ago, and Bo joins after they talked: with replies, mentions, and turns that are guessed.
async fn talked_before_bo_joined(home: &Home) -> (Watch, Vec<Observation>) {
    let watch = home.watch(None).await;
    let said: Vec<_> = (1..=20)
        .map(|n| match n % 4 {
            0 => replied(n * MINUTE, ANA, BO),
            1 => said(n * MINUTE, BO, Reply::None, &[ANA]),
            2 => said(n * MINUTE, ANA, Reply::None, &[]),
            _ => said(n * MINUTE, BO, Reply::None, &[]),
        })
        .collect();
    for observation in &said {
        hear(&watch, observation.clone());
    }
    let admission = watch.admit(den(), user(BO), message(21 * MINUTE).get()).await.unwrap();
    home.enrol(BO, admission.from()).await;
    admission.keep();
    (watch, said)
}

#[tokio::test]
async fn guesses_about_the_past_are_those_of_one_who_had_listened() {
    let home = Home::new(&[ANA]).await;
    let (watch, said) = talked_before_bo_joined(&home).await;
    let reading = watch.next_past().await.unwrap().unwrap();
    watch.close_past(&watch.count_past(&reading, &said, Vec::new())).await.unwrap();
    let listened = Home::new(&[ANA, BO]).await;
    let ear = listened.watch(None).await;
    for observation in said {
        hear(&ear, observation);
    }
    // A past has its end, and so have its guesses; here a long silence ends them.
    hear(&ear, super::said(10 * 60 * MINUTE, WALLY, Reply::None, &[]));
    ear.flush().await.unwrap();
    let told = home.told().await;
    assert_eq!(told, listened.told().await);
    assert!(told.contains_key(&(ANA, BO, Kind::Turn)), "{told:?}");
}

#[tokio::test]
async fn who_comes_first_has_no_past_to_be_read() {
    let home = Home::new(&[]).await;
    let (watch, _) = talked_before_bo_joined(&home).await;
    assert_eq!(watch.next_past().await.unwrap(), None);
    assert!(home.store.pasts().await.unwrap().is_empty());
}

#[tokio::test]
async fn those_who_wait_share_a_scan_and_who_comes_during_it_has_the_next() {
    let home = Home::new(&[ANA]).await;
    let (watch, _) = talked_before_bo_joined(&home).await;
    let join = async |who: i64, n: i64| {
        let admission = watch.admit(den(), user(who), message(n * MINUTE).get()).await.unwrap();
        home.enrol(who, admission.from()).await;
        admission.keep();
    };
    join(13, 22).await;
    let first = watch.next_past().await.unwrap().unwrap();
    assert_eq!(
        (first.scan.from, first.scan.below),
        (MessageId::at(message(21 * MINUTE).time() - EIGHT_WEEKS), message(22 * MINUTE))
    );
    // Ana's past is over with it: there was nobody before her.
    assert_eq!(first.joiners.iter().map(|joiner| joiner.user.get()).collect::<Vec<_>>(), [ANA, BO, 13]);
    join(14, 23).await;
    assert_eq!(watch.next_past().await.unwrap(), Some(first.clone()), "one scan at a time");
    watch.close_past(&watch.count_past(&first, &[], Vec::new())).await.unwrap();
    let second = watch.next_past().await.unwrap().unwrap();
    assert_eq!((second.joiners.len(), second.scan.below), (1, message(23 * MINUTE)));
}

#[tokio::test]
async fn the_past_of_channels_that_are_ignored_hidden_or_for_adults_is_not_read() {
    let home = Home::new(&[ANA]).await;
    let (watch, _) = talked_before_bo_joined(&home).await;
    let last = Some(message(20 * MINUTE));
    let closed = [
        Sight { age_restricted: true, ..sight(3_000, last) },
        Sight { access: Access::NoHistory, ..sight(3_001, last) },
        Sight { access: Access::Hidden, ..sight(3_002, last) },
        sight(3_003, last),
        sight(3_004, None),
    ];
    watch.heed(den(), channel(3_003), Word::Ignored);
    watch.arrive(den(), &closed).await.unwrap();
    let reading = watch.next_past().await.unwrap().unwrap();
    let scans = home.store.pasts().await.unwrap().remove(&den()).unwrap().scans;
    let channels: Vec<_> = scans.iter().map(|scan| scan.channel).collect();
    assert_eq!(channels, [channel(GENERAL)]);
    let left_out = home.store.left_out().await.unwrap().remove(&den()).unwrap();
    let left_out: Vec<_> = left_out.iter().map(|left_out| left_out.channel.get()).collect();
    assert_eq!(left_out, [3_001, 3_002], "what is closed waits for its door, what does not count does not");
    // And what is ignored while it is read counts nothing.
    watch.heed(den(), channel(GENERAL), Word::Ignored);
    watch.close_past(&watch.count_past(&reading, &[replied(5 * MINUTE, ANA, BO)], Vec::new())).await.unwrap();
    assert!(home.told().await.is_empty());
}

#[tokio::test]
async fn a_channel_that_cannot_be_read_lets_the_others_go_first() {
    let home = Home::new(&[ANA]).await;
    let (watch, _) = talked_before_bo_joined(&home).await;
    watch.arrive(den(), &[sight(3_000, Some(message(20 * MINUTE)))]).await.unwrap();
    let first = watch.next_past().await.unwrap().unwrap();
    watch.put_off_past(&first);
    let second = watch.next_past().await.unwrap().unwrap();
    assert_ne!(first.scan.channel, second.scan.channel);
    watch.give_up_past(&second, &[], Access::NoHistory).await.unwrap();
    assert_eq!(watch.skipped(den()), BTreeMap::from([(second.scan.channel, Access::NoHistory)]));
    assert_eq!(watch.next_past().await.unwrap(), Some(first), "then it is tried again");
}

#[tokio::test]
async fn a_past_whose_door_is_closed_waits_and_counts_as_far_as_it_was_read() {
    let home = Home::new(&[ANA]).await;
    let (watch, said) = talked_before_bo_joined(&home).await;
    let reading = watch.next_past().await.unwrap().unwrap();
    for access in [Access::NoHistory, Access::Hidden] {
        watch.see(den(), &Sight { access, ..sight(GENERAL, Some(message(20 * MINUTE))) });
        assert_eq!(watch.next_past().await.unwrap(), None, "{access:?}");
        assert!(watch.closed_pasts().await.unwrap()[0].is_as(&reading));
    }
    watch.give_up_past(&reading, &said[11..], Access::NoHistory).await.unwrap();
    // Five times each, of which so many are among the last nine.
    let told = home.told().await;
    assert_eq!((told[&(ANA, BO, Kind::Reply)], told[&(BO, ANA, Kind::Mention)]), (3000, 2000));
    assert!(home.store.pasts().await.unwrap().is_empty(), "so the next who joined get theirs");
}

#[tokio::test]
async fn a_channel_that_was_closed_is_read_once_it_opens_and_for_those_who_lack_it() {
    let home = Home::new(&[ANA]).await;
    let (watch, _) = talked_before_bo_joined(&home).await;
    let attic = |access| Sight { access, ..sight(3_000, Some(message(20 * MINUTE))) };
    let opens = async |watch: &Watch, access| {
        watch.arrive(den(), &[sight(GENERAL, Some(message(20 * MINUTE))), attic(access)]).await.unwrap();
        watch.next_past().await.unwrap()
    };
    let scan_of = |reading: &Option<PastReading>| {
        let reading = reading.as_ref().unwrap();
        (reading.scan.channel.get(), reading.joiners.iter().map(|joiner| joiner.user.get()).collect::<Vec<_>>())
    };
    let general = opens(&watch, Access::Hidden).await;
    assert_eq!(scan_of(&general), (GENERAL, vec![ANA, BO]));
    watch.close_past(&watch.count_past(&general.unwrap(), &[], Vec::new())).await.unwrap();
    // It opens in two steps, and while another process listens; meanwhile somebody joined.
    let watch = Watch::open(home.store.clone()).await.unwrap();
    watch.begin(session("second", 1));
    let admission = watch.admit(den(), user(13), message(30 * MINUTE).get()).await.unwrap();
    home.enrol(13, admission.from()).await;
    admission.keep();
    let general = opens(&watch, Access::NoHistory).await;
    assert_eq!(scan_of(&general), (GENERAL, vec![13]));
    watch.close_past(&watch.count_past(&general.unwrap(), &[], Vec::new())).await.unwrap();
    assert_eq!(opens(&watch, Access::Hidden).await, None);
    let before = home.told().await;
    let opened = opens(&watch, Access::Reads).await;
    assert_eq!(scan_of(&opened), (3_000, vec![ANA, BO, 13]));
    let opened = opened.unwrap();
    assert_eq!(opened.scan.below, message(30 * MINUTE));
    let there = Observation::new(den(), channel(3_000), message(7), user(ANA), Reply::To(user(BO)), []);
    watch.close_past(&watch.count_past(&opened, &[there], Vec::new())).await.unwrap();
    let mut expected = before;
    *expected.entry((ANA, BO, Kind::Reply)).or_insert(0) += 1000;
    assert_eq!(home.told().await, expected);
    assert_eq!(opens(&watch, Access::Reads).await, None, "and no more");
    assert!(home.store.left_out().await.unwrap().is_empty() && home.store.pasts().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_said_behind_a_door_that_a_role_opens_is_asked_for() {
    let home = Home::new(&[ANA]).await;
    let (watch, _) = talked_before_bo_joined(&home).await;
    watch.see(den(), &Sight { access: Access::Hidden, new: true, ..sight(3_000, None) });
    let general = watch.next_past().await.unwrap().unwrap();
    watch.close_past(&watch.count_past(&general, &[], Vec::new())).await.unwrap();
    // Nobody says what is the newest in it.
    watch.see(den(), &sight(3_000, None));
    let opened = watch.next_past().await.unwrap().unwrap();
    assert_eq!((opened.scan.channel, opened.speaks), (channel(3_000), true));
}
