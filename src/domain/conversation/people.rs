//! Who has spoken lately in one channel, and who turned to whom: the memory that cues are read from.

use super::Addressee;
use super::constants::HALF_SAID;
use super::links::Links;
use super::memory::Belief;
use super::numbers::{FOURS, Four, Row, TOGETHER};
use super::share;
use crate::domain::ids::UserId;

/// People remembered; of #ubuntu's messages 1 in 200 answers somebody further back. Each has a place.
pub const PEOPLE: usize = 16;
/// One of each place.
pub type Each<T> = [T; PEOPLE];
/// Which message of the channel, from 1; 0 for none. A fraction as all else is that cues are reckoned from, and exact up to
/// [`MOST_MESSAGES`].
pub type Number = f32;

/// When so many were heard, all numbers are written smaller.
pub const MOST_MESSAGES: Number = 8_388_608.0;
/// By so many: what is older than that is as old as that.
const WRITTEN_SMALLER_BY: Number = 4_194_304.0;
/// What is believed less surely is not noted.
const FAINT: f32 = 0.02;
/// Who has a place that is not taken.
const UNTAKEN: UserId = UserId::from_column(0);

/// The last people of a channel. Places are stable until somebody is forgotten.
#[derive(Debug, Clone)]
pub struct People {
    /// Who has each place.
    users: Each<UserId>,
    /// Milliseconds; when each wrote their last message.
    at: Each<f64>,
    /// Their last message; none if they have only been named.
    spoke: Row,
    /// Their messages in a row, up to the last, as a share of those and of [`HALF_SAID`].
    pub run: Row,
    /// How surely their last message was for nobody.
    pub alone: Row,
    /// The message with which each came: what is from before is not theirs.
    came: Row,
    /// Messages in a row, up to the last of whoever spoke last.
    in_a_row: f32,
    /// The last two who spoke, the latest first.
    latest: [Option<u8>; 2],
    /// When each last spoke or was named, counted by [`Self::touches`].
    touched: Each<u32>,
    touches: u32,
    /// What they have said to each other.
    pub links: Links,
}

impl Default for People {
    fn default() -> Self {
        Self {
            users: [UNTAKEN; PEOPLE],
            at: Each::default(),
            spoke: Row::default(),
            run: Row::default(),
            alone: Row::default(),
            came: Row::default(),
            in_a_row: 0.0,
            latest: [None; 2],
            touched: Each::default(),
            touches: 0,
            links: Links::default(),
        }
    }
}

impl People {
    pub const fn users(&self) -> &Each<UserId> {
        &self.users
    }

    /// All are looked at: to stop where it is found would be a branch that nobody could foresee.
    pub fn place_of(&self, user: UserId) -> Option<usize> {
        let mut found = PEOPLE;
        for (place, other) in self.users.iter().enumerate() {
            found = if *other == user { place } else { found };
        }
        (found < PEOPLE).then_some(found)
    }

    /// When somebody wrote their last message, and its number, if they have written any.
    pub fn last_of(&self, place: usize) -> Option<(f64, Number)> {
        Some((self.at[place % PEOPLE], self.spoke[place])).filter(|(_, number)| *number > 0.0)
    }

    /// The numbers of the last messages of four.
    pub const fn spoke(&self, four: usize) -> Four {
        self.spoke.four(four)
    }

    /// The places of those whose last message is as this says, a bit for each.
    pub fn which_spoke(&self, is: impl Fn(Four) -> Four) -> u32 {
        self.spoke.which(is)
    }

    /// How long ago those of four were, in milliseconds.
    pub fn silence(&self, four: usize, now: f64) -> Four {
        let first = four % FOURS * TOGETHER;
        let of = |place: usize| length(self.at[first + place], now);
        Four::new([of(0), of(1), of(2), of(3)])
    }

    /// The last speaker but this one.
    pub fn previous(&self, but: Option<usize>) -> Option<usize> {
        self.latest.iter().flatten().map(|place| usize::from(*place)).find(|place| Some(*place) != but)
    }

    /// 1 for each who has had their place since that message.
    pub fn there_since(&self, number: Number) -> Row {
        Row::of(|four| self.came.four(four).simd_le(Four::splat(number)) & Four::splat(1.0))
    }

