//! Notices: written with the step that wants them said, delivered afterwards, once.

use chrono::{DateTime, Duration, Utc};

use super::columns::{from_json, moment, of_kind, parsed, to_json, values};
use super::database::Tx;
use super::{Result, Store, StoreError};
use crate::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, NoticeId, UserId};
use crate::domain::meetup::Meetup;
use crate::domain::notice::{Address, Draft, Notice};

/// A notice on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    pub id: NoticeId,
    pub community: CommunityId,
    pub meetup: Option<MeetupId>,
    pub to: Address,
    pub notice: Notice,
    pub due_at: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    pub attempts: i64,
    /// When it was last being sent without our having noted the end: it may have arrived.
    pub sending_at: Option<DateTime<Utc>>,
}

/// Where a delivered notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    pub channel: Option<ChannelId>,
    /// `None` for what is no message: a thread, an event.
    pub message: Option<MessageId>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Sent(Delivery),
    /// Cannot be said, and trying again soon does not help; the reason is for the admins. `in_doubt_since` is an earlier
    /// attempt that may have arrived.
    Parked {
        reason: String,
        again_at: DateTime<Utc>,
        in_doubt_since: Option<DateTime<Utc>>,
    },
    /// Stale, or said otherwise meanwhile.
    Dropped,
    /// To be tried again then. `in_doubt_since` is the first attempt that may have arrived without our knowing.
    Later {
        at: DateTime<Utc>,
        in_doubt_since: Option<DateTime<Utc>>,
    },
}

/// Notices that are read at once.
const PAGE: usize = 200;

/// Of a notice `n` and its community `c`: it is to be said, and nothing before it in its lane is.
pub(super) const FIRST_OF_LANE: &str = "n.state IN ('waiting', 'sending') AND c.removed_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM notices e WHERE e.lane = n.lane AND e.state IN ('waiting', 'sending')
        AND (e.position, e.created_at, e.notice) < (n.position, n.created_at, n.notice))";

type NoticeColumns = (String, i64, String, Option<i64>, Option<String>, String, i64, i64, i64, Option<i64>);

fn notice_row(row: NoticeColumns) -> Result<NoticeRow> {
    let (id, community, address, member, meetup, body, due_at, not_after, attempts, sending_at) = row;
    let to = match (address.as_str(), member.map(UserId::from_column)) {
        ("member", Some(member)) => Address::Member(member),
        ("moderators", Some(reporter)) => Address::Moderators { reporter },
        ("room", _) => Address::Room,
        ("programme", _) => Address::Programme,
        _ => return Err(StoreError::Unreadable { table: "notices", reason: format!("no address \"{address}\"") }),
    };
    Ok(NoticeRow {
        id: parsed("notices", &id)?,
        community: CommunityId::from_column(community),
        meetup: meetup.map(|id| parsed("notices", &id)).transpose()?,
        to,
        notice: from_json("notices", &body)?,
        due_at: moment(due_at),
        not_after: moment(not_after),
        attempts,
        sending_at: sending_at.map(moment),
    })
}

impl Store {
    /// Keeps a notice that belongs to no meetup.
    pub async fn say(&self, community: CommunityId, draft: &Draft, id: NoticeId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.write().await?;
        insert_notice(&mut tx, community, None, draft, id, 0, now).await?;
        tx.commit().await
    }

    /// Keeps a notice about a meetup that follows from no step of it. What was said at this address about this meetup
    /// is not said again: whoever clicked is not sure that it was heard, and clicks twice.
    pub async fn say_about(&self, meetup: &Meetup, draft: &Draft, id: NoticeId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.write().await?;
        let (address, member) = address_columns(draft.to);
        let body = to_json("notices", &draft.notice)?;
        let sql = format!("SELECT COUNT(*) FROM notices WHERE {SAME} AND state <> 'dropped'");
        let said: Option<(i64,)> =
            tx.row(&sql, values![meetup.community, address, member, meetup.id, body.as_str()]).await?;
        if said.is_some_and(|(times,)| times > 0) {
            return Ok(());
        }
        insert_notice(&mut tx, meetup.community, Some(meetup.id), draft, id, meetup.revision * 100, now).await?;
        tx.commit().await
    }

    /// Notes for the admins' status what could not be done about a meetup, as a notice that is parked from the beginning.
    pub async fn note_unsaid(
        &self,
        meetup: &Meetup,
        draft: &Draft,
        id: NoticeId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        insert_notice(&mut tx, meetup.community, Some(meetup.id), draft, id, meetup.revision * 100, now).await?;
        let parked = Outcome::Parked { reason: reason.to_owned(), again_at: draft.not_after, in_doubt_since: None };
        settle(&mut tx, id, &parked).await?;
        tx.commit().await
    }

