//! All that a member, a host or an admin can cause, and where it fits.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, DurationRound, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use wallflower::app::ballots::Marked;
use wallflower::app::meetups::{Answer, Said};
use wallflower::app::{Stop, Wallflower};
use wallflower::domain::ids::{MeetupId, MessageId, UserId};
use wallflower::domain::meetup::{Account, Event, Kind, Meetup, Participant, Rsvp, Standing, State};
use wallflower::domain::poll::{Ballot, Choice, Poll};
use wallflower::domain::slot::Slot;

use super::CAST;
use crate::memory::Memory;
use crate::village::BYSTANDER;

/// What somebody does in a meetup, or what befalls it.
#[derive(Debug, Clone)]
pub enum Deed {
    Answers(Answer),
    /// For the slots whose bits are set; for none of these where none is.
    Votes(u8),
    Proposes(i64),
    Comes(Rsvp),
    TakesTheSeat,
    GivesTheSeatBack,
    CannotMakeIt,
    AnotherTime,
    CallsOff,
    SwapsHost,
    NamesPlace(u8),
    ChoosesPlace(u8),
    RunsLate,
    OffersTime(i64),
    AnswersOffer(bool),
    ChecksIn(Account),
    MeetsAgain(bool),
    GoesOn,
    DraftsWord,
    AnswersWord(bool),
    Hears,
    PollLost,
    RoomLost,
}

/// What somebody does with their membership, or for all.
#[derive(Debug, Clone)]
pub enum Way {
    Pauses(i64),
    Returns,
    Leaves,
    Forgets,
    /// Again, where they are out.
    Joins,
    Avoids(usize),
    OpensEvening(u16),
}

#[derive(Debug, Clone)]
pub enum Act {
    /// The deed is done where it fits, else anywhere: a late click.
    In(Deed),
    /// All who have a seat do what brings their meetup on.
    Together,
    /// Everybody would come to an evening.
    Rush,
    Goes(Way),
    Nothing,
}

/// How long nothing happens before.
#[derive(Debug, Clone)]
pub enum Pause {
    Minutes(i64),
    UntilDue,
}

/// One act; `pick` says whose and where, of those whom it fits. `twice` where it is done twice in the same moment.
#[derive(Debug, Clone)]
pub struct Turn {
    pub pause: Pause,
    pub act: Act,
    pub pick: usize,
    pub twice: bool,
}

impl Deed {
    /// Whether there is a reason to refuse it: what does not fit is a click on an old button.
    pub fn fits(&self, meetup: &Meetup, user: UserId) -> bool {
        let seat = meetup.participant(user);
        let is_in = seat.is_some_and(Participant::is_in);
        let (evening, host) = (meetup.kind == Kind::OpenEvening, is_in && seat.is_some_and(|seat| seat.host));
        let told = matches!(meetup.state, State::CheckingIn { .. } | State::Held { .. });
        let stands = |standing: fn(&Standing) -> bool| seat.is_some_and(|seat| standing(&seat.standing));
        match (self, &meetup.state) {
            (Self::Answers(_), State::Proposed { .. }) => stands(|one| *one == Standing::Asked),
            (Self::Votes(_), State::Polling { poll }) => poll.message.is_some() && (is_in || evening),
            (Self::Proposes(_), State::Polling { .. })
            | (Self::SwapsHost | Self::OffersTime(_), State::Scheduled { .. }) => is_in && !evening,
            (Self::Comes(_), State::Scheduled { .. }) => evening,
            (Self::GivesTheSeatBack, State::Scheduled { .. }) => evening && seat.is_some_and(Participant::holds_a_seat),
            (Self::TakesTheSeat, State::Scheduled { .. }) => stands(|one| matches!(one, Standing::Offered { .. })),
            (Self::CannotMakeIt, State::Polling { .. } | State::Scheduled { .. })
            | (Self::ChoosesPlace(_) | Self::RunsLate, State::Scheduled { .. }) => is_in,
            (Self::AnotherTime | Self::CallsOff, State::Scheduled { .. }) => is_in && (host || !evening),
            (Self::NamesPlace(_), State::Scheduled { .. }) => host,
            (Self::AnswersOffer(_), State::Scheduled { on, .. }) => {
                on.moving.is_some() && is_in && seat.is_some_and(|seat| !seat.agrees)
            }
            (Self::ChecksIn(_), State::CheckingIn { .. }) => {
                is_in && seat.is_some_and(|seat| seat.check_in.is_unanswered())
            }
            (Self::MeetsAgain(_), _) => told && !evening && seat.is_some_and(Participant::may_say_again),
            (Self::GoesOn, _) => is_in && meetup.may_go_on(),
            (Self::DraftsWord, _) => told && meetup.may_draft_a_word(user),
            (Self::AnswersWord(_), _) => {
                told && meetup.word.is_some() && is_in && seat.is_some_and(|seat| seat.word_is_fine.is_none())
            }
            (Self::Hears, _) => seat.is_some_and(|seat| seat.news.is_some()),
            (Self::PollLost, State::Polling { poll }) => poll.message.is_some(),
            (Self::RoomLost, _) => meetup.room.is_some() && !evening && !meetup.is_over(),
            _ => false,
        }
    }

