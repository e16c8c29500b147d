//! Meetups: loaded whole, saved step by step. A step is saved only on top of the revision it was made from, together with
//! the notices and the facts it leads to.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::columns::{from_json, from_word, moment, parsed, to_json, values, word};
use super::communities::load_community;
use super::database::Tx;
use super::notices::{FIRST_OF_LANE, Outcome, insert_notice, settle};
use super::{Result, Store, StoreError, or_stale};
use crate::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, NoticeId, Pair, UserId};
use crate::domain::meetup::{Before, CheckIn, Fact, Limits, Meetup, Participant, SaidBy, Standing, State, Step};
use crate::domain::member::Setting;
use crate::domain::pairing::Reason;
use crate::domain::place::{City, CityId};
use crate::domain::poll::Votes;
use crate::domain::slot::Slot;

/// Whether something was saved that was made from what had been read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Saved {
    Yes,
    /// Somebody else was faster: load again and step again.
    Stale,
}

/// Two members have met, then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    pub pair: Pair,
    pub meetup: MeetupId,
    pub at: DateTime<Utc>,
    /// When it was written down.
    pub noted_at: DateTime<Utc>,
    pub said_by: SaidBy,
}

/// The part of a meetup that is kept as JSON. Names nobody.
#[derive(Serialize, Deserialize)]
struct Details {
    #[serde(flatten)]
    state: State,
    reasons: Vec<Reason>,
    asked_slots: Vec<Slot>,
    polls: u8,
    #[serde(default)]
    said: u8,
    #[serde(default)]
    came: Option<usize>,
    setting: Setting,
    introduced: bool,
    asked_until: Option<DateTime<Utc>>,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    before: Before,
    #[serde(default)]
    word: Option<String>,
}

/// The part of a participant that is kept as JSON.
#[derive(Serialize, Deserialize)]
struct Seat {
    #[serde(flatten)]
    standing: Standing,
    votes: Option<Votes>,
    check_in: CheckIn,
    #[serde(default)]
    place: Option<String>,
    news: Option<DateTime<Utc>>,
    #[serde(default)]
    late: bool,
    #[serde(default)]
    agrees: bool,
    #[serde(default)]
    again: Option<bool>,
    #[serde(default)]
    word_is_fine: Option<bool>,
}

type MeetupRow = (String, i64, String, String, i64, i64, i64, Option<i64>, Option<i64>, String);
const MEETUP: &str =
    "SELECT meetup, community, kind, style, revision, created_at, invited, room, city, details FROM meetups";

fn meetup(row: MeetupRow) -> Result<Meetup> {
    let (id, community, kind, style, revision, created_at, invited, room, city, details) = row;
    let details: Details = from_json("meetups", &details)?;
    let unreadable = |reason: &str| StoreError::Unreadable { table: "meetups", reason: reason.to_owned() };
    Ok(Meetup {
        id: parsed("meetups", &id)?,
        community: CommunityId::from_column(community),
        kind: from_word("meetups", &kind)?,
        style: from_word("meetups", &style)?,
        revision,
        created_at: moment(created_at),
        state: details.state,
        participants: Vec::new(),
        invited: usize::try_from(invited).map_err(|_| unreadable("a negative number of people"))?,
        room: room.map(ChannelId::from_column),
        came: details.came,
        city: city.and_then(CityId::from_column),
        limits: details.limits,
        reasons: details.reasons,
        asked_slots: details.asked_slots,
        polls: details.polls,
        said: details.said,
        setting: details.setting,
        introduced: details.introduced,
        asked_until: details.asked_until,
        before: details.before,
        word: details.word,
    })
}

/// Whether a meetup ended before its people had read of each other: of two, before both had said yes as far as they know.
pub(super) fn came_to_nothing(details: &str) -> Result<bool> {
    let details: Details = from_json("meetups", details)?;
    Ok(matches!(details.state, State::Fizzled { .. }) && !details.introduced)
}

async fn load(tx: &mut Tx, row: MeetupRow) -> Result<Meetup> {
    let mut meetup = meetup(row)?;
    let zone = load_community(tx, meetup.community).await?.map_or(Tz::UTC, |community| community.zone);
    let sql = "SELECT p.member, p.host, p.details, m.city FROM participants p
               JOIN members m ON m.community = p.community AND m.member = p.member
               WHERE p.meetup = $1 ORDER BY p.position";
    let rows: Vec<(i64, i64, String, Option<i64>)> = tx.rows(sql, values![meetup.id]).await?;
    for (user, host, details, city) in rows {
        let seat: Seat = from_json("participants", &details)?;
        let city = city.and_then(CityId::from_column).and_then(City::by_id);
        meetup.participants.push(Participant {
            user: UserId::from_column(user),
            zone: city.map_or(zone, |city| city.zone),
            standing: seat.standing,
            votes: seat.votes,
            check_in: seat.check_in,
            place: seat.place,
            host: host != 0,
            late: seat.late,
            agrees: seat.agrees,
            again: seat.again,
            word_is_fine: seat.word_is_fine,
            news: seat.news,
        });
    }
    Ok(meetup)
}