    /// A page of the notices that are due and that no earlier one of their lane holds up, the longest due first; those
    /// behind `after`. A lane keeps the order in which its notices were written (within a meetup the machine's clock has
    /// no say in that).
    pub async fn due_notices(
        &self,
        now: DateTime<Utc>,
        after: Option<(DateTime<Utc>, NoticeId)>,
    ) -> Result<Vec<NoticeRow>> {
        let mut tx = self.read().await?;
        let behind = if after.is_some() { "AND (n.due_at, n.notice) > ($2, $3)" } else { "" };
        let sql = format!(
            "SELECT n.notice, n.community, n.address, n.member, n.meetup, n.body, n.due_at, n.not_after, n.attempts,
                    n.sending_at
             FROM notices n JOIN communities c ON c.community = n.community
             WHERE n.due_at <= $1 {behind} AND {FIRST_OF_LANE} ORDER BY n.due_at, n.notice LIMIT {PAGE}"
        );
        let mut values = values![now];
        values.extend(after.into_iter().flat_map(|(due_at, id)| values![due_at, id]));
        tx.rows(&sql, values).await?.into_iter().map(notice_row).collect()
    }

    /// Lets parked notices of all communities be tried again that were parked till now, are still worth saying, and were
    /// written after `since`: what could not be said for so long waits for the admins. A report is tried for ever. Tells
    /// how many.
    pub async fn retry_parked(&self, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.write().await?;
        let sql = "UPDATE notices SET state = 'waiting'
                   WHERE state = 'parked' AND due_at <= $1 AND not_after > $1
                     AND (created_at >= $2 OR address = 'moderators')";
        let retried = tx.execute(sql, values![now, since]).await?;
        tx.commit().await?;
        Ok(retried)
    }

    /// Notes that a notice is about to be sent, so that a crash from here on is seen as "may have arrived". `false` where
    /// it has been settled meanwhile.
    pub async fn begin_sending(&self, id: NoticeId, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.write().await?;
        let sql = "UPDATE notices SET state = 'sending', sending_at = COALESCE(sending_at, $2), attempts = attempts + 1
                   WHERE notice = $1 AND state IN ('waiting', 'sending')";
        let begun = tx.execute(sql, values![id, now]).await?;
        tx.commit().await?;
        Ok(begun > 0)
    }

    /// Notes what became of a notice whose delivery leads to nothing else.
    pub async fn settle_notice(&self, id: NoticeId, outcome: &Outcome) -> Result<()> {
        let mut tx = self.write().await?;
        settle(&mut tx, id, outcome).await?;
        tx.commit().await
    }

    /// Where the latest delivered notice of a meetup with this kind of body stands, for editing it.
    pub async fn delivered(&self, meetup: MeetupId, kind: &str) -> Result<Option<Delivery>> {
        let mut tx = self.read().await?;
        let sql = "SELECT channel, message FROM notices WHERE meetup = $1 AND state = 'sent' AND message IS NOT NULL
                     AND body LIKE $2 ORDER BY created_at DESC, position DESC LIMIT 1";
        let row: Option<(i64, i64)> = tx.row(sql, values![meetup, of_kind(kind)]).await?;
        Ok(row.map(|(channel, message)| Delivery {
            channel: Some(ChannelId::from_column(channel)),
            message: Some(MessageId::from_column(message)),
        }))
    }

    /// Why something written since then could not be said in this community, each reason once, in words for admins. A
    /// report that reached nobody comes first, however old it is.
    pub async fn parked(&self, community: CommunityId, since: DateTime<Utc>) -> Result<Vec<String>> {
        let mut tx = self.read().await?;
        let sql = "SELECT reason FROM notices
                   WHERE community = $1 AND state = 'parked' AND (created_at >= $2 OR address = 'moderators')
                   GROUP BY reason ORDER BY MIN(CASE address WHEN 'moderators' THEN 0 ELSE 1 END), reason LIMIT 20";
        let rows: Vec<(Option<String>,)> = tx.rows(sql, values![community, since]).await?;
        Ok(rows.into_iter().map(|(reason,)| reason.unwrap_or_default()).collect())
    }

    /// Erases what was settled before `before`: nothing needs it any more. A report is kept until somebody has read it.
    pub async fn prune_notices(&self, before: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM notices WHERE created_at < $1 AND state IN ('sent', 'parked', 'dropped')
                     AND NOT (state = 'parked' AND address = 'moderators')
                     AND (meetup IS NULL OR meetup IN (SELECT meetup FROM meetups WHERE state IN ('held', 'fizzled')))";
        let pruned = tx.execute(sql, values![before]).await?;
        tx.commit().await?;
        Ok(pruned)
    }
}

