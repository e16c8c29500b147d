//! Rounds: all that one looks at, and what it decides, at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use wallflower::domain::meetup::{Fizzle, Meetup, Participant, Standing, State, Step, Yes};
use wallflower::domain::member::Membership;
use wallflower::domain::notice::{Address, Notice};
use wallflower::domain::pairing::Suggested;
use wallflower::domain::round::RoundReport;
use wallflower::store::{Avoid, Exclusion, Programme, RoundPlan, Saved, Since, Store};

use super::home::*;
use super::members::wish;
use super::support::TestDatabase;

on_both_engines!(
    a_round_is_held_once,
    a_round_looks_at_all_that_matters,
    of_one_member_only_what_they_share_with_others_is_looked_at,
    a_round_spends_what_it_asks_for,
    what_shows_of_a_round_stays_until_the_next_one,
    what_lies_further_back_does_not_count,
    a_suggestion_comes_to_nothing_only_where_nobody_read_of_the_other,
    a_table_without_some_came_to_nothing_for_these_and_they_are_free,
    a_word_between_looking_and_saving_leads_to_no_ask,
    a_word_said_while_a_round_is_saved_is_before_it_or_after_it,
);

/// A round that makes these proposals and rings the doorbell.
pub fn plan(steps: Vec<Step>) -> RoundPlan {
    let mut next = 1;
    let with_ids = |step: Step| {
        let ids = notice_ids(&step, next);
        next += 10;
        (step, ids)
    };
    RoundPlan {
        programme: programme(HOME),
        meetups: steps.into_iter().map(with_ids).collect(),
        notices: vec![(draft(Notice::Doorbell, Address::Programme), notice_id(90))],
        persons: [(ANA, "ana's hash"), (BO, "bo's hash"), (CY, "cy's hash"), (DI, "di's hash")]
            .map(|(user, person)| (user, person.to_owned()))
            .into(),
        spent: Vec::new(),
        report: RoundReport { members: 8, ties: 3, suggested: 1, ..RoundReport::default() },
        next_round_at: Some(later(7 * 24)),
    }
}

async fn a_round_is_held_once(database: TestDatabase) {
    let store = Arc::new(database.open().await);
    set_up(&store, HOME, &[ANA, BO]).await;
    let mut processes = tokio::task::JoinSet::new();
    for number in 0..4 {
        let store = Arc::clone(&store);
        processes.spawn(async move { store.save_round(&plan(vec![proposal(number, ANA, BO)]), now()).await.unwrap() });
    }
    let held = processes.join_all().await.into_iter().flatten().count();
    assert_eq!(held, 1);
    assert_eq!(store.meetups_of(HOME, ANA).await.unwrap().len(), 1);
    assert_eq!(waiting(&store).await.len(), 3);
    let programme = store.programme(HOME).await.unwrap().unwrap();
    assert_eq!((programme.round, programme.next_round_at), (1, Some(later(7 * 24))));
    assert_eq!((programme.last_round_at, programme.last_report), (Some(now()), Some(plan(vec![]).report)));
    assert!(store.due_programmes(later(24)).await.unwrap().is_empty());
}

