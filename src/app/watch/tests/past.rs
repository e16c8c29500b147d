//! Whoever joins, leaves and comes back when, and wherever it is killed: live, gap and past readings together count each
//! message between two members once, as the rule says.

use proptest::prelude::*;

use super::*;
use crate::store::{PastPage, Scan};

const CHANNELS: [i64; 2] = [GENERAL, GENERAL + 1];
/// Two members from the start, three who join on the way, and a bystander.
const PEOPLE: [i64; 6] = [ANA, BO, 13, 14, 15, WALLY];
const MINUTE: i64 = 60;
const WEEK: i64 = 7 * 24 * 60 * MINUTE;
/// How far back a past reaches; said again here, since the truth must not ask the product.
const EIGHT_WEEKS: chrono::Duration = chrono::Duration::weeks(8);

/// Channel, author, whom it answers, whom it names.
type Saying = (usize, usize, Option<usize>, Vec<usize>);

#[derive(Debug, Clone)]
enum Step {
    Say(Saying),
    /// So many weeks pass in silence.
    Wait(i64),
    Flush,
    /// The process dies; so much is said until the next one listens.
    Kill(Vec<Saying>),
    /// The session is lost, the process lives on.
    Lose(Vec<Saying>),
    /// The bot may do this in a channel from now on.
    Door(usize, Access),
    /// A page of so many messages of a gap is read and stored.
    ReadGap(usize),
    /// A channel of somebody's past is read and counted, but not stored yet.
    ReadPast,
    /// It is stored, where none of the following came between: a kill.
    StorePast,
    /// Somebody joins; so much is heard between the click and the row.
    Join(usize, Vec<Saying>),
    Leave(usize),
    Forget(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = 0..PEOPLE.len();
    let saying =
        (0..CHANNELS.len(), person.clone(), prop::option::of(person.clone()), prop::collection::vec(person, 0..2));
    let sayings = |most: usize| prop::collection::vec(saying.clone(), 0..most);
    let member = || 0..PEOPLE.len() - 1;
    let step = prop_oneof![
        16 => saying.clone().prop_map(Step::Say),
        2 => (1_i64..6).prop_map(Step::Wait),
        3 => Just(Step::Flush),
        2 => sayings(8).prop_map(Step::Kill),
        1 => sayings(8).prop_map(Step::Lose),
        3 => (0..CHANNELS.len(), prop::sample::select(vec![Access::Reads, Access::NoHistory, Access::Hidden]))
            .prop_map(|(channel, access)| Step::Door(channel, access)),
        2 => (1_usize..4).prop_map(Step::ReadGap),
        5 => Just(Step::ReadPast),
        4 => Just(Step::StorePast),
        5 => (member(), sayings(3)).prop_map(|(who, meanwhile)| Step::Join(who, meanwhile)),
        2 => member().prop_map(Step::Leave),
        1 => member().prop_map(Step::Forget),
    ];
    prop::collection::vec(step, 1..80)
}

/// What was really said, who is in since when, and the process that listens.
struct Story {
    home: Home,
    watch: Watch,
    said: Vec<Observation>,
    sessions: u64,
    seconds: i64,
    members: BTreeMap<i64, i64>,
    doors: [Access; 2],
    /// Counted and not stored.
    page: Option<PastPage>,
}

impl Story {
    async fn new() -> Self {
        let home = Home::new(&[ANA, BO]).await;
        let watch = Watch::open(home.store.clone()).await.unwrap();
        let members = BTreeMap::from([(ANA, 1), (BO, 1)]);
        let (said, doors) = (Vec::new(), [Access::Reads; 2]);
        let mut story = Self { home, watch, said, sessions: 0, seconds: 0, members, doors, page: None };
        story.listen_again().await;
        story
    }

    async fn listen_again(&mut self) {
        self.sessions += 1;
        self.watch.begin(session(&format!("session {}", self.sessions), 1));
        self.watch.arrive(den(), &[self.looks(0), self.looks(1)]).await.unwrap();
    }

    fn looks(&self, place: usize) -> Sight {
        let last = self.said.iter().rev().find(|said| said.channel() == channel(CHANNELS[place]));
        Sight { access: self.doors[place], ..sight(CHANNELS[place], last.map(Observation::message)) }
    }

    fn door(&mut self, place: usize, access: Access) {
        self.doors[place] = access;
        self.watch.see(den(), &self.looks(place));
        fold(&self.watch, &Heard::Other);
    }

    fn say(&mut self, (place, author, reply, mentions): &Saying) -> Observation {
        self.seconds += MINUTE;
        let reply = reply.map_or(Reply::None, |to| Reply::To(user(PEOPLE[to])));
        let mentions = mentions.iter().map(|to| user(PEOPLE[*to]));
        let (place, author) = (channel(CHANNELS[*place]), user(PEOPLE[*author]));
        let said = Observation::new(den(), place, message(self.seconds), author, reply, mentions);
        self.said.push(said.clone());
        said
    }

    fn hears(&mut self, saying: &Saying) {
        let said = self.say(saying);
        if self.doors[saying.0] != Access::Hidden {
            hear(&self.watch, said);
        }
    }

    fn miss(&mut self, missed: &[Saying]) {
        for saying in missed {
            self.say(saying);
        }
    }

