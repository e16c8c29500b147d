//! However the stream is cut into flushes, kills, repeats and pages: each reply and mention counts once.

mod steps;

use proptest::prelude::*;

use super::*;
use steps::{Frame, Saying, Step, Thread, steps};

const CHANNELS: [i64; 2] = [GENERAL, GENERAL + 1];
/// Two members from the start, one who joins on the way, and a bystander.
const PEOPLE: [i64; 4] = [ANA, BO, 13, WALLY];
const JOINER: i64 = 13;
/// A story makes no more.
const THREADS: usize = 3;

/// What was really said, and the process that listens to it.
struct Story {
    home: Home,
    watch: Watch,
    said: Vec<Observation>,
    seconds: i64,
    sessions: u64,
    joined: Option<i64>,
    doors: [Access; 2],
    threads: Vec<Thread>,
    /// Of the latest session; the first one has the number after its beginning.
    frames: Vec<Frame>,
    /// What sessions have told, by whatever process it was heard.
    heard: Vec<Observation>,
}

/// The number of what a session begins with.
const BEGINNING: u64 = 1;

impl Story {
    async fn new() -> Self {
        let home = Home::new(&[ANA, BO]).await;
        let watch = Watch::open(home.store.clone()).await.unwrap();
        let (said, frames, heard, threads) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (seconds, sessions, joined, doors) = (0, 0, None, [Access::Reads; 2]);
        let mut story = Self { home, watch, said, seconds, sessions, joined, doors, threads, frames, heard };
        story.listen_again().await;
        story
    }

    fn tick(&mut self) -> MessageId {
        self.seconds += 1;
        message(self.seconds)
    }

    /// The channel or thread, and which channel's door leads to it.
    fn place(&self, place: usize) -> (i64, usize) {
        let thread = place.checked_sub(CHANNELS.len()).and_then(|number| self.threads.get(number));
        let place = place % CHANNELS.len();
        thread.map_or((CHANNELS[place], place), |thread| (thread.id, thread.parent))
    }

    fn last_in(&self, place: i64) -> Option<MessageId> {
        self.said.iter().rev().find(|said| said.channel() == channel(place)).map(Observation::message)
    }

    fn looks(&self, place: usize) -> Sight {
        let last = self.last_in(CHANNELS[place]);
        Sight { access: self.doors[place], threads: Threads::Public, ..sight(CHANNELS[place], last) }
    }

    fn thread_looks(&self, thread: &Thread) -> Sight {
        let (parent, access) = (Some(channel(CHANNELS[thread.parent])), self.doors[thread.parent]);
        Sight { parent, access, ..sight(thread.id, self.last_in(thread.id)) }
    }

    fn session(&self) -> Resume {
        session(&format!("session {}", self.sessions), BEGINNING)
    }

    async fn listen_again(&mut self) {
        self.sessions += 1;
        self.frames.clear();
        self.watch.begin(self.session());
        let mut sights = vec![self.looks(0), self.looks(1)];
        for number in self.behind_open_doors() {
            self.threads[number].told = true;
            sights.push(self.thread_looks(&self.threads[number]));
        }
        self.watch.arrive(den(), &sights).await.unwrap();
    }

    fn behind_open_doors(&self) -> Vec<usize> {
        let open = |number: &usize| self.doors[self.threads[*number].parent] != Access::Hidden;
        (0..self.threads.len()).filter(open).collect()
    }

