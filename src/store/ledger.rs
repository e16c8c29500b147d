//! What was counted, together with where counting stopped: one transaction, so that each message counts once.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::bulk::{ROWS, batches, placeholders};
use super::columns::values;
use super::company::{Written, note_writers, save_stays};
use super::database::{Tx, Value};
use super::habits::save_learned;
use super::leases::{Lease, still_ours};
use super::marks::{Mark, raise_marks};
use super::readings::{Listing, Reading, Unheard, end_listing, open_listing, open_reading, save_unheard};
use super::recent::{Recent, forget_other_sessions, keep_recent};
use super::rounds::load_ties;
use super::sights::{Shown, save_shown};
use super::{Result, Store};
use crate::domain::conversation::Learned;
use crate::domain::ids::{ChannelId, CommunityId, MessageId, Pair, UserId};
use crate::domain::tie::{Counts, DeltaKey, Deltas, Talk, Week};
use crate::domain::voice::Stay;

/// For whom something was counted, and since when each of them was counted at that time.
pub type Consents = HashMap<(CommunityId, UserId), i64>;

/// Ties to be added, with the consent that they were counted under.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    pub deltas: Deltas,
    pub consents: Consents,
    /// Ties follow from it where it was the first time.
    pub written: Written,
    /// The messages that were counted as they were heard, in their order.
    pub recent: Vec<Recent>,
}

/// Where a listening session stands: everything up to and with `sequence` has been counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    pub shard: u32,
    pub shards: u32,
    pub session: String,
    pub resume_url: String,
    pub sequence: u64,
}

/// All that was counted live since the last flush.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    pub counted: Counted,
    pub marks: BTreeMap<(CommunityId, ChannelId), Mark>,
    /// What replies and names have taught since.
    pub learned: BTreeMap<CommunityId, Learned>,
    /// Opened since.
    pub readings: Vec<Reading>,
    /// Opened since.
    pub listings: Vec<Listing>,
    /// Ended since; what they found is among the readings.
    pub listed: Vec<Listing>,
    /// What the sessions have shown since.
    pub shown: Shown,
    /// What they have told of channels that they had not shown; `None` of one that is shown by now, or gone.
    pub unheard: Vec<(CommunityId, ChannelId, Option<Unheard>)>,
    /// Who sits in the voice channels of a community now, in place of all that was known.
    pub stays: Vec<(CommunityId, Vec<Stay>)>,
    /// The sessions that moved on since.
    pub sessions: Vec<Resume>,
    /// Under which this was counted; without one nobody else can listen.
    pub lease: Option<Lease>,
}

/// One page of a reading: what was counted in it, and where it ends.
#[derive(Debug, Clone)]
pub struct Page {
    /// As it stood before this page.
    pub reading: Reading,
    pub counted: Counted,
    pub cursor: MessageId,
    /// As in [`Reading`], after this page.
    pub settled: MessageId,
}

impl Page {
    /// Whether this is the reading's last page.
    pub fn is_last(&self) -> bool {
        self.cursor >= self.reading.before
    }
}

