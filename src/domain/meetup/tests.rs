mod afterwards;
mod ballots;
mod budget;
mod changing;
mod checking_in;
mod diagram;
mod endings;
mod evenings;
mod every_pair;
mod placing;
mod proposing;
mod reminding;
mod rsvp;
mod sequels;
mod tables;

use std::collections::BTreeSet;

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::domain::ids::MessageId;
use crate::domain::notice::{Address, AnotherPollBecause, Draft, NotThisTime, Notice, Reminder, Reminders};
use crate::domain::poll::{Ballot, Choice, Mark};

const ANA: i64 = 11;
const BO: i64 = 12;
const CY: i64 = 13;

fn user(id: i64) -> UserId {
    UserId::from_column(id)
}

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, 7, 9, 0, 0).unwrap()
}

fn slots(from: DateTime<Utc>) -> Vec<Slot> {
    [4, 5, 6].map(|days| Slot::new(from + Duration::days(days), 60, Tz::UTC).unwrap()).to_vec()
}

fn proposed() -> Meetup {
    proposed_to(&[ANA, BO])
}

fn proposed_to(people: &[i64]) -> Meetup {
    let seat = |id: &i64| Participant::new(user(*id), Tz::Europe__Amsterdam, Standing::Asked);
    let (seats, until) = (people.iter().map(seat).collect(), start() + ASK_OPEN_FOR);
    let id = MeetupId::new(start(), 1);
    Meetup::proposed(id, CommunityId::from_column(1), (Kind::Suggested, Style::Discreet), seats, start(), until)
}

fn pair(one: i64, other: i64) -> Pair {
    Pair::new(user(one), user(other)).unwrap()
}

/// Plays events at moments, collecting what is said.
struct Play {
    meetup: Meetup,
    now: DateTime<Utc>,
    setting: Setting,
    ballot: Ballot,
    place_by: PlaceBy,
    reminders: Reminders,
    tied: BTreeSet<Pair>,
    said: Vec<Draft>,
    facts: Vec<Fact>,
}

impl Play {
    fn new() -> Self {
        Self {
            meetup: proposed(),
            now: start(),
            setting: Setting::InPerson,
            ballot: Ballot::Reactions,
            place_by: PlaceBy::Host,
            reminders: Reminders::Both,
            tied: BTreeSet::new(),
            said: Vec::new(),
            facts: Vec::new(),
        }
    }

    fn try_step(&mut self, event: &Event) -> Result<(), OutOfTurn> {
        let slots: Vec<_> =
            slots(self.now).into_iter().filter(|slot| !self.meetup.asked_slots.contains(slot)).collect();
        let step = self.meetup.step(
            event,
            &Circumstances {
                now: self.now,
                slots: &slots,
                hosted_last: None,
                tied: &self.tied,
                setting: self.setting,
                by_a_trip: false,
                ballot: self.ballot,
                place_by: self.place_by,
                reminders: self.reminders,
            },
        )?;
        self.meetup = step.meetup;
        self.said.extend(step.notices);
        self.facts.extend(step.facts);
        Ok(())
    }

    #[expect(clippy::needless_pass_by_value, reason = "stories read better without a borrow at each step")]
    fn step(&mut self, event: Event) -> &mut Self {
        self.try_step(&event).unwrap();
        self
    }

    fn at(&mut self, now: DateTime<Utc>) -> &mut Self {
        self.now = now;
        self
    }

    /// Jumps to the next moment at which time has something to say, and lets it.
    fn due(&mut self) -> &mut Self {
        let due = self.meetup.due_at().unwrap();
        self.at(due).step(Event::TimePassed)
    }

    fn both_in(&mut self) -> &mut Self {
        self.step(Event::SaysYes { user: user(ANA) }).step(Event::SaysYes { user: user(BO) });
        self.step(Event::RoomOpened { channel: ChannelId::from_column(7) }).step(Event::Introduced);
        self.step(Event::PollPosted { message: MessageId::from_column(8) })
    }

