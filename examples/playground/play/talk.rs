//! Who says what, and when: a seeded model of turn-taking among people with lasting friendships, so that ties form.

use chrono::{DateTime, Timelike};
use chrono_tz::Europe::Amsterdam;
use fake_discord::Id;
use fake_discord::talk::Dice;
use fake_discord::world::{Draft, Reference, messages};

use super::lines::{ROOMS, Room as Topic};
use super::replay::Replay;
use super::stage::Stage;
use super::town::{HOUR_MS, MINUTE_MS, Town, writes};

/// Chances in a hundred.
const REPLIES: u64 = 30;
const MENTIONS: u64 = 7;
const GOES_ON: u64 = 12;
const SOMEBODY_JOINS: u64 = 10;
const WITH_A_FRIEND: u64 = 80;
/// The visitor and their friend begin more conversations than others, above all before anybody looks, so that the first
/// round finds them.
const THE_TWO_TALK: u64 = 5;
const THE_TWO_HAVE_TALKED: u64 = 25;
/// Turns of one conversation.
const FEWEST_TURNS: usize = 4;
const MORE_TURNS: usize = 9;
/// Seconds between two turns.
const QUICKEST_TURN: usize = 12;
const SLOWER_TURNS: usize = 95;
/// Minutes between two conversations of one channel, in the evening.
const PAUSE: usize = 22;
/// Before anybody looks people rest so many times as long: whoever joins waits until the bot has read them back.
const RESTS_BEFORE: i64 = 5;
/// Seconds until they talk when somebody does.
const FIRST_TALK_WITHIN: usize = 600;
/// How likely each hour of the day is for talk, in a hundred.
const BY_HOUR: [usize; 24] =
    [14, 6, 3, 2, 2, 3, 8, 24, 40, 45, 48, 50, 62, 55, 48, 48, 55, 66, 78, 90, 100, 96, 70, 34];
/// What each friendship of a person weighs, the strongest first.
const FRIENDSHIPS: [u64; 3] = [12, 5, 2];

/// Where the talk comes from.
pub enum Source {
    Talk(Talk),
    Replay(Replay),
}

impl Source {
    /// When the next message is said; `None` where the talk is over.
    pub fn next_at(&self) -> Option<i64> {
        match self {
            Self::Talk(talk) => talk.next_at(),
            Self::Replay(replay) => replay.next_at(),
        }
    }

    /// Says the next message.
    pub fn say(&mut self, stage: &Stage) {
        match self {
            Self::Talk(talk) => talk.say(stage),
            Self::Replay(replay) => replay.say(stage),
        }
    }
}

/// A conversation under way in one channel.
#[derive(Debug)]
struct Conversation {
    people: Vec<usize>,
    turns_left: usize,
    last: Option<(usize, Id)>,
    other: Option<(usize, Id)>,
}

#[derive(Debug)]
struct Room {
    channel: Id,
    topic: &'static Topic,
    regulars: Vec<usize>,
    conversation: Option<Conversation>,
    next_at: i64,
    /// What can be said before anything is said again.
    openers: Vec<&'static str>,
    answers: Vec<&'static str>,
}

/// The invented talk, without end.
#[derive(Debug)]
pub struct Talk {
    dice: Dice,
    people: Vec<Id>,
    rooms: Vec<Room>,
    /// Of each person, others with what the friendship weighs.
    friends: Vec<Vec<(usize, u64)>>,
    /// So many times as long are the pauses between two conversations.
    rests: i64,
}

