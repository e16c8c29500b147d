//! When somebody can't meet: told by a command, taken back by a select.

use super::answers::busy as answers;
use super::bot::Data;
use super::caller::Caller;
use super::replies::{Failure, Reply};

/// All that they have told, as it is now.
pub async fn show(data: &Data, caller: &Caller) -> Result<Reply, Failure> {
    let busy = data.wallflower.busy(caller.community()?, caller.user).await?;
    Ok(answers::busy(caller.locale, &busy))
}

/// One more list of days.
pub async fn not_on(data: &Data, caller: &Caller, days: &str) -> Result<(), Failure> {
    let told = data.wallflower.not_on(caller.community()?, caller.user, days).await;
    told.map_err(|why| answers::not_taken(caller.locale, why))
}

pub async fn days_back(data: &Data, caller: &Caller, chosen: &[String]) -> Result<Reply, Failure> {
    data.wallflower.can_again(caller.community()?, caller.user, &answers::chosen(chosen)).await?;
    show(data, caller).await
}
