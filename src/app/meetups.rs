//! What happens to a meetup: one door for all events, whoever they come from.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::round::RETENTION_WEEKS;
use super::{Refusal, Result, Stop, Wallflower};
use crate::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, NoticeId, Pair, UserId};
use crate::domain::meetup::{Account, Circumstances, Event, Kind, Meetup, Offer, Participant, Standing, State};
use crate::domain::member::{Member, Profile, Setting};
use crate::domain::notice::{Address, Draft, Notice};
use crate::domain::pairing::{About, weigh};
use crate::domain::poll::{Ballot, Choice};
use crate::domain::slot::{DEFAULT_LEAD_DAYS, Person, Schedule, Wishes};
use crate::domain::tie::{Counts, HalfLife, Week};
use crate::store::{Outcome, Programme, Saved};
use crate::texts::one_line;

/// A step that finds the meetup changed meanwhile, by another process, is made again on the newer one, this often.
const MOST_TRIES: usize = 8;
/// A name for a place, as in Discord's own events.
pub const PLACE_LENGTH: usize = 100;
/// A link to a call may be longer than a name.
const LINK_LENGTH: usize = 300;
/// A word about why something is called off, in characters; no letter.
pub const LONGEST_REASON: usize = 200;
/// An answer to an ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    Yes,
    NotNow,
    KnowEachOther,
    /// "Rather not with this person".
    Avoid,
    Report,
}

/// What somebody says under a poll, on Discord.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Reaction(Choice),
    /// The answer with this number in Discord's own poll.
    Answer(u8),
}

/// What becomes of a report, for whoever made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    /// There is a moderators' channel; else it is kept until there is one.
    pub has_readers: bool,
    /// The two are not suggested to each other again. Of an open evening it is not known who is meant.
    pub keeps_apart: bool,
}

/// What a member has before them: asks to answer, meetups to come, check-ins to give.
#[derive(Debug, Clone, Default)]
pub struct Mine {
    pub asks: Vec<Meetup>,
    pub polls: Vec<Meetup>,
    pub upcoming: Vec<Meetup>,
    pub check_ins: Vec<Meetup>,
    /// What didn't come together, and they have not heard of yet.
    pub news: Vec<Meetup>,
}

/// One meeting that happened, as a member's own passport shows it.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    pub at: DateTime<Utc>,
    /// The others who have not erased themselves.
    pub with: Vec<UserId>,
    /// How many have: each is "someone".
    pub someone: usize,
    pub place: Option<String>,
}

impl Wallflower {
    /// Loads, steps and saves; again where somebody else was faster. Returns the meetup after the step.
    pub async fn advance(&self, id: MeetupId, event: &Event) -> Result<Meetup> {
        self.advance_settling(id, event, None).await
    }

    /// Like [`Self::advance`], settling the delivery that the event tells of in the same transaction.
    pub(super) async fn advance_settling(
        &self,
        id: MeetupId,
        event: &Event,
        settled: Option<(NoticeId, &Outcome)>,
    ) -> Result<Meetup> {
        let _turn = self.turns.at(id).await;
        for _ in 0..MOST_TRIES {
            let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
            if let Some(meetup) = self.advance_from(meetup, event, settled, self.now()).await? {
                return Ok(meetup);
            }
        }
        Err(Stop::Contention)
    }

    /// Steps from what was loaded, and saves; `None` where it has moved on since.
    async fn advance_from(
        &self,
        meetup: Meetup,
        event: &Event,
        settled: Option<(NoticeId, &Outcome)>,
        now: DateTime<Utc>,
    ) -> Result<Option<Meetup>> {
        let programme = self.store.programme(meetup.community).await?;
        let settings = |programme: &Programme| (programme.ballot, programme.place_by, programme.reminders);
        let (ballot, place_by, reminders) = programme.as_ref().map(settings).unwrap_or_default();
        let tied = self.tied_in(&meetup).await?;
        let offer = if event.may_open_a_poll() {
            let people = self.people_coming(&meetup, event, &tied).await?;
            self.offer_for(&meetup, &people, programme.as_ref()).await?
        } else {
            Offer::default()
        };
        let hosted_last = self.store.hosted_last(&meetup).await?;
        let (Offer { setting, slots, by_a_trip }, tied) = (&offer, &tied);
        let (setting, by_a_trip) = (*setting, *by_a_trip);
        let around = Circumstances { now, slots, hosted_last, tied, setting, by_a_trip, ballot, place_by, reminders };
        let step = meetup.step(event, &around)?;
        let ids = self.new_notice_ids(step.notices.len());
        if self.store.save_step(&step, &ids, settled, around.now).await? != Saved::Yes {
            return Ok(None);
        }
        self.ring();
        Ok(Some(step.meetup))
    }

