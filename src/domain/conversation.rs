//! Whom was a message for? Replies and mentions say it; for the rest a first, humble rule of turn-taking guesses.
//!
//! One [`Window`] per channel, in memory only: it holds bystanders, and is forgotten with the process. A message is
//! judged by what came before it, at once, and the same history gives the same answer.

use std::collections::VecDeque;

use chrono::{DateTime, Duration, Utc};

use super::ids::{MessageId, UserId};
use super::observation::{Observation, Reply};
use super::tie::{Kind, Thousandths};

/// One person whom a message was for, with how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee {
    pub user: UserId,
    pub kind: Kind,
    pub weight: Thousandths,
}

/// Whom one message was for: the author never, nobody twice, weights above zero and together at most one message.
pub type Addressees = Vec<Addressee>;

/// Message ids kept to find whom a reply answers, where Discord does not say it.
const RECENT_MESSAGES: usize = 256;
/// Replies and mentions kept; the busiest channels write fewer in five minutes.
const RECENT_ADDRESSES: usize = 128;
/// Whoever was spoken to answers within this time, or answers something else.
const ADDRESS_LASTS: Duration = Duration::minutes(5);
/// An answer to being spoken to mostly comes within this time.
const ANSWER_IS_FRESH: Duration = Duration::minutes(1);
/// Where others spoke within this time, several conversations are likely going on at once.
const BUSY: Duration = Duration::seconds(30);
/// The share of messages that reply or name, in thousandths, from which not naming says something by itself: where it
/// is the custom, whoever goes on with the same person names them again.
const NAMING_IS_CUSTOM: i64 = 250;
/// Over about how many of the latest messages that share is taken.
const NAMING_SPAN: i64 = 32;
/// From here on the previous speaker fades.
const PREVIOUS_FADES_AFTER: Duration = Duration::minutes(2);
/// And from here on a message opens a new conversation.
const PREVIOUS_LASTS: Duration = Duration::hours(2);

// The weights of the guesses, in thousandths: how often each was right among the judged messages of the shared chats'
// training part, rounded by eye. Half and more is a guess one would say aloud.

/// The two spoke to each other by name within five minutes, and the other did within one.
const BOTH_FRESH: i64 = 700;
/// The two spoke to each other by name within five minutes.
const BOTH: i64 = 550;
/// The other named or answered the author within the last minute.
const SPOKEN_TO_FRESH: i64 = 650;
/// The other did within five.
const SPOKEN_TO: i64 = 450;
/// The author named or answered the other within five minutes and may go on.
const SPOKE_TO: i64 = 450;
/// Nothing but having spoken before. Right for 150 to 300 in a busy channel, 700 in a small one.
const PREVIOUS: i64 = 300;
/// Whoever goes on after their own message mostly finishes a thought: the guess is divided by this.
const OWN_RUN_DIVISOR: i64 = 3;

/// Somebody spoke to somebody by reply or mention.
#[derive(Debug, Clone, Copy)]
struct Address {
    from: UserId,
    to: UserId,
    at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy)]
struct Speaker {
    user: UserId,
    at: DateTime<Utc>,
}

/// What one channel has just said, bounded: about 10 KB at most.
#[derive(Debug, Clone, Default)]
pub struct Window {
    messages: VecDeque<(MessageId, UserId)>,
    addresses: VecDeque<Address>,
    /// Who spoke last, and who spoke last before that who is another person.
    last: Option<Speaker>,
    before: Option<Speaker>,
    /// The share of the latest messages that reply or name, in thousandths, fading with each message.
    naming: i64,
}

impl Window {
    /// Takes in the channel's next message and says whom it was for. Messages come in their order in the channel.
    pub fn hear(&mut self, observation: &Observation) -> Addressees {
        let addressees = self.judge(observation);
        self.remember(observation, &addressees);
        addressees
    }

    /// The author of a message still in the window.
    pub fn author_of(&self, message: MessageId) -> Option<UserId> {
        self.messages.iter().rev().find(|(id, _)| *id == message).map(|(_, author)| *author)
    }

