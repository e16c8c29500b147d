//! A messenger in memory. It behaves as Discord does where the deliverer relies on it: a nonce is remembered for a
//! minute and no longer, a thread and a poll are found again, direct messages can be closed, an answer can get lost after
//! the deed was done, and the process can die in any request, before or after the deed.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use wallflower::app::messenger::{Delivered, Gone, Letter, Messenger, Place, Presence, Undelivered};
use wallflower::clock::{Clock, ManualClock};
use wallflower::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, NoticeId, UserId};
use wallflower::domain::meetup::{Meetup, Standing, State};
use wallflower::domain::notice::{Notice, Reminder};
use wallflower::domain::poll::{Choice, Poll};

/// The deliverer relies on a nonce up to here; Discord may forget it right afterwards.
const NONCE_LASTS: chrono::Duration = chrono::Duration::seconds(60);

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Done, but the answer does not come back.
    LostAnswer,
    /// A 5xx: not done, though nobody can tell.
    ServerError,
    /// 429.
    TooMany(Duration),
    /// The process dies after the deed.
    DiesAfter,
    /// The process dies before the deed.
    DiesBefore,
}

/// A message as it stands.
#[derive(Debug, Clone)]
pub struct Post {
    pub id: MessageId,
    pub place: Place,
    pub notice: Notice,
    pub letter: NoticeId,
    pub meetup: Option<MeetupId>,
    /// Whom it names or is to.
    pub member: Option<UserId>,
    /// Those who have a seat in its meetup.
    pub about: Vec<UserId>,
    /// When its meetup begins.
    pub starts: Option<DateTime<Utc>>,
    pub at: DateTime<Utc>,
    /// The letter was written before all had said yes.
    pub before_all_yes: bool,
    /// Its reader can still act on it.
    pub fresh: bool,
    pub reactions: BTreeMap<UserId, BTreeSet<Choice>>,
}

#[derive(Default)]
struct World {
    posts: Vec<Post>,
    threads: Vec<(MeetupId, ChannelId)>,
    /// Under announcements, in the order in which they were opened.
    opened: Vec<ChannelId>,
    archived: Vec<ChannelId>,
    closed: BTreeSet<UserId>,
    /// Why no poll may be read.
    unreadable: Option<String>,
    /// How long each delivery takes.
    takes: Option<chrono::Duration>,
    gone: BTreeSet<UserId>,
    /// How often somebody was looked for.
    looks: usize,
    /// Befalls the first request about each letter or poll.
    each_first: Option<Fault>,
    seen: HashSet<String>,
    /// Befall the requests with these numbers.
    faults: VecDeque<(usize, Fault)>,
    requests: usize,
    next: i64,
}

/// The chat service.
pub struct Memory {
    clock: Arc<ManualClock>,
    world: Mutex<World>,
    dead: Notify,
}

impl Memory {
    pub fn new(clock: Arc<ManualClock>) -> Self {
        Self { clock, world: Mutex::default(), dead: Notify::new() }
    }

    fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Orders a fault for each n-th request, `times` times.
    pub fn order(&self, each: usize, fault: Fault, times: usize) {
        self.world().faults.extend((1..=times).map(|number| (number * each, fault)));
    }

    /// Orders a fault for the first request about each letter and each poll.
    pub fn order_each_first(&self, fault: Fault) {
        self.world().each_first = Some(fault);
    }

    /// The next request about each letter and poll counts as its first again.
    pub fn forget_seen(&self) {
        self.world().seen.clear();
    }

    pub fn close_direct(&self, user: UserId) {
        self.world().closed.insert(user);
    }

    /// Polls may not be read any more.
    pub fn forbid_reading(&self, why: &str) {
        self.world().unreadable = Some(why.to_owned());
    }

    /// Each delivery takes so long from now on.
    pub fn slow_down(&self, takes: chrono::Duration) {
        self.world().takes = Some(takes);
    }

    /// They leave the server.
    pub fn leaves(&self, user: UserId) {
        self.world().gone.insert(user);
    }

    /// How often somebody was looked for.
    pub fn looks(&self) -> usize {
        self.world().looks
    }

    /// A moderator deletes it by hand.
    pub fn deletes(&self, message: MessageId) {
        self.world().posts.retain(|post| post.id != message);
    }

    /// The threads under announcements, and those of any kind that were archived.
    pub fn opened_and_archived(&self) -> (Vec<ChannelId>, Vec<ChannelId>) {
        let world = self.world();
        (world.opened.clone(), world.archived.clone())
    }

    pub fn posts(&self) -> Vec<Post> {
        self.world().posts.clone()
    }

    pub fn threads(&self) -> Vec<(MeetupId, ChannelId)> {
        self.world().threads.clone()
    }