    /// All that the session has told since what was stored, where it is the latest one.
    async fn go_on(&mut self, missed: &[Saying]) {
        self.watch = Watch::open(self.home.store.clone()).await.unwrap();
        for (place, author, to) in missed {
            let said = self.say(*place, *author, Some(*to), &[]);
            if self.doors[self.place(*place).1] != Access::Hidden {
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
        }
        self.frames.push(frame);
    }

    fn door(&mut self, place: usize, access: Access) {
        let opens = self.doors[place] == Access::Hidden && access != Access::Hidden;
        self.doors[place] = access;
        self.tells(Frame::Looks(self.looks(place)));
        // Who may look in again is shown the threads.
        for number in (0..self.threads.len()).filter(|_| opens) {
            if self.threads[number].parent == place {
                self.tells_of(number, false);
            }
        }
    }

    fn tells_of(&mut self, number: usize, as_made: bool) {
        self.threads[number].told = true;
        let looks = self.thread_looks(&self.threads[number]);
        let last_message = looks.last_message.filter(|_| !as_made);
        self.tells(Frame::Looks(Sight { new: as_made, last_message, ..looks }));
    }

    fn make_thread(&mut self, parent: usize, at_once: bool) {
        if self.threads.len() < THREADS {
            let id = self.tick().get();
            self.threads.push(Thread { id, parent, told: false });
            if at_once && self.doors[parent] != Access::Hidden {
                self.tells_of(self.threads.len() - 1, true);
            }
        }
    }

    fn tell_of_threads(&mut self, as_made: bool) {
        for number in self.behind_open_doors() {
            if !self.threads[number].told {
                self.tells_of(number, as_made);
            }
        }
    }

    fn say(&mut self, place: usize, author: usize, reply: Option<usize>, mentions: &[usize]) -> Observation {
        let reply = reply.map_or(Reply::None, |to| Reply::To(user(PEOPLE[to])));
        let mentions = mentions.iter().map(|to| user(PEOPLE[*to]));
        let (id, place) = (self.tick(), channel(self.place(place).0));
        let said = Observation::new(den(), place, id, user(PEOPLE[author]), reply, mentions);
        self.said.push(said.clone());
        said
    }

    fn miss(&mut self, missed: &[Saying]) {
        for (place, author, to) in missed {
            self.say(*place, *author, Some(*to), &[]);
        }
    }

    /// Reads a page as REST would give it; false where there is nothing to read.
    async fn read(&self, size: usize) -> bool {
        let Some(reading) = self.watch.next_reading().await.unwrap() else { return self.list().await };
        let here = |said: &&Observation| said.channel() == reading.channel && said.message() > reading.cursor;
        let page: Vec<_> = self.said.iter().filter(here).take(size).cloned().collect();
        let cursor = page.last().filter(|_| page.len() == size).map_or(reading.before, Observation::message);
        let page = self.watch.count_page(reading, cursor, &page, &mut self.watch.recall(&reading, &[]));
        self.watch.turn_page(&page).await.unwrap();
        // Its answer was lost, so it is stored again.
        self.watch.turn_page(&page).await.unwrap();
        true
    }

    /// Looks for archived threads, of which there are none; false where none are looked for.
    async fn list(&self) -> bool {
        let Some((listing, _)) = self.watch.next_listing() else { return false };
        self.watch.end_listing(&listing, &[]).await.unwrap();
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
                if self.doors[self.place(*place).1] != Access::Hidden {
                    self.tells(Frame::Said(said));
                }
            }
            Step::Flush => self.watch.flush().await.unwrap(),
            Step::Repeat(place) => {
                let (place, door) = self.place(*place);
                let here = |said: &&Observation| said.channel() == channel(place);
                let last = self.heard.iter().rev().find(here).filter(|_| self.doors[door] != Access::Hidden);
                if let Some(last) = last.cloned() {
                    self.tells(Frame::Said(last));
                }
            }
            Step::Resume(missed) => self.go_on(missed).await,
            Step::Door(place, access) => self.door(*place, *access),
            Step::Thread(parent, at_once) => self.make_thread(*parent, *at_once),
            Step::Tell(as_made) => self.tell_of_threads(*as_made),
            Step::Kill(missed) => {
                self.watch = Watch::open(self.home.store.clone()).await.unwrap();
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
            story.tell_of_threads(false);
            story.watch.flush().await.unwrap();
            while story.read(3).await {}
            let mut told = story.home.told().await;
            told.retain(|(.., kind), _| !matches!(kind, Kind::Turn | Kind::Thread));
            prop_assert_eq!(told, story.truth());
            prop_assert!(story.home.store.readings().await.unwrap().is_empty());
            Ok(())
        })?;
    }
}