    fn judge(&self, observation: &Observation) -> Addressees {
        let answered = match observation.reply() {
            Reply::None => None,
            Reply::To(user) => Some(user),
            Reply::Unresolved(message) => self.author_of(message),
        };
        if let Some(user) = answered.filter(|user| *user != observation.author()) {
            return vec![Addressee { user, kind: Kind::Reply, weight: Thousandths::ONE }];
        }
        let mentions = observation.mentions();
        if !mentions.is_empty() {
            return shared_among(mentions);
        }
        // A reply to somebody unknown was for that somebody: guessing another would be wrong for certain.
        if answered.is_none() && observation.reply() != Reply::None {
            return Addressees::new();
        }
        self.guess(observation.author(), observation.at()).into_iter().collect()
    }

    fn guess(&self, author: UserId, now: DateTime<Utc>) -> Option<Addressee> {
        let recent = || self.addresses.iter().rev().filter(|address| now - address.at <= ADDRESS_LASTS);
        let spoken_to = recent().find(|address| address.to == author).map(|address| (address.from, address.at));
        let own = recent().find(|address| address.from == author).map(|address| address.to);
        let (user, weight) = match (spoken_to, own) {
            (Some((other, at)), own) => (other, called_upon(own == Some(other), now - at)),
            (None, Some(other)) if self.may_go_on(author, now) => (other, SPOKE_TO),
            (None, _) => {
                let previous = self.previous_other(author)?;
                (previous.user, faded(PREVIOUS, now - previous.at))
            }
        };
        let goes_on = self.last.is_some_and(|last| last.user == author);
        let weight = Thousandths(if goes_on { weight / OWN_RUN_DIVISOR } else { weight });
        (weight > Thousandths::ZERO).then_some(Addressee { user, kind: Kind::Turn, weight })
    }

    /// Whether the author likely goes on with whom they named, rather than turning to whoever spoke before them: names
    /// are rare here, and the previous speaker is likely in another conversation.
    fn may_go_on(&self, author: UserId, now: DateTime<Utc>) -> bool {
        self.naming < NAMING_IS_CUSTOM && self.previous_other(author).is_some_and(|previous| now - previous.at <= BUSY)
    }

    fn previous_other(&self, author: UserId) -> Option<Speaker> {
        self.last.filter(|last| last.user != author).or(self.before)
    }

    fn remember(&mut self, observation: &Observation, addressees: &Addressees) {
        let (author, at) = (observation.author(), observation.at());
        push_bounded(&mut self.messages, (observation.message(), author), RECENT_MESSAGES);
        let names = observation.reply() != Reply::None || !observation.mentions().is_empty();
        self.naming += (if names { 1000 } else { 0 } - self.naming) / NAMING_SPAN;
        let answered = addressees.iter().filter(|addressee| addressee.kind == Kind::Reply).map(|to| to.user);
        // The first to be named is whom the author goes on talking to, so it is remembered as the latest.
        for to in observation.mentions().iter().rev().copied().chain(answered) {
            push_bounded(&mut self.addresses, Address { from: author, to, at }, RECENT_ADDRESSES);
        }
        if self.last.is_none_or(|last| last.user != author) {
            self.before = self.last;
        }
        self.last = Some(Speaker { user: author, at });
    }
}

/// Named together, all share one message evenly, but for one thousandth more to the first: whoever takes the heaviest
/// should find whom the author named first.
fn shared_among(users: &[UserId]) -> Addressees {
    let share = (Thousandths::ONE.0 - 1) / i64::try_from(users.len()).unwrap_or(i64::MAX);
    let weights = std::iter::once(share + 1).chain(std::iter::repeat(share));
    let named = users.iter().zip(weights);
    let named = named.map(|(user, weight)| Addressee { user: *user, kind: Kind::Mention, weight: Thousandths(weight) });
    named.filter(|addressee| addressee.weight > Thousandths::ZERO).collect()
}

/// The weight of whoever named or answered the author `ago`, `mutual` if the author named or answered them too.
fn called_upon(mutual: bool, ago: Duration) -> i64 {
    match (mutual, ago <= ANSWER_IS_FRESH) {
        (true, true) => BOTH_FRESH,
        (true, false) => BOTH,
        (false, true) => SPOKEN_TO_FRESH,
        (false, false) => SPOKEN_TO,
    }
}

/// In a straight line from the whole weight to nothing at the end of [`PREVIOUS_LASTS`].
fn faded(weight: i64, gap: Duration) -> i64 {
    let span = (PREVIOUS_LASTS - PREVIOUS_FADES_AFTER).num_seconds();
    let left = (PREVIOUS_LASTS - gap).num_seconds().clamp(0, span);
    weight * left / span
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(item);
}

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
