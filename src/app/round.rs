//! Holding a round: who should meet whom, asked of each alone.

mod looking;
mod present;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use super::messenger::Messenger;
use super::wish::avoided;
use super::{Refusal, Result, Stop, Wallflower};
use crate::domain::ids::{CommunityId, UserId};
use crate::domain::meetup::{ASK_OPEN_FOR, Kind, Meetup, Participant, Standing, Step, Style, Yes};
use crate::domain::member::{Member, Membership};
use crate::domain::notice::{Address, Draft, Notice};
use crate::domain::nudge::{next_allowed, spread};
use crate::domain::pairing::history::REMEMBERED;
use crate::domain::round::{Gathering, Guest, HeldBack, RoundReport, Suggestion};
use crate::domain::tie::Week;
use crate::store::{Candidates, RoundPlan, Since, Wish};

use looking::Looking;
use present::MOST_LOOKS;

/// Ties older than this many weeks are pruned, and do not count.
pub const RETENTION_WEEKS: u32 = 26;
/// The budget of asks counts this long back.
const BUDGET: Duration = Duration::days(30);
/// The doorbell is for this round; it is stale after two days.
pub(super) const DOORBELL_KEEPS: Duration = Duration::days(2);
/// What a round held now would do.
#[derive(Debug, Clone)]
pub struct Preview {
    pub suggestions: Vec<Suggestion>,
    pub report: RoundReport,
}

impl Wallflower {
    /// All that a round looks at, read in one go.
    pub(super) async fn candidates(&self, id: CommunityId) -> Result<Option<Candidates>> {
        let now = self.now();
        let since =
            Since { talk: Week::of(now).earlier(RETENTION_WEEKS), asks: now - BUDGET, suggestions: now - REMEMBERED };
        Ok(self.store.candidates(id, since).await?)
    }

    /// What a round held now would do, if nobody had said a word since the last one: whoever keeps somebody out and looks
    /// again, or watches who rests, learns nothing of who is in. Changes nothing.
    pub async fn preview(&self, id: CommunityId) -> Result<Preview> {
        let candidates = self.candidates(id).await?.ok_or(Refusal::NotSetUp)?;
        let kept_out = kept_out(&candidates);
        let (suggestions, mut report) = self.choose(&as_the_last_round_saw(candidates), &BTreeSet::new()).await?;
        report.keeps_out(kept_out);
        Ok(Preview { suggestions, report })
    }

    /// Holds a round at an admin's wish, whatever is set; again where somebody changes the settings meanwhile. `None` where
    /// another process was faster.
    pub async fn hold_round_now(&self, messenger: &dyn Messenger, id: CommunityId) -> Result<Option<RoundReport>> {
        let round = async || Ok::<_, Stop>(self.store.programme(id).await?.map(|programme| programme.round));
        let before = round().await?;
        for _ in 0..MOST_LOOKS {
            let held = self.hold_round(messenger, id).await?;
            if held.is_some() || round().await? != before {
                return Ok(held);
            }
        }
        Err(Stop::Contention)
    }

    /// Holds the round of a community. `None` where another process was faster, an admin has changed the settings meanwhile, or
    /// Discord does not say who has the required role: then the next look finds out whether it is due still.
    pub async fn hold_round(&self, messenger: &dyn Messenger, id: CommunityId) -> Result<Option<RoundReport>> {
        let Some((candidates, chosen, report)) = self.choose_among_present(messenger, id).await? else {
            return Ok(None);
        };
        let mut plan = self.plan(&candidates, &chosen, report);
        if plan.report.is_ripe() {
            plan.notices.extend(self.held_lately(&candidates).await?);
        }
        let held = self.store.save_round(&plan, self.now()).await?;
        self.ring();
        Ok(held)
    }

