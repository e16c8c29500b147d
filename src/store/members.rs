//! Members, and what each of them has said about others. Others are keyed hashes here: they may be bystanders.

use chrono::{DateTime, Utc};

use super::columns::{from_word, moment, values, word};
use super::database::{Tx, Value};
use super::meetups::drop_words;
use super::notices::insert_notice;
use super::pasts::{end_past, open_past};
use super::rounds::hold_off_rounds;
use super::trips::{load_trips, tell_trips};
use super::{Result, Store, StoreError};
use crate::domain::ids::{CommunityId, NoticeId, UserId};
use crate::domain::member::{Door, Member, Membership, Profile};
use crate::domain::notice::Draft;
use crate::domain::place::CityId;
use crate::domain::slot::Availability;

pub(super) type MemberRow = (i64, i64, String, Option<i64>, i64, Option<i64>, i64, String, String, i64, i64);
pub(super) const MEMBER: &str =
    "SELECT community, member, membership, paused_until, counted_from, city, availability, venue, door,
                             may_be_named, open_to_everyone FROM members";
/// What members tell about themselves, in the order of [`profile_values`].
const PROFILE: [&str; 6] = ["city", "availability", "venue", "door", "may_be_named", "open_to_everyone"];

/// "I'd like to meet X", as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub member: UserId,
    /// The keyed hash of the other.
    pub person: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub spent: bool,
}

/// Without their trips, which have rows of their own.
pub(super) fn member(row: MemberRow) -> Result<Member> {
    let (community, user, membership, paused_until, counted_from, city, availability, venue, door, named, open) = row;
    let unreadable = |reason: &str| StoreError::Unreadable { table: "members", reason: reason.to_owned() };
    let membership = match (membership.as_str(), paused_until) {
        ("active", _) => Membership::Active,
        ("paused", Some(until)) => Membership::PausedUntil(moment(until)),
        ("left", _) => Membership::Left,
        _ => return Err(unreadable("a membership that is none")),
    };
    Ok(Member {
        community: CommunityId::from_column(community),
        user: UserId::from_column(user),
        counted_from,
        membership,
        profile: Profile {
            city: city.and_then(CityId::from_column),
            availability: Availability::try_from(availability)
                .map_err(|_| unreadable("an availability that is none"))?,
            venue: from_word("members", &venue)?,
            door: from_word("members", &door)?,
            may_be_named: named != 0,
            open_to_everyone: open != 0,
            trips: Vec::new(),
        },
    })
}

pub(super) async fn load_members(tx: &mut Tx, community: CommunityId) -> Result<Vec<Member>> {
    let sql = format!("{MEMBER} WHERE community = $1 AND membership <> 'left' ORDER BY member");
    let members: Result<Vec<Member>> = tx.rows(&sql, values![community]).await?.into_iter().map(member).collect();
    let mut members = members?;
    tell_trips(tx, community, &mut members).await?;
    Ok(members)
}

