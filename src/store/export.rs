//! All that is kept of one person, row by row, as they may have it. What follows from another's private answer is left
//! out: whoever asks for their own data does not learn what somebody else has said in confidence.

mod rows;

use std::collections::BTreeSet;

use chrono::Weekday;

use super::busy::{days, times};
use super::columns::{from_json, moment, parsed, values, word};
use super::database::Tx;
use super::meetups::load_where;
use super::members::{MEMBER, MemberRow, member, membership_columns};
use super::trips::load_trips;
use super::{Result, Store};
use crate::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, Pair, UserId};
use crate::domain::meetup::{Kind, Meetup, SaidBy, Standing, State};
use crate::domain::member::Member;
use crate::domain::place::City;
use crate::domain::slot::PartOfDay;
use crate::domain::tie::Week;
use crate::domain::trip::Trip;

pub use rows::{
    Export, OwnAvoid, OwnBusyTime, OwnDayAway, OwnFeed, OwnMember, OwnMet, OwnNotice, OwnNudge, OwnPast,
    OwnRecentMessage, OwnSeat, OwnStay, OwnThreadTalk, OwnTie, OwnTrip, OwnWish,
};

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

impl Store {
    /// What is kept of this person, by community: in one, or in all.
    pub async fn export(&self, user: UserId, community: Option<CommunityId>) -> Result<Vec<Export>> {
        let mut tx = self.read().await?;
        let sql = format!("{MEMBER} WHERE member = $1 ORDER BY community");
        let rows: Vec<MemberRow> = tx.rows(&sql, values![user]).await?;
        let mut exports = Vec::new();
        for row in rows {
            let member = member(row)?;
            if community.is_none_or(|only| only == member.community) {
                exports.push(export_one(&mut tx, &member).await?);
            }
        }
        Ok(exports)
    }
}

async fn export_one(tx: &mut Tx, member: &Member) -> Result<Export> {
    let (community, user) = (member.community, member.user);
    let name: Option<(String,)> =
        tx.row("SELECT name FROM communities WHERE community = $1", values![community]).await?;
    let nudges = nudges(tx, community, user).await?;
    let meetups = meetups(tx, community, user, &nudges).await?;
    Ok(Export {
        community,
        community_name: name.map(|(name,)| name).unwrap_or_default(),
        members: vec![own_member(member)?],
        days_away: days(tx, community, user).await?.into_iter().map(|day| OwnDayAway { day }).collect(),
        busy_times: busy_times(tx, community, user).await?,
        trips: load_trips(tx, community, user).await?.into_iter().map(own_trip).collect(),
        pasts: pasts(tx, community, user).await?,
        stays: stays(tx, community, user).await?,
        feeds: feeds(tx, community, user).await?,
        thread_talk: thread_talk(tx, community, user).await?,
        recent_messages: recent_messages(tx, community, user).await?,
        avoids: avoids(tx, community, user).await?,
        wishes: wishes(tx, community, user).await?,
        ties: ties(tx, community, user, &meetups).await?,
        met: met(tx, community, user, &meetups).await?,
        participants: meetups.into_iter().filter_map(|meetup| seat(meetup, user)).collect(),
        nudges,
        notices: notices(tx, community, user).await?,
    })
}

fn own_member(member: &Member) -> Result<OwnMember> {
    let (membership, paused_until) = membership_columns(member.membership);
    let counted_from = MessageId::from_column(member.counted_from);
    let mut free = Vec::new();
    for day in WEEK {
        for part in PartOfDay::ALL.into_iter().filter(|part| member.profile.availability.contains(day, *part)) {
            free.push(format!("{day} {}", word("members", &part)?));
        }
    }
    Ok(OwnMember {
        member: member.user,
        membership,
        paused_until,
        counted_from,
        counted_since: counted_from.time(),
        profile: member.profile.clone(),
        city_name: member.profile.city.and_then(City::by_id).map(City::label),
        free,
    })
}

fn own_trip(trip: Trip) -> OwnTrip {
    let Trip { city, first, last } = trip;
    OwnTrip { city, city_name: City::by_id(city).map(City::label), first, last }
}

