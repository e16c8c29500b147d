//! How long talk counts: half of it fades within the days that admins choose, and old weeks are erased.

use std::sync::Arc;

use chrono::{DateTime, Duration, TimeZone, Utc};
use wallflower::app::Wallflower;
use wallflower::app::programme::Setup;
use wallflower::clock::{Clock, ManualClock};
use wallflower::domain::ids::{Pair, UserId};
use wallflower::domain::round::Suggestion;
use wallflower::domain::tie::{Kind, Thousandths, Week};
use wallflower::store::{Counted, Progress, Store};

use super::memory::Memory;
use super::support::TestDatabase;
use super::village::{CHANNEL, HOME, Village};

on_both_engines!(
    what_admins_choose_decides_between_old_company_and_new,
    weeks_beyond_the_retention_are_erased_and_the_others_stay,
);

const ANA: usize = 0;
const OLD_FRIEND: usize = 1;
const NEW_FRIEND: usize = 2;
/// As many as a round needs.
const MEMBERS: usize = 8;

struct Home {
    store: Store,
    clock: Arc<ManualClock>,
    app: Wallflower,
    memory: Memory,
}

impl Home {
    async fn of_eight(database: &TestDatabase) -> Self {
        let store = database.open().await;
        // A Wednesday.
        let clock = Arc::new(ManualClock::new(Utc.with_ymd_and_hms(2026, 5, 27, 12, 0, 0).unwrap()));
        let app =
            Wallflower::new(store.clone(), Arc::clone(&clock) as _, "a secret of the tests".to_owned().into(), [7; 32]);
        store.community_present(HOME, "Home", clock.now()).await.unwrap();
        let setup = Setup { channel: CHANNEL, zone: None, moderators: None, required_role: None };
        app.set_up(HOME, setup).await.unwrap();
        for number in 0..MEMBERS {
            app.join(HOME, Village::person(number), 1, &[]).await.unwrap();
        }
        let memory = Memory::new(Arc::clone(&clock));
        Self { store, clock, app, memory }
    }

    /// Ana and this one answered each other so often, then.
    async fn ana_talked(&self, with: usize, messages: i64, at: DateTime<Utc>) {
        let mut counted = Counted::default();
        let (ana, other) = (Village::person(ANA), Village::person(with));
        counted.consents.extend([((HOME, ana), 1), ((HOME, other), 1)]);
        for (from, to) in [(ana, other), (other, ana)] {
            counted.deltas.add(HOME, from, to, at, Kind::Reply, Thousandths(messages * 1000));
        }
        self.store.flush(&Progress { counted, ..Progress::default() }).await.unwrap();
    }

    /// Whom `/meet who` names to Ana.
    async fn known_to_ana(&self) -> Vec<UserId> {
        let known = self.app.who(HOME, Village::person(ANA)).await.unwrap();
        known.into_iter().map(|one| one.user).collect()
    }

    /// Whom the next round would suggest to Ana.
    async fn chosen_for_ana(&self) -> Vec<UserId> {
        let suggestions = self.app.preview(HOME).await.unwrap().suggestions;
        let pairs = suggestions.iter().flat_map(Suggestion::pairs);
        pairs.filter_map(|pair| pair.other(Village::person(ANA))).collect()
    }
}

async fn what_admins_choose_decides_between_old_company_and_new(database: TestDatabase) {
    let home = Home::of_eight(&database).await;
    let (old, new) = (Village::person(OLD_FRIEND), Village::person(NEW_FRIEND));
    home.ana_talked(OLD_FRIEND, 20, home.clock.now() - Duration::weeks(10)).await;
    home.ana_talked(NEW_FRIEND, 10, home.clock.now() - Duration::weeks(1)).await;
    assert_eq!(home.chosen_for_ana().await, [new], "with 30 days ten weeks ago counts a fifth");
    assert_eq!(home.app.set_half_life(HOME, 200).await.unwrap().in_whole_days(), 200);
    assert_eq!(home.chosen_for_ana().await, [old]);

    home.app.hold_round(&home.memory, HOME).await.unwrap().unwrap();
    assert_eq!(home.known_to_ana().await, [old, new]);
    home.app.set_half_life(HOME, 25).await.unwrap();
    assert_eq!(home.known_to_ana().await, [new, old]);
    home.app.set_half_life(HOME, 7).await.unwrap();
    assert_eq!(home.known_to_ana().await, [new], "what has faded below two messages is not named");
    for (asked, given) in [(0, 1), (1_000, 365)] {
        assert_eq!(home.app.set_half_life(HOME, asked).await.unwrap().in_whole_days(), given);
    }
}

async fn weeks_beyond_the_retention_are_erased_and_the_others_stay(database: TestDatabase) {
    let home = Home::of_eight(&database).await;
    let now = home.clock.now();
    for weeks in [27, 26, 1] {
        home.ana_talked(OLD_FRIEND, weeks, now - Duration::weeks(weeks)).await;
    }
    let kept = async || {
        let ties = home.store.ties(HOME, Week::of(DateTime::UNIX_EPOCH)).await.unwrap();
        let pair = Pair::new(Village::person(ANA), Village::person(OLD_FRIEND)).unwrap();
        ties.get(&pair).map_or(0, |counts| counts.of_kind(Kind::Reply).low_to_high.rounded())
    };
    assert_eq!(kept().await, 27 + 26 + 1);
    home.app.tick(&home.memory).await.unwrap();
    assert_eq!(kept().await, 26 + 1, "26 whole weeks, and the running one");
    // An hour and a week later another one is too old.
    home.clock.advance(Duration::weeks(1) + Duration::hours(1));
    home.app.tick(&home.memory).await.unwrap();
    assert_eq!(kept().await, 1);
}
