//! Notices: kept once, in order, and settled once.

use chrono::Duration;
use wallflower::domain::ids::{MessageId, NoticeId};
use wallflower::domain::meetup::{Fizzle, State, Step};
use wallflower::domain::notice::Reminder;
use wallflower::domain::notice::{Address, Draft, Notice};
use wallflower::store::{Delivery, NoticeRow, Outcome, Saved};

use super::home::*;
use super::support::TestDatabase;
use super::tables::tables_naming;

on_both_engines!(
    waiting_duplicates_are_one,
    what_is_stale_is_not_made_fresh_by_the_next_one,
    a_newer_duplicate_keeps_the_waiting_one_fresh,
    what_may_have_arrived_does_not_swallow_what_comes_after,
    a_report_about_a_meetup_is_made_once,
    notices_of_one_address_keep_their_order,
    a_settled_notice_is_not_begun_again,
    an_attempt_that_may_have_arrived_remembers_its_first_moment,
    what_could_not_be_said_is_told_to_the_admins,
    what_could_not_be_done_is_told_to_them_too,
    only_what_is_over_is_pruned,
    a_report_that_reached_nobody_is_kept_and_told_for_ever,
    a_notice_to_nobody_known_is_not_kept,
    thousands_that_wait_hold_up_nobody,
    each_page_goes_on_behind_the_one_before,
    what_was_parked_is_tried_again_a_day_later_while_it_is_worth_saying,
    setting_up_again_tries_what_was_parked,
);

fn ids(rows: &[NoticeRow]) -> Vec<NoticeId> {
    rows.iter().map(|row| row.id).collect()
}

fn doorbell() -> Draft {
    draft(Notice::Doorbell, Address::Programme)
}

/// Parked for so many hours.
fn parked(hours: i64) -> Outcome {
    Outcome::Parked { reason: "may not write there".to_owned(), again_at: later(hours), in_doubt_since: None }
}

fn sent(message: MessageId) -> Outcome {
    Outcome::Sent(Delivery { channel: Some(CHANNEL), message: Some(message) })
}

async fn waiting_duplicates_are_one(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.say(HOME, &doorbell(), notice_id(1), now()).await.unwrap();
    store.say(HOME, &doorbell(), notice_id(2), now()).await.unwrap();
    store.say(HOME, &draft(Notice::Welcome, Address::Member(ANA)), notice_id(3), now()).await.unwrap();
    store.say(HOME, &draft(Notice::Welcome, Address::Member(BO)), notice_id(4), now()).await.unwrap();
    assert_eq!(ids(&waiting(&store).await), [notice_id(1), notice_id(3), notice_id(4)]);
    store.settle_notice(notice_id(1), &sent(message(1))).await.unwrap();
    store.say(HOME, &doorbell(), notice_id(5), later(1)).await.unwrap();
    assert_eq!(waiting(&store).await.len(), 3, "what was said once may be said again later");
}

async fn a_newer_duplicate_keeps_the_waiting_one_fresh(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    store.say(HOME, &doorbell(), notice_id(1), now()).await.unwrap();
    let mut next = doorbell();
    next.not_after = later(7 * 24);
    store.say(HOME, &next, notice_id(2), later(24)).await.unwrap();
    store.say(HOME, &doorbell(), notice_id(3), later(24)).await.unwrap();
    let rows = waiting(&store).await;
    assert_eq!(rows.iter().map(|row| (row.id, row.not_after)).collect::<Vec<_>>(), [(notice_id(1), later(7 * 24))]);
}

async fn what_is_stale_is_not_made_fresh_by_the_next_one(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    store.say(HOME, &doorbell(), notice_id(1), now()).await.unwrap();
    let next = Draft { not_after: later(9 * 24), ..doorbell() };
    store.say(HOME, &next, notice_id(2), later(7 * 24)).await.unwrap();
    let stale = doorbell().not_after;
    // The first stands before the second until it is dropped.
    let rows = waiting(&store).await;
    assert_eq!(rows.iter().map(|row| (row.id, row.not_after)).collect::<Vec<_>>(), [(notice_id(1), stale)]);
    store.settle_notice(notice_id(1), &Outcome::Dropped).await.unwrap();
    assert_eq!(ids(&waiting(&store).await), [notice_id(2)]);
}