    fn votes(&mut self, id: i64, choice: Choice) -> &mut Self {
        self.step(Event::Votes { user: user(id), zone: Tz::UTC, choice, chosen: true })
    }

    /// Reads the poll again as Discord would show it, when it is due.
    fn poll_closes(&mut self) -> &mut Self {
        let due = self.meetup.due_at().unwrap();
        let seen = |one: &Participant| one.votes.clone().map(|votes| (one.user, one.zone, votes.choices));
        let votes = self.meetup.present().filter_map(seen).collect();
        self.at(due).step(Event::PollRead { votes })
    }

    fn scheduled(&mut self) -> &mut Self {
        self.both_in().votes(ANA, Choice::Slot(1)).votes(BO, Choice::Slot(1)).poll_closes()
    }

    fn says(&self, wanted: &Notice) -> usize {
        self.said.iter().filter(|draft| draft.notice == *wanted).count()
    }
}

#[test]
fn whoever_swaps_the_host_the_lead_goes_on_from_who_has_it() {
    for clicks in [ANA, BO] {
        let mut play = Play::new();
        play.scheduled();
        let before = play.meetup.host().unwrap().user;
        play.step(Event::SwapsHost { user: user(clicks) });
        assert_ne!(play.meetup.host().unwrap().user, before, "somebody else leads now");
        assert_eq!(play.meetup.participants.iter().filter(|one| one.host).count(), 1);
    }
}

#[test]
fn the_whole_way_from_the_ask_to_having_met() {
    let mut play = Play::new();
    play.scheduled();
    let slot = play.meetup.appointment().unwrap().slot;
    assert_eq!(slot, slots(start())[1]);
    assert!(play.now < start() + Duration::hours(1), "a common time closes the poll ten minutes after the last change");
    play.step(Event::NamesPlace { user: user(ANA), place: "Café Zuid".into() });
    play.due();
    assert_eq!(play.says(&Notice::Reminder { when: Reminder::DayBefore }), 1);
    play.due();
    assert_eq!(play.says(&Notice::Reminder { when: Reminder::TwoHoursBefore }), 1);
    play.due().due();
    assert_eq!(play.says(&Notice::CheckIn), 2);
    play.step(Event::ChecksIn { user: user(ANA), account: Account::WeMet });
    play.step(Event::ChecksIn { user: user(BO), account: Account::WeMet });
    assert!(matches!(&play.meetup.state, State::Held { on } if on.place.as_deref() == Some("Café Zuid")));
    assert!(matches!(play.facts[..], [Fact::Met { said_by: SaidBy::Both, .. }]));
}

#[test]
fn a_no_reads_like_silence_and_never_earlier_than_the_deadline() {
    let endings = [Event::SaysNo { user: user(BO) }, Event::Withdraws { user: user(BO) }].map(Some);
    let told = endings.into_iter().chain([None]).map(|bo| {
        let mut play = Play::new();
        play.step(Event::SaysYes { user: user(ANA) });
        if let Some(event) = bo {
            play.step(event);
        }
        assert!(play.said.is_empty(), "nothing is said before the deadline");
        assert_eq!(play.meetup.due_at(), Some(start() + ASK_OPEN_FOR));
        play.due();
        play.said
    });
    let told: Vec<_> = told.collect();
    assert!(told.windows(2).all(|both| both[0] == both[1]));
    assert_eq!(told[0].len(), 1);
    assert_eq!((&told[0][0].notice, told[0][0].to), (&Notice::DidNotComeTogether, Address::Member(user(ANA))));
}

#[test]
fn whoever_wished_hears_nothing_when_it_comes_to_nothing() {
    let mut play = Play::new();
    play.meetup.participants[0].standing = Standing::In { since: start(), by: Yes::Wish };
    play.due();
    assert_eq!(play.said, []);
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::NotEverybody });
}

