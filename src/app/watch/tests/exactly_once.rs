//! However the stream is cut into flushes, kills, repeats and pages: each reply and mention counts once.

use proptest::prelude::*;

use super::*;

const CHANNELS: [i64; 2] = [GENERAL, GENERAL + 1];
/// Two members from the start, one who joins on the way, and a bystander.
const PEOPLE: [i64; 4] = [ANA, BO, 13, WALLY];
const JOINER: i64 = 13;

#[derive(Debug, Clone)]
enum Step {
    /// Channel, author, whom it answers, whom it names; delivered live while somebody listens.
    Say(usize, usize, Option<usize>, Vec<usize>),
    Flush,
    /// The last message of a channel is delivered again.
    Repeat(usize),
    /// The process dies; so many messages are said until the next one listens.
    Kill(Vec<(usize, usize, usize)>),
    /// The session is lost, the process lives on.
    Lose(Vec<(usize, usize, usize)>),
    /// The process dies; the next one goes on with its session, which tells again what was not stored and what was said since.
    Resume(Vec<(usize, usize, usize)>),
    /// The bot may do this in a channel from now on.
    Door(usize, Access),
    /// A page of so many messages is read, and stored or (killed before) not.
    Read(usize),
    Join,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = 0..PEOPLE.len();
    let missed = || prop::collection::vec((0..CHANNELS.len(), 0..PEOPLE.len(), 0..PEOPLE.len()), 0..8);
    let step = prop_oneof![
        12 => (0..CHANNELS.len(), person.clone(), prop::option::of(person.clone()), prop::collection::vec(person, 0..3))
            .prop_map(|(channel, author, reply, mentions)| Step::Say(channel, author, reply, mentions)),
        3 => Just(Step::Flush),
        2 => (0..CHANNELS.len()).prop_map(Step::Repeat),
        2 => missed().prop_map(Step::Kill),
        1 => missed().prop_map(Step::Lose),
        2 => missed().prop_map(Step::Resume),
        3 => (0..CHANNELS.len(), prop::sample::select(vec![Access::Reads, Access::NoHistory, Access::Hidden]))
            .prop_map(|(channel, access)| Step::Door(channel, access)),
        3 => (1_usize..4).prop_map(Step::Read),
        1 => Just(Step::Join),
    ];
    prop::collection::vec(step, 1..60)
}

/// What a session tells, one after the other.
#[derive(Debug, Clone)]
enum Frame {
    Said(Observation),
    Looks(Sight),
    /// A message told twice. That is remembered by the process that heard it first, so no resume tells it again here.
    Repeated,
}

/// What was really said, and the process that listens to it.
struct Story {
    home: Home,
    watch: Watch,
    said: Vec<Observation>,
    sessions: u64,
    joined: Option<i64>,
    doors: [Access; 2],
    /// Of the latest session; the first one has the number after its beginning.
    frames: Vec<Frame>,
    /// What this process has heard, so that it knows a repeat.
    heard: Vec<Observation>,
}

/// The number of what a session begins with.
const BEGINNING: u64 = 1;

impl Story {
    async fn new() -> Self {
        let home = Home::new(&[ANA, BO]).await;
        let watch = Watch::open(home.store.clone()).await.unwrap();
        let (said, frames, heard) = (Vec::new(), Vec::new(), Vec::new());
        let mut story = Self { home, watch, said, sessions: 0, joined: None, doors: [Access::Reads; 2], frames, heard };
        story.listen_again().await;
        story
    }

    fn last_in(&self, place: i64) -> Option<&Observation> {
        self.said.iter().rev().find(|said| said.channel() == channel(place))
    }

    fn looks(&self, place: usize) -> Sight {
        let last = self.last_in(CHANNELS[place]).map(Observation::message);
        Sight { access: self.doors[place], ..sight(CHANNELS[place], last) }
    }

    fn session(&self) -> Resume {
        session(&format!("session {}", self.sessions), BEGINNING)
    }

    async fn listen_again(&mut self) {
        self.sessions += 1;
        self.frames.clear();
        self.watch.begin(self.session());
        self.watch.arrive(den(), &[self.looks(0), self.looks(1)]).await.unwrap();
    }

    /// All that the session has told since what was stored, where it is the latest one.
    async fn go_on(&mut self, missed: &[(usize, usize, usize)]) {
        self.watch = Watch::open(self.home.store.clone()).await.unwrap();
        self.heard.clear();
        for (place, author, to) in missed {
            let said = self.say(*place, *author, Some(*to), &[]);
            if self.doors[*place] != Access::Hidden {
                self.frames.push(Frame::Said(said));
            }
        }
        let stored = self.watch.resume(0, 1).await.unwrap();
        let Some(stored) = stored.filter(|stored| stored.session == self.session().session) else {
            return self.listen_again().await;
        };
        for frame in self.frames.split_off(usize::try_from(stored.sequence - BEGINNING).unwrap()) {
            self.tells(frame);
        }
        self.watch.go_on(0);
    }

