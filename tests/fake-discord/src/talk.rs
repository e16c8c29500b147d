//! Talk as it may be in large communities, out of a seed: for floods and benches. Nobody writes anything in it.
//!
//! A channel holds a table of people who talk with each other: mostly in turns, at times one goes on, others come and
//! go. Some channels are much busier than others, and so are some people.

use std::collections::VecDeque;

use crate::{Id, snowflake_at};

/// People who talk in a channel at one time.
const TABLE: usize = 6;
/// Messages of a channel that may still be answered.
const ANSWERABLE: usize = 8;
/// Every fifth of the people has said "count me in".
const CONSENTS: usize = 5;
/// Where the ids of people begin: nineteen digits, as most have now.
const FIRST_PERSON: Id = 1_000_000_000_000_000_000;
/// Between the ids of two people.
const APART: Id = 7_919_000_003;

/// Chance in a hundred.
const REPLIES: u64 = 30;
const MENTIONS: u64 = 8;
const SOMEBODY_COMES: u64 = 8;
const IS_BUSY: u64 = 50;
const GOES_ON: u64 = 20;
const ANSWERS_IN_TURN: u64 = 50;

/// A small source of chance with good bits (`SplitMix64`), the same everywhere from the same seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `count` numbers from 0 on, all as likely; `count` is above 0.
    #[expect(clippy::cast_possible_truncation, reason = "it is below a usize")]
    pub const fn below(&mut self, count: usize) -> usize {
        (self.roll() % count as u64) as usize
    }

    /// One of `count` numbers from 0 on, the low ones more likely: most fall into the first quarter.
    pub const fn low(&mut self, count: usize) -> usize {
        let one = self.below(count);
        one * (self.below(count) + 1) / count
    }

    pub const fn chance(&mut self, in_a_hundred: u64) -> bool {
        self.roll() % 100 < in_a_hundred
    }
}

/// One message, as far as it can be observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub community: Id,
    pub channel: Id,
    pub message: Id,
    pub author: Id,
    /// The message that it replies to, and its author.
    pub answers: Option<(Id, Id)>,
    pub mentions: Vec<Id>,
    pub at_ms: i64,
}

#[derive(Debug)]
struct Room {
    community: Id,
    channel: Id,
    /// The number of the first of its regulars.
    regulars: usize,
    table: Vec<usize>,
    latest: VecDeque<(Id, usize)>,
}

/// How large the talk is, and how fast.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub people: usize,
    /// Between two messages anywhere, on average.
    pub gap_ms: u64,
}

/// A stream of messages without end, in the order of their ids.
#[derive(Debug)]
pub struct Talk {
    dice: Dice,
    size: Size,
    rooms: Vec<Room>,
    /// Of one community; each has its own.
    people_each: usize,
    at_ms: i64,
    last: Id,
}

impl Talk {
    /// In these channels of these communities, each with an equal part of the people.
    pub fn new(seed: u64, places: &[(Id, Vec<Id>)], size: Size, from_ms: i64) -> Self {
        let mut dice = Dice::new(seed);
        let people_each = (size.people / places.len().max(1)).max(2);
        let mut rooms = Vec::new();
        for (number, (community, channels)) in places.iter().enumerate() {
            for channel in channels {
                let regulars = number * people_each + dice.below(people_each);
                rooms.push(Room {
                    community: *community,
                    channel: *channel,
                    regulars,
                    table: Vec::new(),
                    latest: VecDeque::new(),
                });
            }
        }
        Self { dice, size, rooms, people_each, at_ms: from_ms, last: 0 }
    }

    /// Communities and channels with ids of their own, where there is no Discord that made them.
    pub fn places(communities: usize, channels_each: usize) -> Vec<(Id, Vec<Id>)> {
        let id = |number: usize| 900_000_000_000_000_000 + number as Id * APART;
        let place = |number: usize| {
            let first = number * (channels_each + 1);
            (id(first), (first + 1..=first + channels_each).map(id).collect())
        };
        (0..communities).map(place).collect()
    }

    /// The person with this number, from 0 on.
    pub const fn person(number: usize) -> Id {
        FIRST_PERSON + number as Id * APART
    }

    /// Whether the person with this number is to be a member.
    pub const fn consents(number: usize) -> bool {
        number.is_multiple_of(CONSENTS)
    }

