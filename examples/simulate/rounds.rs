//! Half a year of rounds, with the rules of the bot and people of dice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use wallflower::domain::ids::{Pair, UserId};
use wallflower::domain::meetup::Style;
use wallflower::domain::member::Profile;
use wallflower::domain::pairing::factor::MET_RESTS_DAYS;
use wallflower::domain::pairing::groups::Size;
use wallflower::domain::pairing::{self, About, Edge, Factor, History, Suggested};
use wallflower::domain::round::{Gathering, Guest, HeldBack, Suggestion};

use super::communities::Community;

pub const ROUNDS: i32 = 26;
const SEED: u64 = 4;
/// Each one who is asked says yes so often, and two yeses become a meeting so often.
const YES: f64 = 0.5;
const MEETS: f64 = 0.8;
/// Asks in 30 days, as the bot has it by default.
const ASKS: usize = 2;
/// A meetup on its way keeps its people busy for two weeks.
const ON_ITS_WAY: Duration = Duration::days(13);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// As the bot.
    Fair,
    /// As the bot, but waiting adds nothing: the heaviest that these rules allow.
    WithoutWaiting,
    /// Each round the heaviest of all, whoever was suggested before.
    Anew,
}

/// What the rounds came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    pub people: usize,
    /// Who was suggested at least once.
    pub reached: usize,
    pub suggestions: usize,
    /// Suggestions of people each two of whom had been suggested to each other before.
    pub repeats: usize,
    /// Of pairs, such as came while one of the two had partners never suggested to them.
    pub too_early: usize,
    pub meetings: usize,
    /// Who was not reached although a partner of theirs was suggested less often than the busiest: chance, and no wall.
    pub passed_over: usize,
    /// What the talk of all suggested pairs weighs, in thousandths of a message.
    pub weight: i64,
}

/// What the rounds remember.
#[derive(Default)]
struct Memory {
    suggested: Vec<Suggested>,
    asks: BTreeMap<UserId, Vec<DateTime<Utc>>>,
    busy_until: BTreeMap<UserId, DateTime<Utc>>,
    met: BTreeMap<Pair, DateTime<Utc>>,
}

pub fn play(community: &Community, policy: Policy, size: Size) -> Outcome {
    let start = DateTime::UNIX_EPOCH + Duration::days(20_000);
    let people = community.people();
    let mut outcome = Outcome { people: people.len(), ..Outcome::default() };
    let (mut memory, mut reached, mut dice) = (Memory::default(), BTreeSet::new(), ChaCha8Rng::seed_from_u64(SEED));
    for round in 0..ROUNDS {
        let now = start + Duration::weeks(1) * round;
        let history = History::of(memory.suggested.iter().copied());
        let gathering = memory.gathering(community, &people, policy, &history, (start, now));
        let (chosen, _) = gathering.suggest(Style::Discreet, size, community.pairs_per_round);
        for suggestion in &chosen {
            let pairs = || suggestion.pairs();
            outcome.suggestions += 1;
            outcome.repeats += usize::from(pairs().all(|pair| history.knows(pair)));
            outcome.too_early += pairs()
                .filter(|pair| suggestion.people.len() == 2 && history.knows(*pair))
                .filter(|pair| has_others(community, &memory, &history, *pair, now))
                .count();
            outcome.weight += pairs().filter_map(|pair| community.ties.get(&pair)).sum::<i64>();
            reached.extend(suggestion.people.iter().copied());
            outcome.meetings += usize::from(memory.ask(suggestion, now, &mut dice));
        }
    }
    outcome.reached = reached.len();
    outcome.passed_over = passed_over(community, &people, &memory.suggested);
    outcome
}

fn passed_over(community: &Community, people: &BTreeSet<UserId>, suggested: &[Suggested]) -> usize {
    let mut times: BTreeMap<UserId, usize> = BTreeMap::new();
    for user in suggested.iter().flat_map(|one| one.pair.both()) {
        *times.entry(user).or_default() += 1;
    }
    let busiest = times.values().max().copied().unwrap_or(0);
    let has_free_partner = |user: &UserId| {
        let partners = community.ties.keys().filter_map(|pair| pair.other(*user));
        partners.into_iter().any(|partner| times.get(&partner).copied().unwrap_or(0) + 2 < busiest)
    };
    people.iter().filter(|user| !times.contains_key(user) && has_free_partner(user)).count()
}