    fn tells(&mut self, frame: Frame) {
        match &frame {
            Frame::Said(said) => {
                self.heard.push(said.clone());
                hear(&self.watch, said.clone());
            }
            Frame::Looks(sight) => {
                self.watch.see(den(), sight);
                fold(&self.watch, &Heard::Other);
            }
            Frame::Repeated => fold(&self.watch, &Heard::Other),
        }
        self.frames.push(frame);
    }

    fn door(&mut self, place: usize, access: Access) {
        self.doors[place] = access;
        self.tells(Frame::Looks(self.looks(place)));
    }

    fn say(&mut self, place: usize, author: usize, reply: Option<usize>, mentions: &[usize]) -> Observation {
        let reply = reply.map_or(Reply::None, |to| Reply::To(user(PEOPLE[to])));
        let mentions = mentions.iter().map(|to| user(PEOPLE[*to]));
        let id = message(i64::try_from(self.said.len()).unwrap() + 1);
        let said = Observation::new(den(), channel(CHANNELS[place]), id, user(PEOPLE[author]), reply, mentions);
        self.said.push(said.clone());
        said
    }

    fn miss(&mut self, missed: &[(usize, usize, usize)]) {
        for (place, author, to) in missed {
            self.say(*place, *author, Some(*to), &[]);
        }
    }

    /// Reads a page as REST would give it; false where there is nothing to read.
    async fn read(&self, size: usize) -> bool {
        let Some(reading) = self.watch.next_reading().await.unwrap() else { return false };
        let here = |said: &&Observation| said.channel() == reading.channel && said.message() > reading.cursor;
        let page: Vec<_> = self.said.iter().filter(here).take(size).cloned().collect();
        let cursor = page.last().filter(|_| page.len() == size).map_or(reading.before, Observation::message);
        let page = self.watch.count_page(reading, cursor, &page, &mut self.watch.recall(&reading, &[]));
        self.watch.turn_page(&page).await.unwrap();
        // Its answer was lost, so it is stored again.
        self.watch.turn_page(&page).await.unwrap();
        true
    }

    async fn join(&mut self) {
        if self.joined.is_none() {
            let moment = self.said.last().map_or(1, |said| said.message().get());
            let admission = self.watch.admit(den(), user(JOINER), moment).await.unwrap();
            self.home.enrol(JOINER, admission.from()).await;
            self.joined = Some(admission.from());
            admission.keep();
        }
    }

    async fn step(&mut self, step: &Step) {
        match step {
            Step::Say(place, author, reply, mentions) => {
                let said = self.say(*place, *author, *reply, mentions);
                if self.doors[*place] != Access::Hidden {
                    self.tells(Frame::Said(said));
                }
            }
            Step::Flush => self.watch.flush().await.unwrap(),
            Step::Repeat(place) => {
                let here = |said: &&Observation| said.channel() == channel(CHANNELS[*place]);
                if let Some(last) = self.heard.iter().rev().find(here).cloned() {
                    hear(&self.watch, last);
                    self.frames.push(Frame::Repeated);
                }
            }
            Step::Resume(missed) => self.go_on(missed).await,
            Step::Door(place, access) => self.door(*place, *access),
            Step::Kill(missed) => {
                self.watch = Watch::open(self.home.store.clone()).await.unwrap();
                self.heard.clear();
                self.miss(missed);
                self.listen_again().await;
            }
            Step::Lose(missed) => {
                self.miss(missed);
                self.listen_again().await;
            }
            Step::Read(size) => {
                self.read(*size).await;
            }
            Step::Join => self.join().await,
        }
    }

    fn counted(&self, id: i64, message: MessageId) -> bool {
        match id {
            WALLY => false,
            JOINER => self.joined.is_some_and(|from| from <= message.get()),
            _ => true,
        }
    }

    /// Counted once, from what was really said.
    fn truth(&self) -> BTreeMap<(i64, i64, Kind), i64> {
        let mut truth = BTreeMap::new();
        for said in &self.said {
            let author = said.author().get();
            let to: Vec<(i64, Kind, i64)> = match said.reply() {
                Reply::To(user) if user.get() != author => vec![(user.get(), Kind::Reply, 1000)],
                _ => {
                    // One message, shared evenly, but for a thousandth more to the first.
                    let share = 999 / i64::try_from(said.mentions().len().max(1)).unwrap();
                    let shares = std::iter::once(share + 1).chain(std::iter::repeat(share));
                    said.mentions().iter().zip(shares).map(|(user, share)| (user.get(), Kind::Mention, share)).collect()
                }
            };
            for (to, kind, amount) in to {
                if [author, to].iter().all(|id| self.counted(*id, said.message())) {
                    *truth.entry((author, to, kind)).or_insert(0) += amount;
                }
            }
        }
        truth
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_reply_and_mention_counts_once_however_often_the_process_dies(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut story = Story::new().await;
            for step in &steps {
                story.step(step).await;
            }
            (0..CHANNELS.len()).for_each(|place| story.door(place, Access::Reads));
            story.watch.flush().await.unwrap();
            while story.read(3).await {}
            let mut told = story.home.told().await;
            told.retain(|(.., kind), _| *kind != Kind::Turn);
            prop_assert_eq!(told, story.truth());
            prop_assert!(story.home.store.readings().await.unwrap().is_empty());
            Ok(())
        })?;
    }
}
