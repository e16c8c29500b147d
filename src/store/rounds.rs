//! What a round looks at, read in one go, and what it decides, written in one go.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::columns::{moment, parsed, values};
use super::communities::{Programme, load_community, load_programme, report_column};
use super::database::Tx;
use super::meetups::{Met, came_to_nothing, consequences, insert_meetup, load_met};
use super::members::{Wish, load_members, load_wishes};
use super::notices::insert_notice;
use super::sequels::is_possible;
use super::{Community, Result, Store};
use crate::domain::ids::{CommunityId, NoticeId, Pair, UserId};
use crate::domain::meetup::{Standing, Step};
use crate::domain::member::Member;
use crate::domain::notice::Draft;
use crate::domain::pairing::Suggested;
use crate::domain::round::RoundReport;
use crate::domain::tie::{Counts, Kind, Talk, Thousandths, Week};

/// Everything that a round of one community looks at.
#[derive(Debug, Clone)]
pub struct Candidates {
    pub community: Community,
    pub programme: Programme,
    /// Everybody who has not left.
    pub members: Vec<Member>,
    pub ties: BTreeMap<Pair, Counts>,
    pub met: Vec<Met>,
    /// Members of a suggested meetup that is proposed, polling or scheduled.
    pub busy: Vec<UserId>,
    /// Pairs that were suggested to each other since the given moment, once for each time.
    pub suggested: Vec<Suggested>,
    /// Asks of each member since the given moment.
    pub asks: BTreeMap<UserId, i64>,
    pub avoids: Vec<Avoid>,
    /// Whom the admins keep out, and kept out when the last round was held.
    pub exclusions: Vec<Exclusion>,
    pub wishes: Vec<Wish>,
    /// Who rested when the last round was held.
    pub rested: BTreeSet<UserId>,
}

/// The admins keep somebody out, member or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The keyed hash of whom.
    pub person: String,
    pub created_at: DateTime<Utc>,
    /// Taken back then; no round has been held since.
    pub lifted_at: Option<DateTime<Utc>>,
}

/// "Rather not with this person."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avoid {
    pub member: UserId,
    /// The keyed hash of the other.
    pub person: String,
    pub created_at: DateTime<Utc>,
}

/// What a round decided.
#[derive(Debug, Clone)]
pub struct RoundPlan {
    /// The programme as it was read; the round is held only on top of its `revision`.
    pub programme: Programme,
    pub meetups: Vec<(Step, Vec<NoticeId>)>,
    /// The keyed hash of each whom it suggests: what was said of them meanwhile stands under it.
    pub persons: BTreeMap<UserId, String>,
    /// The doorbell.
    pub notices: Vec<(Draft, NoticeId)>,
    /// The wishes that were asked with this round.
    pub spent: Vec<Wish>,
    pub report: RoundReport,
    pub next_round_at: Option<DateTime<Utc>>,
}

/// How far back a round looks.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    pub talk: Week,
    pub asks: DateTime<Utc>,
    pub suggestions: DateTime<Utc>,
}

impl Store {
    /// `None` where the community or its programme is not set up.
    pub async fn candidates(&self, id: CommunityId, since: Since) -> Result<Option<Candidates>> {
        let mut tx = self.read().await?;
        let Some(community) = load_community(&mut tx, id).await? else { return Ok(None) };
        let Some(programme) = load_programme(&mut tx, id).await? else { return Ok(None) };
        Ok(Some(Candidates {
            community,
            programme,
            members: load_members(&mut tx, id).await?,
            ties: load_ties(&mut tx, id, since.talk).await?,
            met: load_met(&mut tx, id).await?,
            busy: load_busy(&mut tx, id).await?,
            suggested: load_suggested(&mut tx, id, since.suggestions).await?,
            asks: load_asks(&mut tx, id, since.asks).await?,
            avoids: tx
                .rows("SELECT member, person, created_at FROM avoids WHERE community = $1", values![id])
                .await?
                .into_iter()
                .map(|(member, person, at): (i64, String, i64)| Avoid {
                    member: UserId::from_column(member),
                    person,
                    created_at: moment(at),
                })
                .collect(),
            exclusions: load_exclusions(&mut tx, id).await?,
            wishes: load_wishes(&mut tx, id).await?,
            rested: load_rested(&mut tx, id).await?,
        }))
    }