    async fn read_gap(&self, size: usize) -> bool {
        let Some(reading) = self.watch.next_reading().await.unwrap() else { return false };
        let here = |said: &&Observation| said.channel() == reading.channel && said.message() > reading.cursor;
        let page: Vec<_> = self.said.iter().filter(here).take(size).cloned().collect();
        let cursor = page.last().filter(|_| page.len() == size).map_or(reading.before, Observation::message);
        let page = self.watch.count_page(reading, cursor, &page, &mut self.watch.recall(&reading, &[]));
        self.watch.turn_page(&page).await.unwrap();
        true
    }

    /// As REST would give it.
    async fn read_past(&mut self) -> bool {
        let Some(reading) = self.watch.next_past().await.unwrap() else { return false };
        let Scan { channel, from, below, .. } = reading.scan;
        let within = |said: &&Observation| (from..below).contains(&said.message());
        let said: Vec<_> = self.said.iter().filter(|said| said.channel() == channel).filter(within).cloned().collect();
        self.page = Some(self.watch.count_past(&reading, &said, Vec::new()));
        true
    }

    async fn store_past(&mut self) {
        if let Some(page) = self.page.take() {
            self.watch.close_past(&page).await.unwrap();
            // Its answer was lost, so it is stored again.
            self.watch.close_past(&page).await.unwrap();
        }
    }

    async fn join(&mut self, who: i64, meanwhile: &[Saying]) {
        if self.members.contains_key(&who) {
            return;
        }
        self.seconds += MINUTE;
        let moment = message(self.seconds).get();
        let watch = std::mem::replace(&mut self.watch, Watch::open(self.home.store.clone()).await.unwrap());
        let admission = watch.admit(den(), user(who), moment).await.unwrap();
        let from = admission.from();
        for saying in meanwhile {
            let said = self.say(saying);
            if self.doors[saying.0] != Access::Hidden {
                hear(&watch, said);
            }
        }
        self.home.enrol(who, from).await;
        admission.keep();
        self.watch = watch;
        self.members.insert(who, from);
    }

    async fn part(&mut self, who: i64, erase: bool) {
        let alone = self.watch.alone().await;
        if erase {
            self.home.store.forget(den(), user(who)).await.unwrap();
        } else {
            self.home.store.leave(den(), user(who)).await.unwrap();
        }
        self.watch.dismiss(den(), user(who));
        drop(alone);
        self.members.remove(&who);
    }

    async fn step(&mut self, step: &Step) {
        match step {
            Step::Say(saying) => self.hears(saying),
            Step::Wait(weeks) => self.seconds += weeks * WEEK,
            Step::Flush => self.watch.flush().await.unwrap(),
            Step::Kill(missed) => {
                self.watch = Watch::open(self.home.store.clone()).await.unwrap();
                self.page = None;
                self.miss(missed);
                self.listen_again().await;
            }
            Step::Lose(missed) => {
                self.miss(missed);
                self.listen_again().await;
            }
            Step::Door(place, access) => self.door(*place, *access),
            Step::ReadGap(size) => {
                self.read_gap(*size).await;
            }
            Step::ReadPast if self.page.is_none() => {
                self.read_past().await;
            }
            Step::ReadPast => {}
            Step::StorePast => self.store_past().await,
            Step::Join(who, meanwhile) => self.join(PEOPLE[*who], meanwhile).await,
            Step::Leave(who) => self.part(PEOPLE[*who], false).await,
            Step::Forget(who) => self.part(PEOPLE[*who], true).await,
        }
    }

    async fn comes_to_rest(&mut self) {
        (0..CHANNELS.len()).for_each(|place| self.door(place, Access::Reads));
        self.watch.flush().await.unwrap();
        while self.read_gap(3).await {}
        self.store_past().await;
        while self.read_past().await {
            self.store_past().await;
        }
    }

    /// By the rule alone: all since the later of two joined, and of the eight weeks below it.
    fn truth(&self) -> BTreeMap<(i64, i64, Kind), i64> {
        let mut truth = BTreeMap::new();
        for said in &self.said {
            let author = said.author().get();
            let to: Vec<(i64, Kind, i64)> = match said.reply() {
                Reply::To(user) if user.get() != author => vec![(user.get(), Kind::Reply, 1000)],
                _ => {
                    let share = 999 / i64::try_from(said.mentions().len().max(1)).unwrap();
                    let shares = std::iter::once(share + 1).chain(std::iter::repeat(share));
                    said.mentions().iter().zip(shares).map(|(user, share)| (user.get(), Kind::Mention, share)).collect()
                }
            };
            for (to, kind, amount) in to {
                let Some((a, b)) = self.members.get(&author).zip(self.members.get(&to)) else { continue };
                let later = MessageId::from_column(*a.max(b));
                if said.at() >= later.time() - EIGHT_WEEKS {
                    *truth.entry((author, to, kind)).or_insert(0) += amount;
                }
            }
        }
        truth
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn live_gap_and_past_together_count_each_message_once(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut story = Story::new().await;
            for step in &steps {
                story.step(step).await;
            }
            story.comes_to_rest().await;
            let mut told = story.home.told().await;
            told.retain(|(.., kind), _| *kind != Kind::Turn);
            prop_assert_eq!(told, story.truth());
            prop_assert!(story.home.store.pasts().await.unwrap().is_empty());
            prop_assert!(story.home.store.left_out().await.unwrap().is_empty());
            Ok(())
        })?;
    }
}