pub(super) async fn load_where(
    tx: &mut Tx,
    condition: &str,
    values: Vec<super::database::Value<'_>>,
) -> Result<Vec<Meetup>> {
    let rows = tx.rows(&format!("{MEETUP} WHERE {condition}"), values).await?;
    let mut meetups = Vec::with_capacity(rows.len());
    for row in rows {
        meetups.push(load(tx, row).await?);
    }
    Ok(meetups)
}

impl Store {
    pub async fn meetup(&self, id: MeetupId) -> Result<Option<Meetup>> {
        let mut tx = self.read().await?;
        Ok(load_where(&mut tx, "meetup = $1", values![id]).await?.pop())
    }

    /// The meetup whose running poll is this message.
    pub async fn meetup_by_poll(&self, poll: MessageId) -> Result<Option<Meetup>> {
        let mut tx = self.read().await?;
        Ok(load_where(&mut tx, "poll = $1", values![poll]).await?.pop())
    }

    /// The meetups whose poll stands and is open.
    pub async fn running_polls(&self) -> Result<Vec<MeetupId>> {
        let mut tx = self.read().await?;
        let sql = "SELECT m.meetup FROM meetups m JOIN communities c ON c.community = m.community
                   WHERE m.poll IS NOT NULL AND m.state = 'polling' AND c.removed_at IS NULL ORDER BY m.created_at, m.meetup";
        let rows: Vec<(String,)> = tx.rows(sql, vec![]).await?;
        rows.iter().map(|(id,)| parsed("meetups", id)).collect()
    }

    /// The meetups that live in this thread and are not over.
    pub async fn meetups_in_room(&self, room: ChannelId) -> Result<Vec<Meetup>> {
        let mut tx = self.read().await?;
        load_where(&mut tx, "room = $1 AND state NOT IN ('held', 'fizzled') ORDER BY created_at", values![room]).await
    }

    /// All meetups of one member, newest first.
    pub async fn meetups_of(&self, community: CommunityId, user: UserId) -> Result<Vec<Meetup>> {
        let mut tx = self.read().await?;
        let condition = "meetup IN (SELECT meetup FROM participants WHERE community = $1 AND member = $2)
                         ORDER BY created_at DESC, meetup DESC";
        load_where(&mut tx, condition, values![community, user]).await
    }

    /// Who led the latest other meetup that any of this meetup's people went to; `None` where that is none of them.
    pub async fn hosted_last(&self, meetup: &Meetup) -> Result<Option<UserId>> {
        let mut tx = self.read().await?;
        let people = "SELECT member FROM participants WHERE meetup = $1";
        let sql = format!(
            "SELECT h.member FROM participants h WHERE h.host = 1 AND h.member IN ({people}) AND h.meetup =
                 (SELECT m.meetup FROM meetups m JOIN participants p ON p.meetup = m.meetup
                  WHERE m.meetup <> $1 AND m.community = $2 AND m.state IN ('scheduled', 'checking_in', 'held')
                    AND p.standing = 'in' AND p.member IN ({people})
                  ORDER BY m.created_at DESC, m.meetup DESC LIMIT 1)"
        );
        let row: Option<(i64,)> = tx.row(&sql, values![meetup.id, meetup.community]).await?;
        Ok(row.map(|(user,)| UserId::from_column(user)))
    }

    /// Meetups that time has something to say to, most overdue first, in communities that still have the bot.
    pub async fn due_meetups(&self, now: DateTime<Utc>) -> Result<Vec<MeetupId>> {
        let mut tx = self.read().await?;
        let sql = "SELECT m.meetup FROM meetups m JOIN communities c ON c.community = m.community
                   WHERE m.due_at <= $1 AND c.removed_at IS NULL ORDER BY m.due_at, m.meetup LIMIT 500";
        let rows: Vec<(String,)> = tx.rows(sql, values![now]).await?;
        rows.iter().map(|(id,)| parsed("meetups", id)).collect()
    }

