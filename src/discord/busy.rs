//! When somebody can't meet: told by a command, taken back by a select and a button.

use serenity::all::Attachment;

use super::answers::busy as answers;
use super::bot::Data;
use super::caller::Caller;
use super::files::NotFetched;
use super::replies::{Failure, Reply};
use crate::app::busy::NotTaken;
use crate::domain::busy::{MOST_BYTES, NotACalendar};

/// All that they have told, as it is now.
pub async fn show(data: &Data, caller: &Caller) -> Result<Reply, Failure> {
    let (busy, zone) = data.wallflower.busy(caller.community()?, caller.user).await?;
    Ok(answers::busy(caller.locale, &busy, zone))
}

/// One more list of days.
pub async fn not_on(data: &Data, caller: &Caller, days: &str) -> Result<(), Failure> {
    let told = data.wallflower.not_on(caller.community()?, caller.user, days).await;
    told.map_err(|why| answers::not_taken(caller.locale, why))
}

/// The calendar in a file: nothing of it is kept but busy times.
pub async fn take_calendar(data: &Data, caller: &Caller, file: &Attachment) -> Result<(), Failure> {
    let community = caller.community()?;
    // Whoever may not keep one hears it before it is fetched.
    data.wallflower.active_member(community, caller.user).await?;
    let says_to_be_short = usize::try_from(file.size).is_ok_and(|size| size <= MOST_BYTES);
    let fetched =
        if says_to_be_short { data.files.fetch(&file.url, MOST_BYTES).await } else { Err(NotFetched::TooLarge) };
    let told = match fetched {
        Ok(bytes) => data.wallflower.take_calendar(community, caller.user, bytes).await,
        Err(NotFetched::TooLarge) => Err(NotTaken::Calendar(NotACalendar::TooLarge)),
        Err(why) => {
            tracing::warn!(%why, "a calendar could not be fetched");
            return Err(answers::not_fetched(caller.locale));
        }
    };
    told.map_err(|why| answers::not_taken(caller.locale, why))
}

pub async fn calendar_back(data: &Data, caller: &Caller) -> Result<Reply, Failure> {
    data.wallflower.drop_calendar(caller.community()?, caller.user).await?;
    show(data, caller).await
}

pub async fn days_back(data: &Data, caller: &Caller, chosen: &[String]) -> Result<Reply, Failure> {
    data.wallflower.can_again(caller.community()?, caller.user, &answers::chosen(chosen)).await?;
    show(data, caller).await
}
