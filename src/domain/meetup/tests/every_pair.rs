//! Every event in every state, the refused ones too. All situations that events can lead to are walked through (those
//! of one shape once), and what a step answers in them is held against a table. A new event or state does not compile
//! until its row or column is written.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::*;

/// The states in the order of the columns, as the diagram names them, each with its letter.
pub(super) const STATES: [(&str, char); 6] =
    [("Proposed", 'P'), ("Polling", 'V'), ("Scheduled", 'S'), ("CheckingIn", 'C'), ("Held", 'H'), ("Fizzled", 'F')];
const REFUSED: char = '-';

pub(super) const fn column(state: &State) -> usize {
    match state {
        State::Proposed { .. } => 0,
        State::Polling { .. } => 1,
        State::Scheduled { .. } => 2,
        State::CheckingIn { .. } => 3,
        State::Held { .. } => 4,
        State::Fizzled { .. } => 5,
    }
}

/// What a row says of each state: the letters of all states that the event can lead to from there, `-` where it can be
/// refused.
type Row = [&'static str; STATES.len()];

/// What a meetup is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tale {
    /// Two whom a round suggests to each other.
    Pair,
    /// Three, of whom the first talks with both others.
    Table,
    Evening,
}

impl Tale {
    pub(super) const ALL: [Self; 3] = [Self::Pair, Self::Table, Self::Evening];
}

/// What may come out otherwise than for two. The rest would multiply the situations of three beyond what a test can walk through.
const fn differs_at_a_table(event: &Event) -> bool {
    !matches!(
        event,
        Event::Marks { .. }
            | Event::Proposes { .. }
            | Event::NamesPlace { .. }
            | Event::ChoosesPlace { .. }
            | Event::SwapsHost { .. }
            | Event::Answers { .. }
            | Event::OffersTime { .. }
            | Event::AnswersOffer { .. }
            | Event::RunsLate { .. }
            | Event::EventPublished { .. }
    )
}

/// One row for each event, with samples of it: for two whom a round suggests, where it differs for a table, and for an open
/// evening.
macro_rules! rows {
    ($($event:pat => $samples:expr, $pair:expr $(=> $table:expr)?, $evening:expr;)+) => {
        fn row(event: &Event, tale: Tale) -> Row {
            let rows: [Row; 3] = match event {
                $($event => {
                    let table: &[Row] = &[$($table)?];
                    [$pair, table.first().copied().unwrap_or($pair), $evening]
                })+
            };
            rows[tale as usize]
        }

        fn samples(tale: Tale) -> Vec<Event> {
            let mut all = Vec::new();
            $(all.extend($samples);)+
            if tale == Tale::Table {
                all.retain(differs_at_a_table);
                all.extend([Event::SaysYes { user: user(CY) }, Event::Withdraws { user: user(CY) }]);
                all.push(Event::Votes { user: user(CY), zone: Tz::UTC, choice: Choice::Slot(0), chosen: true });
            }
            all
        }
    };
}

/// An open evening is not proposed to each alone, so nothing happens to it in that state.
const fn evening(
    polling: &'static str,
    scheduled: &'static str,
    checking_in: &'static str,
    fizzled: &'static str,
) -> Row {
    ["", polling, scheduled, checking_in, "-", fizzled]
}

