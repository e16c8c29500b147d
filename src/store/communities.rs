//! Communities, their programmes, and what admins have said about channels and people.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::columns::{from_json, from_word, moment, to_json, values, word};
use super::database::Tx;
use super::meetups::Saved;
use super::notices::{insert_notice, unpark};
use super::rounds::hold_off_rounds;
use super::{Result, Store, StoreError};
use crate::domain::ids::{ChannelId, CommunityId, NoticeId, RoleId};
use crate::domain::meetup::{PlaceBy, Style};
use crate::domain::notice::{Draft, Reminders};
use crate::domain::nudge::Cadence;
use crate::domain::pairing::groups::Size;
use crate::domain::poll::Ballot;
use crate::domain::round::RoundReport;

/// One Discord server, as its admins have set it up.
#[derive(Debug, Clone, PartialEq)]
pub struct Community {
    pub id: CommunityId,
    pub name: String,
    pub zone: Tz,
    /// A language tag such as "en".
    pub locale: String,
    pub moderators: Option<ChannelId>,
    /// Days after which half of a week's talk still counts.
    pub half_life_days: i64,
    pub removed_at: Option<DateTime<Utc>>,
}

/// What a community does to make its members meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme {
    pub community: CommunityId,
    pub number: i64,
    pub channel: ChannelId,
    pub cadence: Cadence,
    pub style: Style,
    /// How polls opened from now on are voted in.
    pub ballot: Ballot,
    /// Asks that one member may get in 30 days.
    pub asks_per_30_days: i64,
    pub pairs_per_round: i64,
    pub reminders: Reminders,
    /// How many a round suggests to each other.
    pub size: Size,
    /// Who says where in meetups that get a time from now on.
    pub place_by: PlaceBy,
    /// Days between a poll's opening and the first time that it offers.
    pub lead_days: i64,
    pub required_role: Option<RoleId>,
    pub paused: bool,
    /// Grows with each change of the settings and each round; whoever saves on top of an older one has to load again.
    pub revision: i64,
    /// How many rounds there have been.
    pub round: i64,
    pub next_round_at: Option<DateTime<Utc>>,
    pub last_round_at: Option<DateTime<Utc>>,
    pub last_report: Option<RoundReport>,
}

/// An admin's word on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watch {
    Watched,
    Ignored,
}

type CommunityRow = (i64, String, String, String, Option<i64>, i64, Option<i64>);
const COMMUNITY: &str =
    "SELECT community, name, zone, locale, moderators_channel, half_life_days, removed_at FROM communities";

/// Longer than the tuples that can be read as rows.
#[derive(sqlx::FromRow)]
struct ProgrammeRow {
    community: i64,
    programme: i64,
    channel: i64,
    cadence: String,
    style: String,
    ballot: String,
    asks_per_30_days: i64,
    pairs_per_round: i64,
    required_role: Option<i64>,
    paused: i64,
    revision: i64,
    round: i64,
    next_round_at: Option<i64>,
    last_round_at: Option<i64>,
    last_outcome: Option<String>,
    lead_days: i64,
    place_by: String,
    reminders: String,
    size: String,
}
const PROGRAMME: &str =
    "SELECT community, programme, channel, cadence, style, ballot, asks_per_30_days, pairs_per_round,
                                required_role, paused, revision, round, next_round_at, last_round_at, last_outcome,
                                lead_days, place_by, reminders, size
                         FROM programmes";

fn community(row: CommunityRow) -> Result<Community> {
    let (id, name, zone, locale, moderators, half_life_days, removed_at) = row;
    let unreadable = || StoreError::Unreadable { table: "communities", reason: format!("no zone \"{zone}\"") };
    Ok(Community {
        id: CommunityId::from_column(id),
        name,
        zone: zone.parse().map_err(|_| unreadable())?,
        locale,
        moderators: moderators.map(ChannelId::from_column),
        half_life_days,
        removed_at: removed_at.map(moment),
    })
}