#[test]
fn knowing_each_other_already_is_kept_as_a_fact() {
    let mut play = Play::new();
    play.step(Event::SaysWeKnowEachOther { user: user(BO) }).due();
    assert!(matches!(play.facts[..], [Fact::Met { said_by: SaidBy::Known, .. }]));
}

#[test]
fn without_a_common_time_there_is_one_second_poll_and_then_a_kind_end() {
    let mut play = Play::new();
    play.both_in().votes(ANA, Choice::Slot(0)).votes(BO, Choice::NoneOfThese).poll_closes();
    assert!(matches!(&play.meetup.state, State::Polling { poll } if poll.number == 2 && poll.message.is_none()));
    assert!(play.meetup.participants.iter().all(|one| one.votes.is_none()));
    play.step(Event::PollPosted { message: MessageId::from_column(9) }).poll_closes();
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::NoCommonTime });
}

#[test]
fn a_vote_taken_back_while_we_were_away_keeps_the_poll_open() {
    let mut play = Play::new();
    play.both_in().votes(ANA, Choice::Slot(1)).votes(BO, Choice::Slot(1));
    let due = play.meetup.due_at().unwrap();
    let only_ana = vec![(user(ANA), Tz::UTC, BTreeSet::from([Choice::Slot(1)]))];
    play.at(due).step(Event::PollRead { votes: only_ana });
    assert!(matches!(play.meetup.state, State::Polling { .. }));
    assert!(play.meetup.due_at().unwrap() > due);
}

#[test]
fn somebody_who_cannot_make_it_calls_it_off_and_the_room_hears_it_at_once() {
    let mut play = Play::new();
    play.scheduled().step(Event::Withdraws { user: user(BO) });
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::CalledOff });
    let last = play.said.last().unwrap();
    assert_eq!((last.to, last.due_at), (Address::Room, play.now));
}

#[test]
fn another_time_means_one_new_poll_and_the_next_wish_changes_nothing() {
    let mut play = Play::new();
    play.scheduled().step(Event::WantsAnotherTime { user: user(ANA) });
    assert!(matches!(&play.meetup.state, State::Polling { poll } if poll.number == 2));
    play.step(Event::PollPosted { message: MessageId::from_column(9) });
    play.votes(ANA, Choice::Slot(0)).votes(BO, Choice::Slot(0)).poll_closes();
    let before = play.meetup.clone();
    assert!(play.try_step(&Event::WantsAnotherTime { user: user(BO) }).is_err());
    assert_eq!(play.meetup, before, "one click of one of them does not call it off for all");
}

#[test]
fn only_the_host_names_the_place_and_the_button_swaps_them() {
    let mut play = Play::new();
    play.scheduled();
    let place = |id| Event::NamesPlace { user: user(id), place: "The Library".into() };
    assert!(play.try_step(&place(BO)).is_err(), "Ana said yes first, so she leads");
    play.step(Event::SwapsHost { user: user(ANA) }).step(place(BO));
}

#[test]
fn whoever_hosted_last_does_not_host_again() {
    let mut play = Play::new();
    play.step(Event::SaysYes { user: user(ANA) });
    let slots = slots(play.now);
    let around = Circumstances {
        now: play.now,
        slots: &slots,
        hosted_last: Some(user(ANA)),
        tied: &BTreeSet::new(),
        setting: Setting::InPerson,
        by_a_trip: false,
        ballot: Ballot::Reactions,
        place_by: PlaceBy::Host,
        reminders: Reminders::Both,
    };
    let step = play.meetup.step(&Event::SaysYes { user: user(BO) }, &around).unwrap();
    assert_eq!(step.meetup.host().map(|host| host.user), Some(user(BO)));
}

#[test]
fn after_days_of_silence_no_stale_reminder_is_sent() {
    let mut play = Play::new();
    play.scheduled();
    let over = play.meetup.appointment().unwrap().slot.end() + Duration::days(1);
    let before = play.said.len();
    play.at(over).step(Event::TimePassed);
    assert!(matches!(play.meetup.state, State::CheckingIn { .. }));
    assert_eq!(play.said.len(), before);
}