    /// Returns when an ordered death has come.
    pub async fn died(&self) {
        self.dead.notified().await;
    }

    /// One person's reactions under a poll, all at once.
    pub fn reacts(&self, poll: MessageId, user: UserId, choices: BTreeSet<Choice>) {
        let mut world = self.world();
        if let Some(post) = world.posts.iter_mut().find(|post| post.id == poll) {
            post.reactions.insert(user, choices);
        }
    }

    fn next_fault(&self, about: String) -> Option<Fault> {
        let mut world = self.world();
        world.requests += 1;
        let number = world.requests;
        let is_first = world.seen.insert(about);
        let ordered = world.faults.pop_front_if(|(request, _)| *request <= number).map(|(_, fault)| fault);
        ordered.or(world.each_first.filter(|_| is_first))
    }

    async fn die(&self) -> ! {
        self.dead.notify_one();
        std::future::pending().await
    }

    /// What the request does, with the fault that befalls it.
    async fn request<T: Send>(
        &self,
        about: String,
        deed: impl FnOnce() -> Result<T, Undelivered> + Send,
    ) -> Result<T, Undelivered> {
        let later = |after, may_have_arrived| {
            Err(Undelivered::Later { after, may_have_arrived, reason: "as the test ordered".to_owned() })
        };
        match self.next_fault(about) {
            None => deed(),
            Some(Fault::LostAnswer) => deed().and_then(|_| later(None, true)),
            Some(Fault::ServerError) => later(None, true),
            Some(Fault::TooMany(after)) => later(Some(after), false),
            Some(Fault::DiesBefore) => self.die().await,
            Some(Fault::DiesAfter) => {
                let _ = deed();
                self.die().await
            }
        }
    }

    fn put(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        let now = self.clock.now();
        let mut world = self.world();
        match &letter.notice {
            Notice::OpenRoom => return Ok(world.open_thread(letter)),
            Notice::OpenThread => {
                let (_, message) = letter.edits.ok_or(Undelivered::Gone(Gone::Message))?;
                let thread = ChannelId::from_column(message.get());
                world.opened.push(thread);
                return Ok(Delivered { channel: Some(thread), message: Some(message), ..Delivered::default() });
            }
            Notice::CloseRoom => {
                let Place::Channel(thread) = letter.place else { panic!("a thread is a channel") };
                world.archived.push(thread);
                return Ok(Delivered::default());
            }
            Notice::PublishEvent { .. } => return Ok(Delivered::default()),
            Notice::RefreshPoll { .. } | Notice::Update { .. } => {
                let (channel, message) = letter.edits.ok_or(Undelivered::Gone(Gone::Message))?;
                let stands = world.posts.iter().any(|post| post.id == message);
                let delivered = Delivered { channel: Some(channel), message: Some(message), ..Delivered::default() };
                return stands.then_some(delivered).ok_or(Undelivered::Gone(Gone::Message));
            }
            _ => {}
        }
        if let Place::Direct(user) = letter.place {
            if world.gone.contains(&user) {
                return Err(Undelivered::Gone(Gone::Person));
            }
            if world.closed.contains(&user) {
                return Err(Undelivered::DirectMessagesClosed);
            }
        }
        let known = world
            .posts
            .iter()
            .find(|post| post.letter == letter.id && post.place == letter.place && now - post.at <= NONCE_LASTS);
        let known = known.map(|post| post.id);
        let id = known.unwrap_or_else(|| world.post(letter, now));
        Ok(delivered(letter.place, id))
    }
}

impl World {
    fn id(&mut self) -> i64 {
        self.next += 1;
        900_000_000_000_000_000 + self.next
    }

    /// A thread carries its meetup's mark, by which it is found before another is opened.
    fn open_thread(&mut self, letter: &Letter) -> Delivered {
        let meetup = letter.meetup.as_ref().map(|meetup| meetup.id).unwrap();
        let standing = self.threads.iter().find(|(of, _)| *of == meetup).map(|(_, thread)| *thread);
        let thread = standing.unwrap_or_else(|| {
            let thread = ChannelId::from_column(self.id());
            self.threads.push((meetup, thread));
            thread
        });
        Delivered { channel: Some(thread), ..Delivered::default() }
    }

