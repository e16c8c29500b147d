//! What follows from meetups that are over: the next one of the same people, made once and only where nobody's word stands
//! against it, and a line about how many were held.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::columns::{of_kind, values, word};
use super::database::Tx;
use super::meetups::{consequences, insert_meetup};
use super::rounds::hold_off_rounds;
use super::{Result, Store};
use crate::domain::ids::{CommunityId, NoticeId, UserId};
use crate::domain::meetup::{Kind, Meetup, SaidBy, Step};

impl Store {
    /// Writes the meetup that follows `of`, unless there is a later one of the same people already, or one of them has left,
    /// rests, is kept out or would rather not meet another. `persons` are their keyed hashes. Tells whether it was written.
    pub async fn create_sequel(
        &self,
        step: &Step,
        of: &Meetup,
        persons: &BTreeMap<UserId, String>,
        (programme, ids): (i64, &[NoticeId]),
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.write().await?;
        // First of all: from here on, until the commit, no such word is written.
        hold_off_rounds(&mut tx, of.community).await?;
        if !is_open_to_them(&mut tx, of, persons, now).await? {
            return Ok(false);
        }
        insert_meetup(&mut tx, &step.meetup, programme).await?;
        consequences(&mut tx, step, step.meetup.revision, ids, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether another meetup may follow this one, as far as anybody's word goes.
    pub async fn may_have_sequel(
        &self,
        of: &Meetup,
        persons: &BTreeMap<UserId, String>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.read().await?;
        is_open_to_them(&mut tx, of, persons, now).await
    }

    /// Whether all who are in take part still, are let in, and none of them would rather not meet another.
    pub async fn are_still_together(
        &self,
        meetup: &Meetup,
        persons: &BTreeMap<UserId, String>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let participants = meetup.present().cloned().collect();
        is_possible(&mut self.read().await?, persons, &Meetup { participants, ..meetup.clone() }, now).await
    }

    /// How many meetups of a community were held since then, by what was written down of them.
    pub async fn held_since(&self, community: CommunityId, since: DateTime<Utc>) -> Result<u32> {
        let mut tx = self.read().await?;
        let sql = "SELECT COUNT(DISTINCT meetup) FROM met WHERE community = $1 AND at >= $2 AND said_by <> $3";
        let row: Option<(i64,)> = tx.row(sql, values![community, since, word("met", &SaidBy::Known)?]).await?;
        Ok(row.and_then(|(count,)| u32::try_from(count).ok()).unwrap_or(0))
    }

    /// Whether a notice of this kind was written for a community since then, whatever became of it.
    pub async fn was_written_since(&self, community: CommunityId, kind: &str, since: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.read().await?;
        let sql = "SELECT COUNT(*) FROM notices WHERE community = $1 AND created_at >= $2 AND body LIKE $3";
        let row: Option<(i64,)> = tx.row(sql, values![community, since, of_kind(kind)]).await?;
        Ok(row.is_some_and(|(count,)| count > 0))
    }
}

async fn is_open_to_them(
    tx: &mut Tx,
    of: &Meetup,
    persons: &BTreeMap<UserId, String>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let participants: Vec<_> = of.present().cloned().collect();
    let mut shared: Option<BTreeSet<String>> = None;
    for one in &participants {
        let sql = "SELECT m.meetup FROM meetups m JOIN participants p ON p.meetup = m.meetup
                   WHERE m.community = $1 AND p.member = $2 AND m.kind = $3 AND m.created_at >= $4 AND m.meetup <> $5";
        let kind = word("meetups", &Kind::Suggested)?;
        let rows: Vec<(String,)> = tx.rows(sql, values![of.community, one.user, kind, of.created_at, of.id]).await?;
        let later: BTreeSet<String> = rows.into_iter().map(|(id,)| id).collect();
        shared = Some(shared.map_or_else(|| later.clone(), |shared| &shared & &later));
    }
    let is_latest = shared.is_some_and(|shared| shared.is_empty());
    Ok(is_latest && is_possible(tx, persons, &Meetup { participants, ..of.clone() }, now).await?)
}

/// Whether all of a proposal's people take part still, are let in, and none of them would rather not meet another.
/// `persons` are their keyed hashes.
pub(super) async fn is_possible(
    tx: &mut Tx,
    persons: &BTreeMap<UserId, String>,
    meetup: &Meetup,
    now: DateTime<Utc>,
) -> Result<bool> {
    let person = |user: UserId| persons.get(&user).map_or("", String::as_str);
    for one in meetup.participants.iter().map(|one| one.user) {
        let sql = "SELECT COUNT(*) FROM members WHERE community = $1 AND member = $2
                     AND (membership = 'active' OR (membership = 'paused' AND paused_until <= $4))
                     AND NOT EXISTS (SELECT 1 FROM exclusions
                                     WHERE community = $1 AND person = $3 AND lifted_at IS NULL)";
        let takes_part: Option<(i64,)> = tx.row(sql, values![meetup.community, one, person(one), now]).await?;
        if takes_part.is_none_or(|(number,)| number == 0) {
            return Ok(false);
        }
        for other in meetup.participants.iter().map(|other| other.user).filter(|other| *other != one) {
            let sql = "SELECT COUNT(*) FROM avoids WHERE community = $1 AND member = $2 AND person = $3";
            let avoids: Option<(i64,)> = tx.row(sql, values![meetup.community, one, person(other)]).await?;
            if avoids.is_some_and(|(number,)| number > 0) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