#[test]
fn what_one_says_alone_is_kept_as_such_and_a_contradiction_as_nothing() {
    for (bo, expected) in [(None, Some(SaidBy::One)), (Some(Account::WasAlone), None)] {
        let mut play = Play::new();
        play.scheduled().due().due().due().due();
        play.step(Event::ChecksIn { user: user(ANA), account: Account::WeMet });
        if let Some(account) = bo {
            play.step(Event::ChecksIn { user: user(BO), account });
        }
        while !play.meetup.is_over() {
            play.due();
        }
        let said_by = play.facts.iter().map(|Fact::Met { said_by, .. }| *said_by).next();
        assert_eq!(said_by, expected);
    }
}

#[test]
fn something_not_right_is_told_to_the_moderators_only() {
    let mut play = Play::new();
    play.scheduled().due().due().due().due();
    play.step(Event::ChecksIn { user: user(BO), account: Account::NotRight });
    let reports = play.said.iter().filter(|draft| draft.notice == Notice::Report);
    assert_eq!(reports.map(|draft| draft.to).collect::<Vec<_>>(), [Address::Moderators { reporter: user(BO) }]);
}

#[test]
fn a_check_in_is_asked_next_morning_at_ten_where_each_one_lives() {
    let mut play = Play::new();
    play.meetup.participants[1].zone = Tz::Asia__Tokyo;
    play.scheduled();
    let end = play.meetup.appointment().unwrap().slot.end();
    play.at(end).step(Event::TimePassed);
    play.due();
    assert_eq!(play.now.with_timezone(&Tz::Asia__Tokyo).format("%H:%M").to_string(), "10:00");
    assert_eq!(play.says(&Notice::CheckIn), 1);
    play.due();
    assert_eq!(play.now.with_timezone(&Tz::Europe__Amsterdam).format("%H:%M").to_string(), "10:00");
    assert_eq!(play.says(&Notice::CheckIn), 2);
}

fn any_mark() -> impl Strategy<Value = Mark> {
    let slots = || prop::collection::btree_set(0_u8..7, 0..3);
    prop_oneof![slots().prop_map(Mark::Suits), slots().prop_map(Mark::IfNeedBe), Just(Mark::NoneOfThese)]
}