rows! {
    Event::SaysYes { .. } => [ANA, BO].map(|id| Event::SaysYes { user: user(id) }),
        ["-PVF", "-", "-", "-", "-", "-"], evening("-", "-", "-", "-");
    Event::SaysNo { .. } => [Event::SaysNo { user: user(BO) }],
        ["-P", "-", "-", "-", "-", "-"], evening("-", "-", "-", "-");
    Event::SaysWeKnowEachOther { .. } => [Event::SaysWeKnowEachOther { user: user(BO) }],
        ["-P", "-", "-", "-", "-", "-"], evening("-", "-", "-", "-");
    Event::Withdraws { .. } => [ANA, BO].map(|id| Event::Withdraws { user: user(id) }),
        ["P", "PF", "F", "-CHF", "-H", "-F"] => ["P", "-PVF", "-SF", "-CHF", "-H", "-F"], evening("-VF", "-SF", "-CHF", "-");
    Event::RoomOpened { .. } => [Event::RoomOpened { channel: ChannelId::from_column(7) }],
        ["-P", "V", "-", "-", "-H", "-F"], evening("V", "-", "-", "-");
    Event::RoomLost => [Event::RoomLost],
        ["-", "PF", "S", "C", "-", "-"], evening("F", "S", "C", "-");
    Event::Introduced => [Event::Introduced],
        ["-F", "V", "-", "-", "-", "-"], evening("V", "-", "-", "-");
    Event::HearsTheNews { .. } => [Event::HearsTheNews { user: user(ANA) }],
        ["-", "-", "-", "-", "-", "-F"], evening("-", "-", "-", "-F");
    Event::PollPosted { .. } => [Event::PollPosted { message: MessageId::from_column(8) }],
        ["-F", "V", "-", "-", "-", "-"], evening("V", "-", "-", "-F");
    Event::Votes { .. } => [(ANA, true), (BO, true), (BO, false)].map(|(id, chosen)| Event::Votes {
            user: user(id), zone: Tz::UTC, choice: Choice::Slot(0), chosen,
        }),
        ["-", "-V", "-", "-", "-", "-"], evening("-V", "-", "-", "-");
    Event::Marks { .. } => [ANA, BO].map(|id| Event::Marks {
            user: user(id), zone: Tz::UTC, poll: 1, mark: Mark::Suits([0].into()),
        }),
        ["-", "-V", "-", "-", "-", "-"], evening("-V", "-", "-", "-");
    Event::Proposes { .. } => [Event::Proposes {
            user: user(ANA), slot: Slot::new(start() + Duration::days(20), 60, Tz::UTC).unwrap(),
        }],
        ["-", "-V", "-", "-", "-", "-"], evening("-", "-", "-", "-");
    Event::PollRead { .. } => [vec![], vec![ANA, BO, CY]].map(|can| Event::PollRead {
            votes: can.into_iter().map(|id| (user(id), Tz::UTC, BTreeSet::from([Choice::Slot(0)]))).collect(),
        }),
        ["-", "-VSF", "-", "-", "-", "-"], evening("-VSF", "-", "-", "-");
    Event::PollLost => [Event::PollLost],
        ["-", "-VSF", "-", "-", "-", "-"], evening("-VSF", "-", "-", "-");
    Event::NamesPlace { .. } => [Event::NamesPlace { user: user(ANA), place: "The Library".into() }],
        ["-", "-", "-S", "-", "-", "-"], evening("-", "-S", "-", "-");
    Event::ChoosesPlace { .. } => [ANA, BO].map(|id| Event::ChoosesPlace { user: user(id), place: "The Park".into() }),
        ["-", "-", "S", "-", "-", "-"], evening("-", "-S", "-", "-");
    Event::SwapsHost { .. } => [Event::SwapsHost { user: user(ANA) }],
        ["-", "-", "S", "-", "-", "-"], evening("-", "-", "-", "-");
    Event::WantsAnotherTime { .. } => [ANA, BO].map(|id| Event::WantsAnotherTime { user: user(id) }),
        ["-", "-", "-V", "-", "-", "-"], evening("-", "-V", "-", "-");
    Event::Answers { .. } => [(BO, Rsvp::Going), (BO, Rsvp::Cannot), (99, Rsvp::Going), (99, Rsvp::Maybe)]
            .map(|(id, rsvp)| Event::Answers { user: user(id), zone: Tz::UTC, rsvp }),
        ["-", "-", "-", "-", "-", "-"], evening("-", "-SF", "-", "-");
    Event::CallsOff { .. } => [ANA, BO].map(|id| Event::CallsOff { user: user(id), reason: None }),
        ["-", "-", "F", "-", "-", "-"] => ["-", "-", "-F", "-", "-", "-"], evening("-", "-F", "-", "-");
    Event::OffersTime { .. } => [Event::OffersTime {
            user: user(ANA), slot: Slot::new(start() + Duration::days(21), 60, Tz::UTC).unwrap(),
        }],
        ["-", "-", "-S", "-", "-", "-"], evening("-", "-", "-", "-");
    Event::AnswersOffer { .. } => [true, false].map(|suits| Event::AnswersOffer { user: user(BO), suits }),
        ["-", "-", "-S", "-", "-", "-"], evening("-", "-", "-", "-");
    Event::RunsLate { .. } => [Event::RunsLate { user: user(BO) }],
        ["-", "-", "-S", "-", "-", "-"], evening("-", "-S", "-", "-");
    Event::EventPublished { .. } => [Event::EventPublished { event: ScheduledEventId::from_column(9) }],
        ["-", "-", "S", "C", "-", "-"], evening("-", "S", "C", "-");
    Event::ChecksIn { .. } => [(ANA, Account::WeMet), (BO, Account::WeMet), (BO, Account::DidNotHappen), (BO, Account::NotRight)]
            .map(|(id, account)| Event::ChecksIn { user: user(id), account }),
        ["-", "-", "-", "-CHF", "-H", "-F"], ["", "-", "-", "-CHF", "-H", "-F"];
    Event::DraftsWord { .. } => [Event::DraftsWord { user: user(ANA), word: "Tea!".into() }],
        ["-", "-", "-", "-C", "-H", "-F"], evening("-", "-", "-", "-");
    Event::AnswersWord { .. } => [Event::AnswersWord { user: user(BO), fine: true }],
        ["-", "-", "-", "-C", "-H", "-F"], evening("-", "-", "-", "-");
    Event::MeetsAgain { .. } => [(ANA, true), (BO, true), (BO, false)]
            .map(|(id, again)| Event::MeetsAgain { user: user(id), again }),
        ["-", "-", "-", "-C", "-H", "-F"], evening("-", "-", "-", "-");
    Event::TimePassed => [Event::TimePassed],
        ["PF", "PVSF", "SC", "CHF", "-", "-"] => ["PVF", "PVF", "SC", "CHF", "-", "-"], evening("VSF", "SCF", "CHF", "-");
}

