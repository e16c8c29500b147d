//! Who has spoken lately in one channel, and who turned to whom: the memory that cues are read from.

use std::sync::LazyLock;

use super::cues::fading;
use super::memory::Belief;
use crate::domain::ids::UserId;

/// People remembered; of #ubuntu's messages 1 in 200 answers somebody further back.
pub const PEOPLE: usize = 16;
/// What is believed less surely is not noted.
const FAINT: f32 = 0.02;
/// What remains of a tie after one more message: a half after 34.
const TIE_KEEPS: f32 = 0.98;

#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub user: UserId,
    /// Milliseconds; of their last message.
    pub at: i64,
    /// The number of their last message; 0 if they have only been named.
    pub spoke: u32,
    /// Their messages that the window has seen.
    pub messages: u32,
    /// How surely their last message was for nobody.
    pub alone: f32,
}

/// What one person has said to another.
#[derive(Debug, Clone, Copy, Default)]
pub struct Link {
    /// The number of the message that last went this way.
    at: u32,
    /// The number of the last one by name; 0 if there is none.
    named: u32,
    /// How surely that last message was for them.
    latest: f32,
    /// All since the other's last message.
    since: f32,
    /// All, fading.
    all: f32,
}

impl Link {
    /// How surely the message with this number went this way.
    pub fn of_message(&self, number: u32) -> f32 {
        if number > 0 && self.at == number { self.latest } else { 0.0 }
    }

    /// What went this way since the other's last message, which has this number.
    pub fn since(&self, number: u32) -> f32 {
        if self.at > number { self.since } else { 0.0 }
    }

    pub fn named(&self, now: u32) -> f32 {
        if self.named > 0 { fading(now.saturating_sub(self.named)) } else { 0.0 }
    }

    pub fn tie(&self, now: u32) -> f32 {
        if self.all > 0.0 { self.all * faded(now.saturating_sub(self.at)) } else { 0.0 }
    }

    /// Whether the message with this number named them, or answered them by its author's own act.
    pub const fn is_named_in(&self, number: u32) -> bool {
        number > 0 && self.named == number
    }

    fn add(&mut self, now: u32, sure: f32, by_name: bool, answered: u32) {
        self.since = self.since(answered) + sure;
        self.all = self.tie(now) + sure;
        self.latest = sure;
        self.at = now;
        if by_name {
            self.named = now;
        }
    }
}

/// What remains after so many messages as nearly always lie between.
static FADED: LazyLock<[f32; 128]> =
    LazyLock::new(|| std::array::from_fn(|messages| TIE_KEEPS.powi(i32::try_from(messages).unwrap_or(i32::MAX))));

fn faded(messages: u32) -> f32 {
    let looked_up = FADED.get(messages as usize).copied();
    looked_up.unwrap_or_else(|| TIE_KEEPS.powi(i32::try_from(messages).unwrap_or(i32::MAX)))
}

/// The last people of a channel. Places are stable until somebody is forgotten.
#[derive(Debug, Clone, Default)]
pub struct People {
    known: Vec<Person>,
    /// Row by row: who said it, to whom.
    links: Vec<Link>,
    /// Places by when they last spoke or were named, latest first.
    order: Vec<u8>,
}

impl People {
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn place_of(&self, user: UserId) -> Option<usize> {
        self.known.iter().position(|person| person.user == user)
    }

    pub fn person(&self, place: usize) -> &Person {
        &self.known[place]
    }

    pub fn link(&self, from: usize, to: usize) -> &Link {
        &self.links[from * PEOPLE + to]
    }

    /// The places of all who have spoken, the last speaker first.
    pub fn speakers(&self) -> impl Iterator<Item = usize> + '_ {
        self.order.iter().map(|place| usize::from(*place)).filter(|place| self.known[*place].spoke > 0)
    }

    /// Notes that `author` wrote message `now`, and whom it is believed to have been for.
    pub fn heard(&mut self, author: UserId, at: i64, now: u32, belief: &Belief) {
        let (from, by_name) = (self.come(author), belief.by_name);
        for &(user, sure) in belief.to.iter().filter(|(user, sure)| *sure >= FAINT && *user != author) {
            let known = self.place_of(user);
            let Some(to) = known.or_else(|| by_name.then(|| self.come(user))) else { continue };
            // Naming a crowd may have pushed the author out.
            if self.known[from].user != author {
                break;
            }
            let answered = self.known[to].spoke;
            self.links[from * PEOPLE + to].add(now, sure, by_name, answered);
        }
        let from = self.come(author);
        let person = &mut self.known[from];
        (person.at, person.spoke, person.alone) = (at, now, belief.alone());
        person.messages = person.messages.saturating_add(1);
    }

    /// The place of somebody, who is now the latest; whoever was silent longest makes room.
    fn come(&mut self, user: UserId) -> usize {
        let place = self.place_of(user).unwrap_or_else(|| self.make_room(user));
        let at = self.order.iter().position(|other| usize::from(*other) == place).unwrap_or(0);
        self.order[..=at].rotate_right(1);
        place
    }

    fn make_room(&mut self, user: UserId) -> usize {
        let new = Person { user, at: 0, spoke: 0, messages: 0, alone: 0.0 };
        if self.known.len() < PEOPLE {
            self.known.push(new);
            self.links.resize(self.known.len() * PEOPLE, Link::default());
            #[expect(clippy::cast_possible_truncation, reason = "there are at most PEOPLE places")]
            self.order.push((self.known.len() - 1) as u8);
            return self.known.len() - 1;
        }
        let place = self.order.last().map_or(0, |place| usize::from(*place));
        self.known[place] = new;
        for other in 0..PEOPLE {
            self.links[place * PEOPLE + other] = Link::default();
            self.links[other * PEOPLE + place] = Link::default();
        }
        place
    }
}