/// Whether one of the two has a tie to somebody to whom they were never suggested, and whom they have not met lately.
fn has_others(community: &Community, memory: &Memory, history: &History, pair: Pair, now: DateTime<Utc>) -> bool {
    let mut others = community.ties.keys().filter(|other| pair.both().iter().any(|user| other.contains(*user)));
    others.any(|other| !history.knows(*other) && !memory.met_lately(*other, now))
}

impl Memory {
    fn gathering(
        &self,
        community: &Community,
        people: &BTreeSet<UserId>,
        policy: Policy,
        history: &History,
        (start, now): (DateTime<Utc>, DateTime<Utc>),
    ) -> Gathering {
        let about = |pair: Pair| match policy {
            Policy::Anew => About::default(),
            Policy::Fair | Policy::WithoutWaiting => About {
                met_at: self.met.get(&pair).copied(),
                came_to_nothing: history.came_to_nothing(pair),
                weeks_waited: pair.both().map(|user| match policy {
                    Policy::Fair => history.weeks_waited(user, start, now),
                    Policy::WithoutWaiting | Policy::Anew => 0,
                }),
                ..About::default()
            },
        };
        let edge = |(pair, weight): (&Pair, &i64)| -> Edge {
            pairing::edge(*pair, &[Factor::Tie { strength: *weight }], &about(*pair), now)
        };
        let pairs = || community.ties.keys().copied().filter(|_| policy != Policy::Anew);
        Gathering {
            guests: people.iter().map(|user| self.guest(*user, policy, now)).collect(),
            edges: community.ties.iter().map(edge).collect(),
            met: pairs().filter(|pair| self.met_lately(*pair, now)).collect(),
            asked_lately: pairs().filter(|pair| history.rests(*pair, now)).collect(),
            asked_before: pairs().filter(|pair| history.knows(*pair)).collect(),
            ..Gathering::default()
        }
    }

    fn guest(&self, user: UserId, policy: Policy, now: DateTime<Utc>) -> Guest {
        let is_busy = self.busy_until.get(&user).is_some_and(|until| now < *until);
        let lately = |at: &&DateTime<Utc>| **at > now - Duration::days(30);
        let asks = self.asks.get(&user).map_or(0, |asks| asks.iter().filter(lately).count());
        let held_back = match policy {
            Policy::Anew => None,
            _ if is_busy => Some(HeldBack::Busy),
            _ => (asks >= ASKS).then_some(HeldBack::AskLimit),
        };
        Guest { user, held_back, profile: Profile { may_be_named: true, ..Profile::default() } }
    }

    /// Asks each of them; `true` where those who say yes, two at least, meet.
    fn ask(&mut self, suggestion: &Suggestion, now: DateTime<Utc>, dice: &mut ChaCha8Rng) -> bool {
        let people = &suggestion.people;
        let willing: Vec<UserId> = people.iter().copied().filter(|_| dice.random_bool(YES)).collect();
        let comes_about = willing.len() >= 2;
        let meets = dice.random_bool(MEETS) && comes_about;
        for pair in suggestion.pairs() {
            // As the bot has it: of a table, no pair came to nothing.
            self.suggested.push(Suggested { pair, at: now, came_to_nothing: people.len() == 2 && !comes_about });
            if meets && pair.both().iter().all(|user| willing.contains(user)) {
                self.met.insert(pair, now + ON_ITS_WAY);
            }
        }
        for user in people {
            self.asks.entry(*user).or_default().push(now);
        }
        for user in willing.iter().filter(|_| comes_about) {
            self.busy_until.insert(*user, now + ON_ITS_WAY);
        }
        meets
    }

    fn met_lately(&self, pair: Pair, now: DateTime<Utc>) -> bool {
        self.met.get(&pair).is_some_and(|at| now < *at + Duration::days(MET_RESTS_DAYS))
    }
}

impl Outcome {
    /// In percent.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand people")]
    pub fn share_reached(&self) -> f64 {
        self.reached as f64 * 100.0 / self.people.max(1) as f64
    }

    /// What is lost against `best`, in percent.
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    pub fn loss(&self, best: i64) -> f64 {
        (best - self.weight) as f64 * 100.0 / best.max(1) as f64
    }
}
