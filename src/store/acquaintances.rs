//! What one member shares with others, or some with each other: a small part of what a round reads, since it is asked for at
//! any time.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{moment, values};
use super::communities::{load_community, load_programme};
use super::meetups::load_met_of;
use super::members::load_members_beside;
use super::rounds::{load_exclusions, load_rested, load_ties_of, ties};
use super::{Avoid, Community, Exclusion, Met, Programme, Result, Store};
use crate::domain::ids::{CommunityId, MeetupId, Pair, UserId};
use crate::domain::member::Member;
use crate::domain::tie::{Counts, Week};

/// One member, and those they talk with.
#[derive(Debug, Clone)]
pub struct Acquaintances {
    pub community: Community,
    pub programme: Programme,
    /// Both the member and the others.
    pub members: Vec<Member>,
    /// The member's own.
    pub ties: BTreeMap<Pair, Counts>,
    /// Whom the member has met.
    pub met: Vec<Met>,
    /// Where either of two would rather not meet the other.
    pub avoids: Vec<Avoid>,
    /// Of all in the community.
    pub exclusions: Vec<Exclusion>,
    /// Who rested when the last round was held.
    pub rested: BTreeSet<UserId>,
}

impl Store {
    /// What one member shares with those they talk with. `person` is the member's keyed hash.
    pub async fn acquaintances(
        &self,
        id: CommunityId,
        user: UserId,
        person: &str,
        since: Week,
    ) -> Result<Option<Acquaintances>> {
        let mut tx = self.read().await?;
        let Some(community) = load_community(&mut tx, id).await? else { return Ok(None) };
        let Some(programme) = load_programme(&mut tx, id).await? else { return Ok(None) };
        let sql = "SELECT member, person, created_at FROM avoids WHERE community = $1 AND (member = $2 OR person = $3)";
        let avoids: Vec<(i64, String, i64)> = tx.rows(sql, values![id, user, person]).await?;
        let avoid =
            |(member, person, at)| Avoid { member: UserId::from_column(member), person, created_at: moment(at) };
        Ok(Some(Acquaintances {
            community,
            programme,
            members: load_members_beside(&mut tx, id, user).await?,
            ties: load_ties_of(&mut tx, id, user, since).await?,
            met: load_met_of(&mut tx, id, user).await?,
            avoids: avoids.into_iter().map(avoid).collect(),
            exclusions: load_exclusions(&mut tx, id).await?,
            rested: load_rested(&mut tx, id).await?,
        }))
    }

    /// What those who were asked by this meetup have said to each other since that week.
    pub async fn ties_among(
        &self,
        community: CommunityId,
        meetup: MeetupId,
        since: Week,
    ) -> Result<BTreeMap<Pair, Counts>> {
        let mut tx = self.read().await?;
        let sql = "SELECT low, high, week, kind, low_to_high, high_to_low FROM ties
                   WHERE community = $1 AND week >= $2 AND low IN (SELECT member FROM participants WHERE meetup = $3)
                     AND high IN (SELECT member FROM participants WHERE meetup = $3)";
        ties(tx.rows(sql, values![community, since.get(), meetup]).await?)
    }
}