async fn a_table_without_some_came_to_nothing_for_these_and_they_are_free(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY, DI]).await;
    let sized = Programme { size: "4-6".parse().unwrap(), revision: 0, ..programme(HOME) };
    assert_eq!(store.save_programme(&sized).await.unwrap(), Saved::Yes);
    assert_eq!(store.programme(HOME).await.unwrap().unwrap().size.to_string(), "4-6");
    for (one, other) in [(ANA, BO), (CY, ANA), (CY, DI)] {
        store.flush(&progress(talk(one, other, 2))).await.unwrap();
    }
    let mut table = proposal(1, ANA, BO);
    for user in [CY, DI] {
        table.meetup.participants.push(Participant::new(user, chrono_tz::Tz::UTC, Standing::Asked));
    }
    table.meetup.invited = 4;
    // While all are asked, an answer neither shows nor counts.
    table.meetup.participants[2].standing = Standing::Declined;
    store.create_meetup(&table, 1, &notice_ids(&table, 1), now()).await.unwrap();
    let looked = async || store.candidates(HOME, since()).await.unwrap().unwrap();
    let seen = looked().await;
    assert_eq!((seen.busy.len(), seen.suggested.len()), (4, 6));
    assert!(seen.suggested.iter().all(|one| !one.came_to_nothing));
    let ties = store.ties_among(HOME, table.meetup.id, since().talk).await.unwrap();
    assert_eq!(ties.into_keys().collect::<Vec<_>>(), [pair(ANA, BO), pair(ANA, CY), pair(CY, DI)]);

    let mut went_on = store.meetup(table.meetup.id).await.unwrap().unwrap();
    for one in &mut went_on.participants {
        one.standing = match one.user {
            ANA | BO => Standing::In { since: now(), by: Yes::Answer },
            CY => Standing::Declined,
            _ => Standing::Absent,
        };
    }
    (went_on.state, went_on.introduced) = (scheduled(72), true);
    assert_eq!(store.save_step(&quiet(went_on.clone()), &[], None, now()).await.unwrap(), Saved::Yes);
    let seen = looked().await;
    assert_eq!(seen.busy.into_iter().collect::<BTreeSet<_>>(), [ANA, BO].into());
    for one in &seen.suggested {
        assert_eq!(one.came_to_nothing, one.pair != pair(ANA, BO), "{one:?}");
    }
    // Standing and all come back as they were; somebody who leaves has no ties any more.
    let standings = |meetup: &Meetup| meetup.participants.iter().map(|one| one.standing).collect::<Vec<_>>();
    assert_eq!(standings(&store.meetup(went_on.id).await.unwrap().unwrap()), standings(&went_on));
    store.leave(HOME, CY).await.unwrap();
    let ties = store.ties_among(HOME, went_on.id, since().talk).await.unwrap();
    assert_eq!(ties.into_keys().collect::<Vec<_>>(), [pair(ANA, BO)]);
}

async fn of_one_member_only_what_they_share_with_others_is_looked_at(database: TestDatabase) {
    let store = database.open().await;
    let found = async |user| store.acquaintances(HOME, user, "ana's hash", since().talk).await.unwrap();
    assert!(found(ANA).await.is_none());
    set_up(&store, HOME, &[ANA, BO, CY, DI]).await;
    for (one, other) in [(ANA, BO), (CY, ANA), (CY, DI)] {
        store.flush(&progress(talk(one, other, 2))).await.unwrap();
    }
    store.avoid(HOME, ANA, "bo's hash", now()).await.unwrap();
    store.avoid(HOME, CY, "ana's hash", now()).await.unwrap();
    store.avoid(HOME, CY, "di's hash", now()).await.unwrap();
    let whole = store.candidates(HOME, since()).await.unwrap().unwrap();
    let seen = found(ANA).await.unwrap();
    assert_eq!((&seen.community.id, seen.programme.round), (&HOME, whole.programme.round));
    assert_eq!(seen.members.iter().map(|member| member.user).collect::<Vec<_>>(), [ANA, BO, CY]);
    let of_ana = whole.ties.into_iter().filter(|(pair, _)| pair.contains(ANA)).collect();
    assert_eq!(seen.ties, of_ana);
    let mut avoids: Vec<_> = seen.avoids.iter().map(|avoid| (avoid.member, avoid.person.as_str())).collect();
    avoids.sort_unstable();
    assert_eq!(avoids, [(ANA, "bo's hash"), (CY, "ana's hash")]);
    store.leave(HOME, BO).await.unwrap();
    assert_eq!(found(ANA).await.unwrap().members.len(), 2);
}

async fn a_round_looks_at_all_that_matters(database: TestDatabase) {
    let store = database.open().await;
    assert!(store.candidates(HOME, since()).await.unwrap().is_none());
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    store.leave(HOME, CY).await.unwrap();
    store.exclude(HOME, "cy's hash", true, now()).await.unwrap();
    store.save_wish(HOME, &wish(BO, "ana's hash")).await.unwrap();
    store.flush(&progress(talk(ANA, BO, 2))).await.unwrap();
    assert!(store.save_round(&plan(vec![proposal(1, ANA, BO)]), now()).await.unwrap().is_some());
    store.pause(HOME, BO, Some(later(1))).await.unwrap();
    store.avoid(HOME, ANA, "bo's hash", later(1)).await.unwrap();
    let seen = store.candidates(HOME, since()).await.unwrap().unwrap();
    assert_eq!((seen.community.id, seen.programme.round), (HOME, 1));
    let members: Vec<_> = seen.members.iter().map(|member| (member.user, member.membership)).collect();
    assert_eq!(members, [(ANA, Membership::Active), (BO, Membership::PausedUntil(later(1)))]);
    assert_eq!(seen.ties.keys().copied().collect::<Vec<_>>(), [pair(ANA, BO)]);
    let mut busy = seen.busy;
    busy.sort();
    let suggested = Suggested { pair: pair(ANA, BO), at: now(), came_to_nothing: false };
    assert_eq!((busy, seen.suggested), (vec![ANA, BO], vec![suggested]));
    assert_eq!(seen.asks, [(ANA, 1), (BO, 1)].into());
    let avoid = Avoid { member: ANA, person: "bo's hash".to_owned(), created_at: later(1) };
    let excluded = Exclusion { person: "cy's hash".to_owned(), created_at: now(), lifted_at: None };
    assert_eq!((seen.avoids, seen.exclusions), (vec![avoid], vec![excluded]));
    assert_eq!((seen.wishes, seen.met), (vec![wish(BO, "ana's hash")], vec![]));
}