impl Talk {
    pub fn new(seed: u64, town: &Town, now: i64) -> Self {
        let mut dice = Dice::new(seed);
        let people: Vec<Id> = town.people.iter().map(|person| person.id).collect();
        let friends = friendships(&mut dice, people.len());
        let room = |(number, (channel, topic)): (usize, (&fake_discord::Channel, &'static Topic))| {
            // Everybody comes to the first room, and to one or two others; friends share one.
            let here = |person: &usize| {
                number == 0 || person / 2 % (ROOMS.len() - 1) + 1 == number || (person + number).is_multiple_of(4)
            };
            Room {
                channel: channel.id,
                topic,
                regulars: (0..people.len()).filter(here).collect(),
                conversation: None,
                next_at: now + i64::try_from(dice.below(30)).unwrap_or(0) * MINUTE_MS,
                openers: Vec::new(),
                answers: Vec::new(),
            }
        };
        let rooms = town.rooms.iter().zip(ROOMS).enumerate().map(room).collect();
        Self { dice, people, rooms, friends, rests: RESTS_BEFORE }
    }

    /// From now on somebody looks: soon there is talk everywhere.
    pub fn wakes(&mut self, now: i64) {
        self.rests = 1;
        for room in self.rooms.iter_mut().filter(|room| room.conversation.is_none()) {
            room.next_at = room.next_at.min(now + seconds(self.dice.below(FIRST_TALK_WITHIN)));
        }
    }

    pub fn next_at(&self) -> Option<i64> {
        self.rooms.iter().map(|room| room.next_at).min()
    }

    /// Says what comes next, by the clock of that moment. Whoever sits at a tab says nothing by themselves.
    pub fn say(&mut self, stage: &Stage) {
        let Some(place) = (0..self.rooms.len()).min_by_key(|place| self.rooms[*place].next_at) else { return };
        let dice = &mut self.dice;
        let room = &mut self.rooms[place];
        let now = room.next_at;
        let the_two = if self.rests == 1 { THE_TWO_TALK } else { THE_TWO_HAVE_TALKED };
        let mut talking = room.conversation.take().unwrap_or_else(|| room.open(dice, &self.friends, the_two));
        let author = talking.next_author(dice, &room.regulars);
        // Until the town is awake everybody talks, also whoever a tab waits for.
        if !stage.is_awake() || !stage.is_taken(self.people[author]) {
            let draft = room.draft(dice, &talking, author, &self.people);
            if let Some(message) = writes(stage, draft) {
                talking.other = talking.last.filter(|(last, _)| *last != author).or(talking.other);
                talking.last = Some((author, message));
            }
        }
        talking.turns_left = talking.turns_left.saturating_sub(1);
        let gap = if talking.turns_left == 0 {
            room.pause(dice) * self.rests
        } else {
            seconds(QUICKEST_TURN + dice.low(SLOWER_TURNS))
        };
        room.conversation = Some(talking).filter(|talking| talking.turns_left > 0);
        room.next_at = now + gap;
    }

    /// Who would answer somebody in this channel, and with what: a friend, else one of those who are often there.
    pub fn answer(&mut self, channel: Id, to: Id, is_away: impl Fn(Id) -> bool) -> Option<(Id, &'static str)> {
        let asked = self.people.iter().position(|person| *person == to);
        let room = self.rooms.iter_mut().find(|room| room.channel == channel)?;
        let friend = asked.and_then(|asked| weighed(&mut self.dice, &self.friends[asked]));
        let from = self.dice.below(room.regulars.len());
        let (earlier, later) = room.regulars.split_at(from);
        let mut all = friend.iter().chain(later).chain(earlier).map(|other| self.people[*other]);
        let person = all.find(|person| *person != to && !is_away(*person))?;
        Some((person, room.line(&mut self.dice, false)))
    }
}

fn seconds(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 2000) * 1000
}

/// Each pair of neighbours by number are best friends; the rest is drawn. The first two are the closest of all.
fn friendships(dice: &mut Dice, people: usize) -> Vec<Vec<(usize, u64)>> {
    let mut friends: Vec<Vec<(usize, u64)>> = vec![Vec::new(); people];
    let mut befriend = |one: usize, other: usize, weight: u64| {
        if one != other && !friends[one].iter().any(|(known, _)| *known == other) {
            friends[one].push((other, weight));
            friends[other].push((one, weight));
        }
    };
    for person in 0..people {
        if person % 2 == 0 && person + 1 < people {
            befriend(person, person + 1, if person == 0 { 24 } else { 4 + dice.roll() % FRIENDSHIPS[0] });
        }
        for weight in &FRIENDSHIPS[1..] {
            // Mostly with people who come to the same rooms.
            let other = if dice.chance(60) { (person + 12 * (1 + dice.below(4))) % people } else { dice.below(people) };
            befriend(person, other, *weight);
        }
    }
    friends
}

