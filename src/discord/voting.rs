//! Votes: clicks on a ballot with buttons, and answers in Discord's own polls.

use serenity::all::AnswerId;

use super::answers::ballot as ballots;
use super::bot::Data;
use super::caller::Caller;
use super::custom_id::Verb;
use super::replies::{Failure, Reply};
use crate::app::Refusal;
use crate::app::ballots::Marked;
use crate::app::meetups::Said;
use crate::domain::ids::{MessageId, UserId};

/// One's own ballot, marked where the click says something.
pub async fn vote(data: &Data, caller: &Caller, verb: Verb, chosen: &[String]) -> Result<Reply, Failure> {
    let (app, user) = (&data.wallflower, caller.user);
    let ballot = match verb {
        Verb::VoteYes { meetup, poll } => {
            app.mark(meetup, user, poll.get(), Marked::Suits(ballots::chosen(chosen))).await?
        }
        Verb::VoteIfNeedBe { meetup, poll } => {
            app.mark(meetup, user, poll.get(), Marked::IfNeedBe(ballots::chosen(chosen))).await?
        }
        Verb::VoteNone { meetup, poll } => app.mark(meetup, user, poll.get(), Marked::NoneOfThese).await?,
        _ => app.ballot(verb.meetup().ok_or(Refusal::Settled)?, user).await?,
    };
    Ok(ballots::ballot(caller.locale, &ballot, user))
}

/// One answer in a poll of Discord's own, chosen or taken back.
pub async fn answered(
    data: &Data,
    message: serenity::all::MessageId,
    user: serenity::all::UserId,
    answer: AnswerId,
    chosen: bool,
) -> Result<(), Failure> {
    let number = u8::try_from(answer.get()).ok();
    let (Some(message), Some(user), Some(number)) = (MessageId::new(message.get()), UserId::new(user.get()), number)
    else {
        return Ok(());
    };
    Ok(data.wallflower.react(message, user, Said::Answer(number), chosen).await?)
}