async fn what_shows_of_a_round_stays_until_the_next_one(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    store.exclude(HOME, "zoe's hash", true, now()).await.unwrap();
    store.pause(HOME, ANA, Some(later(400))).await.unwrap();
    store.pause(HOME, CY, Some(later(1))).await.unwrap();
    let seen = async || store.candidates(HOME, since()).await.unwrap().unwrap();
    assert!(seen().await.rested.is_empty(), "no round has been held");
    assert!(store.save_round(&plan(vec![]), later(2)).await.unwrap().is_some());
    store.pause(HOME, ANA, None).await.unwrap();
    store.pause(HOME, BO, Some(later(400))).await.unwrap();
    store.exclude(HOME, "zoe's hash", false, later(3)).await.unwrap();
    assert_eq!(seen().await.rested, [ANA].into());
    assert_eq!(seen().await.exclusions[0].lifted_at, Some(later(3)));
    let mut next = plan(vec![]);
    next.programme.revision = 1;
    assert!(store.save_round(&next, later(4)).await.unwrap().is_some());
    assert_eq!((seen().await.rested, seen().await.exclusions), ([BO].into(), vec![]));
    // Whoever was let in again may be asked at once.
    store.exclude(HOME, "cy's hash", true, later(5)).await.unwrap();
    store.exclude(HOME, "cy's hash", false, later(5)).await.unwrap();
    let mut next = plan(vec![proposal(1, ANA, CY)]);
    next.programme.revision = 2;
    assert_eq!(store.save_round(&next, later(6)).await.unwrap().unwrap().suggested, 1);
}

async fn a_round_spends_what_it_asks_for(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.save_wish(HOME, &wish(ANA, "bo's hash")).await.unwrap();
    store.save_wish(HOME, &wish(ANA, "cy's hash")).await.unwrap();
    let mut plan = plan(vec![proposal(1, ANA, BO)]);
    plan.spent = vec![wish(ANA, "bo's hash")];
    let _ = store.save_round(&plan, now()).await.unwrap();
    let spent: Vec<_> = store.wishes_of(HOME, ANA).await.unwrap().into_iter().map(|wish| wish.spent).collect();
    assert_eq!(spent, [true, false]);
}

async fn what_lies_further_back_does_not_count(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.flush(&progress(talk(ANA, BO, 2))).await.unwrap();
    let _ = store.save_round(&plan(vec![proposal(1, ANA, BO)]), now()).await.unwrap();
    let from_next_week =
        Since { talk: wallflower::domain::tie::Week::of(later(7 * 24)), asks: later(1), suggestions: later(1) };
    let seen = store.candidates(HOME, from_next_week).await.unwrap().unwrap();
    assert!(seen.ties.is_empty() && seen.asks.is_empty() && seen.suggested.is_empty());
    assert_eq!(seen.busy.len(), 2, "an open meetup keeps them busy however old it is");
}

async fn a_suggestion_comes_to_nothing_only_where_nobody_read_of_the_other(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let mut step = proposal(1, ANA, BO);
    let _ = store.save_round(&plan(vec![step.clone()]), now()).await.unwrap();
    let came_to_nothing = async || {
        let seen = store.candidates(HOME, since()).await.unwrap().unwrap();
        seen.suggested.iter().map(|one| one.came_to_nothing).collect::<Vec<_>>()
    };
    assert_eq!(came_to_nothing().await, [false], "it is still being asked");
    let endings =
        [(Fizzle::NotEverybody, false, true), (Fizzle::NoRoom, false, true), (Fizzle::CalledOff, true, false)];
    for (revision, (why, introduced, expected)) in (0..).zip(endings) {
        step = Step { notices: Vec::new(), ..step };
        (step.meetup.revision, step.meetup.introduced) = (revision, introduced);
        step.meetup.state = State::Fizzled { why };
        assert_eq!(store.save_step(&step, &[], None, now()).await.unwrap(), Saved::Yes);
        assert_eq!(came_to_nothing().await, [expected], "{why:?}");
    }
}