fn any_event() -> impl Strategy<Value = Event> {
    let who = prop_oneof![Just(user(ANA)), Just(user(BO)), Just(user(99))];
    let choice = prop_oneof![(0_u8..7).prop_map(Choice::Slot), Just(Choice::NoneOfThese)];
    let account = prop_oneof![
        Just(Account::WeMet),
        Just(Account::DidNotHappen),
        Just(Account::WasAlone),
        Just(Account::NotRight)
    ];
    prop_oneof![
        3 => who.clone().prop_map(|user| Event::SaysYes { user }),
        1 => who.clone().prop_map(|user| Event::SaysNo { user }),
        1 => who.clone().prop_map(|user| Event::Withdraws { user }),
        1 => Just(Event::RoomOpened { channel: ChannelId::from_column(7) }),
        1 => Just(Event::Introduced),
        1 => Just(Event::PollPosted { message: MessageId::from_column(8) }),
        4 => (who.clone(), choice, any::<bool>())
            .prop_map(|(user, choice, chosen)| Event::Votes { user, zone: Tz::UTC, choice, chosen }),
        4 => (who.clone(), 1_u8..3, any_mark()).prop_map(|(user, poll, mark)| Event::Marks { user, zone: Tz::UTC, poll, mark }),
        2 => Just(Event::PollRead { votes: Vec::new() }),
        2 => (who.clone(), 5_i64..30).prop_map(|(user, days)| {
            Event::Proposes { user, slot: Slot::new(start() + Duration::days(days), 60, Tz::UTC).unwrap() }
        }),
        1 => Just(Event::PollLost),
        1 => Just(Event::RoomLost),
        1 => who.clone().prop_map(|user| Event::WantsAnotherTime { user }),
        1 => who.clone().prop_map(|user| Event::SwapsHost { user }),
        2 => (who.clone(), "[a-c]").prop_map(|(user, place)| Event::NamesPlace { user, place }),
        1 => (who.clone(), "[a-h]").prop_map(|(user, place)| Event::ChoosesPlace { user, place }),
        2 => (who.clone(), 5_i64..30).prop_map(|(user, days)| {
            Event::OffersTime { user, slot: Slot::new(start() + Duration::days(days), 60, Tz::UTC).unwrap() }
        }),
        3 => (who.clone(), any::<bool>()).prop_map(|(user, suits)| Event::AnswersOffer { user, suits }),
        1 => who.clone().prop_map(|user| Event::CallsOff { user, reason: None }),
        1 => who.clone().prop_map(|user| Event::RunsLate { user }),
        1 => (who.clone(), prop::sample::select(&[Rsvp::Going, Rsvp::Maybe, Rsvp::Cannot]))
            .prop_map(|(user, rsvp)| Event::Answers { user, zone: Tz::UTC, rsvp }),
        2 => (who.clone(), account).prop_map(|(user, account)| Event::ChecksIn { user, account }),
        1 => (who.clone(), any::<bool>()).prop_map(|(user, again)| Event::MeetsAgain { user, again }),
        1 => who.clone().prop_map(|user| Event::DraftsWord { user, word: "Tea!".to_owned() }),
        1 => (who, any::<bool>()).prop_map(|(user, fine)| Event::AnswersWord { user, fine }),
        4 => Just(Event::TimePassed),
    ]
}

proptest! {
    /// Whatever happens in whatever order: a room hears nothing before both yes, at most six messages follow, there are at
    /// most two polls, what is over stays over, and somebody is `met` only with a word of one of the two.
    #[test]
    fn no_order_of_events_breaks_the_promises(
        events in prop::collection::vec((any_event(), 0_i64..3000), 0..60),
        ballot in prop::sample::select(&Ballot::ALL),
    ) {
        let mut play = Play::new();
        play.ballot = ballot;
        let (mut both_in, mut a_word) = (false, false);
        for (event, minutes) in events {
            let was_over = play.meetup.is_over();
            play.at(play.now + Duration::minutes(minutes));
            let before = play.said.len();
            let fits = play.try_step(&event).is_ok();
            let again = matches!(event, Event::MeetsAgain { .. } | Event::DraftsWord { .. } | Event::AnswersWord { .. });
            let late_words = matches!(event, Event::Introduced | Event::PollPosted { .. });
            let late_room = matches!(event, Event::RoomOpened { .. });
            let goes = matches!(event, Event::Withdraws { .. });
            let report = matches!(event, Event::ChecksIn { account: Account::NotRight, .. });
            prop_assert!(!(was_over && fits) || late_room || late_words || again || goes || report);
            let silent = play.said.len() == before;
            prop_assert!(!was_over || (play.meetup.is_over() && (late_words || again || report || silent)));
            both_in |= play.meetup.participants.iter().all(Participant::is_in);
            a_word |= fits && matches!(event, Event::ChecksIn { account: Account::WeMet, .. });
            if !both_in {
                prop_assert!(play.said[before..].iter().all(|draft| matches!(draft.to, Address::Member(_))));
            }
            prop_assert!(play.meetup.polls <= 2);
            prop_assert_eq!(play.meetup.due_at().is_none(), play.meetup.is_over());
        }
        let in_room = play.said.iter().filter(|draft| draft.to == Address::Room && draft.notice.is_message());
        prop_assert!(in_room.count() <= usize::from(MOST_MESSAGES));
        prop_assert!(play.facts.is_empty() || a_word);
    }
}
