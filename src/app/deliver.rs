//! Says what is to be said: takes the first due notice of each address, puts it into the messenger's hands, and notes what
//! became of it together with what follows from it.
//!
//! A crash between sending and noting costs no double: the notice stands as *sending*. Within a minute it is sent again
//! under the same nonce, which gives the same message; later it is first looked for.

mod letter;
mod overtaken;

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use futures_util::stream::{self, StreamExt};

use self::letter::Composed;
use super::messenger::{Delivered, Gone, Letter, Messenger, Place, Undelivered};
use super::presence::Found;
use super::timekeeper::unless_everything_fails;
use super::{Result, Stop, Wallflower};
use crate::domain::ids::{CommunityId, UserId};
use crate::domain::meetup::{Event, Meetup};
use crate::domain::notice::Notice;
use crate::store::{Delivery, NoticeRow, Outcome};

/// Discord remembers a nonce for some minutes; up to here we rely on it.
const NONCE_LASTS: Duration = Duration::seconds(60);
/// The first pause after something did not go through; it doubles with each attempt.
const FIRST_PAUSE: Duration = Duration::seconds(2);
const LONGEST_PAUSE: Duration = Duration::minutes(15);
/// What could not be said is tried again after this, as long as it is worth saying: its cause may have been mended.
const PARKED_FOR: Duration = Duration::days(1);
/// Addresses served at the same time.
const AT_ONCE: usize = 8;

impl Wallflower {
    /// Delivers all that is due and not held up.
    pub async fn deliver(&self, messenger: &dyn Messenger) -> Result<()> {
        let mut tried = HashSet::new();
        loop {
            let before = tried.len();
            let (now, mut behind) = (self.now(), None);
            loop {
                let page = self.store.due_notices(now, behind).await?;
                let Some(last) = page.last() else { break };
                behind = Some((last.due_at, last.id));
                let fresh = page.into_iter().filter(|row| self.serves(row.community) && tried.insert(row.id));
                let deliveries = stream::iter(fresh).map(async |row: NoticeRow| {
                    let id = row.id;
                    unless_everything_fails(self.deliver_one(messenger, row).await, id)
                });
                let results: Vec<Result<Option<()>>> = deliveries.buffer_unordered(AT_ONCE).collect().await;
                results.into_iter().collect::<Result<Vec<_>>>()?;
            }
            // Once the first of a lane is settled, the next one comes to light.
            if tried.len() == before {
                return Ok(());
            }
        }
    }

    /// Whether what is to be said in a community is ours to say: two processes that say it at once would both find that
    /// nobody has said it yet. A nonce makes one message of two, but not one thread, and not one event.
    fn serves(&self, community: CommunityId) -> bool {
        self.watch.as_ref().is_none_or(|watch| watch.serves(community))
    }

    async fn deliver_one(&self, messenger: &dyn Messenger, row: NoticeRow) -> Result<()> {
        let stale = row.not_after <= self.now();
        // What is stale is not said; but what may have arrived is looked for, since votes may stand under it.
        if stale && row.sending_at.is_none() {
            return Ok(self.store.settle_notice(row.id, &Outcome::Dropped).await?);
        }
        let mut composed = self.compose(&row).await?;
        if let Composed::Letter(letter) = &composed
            && self.misses_somebody(messenger, &row, letter).await?
        {
            composed = self.compose(&row).await?;
        }
        let letter = match composed {
            Composed::Letter(letter) => *letter,
            Composed::NothingToSay => return self.drop_unless_it_arrived(messenger, &row).await,
            Composed::NotYet { until } => {
                let later = Outcome::Later { at: until, in_doubt_since: row.sending_at };
                return Ok(self.store.settle_notice(row.id, &later).await?);
            }
            Composed::Nowhere { reason } => return self.give_up(&row, self.parked(&row, reason.to_owned())).await,
        };
        if let Some(morning) = self.quiet_until(&row, &letter).await? {
            let later = Outcome::Later { at: morning, in_doubt_since: None };
            return Ok(self.store.settle_notice(row.id, &later).await?);
        }
        let began = self.now();
        let found = match row.sending_at.filter(|at| began - *at >= NONCE_LASTS) {
            Some(long_ago) => messenger.find(&letter, long_ago).await,
            None => Ok(None),
        };
        let result = match found {
            Ok(Some(delivered)) => Ok(delivered),
            Ok(None) if stale => return Ok(self.store.settle_notice(row.id, &Outcome::Dropped).await?),
            Ok(None) if self.store.begin_sending(row.id, began).await? => {
                messenger.deliver(&self.newest(&row, &letter).await?).await
            }
            Ok(None) => return Ok(()),
            Err(undelivered) => Err(undelivered),
        };
        match result {
            Ok(delivered) => self.delivered(messenger, &row, &letter, delivered).await,
            Err(undelivered) => self.undelivered(messenger, &row, &letter, (began, undelivered)).await,
        }
    }