    /// What brings this one's meetup on.
    pub fn next(meetup: &Meetup, user: UserId) -> Option<Self> {
        let all = [
            Self::Answers(Answer::Yes),
            Self::Votes(1),
            Self::TakesTheSeat,
            Self::ChecksIn(Account::WeMet),
            Self::DraftsWord,
            Self::AnswersWord(true),
            Self::MeetsAgain(true),
            Self::GoesOn,
        ];
        let known = meetup.participant(user).is_some();
        all.into_iter().find(|deed| known && deed.fits(meetup, user))
    }

    pub async fn is_done(&self, app: &Wallflower, memory: &Memory, meetup: &Meetup, user: UserId) -> Result<(), Stop> {
        let (id, now) = (meetup.id, app.now());
        match *self {
            Self::Answers(answer) => app.answer(id, user, answer).await,
            Self::Votes(bits) => vote(app, memory, meetup, user, bits).await,
            Self::Proposes(days) => happens(app, id, Event::Proposes { user, slot: hour_in(days, now) }).await,
            Self::Comes(rsvp) => app.rsvp(id, user, rsvp).await.map(drop),
            Self::GivesTheSeatBack => app.rsvp(id, user, Rsvp::Cannot).await.map(drop),
            Self::TakesTheSeat => app.rsvp(id, user, Rsvp::Going).await.map(drop),
            Self::CannotMakeIt => app.cannot_make_it(id, user).await.map(drop),
            Self::AnotherTime => app.another_time(id, user).await.map(drop),
            Self::CallsOff => app.call_off(id, user, "Rain").await.map(drop),
            Self::SwapsHost => app.as_participant(id, Event::SwapsHost { user }, user).await.map(drop),
            Self::NamesPlace(number) => {
                app.name_place(id, user, &format!("The Library, room {number}")).await.map(drop)
            }
            Self::ChoosesPlace(number) => {
                happens(app, id, Event::ChoosesPlace { user, place: format!("The Park, gate {number}") }).await
            }
            Self::RunsLate => happens(app, id, Event::RunsLate { user }).await,
            Self::OffersTime(days) => happens(app, id, Event::OffersTime { user, slot: hour_in(days, now) }).await,
            Self::AnswersOffer(suits) => happens(app, id, Event::AnswersOffer { user, suits }).await,
            Self::ChecksIn(account) => app.check_in(id, user, account).await.map(drop),
            Self::MeetsAgain(again) => app.meets_again(id, user, again).await.map(drop),
            Self::GoesOn => app.go_on(id, user).await.map(drop),
            Self::DraftsWord => app.draft_word(id, user, "We laughed a lot").await.map(drop),
            Self::AnswersWord(fine) => app.answer_word(id, user, fine).await.map(drop),
            Self::Hears => app.hears_the_news(user, &[id]).await,
            Self::PollLost => {
                if let Some(message) = running(meetup).and_then(|poll| poll.message) {
                    memory.deletes(message);
                }
                app.was_absent();
                Ok(())
            }
            Self::RoomLost => match meetup.room.filter(|_| meetup.kind == Kind::Suggested) {
                Some(room) => app.lose_room(room).await,
                None => Ok(()),
            },
        }
    }
}

async fn happens(app: &Wallflower, id: MeetupId, event: Event) -> Result<(), Stop> {
    app.advance(id, &event).await.map(drop)
}

fn running(meetup: &Meetup) -> Option<&Poll> {
    match &meetup.state {
        State::Polling { poll } => Some(poll),
        _ => None,
    }
}

