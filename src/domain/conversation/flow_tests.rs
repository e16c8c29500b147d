//! Whatever happens to the process, each guess is counted once and corrected once.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::ids::{ChannelId, CommunityId};
use crate::domain::observation::Reply;
use crate::domain::tie::Kind;

/// As many as are heard again after a start.
const RECALLED: usize = 50;

type Told = BTreeMap<(u64, u64, Kind), i64>;

/// What is said: by whom, after how long, and to whom. Nobody alone is named, so nothing is learned.
fn talk(longest: usize) -> impl Strategy<Value = Vec<Observation>> {
    let gap = prop_oneof![12 => 1_i64..90, 3 => 90_i64..3_000, 1 => 20_000_i64..90_000];
    let named = prop_oneof![6 => Just(0_u64), 1 => Just(1), 1 => Just(2)];
    prop::collection::vec((1_u64..6, gap, named), 1..longest).prop_map(|said| {
        let mut at = 1_700_000_000;
        let one = |(author, gap, named): (u64, i64, u64)| {
            at += gap;
            let message = MessageId::at(DateTime::from_timestamp(at, 0).unwrap());
            let (community, channel) = (CommunityId::new(1).unwrap(), ChannelId::new(2).unwrap());
            let reply = if named == 2 { Reply::Unresolved(MessageId::from_column(1)) } else { Reply::None };
            let mentions = if named == 1 { vec![1 + author % 5, 1 + (author + 1) % 5] } else { vec![] };
            let mentions = mentions.into_iter().map(|raw| UserId::new(raw).unwrap());
            Observation::new(community, channel, message, UserId::new(author).unwrap(), reply, mentions)
        };
        said.into_iter().map(one).collect()
    })
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Hear,
    Flush,
    Die,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![6 => Just(Step::Hear), 2 => Just(Step::Flush), 1 => Just(Step::Die)];
    prop::collection::vec(step, 0..160)
}

/// A process that listens, and what it has stored.
struct Process<'s> {
    said: &'s [Observation],
    flow: Flow,
    heard: usize,
    counted: Told,
    stored: (usize, MessageId, Told),
}

const NOTHING: MessageId = MessageId::from_column(0);

impl<'s> Process<'s> {
    fn of(said: &'s [Observation]) -> Self {
        let flow = Flow::after(NOTHING, Window::default());
        Self { said, flow, heard: 0, counted: Told::new(), stored: (0, NOTHING, Told::new()) }
    }

    fn add(&mut self, message: MessageId, author: UserId, told: &[crate::domain::conversation::Addressee]) {
        assert!(self.said.iter().any(|said| said.message() == message));
        for to in told {
            *self.counted.entry((author.to_u64(), to.user.to_u64(), to.kind)).or_insert(0) += to.weight.0;
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Hear => {
                let Some(observation) = self.said.get(self.heard) else { return };
                self.heard += 1;
                let heard = self.flow.hear(observation, &mut Habits::default());
                self.add(observation.message(), observation.author(), &heard.addressees);
                for settled in heard.settled.iter().chain(&heard.over) {
                    self.add(settled.message, settled.author, &settled.changes());
                }
            }
            Step::Flush => {
                let mark = self.heard.checked_sub(1).map_or(NOTHING, |last| self.said[last].message());
                self.stored = (self.heard, self.flow.settled(mark), self.counted.clone());
            }
            Step::Die => {
                let (heard, settled, counted) = self.stored.clone();
                (self.heard, self.counted) = (heard, counted);
                self.flow = Flow::after(settled, Window::default());
                self.flow.recall(self.said[heard.saturating_sub(RECALLED)..heard].iter(), &Habits::default());
            }
        }
    }

    fn ends(mut self) -> Told {
        while self.heard < self.said.len() {
            self.step(Step::Hear);
        }
        for settled in self.flow.settle(&Habits::default()) {
            self.add(settled.message, settled.author, &settled.changes());
        }
        self.counted.retain(|_, amount| *amount != 0);
        self.counted
    }
}

/// How far two differ, in thousandths, over all.
fn differ(one: &Told, other: &Told) -> i64 {
    let keys: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
    let amount = |of: &Told, key| of.get(key).copied().unwrap_or(0);
    keys.into_iter().map(|key| (amount(one, key) - amount(other, key)).abs()).sum()
}

/// Of the 24 messages that may wait at a cut, and of those coloured by them, a quarter would have to be another's. 7,746 was seen
/// in 1,500 cases, 1,113 on average. That no correction is missing is shown by the cuts above, which have to change nothing.
const AT_A_CUT: i64 = 12_000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn cut_anywhere_and_however_often_the_same_is_counted(said in talk(RECALLED), steps in steps()) {
        let mut process = Process::of(&said);
        for step in steps {
            process.step(step);
        }
        prop_assert_eq!(process.ends(), Process::of(&said).ends());
    }

    #[test]
    fn where_more_was_said_than_is_recalled_a_cut_changes_little(said in talk(400), cut in 0..400_usize) {
        let mut process = Process::of(&said);
        for _ in 0..cut {
            process.step(Step::Hear);
        }
        process.step(Step::Flush);
        process.step(Step::Die);
        let differs = differ(&process.ends(), &Process::of(&said).ends());
        prop_assert!(differs <= AT_A_CUT, "{}", differs);
    }
}