    /// What is not true any more is not said. But what may have arrived is looked for: it may have to be changed, as a poll
    /// under which nobody can vote any more.
    async fn drop_unless_it_arrived(&self, messenger: &dyn Messenger, row: &NoticeRow) -> Result<()> {
        let began = self.now();
        if let (Some(long_ago), Some(letter)) = (row.sending_at, self.letter_in_doubt(row).await?) {
            match messenger.find(&letter, long_ago).await {
                Ok(Some(delivered)) => return self.delivered(messenger, row, &letter, delivered).await,
                Err(why @ Undelivered::Later { .. }) => {
                    return self.undelivered(messenger, row, &letter, (began, why)).await;
                }
                Ok(None) | Err(_) => {}
            }
        }
        Ok(self.store.settle_notice(row.id, &Outcome::Dropped).await?)
    }

    /// The letter with the numbers as they are now. Whatever changed before it began to be sent is not told by a notice of
    /// its own: the one that was waiting stands for it.
    async fn newest(&self, row: &NoticeRow, letter: &Letter) -> Result<Letter> {
        if letter.edits.is_none() {
            return Ok(letter.clone());
        }
        Ok(match self.compose(row).await? {
            Composed::Letter(newest) => *newest,
            _ => letter.clone(),
        })
    }

    /// Notes a delivery with what follows from it.
    async fn delivered(
        &self,
        messenger: &dyn Messenger,
        row: &NoticeRow,
        letter: &Letter,
        delivered: Delivered,
    ) -> Result<()> {
        if delivered.misses_somebody {
            self.look_for(messenger, row.community, concerned(letter)).await?;
        }
        let event = match (&row.notice, delivered) {
            (Notice::OpenRoom, Delivered { channel: Some(channel), .. }) => Some(Event::RoomOpened { channel }),
            (Notice::RoomOpening, _) => Some(Event::Introduced),
            (Notice::PostPoll { .. }, Delivered { message: Some(message), .. }) => Some(Event::PollPosted { message }),
            // A mention only calls them; they hear it where they look then.
            (Notice::DidNotComeTogether, _) => match letter.place {
                Place::Direct(user) => Some(Event::HearsTheNews { user }),
                Place::Channel(_) => None,
            },
            (Notice::PublishEvent { .. }, Delivered { event: Some(event), .. }) => {
                Some(Event::EventPublished { event })
            }
            _ => None,
        };
        let outcome = Outcome::Sent(Delivery { channel: delivered.channel, message: delivered.message });
        self.settle(row, letter.meetup.as_ref(), event, &outcome).await?;
        match (&row.notice, row.meetup) {
            // Quick people have voted before we knew the message that they vote under.
            (Notice::PostPoll { .. }, Some(meetup)) => {
                let read = self.read_poll(messenger, meetup).await;
                if !matches!(read, Ok(None)) {
                    self.was_absent();
                }
                read.map(drop)
            }
            _ => Ok(()),
        }
    }