    fn post(&mut self, letter: &Letter, at: DateTime<Utc>) -> MessageId {
        let id = MessageId::from_column(self.id());
        let meetup = letter.meetup.as_ref();
        let proposed = |meetup: &Meetup| {
            let undecided = |standing| matches!(standing, Standing::Asked | Standing::Declined);
            // Of a table some come together without the others.
            matches!(meetup.state, State::Proposed { .. })
                || !meetup.is_table() && meetup.participants.iter().any(|one| undecided(one.standing))
        };
        self.posts.push(Post {
            id,
            place: letter.place,
            notice: letter.notice.clone(),
            letter: letter.id,
            meetup: meetup.map(|meetup| meetup.id),
            member: letter.member,
            about: meetup.iter().flat_map(|meetup| &meetup.participants).map(|one| one.user).collect(),
            starts: meetup.and_then(Meetup::appointment).map(|on| on.slot.start()),
            at,
            before_all_yes: meetup.is_some_and(proposed),
            fresh: is_fresh(letter, at),
            reactions: BTreeMap::new(),
        });
        id
    }
}

/// Whether it still helps whoever reads it then.
fn is_fresh(letter: &Letter, at: DateTime<Utc>) -> bool {
    let age = at - letter.id.time();
    let slot = letter.meetup.as_ref().and_then(|meetup| meetup.appointment()).map(|on| on.slot);
    match (&letter.notice, letter.meetup.as_ref().map(|meetup| &meetup.state)) {
        (Notice::Ask | Notice::OpenAsk, Some(State::Proposed { until })) => at < *until,
        (Notice::PostPoll { .. }, Some(State::Polling { poll })) => at < poll.closes_by,
        (Notice::ItIsOn { .. }, _) => slot.is_some_and(|slot| at < slot.start()),
        (Notice::Reminder { when: Reminder::DayBefore }, _) => {
            slot.is_some_and(|slot| at < slot.start() - chrono::Duration::hours(2))
        }
        (Notice::Reminder { when: Reminder::TwoHoursBefore }, _) => slot.is_some_and(|slot| at < slot.start()),
        (Notice::CheckIn, _) => slot.is_some_and(|slot| slot.end() < at && at < slot.end() + chrono::Duration::days(4)),
        (Notice::CheckInAgain, _) => {
            let days = chrono::Duration::days;
            slot.is_some_and(|slot| slot.end() + days(2) < at && at < slot.end() + days(7))
        }
        (Notice::PlaceNamed { .. }, _) => slot.is_some_and(|slot| at < slot.start()),
        // Written up to five days before its moment, and worth hearing for two weeks.
        (Notice::DidNotComeTogether, _) => age < chrono::Duration::days(5 + 14),
        // From its moment on, which with a rhythm is three weeks after the meetup.
        (Notice::MeetAgain, _) => age < chrono::Duration::days(21 + 14),
        (Notice::Word | Notice::WordDrafted, _) => age < chrono::Duration::days(7),
        (Notice::RoomOpening | Notice::Report, _) => true,
        _ => age < chrono::Duration::days(2) + chrono::Duration::hours(10),
    }
}

fn delivered(place: Place, message: MessageId) -> Delivered {
    let channel = match place {
        Place::Channel(channel) => channel,
        Place::Direct(user) => ChannelId::from_column(user.get()),
    };
    Delivered { channel: Some(channel), message: Some(message), ..Delivered::default() }
}

#[async_trait]
impl Messenger for Memory {
    async fn deliver(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        let said = self.request(format!("{} said", letter.id), || self.put(letter)).await;
        let takes = self.world().takes;
        if let Some(takes) = takes {
            self.clock.advance(takes);
        }
        said
    }

    async fn find(&self, letter: &Letter, since: DateTime<Utc>) -> Result<Option<Delivered>, Undelivered> {
        self.request(format!("{} sought", letter.id), || {
            let world = self.world();
            let ours = |post: &&Post| post.letter == letter.id && post.place == letter.place && post.at >= since;
            let found = world.posts.iter().find(ours);
            Ok(found.map(|post| delivered(post.place, post.id)))
        })
        .await
    }

    async fn votes(
        &self,
        channel: ChannelId,
        message: MessageId,
        _: &Poll,
    ) -> Result<Vec<(UserId, BTreeSet<Choice>)>, Undelivered> {
        self.request(format!("{message} read"), || {
            let world = self.world();
            if let Some(why) = &world.unreadable {
                return Err(Undelivered::Forbidden(why.clone()));
            }
            let poll = world.posts.iter().find(|post| post.id == message && post.place == Place::Channel(channel));
            let poll = poll.ok_or(Undelivered::Gone(Gone::Message))?;
            Ok(poll.reactions.iter().map(|(user, choices)| (*user, choices.clone())).collect())
        })
        .await
    }

    async fn presence(&self, _: CommunityId, user: UserId) -> Result<Presence, Undelivered> {
        let mut world = self.world();
        world.looks += 1;
        let gone = world.gone.contains(&user);
        Ok(if gone { Presence::Gone } else { Presence::Here { roles: Vec::new() } })
    }
}