/// On the ballot that the poll has. Some reactions are missed, and found when the poll is read; a bystander reacts too.
async fn vote(app: &Wallflower, memory: &Memory, meetup: &Meetup, user: UserId, bits: u8) -> Result<(), Stop> {
    let Some(poll) = running(meetup) else { return Ok(()) };
    let Some(message) = poll.message else { return Ok(()) };
    let slots: Vec<u8> = poll.indices().filter(|index| bits & 1 << index != 0).collect();
    if poll.ballot == Ballot::Buttons {
        let starts = slots.iter().map(|index| poll.slots[usize::from(*index)].start()).collect();
        let marked = match bits % 5 {
            _ if slots.is_empty() => Marked::NoneOfThese,
            0 => Marked::IfNeedBe(starts),
            _ => Marked::Suits(starts),
        };
        return app.mark(meetup.id, user, poll.number, marked).await.map(drop);
    }
    let mut choices: BTreeSet<Choice> = slots.into_iter().map(Choice::Slot).collect();
    if choices.is_empty() {
        choices.insert(Choice::NoneOfThese);
    }
    memory.reacts(message, user, choices.clone());
    memory.reacts(message, BYSTANDER, choices.clone());
    let before = meetup.participant(user).and_then(|seat| seat.votes.clone()).map(|votes| votes.choices);
    let before = before.unwrap_or_default();
    for (choice, chosen) in
        before.difference(&choices).map(|old| (*old, false)).chain(choices.iter().map(|new| (*new, true)))
    {
        react(app, message, user, choice, chosen).await?;
        react(app, message, BYSTANDER, choice, chosen).await?;
    }
    Ok(())
}

async fn react(app: &Wallflower, poll: MessageId, user: UserId, choice: Choice, chosen: bool) -> Result<(), Stop> {
    app.react(poll, user, Said::Reaction(choice), chosen).await
}

fn hour_in(days: i64, now: DateTime<Utc>) -> Slot {
    let hour = now.duration_trunc(Duration::hours(1)).unwrap();
    Slot::new(hour + Duration::days(days), 60, Tz::UTC).unwrap()
}

fn while_it_is_arranged() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => Just(Deed::Answers(Answer::Yes)),
        1 => prop::sample::select(vec![Answer::NotNow, Answer::KnowEachOther, Answer::Avoid, Answer::Report])
            .prop_map(Deed::Answers),
        8 => (0_u8..16).prop_map(Deed::Votes),
        1 => (6_i64..20).prop_map(Deed::Proposes),
        1 => prop_oneof![Just(Deed::PollLost), Just(Deed::RoomLost)],
    ]
}

fn once_it_has_a_time() -> impl Strategy<Value = Deed> {
    let rsvp = prop::sample::select(vec![Rsvp::Going, Rsvp::Going, Rsvp::Going, Rsvp::Maybe, Rsvp::Cannot]);
    prop_oneof![
        12 => rsvp.prop_map(Deed::Comes),
        3 => Just(Deed::TakesTheSeat),
        6 => Just(Deed::GivesTheSeatBack),
        2 => Just(Deed::CannotMakeIt),
        1 => prop_oneof![Just(Deed::AnotherTime), Just(Deed::CallsOff), Just(Deed::SwapsHost), Just(Deed::RunsLate)],
        1 => (1_u8..4).prop_map(Deed::NamesPlace),
        1 => (1_u8..8).prop_map(Deed::ChoosesPlace),
        1 => (1_i64..20).prop_map(Deed::OffersTime),
        2 => prop::bool::weighted(0.8).prop_map(Deed::AnswersOffer),
    ]
}

fn afterwards() -> impl Strategy<Value = Deed> {
    let account =
        prop::sample::select(vec![Account::WeMet, Account::DidNotHappen, Account::WasAlone, Account::NotRight]);
    prop_oneof![
        3 => Just(Deed::ChecksIn(Account::WeMet)),
        3 => account.prop_map(Deed::ChecksIn),
        3 => prop::bool::weighted(0.8).prop_map(Deed::MeetsAgain),
        3 => Just(Deed::GoesOn),
        1 => Just(Deed::DraftsWord),
        2 => prop::bool::weighted(0.8).prop_map(Deed::AnswersWord),
        1 => Just(Deed::Hears),
    ]
}

fn any_way() -> impl Strategy<Value = Way> {
    prop_oneof![
        2 => (1_i64..30).prop_map(Way::Pauses),
        1 => Just(Way::Returns),
        1 => Just(Way::Leaves),
        2 => Just(Way::Forgets),
        4 => Just(Way::Joins),
        1 => (0..CAST).prop_map(Way::Avoids),
        2 => (2_u16..4).prop_map(Way::OpensEvening),
    ]
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => while_it_is_arranged().prop_map(Act::In),
        8 => once_it_has_a_time().prop_map(Act::In),
        4 => afterwards().prop_map(Act::In),
        5 => Just(Act::Together),
        3 => Just(Act::Rush),
        3 => any_way().prop_map(Act::Goes),
        2 => Just(Act::Nothing),
    ]
}

pub fn any_turn() -> impl Strategy<Value = Turn> {
    let pause = prop_oneof![5 => (0_i64..90).prop_map(Pause::Minutes), 1 => (90_i64..3000).prop_map(Pause::Minutes), 4 => Just(Pause::UntilDue)];
    (pause, any_act(), 0_usize..1000, prop::bool::weighted(0.2)).prop_map(|(pause, act, pick, twice)| Turn {
        pause,
        act,
        pick,
        twice,
    })
}