async fn busy_times(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnBusyTime>> {
    let times = times(tx, community, user).await?;
    Ok(times.into_iter().map(|one| OwnBusyTime { starts_at: one.start(), ends_at: one.end() }).collect())
}

async fn pasts(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnPast>> {
    let sql = "SELECT reading FROM pasts WHERE community = $1 AND member = $2";
    let rows: Vec<(i64,)> = tx.rows(sql, values![community, user]).await?;
    Ok(rows.into_iter().map(|(reading,)| OwnPast { reading: reading != 0 }).collect())
}

async fn stays(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnStay>> {
    let sql = "SELECT channel, since FROM stays WHERE community = $1 AND member = $2";
    let rows: Vec<(i64, i64)> = tx.rows(sql, values![community, user]).await?;
    let stay = |(channel, since)| OwnStay { channel: ChannelId::from_column(channel), since: moment(since) };
    Ok(rows.into_iter().map(stay).collect())
}

async fn feeds(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnFeed>> {
    let sql = "SELECT created_at FROM feeds WHERE community = $1 AND member = $2";
    let rows: Vec<(i64,)> = tx.rows(sql, values![community, user]).await?;
    Ok(rows.into_iter().map(|(created_at,)| OwnFeed { created_at: moment(created_at) }).collect())
}

async fn thread_talk(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnThreadTalk>> {
    let sql = "SELECT thread, week, message FROM thread_talk WHERE community = $1 AND member = $2
               ORDER BY week, thread";
    let rows: Vec<(i64, i64, i64)> = tx.rows(sql, values![community, user]).await?;
    let talk = |(thread, week, message)| OwnThreadTalk {
        thread: ChannelId::from_column(thread),
        week: Week::from_column(week).to_string(),
        message: MessageId::from_column(message),
    };
    Ok(rows.into_iter().map(talk).collect())
}

async fn recent_messages(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnRecentMessage>> {
    let sql = "SELECT message FROM recent_messages WHERE community = $1 AND member = $2 ORDER BY message";
    let rows: Vec<(i64,)> = tx.rows(sql, values![community, user]).await?;
    Ok(rows.into_iter().map(|(message,)| OwnRecentMessage { message: MessageId::from_column(message) }).collect())
}

async fn avoids(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnAvoid>> {
    let sql = "SELECT person, created_at FROM avoids WHERE community = $1 AND member = $2 ORDER BY created_at, person";
    let rows: Vec<(String, i64)> = tx.rows(sql, values![community, user]).await?;
    Ok(rows.into_iter().map(|(person, at)| OwnAvoid { person, created_at: moment(at) }).collect())
}

async fn wishes(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnWish>> {
    let sql = "SELECT person, created_at, expires_at FROM wishes WHERE community = $1 AND member = $2
               ORDER BY created_at, person";
    let rows: Vec<(String, i64, i64)> = tx.rows(sql, values![community, user]).await?;
    let wish = |(person, created_at, expires_at)| OwnWish {
        person,
        created_at: moment(created_at),
        expires_at: moment(expires_at),
    };
    Ok(rows.into_iter().map(wish).collect())
}

/// The ties with those whom they were asked about. A tie exists only between members, so any other one would tell that
/// somebody is in: mention them once, and look.
async fn ties(tx: &mut Tx, community: CommunityId, user: UserId, meetups: &[Meetup]) -> Result<Vec<OwnTie>> {
    let suggested = meetups.iter().filter(|meetup| meetup.kind != Kind::OpenEvening);
    let partners: BTreeSet<_> = suggested.flat_map(|meetup| &meetup.participants).map(|one| one.user).collect();
    let sql = "SELECT low, high, week, kind, low_to_high, high_to_low FROM ties
               WHERE community = $1 AND (low = $2 OR high = $2) ORDER BY week, low, high, kind";
    let rows: Vec<(i64, i64, i64, String, i64, i64)> = tx.rows(sql, values![community, user]).await?;
    let tie = |(low, high, week, kind, low_to_high, high_to_low)| {
        let is_low = low == user.get();
        let (from_you, to_you) = if is_low { (low_to_high, high_to_low) } else { (high_to_low, low_to_high) };
        let with = UserId::from_column(if is_low { high } else { low });
        OwnTie { with, week: Week::from_column(week).to_string(), kind, from_you, to_you }
    };
    Ok(rows.into_iter().map(tie).filter(|tie| partners.contains(&tie.with)).collect())
}

/// The meetups that this member has heard of. A wish that only the other was asked about is none: it would tell that
/// the other is a member, and that they have not said yes.
async fn meetups(tx: &mut Tx, community: CommunityId, user: UserId, nudges: &[OwnNudge]) -> Result<Vec<Meetup>> {
    let condition = "meetup IN (SELECT meetup FROM participants WHERE community = $1 AND member = $2)
                     ORDER BY created_at, meetup";
    let asked: BTreeSet<MeetupId> = nudges.iter().map(|nudge| nudge.meetup).collect();
    let meetups = load_where(tx, condition, values![community, user]).await?;
    let mut meetups: Vec<_> = meetups.into_iter().map(|meetup| meetup.as_known_to(user)).collect();
    meetups.retain(|meetup| {
        let never_began = meetup.polls == 0 && matches!(meetup.state, State::Proposed { .. } | State::Fizzled { .. });
        meetup.kind == Kind::OpenEvening || !never_began || asked.contains(&meetup.id)
    });
    Ok(meetups)
}

fn seat(meetup: Meetup, user: UserId) -> Option<OwnSeat> {
    let own = meetup.participant(user)?.clone();
    let others = meetup.participants.iter().map(|one| one.user);
    let named = meetup.kind != Kind::OpenEvening;
    Some(OwnSeat {
        meetup: meetup.id,
        kind: meetup.kind,
        style: meetup.style,
        state: meetup.state.name(),
        created_at: meetup.created_at,
        with: others.filter(|other| named && *other != user).collect(),
        invited: meetup.invited,
        room: meetup.room,
        city_name: meetup.city.and_then(City::by_id).map(City::label),
        appointment: meetup.appointment().cloned(),
        reasons: meetup.reasons,
        slots_asked_about: meetup.asked_slots,
        standing: own.standing,
        host: own.host,
        votes: own.votes,
        check_in: own.check_in,
        place_choice: own.place,
        another_time_suits: own.agrees,
        said_late: own.late,
        again: own.again,
        word: meetup.word,
        word_is_fine: own.word_is_fine,
        news: own.news,
    })
}

/// That the other said "we know each other" is their answer, and no row of this member's.
async fn met(tx: &mut Tx, community: CommunityId, user: UserId, meetups: &[Meetup]) -> Result<Vec<OwnMet>> {
    let sql = "SELECT low, high, meetup, at, said_by FROM met
               WHERE community = $1 AND (low = $2 OR high = $2) ORDER BY at, meetup, low, high";
    let rows: Vec<(i64, i64, String, i64, String)> = tx.rows(sql, values![community, user]).await?;
    let mut all = Vec::with_capacity(rows.len());
    for (low, high, meetup, at, said_by) in rows {
        let pair = Pair::new(UserId::from_column(low), UserId::from_column(high));
        let Some(with) = pair.and_then(|pair| pair.other(user)) else { continue };
        let meetup = parsed("met", &meetup)?;
        let known_before = said_by == word("met", &SaidBy::Known)?;
        let own = meetups.iter().find(|one| one.id == meetup).and_then(|one| one.participant(user));
        if !known_before || own.is_some_and(|own| own.standing == Standing::Known) {
            all.push(OwnMet { with, meetup, at: moment(at), known_before });
        }
    }
    Ok(all)
}

async fn nudges(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnNudge>> {
    let sql = "SELECT meetup, at FROM nudges WHERE community = $1 AND member = $2 ORDER BY at, meetup";
    let rows: Vec<(String, i64)> = tx.rows(sql, values![community, user]).await?;
    rows.into_iter().map(|(id, at)| Ok(OwnNudge { meetup: parsed("nudges", &id)?, at: moment(at) })).collect()
}

type NoticeColumns =
    (String, String, Option<String>, String, String, i64, i64, Option<i64>, Option<i64>, Option<String>);

async fn notices(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<OwnNotice>> {
    let sql = "SELECT notice, address, meetup, body, state, created_at, due_at, channel, message, reason FROM notices
               WHERE community = $1 AND member = $2 AND state IN ('sent', 'parked') ORDER BY created_at, notice";
    let rows: Vec<NoticeColumns> = tx.rows(sql, values![community, user]).await?;
    let notice =
        |(notice, address, meetup, body, state, created_at, due_at, channel, message, reason): NoticeColumns| {
            Ok(OwnNotice {
                notice: parsed("notices", &notice)?,
                address,
                meetup: meetup.map(|id| parsed("notices", &id)).transpose()?,
                body: from_json("notices", &body)?,
                state,
                created_at: moment(created_at),
                due_at: moment(due_at),
                channel: channel.map(ChannelId::from_column),
                message: message.map(MessageId::from_column),
                reason,
            })
        };
    rows.into_iter().map(notice).collect()
}
