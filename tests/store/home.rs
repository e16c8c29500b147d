//! What the stories begin with: a community, its people, and meetups between them.

use chrono::{DateTime, Duration, TimeZone, Utc};
use chrono_tz::Tz;
use wallflower::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, NoticeId, Pair, UserId};
use wallflower::domain::meetup::{Appointment, Coming, Kind, Meetup, Participant, Standing, State, Step, Style, Yes};
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::domain::notice::{Address, Draft, Notice};
use wallflower::domain::nudge::Cadence;
use wallflower::domain::pairing::groups::Size;
use wallflower::domain::poll::Ballot;
use wallflower::domain::slot::Slot;
use wallflower::domain::tie::{Deltas, Kind as Talk, Thousandths, Week};
use wallflower::store::{Counted, NoticeRow, Programme, Progress, Saved, Since, Store};

pub const HOME: CommunityId = CommunityId::from_column(700_000_000_000_000_001);
pub const ELSEWHERE: CommunityId = CommunityId::from_column(700_000_000_000_000_002);
pub const CHANNEL: ChannelId = ChannelId::from_column(710_000_000_000_000_001);
pub const ANA: UserId = UserId::from_column(720_000_000_000_000_001);
pub const BO: UserId = UserId::from_column(720_000_000_000_000_002);
pub const CY: UserId = UserId::from_column(720_000_000_000_000_003);
pub const DI: UserId = UserId::from_column(720_000_000_000_000_004);
/// Since when everybody is counted.
pub const FROM: i64 = 1000;

/// A Monday morning.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 1, 10, 0, 0).unwrap()
}

pub fn later(hours: i64) -> DateTime<Utc> {
    now() + Duration::hours(hours)
}

pub fn pair(one: UserId, other: UserId) -> Pair {
    Pair::new(one, other).unwrap()
}

pub fn notice_id(number: u64) -> NoticeId {
    NoticeId::new(now(), u128::from(number) << 64)
}

pub fn notice_ids(step: &Step, from: u64) -> Vec<NoticeId> {
    (from..).take(step.notices.len()).map(notice_id).collect()
}

pub fn meetup_id(number: u64) -> MeetupId {
    MeetupId::new(now(), u128::from(number) << 64)
}

pub fn message(number: i64) -> MessageId {
    MessageId::from_column(730_000_000_000_000_000 + number)
}

pub fn member(community: CommunityId, user: UserId) -> Member {
    Member { community, user, counted_from: FROM, membership: Membership::Active, profile: Profile::default() }
}

pub fn programme(community: CommunityId) -> Programme {
    Programme {
        community,
        number: 1,
        channel: CHANNEL,
        cadence: Cadence::default(),
        style: Style::Discreet,
        ballot: Ballot::Reactions,
        asks_per_30_days: 2,
        pairs_per_round: 5,
        size: Size::PAIRS,
        lead_days: 3,
        place_by: wallflower::domain::meetup::PlaceBy::Host,
        reminders: wallflower::domain::notice::Reminders::Both,
        required_role: None,
        paused: false,
        revision: 0,
        round: 0,
        next_round_at: Some(later(8)),
        last_round_at: None,
        last_report: None,
    }
}

/// A community that is set up, with these members.
pub async fn set_up(store: &Store, community: CommunityId, users: &[UserId]) {
    store.community_present(community, "Home", now()).await.unwrap();
    assert_eq!(store.save_programme(&programme(community)).await.unwrap(), Saved::Yes);
    for user in users {
        assert!(store.enrol(&member(community, *user)).await.unwrap());
    }
}

pub fn slot(hours: i64) -> Slot {
    Slot::new(later(hours), 60, Tz::UTC).unwrap()
}

pub fn scheduled(hours: i64) -> State {
    let on = Appointment {
        slot: slot(hours),
        place: None,
        sequence: 0,
        places: wallflower::domain::meetup::Places::default(),
        event: None,
        asked: Vec::new(),
        moving: None,
    };
    State::Scheduled { on, coming: Coming::DayBefore }
}

/// A meetup of these two in a state of one's choice, created at `created_at`; the first one is the host.
pub fn meetup(number: u64, one: UserId, other: UserId, state: State) -> Meetup {
    let introduced = !matches!(state, State::Proposed { .. });
    let seat = |user, host| Participant {
        host,
        ..Participant::new(user, Tz::UTC, Standing::In { since: now(), by: Yes::Answer })
    };
    let (pair, kind) = (vec![seat(one, true), seat(other, false)], (Kind::Suggested, Style::Discreet));
    Meetup { state, introduced, ..Meetup::proposed(meetup_id(number), HOME, kind, pair, now(), now()) }
}

/// Two who are asked, each by a notice of their own.
pub fn proposal(number: u64, one: UserId, other: UserId) -> Step {
    let mut meetup = meetup(number, one, other, State::Proposed { until: later(120) });
    for participant in &mut meetup.participants {
        participant.standing = Standing::Asked;
        participant.host = false;
    }
    let notices = [one, other].map(|user| draft(Notice::Ask, Address::Member(user))).to_vec();
    Step { meetup, notices, facts: Vec::new() }
}

pub fn quiet(meetup: Meetup) -> Step {
    Step { meetup, notices: Vec::new(), facts: Vec::new() }
}

pub fn draft(notice: Notice, to: Address) -> Draft {
    Draft { notice, to, due_at: now(), not_after: later(48) }
}

/// What is to be said, the first of each lane.
pub async fn waiting(store: &Store) -> Vec<NoticeRow> {
    store.due_notices(later(1_000_000), None).await.unwrap()
}

/// `amount` whole messages from one to the other, counted under consents since [`FROM`].
pub fn talk(from: UserId, to: UserId, amount: i64) -> Counted {
    let mut deltas = Deltas::default();
    deltas.add(HOME, from, to, now(), Talk::Reply, Thousandths(amount * 1000));
    let consents = [((HOME, from), FROM), ((HOME, to), FROM)].into_iter().collect();
    Counted { deltas, consents, ..Counted::default() }
}

pub fn progress(counted: Counted) -> Progress {
    Progress { counted, ..Progress::default() }
}

pub fn since() -> Since {
    Since { talk: Week::of(now()).earlier(26), asks: later(-30 * 24), suggestions: later(-90 * 24) }
}

/// What `one` and `other` have said to each other, in thousandths.
pub async fn tie(store: &Store, one: UserId, other: UserId) -> i64 {
    let candidates = store.candidates(HOME, since()).await.unwrap().unwrap();
    candidates.ties.get(&pair(one, other)).map_or(0, |counts| counts.messages().total().0)
}