/// Something that happened in the walk.
pub(super) struct Seen {
    pub event: &'static str,
    pub from: usize,
    /// `None` where it was refused.
    pub to: Option<usize>,
    /// Another poll was begun.
    pub polls_anew: bool,
}

/// What tells one situation from another, moments left aside.
fn shape(meetup: &Meetup) -> String {
    // After its time nothing follows from who led, who was late, and how the time was found.
    let had_its_time = meetup.had_its_time() || matches!(meetup.state, State::CheckingIn { .. });
    let people = meetup.participants.iter().map(|one| {
        let stands = match one.standing {
            Standing::In { .. } => "in".to_owned(),
            Standing::Offered { .. } => "offered".to_owned(),
            Standing::Waiting { .. } => {
                let place = meetup.waiting_list().iter().position(|waits| waits.user == one.user);
                format!("waiting {place:?}")
            }
            other => format!("{other:?}"),
        };
        // Once two or more have their time, nothing follows from what they voted.
        let is_evening = meetup.kind == Kind::OpenEvening && !had_its_time;
        let counts = is_evening || matches!(meetup.state, State::Polling { .. });
        let choices = one.votes.as_ref().filter(|_| counts).map(|votes| &votes.choices);
        format!(
            "{stands} {choices:?} {:?} {} {} {} {:?}",
            one.check_in,
            one.host && !had_its_time,
            one.late && !had_its_time,
            one.news.is_some(),
            one.again.or(one.word_is_fine)
        )
    });
    let people: Vec<String> = people.collect();
    let state = match &meetup.state {
        State::Polling { poll } => format!("{:?} {}", poll.message, poll.slots.len()),
        State::Scheduled { on, coming } => format!("{:?} {:?} {coming:?} {}", on.place, on.event, on.moving.is_some()),
        _ => String::new(),
    };
    let Meetup { room, introduced, asked_until, .. } = meetup;
    let polls = if had_its_time { 0 } else { meetup.polls };
    format!("{} {state} {people:?} {room:?} {polls} {introduced} {}", meetup.state.name(), asked_until.is_some())
}

