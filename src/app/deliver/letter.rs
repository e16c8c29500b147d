//! From a notice to a letter: whether it is still to be said, where, and with what it is put into words.

use chrono::{DateTime, Duration, Utc};

use crate::app::messenger::{Letter, Place};
use crate::app::{Result, Wallflower};
use crate::domain::ids::UserId;
use crate::domain::meetup::{Kind, Meetup, Standing, State};
use crate::domain::member::Door;
use crate::domain::notice::{Address, Notice};
use crate::domain::nudge::next_allowed;
use crate::store::{Community, NoticeRow, Programme};

/// For the admins, where a report has no reader.
const NO_MODERATORS: &str = "a report waits for a reader: no moderators' channel is set";

/// A mention for news alone comes at the latest so long after it: a day before the news is forgotten.
const MENTIONED_WITHIN: Duration = Duration::days(13);
/// A round that is due is held within moments.
const A_MOMENT: Duration = Duration::minutes(1);

/// As the database names the notice.
const OPEN_THREAD: &str = "open_thread";

/// What became of a notice on its way to a letter.
pub(super) enum Composed {
    Letter(Box<Letter>),
    /// Settled elsewhere meanwhile, or its reader looks for themselves.
    NothingToSay,
    /// Its moment has not come.
    NotYet {
        until: DateTime<Utc>,
    },
    /// It is to be said, and there is no place for it.
    Nowhere {
        reason: &'static str,
    },
}

impl Wallflower {
    /// After a night of silence (ours) nobody is woken by what waited: the end of the reader's quiet hours.
    pub(super) async fn quiet_until(&self, row: &NoticeRow, letter: &Letter) -> Result<Option<DateTime<Utc>>> {
        if !row.notice.is_nudge() || row.sending_at.is_some() {
            return Ok(None);
        }
        let now = self.now();
        let seat = letter.member.and_then(|user| letter.meetup.as_ref()?.participant(user));
        let zone = match seat {
            None => letter.community.zone,
            Some(seat) => {
                let member = self.store.member(row.community, seat.user).await?;
                member.map_or(seat.zone, |member| member.zone_at(now, seat.zone))
            }
        };
        Ok(Some(next_allowed(now, zone)).filter(|morning| *morning > now))
    }

    /// What a notice is about; `None` where its community is erased.
    async fn around(&self, row: &NoticeRow) -> Result<Option<(Community, Option<Programme>, Option<Meetup>)>> {
        let Some(community) = self.store.community(row.community).await? else { return Ok(None) };
        let programme = self.store.programme(row.community).await?;
        let meetup = if let Some(id) = row.meetup { self.store.meetup(id).await? } else { None };
        Ok(Some((community, programme, meetup)))
    }

    /// The letter as of now.
    pub(super) async fn compose(&self, row: &NoticeRow) -> Result<Composed> {
        let Some((community, programme, meetup)) = self.around(row).await? else { return Ok(Composed::NothingToSay) };
        if !still_true(&row.notice, row.to, meetup.as_ref()) {
            return Ok(Composed::NothingToSay);
        }
        if let (Address::Member(user), Notice::DidNotComeTogether) = (row.to, &row.notice)
            && let Some(composed) = self.ride(row, user, programme.as_ref(), meetup.as_ref()).await?
        {
            return Ok(composed);
        }
        if self.is_overtaken(&row.notice, programme.as_ref(), meetup.as_ref()).await? {
            return Ok(Composed::NothingToSay);
        }
        let Some(place) = self.place(row, &community, programme.as_ref(), meetup.as_ref()).await? else {
            return Ok(match row.to {
                Address::Moderators { .. } => Composed::Nowhere { reason: NO_MODERATORS },
                Address::Member(_) | Address::Room | Address::Programme => Composed::NothingToSay,
            });
        };
        let edits = match (&row.notice, row.meetup) {
            (Notice::RefreshPoll { .. }, Some(id)) => self.store.delivered(id, "post_poll").await?,
            (Notice::Update { .. } | Notice::OpenThread, Some(id)) => self.store.delivered(id, "it_is_on").await?,
            (Notice::OfferSettled, Some(id)) => self.store.delivered(id, "time_offered").await?,
            _ => None,
        };
        let edits = edits.and_then(|edits| edits.channel.zip(edits.message));
        if edits.is_none() && changes_another(&row.notice) {
            return Ok(Composed::NothingToSay);
        }
        // One thread for an evening, wherever it moves to later.
        if let (Notice::OpenThread, Some(id)) = (&row.notice, row.meetup)
            && self.store.delivered(id, OPEN_THREAD).await?.is_some()
        {
            return Ok(Composed::NothingToSay);
        }
        // Those who would meet again have gone on in the same thread.
        if let (Notice::CloseRoom, Some(meetup)) = (&row.notice, &meetup)
            && self.others_live_there(meetup).await?
        {
            return Ok(Composed::NothingToSay);
        }
        let (notice, member) = (row.notice.clone(), reader(row.to));
        let letter = Letter { id: row.id, notice, place, community, programme, meetup, member, edits };
        Ok(Composed::Letter(Box::new(letter)))
    }