pub(super) async fn load_community(tx: &mut Tx, id: CommunityId) -> Result<Option<Community>> {
    let row = tx.row(&format!("{COMMUNITY} WHERE community = $1"), values![id]).await?;
    row.map(community).transpose()
}

impl Store {
    /// Notes that the bot is in this community: new, still there, or back within the 30 days.
    pub async fn community_present(&self, id: CommunityId, name: &str, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.write().await?;
        tx.execute(
            "INSERT INTO communities (community, name, zone, locale, half_life_days, since) VALUES ($1, $2, 'UTC', 'en', 30, $3)
             ON CONFLICT (community) DO UPDATE SET name = excluded.name, removed_at = NULL",
            values![id, name, now],
        )
        .await?;
        tx.commit().await
    }

    /// Notes that the bot was removed; what is due there rests from now on.
    pub async fn community_removed(&self, id: CommunityId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.write().await?;
        tx.execute(
            "UPDATE communities SET removed_at = $2 WHERE community = $1 AND removed_at IS NULL",
            values![id, now],
        )
        .await?;
        tx.commit().await
    }

    /// Erases all of the communities that the bot was removed from before `before`, and tells which.
    pub async fn erase_removed(&self, before: DateTime<Utc>) -> Result<Vec<CommunityId>> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM communities WHERE removed_at < $1 RETURNING community";
        let erased: Vec<(i64,)> = tx.rows(sql, values![before]).await?;
        if erased.is_empty() {
            return Ok(Vec::new());
        }
        tx.erases().await?;
        tx.commit().await?;
        self.empty_log().await;
        Ok(erased.into_iter().map(|(community,)| CommunityId::from_column(community)).collect())
    }

    pub async fn community(&self, id: CommunityId) -> Result<Option<Community>> {
        load_community(&mut self.read().await?, id).await
    }

    /// All communities that have not removed the bot.
    pub async fn communities(&self) -> Result<Vec<Community>> {
        let mut tx = self.read().await?;
        let rows = tx.rows(&format!("{COMMUNITY} WHERE removed_at IS NULL ORDER BY community"), vec![]).await?;
        rows.into_iter().map(community).collect()
    }

    /// Saves what `/wallflower setup` decided: the community (zone, locale, moderators' channel), the programme, and the
    /// invitation: a new one where `is_invited` does not say that the channel has had its own. What could not be
    /// said before is tried again.
    /// Stale, and nothing is saved, where the programme has changed since it was read.
    pub async fn set_up(
        &self,
        community: &Community,
        programme: &Programme,
        (invitation, id): (&Draft, NoticeId),
        is_invited: bool,
        now: DateTime<Utc>,
    ) -> Result<Saved> {
        let mut tx = self.write().await?;
        if write_programme(&mut tx, programme).await? == Saved::Stale {
            return Ok(Saved::Stale);
        }
        tx.execute(
            "UPDATE communities SET zone = $2, locale = $3, moderators_channel = $4 WHERE community = $1",
            values![community.id, community.zone.name(), community.locale.as_str(), community.moderators],
        )
        .await?;
        unpark(&mut tx, community.id, invitation, now).await?;
        if !is_invited {
            insert_notice(&mut tx, community.id, None, invitation, id, 0, now).await?;
        }
        tx.commit().await?;
        Ok(Saved::Yes)
    }

    /// Lets talk fade by half in so many days; tells whether the community is known.
    pub async fn set_half_life(&self, id: CommunityId, days: i64) -> Result<bool> {
        let mut tx = self.write().await?;
        let sql = "UPDATE communities SET half_life_days = $2 WHERE community = $1";
        let changed = tx.execute(sql, values![id, days]).await?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Reports reach nobody from now on.
    pub async fn drop_moderators(&self, id: CommunityId) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = "UPDATE communities SET moderators_channel = NULL WHERE community = $1";
        tx.execute(sql, values![id]).await?;
        tx.commit().await
    }

    pub async fn programme(&self, id: CommunityId) -> Result<Option<Programme>> {
        load_programme(&mut self.read().await?, id).await
    }

    /// Saves what admins set, unless something has been saved since it was read. The round's own columns are left alone,
    /// except the moment of the next one.
    pub async fn save_programme(&self, programme: &Programme) -> Result<Saved> {
        let mut tx = self.write().await?;
        let saved = write_programme(&mut tx, programme).await?;
        tx.commit().await?;
        Ok(saved)
    }

    /// Programmes whose round is due, in communities that still have the bot.
    pub async fn due_programmes(&self, now: DateTime<Utc>) -> Result<Vec<CommunityId>> {
        let mut tx = self.read().await?;
        let rows: Vec<(i64,)> = tx
            .rows(
                "SELECT p.community FROM programmes p JOIN communities c ON c.community = p.community
                 WHERE p.paused = 0 AND c.removed_at IS NULL AND p.next_round_at <= $1 ORDER BY p.next_round_at",
                values![now],
            )
            .await?;
        Ok(rows.into_iter().map(|(id,)| CommunityId::from_column(id)).collect())
    }

    /// When the next round is due, or since when.
    pub async fn next_round(&self) -> Result<Option<DateTime<Utc>>> {
        let mut tx = self.read().await?;
        let sql = "SELECT MIN(p.next_round_at) FROM programmes p JOIN communities c ON c.community = p.community
                   WHERE c.removed_at IS NULL AND p.paused = 0";
        let row: Option<(Option<i64>,)> = tx.row(sql, vec![]).await?;
        Ok(row.and_then(|(next,)| next).map(moment))
    }

    pub async fn set_watch(&self, community: CommunityId, channel: ChannelId, watch: Watch) -> Result<()> {
        let mut tx = self.write().await?;
        tx.execute(
            "INSERT INTO channels (community, channel, watch) VALUES ($1, $2, $3)
             ON CONFLICT (community, channel) DO UPDATE SET watch = excluded.watch",
            values![community, channel, word("channels", &watch)?],
        )
        .await?;
        tx.commit().await
    }

    pub async fn watches(&self, community: CommunityId) -> Result<Vec<(ChannelId, Watch)>> {
        let mut tx = self.read().await?;
        let sql = "SELECT channel, watch FROM channels WHERE community = $1 ORDER BY channel";
        let rows: Vec<(i64, String)> = tx.rows(sql, values![community]).await?;
        let watch =
            |(channel, watch): (i64, String)| Ok((ChannelId::from_column(channel), from_word("channels", &watch)?));
        rows.into_iter().map(watch).collect()
    }

    /// Keeps somebody (by keyed hash) out of all rounds, or lets them in again. Tells whether that changed anything. What
    /// is taken back is kept until the next round, for what admins see till then.
    pub async fn exclude(&self, community: CommunityId, person: &str, out: bool, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.write().await?;
        hold_off_rounds(&mut tx, community).await?;
        let changed = if out {
            let sql = "INSERT INTO exclusions (community, person, created_at) VALUES ($1, $2, $3)
                       ON CONFLICT (community, person) DO UPDATE SET lifted_at = NULL
                           WHERE exclusions.lifted_at IS NOT NULL";
            tx.execute(sql, values![community, person, now]).await?
        } else {
            let sql = "UPDATE exclusions SET lifted_at = $3
                       WHERE community = $1 AND person = $2 AND lifted_at IS NULL";
            tx.execute(sql, values![community, person, now]).await?
        };
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// The hash of the commands registered last; `scope` is `None` for everywhere.
    pub async fn registration(&self, application: i64, scope: Option<CommunityId>) -> Result<Option<String>> {
        let mut tx = self.read().await?;
        let sql = "SELECT hash FROM registrations WHERE application = $1 AND scope = $2";
        let row: Option<(String,)> = tx.row(sql, values![application, scope.map_or(0, CommunityId::get)]).await?;
        Ok(row.map(|(hash,)| hash))
    }

    pub async fn save_registration(&self, application: i64, scope: Option<CommunityId>, hash: &str) -> Result<()> {
        let mut tx = self.write().await?;
        tx.execute(
            "INSERT INTO registrations (application, scope, hash) VALUES ($1, $2, $3)
             ON CONFLICT (application, scope) DO UPDATE SET hash = excluded.hash",
            values![application, scope.map_or(0, CommunityId::get), hash],
        )
        .await?;
        tx.commit().await
    }
}