    /// When the next meetup or notice is due; `None` where nothing waits. Of rounds [`Self::next_round`] tells.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>> {
        let mut tx = self.read().await?;
        let first_notice = format!(
            "SELECT n.due_at FROM notices n JOIN communities c ON c.community = n.community
             WHERE {FIRST_OF_LANE} ORDER BY n.due_at, n.notice LIMIT 1"
        );
        let sql = format!(
            "SELECT MIN(due) FROM (
                       SELECT MIN(m.due_at) AS due FROM meetups m JOIN communities c ON c.community = m.community
                           WHERE c.removed_at IS NULL
                       UNION ALL SELECT ({first_notice})) AS waiting"
        );
        let row: Option<(Option<i64>,)> = tx.row(&sql, vec![]).await?;
        Ok(row.and_then(|(due,)| due).map(moment))
    }

    /// Keeps a new meetup with its first notices. Tells whether it did: somebody may have gone just then.
    pub async fn create_meetup(
        &self,
        step: &Step,
        programme: i64,
        ids: &[NoticeId],
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let created = async {
            let mut tx = self.write().await?;
            insert_meetup(&mut tx, &step.meetup, programme).await?;
            consequences(&mut tx, step, step.meetup.revision, ids, now).await?;
            tx.commit().await?;
            Ok(true)
        };
        or_stale(created.await, false)
    }

    /// Saves a step on top of the revision it was made from, with its notices (one id each) and facts. `settled` is the
    /// delivery that the step follows from, settled in the same transaction. Where somebody goes just then it is stale, too.
    pub async fn save_step(
        &self,
        step: &Step,
        ids: &[NoticeId],
        settled: Option<(NoticeId, &Outcome)>,
        now: DateTime<Utc>,
    ) -> Result<Saved> {
        let saved = async {
            let mut tx = self.write().await?;
            if !update_meetup(&mut tx, &step.meetup).await? {
                return Ok(Saved::Stale);
            }
            consequences(&mut tx, step, step.meetup.revision + 1, ids, now).await?;
            if let Some((notice, outcome)) = settled {
                settle(&mut tx, notice, outcome).await?;
            }
            tx.commit().await?;
            Ok(Saved::Yes)
        };
        or_stale(saved.await, Saved::Stale)
    }

    /// What this member has of meetings with others, newest first.
    pub async fn met(&self, community: CommunityId, user: UserId) -> Result<Vec<Met>> {
        let mut tx = self.read().await?;
        load_met_of(&mut tx, community, user).await
    }
}

pub(super) async fn load_met(tx: &mut Tx, community: CommunityId) -> Result<Vec<Met>> {
    let sql = "SELECT low, high, meetup, at, noted_at, said_by FROM met WHERE community = $1 ORDER BY at DESC, meetup";
    all_met(tx.rows(sql, values![community]).await?)
}

/// Whom one member has met, latest first.
pub(super) async fn load_met_of(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<Met>> {
    let sql = "SELECT low, high, meetup, at, noted_at, said_by FROM met
               WHERE community = $1 AND (low = $2 OR high = $2) ORDER BY at DESC, meetup";
    all_met(tx.rows(sql, values![community, user]).await?)
}

fn all_met(rows: Vec<(i64, i64, String, i64, i64, String)>) -> Result<Vec<Met>> {
    let mut all = Vec::with_capacity(rows.len());
    for (low, high, meetup, at, noted_at, said_by) in rows {
        let Some(pair) = Pair::new(UserId::from_column(low), UserId::from_column(high)) else { continue };
        let said_by = from_word("met", &said_by)?;
        let (meetup, at, noted_at) = (parsed("met", &meetup)?, moment(at), moment(noted_at));
        all.push(Met { pair, meetup, at, noted_at, said_by });
    }
    Ok(all)
}

fn details(meetup: &Meetup) -> Result<String> {
    let details = Details {
        state: meetup.state.clone(),
        reasons: meetup.reasons.clone(),
        asked_slots: meetup.asked_slots.clone(),
        polls: meetup.polls,
        said: meetup.said,
        came: meetup.came,
        setting: meetup.setting,
        introduced: meetup.introduced,
        asked_until: meetup.asked_until,
        before: meetup.before,
        word: meetup.word.clone(),
        limits: meetup.limits,
    };
    to_json("meetups", &details)
}

fn poll_message(meetup: &Meetup) -> Option<MessageId> {
    match &meetup.state {
        State::Polling { poll } => poll.message,
        _ => None,
    }
}

fn count(people: usize) -> i64 {
    i64::try_from(people).unwrap_or(i64::MAX)
}

pub(super) async fn insert_meetup(tx: &mut Tx, meetup: &Meetup, programme: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO meetups (meetup, community, programme, kind, style, state, revision, created_at, due_at, invited,
                              room, poll, city, details)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        values![
            meetup.id,
            meetup.community,
            programme,
            word("meetups", &meetup.kind)?,
            word("meetups", &meetup.style)?,
            meetup.state.name(),
            meetup.revision,
            meetup.created_at,
            meetup.due_at(),
            count(meetup.invited),
            meetup.room,
            poll_message(meetup),
            meetup.city.map(CityId::get),
            details(meetup)?,
        ],
    )
    .await?;
    write_participants(tx, meetup).await
}

