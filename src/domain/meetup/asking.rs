//! While each one is asked alone. Nothing is shown before the deadline or all yeses.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::event::{Circumstances, Event, Fact, SaidBy, Step};
use super::step::FEWEST_AT_A_TABLE;
use super::{Fizzle, Kind, Participant, Standing, Style, Yes};
use crate::domain::ids::{Pair, UserId};
use crate::domain::notice::{Address, Notice};

impl Step {
    pub(super) fn while_proposed(
        mut self,
        event: &Event,
        until: DateTime<Utc>,
        around: &Circumstances,
    ) -> Option<Self> {
        match *event {
            Event::SaysYes { user } => {
                self.stand(user, |was| *was == Standing::Asked, Standing::In { since: around.now, by: Yes::Answer })?;
                // Of a table nobody is left out before the deadline: it would show that they had answered.
                if self.meetup.held_together(around.tied).len() == self.meetup.invited {
                    self.meetup.asked_until = Some(until);
                    self = self.choose_host(around).open_room(around);
                }
                Some(self)
            }
            Event::SaysNo { user } => {
                self.stand(user, |was| *was != Standing::Out, Standing::Declined)?;
                Some(self)
            }
            Event::SaysWeKnowEachOther { user } => {
                self.stand(user, |was| *was != Standing::Out, Standing::Known)?;
                Some(self)
            }
            Event::Withdraws { user } => {
                self.stand(user, |_| true, Standing::Out)?;
                Some(self)
            }
            // All had said yes, and it has come to nothing quietly.
            Event::RoomOpened { channel } if self.meetup.room.is_none() => {
                self.meetup.room = Some(channel);
                Some(self)
            }
            Event::Introduced | Event::PollPosted { .. } if self.meetup.asked_until.is_some() => {
                Some(self.end_after_words(around))
            }
            Event::TimePassed if until <= around.now => {
                self.keep_who_know_each_other(around);
                let held = self.meetup.held_together(around.tied);
                // What has come to nothing quietly, with all in, does not come together a second time.
                let comes =
                    self.meetup.is_table() && held.len() >= FEWEST_AT_A_TABLE && self.meetup.asked_until.is_none();
                if !comes {
                    return Some(self.fizzle(Fizzle::NotEverybody, around));
                }
                self.meetup.asked_until = Some(until);
                self.leave_out_all_but(&held, around);
                Some(self.choose_host(around).open_room(around))
            }
            Event::TimePassed => Some(self),
            _ => None,
        }
    }

    /// The others drop out without a word, whatever they answered. Who had said yes hears what a no would have told them,
    /// when it would have.
    pub(super) fn leave_out_all_but(&mut self, held: &BTreeSet<UserId>, around: &Circumstances) {
        let at = self.meetup.asked_until.map_or(around.now, |until| until.max(around.now));
        let mut hopeful = Vec::new();
        for one in self.meetup.participants.iter_mut().filter(|one| !held.contains(&one.user)) {
            if one.is_in() {
                hopeful.push(one.user);
            }
            // Their own answer is theirs to read again; that they gave none, or went, is not told from each other.
            if !matches!(one.standing, Standing::Declined | Standing::Known) {
                one.standing = Standing::Absent;
            }
        }
        for user in hopeful {
            self.tell_the_news(user, at);
        }
    }

    /// Kept only now: at once, it would show the other what was answered.
    fn keep_who_know_each_other(&mut self, around: &Circumstances) {
        let people = &self.meetup.participants;
        for one in people.iter().filter(|one| one.standing == Standing::Known) {
            let pairs = people.iter().filter_map(|other| Pair::new(one.user, other.user));
            self.facts.extend(pairs.map(|pair| Fact::Met { pair, at: around.now, said_by: SaidBy::Known }));
        }
    }

    /// Who leads: whoever said yes first, unless they hosted last. An open evening names nobody but its proposer, so
    /// without them nobody leads.
    pub(super) fn choose_host(mut self, around: &Circumstances) -> Self {
        if self.meetup.kind == Kind::OpenEvening {
            return self;
        }
        let order = |one: &&Participant| (Some(one.user) == around.hosted_last, one.yes_since(), one.user);
        let host = self.meetup.present().min_by_key(order).map(|one| one.user);
        self.meetup.participants.iter_mut().for_each(|one| one.host = Some(one.user) == host);
        self
    }

    pub(super) fn open_room(mut self, around: &Circumstances) -> Self {
        if around.slots.is_empty() {
            return self.fizzle(Fizzle::NoCommonTime, around);
        }
        if self.meetup.style == Style::Discreet {
            // Wanted as long as the meetup is, also after days of silence.
            let not_after = DateTime::<Utc>::MAX_UTC;
            self.say(Notice::OpenRoom, Address::Room, around.now, not_after);
            self.say(Notice::RoomOpening, Address::Room, around.now, not_after);
        }
        self.poll(None, around)
    }
}
