//! Company beside writing to each other: stays in voice channels, and who wrote in a thread.

use wallflower::domain::ids::{ChannelId, MessageId, Pair, UserId};
use wallflower::domain::thread::COMPANY;
use wallflower::domain::tie::{Kind, Thousandths, Week};
use wallflower::domain::voice::Stay;
use wallflower::store::{Counted, Progress, Store, Voices};

use super::home::*;
use super::support::TestDatabase;

on_both_engines!(
    stays_are_those_of_the_last_flush_and_of_members_only,
    each_two_who_write_in_a_thread_have_a_tie_once_a_week,
    what_was_written_before_the_later_joined_makes_no_tie,
    only_the_first_writers_of_a_week_are_company,
);

const THREAD: ChannelId = ChannelId::from_column(9_000);

fn wrote(user: UserId, from: i64, message: MessageId) -> Progress {
    let mut counted = Counted::default();
    counted.consents.insert((HOME, user), from);
    counted.written.insert((HOME, THREAD, Week::of(message.time()), user), message);
    Progress { counted, ..Progress::default() }
}

/// What stands of threads between these two, in both directions.
async fn threads(store: &Store, one: UserId, other: UserId) -> (Thousandths, Thousandths) {
    let ties = store.ties(HOME, Week::of(now()).earlier(9)).await.unwrap();
    let talk = ties.get(&Pair::new(one, other).unwrap()).map(|counts| counts.of_kind(Kind::Thread)).unwrap_or_default();
    (talk.low_to_high, talk.high_to_low)
}

async fn stays_are_those_of_the_last_flush_and_of_members_only(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    assert_eq!(store.voices(HOME).await.unwrap(), Voices::default());
    let stay = |user, hours| Stay { user, channel: CHANNEL, since: later(hours) };
    let sit = async |stays: Vec<Stay>| {
        store.flush(&Progress { stays: vec![(HOME, stays)], ..Progress::default() }).await.unwrap();
    };
    // Cy is no member: a bystander's place is nobody's business.
    sit(vec![stay(ANA, 1), stay(BO, 1), stay(CY, 1)]).await;
    store.set_afk_channel(HOME, Some(THREAD)).await.unwrap();
    let known = Voices { afk_channel: Some(THREAD), stays: vec![stay(ANA, 1), stay(BO, 1)] };
    assert_eq!(store.voices(HOME).await.unwrap(), known);
    sit(vec![stay(BO, 2)]).await;
    assert_eq!(store.voices(HOME).await.unwrap().stays, [stay(BO, 2)]);
    store.leave(HOME, BO).await.unwrap();
    assert_eq!(store.voices(HOME).await.unwrap().stays, []);
    sit(vec![stay(BO, 3), stay(ANA, 3)]).await;
    assert_eq!(store.voices(HOME).await.unwrap().stays, [stay(ANA, 3)], "who has left is a bystander");
}

async fn each_two_who_write_in_a_thread_have_a_tie_once_a_week(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let at = |hours| MessageId::at(later(hours));
    for progress in [wrote(ANA, FROM, at(1)), wrote(BO, FROM, at(2)), wrote(ANA, FROM, at(3)), wrote(BO, FROM, at(2))] {
        store.flush(&progress).await.unwrap();
    }
    let once = (Thousandths::ONE, Thousandths::ONE);
    assert_eq!(threads(&store, ANA, BO).await, once);
    assert_eq!(threads(&store, ANA, CY).await, (Thousandths::ZERO, Thousandths::ZERO));
    // Both in one flush, in the week after.
    let week = 24 * 7;
    let mut both = wrote(BO, FROM, at(week + 2));
    both.counted.consents.extend(wrote(ANA, FROM, at(week + 1)).counted.consents);
    both.counted.written.extend(wrote(ANA, FROM, at(week + 1)).counted.written);
    store.flush(&both).await.unwrap();
    assert_eq!(threads(&store, ANA, BO).await, (Thousandths(2000), Thousandths(2000)));
    assert_eq!(store.prune_thread_talk(Week::of(later(week))).await.unwrap(), 2);
    assert_eq!(threads(&store, ANA, BO).await, (Thousandths(2000), Thousandths(2000)), "the ties stay");
}

async fn what_was_written_before_the_later_joined_makes_no_tie(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    let (before, joined, after) = (MessageId::at(later(1)), MessageId::at(later(2)).get(), MessageId::at(later(3)));
    store.flush(&wrote(ANA, FROM, before)).await.unwrap();
    let mut bo = member(HOME, BO);
    bo.counted_from = joined;
    store.enrol(&bo).await.unwrap();
    store.flush(&wrote(BO, joined, after)).await.unwrap();
    assert_eq!(threads(&store, ANA, BO).await, (Thousandths::ZERO, Thousandths::ZERO));
    // Counted for somebody who has left and come back since: void.
    let mut cy = member(HOME, CY);
    cy.counted_from = joined;
    store.enrol(&cy).await.unwrap();
    store.flush(&wrote(CY, FROM, after)).await.unwrap();
    assert_eq!(threads(&store, BO, CY).await, (Thousandths::ZERO, Thousandths::ZERO));
    store.flush(&wrote(CY, joined, after)).await.unwrap();
    assert_eq!(threads(&store, BO, CY).await, (Thousandths::ONE, Thousandths::ONE));
}

async fn only_the_first_writers_of_a_week_are_company(database: TestDatabase) {
    let store = database.open().await;
    let crowd: Vec<_> = (1..=i64::try_from(COMPANY).unwrap() + 1).map(|raw| UserId::from_column(raw * 1000)).collect();
    set_up(&store, HOME, &crowd).await;
    for user in &crowd {
        store.flush(&wrote(*user, FROM, MessageId::at(later(1)))).await.unwrap();
    }
    assert_eq!(threads(&store, crowd[0], crowd[COMPANY - 1]).await.0, Thousandths::ONE);
    assert_eq!(threads(&store, crowd[0], crowd[COMPANY]).await.0, Thousandths::ZERO);
}