/// One of these, the heavier the more likely.
fn weighed(dice: &mut Dice, all: &[(usize, u64)]) -> Option<usize> {
    let sum: u64 = all.iter().map(|(_, weight)| weight).sum();
    let mut left = dice.roll() % sum.max(1);
    all.iter().find(|(_, weight)| left.checked_sub(*weight).map(|rest| left = rest).is_none()).map(|(one, _)| *one)
}

impl Room {
    fn open(&self, dice: &mut Dice, friends: &[Vec<(usize, u64)>], the_two: u64) -> Conversation {
        let opener = if dice.chance(the_two) { dice.below(2) } else { self.regulars[dice.below(self.regulars.len())] };
        let friend = if dice.chance(WITH_A_FRIEND) { weighed(dice, &friends[opener]) } else { None };
        let other = friend.unwrap_or_else(|| self.regulars[dice.below(self.regulars.len())]);
        let turns_left = FEWEST_TURNS + dice.below(MORE_TURNS);
        Conversation { people: vec![opener, other], turns_left, last: None, other: None }
    }

    /// Any line that has not been said since all were.
    fn line(&mut self, dice: &mut Dice, opens: bool) -> &'static str {
        let (left, all) =
            if opens { (&mut self.openers, self.topic.openers) } else { (&mut self.answers, self.topic.answers) };
        if left.is_empty() {
            left.extend(all);
        }
        left.swap_remove(dice.below(left.len()))
    }

    fn draft(&mut self, dice: &mut Dice, talking: &Conversation, author: usize, people: &[Id]) -> Draft {
        let mut text = self.line(dice, talking.last.is_none()).to_owned();
        let to =
            talking.last.filter(|(last, _)| *last != author).or(talking.other.filter(|(other, _)| *other != author));
        let mut draft = Draft::new(self.channel, people[author], "");
        if let Some((other, message)) = to {
            if dice.chance(REPLIES) {
                draft.kind = messages::REPLY;
                draft.reference = Some(Reference { channel: self.channel, message });
            } else if dice.chance(MENTIONS) {
                text = format!("<@{}> {text}", people[other]);
            }
        }
        draft.content = text;
        draft
    }

    fn pause(&self, dice: &mut Dice) -> i64 {
        let at = DateTime::from_timestamp_millis(self.next_at).unwrap_or_default().with_timezone(&Amsterdam);
        let lively = BY_HOUR[usize::try_from(at.hour()).unwrap_or(0) % BY_HOUR.len()];
        let minutes = (2 + dice.below(PAUSE)) * 100 / lively;
        (i64::try_from(minutes).unwrap_or(0) * MINUTE_MS).min(3 * HOUR_MS)
    }
}

impl Conversation {
    fn next_author(&mut self, dice: &mut Dice, regulars: &[usize]) -> usize {
        let Some((last, _)) = self.last else { return self.people[0] };
        if dice.chance(GOES_ON) {
            return last;
        }
        if dice.chance(SOMEBODY_JOINS) && self.people.len() < 4 {
            let newcomer = regulars[dice.below(regulars.len())];
            if !self.people.contains(&newcomer) {
                self.people.push(newcomer);
                return newcomer;
            }
        }
        let others: Vec<usize> = self.people.iter().copied().filter(|person| *person != last).collect();
        // The two who began it have most of the turns.
        let place = dice.low(others.len().max(1));
        others.get(place).copied().unwrap_or(last)
    }
}
