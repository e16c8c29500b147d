//! What listening sessions have shown of the communities, as of the last frame that was counted. A resume shows none of
//! it again, so it is stored together with where the session stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bulk::{batches, placeholders};
use super::columns::{from_json, from_word, to_json, values, word};
use super::database::Tx;
use super::{Result, Store};
use crate::domain::ids::{ChannelId, CommunityId, MessageId, RoleId};

/// What the bot may do in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    Reads,
    /// It hears what is said, but not what was said while it was away.
    NoHistory,
    Hidden,
}

/// Which threads a channel may have, as far as the bot may list them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threads {
    #[default]
    None,
    Public,
    /// And private ones that the bot is in.
    Joined,
    /// And all private ones.
    All,
}

/// The bot's roles in a community, and what they allow before a channel's own rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BotStanding {
    pub roles: Vec<RoleId>,
    /// Bits of Discord's permissions; `None` where it did not say, so that trying will show.
    pub base: Option<u64>,
}

/// A channel or thread that a session has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenChannel {
    pub channel: ChannelId,
    /// Of a thread only: the channel whose rules it follows.
    pub parent: Option<ChannelId>,
    pub age_restricted: bool,
    pub access: Access,
    pub threads: Threads,
    /// Live counting takes the messages above it.
    pub floor: MessageId,
}

/// A community as its session has shown it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub standing: BotStanding,
    pub channels: Vec<SeenChannel>,
}

/// What was shown since the last flush. Communities first, then what changed in them.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Shown anew, whatever was known of them before; or gone.
    pub communities: BTreeMap<CommunityId, Option<BotStanding>>,
    /// As they are now; or gone.
    pub channels: BTreeMap<(CommunityId, ChannelId), Option<SeenChannel>>,
}

impl Shown {
    pub fn is_empty(&self) -> bool {
        self.communities.is_empty() && self.channels.is_empty()
    }
}

type SightRow = (i64, i64, Option<i64>, i64, String, String, i64);

impl Store {
    /// The communities of a shard as its session had shown them at the last flush.
    pub async fn snapshots(&self, shard: u32, shards: u32) -> Result<BTreeMap<CommunityId, Snapshot>> {
        let mut tx = self.read().await?;
        let of_shard = || values![i64::from(shard), i64::from(shards)];
        let sql = "SELECT s.community, s.base, s.roles FROM standings s
                   JOIN communities c ON c.community = s.community
                   WHERE c.removed_at IS NULL AND (s.community >> 22) % $2 = $1";
        let rows: Vec<(i64, Option<i64>, String)> = tx.rows(sql, of_shard()).await?;
        let mut snapshots: BTreeMap<CommunityId, Snapshot> = BTreeMap::new();
        for (community, base, roles) in rows {
            let standing = BotStanding { roles: from_json("standings", &roles)?, base: base.map(i64::cast_unsigned) };
            let snapshot = Snapshot { standing, channels: Vec::new() };
            snapshots.insert(CommunityId::from_column(community), snapshot);
        }
        let sql = "SELECT community, channel, parent, age_restricted, access, threads, floor_id FROM sights
                   WHERE (community >> 22) % $2 = $1 ORDER BY community, channel";
        let rows: Vec<SightRow> = tx.rows(sql, of_shard()).await?;
        for (community, channel, parent, age_restricted, access, threads, floor) in rows {
            if let Some(snapshot) = snapshots.get_mut(&CommunityId::from_column(community)) {
                snapshot.channels.push(SeenChannel {
                    channel: ChannelId::from_column(channel),
                    parent: parent.map(ChannelId::from_column),
                    age_restricted: age_restricted != 0,
                    access: from_word("sights", &access)?,
                    threads: from_word("sights", &threads)?,
                    floor: MessageId::from_column(floor),
                });
            }
        }
        Ok(snapshots)
    }
}

/// Takes over what was shown, of the communities that `known` says are there.
pub(super) async fn save_shown(tx: &mut Tx, shown: &Shown, known: impl Fn(CommunityId) -> bool) -> Result<()> {
    for (community, standing) in shown.communities.iter().filter(|(community, _)| known(**community)) {
        tx.execute("DELETE FROM sights WHERE community = $1", values![*community]).await?;
        tx.execute("DELETE FROM standings WHERE community = $1", values![*community]).await?;
        if let Some(BotStanding { roles, base }) = standing {
            let sql = "INSERT INTO standings (community, base, roles) VALUES ($1, $2, $3)";
            let base = base.map(u64::cast_signed);
            tx.execute(sql, values![*community, base, to_json("standings", roles)?]).await?;
        }
    }
    let mut rows = Vec::new();
    for ((community, channel), seen) in shown.channels.iter().filter(|((community, _), _)| known(*community)) {
        let Some(seen) = seen else {
            let sql = "DELETE FROM sights WHERE community = $1 AND channel = $2";
            tx.execute(sql, values![*community, *channel]).await?;
            continue;
        };
        let (access, threads) = (word("sights", &seen.access)?, word("sights", &seen.threads)?);
        rows.push(values![*community, *channel, seen.parent, seen.age_restricted, access, threads, seen.floor]);
    }
    for rows in batches(&rows) {
        let sql = format!(
            "INSERT INTO sights (community, channel, parent, age_restricted, access, threads, floor_id) VALUES {}
             ON CONFLICT (community, channel) DO UPDATE
                 SET parent = excluded.parent, age_restricted = excluded.age_restricted, access = excluded.access,
                     threads = excluded.threads, floor_id = excluded.floor_id",
            placeholders(rows.len(), 7)
        );
        tx.execute(&sql, rows.concat()).await?;
    }
    Ok(())
}
