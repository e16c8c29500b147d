//! Time passes: what is due stands in the database, and one ticker asks for it. A restart catches up.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt};
use tokio::sync::{Notify, watch};

use super::messenger::{Gone, Messenger, Undelivered};
use super::round::RETENTION_WEEKS;
use super::{Result, Stop, Wallflower};
use crate::domain::ids::{CommunityId, MeetupId};
use crate::domain::meetup::{Event, Meetup, State};
use crate::domain::notice::{Address, Draft, Notice};
use crate::domain::tie::Week;

/// The ticker looks at least this often, whatever it expects.
const LOOKS_EVERY: chrono::Duration = chrono::Duration::minutes(1);
/// After a fault (the database locked or gone) it looks again after this.
const AFTER_FAULT: chrono::Duration = chrono::Duration::seconds(5);
/// Looking for what has been kept long enough reads whole tables.
const TIDIES_EVERY: chrono::Duration = chrono::Duration::hours(1);
/// A community that removed the bot is erased after this.
const REMOVED_KEEPS: chrono::Duration = chrono::Duration::days(30);
/// What a session has told last is told twice within seconds, or not at all.
const RECENT_KEEPS: chrono::Duration = chrono::Duration::days(1);
/// What was closed to the bot when somebody's past was read may open so long after they joined; later it says little.
const LEFT_OUT_WAITS: chrono::Duration = chrono::Duration::weeks(8);
/// Settled notices of meetups that are over are kept this long, for the admins' status.
const NOTICES_KEEP: chrono::Duration = chrono::Duration::days(30);
/// What could not be said is tried again for this long, as long as the admins' status shows it.
pub(super) const PARKED_IS_TRIED_FOR: chrono::Duration = chrono::Duration::days(14);
/// What could not be done is not tried again before.
const SHORT_PAUSE: chrono::Duration = chrono::Duration::seconds(1);
/// Something due that cannot be done now is tried again with the next look, not in a tight loop.
const POLL_READ_PAUSE: Duration = Duration::from_secs(5);
/// Whoever votes while a poll is read makes it be read again; in a rush, later.
const MOST_READS: usize = 3;
/// Rounds that are held at the same time: each of them asks Discord for some people, and all share one allowance.
const ROUNDS_AT_ONCE: usize = 4;

impl Wallflower {
    /// Does what is due until `stopping` turns true. Rounds read whole communities and look for people; many are due at one
    /// hour, so nothing else waits for them.
    pub async fn keep_time(&self, messenger: &dyn Messenger, stopping: watch::Receiver<bool>) {
        tokio::join!(self.keep_all_but_rounds(messenger, stopping.clone()), self.keep_rounds(messenger, stopping));
    }

