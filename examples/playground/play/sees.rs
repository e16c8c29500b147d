//! What Wallflower sees: ties, the next round and why it would choose whom, what the gate holds back, and the meetups; all
//! of it by the product's own read-only queries.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use fake_discord::Id;
use serde_json::{Value, json};
use wallflower::app::Wallflower;
use wallflower::app::round::{Preview, RETENTION_WEEKS};
use wallflower::domain::ids::{CommunityId, MeetupId};
use wallflower::domain::meetup::{CheckIn, Fizzle, Kind, Meetup, Standing, State};
use wallflower::domain::tie::{HalfLife, Week};
use wallflower::store::{Candidates, Since};
use wallflower::texts::{Locale, factors, held_back, reasons};

use super::stage::Stage;

/// Looked at anew so often at most.
const LOOKS_EVERY: Duration = Duration::from_millis(900);
/// Of the ties, the strongest are drawn.
const MOST_TIES: usize = 140;
const MOST_MEETUPS: usize = 40;

/// One look.
#[derive(Default)]
pub struct Sees {
    /// The same for everybody who looks at the panel.
    shown: Value,
    members: Vec<Id>,
    meetups: Vec<Meetup>,
}

/// Looks again and again, as long as somebody is there to see it, and rests longer than it looks.
pub async fn keep_looking(stage: Arc<Stage>) {
    loop {
        let began = Instant::now();
        if stage.viewers.load(Ordering::Acquire) > 0 && stage.is_set_up() {
            match look(&stage).await {
                Ok(sees) => drop(stage.sees.send_replace(Arc::new(sees))),
                Err(error) => stage.troubles.add(&format!("The panel could not be filled: {error:#}")),
            }
        }
        tokio::time::sleep(LOOKS_EVERY.max(2 * began.elapsed())).await;
    }
}

async fn look(stage: &Stage) -> Result<Sees> {
    let orders = stage.time.told().orders;
    let wallflower = stage.wallflower().await?;
    let community = CommunityId::new(stage.town.community.id).context("a community")?;
    let now = wallflower.now();
    let talk = Week::of(now).earlier(RETENTION_WEEKS);
    let since = Since { talk, asks: now - chrono::Duration::days(30), suggestions: now - chrono::Duration::days(365) };
    let Some(candidates) = wallflower.store.candidates(community, since).await? else { return Ok(Sees::default()) };
    let preview = wallflower.preview(community).await?;
    let meetups = meetups(wallflower, &candidates).await?;
    let shown = json!({
        "orders": orders,
        "ties": ties(&candidates, wallflower),
        "round": round(&candidates, &preview),
        "due": wallflower.next_due().await?.map(|due| due.timestamp_millis()),
        "meetups": meetups.iter().take(MOST_MEETUPS).map(meetup).collect::<Vec<_>>(),
        "met": candidates.met.len(),
    });
    let members = candidates.members.iter().map(|member| member.user.to_u64()).collect();
    Ok(Sees { shown, members, meetups })
}

/// All meetups of all members, newest first.
async fn meetups(wallflower: &Wallflower, candidates: &Candidates) -> Result<Vec<Meetup>> {
    let mut all: BTreeMap<MeetupId, Meetup> = BTreeMap::new();
    for member in &candidates.members {
        let theirs = wallflower.store.meetups_of(member.community, member.user).await?;
        all.extend(theirs.into_iter().map(|meetup| (meetup.id, meetup)));
    }
    let mut all: Vec<Meetup> = all.into_values().collect();
    all.sort_by_key(|meetup| std::cmp::Reverse(meetup.created_at));
    Ok(all)
}