async fn what_may_have_arrived_does_not_swallow_what_comes_after(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    store.say(HOME, &doorbell(), notice_id(1), now()).await.unwrap();
    assert!(store.begin_sending(notice_id(1), now()).await.unwrap());
    let lost = Outcome::Later { at: later(1), in_doubt_since: Some(now()) };
    store.settle_notice(notice_id(1), &lost).await.unwrap();
    store.say(HOME, &doorbell(), notice_id(2), later(1)).await.unwrap();
    assert_eq!(ids(&waiting(&store).await), [notice_id(1)], "the newer one waits behind it");
    store.settle_notice(notice_id(1), &Outcome::Dropped).await.unwrap();
    assert_eq!(ids(&waiting(&store).await), [notice_id(2)]);
}

async fn a_report_about_a_meetup_is_made_once(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let step = quiet(meetup(1, ANA, BO, scheduled(72)));
    store.create_meetup(&step, 1, &[], now()).await.unwrap();
    let report = |reporter| draft(Notice::Report, Address::Moderators { reporter });
    store.say_about(&step.meetup, &report(ANA), notice_id(1), now()).await.unwrap();
    store.settle_notice(notice_id(1), &sent(message(1))).await.unwrap();
    // The click was cut off after that, and is made again.
    store.say_about(&step.meetup, &report(ANA), notice_id(2), later(1)).await.unwrap();
    store.say_about(&step.meetup, &report(BO), notice_id(3), later(1)).await.unwrap();
    assert_eq!(ids(&waiting(&store).await), [notice_id(3)]);
}

async fn notices_of_one_address_keep_their_order(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let said = |notices: Vec<Notice>, revision| {
        let mut meetup = meetup(1, ANA, BO, scheduled(72));
        meetup.revision = revision;
        let notices = notices.into_iter().map(|notice| draft(notice, Address::Room)).collect();
        Step { meetup, notices, facts: Vec::new() }
    };
    let first = said(vec![Notice::OpenRoom, Notice::RoomOpening, Notice::PostPoll { poll: 1, because: None }], 0);
    // Ids that sort the other way round than they were given.
    let written = [9, 8, 7].map(notice_id);
    store.create_meetup(&first, 1, &written, now()).await.unwrap();
    let second = said(vec![Notice::Reminder { when: Reminder::DayBefore }], 0);
    let _ = store.save_step(&second, &[notice_id(1)], None, now()).await.unwrap();
    let third = said(vec![Notice::Reminder { when: Reminder::TwoHoursBefore }], 1);
    // The machine's clock was set back meanwhile.
    let _ = store.save_step(&third, &[notice_id(0)], None, later(-1)).await.unwrap();
    for number in [9, 8, 7, 1, 0] {
        assert_eq!(ids(&waiting(&store).await), [notice_id(number)], "one after the other");
        store.settle_notice(notice_id(number), &Outcome::Dropped).await.unwrap();
    }
    assert!(waiting(&store).await.is_empty());
}

async fn a_settled_notice_is_not_begun_again(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    store.say(HOME, &doorbell(), notice_id(1), now()).await.unwrap();
    assert!(store.begin_sending(notice_id(1), now()).await.unwrap());
    assert!(store.begin_sending(notice_id(1), later(1)).await.unwrap(), "after a crash it is taken up again");
    assert_eq!(waiting(&store).await[0].attempts, 2);
    store.settle_notice(notice_id(1), &Outcome::Dropped).await.unwrap();
    assert!(!store.begin_sending(notice_id(1), now()).await.unwrap());
}

async fn an_attempt_that_may_have_arrived_remembers_its_first_moment(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    store.say(HOME, &doorbell(), notice_id(1), now()).await.unwrap();
    assert_eq!(waiting(&store).await[0].sending_at, None);
    store.begin_sending(notice_id(1), now()).await.unwrap();
    let again = |in_doubt_since| Outcome::Later { at: later(3), in_doubt_since };
    store.settle_notice(notice_id(1), &again(Some(now()))).await.unwrap();
    store.begin_sending(notice_id(1), later(2)).await.unwrap();
    assert_eq!((waiting(&store).await[0].sending_at, waiting(&store).await[0].due_at), (Some(now()), later(3)));
    // Where it is certain that nothing was sent, nothing can have arrived.
    store.settle_notice(notice_id(1), &again(None)).await.unwrap();
    assert_eq!(waiting(&store).await[0].sending_at, None);
}

async fn what_could_not_be_said_is_told_to_the_admins(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    store.say(HOME, &doorbell(), notice_id(1), now()).await.unwrap();
    store.settle_notice(notice_id(1), &parked(24)).await.unwrap();
    let told = store.parked(HOME, now()).await.unwrap();
    assert_eq!(told, ["may not write there"]);
    assert!(store.parked(HOME, now() + Duration::milliseconds(1)).await.unwrap().is_empty());
    assert!(store.parked(ELSEWHERE, now()).await.unwrap().is_empty());
}