    /// All members, with their community.
    pub fn members(&self) -> Vec<(Id, Id)> {
        let mut communities: Vec<Id> = self.rooms.iter().map(|room| room.community).collect();
        communities.dedup();
        let of = |(number, community): (usize, Id)| {
            let people = number * self.people_each..(number + 1) * self.people_each;
            people.filter(|person| Self::consents(*person)).map(move |person| (community, Self::person(person)))
        };
        communities.into_iter().enumerate().flat_map(of).collect()
    }
}

impl Room {
    /// One of the half of the community that comes here; busy people come more often.
    fn newcomer(&self, dice: &mut Dice, people_each: usize) -> usize {
        let first = self.regulars / people_each * people_each;
        let here = people_each.div_ceil(2);
        let number = if dice.chance(IS_BUSY) { dice.low(here) } else { dice.below(here) };
        first + (self.regulars - first + number) % people_each
    }

    fn author(&mut self, dice: &mut Dice, people_each: usize) -> usize {
        if self.table.len() < 2 || dice.chance(SOMEBODY_COMES) {
            let newcomer = self.newcomer(dice, people_each);
            self.table.retain(|person| *person != newcomer);
            if self.table.len() == TABLE {
                self.table.remove(0);
            }
            self.table.push(newcomer);
            return newcomer;
        }
        let last = self.latest.back().map(|(_, author)| *author);
        let before = self.latest.iter().rev().map(|(_, author)| *author).find(|author| Some(*author) != last);
        match (last, before) {
            (Some(last), _) if dice.chance(GOES_ON) => last,
            (_, Some(before)) if dice.chance(ANSWERS_IN_TURN) => before,
            _ => self.table[dice.below(self.table.len())],
        }
    }

    fn answered(&self, dice: &mut Dice, author: usize) -> Option<(Id, Id)> {
        let others: Vec<_> = self.latest.iter().filter(|(_, other)| *other != author).collect();
        let place = others.len().checked_sub(1 + dice.low(others.len().max(1)))?;
        others.get(place).map(|(message, author)| (*message, Talk::person(*author)))
    }
}

impl Iterator for Talk {
    type Item = Said;

    fn next(&mut self) -> Option<Said> {
        let dice = &mut self.dice;
        let gap = dice.roll() % (2 * self.size.gap_ms + 1);
        self.at_ms += i64::try_from(gap).unwrap_or(0);
        let message = snowflake_at(self.at_ms).max(self.last + 1);
        self.last = message;
        let place = dice.low(self.rooms.len());
        let room = &mut self.rooms[place];
        let author = room.author(dice, self.people_each);
        let answers = if dice.chance(REPLIES) { room.answered(dice, author) } else { None };
        let mentions = if dice.chance(MENTIONS) {
            let named = room.table[dice.below(room.table.len())];
            Some(named).filter(|named| *named != author).into_iter().map(Self::person).collect()
        } else {
            Vec::new()
        };
        if room.latest.len() == ANSWERABLE {
            room.latest.pop_front();
        }
        room.latest.push_back((message, author));
        let (community, channel) = (room.community, room.channel);
        Some(Said { community, channel, message, author: Self::person(author), answers, mentions, at_ms: self.at_ms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk() -> Talk {
        Talk::new(7, &Talk::places(4, 50), Size { people: 10_000, gap_ms: 35 }, crate::DEFAULT_START_MS)
    }

    #[test]
    fn the_same_seed_says_the_same() {
        assert!(talk().take(1000).eq(talk().take(1000)));
    }

    #[test]
    fn it_is_as_lively_as_it_says() {
        let said: Vec<Said> = talk().take(20_000).collect();
        assert!(said.windows(2).all(|two| two[0].message < two[1].message));
        let share = |count: usize| count * 100 / said.len();
        assert!((28..=30).contains(&share(said.iter().filter(|said| said.answers.is_some()).count())));
        assert!((4..=8).contains(&share(said.iter().filter(|said| !said.mentions.is_empty()).count())));
        let authors: std::collections::BTreeSet<Id> = said.iter().map(|said| said.author).collect();
        assert!(authors.len() > 1_500, "{} authors", authors.len());
        assert_eq!(talk().members().len(), 2_000);
        assert!(said.iter().all(|said| said.answers.is_none_or(|(answered, _)| answered < said.message)));
    }
}
