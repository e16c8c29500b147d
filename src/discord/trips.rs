//! Stays in other cities: told by a command, taken back by a select.

use super::answers::{busy, trips as answers};
use super::bot::Data;
use super::caller::Caller;
use super::replies::{Failure, Reply};
use crate::domain::place::City;

/// All that they have told, as it is now.
pub async fn show(data: &Data, caller: &Caller) -> Result<Reply, Failure> {
    let trips = data.wallflower.trips(caller.community()?, caller.user).await?;
    Ok(answers::trips(caller.locale, &trips))
}

/// One more.
pub async fn travel(data: &Data, caller: &Caller, city: &City, days: &str) -> Result<(), Failure> {
    let told = data.wallflower.travel(caller.community()?, caller.user, city, days).await;
    told.map_err(|why| busy::not_taken(caller.locale, why))
}

pub async fn trips_back(data: &Data, caller: &Caller, chosen: &[String]) -> Result<Reply, Failure> {
    data.wallflower.stay_home(caller.community()?, caller.user, &answers::chosen(chosen)).await?;
    show(data, caller).await
}