    /// Notes that `author`, who has the place `me` if they are remembered, wrote message `now`, and whom it is believed to
    /// have been for. Returns the author's place.
    pub fn guessed(&mut self, me: Option<usize>, author: UserId, at: f64, now: Number, belief: &Belief) -> usize {
        let from = self.come(me, author, now);
        let mut sure = Row::of(|four| noted(belief.sure.four(four)));
        // An author whom nobody knew may have taken the place of one who was meant.
        sure[from] = 0.0;
        self.links.turns(from, &sure);
        self.speaks(from, at, now, belief.alone);
        from
    }

    /// Notes that `author` wrote message `now`, to those who are named. Returns the author's place, and whom it is
    /// known to be for.
    pub fn named(
        &mut self,
        me: Option<usize>,
        author: UserId,
        at: f64,
        now: Number,
        named: &[Addressee],
    ) -> (usize, Belief) {
        let from = self.come(me, author, now);
        let mut belief = Belief { by_name: true, ..Belief::default() };
        for (user, sure) in named.iter().map(|to| (to.user, share(to.weight))).filter(|(_, sure)| *sure >= FAINT) {
            let to = self.come(self.place_of(user), user, now);
            belief.sure[to] = sure;
        }
        // Naming a crowd may have pushed the author out.
        let from = self.come(Some(from).filter(|from| self.users[*from] == author), author, now);
        belief.sure[from] = 0.0;
        self.links.turns(from, &belief.sure);
        (0..PEOPLE).filter(|place| belief.sure[*place] > 0.0).for_each(|to| self.links.names(from, to, now));
        self.speaks(from, at, now, 0.0);
        (from, belief)
    }

    /// Writes all numbers of messages smaller when there are too many. Returns by how much.
    pub fn renumber(&mut self, messages: Number) -> Number {
        if messages < MOST_MESSAGES {
            return 0.0;
        }
        let smaller = |number: Number| if number > 0.0 { (number - WRITTEN_SMALLER_BY).max(1.0) } else { number };
        for place in 0..PEOPLE {
            self.spoke[place] = smaller(self.spoke[place]);
            self.came[place] = smaller(self.came[place]);
        }
        self.links.renumber(smaller);
        WRITTEN_SMALLER_BY
    }

    fn speaks(&mut self, place: usize, at: f64, now: Number, alone: f32) {
        let here = Some(as_place(place));
        self.in_a_row = if self.latest[0] == here { self.in_a_row + 1.0 } else { 1.0 };
        self.at[place % PEOPLE] = at;
        (self.spoke[place], self.alone[place], self.run[place]) =
            (now, alone, self.in_a_row / (self.in_a_row + HALF_SAID));
        self.latest = [here, self.previous(Some(place)).map(as_place)];
    }

    /// The place of somebody, who is now the latest; whoever was silent longest makes room.
    fn come(&mut self, place: Option<usize>, user: UserId, now: Number) -> usize {
        debug_assert_eq!(place, self.place_of(user), "nobody has two places");
        let place = place.unwrap_or_else(|| self.make_room(user, now));
        self.touches = self.touches.saturating_add(1);
        self.touched[place % PEOPLE] = self.touches;
        place
    }

    fn make_room(&mut self, user: UserId, now: Number) -> usize {
        // A place that nobody has yet was never touched.
        let place = (0..PEOPLE).min_by_key(|place| self.touched[*place]).unwrap_or(0);
        (self.users[place], self.at[place]) = (user, 0.0);
        (self.spoke[place], self.run[place], self.alone[place], self.came[place]) = (0.0, 0.0, 0.0, now);
        self.links.forget(place);
        for latest in &mut self.latest {
            *latest = latest.filter(|latest| usize::from(*latest) != place);
        }
        place
    }
}

/// What of a belief is noted.
fn noted(sure: Four) -> Four {
    sure & sure.simd_ge(Four::splat(FAINT))
}

/// From one moment to a later one; none if it is not later.
#[expect(clippy::cast_possible_truncation, reason = "seven digits of a time are enough")]
pub fn length(then: f64, now: f64) -> f32 {
    (if now > then { now - then } else { 0.0 }) as f32
}

#[expect(clippy::cast_possible_truncation, reason = "there are at most PEOPLE places")]
const fn as_place(place: usize) -> u8 {
    place as u8
}