    /// Which two of a table talk with each other enough to be suggested, as of when it was: what fades while it is being asked
    /// parts nobody, what was erased meanwhile does.
    async fn tied_in(&self, meetup: &Meetup) -> Result<BTreeSet<Pair>> {
        if !meetup.is_table() || meetup.introduced || meetup.is_over() {
            return Ok(BTreeSet::new());
        }
        let Some(community) = self.store.community(meetup.community).await? else { return Ok(BTreeSet::new()) };
        let (half_life, asked_at) = (HalfLife::of_community(community.half_life_days), meetup.created_at);
        let since = Week::of(asked_at).earlier(RETENTION_WEEKS);
        let ties = self.store.ties_among(meetup.community, meetup.id, since).await?;
        let edge =
            |(pair, counts): (&Pair, &Counts)| weigh(*pair, counts, &About::default(), asked_at, Some(half_life));
        Ok(ties.iter().filter_map(edge).map(|edge| edge.pair).collect())
    }

    /// Those who would come to a poll that opens by this event: of a table, whoever the others are held by.
    async fn people_coming(&self, meetup: &Meetup, event: &Event, tied: &BTreeSet<Pair>) -> Result<Vec<Member>> {
        let mut people = self.people_of(meetup).await?;
        if meetup.is_table() {
            let coming = meetup.held_together(tied);
            let is_coming = |user: UserId| match meetup.state {
                State::Proposed { .. } => coming.contains(&user) || matches!(event, Event::SaysYes { .. }),
                _ => meetup.participant(user).is_some_and(Participant::is_in),
            };
            people.retain(|member| is_coming(member.user));
        }
        Ok(people)
    }

    pub(super) async fn people_of(&self, meetup: &Meetup) -> Result<Vec<Member>> {
        let mut people = Vec::new();
        for participant in &meetup.participants {
            people.extend(self.store.member(meetup.community, participant.user).await?);
        }
        Ok(people)
    }

    /// What a poll opened now would offer to these.
    pub(super) async fn offer_for(
        &self,
        meetup: &Meetup,
        members: &[Member],
        programme: Option<&Programme>,
    ) -> Result<Offer> {
        if !matches!(meetup.state, State::Proposed { .. } | State::Polling { .. } | State::Scheduled { .. }) {
            return Ok(Offer::default());
        }
        let schedules = self.schedules(meetup, members).await?;
        let people: Vec<Person<'_>> = schedules.iter().map(Schedule::person).collect();
        let lead_days = programme.map_or(DEFAULT_LEAD_DAYS, |programme| programme.lead_days);
        let wishes = Wishes { not_again: &meetup.asked_slots, ..Wishes::after(self.now(), lead_days) };
        if meetup.kind == Kind::OpenEvening {
            let there = Profile { city: meetup.city, ..Profile::default() };
            let host = meetup.host().and_then(|host| members.iter().find(|member| member.user == host.user));
            let host = host.map_or(&there, |host| &host.profile);
            return Ok(Offer::of_an_evening(&people, [host, &there], &wishes));
        }
        let profiles: Vec<&Profile> = members.iter().map(|member| &member.profile).collect();
        let offer = Offer::to(&people, &profiles, &wishes);
        Ok(if offer.gives_up_a_visit(meetup, &profiles) { Offer::default() } else { offer })
    }