/// `false` where the revision is no longer the one the step was made from.
async fn update_meetup(tx: &mut Tx, meetup: &Meetup) -> Result<bool> {
    let updated = tx
        .execute(
            "UPDATE meetups SET state = $3, revision = revision + 1, due_at = $4, invited = $5, room = $6, poll = $7, details = $8
             WHERE meetup = $1 AND revision = $2",
            values![
                meetup.id,
                meetup.revision,
                meetup.state.name(),
                meetup.due_at(),
                count(meetup.invited),
                meetup.room,
                poll_message(meetup),
                details(meetup)?,
            ],
        )
        .await?;
    if updated == 1 {
        write_participants(tx, meetup).await?;
    }
    Ok(updated == 1)
}

/// Drops the words for the channel, posted or not, about all that this one was to come to. A step made before is stale then.
pub(super) async fn drop_words(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<()> {
    let condition = "community = $1 AND details LIKE '%\"word\":\"%'
                     AND meetup IN (SELECT meetup FROM participants WHERE community = $1 AND member = $2 AND standing = 'in')";
    for meetup in load_where(tx, condition, values![community, user]).await? {
        let without = Meetup { word: None, ..meetup };
        let sql = "UPDATE meetups SET details = $2, revision = revision + 1 WHERE meetup = $1";
        tx.execute(sql, values![without.id, details(&without)?]).await?;
    }
    Ok(())
}

/// Somebody who has erased themselves meanwhile gets no seat again.
async fn write_participants(tx: &mut Tx, meetup: &Meetup) -> Result<()> {
    for (position, participant) in meetup.participants.iter().enumerate() {
        let standing = match participant.standing {
            // Nothing is settled with these.
            Standing::Asked | Standing::Maybe | Standing::Waiting { .. } | Standing::Offered { .. } => "asked",
            Standing::In { .. } => "in",
            // What came together did so without them.
            Standing::Declined | Standing::Known | Standing::Absent => "declined",
            Standing::Out => "out",
        };
        let seat = Seat {
            standing: participant.standing,
            votes: participant.votes.clone(),
            check_in: participant.check_in,
            place: participant.place.clone(),
            news: participant.news,
            late: participant.late,
            agrees: participant.agrees,
            again: participant.again,
            word_is_fine: participant.word_is_fine,
        };
        tx.execute(
            "INSERT INTO participants (meetup, community, member, position, standing, host, details)
             SELECT $1, $2, $3, $4, $5, $6, $7 WHERE EXISTS (SELECT 1 FROM members WHERE community = $2 AND member = $3)
             ON CONFLICT (meetup, member) DO UPDATE
                 SET standing = excluded.standing, host = excluded.host, details = excluded.details",
            values![
                meetup.id,
                meetup.community,
                participant.user,
                count(position),
                standing,
                participant.host,
                to_json("participants", &seat)?,
            ],
        )
        .await?;
    }
    Ok(())
}

/// Writes the notices and facts of the step that led to this revision.
pub(super) async fn consequences(
    tx: &mut Tx,
    step: &Step,
    revision: i64,
    ids: &[NoticeId],
    now: DateTime<Utc>,
) -> Result<()> {
    let meetup = &step.meetup;
    for (index, (draft, id)) in step.notices.iter().zip(ids).enumerate() {
        // Revisions order the steps of a meetup, the index orders the notices within one.
        let position = revision * 100 + count(index);
        insert_notice(tx, meetup.community, Some(meetup.id), draft, *id, position, now).await?;
    }
    for fact in &step.facts {
        let Fact::Met { pair, at, said_by } = fact;
        tx.execute(
            "INSERT INTO met (community, low, high, meetup, at, said_by, noted_at) SELECT $1, $2, $3, $4, $5, $6, $7
             WHERE (SELECT COUNT(*) FROM members WHERE community = $1 AND member IN ($2, $3)) = 2
             ON CONFLICT (community, low, high, meetup) DO UPDATE SET said_by = excluded.said_by",
            values![meetup.community, pair.low(), pair.high(), meetup.id, *at, word("met", said_by)?, now],
        )
        .await?;
    }
    Ok(())
}
