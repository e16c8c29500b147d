//! People are quick: they vote while the reactions are still being put under a poll, before we know its message.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use wallflower::app::meetups::Answer;
use wallflower::app::messenger::{Delivered, Letter, Messenger, Presence, Undelivered};
use wallflower::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, UserId};
use wallflower::domain::meetup::{Meetup, State};
use wallflower::domain::notice::Notice;
use wallflower::domain::poll::{Choice, Poll};

use super::life::Deaths;
use super::memory::Memory;
use super::support::TestDatabase;
use super::village::{Temper, Village};

/// More than one look of the timekeeper takes.
const FAILURES: usize = 4;

on_both_engines!(votes_that_cannot_be_read_at_once_are_read_soon);

/// Everybody votes with the poll's first second, and the first readings do not go through.
struct Quick {
    memory: Arc<Memory>,
    failures: AtomicUsize,
}

#[async_trait]
impl Messenger for Quick {
    async fn deliver(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        let delivered = self.memory.deliver(letter).await?;
        if let (Notice::PostPoll { .. }, Some(poll), Some(meetup)) = (&letter.notice, delivered.message, &letter.meetup)
        {
            for participant in &meetup.participants {
                self.memory.reacts(poll, participant.user, BTreeSet::from([Choice::Slot(0)]));
            }
        }
        Ok(delivered)
    }

    async fn find(&self, letter: &Letter, since: DateTime<Utc>) -> Result<Option<Delivered>, Undelivered> {
        self.memory.find(letter, since).await
    }

    async fn votes(
        &self,
        channel: ChannelId,
        message: MessageId,
        poll: &Poll,
    ) -> Result<Vec<(UserId, BTreeSet<Choice>)>, Undelivered> {
        let fails = self.failures.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1));
        match fails {
            Ok(_) => Err(Undelivered::Later { after: None, may_have_arrived: false, reason: "a bad line".to_owned() }),
            Err(_) => self.memory.votes(channel, message, poll).await,
        }
    }

    async fn presence(&self, community: CommunityId, user: UserId) -> Result<Presence, Undelivered> {
        self.memory.presence(community, user).await
    }
}

async fn meetup(village: &Village, id: MeetupId) -> Meetup {
    village.store().meetup(id).await.unwrap().unwrap()
}

async fn votes_that_cannot_be_read_at_once_are_read_soon(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    village.hold_the_round().await;
    let asked = village.meetups().await.remove(0);
    for participant in &asked.participants {
        village.app().answer(asked.id, participant.user, Answer::Yes).await.unwrap();
    }
    let quick = Quick { memory: Arc::clone(&village.memory), failures: AtomicUsize::new(FAILURES) };
    while quick.failures.load(Ordering::Acquire) > 0 {
        let next = village.app().tick(&quick).await.unwrap().unwrap();
        let polling = meetup(&village, asked.id).await;
        assert!(matches!(polling.state, State::Polling { poll } if poll.message.is_some()));
        assert!(polling.participants.iter().all(|one| one.votes.is_none()));
        assert!(next - village.app().now() <= Duration::seconds(5), "soon, and not only when the poll closes");
        village.clock.set(next);
    }
    village.app().tick(&quick).await.unwrap();
    let voted = meetup(&village, asked.id).await;
    assert!(voted.participants.iter().all(|one| one.votes.is_some()));
}