    /// Writes a round, unless another process has held it or an admin has changed the settings meanwhile (`None`). Whom somebody's word has made impossible since
    /// the round looked (an avoid, an exclusion, a pause, a leave) is not suggested. Returns the report as it is kept.
    pub async fn save_round(&self, plan: &RoundPlan, now: DateTime<Utc>) -> Result<Option<RoundReport>> {
        let mut tx = self.write().await?;
        let programme = &plan.programme;
        // First of all: from here on, until the commit, no such word is written.
        let sql =
            "UPDATE programmes SET round = round + 1, revision = revision + 1, last_round_at = $4, next_round_at = $5
                   WHERE community = $1 AND programme = $2 AND revision = $3";
        let values = values![programme.community, programme.number, programme.revision, now, plan.next_round_at];
        if tx.execute(sql, values).await? == 0 {
            return Ok(None);
        }
        note_what_is_seen(&mut tx, programme.community, now).await?;
        let mut report = plan.report.clone();
        let mut parted = BTreeSet::new();
        for (step, ids) in &plan.meetups {
            if !is_possible(&mut tx, &plan.persons, &step.meetup, now).await? {
                report.suggested = report.suggested.saturating_sub(1);
                parted.extend(step.meetup.participants.iter().map(|one| one.user));
                continue;
            }
            insert_meetup(&mut tx, &step.meetup, programme.number).await?;
            consequences(&mut tx, step, step.meetup.revision, ids, now).await?;
            charge(&mut tx, step, now).await?;
        }
        for (draft, id) in &plan.notices {
            insert_notice(&mut tx, programme.community, None, draft, *id, programme.round, now).await?;
        }
        for wish in plan.spent.iter().filter(|wish| !parted.contains(&wish.member)) {
            let sql = "UPDATE wishes SET spent = 1 WHERE community = $1 AND member = $2 AND person = $3";
            tx.execute(sql, values![programme.community, wish.member, wish.person.as_str()]).await?;
        }
        let sql = "UPDATE programmes SET last_outcome = $3 WHERE community = $1 AND programme = $2";
        tx.execute(sql, values![programme.community, programme.number, report_column(&report)?]).await?;
        tx.commit().await?;
        Ok(Some(report))
    }
}

/// What shows of rounds until the next one: who rests now, and that whoever was let in again is in.
async fn note_what_is_seen(tx: &mut Tx, community: CommunityId, now: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE members SET rested = 1 - rested WHERE community = $1
                 AND rested <> CASE WHEN membership = 'paused' AND paused_until > $2 THEN 1 ELSE 0 END";
    tx.execute(sql, values![community, now]).await?;
    let sql = "DELETE FROM exclusions WHERE community = $1 AND lifted_at IS NOT NULL";
    if tx.execute(sql, values![community]).await? > 0 {
        tx.erases().await?;
    }
    Ok(())
}

/// Until this transaction ends, no round of this community is saved: either the round sees what is written here, or this
/// sees the round. An update that changes nothing, since it locks the row on both engines.
pub(super) async fn hold_off_rounds(tx: &mut Tx, community: CommunityId) -> Result<()> {
    tx.execute("UPDATE programmes SET round = round WHERE community = $1", values![community]).await?;
    Ok(())
}

/// Each ask costs one nudge; whoever wished for it was not asked.
async fn charge(tx: &mut Tx, step: &Step, now: DateTime<Utc>) -> Result<()> {
    let meetup = &step.meetup;
    for participant in meetup.participants.iter().filter(|participant| participant.standing == Standing::Asked) {
        tx.execute(
            "INSERT INTO nudges (community, member, meetup, at) SELECT $1, $2, $3, $4
             WHERE EXISTS (SELECT 1 FROM members WHERE community = $1 AND member = $2)
             ON CONFLICT (community, member, meetup) DO NOTHING",
            values![meetup.community, participant.user, meetup.id, now],
        )
        .await?;
    }
    Ok(())
}

pub(super) type TieRow = (i64, i64, i64, String, i64, i64);

pub(super) async fn load_ties(tx: &mut Tx, community: CommunityId, since: Week) -> Result<BTreeMap<Pair, Counts>> {
    let sql = "SELECT low, high, week, kind, low_to_high, high_to_low FROM ties WHERE community = $1 AND week >= $2";
    ties(tx.rows(sql, values![community, since.get()]).await?)
}

