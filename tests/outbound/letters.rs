//! Letters as the deliverer composes them, about two people or an open evening.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Europe::Amsterdam;
use wallflower::app::messenger::{Letter, Place};
use wallflower::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, NoticeId, UserId};
use wallflower::domain::meetup::{
    Appointment, CheckIn, Coming, Fizzle, Kind, Meetup, Participant, Places, Standing, State, Style, Yes,
};
use wallflower::domain::notice::Notice;
use wallflower::domain::nudge::{Cadence, Hour};
use wallflower::domain::pairing::Reason;
use wallflower::domain::pairing::groups::Size;
use wallflower::domain::place::CityId;
use wallflower::domain::poll::{Ballot, Choice, Poll, Votes};
use wallflower::domain::slot::Slot;
use wallflower::store::{Community, Programme};

/// `GeoNames`' number of Utrecht.
const UTRECHT: u32 = 2_745_912;

/// Who and where; letters are made from it.
#[derive(Debug, Clone)]
pub struct Cast {
    pub now: DateTime<Utc>,
    pub community: Community,
    pub channel: ChannelId,
    pub room: Option<ChannelId>,
    pub ana: UserId,
    pub bo: UserId,
    letters: u128,
}

impl Cast {
    pub fn new(now: DateTime<Utc>, community: u64, name: &str, channel: u64, ana: u64, bo: u64) -> Self {
        let community = Community {
            id: CommunityId::new(community).unwrap(),
            name: name.to_owned(),
            zone: Amsterdam,
            locale: "en".to_owned(),
            moderators: None,
            half_life_days: 30,
            removed_at: None,
        };
        let (ana, bo) = (UserId::new(ana).unwrap(), UserId::new(bo).unwrap());
        Self { now, community, channel: ChannelId::new(channel).unwrap(), room: None, ana, bo, letters: 0 }
    }

    /// Nobody that exists anywhere.
    pub fn imagined(name: &str) -> Self {
        let now = DateTime::parse_from_rfc3339("2026-06-01T10:00:00Z").unwrap().to_utc();
        Self::new(now, 1_000_001, name, 2_000_002, 3_000_003, 4_000_004)
    }

    /// A letter of its own, with an id that no other letter of this cast has.
    pub fn letter(&mut self, notice: Notice, place: Place, meetup: Option<Meetup>) -> Letter {
        self.letters += 1;
        let member = match place {
            Place::Direct(user) => Some(user),
            Place::Channel(_) => None,
        };
        let id = NoticeId::new(self.now, self.letters << 64);
        let (community, programme) = (self.community.clone(), Some(self.programme()));
        Letter { id, notice, place, community, programme, meetup, member, edits: None }
    }

    pub fn directly(&mut self, notice: Notice, to: UserId, meetup: Option<Meetup>) -> Letter {
        self.letter(notice, Place::Direct(to), meetup)
    }

    /// In the room of the meetup, or where there is none in the programme's channel.
    pub fn there(&mut self, notice: Notice, meetup: &Meetup) -> Letter {
        let place = Place::Channel(meetup.room.unwrap_or(self.channel));
        self.letter(notice, place, Some(meetup.clone()))
    }

    /// That changes an earlier message.
    pub fn change(&mut self, notice: Notice, meetup: &Meetup, channel: ChannelId, message: MessageId) -> Letter {
        Letter { edits: Some((channel, message)), ..self.there(notice, meetup) }
    }

    fn programme(&self) -> Programme {
        Programme {
            community: self.community.id,
            number: 1,
            channel: self.channel,
            cadence: Cadence::Weekly { day: chrono::Weekday::Mon, hour: Hour::new(18).unwrap() },
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
            round: 1,
            next_round_at: None,
            last_round_at: None,
            last_report: None,
        }
    }

    fn meetup(&self, kind: Kind, standing: Standing, state: State) -> Meetup {
        let participant = |user| Participant::new(user, Amsterdam, standing);
        let mut participants = vec![participant(self.ana), participant(self.bo)];
        participants[0].host = matches!(standing, Standing::In { .. });
        let open = kind == Kind::OpenEvening;
        Meetup {
            revision: 3,
            state,
            room: if open { Some(self.channel) } else { self.room },
            city: open.then(|| CityId::new(UTRECHT)),
            reasons: if open { Vec::new() } else { reasons() },
            asked_slots: self.slots(),
            polls: 1,
            introduced: !matches!(standing, Standing::Asked),
            ..Meetup::proposed(
                MeetupId::new(self.now, 7 << 50),
                self.community.id,
                (kind, if open { Style::Open } else { Style::Discreet }),
                participants,
                self.now,
                self.now,
            )
        }
    }

    const fn yes(&self) -> Standing {
        Standing::In { since: self.now, by: Yes::Answer }
    }

    pub fn slots(&self) -> Vec<Slot> {
        let start = |days: i64| self.now + Duration::days(days) + Duration::hours(7);
        [3, 4, 6].into_iter().map(|days| Slot::new(start(days), 60, Amsterdam).unwrap()).collect()
    }

    pub fn asked(&self) -> Meetup {
        let until = self.now + Duration::days(5);
        self.meetup(Kind::Suggested, Standing::Asked, State::Proposed { until })
    }

    /// Four who are asked.
    pub fn table(&self) -> Meetup {
        let mut meetup = self.asked();
        let more = [5_000_005, 6_000_006].map(|id| UserId::new(id).unwrap());
        meetup.participants.extend(more.map(|user| Participant::new(user, Amsterdam, Standing::Asked)));
        meetup.invited = meetup.participants.len();
        meetup.reasons = vec![Reason::PairsWhoTalk { pairs: 4, of: 6 }, Reason::RepliesAmongAll { count: 24 }];
        meetup
    }

    pub fn polling(&self, kind: Kind) -> Meetup {
        let poll = Poll::new(1, self.slots(), Ballot::Reactions, self.now);
        let mut meetup = self.meetup(kind, self.yes(), State::Polling { poll });
        meetup.participants[1].votes = Some(Votes::new([Choice::Slot(1), Choice::Slot(2)], self.now));
        meetup
    }

    pub fn appointment(&self, place: Option<&str>) -> Appointment {
        Appointment {
            slot: self.slots()[1],
            place: place.map(str::to_owned),
            sequence: 1,
            places: Places::default(),
            event: None,
            asked: Vec::new(),
            moving: None,
        }
    }

    pub fn scheduled(&self, kind: Kind, place: Option<&str>) -> Meetup {
        let state = State::Scheduled { on: self.appointment(place), coming: Coming::DayBefore };
        self.meetup(kind, self.yes(), state)
    }

    pub fn checking_in(&self) -> Meetup {
        let state = State::CheckingIn { on: self.appointment(Some("Café de Zaak")) };
        let mut meetup = self.meetup(Kind::Suggested, self.yes(), state);
        meetup.participants.iter_mut().for_each(|one| one.check_in = CheckIn::Asked);
        meetup
    }

    pub fn fizzled(&self, kind: Kind) -> Meetup {
        self.meetup(kind, self.yes(), State::Fizzled { why: Fizzle::CalledOff })
    }
}

fn reasons() -> Vec<Reason> {
    vec![
        Reason::Replies { count: 12, weeks: 3 },
        Reason::Talk { messages: 1_234, weeks: 7 },
        Reason::AnswerEachOther { percent: 66 },
        Reason::SharedChannels { count: 3 },
    ]
}