impl Store {
    /// Adds what was counted and moves the marks (never backwards) and sessions on, all or nothing. Repeating it after
    /// a failure of unknown outcome is safe: what a session's sequence says is already in is not added again. Where the
    /// lease is lost it fails for good, and nothing is added.
    pub async fn flush(&self, progress: &Progress) -> Result<()> {
        let mut tx = self.write().await?;
        if let Some(lease) = &progress.lease {
            still_ours(&mut tx, lease).await?;
        }
        if already_in(&mut tx, &progress.sessions).await? {
            return Ok(());
        }
        forget_other_sessions(&mut tx, &progress.sessions).await?;
        add_ties(&mut tx, &progress.counted).await?;
        // A community may have been erased meanwhile; its marks have nothing to hang on.
        let known: Vec<(i64,)> = tx.rows("SELECT community FROM communities", vec![]).await?;
        let known: BTreeSet<CommunityId> = known.into_iter().map(|(id,)| CommunityId::from_column(id)).collect();
        raise_marks(&mut tx, progress.marks.iter().filter(|((community, _), _)| known.contains(community))).await?;
        for (community, learned) in progress.learned.iter().filter(|(community, _)| known.contains(community)) {
            save_learned(&mut tx, *community, *learned).await?;
        }
        for reading in progress.readings.iter().filter(|reading| known.contains(&reading.community)) {
            open_reading(&mut tx, reading).await?;
        }
        for listing in progress.listings.iter().filter(|listing| known.contains(&listing.community)) {
            open_listing(&mut tx, listing).await?;
        }
        for listing in &progress.listed {
            end_listing(&mut tx, listing).await?;
        }
        save_shown(&mut tx, &progress.shown, |community| known.contains(&community)).await?;
        for (community, channel, unheard) in progress.unheard.iter().filter(|(community, ..)| known.contains(community))
        {
            save_unheard(&mut tx, *community, *channel, *unheard).await?;
        }
        for (community, stays) in progress.stays.iter().filter(|(community, _)| known.contains(community)) {
            save_stays(&mut tx, *community, stays).await?;
        }
        for session in &progress.sessions {
            save_session(&mut tx, session).await?;
        }
        tx.commit().await
    }

    /// Adds what a page held and moves its reading on, or ends it. Tells whether it did: a page that is already in,
    /// or whose reading is gone, changes nothing.
    pub async fn advance(&self, page: &Page) -> Result<bool> {
        let mut tx = self.write().await?;
        let Reading { community, channel, after, cursor, .. } = page.reading;
        let here = "WHERE community = $1 AND channel = $2 AND after_id = $3 AND cursor_id = $4";
        let moved = if page.is_last() {
            tx.execute(&format!("DELETE FROM readings {here}"), values![community, channel, after, cursor]).await?
        } else {
            let sql = format!("UPDATE readings SET cursor_id = $5, settled = $6 {here}");
            tx.execute(&sql, values![community, channel, after, cursor, page.cursor, page.settled]).await?
        };
        if moved == 0 {
            return Ok(false);
        }
        add_ties(&mut tx, &page.counted).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Where the listening session of a shard stood at the last flush.
    pub async fn session(&self, shard: u32, shards: u32) -> Result<Option<Resume>> {
        let mut tx = self.read().await?;
        let sql = "SELECT session, resume_url, sequence FROM sessions WHERE shard = $1 AND shards = $2";
        let row: Option<(String, String, i64)> = tx.row(sql, values![i64::from(shard), i64::from(shards)]).await?;
        Ok(row.map(|(session, resume_url, sequence)| Resume {
            shard,
            shards,
            session,
            resume_url,
            sequence: sequence.unsigned_abs(),
        }))
    }

    /// All ties of a community from the week `since` on.
    pub async fn ties(&self, community: CommunityId, since: Week) -> Result<BTreeMap<Pair, Counts>> {
        load_ties(&mut self.read().await?, community, since).await
    }

    /// Erases the weeks before `before`; tells how many rows.
    pub async fn prune_ties(&self, before: Week) -> Result<u64> {
        let mut tx = self.write().await?;
        let pruned = tx.execute("DELETE FROM ties WHERE week < $1", values![before.get()]).await?;
        tx.commit().await?;
        Ok(pruned)
    }
}

/// All sessions of a progress commit together, so one of them tells for all.
async fn already_in(tx: &mut Tx, sessions: &[Resume]) -> Result<bool> {
    let Some(first) = sessions.first() else { return Ok(false) };
    let sql = "SELECT sequence FROM sessions WHERE shard = $1 AND shards = $2 AND session = $3";
    let (shard, shards) = (i64::from(first.shard), i64::from(first.shards));
    let stored: Option<(i64,)> = tx.row(sql, values![shard, shards, first.session.as_str()]).await?;
    Ok(stored.is_some_and(|(sequence,)| sequence >= sequence_column(first.sequence)))
}

pub(super) fn sequence_column(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}

async fn save_session(tx: &mut Tx, session: &Resume) -> Result<()> {
    tx.execute(
        "INSERT INTO sessions (shard, shards, session, resume_url, sequence) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (shard, shards) DO UPDATE
             SET session = excluded.session, resume_url = excluded.resume_url, sequence = excluded.sequence",
        values![
            i64::from(session.shard),
            i64::from(session.shards),
            session.session.as_str(),
            session.resume_url.as_str(),
            sequence_column(session.sequence),
        ],
    )
    .await?;
    Ok(())
}

/// Adds those deltas whose both people are members still, and were at the time that the deltas were counted.
pub(super) async fn add_ties(tx: &mut Tx, counted: &Counted) -> Result<()> {
    if counted.deltas.is_empty() && counted.written.is_empty() && counted.recent.is_empty() {
        return Ok(());
    }
    let now = consents_now(tx, &counted.consents).await?;
    let consents = |community, user| {
        let counted_from = counted.consents.get(&(community, user));
        // Whoever left and came back is counted from later on; what was counted under the first consent is void.
        now.get(&(community, user)).zip(counted_from).is_some_and(|(now, then)| now <= then)
    };
    let both = |(community, pair, ..): &DeltaKey| pair.both().into_iter().all(|user| consents(*community, user));
    // Only from here come ties by threads, so none is twice among the rows.
    let current = |(who, from): (&(CommunityId, UserId), &i64)| consents(who.0, who.1).then_some((*who, *from));
    let threads = note_writers(tx, &counted.written, &now.iter().filter_map(current).collect()).await?;
    let live = counted.deltas.iter().filter(|(key, _)| both(key));
    let rows: Vec<_> = live.chain(threads.iter()).map(tie_row).collect();
    for rows in batches(&rows) {
        let sql = format!(
            "INSERT INTO ties (community, low, high, week, kind, low_to_high, high_to_low) VALUES {}
             ON CONFLICT (community, low, high, week, kind) DO UPDATE
                 SET low_to_high = ties.low_to_high + excluded.low_to_high,
                     high_to_low = ties.high_to_low + excluded.high_to_low",
            placeholders(tx.engine(), rows.len(), 7)
        );
        tx.execute(&sql, rows.concat()).await?;
    }
    keep_recent(tx, counted.recent.iter().filter(|recent| consents(recent.community, recent.author))).await
}

fn tie_row(((community, pair, week, kind), talk): (DeltaKey, Talk)) -> Vec<Value<'static>> {
    values![community, pair.low(), pair.high(), week.get(), kind.as_str(), talk.low_to_high.0, talk.high_to_low.0]
}