fn ties(candidates: &Candidates, wallflower: &Wallflower) -> Value {
    let half_life = HalfLife::of_community(candidates.community.half_life_days);
    let strength =
        |counts: &wallflower::domain::tie::Counts| counts.strength(wallflower.now(), Some(half_life)).value();
    let mut all: Vec<_> = candidates.ties.iter().map(|(pair, counts)| (*pair, strength(counts))).collect();
    all.retain(|(_, strength)| *strength > 0.5);
    all.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let count = all.len();
    all.truncate(MOST_TIES);
    let tie = |(pair, strength): &(wallflower::domain::ids::Pair, f64)| {
        json!([pair.low().to_string(), pair.high().to_string(), (strength * 10.0).round() / 10.0])
    };
    json!({
        "members": candidates.members.iter().map(|member| member.user.to_string()).collect::<Vec<_>>(),
        "count": count, "strongest": all.iter().map(tie).collect::<Vec<_>>(),
        "met": candidates.met.iter().map(|met| [met.pair.low().to_string(), met.pair.high().to_string()]).collect::<Vec<_>>(),
    })
}

fn round(candidates: &Candidates, preview: &Preview) -> Value {
    let locale = Locale::English;
    let couple = |couple: &wallflower::domain::round::Suggestion| {
        json!({
            "people": couple.people.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "reasons": reasons(locale, &couple.reasons), "factors": factors(locale, &couple.factors),
            "weight": couple.weight / 1000,
        })
    };
    let programme = &candidates.programme;
    json!({
        "next": programme.next_round_at.map(|at| at.timestamp_millis()), "paused": programme.paused,
        "last": programme.last_round_at.map(|at| at.timestamp_millis()), "number": programme.round,
        "style": programme.style, "ripe": preview.report.is_ripe(), "members": preview.report.members,
        "couples": preview.suggestions.iter().map(couple).collect::<Vec<_>>(), "held": held_back(Locale::English, &preview.report),
        "asked": programme.last_report.as_ref().map(|report| report.suggested),
    })
}

/// One meetup, without anybody's answer: before all have said yes, nobody's is shown.
fn meetup(meetup: &Meetup) -> Value {
    json!({
        "id": meetup.id.to_string(), "state": meetup.state.name(), "open": meetup.kind == Kind::OpenEvening,
        "people": meetup.participants.iter().map(|one| one.user.to_string()).collect::<Vec<_>>(),
        "due": meetup.due_at().map(|at| at.timestamp_millis()), "room": meetup.room.map(|room| room.to_string()),
        "at": meetup.appointment().map(|on| on.slot.start().timestamp_millis()),
        "place": meetup.appointment().and_then(|on| on.place.clone()),
        "why": match &meetup.state { State::Fizzled { why } => Some(ended(*why)), _ => None },
    })
}

const fn ended(why: Fizzle) -> &'static str {
    match why {
        Fizzle::NotEverybody => "this one didn't come together",
        Fizzle::NoCommonTime => "no time suited all",
        Fizzle::CalledOff => "called off",
        Fizzle::NoRoom => "its thread is gone",
        Fizzle::TooFew => "too few could come",
        Fizzle::DidNotHappen => "it didn't happen",
    }
}

impl Sees {
    /// The panel, and where this person stands in their own story.
    pub fn shown_to(&self, person: Id) -> Value {
        let mut value = self.shown.clone();
        let own = |meetup: &Meetup| {
            let one = meetup.participants.iter().find(|one| one.user.to_u64() == person)?;
            let standing = match one.standing {
                Standing::Asked | Standing::Maybe | Standing::Waiting { .. } | Standing::Offered { .. } => "asked",
                Standing::In { .. } => "in",
                Standing::Declined | Standing::Known | Standing::Out | Standing::Absent => "out",
            };
            // As its people know it, and no further.
            let known = meetup.clone().as_known_to(one.user);
            let check_in = match one.check_in {
                CheckIn::NotAsked => "not-asked",
                CheckIn::Asked | CheckIn::AskedAgain => "asked",
                CheckIn::Said(_) | CheckIn::Gone => "said",
            };
            Some(json!({
                "id": meetup.id.to_string(), "state": known.state.name(), "standing": standing,
                "open": meetup.kind == Kind::OpenEvening,
                "voted": one.votes.is_some(), "checkIn": check_in, "host": one.host,
                "room": known.room.map(|room| room.to_string()),
            }))
        };
        value["me"] = json!({
            "joined": self.members.contains(&person),
            "meetups": self.meetups.iter().filter_map(own).collect::<Vec<_>>(),
        });
        value
    }

    pub fn is_member(&self, person: Id) -> bool {
        self.members.contains(&person)
    }
}