    async fn choose(
        &self,
        candidates: &Candidates,
        without_role: &BTreeSet<UserId>,
    ) -> Result<(Vec<Suggestion>, RoundReport)> {
        let at_most = usize::try_from(candidates.programme.pairs_per_round).unwrap_or(0);
        let mut gathering = self.gather(candidates);
        for guest in gathering.guests.iter_mut().filter(|guest| without_role.contains(&guest.user)) {
            guest.held_back = guest.held_back.or(Some(HeldBack::RoleMissing));
        }
        let (style, size) = (candidates.programme.style, candidates.programme.size);
        // In a large community it takes seconds of a core: clicks are answered meanwhile.
        let chosen = tokio::task::spawn_blocking(move || gathering.suggest(style, size, at_most)).await;
        let (chosen, mut report) = chosen.map_err(Stop::BrokenOff)?;
        report.keeps_out(kept_out(candidates));
        Ok((chosen, report))
    }

    fn gather(&self, candidates: &Candidates) -> Gathering {
        let looking = Looking::at(candidates, self.now());
        let by_person = self.by_person(candidates.community.id, &candidates.members);
        let kept_out = candidates.exclusions.iter().filter(|one| one.lifted_at.is_none());
        let excluded = kept_out.filter_map(|one| by_person.get(&one.person).copied()).collect();
        let pairs = || candidates.ties.keys().copied();
        Gathering {
            guests: candidates
                .members
                .iter()
                .map(|member| Self::guest(candidates, &excluded, member, looking.now))
                .collect(),
            edges: candidates.ties.iter().filter_map(|(pair, counts)| looking.weigh(*pair, counts)).collect(),
            newcomers: looking.newcomers(),
            met: looking.met_lately(candidates),
            asked_lately: candidates.suggested.iter().map(|one| one.pair).filter(|pair| looking.rests(*pair)).collect(),
            asked_before: pairs().filter(|pair| looking.history.knows(*pair)).collect(),
            avoided: avoided(&by_person, &candidates.avoids),
            wishes: wished(&by_person, candidates, looking.now),
            window: Some(looking.window),
        }
    }

    fn guest(candidates: &Candidates, excluded: &BTreeSet<UserId>, member: &Member, now: DateTime<Utc>) -> Guest {
        let user = member.user;
        let excluded = excluded.contains(&user);
        let asks = candidates.asks.get(&user).copied().unwrap_or(0);
        let held_back = if !member.takes_part(now) {
            Some(HeldBack::Paused)
        } else if excluded {
            Some(HeldBack::Excluded)
        } else if candidates.busy.contains(&user) {
            Some(HeldBack::Busy)
        } else if asks >= candidates.programme.asks_per_30_days {
            Some(HeldBack::AskLimit)
        } else {
            None
        };
        Guest { user, held_back, profile: member.profile.clone() }
    }

    fn plan(&self, candidates: &Candidates, chosen: &[Suggestion], report: RoundReport) -> RoundPlan {
        let (now, programme) = (self.now(), &candidates.programme);
        let zone = candidates.community.zone;
        let start = next_allowed(now, zone);
        let mut meetups = Vec::new();
        let mut spent = Vec::new();
        for (suggestion, due_at) in chosen.iter().zip(spread(start, zone, chosen.len())) {
            let step = self.propose(candidates, suggestion, due_at);
            let ids = self.new_notice_ids(step.notices.len());
            meetups.push((step, ids));
            spent.extend(self.spent_wishes(candidates, suggestion));
        }
        let mut notices = Vec::new();
        if report.is_ripe() && programme.style == Style::Discreet {
            let not_after = start + DOORBELL_KEEPS;
            let doorbell = Draft { notice: Notice::Doorbell, to: Address::Programme, due_at: start, not_after };
            notices.extend(self.new_notice_ids(1).into_iter().map(|id| (doorbell.clone(), id)));
        }
        let next_round_at = programme.cadence.next(now, zone);
        let users = chosen.iter().flat_map(|suggestion| suggestion.people.iter().copied());
        let persons = users.map(|user| (user, self.person(programme.community, user))).collect();
        RoundPlan { programme: programme.clone(), meetups, persons, notices, spent, report, next_round_at }
    }

