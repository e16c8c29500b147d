//! Clicks on a ballot with buttons.

use super::answers::ballot as ballots;
use super::bot::Data;
use super::caller::Caller;
use super::custom_id::Verb;
use super::replies::{Failure, Reply};
use crate::app::Refusal;
use crate::app::ballots::Marked;

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
