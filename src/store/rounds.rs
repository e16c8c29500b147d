//! What a round looks at, read in one go, and what it decides, written in one go.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::columns::{parsed, values};
use super::communities::{Programme, load_community, load_programme, report_column};
use super::database::Tx;
use super::meetups::{Met, Saved, consequences, insert_meetup, load_met};
use super::members::{Wish, load_members, load_wishes};
use super::notices::insert_notice;
use super::{Community, Result, Store};
use crate::domain::ids::{CommunityId, NoticeId, Pair, UserId};
use crate::domain::meetup::{Standing, Step};
use crate::domain::member::Member;
use crate::domain::notice::Draft;
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
    /// Pairs that were suggested to each other since the given moment.
    pub suggested: Vec<Pair>,
    /// Asks of each member since the given moment.
    pub asks: BTreeMap<UserId, i64>,
    /// Who would rather not meet whom; the other is a keyed hash.
    pub avoids: Vec<(UserId, String)>,
    /// Keyed hashes of whom the admins keep out.
    pub exclusions: Vec<String>,
    pub wishes: Vec<Wish>,
}

/// What a round decided.
#[derive(Debug, Clone)]
pub struct RoundPlan {
    /// The programme as it was read; its `round` is the one to be raised.
    pub programme: Programme,
    pub meetups: Vec<(Step, Vec<NoticeId>)>,
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
                .rows("SELECT member, person FROM avoids WHERE community = $1", values![id])
                .await?
                .into_iter()
                .map(|(member, person): (i64, String)| (UserId::from_column(member), person))
                .collect(),
            exclusions: tx
                .rows("SELECT person FROM exclusions WHERE community = $1", values![id])
                .await?
                .into_iter()
                .map(|(person,): (String,)| person)
                .collect(),
            wishes: load_wishes(&mut tx, id).await?,
        }))
    }

    /// Writes a round, unless another process has held it meanwhile.
    pub async fn save_round(&self, plan: &RoundPlan, now: DateTime<Utc>) -> Result<Saved> {
        let mut tx = self.write().await?;
        let programme = &plan.programme;
        let held = tx
            .execute(
                "UPDATE programmes SET round = round + 1, last_round_at = $4, next_round_at = $5, last_outcome = $6
                 WHERE community = $1 AND programme = $2 AND round = $3",
                values![
                    programme.community,
                    programme.number,
                    programme.round,
                    now,
                    plan.next_round_at,
                    report_column(&plan.report)?,
                ],
            )
            .await?;
        if held == 0 {
            return Ok(Saved::Stale);
        }
        for (step, ids) in &plan.meetups {
            insert_meetup(&mut tx, &step.meetup, programme.number).await?;
            consequences(&mut tx, step, step.meetup.revision, ids, now).await?;
            charge(&mut tx, step, now).await?;
        }
        for (draft, id) in &plan.notices {
            insert_notice(&mut tx, programme.community, None, draft, *id, programme.round, now).await?;
        }
        for wish in &plan.spent {
            let sql = "UPDATE wishes SET spent = 1 WHERE community = $1 AND member = $2 AND person = $3";
            tx.execute(sql, values![programme.community, wish.member, wish.person.as_str()]).await?;
        }
        tx.commit().await?;
        Ok(Saved::Yes)
    }
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

pub(super) async fn load_ties(tx: &mut Tx, community: CommunityId, since: Week) -> Result<BTreeMap<Pair, Counts>> {
    let sql = "SELECT low, high, week, kind, low_to_high, high_to_low FROM ties WHERE community = $1 AND week >= $2";
    let rows: Vec<(i64, i64, i64, String, i64, i64)> = tx.rows(sql, values![community, since.get()]).await?;
    let mut ties: BTreeMap<Pair, Counts> = BTreeMap::new();
    for (low, high, week, kind, low_to_high, high_to_low) in rows {
        let Some(pair) = Pair::new(UserId::from_column(low), UserId::from_column(high)) else { continue };
        let kind: Kind = parsed("ties", &kind)?;
        let talk = Talk { low_to_high: Thousandths(low_to_high), high_to_low: Thousandths(high_to_low) };
        ties.entry(pair).or_default().add(Week::from_column(week), kind, talk);
    }
    Ok(ties)
}

async fn load_busy(tx: &mut Tx, community: CommunityId) -> Result<Vec<UserId>> {
    let sql = "SELECT DISTINCT p.member FROM participants p JOIN meetups m ON m.meetup = p.meetup
               WHERE m.community = $1 AND m.kind = 'suggested' AND m.state IN ('proposed', 'polling', 'scheduled')";
    let rows: Vec<(i64,)> = tx.rows(sql, values![community]).await?;
    Ok(rows.into_iter().map(|(user,)| UserId::from_column(user)).collect())
}

async fn load_suggested(tx: &mut Tx, community: CommunityId, since: DateTime<Utc>) -> Result<Vec<Pair>> {
    let sql = "SELECT one.member, other.member FROM meetups m
               JOIN participants one ON one.meetup = m.meetup
               JOIN participants other ON other.meetup = m.meetup AND other.member > one.member
               WHERE m.community = $1 AND m.kind = 'suggested' AND m.created_at >= $2";
    let rows: Vec<(i64, i64)> = tx.rows(sql, values![community, since]).await?;
    let pair = |(one, other)| Pair::new(UserId::from_column(one), UserId::from_column(other));
    Ok(rows.into_iter().filter_map(pair).collect())
}

async fn load_asks(tx: &mut Tx, community: CommunityId, since: DateTime<Utc>) -> Result<BTreeMap<UserId, i64>> {
    let sql = "SELECT member, COUNT(*) FROM nudges WHERE community = $1 AND at >= $2 GROUP BY member";
    let rows: Vec<(i64, i64)> = tx.rows(sql, values![community, since]).await?;
    Ok(rows.into_iter().map(|(user, asks)| (UserId::from_column(user), asks)).collect())
}