    /// The proposal of one pair or table. Whoever of two wished for it has said yes by that, and is not asked.
    fn propose(&self, candidates: &Candidates, suggestion: &Suggestion, due_at: DateTime<Utc>) -> Step {
        let now = self.now();
        let until = due_at + ASK_OPEN_FOR;
        let style = candidates.programme.style;
        let participants: Vec<_> = suggestion
            .people
            .iter()
            .map(|user| {
                let user = *user;
                let zone = candidates.members.iter().find(|member| member.user == user);
                let zone = zone.map_or(candidates.community.zone, |member| member.zone(candidates.community.zone));
                let wished = suggestion.wishing.contains(&user) && suggestion.wishing.len() < 2;
                Participant::new(
                    user,
                    zone,
                    if wished { Standing::In { since: now, by: Yes::Wish } } else { Standing::Asked },
                )
            })
            .collect();
        let asked = participants.iter().filter(|participant| participant.standing == Standing::Asked);
        let notices = match style {
            Style::Discreet => asked
                .map(|participant| Draft {
                    notice: Notice::Ask,
                    to: Address::Member(participant.user),
                    due_at,
                    not_after: until,
                })
                .collect(),
            Style::Open => vec![Draft { notice: Notice::OpenAsk, to: Address::Programme, due_at, not_after: until }],
        };
        let meetup = Meetup {
            room: (style == Style::Open).then_some(candidates.programme.channel),
            reasons: suggestion.reasons.clone(),
            ..Meetup::proposed(
                self.new_meetup_id(),
                candidates.community.id,
                (Kind::Suggested, style),
                participants,
                now,
                until,
            )
        };
        Step { meetup, notices, facts: Vec::new() }
    }

    /// The wishes of its people for each other.
    fn spent_wishes(&self, candidates: &Candidates, suggestion: &Suggestion) -> Vec<Wish> {
        let id = candidates.community.id;
        let persons: Vec<String> = suggestion.people.iter().map(|user| self.person(id, *user)).collect();
        let inside = |wish: &&Wish| suggestion.people.contains(&wish.member) && persons.contains(&wish.person);
        candidates.wishes.iter().filter(inside).cloned().collect()
    }
}

/// Who wishes to meet whom.
fn wished(
    by_person: &BTreeMap<String, UserId>,
    candidates: &Candidates,
    now: DateTime<Utc>,
) -> BTreeSet<(UserId, UserId)> {
    let open = candidates.wishes.iter().filter(|wish| !wish.spent && now < wish.expires_at);
    open.filter_map(|wish| Some((wish.member, *by_person.get(&wish.person)?))).collect()
}

/// How many people the admins keep out, members or not.
fn kept_out(candidates: &Candidates) -> usize {
    candidates.exclusions.iter().filter(|one| one.lifted_at.is_none()).count()
}

/// Without what has been said since the last round.
fn as_the_last_round_saw(mut seen: Candidates) -> Candidates {
    let round = seen.programme.last_round_at;
    let heard = |at: DateTime<Utc>| round.is_some_and(|round| at <= round);
    seen.avoids.retain(|avoid| heard(avoid.created_at));
    seen.wishes.retain(|wish| heard(wish.created_at));
    seen.exclusions.retain(|exclusion| heard(exclusion.created_at));
    seen.exclusions.iter_mut().for_each(|exclusion| exclusion.lifted_at = None);
    for member in &mut seen.members {
        let rested = seen.rested.contains(&member.user);
        // Nobody knows when a trip was told, and each moves the figures of its two.
        member.profile.trips.clear();
        member.membership = if rested { Membership::PausedUntil(DateTime::<Utc>::MAX_UTC) } else { Membership::Active };
    }
    seen
}