async fn write_programme(tx: &mut Tx, programme: &Programme) -> Result<Saved> {
    let written = tx
        .execute(
            "INSERT INTO programmes (community, programme, channel, cadence, style, ballot, asks_per_30_days, pairs_per_round,
                                 required_role, paused, round, next_round_at, revision, lead_days, place_by,
                                 reminders, size)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (community, programme) DO UPDATE SET channel = excluded.channel, cadence = excluded.cadence,
             style = excluded.style, ballot = excluded.ballot, asks_per_30_days = excluded.asks_per_30_days,
             pairs_per_round = excluded.pairs_per_round, required_role = excluded.required_role,
             lead_days = excluded.lead_days, place_by = excluded.place_by,
             reminders = excluded.reminders, size = excluded.size, paused = excluded.paused, next_round_at = excluded.next_round_at, revision = programmes.revision + 1
             WHERE programmes.revision = excluded.revision",
            values![
                programme.community,
                programme.number,
                programme.channel,
                programme.cadence.to_string(),
                word("programmes", &programme.style)?,
                word("programmes", &programme.ballot)?,
                programme.asks_per_30_days,
                programme.pairs_per_round,
                programme.required_role,
                programme.paused,
                programme.next_round_at,
                programme.revision,
                programme.lead_days,
                word("programmes", &programme.place_by)?,
                word("programmes", &programme.reminders)?,
                programme.size.to_string(),
            ],
        )
        .await?;
    Ok(if written > 0 { Saved::Yes } else { Saved::Stale })
}

