//! What follows from meetups that are over: straight to another poll, where it did not happen or where all of them would
//! meet again, and a nameless line about how many were held.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;

use super::round::DOORBELL_KEEPS;
use super::{Refusal, Result, Wallflower};
use crate::domain::ids::{MeetupId, NoticeId, UserId};
use crate::domain::meetup::{Circumstances, Event, Meetup, Offer, Participant, State};
use crate::domain::notice::{Address, Draft, Notice};
use crate::domain::nudge::next_allowed;
use crate::store::Candidates;
use crate::texts::one_line;

/// A line about what was held looks this far back, and comes no more often.
const MONTH: Duration = Duration::days(30);
/// With fewer, it would be clear who they were.
const FEWEST_HELD: u32 = 3;
/// As the database names the notice.
const HELD_LATELY: &str = "held_lately";

/// In characters: a word, and no letter.
pub const LONGEST_WORD: usize = 200;

impl Wallflower {
    /// Whether they would meet the others again. Told to nobody, unless all of them would.
    pub async fn meets_again(&self, id: MeetupId, user: UserId, again: bool) -> Result<Meetup> {
        self.as_participant(id, Event::MeetsAgain { user, again }, user).await
    }

    /// A word for the community, for the others to agree with.
    pub async fn draft_word(&self, id: MeetupId, user: UserId, typed: &str) -> Result<Meetup> {
        let word: String = one_line(typed).chars().take(LONGEST_WORD).collect();
        if word.is_empty() {
            return Err(Refusal::NoWord.into());
        }
        self.as_participant(id, Event::DraftsWord { user, word }, user).await
    }

    /// Whether that word is fine with this one. Nobody is told what anybody says.
    pub async fn answer_word(&self, id: MeetupId, user: UserId, fine: bool) -> Result<Meetup> {
        self.as_participant(id, Event::AnswersWord { user, fine }, user).await
    }

    /// Opens the next poll of the same people, at the wish of one of them. Who cannot or would rather not makes it
    /// impossible, and is not told apart.
    pub async fn go_on(&self, id: MeetupId, user: UserId) -> Result<Meetup> {
        let _turn = self.turns.at(id).await;
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        meetup.participant(user).filter(|seat| seat.is_in()).ok_or(Refusal::NotYours)?;
        if !meetup.may_go_on() {
            return Err(Refusal::NotAgain.into());
        }
        let programme = self.store.programme(meetup.community).await?.ok_or(Refusal::NotSetUp)?;
        let mut people = self.people_of(&meetup).await?;
        people.retain(|member| meetup.participant(member.user).is_some_and(Participant::is_in));
        let now = self.now();
        // What was asked about then may be asked about again.
        let anew = Meetup { asked_slots: Vec::new(), state: State::Proposed { until: now }, ..meetup.clone() };
        let Offer { setting, slots, by_a_trip } = self.offer_for(&anew, &people, Some(&programme)).await?;
        if slots.is_empty() {
            return Err(Refusal::NoTimes.into());
        }
        let around = Circumstances {
            now,
            slots: &slots,
            hosted_last: None,
            // They have met, or were to: nobody has to hold them together any more.
            tied: &BTreeSet::new(),
            setting,
            by_a_trip,
            ballot: programme.ballot,
            place_by: programme.place_by,
            reminders: programme.reminders,
        };
        let step = meetup.sequel(self.new_meetup_id(), &around);
        let ids = self.new_notice_ids(step.notices.len());
        let persons = self.persons_of(&meetup);
        let what = (programme.number, ids.as_slice());
        if !self.store.create_sequel(&step, &meetup, &persons, what, now).await? {
            return Err(Refusal::NotAgain.into());
        }
        self.ring();
        Ok(step.meetup)
    }

    /// Whether an offer to go on is still to be made.
    pub(super) async fn may_still_go_on(&self, meetup: &Meetup) -> Result<bool> {
        Ok(meetup.may_go_on() && self.store.may_have_sequel(meetup, &self.persons_of(meetup), self.now()).await?)
    }

    /// Whether what those who met would say may still be said: all of them take part, and none avoids another.
    pub(super) async fn are_still_together(&self, meetup: &Meetup) -> Result<bool> {
        Ok(self.store.are_still_together(meetup, &self.persons_of(meetup), self.now()).await?)
    }

    /// The line of a month in which enough meetups were held, with the first round after it. It names nobody.
    pub(super) async fn held_lately(&self, candidates: &Candidates) -> Result<Option<(Draft, NoticeId)>> {
        let (now, id) = (self.now(), candidates.community.id);
        let count = self.store.held_since(id, now - MONTH).await?;
        if count < FEWEST_HELD || self.store.was_written_since(id, HELD_LATELY, now - MONTH).await? {
            return Ok(None);
        }
        let due_at = next_allowed(now, candidates.community.zone);
        let not_after = due_at + DOORBELL_KEEPS;
        let draft = Draft { notice: Notice::HeldLately { count }, to: Address::Programme, due_at, not_after };
        Ok(self.new_notice_ids(1).pop().map(|id| (draft, id)))
    }

    fn persons_of(&self, meetup: &Meetup) -> BTreeMap<UserId, String> {
        meetup.present().map(|one| (one.user, self.person(meetup.community, one.user))).collect()
    }
}
