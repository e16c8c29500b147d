//! Who has spoken lately in one channel, and who turned to whom: the memory that cues are read from.

use super::Addressee;
use super::cues::Candidate;
use super::memory::Belief;
use super::share;
use crate::domain::ids::UserId;

/// People remembered; of #ubuntu's messages 1 in 200 answers somebody further back.
pub const PEOPLE: usize = 16;
/// What is believed less surely is not noted.
const FAINT: f32 = 0.02;
/// What remains of a tie after one more message: a half after 34.
const TIE_KEEPS: f32 = 0.98;

#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Milliseconds; of their last message.
    pub at: i64,
    /// The number of their last message; 0 if they have only been named.
    pub spoke: u32,
    /// Their messages in a row, up to the last.
    pub run: u32,
    /// How surely their last message was for nobody.
    pub alone: f32,
}

/// What one person has said to another.
#[derive(Debug, Clone, Copy, Default)]
pub struct Link {
    /// The number of the message that last went this way.
    pub at: u32,
    /// The number of the last one by name, or by which its author answered by their own act; 0 if there is none.
    pub named: u32,
    /// How surely that last message was for them.
    pub latest: f32,
    /// All since the other's last message.
    pub since: f32,
    /// All, fading.
    all: f32,
}

impl Link {
    pub fn tie(&self, now: u32) -> f32 {
        self.all * faded(now.saturating_sub(self.at))
    }

    fn add(&mut self, now: u32, sure: f32, by_name: bool, answered: u32) {
        self.since = if self.at > answered { self.since + sure } else { sure };
        self.all = self.tie(now) + sure;
        self.latest = sure;
        self.at = now;
        if by_name {
            self.named = now;
        }
    }
}

/// What remains after so many messages, up to as many as leave nothing that would count.
static FADED: [f32; 512] = {
    let mut faded = [1.0; 512];
    let mut messages = 1;
    while messages < faded.len() {
        faded[messages] = faded[messages - 1] * TIE_KEEPS;
        messages += 1;
    }
    faded
};

fn faded(messages: u32) -> f32 {
    FADED[(messages as usize).min(FADED.len() - 1)]
}

/// The last people of a channel. Places are stable until somebody is forgotten.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Who has each place.
    users: Vec<UserId>,
    known: Vec<Person>,
    /// Row by row: who said it, to whom.
    links: Vec<[Link; PEOPLE]>,
    /// Places by when they last spoke or were named, latest first.
    order: Vec<u8>,
}

impl People {
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn place_of(&self, user: UserId) -> Option<usize> {
        place_in(&self.users, &user)
    }

    /// Whether this is who has that place now.
    pub fn is_at(&self, user: UserId, place: u8) -> bool {
        self.users.get(usize::from(place)) == Some(&user)
    }

    pub fn user(&self, place: usize) -> UserId {
        self.users[place]
    }

    pub fn person(&self, place: usize) -> &Person {
        &self.known[place % PEOPLE]
    }

    pub fn link(&self, from: usize, to: usize) -> &Link {
        &self.links[from][to % PEOPLE]
    }

    /// The places of all who have spoken, the last speaker first.
    pub fn speakers(&self) -> impl Iterator<Item = usize> + '_ {
        self.order.iter().map(|place| usize::from(*place)).filter(|place| self.known[*place].spoke > 0)
    }

    /// Notes that `author` wrote message `now`, and whom of the candidates it is believed to have been for.
    pub fn guessed(&mut self, author: UserId, at: i64, now: u32, candidates: &[Candidate], belief: &Belief) -> u8 {
        let from = self.come(author);
        for candidate in candidates {
            let to = usize::from(candidate.place);
            let sure = belief.sure[to];
            // An author whom nobody knew may have taken a candidate's place.
            if sure >= FAINT && self.users[to] == candidate.user {
                self.turns(from, to, now, sure, false);
            }
        }
        self.spoke(from, at, now, belief.alone);
        as_place(from)
    }

    /// Notes that `author` wrote message `now`, to those who are named.
    pub fn named(&mut self, author: UserId, at: i64, now: u32, named: &[Addressee]) -> (u8, Belief) {
        let from = self.come(author);
        let mut belief = Belief { by_name: true, ..Belief::default() };
        for (user, sure) in named.iter().map(|to| (to.user, share(to.weight))).filter(|(_, sure)| *sure >= FAINT) {
            let to = self.come(user);
            // Naming a crowd may have pushed the author out.
            if self.users[from] != author {
                belief.sure = [0.0; PEOPLE];
                break;
            }
            self.turns(from, to, now, sure, true);
            belief.sure[to] = sure;
        }
        let from = if self.users[from] == author { self.is_latest(from) } else { self.come(author) };
        belief.sure[from] = 0.0;
        self.spoke(from, at, now, 0.0);
        (as_place(from), belief)
    }

    fn turns(&mut self, from: usize, to: usize, now: u32, sure: f32, by_name: bool) {
        let answered = self.known[to].spoke;
        self.links[from][to % PEOPLE].add(now, sure, by_name, answered);
    }

    fn spoke(&mut self, place: usize, at: i64, now: u32, alone: f32) {
        let person = &mut self.known[place];
        person.run =
            if person.spoke > 0 && person.spoke.saturating_add(1) == now { person.run.saturating_add(1) } else { 1 };
        (person.at, person.spoke, person.alone) = (at, now, alone);
    }

    /// The place of somebody, who is now the latest; whoever was silent longest makes room.
    fn come(&mut self, user: UserId) -> usize {
        let place = self.place_of(user).unwrap_or_else(|| self.make_room(user));
        self.is_latest(place)
    }

    /// Moves whoever has that place to the front of the order.
    fn is_latest(&mut self, place: usize) -> usize {
        let at = place_in(&self.order, &as_place(place)).unwrap_or(0);
        self.order.copy_within(..at, 1);
        self.order[0] = as_place(place);
        place
    }

    fn make_room(&mut self, user: UserId) -> usize {
        let new = Person { at: 0, spoke: 0, run: 0, alone: 0.0 };
        if self.known.len() < PEOPLE {
            self.users.push(user);
            self.known.push(new);
            self.links.push([Link::default(); PEOPLE]);
            self.order.push(as_place(self.known.len() - 1));
            return self.known.len() - 1;
        }
        let place = self.order.last().map_or(0, |place| usize::from(*place));
        (self.users[place], self.known[place]) = (user, new);
        self.links[place] = [Link::default(); PEOPLE];
        self.links.iter_mut().for_each(|to| to[place % PEOPLE] = Link::default());
        place
    }
}

/// Where the one is. All are looked at: to stop where it is found would be a branch that nobody could foresee.
fn place_in<T: PartialEq>(all: &[T], one: &T) -> Option<usize> {
    let mut found = usize::MAX;
    for (place, other) in all.iter().enumerate() {
        found = if other == one { place } else { found };
    }
    (found != usize::MAX).then_some(found)
}

#[expect(clippy::cast_possible_truncation, reason = "there are at most PEOPLE places")]
const fn as_place(place: usize) -> u8 {
    place as u8
}