const fn address_columns(to: Address) -> (&'static str, Option<UserId>) {
    match to {
        Address::Member(member) => ("member", Some(member)),
        Address::Moderators { reporter } => ("moderators", Some(reporter)),
        Address::Room => ("room", None),
        Address::Programme => ("programme", None),
    }
}

/// Within one, notices keep their order.
fn lane(community: CommunityId, to: Address, meetup: Option<MeetupId>) -> String {
    let (address, member) = address_columns(to);
    let member = member.map(|member| member.to_string()).unwrap_or_default();
    let meetup = meetup.map(|meetup| meetup.to_string()).unwrap_or_default();
    format!("{community}/{address}/{member}/{meetup}")
}

/// What was parked and is still worth saying is tried again at once; an invitation is as fresh as the set-up that asks
/// for it.
pub(super) async fn unpark(tx: &mut Tx, community: CommunityId, invitation: &Draft, now: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE notices SET not_after = $3 WHERE community = $1 AND state = 'parked' AND body = $2";
    let body = to_json("notices", &invitation.notice)?;
    tx.execute(sql, values![community, body, invitation.not_after]).await?;
    let sql = "UPDATE notices SET state = 'waiting', due_at = $2
               WHERE community = $1 AND state = 'parked' AND not_after > $2";
    tx.execute(sql, values![community, now]).await?;
    Ok(())
}

/// The same words at the same address about the same meetup. $1 to $5 are what [`insert_notice`] writes first.
const SAME: &str = "community = $1 AND address = $2 AND (member = $3 OR (member IS NULL AND $3 IS NULL))
                    AND (meetup = $4 OR (meetup IS NULL AND $4 IS NULL)) AND body = $5";

/// The same thing still waiting to be said is said once, so that numbers are refreshed once; it then stays fresh as long
/// as the newer one would. One that is stale, or may have arrived, stands for the past, and swallows nothing. Somebody who has erased
/// themselves meanwhile is told nothing.
pub(super) async fn insert_notice(
    tx: &mut Tx,
    community: CommunityId,
    meetup: Option<MeetupId>,
    draft: &Draft,
    id: NoticeId,
    position: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let (address, member) = address_columns(draft.to);
    let body = to_json("notices", &draft.notice)?;
    let not_after = draft.not_after.min(now + Duration::days(36_500));
    let same = format!("{SAME} AND state = 'waiting' AND sending_at IS NULL AND not_after > $7");
    let sql = format!("UPDATE notices SET not_after = $6 WHERE {same} AND not_after < $6");
    tx.execute(&sql, values![community, address, member, meetup, body.as_str(), not_after, now]).await?;
    let sql = format!(
        "INSERT INTO notices (community, address, member, meetup, body, notice, state, created_at, position, due_at,
                              not_after, attempts, lane)
         SELECT $1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $9, $10, 0, $11
         WHERE NOT EXISTS (SELECT 1 FROM notices WHERE {same})
           AND ($3 IS NULL OR EXISTS (SELECT 1 FROM members m WHERE m.community = $1 AND m.member = $3))"
    );
    let lane = lane(community, draft.to, meetup);
    let values = values![community, address, member, meetup, body, id, now, position, draft.due_at, not_after, lane];
    tx.execute(&sql, values).await?;
    Ok(())
}

pub(super) async fn settle(tx: &mut Tx, id: NoticeId, outcome: &Outcome) -> Result<()> {
    match outcome {
        Outcome::Sent(delivery) => {
            let sql = "UPDATE notices SET state = 'sent', channel = $2, message = $3 WHERE notice = $1";
            tx.execute(sql, values![id, delivery.channel, delivery.message]).await?;
        }
        Outcome::Parked { reason, again_at, in_doubt_since } => {
            let sql =
                "UPDATE notices SET state = 'parked', reason = $2, due_at = $3, sending_at = $4 WHERE notice = $1";
            tx.execute(sql, values![id, reason.as_str(), *again_at, *in_doubt_since]).await?;
        }
        Outcome::Dropped => {
            tx.execute("UPDATE notices SET state = 'dropped' WHERE notice = $1", values![id]).await?;
        }
        Outcome::Later { at, in_doubt_since } => {
            let sql = "UPDATE notices SET state = 'waiting', due_at = $2, sending_at = $3 WHERE notice = $1";
            tx.execute(sql, values![id, *at, *in_doubt_since]).await?;
        }
    }
    Ok(())
}