pub(super) async fn load_programme(tx: &mut Tx, id: CommunityId) -> Result<Option<Programme>> {
    let row = tx.row(&format!("{PROGRAMME} WHERE community = $1 AND programme = 1"), values![id]).await?;
    row.map(programme).transpose()
}

fn programme(row: ProgrammeRow) -> Result<Programme> {
    let unreadable = |reason| StoreError::Unreadable { table: "programmes", reason };
    let cadence = row.cadence.parse().map_err(|_| unreadable(format!("no cadence \"{}\"", row.cadence)))?;
    Ok(Programme {
        community: CommunityId::from_column(row.community),
        number: row.programme,
        channel: ChannelId::from_column(row.channel),
        cadence,
        style: from_word("programmes", &row.style)?,
        ballot: from_word("programmes", &row.ballot)?,
        asks_per_30_days: row.asks_per_30_days,
        pairs_per_round: row.pairs_per_round,
        lead_days: row.lead_days,
        place_by: from_word("programmes", &row.place_by)?,
        reminders: from_word("programmes", &row.reminders)?,
        size: row.size.parse().map_err(|_| unreadable(format!("no size \"{}\"", row.size)))?,
        required_role: row.required_role.map(RoleId::from_column),
        paused: row.paused != 0,
        revision: row.revision,
        round: row.round,
        next_round_at: row.next_round_at.map(moment),
        last_round_at: row.last_round_at.map(moment),
        last_report: row.last_outcome.map(|text| from_json("programmes", &text)).transpose()?,
    })
}

pub(super) fn report_column(report: &RoundReport) -> Result<String> {
    to_json("programmes", report)
}