/// What somebody may say that makes the pair of Ana and Bo impossible.
const WORDS: [&str; 6] = ["avoid", "avoided", "exclude", "pause", "leave", "forget"];

async fn say_word(store: &Store, word: &str) {
    match word {
        "avoid" => store.avoid(HOME, ANA, "bo's hash", now()).await.unwrap(),
        "avoided" => store.avoid(HOME, BO, "ana's hash", now()).await.unwrap(),
        "exclude" => drop(store.exclude(HOME, "bo's hash", true, now()).await.unwrap()),
        "pause" => drop(store.pause(HOME, ANA, Some(later(1))).await.unwrap()),
        "leave" => drop(store.leave(HOME, BO).await.unwrap()),
        _ => drop(store.forget(HOME, BO).await.unwrap()),
    }
}

async fn a_word_between_looking_and_saving_leads_to_no_ask(database: TestDatabase) {
    let store = database.open().await;
    for word in WORDS {
        set_up(&store, HOME, &[ANA, BO, CY, DI]).await;
        for wish in [wish(ANA, "bo's hash"), wish(CY, "di's hash")] {
            store.save_wish(HOME, &wish).await.unwrap();
        }
        // Looked at before the word is said.
        let mut plan = plan(vec![proposal(1, ANA, BO), proposal(2, CY, DI)]);
        plan.report.suggested = 2;
        plan.spent = vec![wish(ANA, "bo's hash"), wish(CY, "di's hash")];
        say_word(&store, word).await;
        let report = store.save_round(&plan, now()).await.unwrap().unwrap();
        assert_eq!(report.suggested, 1, "{word}");
        assert_eq!(store.programme(HOME).await.unwrap().unwrap().last_report, Some(report));
        assert_eq!(store.meetups_of(HOME, ANA).await.unwrap(), [], "{word}");
        assert_eq!(store.meetups_of(HOME, CY).await.unwrap().len(), 1, "others are asked");
        let to: Vec<_> = waiting(&store).await.into_iter().map(|row| row.to).collect();
        assert!(!to.contains(&Address::Member(ANA)) && !to.contains(&Address::Member(BO)), "{word}: {to:?}");
        let asks = store.candidates(HOME, since()).await.unwrap().unwrap().asks;
        assert_eq!(asks.get(&ANA), None, "{word}: what was not asked costs nothing");
        let spent = async |user| store.wishes_of(HOME, user).await.unwrap().iter().all(|wish| wish.spent);
        assert!(!spent(ANA).await && spent(CY).await, "{word}");
        store.community_removed(HOME, later(-1)).await.unwrap();
        store.erase_removed(now()).await.unwrap();
    }
    // A rest that is over by then keeps nobody out.
    set_up(&store, HOME, &[ANA, BO]).await;
    store.pause(HOME, ANA, Some(now())).await.unwrap();
    assert_eq!(store.save_round(&plan(vec![proposal(1, ANA, BO)]), now()).await.unwrap().unwrap().suggested, 1);
}

/// Whoever says it looks afterwards for what is to be withdrawn: what they find then must be all that ever comes.
async fn a_word_said_while_a_round_is_saved_is_before_it_or_after_it(database: TestDatabase) {
    let store = Arc::new(database.open().await);
    for turn in 0..24 {
        let word = WORDS[turn % 4];
        set_up(&store, HOME, &[ANA, BO]).await;
        let saving = Arc::clone(&store);
        let saving = tokio::spawn(async move { saving.save_round(&plan(vec![proposal(1, ANA, BO)]), now()).await });
        say_word(&store, word).await;
        let found = store.meetups_of(HOME, ANA).await.unwrap().len();
        saving.await.unwrap().unwrap();
        assert_eq!(store.meetups_of(HOME, ANA).await.unwrap().len(), found, "{word}: asked after the word was said");
        store.community_removed(HOME, later(-1)).await.unwrap();
        store.erase_removed(now()).await.unwrap();
    }
}