/// A member and those they have talked with, without their trips.
pub(super) async fn load_members_beside(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<Member>> {
    let sql = format!(
        "{MEMBER} WHERE community = $1 AND membership <> 'left'
             AND (member = $2 OR member IN (SELECT high FROM ties WHERE community = $1 AND low = $2)
                              OR member IN (SELECT low FROM ties WHERE community = $1 AND high = $2))
         ORDER BY member"
    );
    tx.rows(&sql, values![community, user]).await?.into_iter().map(member).collect()
}

pub(super) const fn membership_columns(membership: Membership) -> (&'static str, Option<DateTime<Utc>>) {
    match membership {
        Membership::Active => ("active", None),
        Membership::PausedUntil(until) => ("paused", Some(until)),
        Membership::Left => ("left", None),
    }
}

impl Store {
    /// Takes in a member, or one who had left back in: counted from now on, their past to be read. Who is in already keeps
    /// all as it is.
    /// Tells whether that changed anything.
    pub async fn enrol(&self, member: &Member) -> Result<bool> {
        let mut tx = self.write().await?;
        let changed = insert_member(&mut tx, member).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Like [`Self::enrol`], with the first word to whom that takes in.
    pub async fn enrol_with_welcome(
        &self,
        member: &Member,
        welcome: &Draft,
        id: NoticeId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.write().await?;
        let changed = insert_member(&mut tx, member).await?;
        if changed {
            insert_notice(&mut tx, member.community, None, welcome, id, 0, now).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    pub async fn member(&self, community: CommunityId, user: UserId) -> Result<Option<Member>> {
        let mut tx = self.read().await?;
        let sql = format!("{MEMBER} WHERE community = $1 AND member = $2");
        let Some(row) = tx.row(&sql, values![community, user]).await? else { return Ok(None) };
        let mut member = member(row)?;
        member.profile.trips = load_trips(&mut tx, community, user).await?;
        Ok(Some(member))
    }

    /// Everybody who has not left, in the order of their ids.
    pub async fn members(&self, community: CommunityId) -> Result<Vec<Member>> {
        load_members(&mut self.read().await?, community).await
    }

    /// Of every community: who is in, for the listener.
    pub async fn all_members(&self) -> Result<Vec<(CommunityId, UserId, i64)>> {
        let mut tx = self.read().await?;
        let sql = "SELECT community, member, counted_from FROM members WHERE membership <> 'left'";
        let rows: Vec<(i64, i64, i64)> = tx.rows(sql, vec![]).await?;
        let ids = |(community, user, from)| (CommunityId::from_column(community), UserId::from_column(user), from);
        Ok(rows.into_iter().map(ids).collect())
    }

    /// The communities that keep something of this person.
    pub async fn communities_of(&self, user: UserId) -> Result<Vec<CommunityId>> {
        let mut tx = self.read().await?;
        let sql = "SELECT community FROM members WHERE member = $1 ORDER BY community";
        let rows: Vec<(i64,)> = tx.rows(sql, values![user]).await?;
        Ok(rows.into_iter().map(|(id,)| CommunityId::from_column(id)).collect())
    }

    /// Saves the profile of a member who has not left, and nothing else.
    pub async fn save_profile(&self, member: &Member) -> Result<bool> {
        let mut tx = self.write().await?;
        let set: Vec<_> = (3..).zip(PROFILE).map(|(place, column)| format!("{column} = ${place}")).collect();
        let sql = format!(
            "UPDATE members SET {} WHERE community = $1 AND member = $2 AND membership <> 'left'",
            set.join(", ")
        );
        let mut values = values![member.community, member.user];
        values.extend(profile_values(&member.profile)?);
        let changed = tx.execute(&sql, values).await?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Lets a member who has not left rest until then; `None` ends the rest.
    pub async fn pause(&self, community: CommunityId, user: UserId, until: Option<DateTime<Utc>>) -> Result<bool> {
        let mut tx = self.write().await?;
        hold_off_rounds(&mut tx, community).await?;
        let membership = until.map_or(Membership::Active, Membership::PausedUntil);
        let (membership, paused_until) = membership_columns(membership);
        let sql = "UPDATE members SET membership = $3, paused_until = $4
                   WHERE community = $1 AND member = $2 AND membership <> 'left'";
        let changed = tx.execute(sql, values![community, user, membership, paused_until]).await?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Notes that this door is closed to us: from now on only when they look. Leaves another choice alone.
    pub async fn close_door(&self, community: CommunityId, user: UserId, door: Door) -> Result<bool> {
        let mut tx = self.write().await?;
        let (closed, look) = (word("members", &door)?, word("members", &Door::Look)?);
        let sql = "UPDATE members SET door = $4
                   WHERE community = $1 AND member = $2 AND door = $3 AND membership <> 'left'";
        let changed = tx.execute(sql, values![community, user, closed, look]).await?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Ends the membership, erases all ties and wishes of this member, and drops what was still to be said to them, in one
    /// step. The row stays for their history.
    pub async fn leave(&self, community: CommunityId, user: UserId) -> Result<bool> {
        let mut tx = self.write().await?;
        hold_off_rounds(&mut tx, community).await?;
        let sql = "UPDATE members SET membership = 'left', paused_until = NULL, past_scan = NULL
                   WHERE community = $1 AND member = $2 AND membership <> 'left'";
        let left = tx.execute(sql, values![community, user]).await?;
        tx.execute("DELETE FROM ties WHERE community = $1 AND (low = $2 OR high = $2)", values![community, user])
            .await?;
        for table in ["wishes", "stays", "thread_talk", "recent_messages", "days_away", "busy_times", "trips", "feeds"]
        {
            let sql = format!("DELETE FROM {table} WHERE community = $1 AND member = $2");
            tx.execute(&sql, values![community, user]).await?;
        }
        let sql = "UPDATE notices SET state = 'dropped' WHERE community = $1 AND member = $2 AND address = 'member'
                     AND state IN ('waiting', 'sending', 'parked')";
        tx.execute(sql, values![community, user]).await?;
        end_past(&mut tx, community, user).await?;
        tx.erases().await?;
        tx.commit().await?;
        self.empty_log().await;
        Ok(left > 0)
    }

    /// Erases all that is kept of this person in one community, and every word for the channel about what they were at. What
    /// others said about them stays theirs, as a hash.
    pub async fn forget(&self, community: CommunityId, user: UserId) -> Result<bool> {
        let mut tx = self.write().await?;
        hold_off_rounds(&mut tx, community).await?;
        drop_words(&mut tx, community, user).await?;
        let sql = "DELETE FROM members WHERE community = $1 AND member = $2";
        let forgotten = tx.execute(sql, values![community, user]).await?;
        end_past(&mut tx, community, user).await?;
        tx.erases().await?;
        tx.commit().await?;
        self.empty_log().await;
        Ok(forgotten > 0)
    }

    /// Keeps two apart from now on. Silent: the other is never told.
    pub async fn avoid(&self, community: CommunityId, user: UserId, person: &str, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.write().await?;
        hold_off_rounds(&mut tx, community).await?;
        tx.execute(
            "INSERT INTO avoids (community, member, person, created_at)
             SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM members WHERE community = $1 AND member = $2)
             ON CONFLICT (community, member, person) DO NOTHING",
            values![community, user, person, now],
        )
        .await?;
        tx.commit().await
    }

    pub async fn wishes_of(&self, community: CommunityId, user: UserId) -> Result<Vec<Wish>> {
        let mut tx = self.read().await?;
        let wishes = load_wishes(&mut tx, community).await?;
        Ok(wishes.into_iter().filter(|wish| wish.member == user).collect())
    }

    /// Keeps a wish; a newer one for the same person replaces the older.
    pub async fn save_wish(&self, community: CommunityId, wish: &Wish) -> Result<()> {
        let mut tx = self.write().await?;
        tx.execute(
            "INSERT INTO wishes (community, member, person, created_at, expires_at, spent)
             SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM members WHERE community = $1 AND member = $2)
             ON CONFLICT (community, member, person) DO UPDATE
                 SET created_at = excluded.created_at, expires_at = excluded.expires_at, spent = excluded.spent",
            values![community, wish.member, wish.person.as_str(), wish.created_at, wish.expires_at, wish.spent],
        )
        .await?;
        tx.commit().await
    }
}

fn profile_values(profile: &Profile) -> Result<[Value<'static>; PROFILE.len()]> {
    Ok([
        profile.city.map(CityId::get).into(),
        profile.availability.get().into(),
        word("members", &profile.venue)?.into(),
        word("members", &profile.door)?.into(),
        profile.may_be_named.into(),
        profile.open_to_everyone.into(),
    ])
}

async fn insert_member(tx: &mut Tx, member: &Member) -> Result<bool> {
    let places: Vec<_> = (4..).take(PROFILE.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "INSERT INTO members (community, member, membership, counted_from, {}) VALUES ($1, $2, 'active', $3, {})
         ON CONFLICT (community, member) DO UPDATE
             SET membership = 'active', paused_until = NULL, rested = 0, counted_from = excluded.counted_from
             WHERE members.membership = 'left'",
        PROFILE.join(", "),
        places.join(", ")
    );
    let mut values = values![member.community, member.user, member.counted_from];
    values.extend(profile_values(&member.profile)?);
    let changed = tx.execute(&sql, values).await? > 0;
    if changed {
        open_past(tx, member.community, member.user).await?;
    }
    Ok(changed)
}

pub(super) async fn load_wishes(tx: &mut Tx, community: CommunityId) -> Result<Vec<Wish>> {
    let sql =
        "SELECT member, person, created_at, expires_at, spent FROM wishes WHERE community = $1 ORDER BY member, person";
    let rows: Vec<(i64, String, i64, i64, i64)> = tx.rows(sql, values![community]).await?;
    let wish = |(member, person, created_at, expires_at, spent)| Wish {
        member: UserId::from_column(member),
        person,
        created_at: moment(created_at),
        expires_at: moment(expires_at),
        spent: spent != 0,
    };
    Ok(rows.into_iter().map(wish).collect())
}