/// The ties of one member.
pub(super) async fn load_ties_of(
    tx: &mut Tx,
    community: CommunityId,
    user: UserId,
    since: Week,
) -> Result<BTreeMap<Pair, Counts>> {
    let sql = "SELECT low, high, week, kind, low_to_high, high_to_low FROM ties
               WHERE community = $1 AND week >= $2 AND (low = $3 OR high = $3)";
    ties(tx.rows(sql, values![community, since.get(), user]).await?)
}

pub(super) fn ties(rows: Vec<TieRow>) -> Result<BTreeMap<Pair, Counts>> {
    let mut ties: BTreeMap<Pair, Counts> = BTreeMap::new();
    for (low, high, week, kind, low_to_high, high_to_low) in rows {
        let Some(pair) = Pair::new(UserId::from_column(low), UserId::from_column(high)) else { continue };
        let kind: Kind = parsed("ties", &kind)?;
        let talk = Talk { low_to_high: Thousandths(low_to_high), high_to_low: Thousandths(high_to_low) };
        ties.entry(pair).or_default().add(Week::from_column(week), kind, talk);
    }
    Ok(ties)
}

pub(super) async fn load_rested(tx: &mut Tx, community: CommunityId) -> Result<BTreeSet<UserId>> {
    let rows: Vec<(i64,)> =
        tx.rows("SELECT member FROM members WHERE community = $1 AND rested = 1", values![community]).await?;
    Ok(rows.into_iter().map(|(member,)| UserId::from_column(member)).collect())
}

pub(super) async fn load_exclusions(tx: &mut Tx, community: CommunityId) -> Result<Vec<Exclusion>> {
    let sql = "SELECT person, created_at, lifted_at FROM exclusions WHERE community = $1 ORDER BY person";
    let rows: Vec<(String, i64, Option<i64>)> = tx.rows(sql, values![community]).await?;
    let exclusion = |(person, created_at, lifted_at): (String, i64, Option<i64>)| Exclusion {
        person,
        created_at: moment(created_at),
        lifted_at: lifted_at.map(moment),
    };
    Ok(rows.into_iter().map(exclusion).collect())
}

/// Of a table that has come together, those who are not at it are free again.
async fn load_busy(tx: &mut Tx, community: CommunityId) -> Result<Vec<UserId>> {
    let sql = "SELECT DISTINCT p.member FROM participants p JOIN meetups m ON m.meetup = p.meetup
               WHERE m.community = $1 AND m.kind = 'suggested'
                 AND (m.state = 'proposed' OR (m.state IN ('polling', 'scheduled') AND p.standing = 'in'))";
    let rows: Vec<(i64,)> = tx.rows(sql, values![community]).await?;
    Ok(rows.into_iter().map(|(user,)| UserId::from_column(user)).collect())
}

/// Each two who were asked together. A table that came together without one of two came to nothing for them.
async fn load_suggested(tx: &mut Tx, community: CommunityId, since: DateTime<Utc>) -> Result<Vec<Suggested>> {
    let sql = "SELECT one.member, other.member, m.created_at, m.details,
                      CAST(CASE WHEN m.state <> 'proposed' AND 'declined' IN (one.standing, other.standing) THEN 1 ELSE 0 END AS BIGINT)
               FROM meetups m
               JOIN participants one ON one.meetup = m.meetup
               JOIN participants other ON other.meetup = m.meetup AND other.member > one.member
               WHERE m.community = $1 AND m.kind = 'suggested' AND m.created_at >= $2";
    let rows: Vec<(i64, i64, i64, String, i64)> = tx.rows(sql, values![community, since]).await?;
    let mut suggested = Vec::with_capacity(rows.len());
    for (one, other, at, details, without_one) in rows {
        let Some(pair) = Pair::new(UserId::from_column(one), UserId::from_column(other)) else { continue };
        suggested.push(Suggested {
            pair,
            at: moment(at),
            came_to_nothing: without_one != 0 || came_to_nothing(&details)?,
        });
    }
    Ok(suggested)
}

async fn load_asks(tx: &mut Tx, community: CommunityId, since: DateTime<Utc>) -> Result<BTreeMap<UserId, i64>> {
    let sql = "SELECT member, COUNT(*) FROM nudges WHERE community = $1 AND at >= $2 GROUP BY member";
    let rows: Vec<(i64, i64)> = tx.rows(sql, values![community, since]).await?;
    Ok(rows.into_iter().map(|(user, asks)| (UserId::from_column(user), asks)).collect())
}