    async fn keep_all_but_rounds(&self, messenger: &dyn Messenger, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            let next = self.do_what_is_due(messenger).await;
            self.rest(next, &self.bell, &mut stopping).await;
        }
    }

    async fn keep_rounds(&self, messenger: &dyn Messenger, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            let next = self.hold_due_rounds(messenger).await;
            self.rest(next, &self.rounds_bell, &mut stopping).await;
        }
    }

    /// Until something is due, the bell rings, or all ends.
    async fn rest(&self, next: Result<Option<DateTime<Utc>>>, bell: &Notify, stopping: &mut watch::Receiver<bool>) {
        let next = match next {
            Ok(next) => next.unwrap_or_else(|| self.now() + LOOKS_EVERY).min(self.now() + LOOKS_EVERY),
            Err(stop) => {
                tracing::error!(%stop, "what is due could not be done; trying again");
                self.now() + AFTER_FAULT
            }
        };
        tokio::select! {
            () = self.clock.until(next) => {}
            () = bell.notified() => {}
            _ = stopping.changed() => {}
        }
    }

    /// Does all that is due now, one after the other. Returns when something is due next.
    pub async fn tick(&self, messenger: &dyn Messenger) -> Result<Option<DateTime<Utc>>> {
        let round = self.hold_due_rounds(messenger).await?;
        let rest = self.do_what_is_due(messenger).await?;
        Ok(round.into_iter().chain(rest).min())
    }

    /// When something is due next, or since when.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>> {
        let (rest, round) = (self.store.next_due().await?, self.store.next_round().await?);
        Ok(rest.into_iter().chain(round).min())
    }

    /// Holds the rounds that are due, a few at a time. Returns when the next one is.
    async fn hold_due_rounds(&self, messenger: &dyn Messenger) -> Result<Option<DateTime<Utc>>> {
        let began = self.now();
        let due = self.store.due_programmes(began).await?;
        let rounds = stream::iter(due).map(async |community: CommunityId| {
            unless_everything_fails(self.hold_round(messenger, community).await.map(drop), community)
        });
        let held: Vec<Result<Option<()>>> = rounds.buffer_unordered(ROUNDS_AT_ONCE).collect().await;
        held.into_iter().collect::<Result<Vec<_>>>()?;
        // One that could not be held is tried again, but not in a tight loop: each looks at a whole community.
        let again = began + AFTER_FAULT;
        Ok(self.store.next_round().await?.map(|next| if next <= began { again } else { next }))
    }

    /// Does all that is due now but the rounds. Returns when something is due next.
    async fn do_what_is_due(&self, messenger: &dyn Messenger) -> Result<Option<DateTime<Utc>>> {
        let began = self.now();
        self.tidy().await?;
        // What may have arrived before a crash is found first: votes count only under a poll that we know of.
        self.deliver(messenger).await?;
        let unread = self.read_polls_after_absence(messenger).await?;
        let mut waiting = began + SHORT_PAUSE;
        for id in self.store.due_meetups(began).await? {
            if let Some(after) = unless_everything_fails(self.pass_time(messenger, id).await, id)?.flatten() {
                waiting = waiting.max(began + chrono::Duration::from_std(after).unwrap_or(LOOKS_EVERY));
            }
        }
        self.deliver(messenger).await?;
        // What was due when this began and is due still waits for Discord: not before its pause is over.
        let next = self.store.next_due().await?.map(|next| if next <= began { waiting } else { next });
        let again = unread.map(|after| began + chrono::Duration::from_std(after).unwrap_or(LOOKS_EVERY));
        Ok(next.into_iter().chain(again).min())
    }

    /// Erases what has been kept long enough, and tries again what could not be said; looks for both now and then only.
    async fn tidy(&self) -> Result<()> {
        let now = self.now();
        let last = *self.tidied.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| now < last + TIDIES_EVERY) {
            return Ok(());
        }
        for erased in self.store.erase_removed(now - REMOVED_KEEPS).await? {
            self.watch.iter().for_each(|watch| watch.erase(erased));
        }
        self.store.prune_notices(now - NOTICES_KEEP).await?;
        self.store.retry_parked(now, now - PARKED_IS_TRIED_FOR).await?;
        self.store.prune_ties(Week::of(now).earlier(RETENTION_WEEKS)).await?;
        self.store.prune_busy(now).await?;
        self.store.prune_trips(now).await?;
        self.store.prune_thread_talk(Week::of(now).earlier(1)).await?;
        self.store.prune_recent_messages(now - RECENT_KEEPS).await?;
        self.store.prune_left_out(now - LEFT_OUT_WAITS).await?;
        // A disk too full for it must not hold up the rest.
        if let Err(error) = self.store.overwrite_erased().await {
            tracing::warn!(%error, "the database could not be written anew; bytes of what was erased may be left in it");
        }
        *self.tidied.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(())
    }

    /// Lets time pass for one meetup. Returns how long to wait where Discord has to be asked again.
    async fn pass_time(&self, messenger: &dyn Messenger, id: MeetupId) -> Result<Option<Duration>> {
        let Some(meetup) = self.store.meetup(id).await? else { return Ok(None) };
        let done = match &meetup.state {
            State::Polling { poll } if poll.message.is_some() && poll.ballot.stands_on_discord() => {
                return self.read_poll(messenger, id).await;
            }
            _ => self.advance(id, &Event::TimePassed).await,
        };
        match done {
            Ok(_) | Err(Stop::Refusal(_)) => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    /// Votes may have been missed: the talking session has begun anew, or one could not be taken or read.
    pub fn was_absent(&self) {
        self.absences.fetch_add(1, Ordering::AcqRel);
        self.ring();
    }

    /// The absence is over only when all polls have been read. Returns after how long to look again where one cannot be
    /// read now.
    async fn read_polls_after_absence(&self, messenger: &dyn Messenger) -> Result<Option<Duration>> {
        let absences = self.absences.load(Ordering::Acquire);
        if absences == 0 {
            return Ok(None);
        }
        let mut unread = None;
        for id in self.store.running_polls().await? {
            let waits = unless_everything_fails(self.read_poll(messenger, id).await, id)?.flatten();
            unread = unread.max(waits);
        }
        if unread.is_none() {
            // Not where there was another absence meanwhile: then they are read again.
            let _ = self.absences.compare_exchange(absences, 0, Ordering::AcqRel, Ordering::Acquire);
        }
        Ok(unread)
    }

    /// Takes the votes as they stand under the poll now, and closes it where that is due. Returns how long to wait where
    /// Discord has to be asked again.
    pub(super) async fn read_poll(&self, messenger: &dyn Messenger, id: MeetupId) -> Result<Option<Duration>> {
        for _ in 0..MOST_READS {
            match self.read_poll_once(messenger, id).await {
                Ok(Some(again)) => return Ok(again),
                Ok(None) => {}
                Err(Stop::Refusal(_)) => return Ok(None),
                Err(stop) => return Err(stop),
            }
        }
        Ok(Some(POLL_READ_PAUSE))
    }

    /// `None` where somebody voted while it was read.
    async fn read_poll_once(&self, messenger: &dyn Messenger, id: MeetupId) -> Result<Option<Option<Duration>>> {
        let Some(meetup) = self.store.meetup(id).await? else { return Ok(Some(None)) };
        let State::Polling { poll } = &meetup.state else { return Ok(Some(None)) };
        let message = poll.message.filter(|_| poll.ballot.stands_on_discord());
        let (Some(room), Some(message)) = (meetup.room, message) else { return Ok(Some(None)) };
        let asked_at = self.now();
        match messenger.votes(room, message, poll).await {
            Ok(seen) => return Ok(self.take_poll(meetup, seen, asked_at).await?.map(|_| None)),
            Err(Undelivered::Later { after, reason, .. }) => {
                tracing::warn!(meetup = %meetup.id, %reason, "a poll could not be read; trying again");
                return Ok(Some(Some(after.unwrap_or(POLL_READ_PAUSE))));
            }
            Err(Undelivered::Gone(Gone::Message)) => self.advance(meetup.id, &Event::PollLost).await?,
            Err(Undelivered::Forbidden(reason)) => return self.go_on_unread(&meetup, poll.number, &reason).await,
            Err(_) => self.advance(meetup.id, &Event::RoomLost).await?,
        };
        Ok(Some(None))
    }

    /// The poll stands, and may not be read any more: what is known of it decides once it is due. The admins read why.
    async fn go_on_unread(&self, meetup: &Meetup, poll: u8, reason: &str) -> Result<Option<Option<Duration>>> {
        let now = self.now();
        tracing::warn!(meetup = %meetup.id, reason, "a poll may not be read; /wallflower status shows it");
        // Not worth trying again by itself: the next look reads it.
        let unread = Draft { notice: Notice::RefreshPoll { poll }, to: Address::Room, due_at: now, not_after: now };
        let ids = self.new_notice_ids(1);
        self.store.note_unsaid(meetup, &unread, ids[0], reason, now).await?;
        if meetup.due_at().is_some_and(|due| due <= now) {
            self.advance(meetup.id, &Event::PollLost).await?;
        }
        Ok(Some(None))
    }
}

/// What is wrong with one of many must not hold up the others; a database that is gone holds up all.
pub(super) fn unless_everything_fails<T>(result: Result<T>, of: impl std::fmt::Debug) -> Result<Option<T>> {
    match result {
        Ok(done) => Ok(Some(done)),
        Err(Stop::Fault(fault)) if fault.is_of_the_database() => Err(fault.into()),
        Err(stop) => {
            tracing::error!(?of, %stop, "what is due here could not be done");
            Ok(None)
        }
    }
}