    async fn undelivered(
        &self,
        messenger: &dyn Messenger,
        row: &NoticeRow,
        letter: &Letter,
        (began, why): (DateTime<Utc>, Undelivered),
    ) -> Result<()> {
        tracing::debug!(notice = %row.id, community = %row.community, %why, "a notice was not delivered");
        match why {
            Undelivered::Later { after, may_have_arrived, .. } => {
                let after = after.and_then(|after| Duration::from_std(after).ok());
                let in_doubt = may_have_arrived.then_some(began);
                Ok(self.store.settle_notice(row.id, &self.later(row, after, in_doubt)).await?)
            }
            Undelivered::DirectMessagesClosed => self.closed_to_us(row, letter).await,
            Undelivered::Gone(Gone::Person) => self.not_reached(messenger, row, letter).await,
            Undelivered::Gone(_) | Undelivered::Forbidden(_) | Undelivered::Unknown | Undelivered::Refused(_) => {
                tracing::warn!(community = %row.community, %why, "something could not be said; /wallflower status shows it");
                self.give_up(row, self.parked(row, why.to_string())).await
            }
        }
    }

    async fn closed_to_us(&self, row: &NoticeRow, letter: &Letter) -> Result<()> {
        if let Some(user) = letter.member {
            self.close_direct_door(row.community, user).await?;
        }
        Ok(self.store.settle_notice(row.id, &Outcome::Dropped).await?)
    }

    /// Discord says that somebody is not there. Whoever has left the server leaves Wallflower.
    async fn not_reached(&self, messenger: &dyn Messenger, row: &NoticeRow, letter: &Letter) -> Result<()> {
        match self.look_for(messenger, row.community, concerned(letter)).await? {
            Found::NotAll => Ok(self.store.settle_notice(row.id, &Outcome::Dropped).await?),
            Found::Unknown => Ok(self.store.settle_notice(row.id, &self.later(row, None, None)).await?),
            // There, and out of reach all the same.
            Found::All if needs_room(&row.notice) => {
                let why = Undelivered::Gone(Gone::Person).to_string();
                self.give_up(row, self.parked(row, why)).await
            }
            Found::All => self.closed_to_us(row, letter).await,
        }
    }

    /// `in_doubt` is when the attempt began, where it may have arrived: from then on the nonce is remembered, however long
    /// the attempt took.
    fn later(&self, row: &NoticeRow, after: Option<Duration>, in_doubt: Option<DateTime<Utc>>) -> Outcome {
        let at = self.now() + after.unwrap_or_else(|| pause(row.attempts));
        Outcome::Later { at, in_doubt_since: row.sending_at.or(in_doubt) }
    }

    fn parked(&self, row: &NoticeRow, reason: String) -> Outcome {
        Outcome::Parked { reason, again_at: self.now() + PARKED_FOR, in_doubt_since: row.sending_at }
    }

    /// Settles what cannot be said. Without a room or a poll, the meetup has to go on another way.
    async fn give_up(&self, row: &NoticeRow, outcome: Outcome) -> Result<()> {
        let meetup = match row.meetup {
            Some(id) if needs_room(&row.notice) => self.store.meetup(id).await?,
            _ => None,
        };
        let event = meetup.as_ref().map(|_| Event::RoomLost);
        self.settle(row, meetup.as_ref(), event, &outcome).await
    }

    /// In one transaction with the step that follows; alone where the meetup has moved on and nothing follows.
    async fn settle(
        &self,
        row: &NoticeRow,
        meetup: Option<&Meetup>,
        event: Option<Event>,
        outcome: &Outcome,
    ) -> Result<()> {
        if let (Some(meetup), Some(event)) = (meetup, event) {
            match self.advance_settling(meetup.id, &event, Some((row.id, outcome))).await {
                Ok(_) => return Ok(()),
                Err(Stop::Refusal(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(self.store.settle_notice(row.id, outcome).await?)
    }
}

/// Whom a letter is to reach.
fn concerned(letter: &Letter) -> Vec<UserId> {
    let present = letter.meetup.iter().flat_map(|meetup| meetup.present().map(|one| one.user));
    letter.member.map_or_else(|| present.collect(), |member| vec![member])
}

/// Without these a meetup has no room to go on in.
const fn needs_room(notice: &Notice) -> bool {
    matches!(notice, Notice::OpenRoom | Notice::RoomOpening | Notice::PostPoll { .. })
}

fn pause(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts).unwrap_or(0).min(16);
    (FIRST_PAUSE * 2_i32.saturating_pow(doublings).min(1 << 14)).min(LONGEST_PAUSE)
}