async fn what_could_not_be_done_is_told_to_them_too(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let polling = quiet(meetup(1, ANA, BO, scheduled(72)));
    store.create_meetup(&polling, 1, &[], now()).await.unwrap();
    let unread = Draft { not_after: now(), ..draft(Notice::RefreshPoll { poll: 1 }, Address::Room) };
    store.note_unsaid(&polling.meetup, &unread, notice_id(1), "may not read there", now()).await.unwrap();
    assert_eq!(store.parked(HOME, now()).await.unwrap(), ["may not read there"]);
    assert_eq!(store.retry_parked(later(24), now()).await.unwrap(), 0, "it is done otherwise");
    assert!(waiting(&store).await.is_empty());
}

async fn only_what_is_over_is_pruned(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let open = proposal(1, ANA, BO);
    store.create_meetup(&open, 1, &notice_ids(&open, 1), now()).await.unwrap();
    let mut over = proposal(2, ANA, BO);
    over.meetup.state = State::Fizzled { why: Fizzle::CalledOff };
    store.create_meetup(&over, 1, &notice_ids(&over, 3), now()).await.unwrap();
    store.say(HOME, &doorbell(), notice_id(5), now()).await.unwrap();
    for number in [1, 3, 5] {
        store.settle_notice(notice_id(number), &sent(message(1))).await.unwrap();
    }
    assert_eq!(store.prune_notices(now()).await.unwrap(), 0);
    assert_eq!(store.prune_notices(later(1)).await.unwrap(), 2);
    assert_eq!(ids(&waiting(&store).await), [notice_id(2), notice_id(4)], "what waits is never pruned");
    assert!(store.delivered(meetup_id(1), "ask").await.unwrap().is_some());
}

async fn a_report_that_reached_nobody_is_kept_and_told_for_ever(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let over = quiet(meetup(1, ANA, BO, State::Fizzled { why: Fizzle::NotEverybody }));
    store.create_meetup(&over, 1, &[], now()).await.unwrap();
    let not_after = later(1_000_000);
    let report = Draft { not_after, ..draft(Notice::Report, Address::Moderators { reporter: ANA }) };
    store.say_about(&over.meetup, &report, notice_id(1), now()).await.unwrap();
    store.say(HOME, &doorbell(), notice_id(2), now()).await.unwrap();
    store.settle_notice(notice_id(1), &parked(24)).await.unwrap();
    store.settle_notice(notice_id(2), &parked(24)).await.unwrap();
    let much_later = later(1_000);
    assert_eq!(store.prune_notices(much_later).await.unwrap(), 1, "the doorbell");
    assert_eq!(store.parked(HOME, much_later).await.unwrap(), ["may not write there"]);
    assert_eq!(store.retry_parked(much_later, much_later).await.unwrap(), 1);
    store.settle_notice(notice_id(1), &sent(message(1))).await.unwrap();
    assert_eq!(store.prune_notices(much_later).await.unwrap(), 1, "once it is read");
}

async fn a_notice_to_nobody_known_is_not_kept(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let step = proposal(1, ANA, BO);
    store.create_meetup(&step, 1, &notice_ids(&step, 1), now()).await.unwrap();
    store.forget(HOME, ANA).await.unwrap();
    // The step was made while Ana was there still.
    let mut closing = step;
    closing.notices = vec![draft(Notice::DidNotComeTogether, Address::Member(ANA))];
    let _ = store.save_step(&closing, &[notice_id(9)], None, now()).await.unwrap();
    assert_eq!(tables_naming(&database, ANA).await, Vec::<String>::new());
}