    /// The letter as it may have arrived, by which it can be found, whether it is true still or not. `None` where it changes
    /// something that stands already, or has no place any more.
    pub(super) async fn letter_in_doubt(&self, row: &NoticeRow) -> Result<Option<Letter>> {
        if changes_another(&row.notice) {
            return Ok(None);
        }
        let Some((community, programme, meetup)) = self.around(row).await? else { return Ok(None) };
        let place = self.place(row, &community, programme.as_ref(), meetup.as_ref()).await?;
        let (notice, member) = (row.notice.clone(), reader(row.to));
        Ok(place.map(|place| Letter { id: row.id, notice, place, community, programme, meetup, member, edits: None }))
    }

    /// Whether something else that is not over lives in the thread of this one.
    async fn others_live_there(&self, meetup: &Meetup) -> Result<bool> {
        let Some(room) = meetup.room.filter(|_| !is_evening(Some(meetup))) else { return Ok(false) };
        Ok(self.store.meetups_in_room(room).await?.iter().any(|other| other.id != meetup.id))
    }

    /// Whoever chose to be mentioned is not mentioned for news alone where that can be helped: on the day of a deadline
    /// all could read from it that a yes had come to nothing. It comes with the next round, when others are mentioned
    /// too, or needs no mention at all where an ask brings them there. `None` where nothing holds it up.
    async fn ride(
        &self,
        row: &NoticeRow,
        user: UserId,
        programme: Option<&Programme>,
        meetup: Option<&Meetup>,
    ) -> Result<Option<Composed>> {
        let member = self.store.member(row.community, user).await?;
        let since = meetup.and_then(|meetup| meetup.participant(user)).and_then(|seat| seat.news);
        let (Some(Door::Mention), Some(since)) = (member.map(|member| member.profile.door), since) else {
            return Ok(None);
        };
        let now = self.now();
        let latest = since + MENTIONED_WITHIN;
        let round = programme.and_then(|programme| programme.last_round_at).filter(|at| *at > since);
        if round.is_none() && now < latest {
            let next = programme.filter(|programme| !programme.paused).and_then(|programme| programme.next_round_at);
            let until = next.map_or(latest, |next| next.max(now + A_MOMENT).min(latest));
            return Ok(Some(Composed::NotYet { until }));
        }
        let asked = !self.mine(row.community, user).await?.asks.is_empty();
        Ok(asked.then_some(Composed::NothingToSay))
    }

    async fn place(
        &self,
        row: &NoticeRow,
        community: &Community,
        programme: Option<&Programme>,
        meetup: Option<&Meetup>,
    ) -> Result<Option<Place>> {
        let channel = programme.map(|programme| Place::Channel(programme.channel));
        Ok(match row.to {
            Address::Member(user) => self.door(row, user, channel).await?,
            Address::Programme => channel,
            // A thread that is to be made is made in the programme's channel.
            Address::Room if row.notice == Notice::OpenRoom => channel,
            // An evening lives in the programme's channel; only the thread under its announcement is closed.
            Address::Room if row.notice == Notice::CloseRoom && is_evening(meetup) => match row.meetup {
                Some(id) => self.store.delivered(id, OPEN_THREAD).await?.and_then(|at| at.channel).map(Place::Channel),
                None => None,
            },
            Address::Room => meetup.and_then(|meetup| meetup.room).map(Place::Channel),
            Address::Moderators { .. } => community.moderators.map(Place::Channel),
        })
    }