    /// An answer to an ask, from whichever door it was clicked at.
    pub async fn answer(&self, id: MeetupId, user: UserId, answer: Answer) -> Result<()> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        if meetup.participant(user).is_none() {
            return Err(Refusal::NotYours.into());
        }
        match answer {
            Answer::Yes => self.advance(id, &Event::SaysYes { user }).await.map(drop),
            Answer::NotNow => self.advance(id, &Event::SaysNo { user }).await.map(drop),
            Answer::KnowEachOther => self.advance(id, &Event::SaysWeKnowEachOther { user }).await.map(drop),
            Answer::Avoid => {
                self.avoid_all_in(&meetup, user).await?;
                self.withdraw(id, user).await
            }
            Answer::Report => self.report(&meetup, user).await,
        }
    }

    /// Stops all between the reporter and the others at once, and tells only the moderators.
    async fn report(&self, meetup: &Meetup, reporter: UserId) -> Result<()> {
        self.avoid_all_in(meetup, reporter).await?;
        let now = self.now();
        let draft = Draft {
            notice: Notice::Report,
            to: Address::Moderators { reporter },
            due_at: now,
            not_after: DateTime::<Utc>::MAX_UTC,
        };
        let ids = self.new_notice_ids(1);
        self.store.say_about(meetup, &draft, ids[0], now).await?;
        self.ring();
        // Also from somebody who is out already: what they tell has been received.
        self.withdraw(meetup.id, reporter).await
    }

    /// What becomes of a report about this meetup.
    pub async fn reported(&self, id: MeetupId) -> Result<Reported> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        let community = self.store.community(meetup.community).await?.ok_or(Refusal::NotSetUp)?;
        let keeps_apart = meetup.kind == Kind::Suggested;
        Ok(Reported { has_readers: community.moderators.is_some(), keeps_apart })
    }

    /// Of an open evening it is not known who is meant, so it keeps nobody apart.
    async fn avoid_all_in(&self, meetup: &Meetup, user: UserId) -> Result<()> {
        if meetup.kind == Kind::OpenEvening {
            return Ok(());
        }
        for other in meetup.company_of(user).filter(|other| other.user != user) {
            let person = self.person(meetup.community, other.user);
            self.store.avoid(meetup.community, user, &person, self.now()).await?;
        }
        Ok(())
    }

    /// One reaction under a poll, or one answer in Discord's own, added or taken back. What is no vote (another message, a
    /// bystander, a reaction where one votes otherwise) changes nothing and is not stored.
    pub async fn react(&self, poll: MessageId, user: UserId, said: Said, chosen: bool) -> Result<()> {
        let Some(meetup) = self.store.meetup_by_poll(poll).await? else { return Ok(()) };
        let State::Polling { poll } = &meetup.state else { return Ok(()) };
        let choice = match said {
            Said::Reaction(choice) if poll.ballot == Ballot::Reactions => choice,
            Said::Answer(number) if poll.ballot == Ballot::Native => match poll.answer(number) {
                Some(choice) => choice,
                None => return Ok(()),
            },
            Said::Reaction(_) | Said::Answer(_) => return Ok(()),
        };
        let Some(zone) = self.voter(&meetup, user).await? else { return Ok(()) };
        match self.advance(meetup.id, &Event::Votes { user, zone, choice, chosen }).await {
            Ok(_) | Err(Stop::Refusal(_)) => Ok(()),
            Err(stop) => {
                // It stands under the poll all the same.
                self.was_absent();
                Err(stop)
            }
        }
    }

    /// Takes what Discord shows under a poll, and closes it where that is due: votes missed while offline count too.
    /// `meetup` was loaded before Discord was asked, at `asked_at`: what was read before a poll is due does not close it.
    /// `None` where the meetup has moved on since: somebody voted meanwhile, and what was read may be older than their vote.
    pub async fn take_poll(
        &self,
        meetup: Meetup,
        seen: Vec<(UserId, BTreeSet<Choice>)>,
        asked_at: DateTime<Utc>,
    ) -> Result<Option<Meetup>> {
        let mut votes = Vec::new();
        for (user, choices) in seen {
            if let Some(zone) = self.voter(&meetup, user).await? {
                votes.push((user, zone, choices));
            }
        }
        self.advance_from(meetup, &Event::PollRead { votes }, None, asked_at).await
    }

    /// The zone of somebody whose votes count: a participant, or (open evening) any member who takes part.
    pub(super) async fn voter(&self, meetup: &Meetup, user: UserId) -> Result<Option<Tz>> {
        if let Some(participant) = meetup.participant(user).filter(|participant| participant.is_in()) {
            return Ok(Some(participant.zone));
        }
        if meetup.kind != Kind::OpenEvening {
            return Ok(None);
        }
        let Some(community) = self.store.community(meetup.community).await? else { return Ok(None) };
        let member = self.store.member(meetup.community, user).await?;
        Ok(member.filter(|member| member.takes_part(self.now())).map(|member| member.zone(community.zone)))
    }

    /// The host says where: a public place or a way to call, in their own words.
    pub async fn name_place(&self, id: MeetupId, user: UserId, place: &str) -> Result<Meetup> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        let place = one_line(place);
        if place.is_empty() || place.chars().count() > longest_place(meetup.setting) {
            return Err(Refusal::NoSuchPlace.into());
        }
        if meetup.host().is_none_or(|host| host.user != user) {
            return Err(Refusal::NotTheHost.into());
        }
        self.advance(id, &Event::NamesPlace { user, place }).await
    }

    /// Something that only somebody who is in may do.
    pub async fn as_participant(&self, id: MeetupId, event: Event, user: UserId) -> Result<Meetup> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        if meetup.participant(user).is_none_or(|participant| !participant.is_in()) {
            return Err(Refusal::NotYours.into());
        }
        self.advance(id, &event).await
    }

    /// Another time: each of two may ask for one; of an open evening only its proposer.
    pub async fn another_time(&self, id: MeetupId, user: UserId) -> Result<Meetup> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        if meetup.kind == Kind::OpenEvening && meetup.host().is_none_or(|host| host.user != user) {
            return Err(Refusal::NotTheProposer.into());
        }
        match self.as_participant(id, Event::WantsAnotherTime { user }, user).await {
            Err(Stop::Refusal(Refusal::Settled)) => Err(self.no_other_time(id, Refusal::NoOtherPoll).await?.into()),
            done => done,
        }
    }

    /// Why what has a time gets no other one, and what there is in place of it; as `otherwise` where one could be named.
    pub(super) async fn no_other_time(&self, id: MeetupId, otherwise: Refusal) -> Result<Refusal> {
        let meetup = self.store.meetup(id).await?.filter(|meetup| matches!(meetup.state, State::Scheduled { .. }));
        Ok(match meetup {
            Some(meetup) if !meetup.may_be_moved() => Refusal::NoOtherTime,
            Some(_) => otherwise,
            None => Refusal::Settled,
        })
    }

    /// Calls it off for all, with a word in one's own words.
    pub async fn call_off(&self, id: MeetupId, user: UserId, reason: &str) -> Result<Meetup> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        if meetup.kind == Kind::OpenEvening && meetup.host().is_none_or(|host| host.user != user) {
            return Err(Refusal::NotTheProposer.into());
        }
        let reason = one_line(reason);
        let reason: String = reason.chars().take(LONGEST_REASON).collect();
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        self.as_participant(id, Event::CallsOff { user, reason }, user).await
    }

    /// Their news of these has been shown to them. What they had heard already stays so.
    pub async fn hears_the_news(&self, user: UserId, of: &[MeetupId]) -> Result<()> {
        for id in of {
            match self.advance(*id, &Event::HearsTheNews { user }).await {
                Ok(_) | Err(Stop::Refusal(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    /// What somebody tells after a meetup. "Something was not right" is a report as well.
    pub async fn check_in(&self, id: MeetupId, user: UserId, account: Account) -> Result<Meetup> {
        if account == Account::NotRight {
            // First of all, so that a click that is cut off and made again finds them apart.
            let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
            meetup.participant(user).filter(|one| one.is_in()).ok_or(Refusal::NotYours)?;
            self.avoid_all_in(&meetup, user).await?;
        }
        self.as_participant(id, Event::ChecksIn { user, account }, user).await
    }

    /// What this member has before them.
    pub async fn mine(&self, community: CommunityId, user: UserId) -> Result<Mine> {
        self.active_member(community, user).await?;
        let mut mine = Mine::default();
        let last_round_at = self.store.programme(community).await?.and_then(|programme| programme.last_round_at);
        for meetup in self.store.meetups_of(community, user).await? {
            let Some(seat) = meetup.participant(user) else { continue };
            match (&meetup.state, seat.standing, seat.check_in) {
                // Also while others, who came together without them, go on.
                _ if seat.is_left_out() && meetup.has_news_for(user, self.now(), last_round_at) => {
                    mine.news.push(meetup);
                }
                (State::Proposed { .. }, Standing::Asked, _) if meetup.participants.len() == meetup.invited => {
                    mine.asks.push(meetup);
                }
                // Before that, it would tell early that the other one said yes.
                (State::Polling { .. }, Standing::In { .. }, _) if meetup.introduced => mine.polls.push(meetup),
                (State::Scheduled { .. }, standing, _) if standing.is_open() => mine.upcoming.push(meetup),
                (State::CheckingIn { .. }, Standing::In { .. }, check_in) if check_in.is_unanswered() => {
                    mine.check_ins.push(meetup);
                }
                (State::Fizzled { .. }, ..) if meetup.has_news_for(user, self.now(), last_round_at) => {
                    mine.news.push(meetup);
                }
                _ => {}
            }
        }
        Ok(mine)
    }

    /// A thread or channel is gone: what lived there has to go on another way.
    pub async fn lose_room(&self, room: ChannelId) -> Result<()> {
        for meetup in self.store.meetups_in_room(room).await? {
            match self.advance(meetup.id, &Event::RoomLost).await {
                Ok(_) | Err(Stop::Refusal(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    /// A member's own passport, newest first: where they were, and met somebody.
    pub async fn history(&self, community: CommunityId, user: UserId) -> Result<Vec<HistoryEntry>> {
        let met = self.store.met(community, user).await?;
        let mut entries = Vec::new();
        for meetup in self.store.meetups_of(community, user).await? {
            let State::Held { on } = &meetup.state else { continue };
            let Some(seat) = meetup.participant(user).filter(|seat| seat.is_in()) else { continue };
            let with: Vec<_> =
                met.iter().filter(|met| met.meetup == meetup.id).filter_map(|met| met.pair.other(user)).collect();
            let someone = if seat.check_in.may_have_met() { meetup.erased() } else { 0 };
            if with.is_empty() && someone == 0 {
                continue;
            }
            entries.push(HistoryEntry { at: on.slot.start(), with, someone, place: on.place.clone() });
        }
        Ok(entries)
    }

    /// Takes somebody out of all that is open: can't make it, whatever the reason.
    pub(super) async fn withdraw_everywhere(&self, community: CommunityId, user: UserId) -> Result<()> {
        let all = self.store.meetups_of(community, user).await?;
        for meetup in all.into_iter().filter(|meetup| awaits(meetup, user)) {
            self.withdraw(meetup.id, user).await?;
        }
        Ok(())
    }

    /// Takes one of two who are to be kept apart out of what they share: not from a table at which the other does not sit.
    pub(super) async fn withdraw_from_shared(&self, community: CommunityId, user: UserId, other: UserId) -> Result<()> {
        let all = self.store.meetups_of(community, user).await?;
        let sits_there = |meetup: &Meetup| {
            let seat = meetup.participant(other);
            seat.is_some_and(|seat| matches!(meetup.state, State::Proposed { .. }) || seat.standing.is_open())
        };
        let shared = |meetup: &Meetup| awaits(meetup, user) && meetup.kind == Kind::Suggested && sits_there(meetup);
        for meetup in all.into_iter().filter(shared) {
            self.withdraw(meetup.id, user).await?;
        }
        Ok(())
    }

    async fn withdraw(&self, id: MeetupId, user: UserId) -> Result<()> {
        match self.advance(id, &Event::Withdraws { user }).await {
            // Out already, or over meanwhile: nothing to withdraw from.
            Ok(_) | Err(Stop::Refusal(_)) => Ok(()),
            Err(stop) => Err(stop),
        }
    }
}

/// Whether something may still follow from what this one has said: it is open, or a word of theirs may be posted.
fn awaits(meetup: &Meetup, user: UserId) -> bool {
    !meetup.is_over() || meetup.participant(user).is_some_and(|seat| seat.word_is_fine == Some(true))
}

/// In characters.
pub const fn longest_place(setting: Setting) -> usize {
    match setting {
        Setting::InPerson => PLACE_LENGTH,
        Setting::Call => LINK_LENGTH,
    }
}