/// Of these people, who is a member now, and since when they are counted. They stay so until this transaction ends.
async fn consents_now(tx: &mut Tx, people: &Consents) -> Result<Consents> {
    let mut by_community: BTreeMap<CommunityId, BTreeSet<UserId>> = BTreeMap::new();
    for (community, user) in people.keys() {
        by_community.entry(*community).or_default().insert(*user);
    }
    let mut found = Consents::default();
    for (community, users) in by_community {
        let users: Vec<UserId> = users.into_iter().collect();
        for users in users.chunks(ROWS) {
            let list: Vec<String> = (2..users.len() + 2).map(|number| format!("${number}")).collect();
            let sql = format!(
                "SELECT member, counted_from FROM members
                 WHERE community = $1 AND member IN ({}) AND membership <> 'left' ORDER BY member{}",
                list.join(", "),
                held(tx)
            );
            let mut values = values![community];
            values.extend(users.iter().map(|user| Value::from(*user)));
            let rows: Vec<(i64, i64)> = tx.rows(&sql, values).await?;
            found.extend(rows.into_iter().map(|(user, from)| ((community, UserId::from_column(user)), from)));
        }
    }
    Ok(found)
}

/// The one place where the engines differ: PostgreSQL has many writers, so rows that must not change until the end of
/// this transaction (somebody leaves just now) are locked. SQLite's one writer needs no word for it.
pub(super) fn held(tx: &Tx) -> &'static str {
    if matches!(tx, Tx::Postgres(_)) { " FOR SHARE" } else { "" }
}