    /// Behind the door that a member chose. Who wants to be told only when they look finds it under the doorbell.
    async fn door(&self, row: &NoticeRow, user: UserId, channel: Option<Place>) -> Result<Option<Place>> {
        let member = self.store.member(row.community, user).await?;
        Ok(member.filter(|member| member.takes_part(self.now())).and_then(|member| match member.profile.door {
            Door::Direct => Some(Place::Direct(user)),
            Door::Mention if row.notice.calls() => channel,
            Door::Mention | Door::Look => None,
        }))
    }
}

/// Whom it is to, or who reports.
const fn reader(to: Address) -> Option<UserId> {
    match to {
        Address::Member(member) | Address::Moderators { reporter: member } => Some(member),
        Address::Room | Address::Programme => None,
    }
}

/// Without the message that it changes, there is nothing to do.
const fn changes_another(notice: &Notice) -> bool {
    matches!(notice, Notice::RefreshPoll { .. } | Notice::Update { .. } | Notice::OpenThread | Notice::OfferSettled)
}

fn is_evening(meetup: Option<&Meetup>) -> bool {
    meetup.is_some_and(|meetup| meetup.kind == Kind::OpenEvening)
}

/// Whether it is still to be said: a question that has been answered elsewhere is not.
fn still_true(notice: &Notice, to: Address, meetup: Option<&Meetup>) -> bool {
    let Some(meetup) = meetup else {
        return matches!(notice, Notice::Invitation | Notice::Welcome | Notice::Doorbell | Notice::HeldLately { .. });
    };
    let seat = match to {
        Address::Member(user) => meetup.participant(user),
        _ => None,
    };
    match notice {
        Notice::Ask => {
            // An ask about "someone" would tell that they erased themselves.
            matches!(meetup.state, State::Proposed { .. })
                && meetup.participants.len() == meetup.invited
                && seat.is_some_and(|seat| seat.standing == Standing::Asked)
        }
        Notice::OpenAsk => {
            matches!(meetup.state, State::Proposed { .. })
                && meetup.participants.len() == meetup.invited
                && meetup.participants.iter().all(|one| matches!(one.standing, Standing::Asked | Standing::In { .. }))
        }
        Notice::DidNotComeTogether => seat.is_some_and(|seat| seat.news.is_some()),
        Notice::OpenRoom => matches!(meetup.state, State::Polling { .. }) && meetup.room.is_none(),
        Notice::RoomOpening => {
            meetup.room.is_some() && !meetup.is_over() && !matches!(meetup.state, State::Proposed { .. })
        }
        Notice::PostPoll { poll, .. } => match &meetup.state {
            State::Polling { poll: running } => running.number == *poll && running.message.is_none(),
            _ => false,
        },
        Notice::PollReminder { poll } => match &meetup.state {
            State::Polling { poll: running } => running.number == *poll && meetup.silent().next().is_some(),
            _ => false,
        },
        Notice::TimeOffered => matches!(&meetup.state, State::Scheduled { on, .. } if on.moving.is_some()),
        Notice::ItIsOn { .. }
        | Notice::OpenThread
        | Notice::Reminder { .. }
        | Notice::Update { .. }
        | Notice::RunningLate => {
            matches!(meetup.state, State::Scheduled { .. })
        }
        Notice::PlaceNamed { .. } => {
            matches!(&meetup.state, State::Scheduled { on, .. } if on.place.is_some())
        }
        Notice::SeatFree => {
            matches!(meetup.state, State::Scheduled { .. })
                && seat.is_some_and(|seat| matches!(seat.standing, Standing::Offered { .. }))
        }
        Notice::CheckIn | Notice::CheckInAgain => {
            matches!(meetup.state, State::CheckingIn { .. })
                && seat.is_some_and(|seat| seat.is_in() && seat.check_in.is_unanswered())
        }
        Notice::WordDrafted => meetup.may_show_the_word(),
        // Somebody who has left meanwhile has taken their yes along.
        Notice::Word => meetup.may_post_the_word(),
        Notice::CheckInWaits => matches!(meetup.state, State::CheckingIn { .. }),
        Notice::NotThisTime { .. } | Notice::CloseRoom => meetup.room.is_some(),
        Notice::RefreshPoll { .. }
        | Notice::OfferSettled
        | Notice::MeetAgain
        | Notice::TryAgain
        | Notice::HeldLately { .. }
        | Notice::PublishEvent { .. }
        | Notice::Report
        | Notice::Invitation
        | Notice::Welcome
        | Notice::Doorbell => true,
    }
}