fn stepped(
    meetup: &Meetup,
    now: DateTime<Utc>,
    event: &Event,
    (ballot, place_by): (Ballot, PlaceBy),
    any_slots: bool,
) -> Option<Meetup> {
    let free = slots(now).into_iter().filter(|slot| any_slots && !meetup.asked_slots.contains(slot));
    let free: Vec<Slot> = free.collect();
    let setting = Setting::InPerson;
    let tied = BTreeSet::from([pair(ANA, BO), pair(ANA, CY)]);
    let (slots, tied, reminders) = (&free, &tied, Reminders::Both);
    let around =
        Circumstances { now, slots, hosted_last: None, tied, setting, by_a_trip: false, ballot, place_by, reminders };
    meetup.step(event, &around).ok().map(|step| step.meetup)
}

/// Lets every event happen in every situation that can be reached, at once and when time has something to say next,
/// with times for another poll and without.
pub(super) fn walk(tale: Tale, mut tell: impl FnMut(Seen)) {
    let ballots = if tale == Tale::Table {
        &[(Ballot::Reactions, PlaceBy::Host, None)][..]
    } else {
        &[(Ballot::Reactions, PlaceBy::Host, Some(2)), (Ballot::Buttons, PlaceBy::Vote, None)]
    };
    for (ballot, place_by, most) in ballots.iter().copied() {
        let beginning = match tale {
            Tale::Pair => proposed(),
            Tale::Table => proposed_to(&[ANA, BO, CY]),
            Tale::Evening => Meetup { limits: Limits { most, least: None }, ..evenings::proposed_by_ana(ballot) },
        };
        let mut known = BTreeSet::from([shape(&beginning)]);
        let mut open = VecDeque::from([(start(), beginning)]);
        while let Some((now, meetup)) = open.pop_front() {
            let moments = BTreeSet::from([now, meetup.due_at().map_or(now, |due| due.max(now))]);
            for (event, moment) in
                samples(tale).iter().flat_map(|event| moments.iter().map(move |moment| (event, *moment)))
            {
                let with_slots: &[bool] = if event.may_open_a_poll() { &[true, false] } else { &[true] };
                for any_slots in with_slots {
                    let next = stepped(&meetup, moment, event, (ballot, place_by), *any_slots);
                    tell(Seen {
                        event: event.name(),
                        from: column(&meetup.state),
                        to: next.as_ref().map(|next| column(&next.state)),
                        polls_anew: next.as_ref().is_some_and(|next| next.polls > meetup.polls),
                    });
                    open.extend(next.filter(|next| known.insert(shape(next))).map(|next| (moment, next)));
                }
            }
        }
        assert!(known.len() > 100, "the walk ended early: {} situations", known.len());
    }
}

#[test]
fn every_event_in_every_state_does_what_the_table_says() {
    let mut wrong = Vec::new();
    for tale in Tale::ALL {
        let mut found: BTreeMap<&str, [BTreeSet<usize>; STATES.len()]> = BTreeMap::new();
        walk(tale, |seen| {
            let cell = &mut found.entry(seen.event).or_default()[seen.from];
            cell.insert(seen.to.map_or(0, |to| to + 1));
        });
        let letter = |outcome: &usize| outcome.checked_sub(1).map_or(REFUSED, |state| STATES[state].1);
        for event in samples(tale) {
            let cells = &found[event.name()];
            let found: Vec<String> = cells.iter().map(|cell| cell.iter().map(letter).collect()).collect();
            if found != row(&event, tale) {
                wrong.push(format!("{tale:?}, {}: {found:?}, and not {:?}", event.name(), row(&event, tale)));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