/// More notices than any page holds wait behind one that is not due, in meetups that sort before all others and in the one
/// without any.
async fn thousands_that_wait_hold_up_nobody(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let mut blocked = quiet(meetup(1, ANA, BO, scheduled(72)));
    let update = |sequence| draft(Notice::Update { sequence }, Address::Room);
    blocked.notices = (0..2_100).map(update).collect();
    blocked.notices[0].due_at = later(2);
    store.create_meetup(&blocked, 1, &notice_ids(&blocked, 100), now()).await.unwrap();
    let other = Step { notices: vec![update(1)], ..quiet(meetup(2, ANA, BO, scheduled(72))) };
    store.create_meetup(&other, 1, &[notice_id(1)], now()).await.unwrap();
    store.say(HOME, &doorbell(), notice_id(2), now()).await.unwrap();
    let due = store.due_notices(later(1), None).await.unwrap();
    assert_eq!(ids(&due), [notice_id(1), notice_id(2)]);
    for number in [1, 2] {
        store.settle_notice(notice_id(number), &Outcome::Dropped).await.unwrap();
    }
    assert!(store.due_notices(later(1), None).await.unwrap().is_empty());
    // The thousands behind are due already, and yet nothing can be done before the first of them.
    let mut programme = programme(HOME);
    programme.paused = true;
    assert_eq!(store.save_programme(&programme).await.unwrap(), Saved::Yes);
    assert_eq!(store.next_due().await.unwrap(), Some(later(2)));
    assert_eq!(ids(&store.due_notices(later(2), None).await.unwrap()), [notice_id(100)]);
}

async fn each_page_goes_on_behind_the_one_before(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let asks = 450;
    for number in 0..asks {
        let step = Step {
            notices: vec![draft(Notice::OpenRoom, Address::Room)],
            ..quiet(meetup(number, ANA, BO, scheduled(72)))
        };
        store.create_meetup(&step, 1, &[notice_id(number)], now()).await.unwrap();
    }
    let (mut seen, mut behind) = (Vec::new(), None);
    loop {
        let page = store.due_notices(now(), behind).await.unwrap();
        let Some(last) = page.last() else { break };
        behind = Some((last.due_at, last.id));
        seen.extend(ids(&page));
    }
    let all: std::collections::BTreeSet<_> = seen.iter().copied().collect();
    assert_eq!((seen.len(), all), (450, (0..asks).map(notice_id).collect()), "each one once");
}

async fn what_was_parked_is_tried_again_a_day_later_while_it_is_worth_saying(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    store.say(HOME, &doorbell(), notice_id(1), now()).await.unwrap();
    store.say(HOME, &draft(Notice::Welcome, Address::Member(ANA)), notice_id(2), now()).await.unwrap();
    store.settle_notice(notice_id(1), &parked(24)).await.unwrap();
    // Stale before its time comes.
    store.settle_notice(notice_id(2), &parked(49)).await.unwrap();
    assert_eq!(store.retry_parked(later(23), now()).await.unwrap(), 0);
    assert_eq!(store.retry_parked(later(24), later(1)).await.unwrap(), 0, "parked for too long");
    assert_eq!(store.retry_parked(later(24), now()).await.unwrap(), 1);
    assert_eq!(ids(&waiting(&store).await), [notice_id(1)]);
    assert_eq!(store.retry_parked(later(50), now()).await.unwrap(), 0);
    assert!(waiting(&store).await.iter().all(|row| row.sending_at.is_none()), "it certainly did not arrive");
}

async fn setting_up_again_tries_what_was_parked(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    set_up(&store, ELSEWHERE, &[]).await;
    let community = store.community(HOME).await.unwrap().unwrap();
    let invitation = |hours| Draft { not_after: later(hours), ..draft(Notice::Invitation, Address::Programme) };
    let again = async |is_invited, id, hours| {
        let at = later(hours);
        let programme = store.programme(HOME).await.unwrap().unwrap();
        let invitation = invitation(hours + 24);
        let saved = store.set_up(&community, &programme, (&invitation, id), is_invited, at).await.unwrap();
        assert_eq!(saved, Saved::Yes);
    };
    again(false, notice_id(1), 0).await;
    store.say(HOME, &draft(Notice::Welcome, Address::Member(ANA)), notice_id(2), now()).await.unwrap();
    store.say(ELSEWHERE, &doorbell(), notice_id(3), now()).await.unwrap();
    for number in [1, 2, 3] {
        store.settle_notice(notice_id(number), &parked(100)).await.unwrap();
    }
    // An invitation is as fresh as the set-up; the welcome has become stale.
    again(true, notice_id(4), 60).await;
    let rows = waiting(&store).await;
    assert_eq!(
        rows.iter().map(|row| (row.id, row.due_at, row.not_after)).collect::<Vec<_>>(),
        [(notice_id(1), later(60), later(84))]
    );
    // In another channel there is one invitation still, not two.
    again(false, notice_id(5), 61).await;
    assert_eq!(ids(&waiting(&store).await), [notice_id(1)]);
    store.settle_notice(notice_id(1), &sent(message(1))).await.unwrap();
    assert!(waiting(&store).await.is_empty());
}
