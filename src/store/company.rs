//! Who sits in voice channels, and who has written in a thread this week: what the next process has to know so that no
//! minute and no thread counts twice.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::values;
use super::database::Tx;
use super::ledger::{Consents, held};
use super::{Result, Store};
use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use crate::domain::thread::COMPANY;
use crate::domain::tie::{Deltas, Kind, Thousandths, Week};
use crate::domain::voice::Stay;

/// The first message of each member in a thread and week, since the last flush.
pub type Written = BTreeMap<(CommunityId, ChannelId, Week, UserId), MessageId>;

/// What is known of a community's voice channels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voices {
    pub afk_channel: Option<ChannelId>,
    /// Of members only.
    pub stays: Vec<Stay>,
}

impl Store {
    pub async fn voices(&self, community: CommunityId) -> Result<Voices> {
        let mut tx = self.read().await?;
        let sql = "SELECT afk_channel FROM communities WHERE community = $1";
        let afk: Option<(Option<i64>,)> = tx.row(sql, values![community]).await?;
        let sql = "SELECT member, channel, since FROM stays WHERE community = $1 ORDER BY member";
        let rows: Vec<(i64, i64, i64)> = tx.rows(sql, values![community]).await?;
        let stay = |(user, channel, since)| Stay {
            user: UserId::from_column(user),
            channel: ChannelId::from_column(channel),
            since: super::columns::moment(since),
        };
        let afk_channel = afk.and_then(|(afk,)| afk).map(ChannelId::from_column);
        Ok(Voices { afk_channel, stays: rows.into_iter().map(stay).collect() })
    }

    /// Where Discord puts whoever has fallen silent in a voice channel.
    pub async fn set_afk_channel(&self, community: CommunityId, channel: Option<ChannelId>) -> Result<()> {
        let mut tx = self.write().await?;
        tx.execute("UPDATE communities SET afk_channel = $2 WHERE community = $1", values![community, channel]).await?;
        tx.commit().await
    }

    /// Forgets who wrote in threads before that week; tells how many rows.
    pub async fn prune_thread_talk(&self, before: Week) -> Result<u64> {
        let mut tx = self.write().await?;
        let pruned = tx.execute("DELETE FROM thread_talk WHERE week < $1", values![before.get()]).await?;
        tx.commit().await?;
        Ok(pruned)
    }
}

/// Puts these in place of what is known of the community's voice channels, as far as they are members.
pub(super) async fn save_stays(tx: &mut Tx, community: CommunityId, stays: &[Stay]) -> Result<()> {
    tx.execute("DELETE FROM stays WHERE community = $1", values![community]).await?;
    let sql =
        format!("SELECT member FROM members WHERE community = $1 AND membership <> 'left' ORDER BY member{}", held(tx));
    let members: Vec<(i64,)> = if stays.is_empty() { Vec::new() } else { tx.rows(&sql, values![community]).await? };
    let members: BTreeSet<i64> = members.into_iter().map(|(member,)| member).collect();
    for stay in stays.iter().filter(|stay| members.contains(&stay.user.get())) {
        let sql = "INSERT INTO stays (community, member, channel, since) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, values![community, stay.user, stay.channel, stay.since]).await?;
    }
    Ok(())
}

/// Notes who wrote in a thread for the first time in a week. Returns the ties to those who had written before, counted
/// where neither message is older than the joining of the later one.
pub(super) async fn note_writers(tx: &mut Tx, written: &Written, consents: &Consents) -> Result<Deltas> {
    let mut deltas = Deltas::default();
    let lock = if held(tx).is_empty() { "" } else { " FOR SHARE OF m" };
    let others = format!(
        "SELECT t.member, t.message, m.counted_from FROM thread_talk t
         JOIN members m ON m.community = t.community AND m.member = t.member
         WHERE t.community = $1 AND t.thread = $2 AND t.week = $3 AND t.member <> $4 AND m.membership <> 'left'
         ORDER BY t.member{lock}"
    );
    for ((community, thread, week, user), message) in written {
        let Some(from) = consents.get(&(*community, *user)) else { continue };
        let before: Vec<(i64, i64, i64)> = tx.rows(&others, values![*community, *thread, week.get(), *user]).await?;
        if before.len() >= COMPANY || !is_first(tx, (*community, *thread, *week, *user), *message).await? {
            continue;
        }
        for (other, said, other_from) in before {
            if message.get().min(said) >= other_from.max(*from) {
                let other = UserId::from_column(other);
                for (one, two) in [(*user, other), (other, *user)] {
                    deltas.add(*community, one, two, message.time(), Kind::Thread, Thousandths::ONE);
                }
            }
        }
    }
    Ok(deltas)
}

async fn is_first(
    tx: &mut Tx,
    (community, thread, week, user): (CommunityId, ChannelId, Week, UserId),
    message: MessageId,
) -> Result<bool> {
    let sql = "INSERT INTO thread_talk (community, thread, week, member, message) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (community, thread, week, member) DO NOTHING";
    Ok(tx.execute(sql, values![community, thread, week.get(), user, message]).await? > 0)
}
