//! What a weight is made of: named factors, each with its table, its range and its reason. docs/PAIRING.md shows them in
//! one table.
//!
//! Factors know more than the two may be told of each other (cities, times, who has met), so they are shown to nobody
//! whom they are about: only a replay, where nothing was asked, and the admins' preview under invented names print them.

use serde::Serialize;

use crate::domain::member::{Profile, Setting, Venue};
use crate::domain::slot::Interval;
use crate::domain::tie::Thousandths;
use crate::domain::trip::{FAR_KM, apart_at_home, least_apart};

/// A share in percent; 100 changes nothing.
pub type Percent = i64;
/// A step of a table: from this figure on (and in between, in a straight line to the next step) this much.
type Steps = &'static [(i64, i64)];

/// Talk of one day is over tomorrow, a quarrel most of all; ties are weekly sums, so what shows is the weeks over which the
/// talk is spread. In tenths of weeks.
const STEADY: Steps = &[(10, 40), (20, 65), (30, 80), (40, 90), (60, 100)];
/// Whoever has met needs no help to meet again, as long as it is fresh. In days; before the first step a pair is not
/// suggested at all.
const MET: Steps = &[(MET_RESTS_DAYS, 10), (182, 30), (365, 60), (730, 80)];
/// Two who have met rest for a season.
pub const MET_RESTS_DAYS: i64 = 91;
/// An hour at a table is easier to say yes to within the own town; nobody travels half a country for it. In kilometres.
const AT_A_TABLE: Steps = &[(10, 120), (100, 100), (500, 30)];
/// Who is in town for some days will be gone by the next round: on top of the distance.
const ON_A_TRIP: Percent = 125;
/// Two who would have liked a table have to make do with a call, since they live far apart.
const FAR_BY_CALL: Percent = 70;
/// The poll has to find an hour. In parts of the week that both have free.
const FREE_TOGETHER: Steps = &[(0, 25), (1, 60), (2, 80), (4, 100)];
/// A suggestion that came to nothing before all had said yes. Whose answer it was makes no difference, since nobody is
/// to learn that.
const CAME_TO_NOTHING: Steps = &[(1, 50), (2, 25)];
/// What a week of waiting adds, per person, in thousandths of a message.
const WAITING_WEEK: i64 = 1000;
/// Weeks of waiting that count, per person: half a year.
const MOST_WAITING: u32 = 26;

/// How a pair could sit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distance {
    /// At a table, and their cities lie so many kilometres apart.
    AtATable { km: u32 },
    /// At a table, while a trip brings them so many kilometres near.
    OnATrip { km: u32 },
    /// By call, since they live far apart.
    FarByCall,
}

impl Distance {
    /// Of two profiles within the window, or at home; `None` where it is not known, or where a call is what one of them likes.
    pub fn between(one: &Profile, other: &Profile, window: Option<Interval>) -> Option<Self> {
        let both = [one, other];
        both.iter().all(|profile| profile.home().is_some()).then_some(())?;
        match Setting::common(&both, window)? {
            Setting::InPerson => {
                let apart = least_apart(&both, window);
                let km = whole(apart);
                let by_a_trip = apart <= FAR_KM && apart_at_home(&both) > FAR_KM;
                Some(if by_a_trip { Self::OnATrip { km } } else { Self::AtATable { km } })
            }
            Setting::Call if both.iter().all(|profile| profile.venue == Venue::Either) => Some(Self::FarByCall),
            Setting::Call => None,
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no two cities lie 2^32 km apart")]
fn whole(km: f64) -> u32 {
    km.round() as u32
}

/// One factor of a pair's weight, with the figure that it follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "factor", rename_all = "kebab-case")]
pub enum Factor {
    /// The strength of their tie, both directions in one: what all others change. In thousandths of a message.
    Tie {
        strength: i64,
    },
    /// Over how many weeks their talk is spread, in tenths.
    Steady {
        tenths_of_weeks: u32,
    },
    NeverMet,
    /// They met so long ago.
    Met {
        days: u32,
    },
    Near {
        distance: Distance,
    },
    /// Parts of the week that both have free.
    FreeTogether {
        parts: u32,
    },
    /// How often a suggestion of them came to nothing within a year.
    CameToNothing {
        times: u32,
    },
    /// The weeks that both have waited for a suggestion, together.
    Waiting {
        weeks: u32,
    },
    /// One of them would like to meet the other, or both.
    Wished {
        adds: i64,
    },
}

/// What a factor does to a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Times(Percent),
    Adds(i64),
}

impl Factor {
    /// Of two who have waited so many weeks.
    pub fn waiting(weeks: [u32; 2]) -> Self {
        Self::Waiting { weeks: weeks.into_iter().map(|weeks| weeks.min(MOST_WAITING)).sum() }
    }

    pub fn effect(self) -> Effect {
        match self {
            Self::Tie { strength } => Effect::Adds(strength),
            Self::Steady { tenths_of_weeks } => Effect::Times(along(STEADY, tenths_of_weeks)),
            Self::NeverMet => Effect::Times(100),
            Self::Met { days } => Effect::Times(along(MET, days)),
            Self::Near { distance: Distance::AtATable { km } } => Effect::Times(along(AT_A_TABLE, km)),
            Self::Near { distance: Distance::OnATrip { km } } => Effect::Times(along(AT_A_TABLE, km) * ON_A_TRIP / 100),
            Self::Near { distance: Distance::FarByCall } => Effect::Times(FAR_BY_CALL),
            Self::FreeTogether { parts } => Effect::Times(along(FREE_TOGETHER, parts)),
            Self::CameToNothing { times } => Effect::Times(along(CAME_TO_NOTHING, times)),
            Self::Waiting { weeks } => Effect::Adds(i64::from(weeks) * WAITING_WEEK),
            Self::Wished { adds } => Effect::Adds(adds),
        }
    }
}

/// The weight that these make: the talk, and then what is added. In thousandths of a message, at least one.
pub fn weight(factors: &[Factor]) -> i64 {
    let added = factors.iter().filter_map(|factor| match (factor, factor.effect()) {
        (Factor::Tie { .. }, _) | (_, Effect::Times(_)) => None,
        (_, Effect::Adds(amount)) => Some(amount),
    });
    added.fold(talk(factors), i64::saturating_add).max(1)
}

/// The tie times all shares, in thousandths of a message.
pub fn talk(factors: &[Factor]) -> i64 {
    let mut product = 0_i128;
    for factor in factors {
        match (factor, factor.effect()) {
            (Factor::Tie { strength }, _) => product = i128::from(*strength),
            (_, Effect::Times(percent)) => product = product * i128::from(percent) / 100,
            (_, Effect::Adds(_)) => {}
        }
    }
    i64::try_from(product).unwrap_or(i64::MAX)
}

/// The strength that a tie's factor says.
pub const fn tie(strength: Thousandths) -> Factor {
    Factor::Tie { strength: strength.0 }
}

/// The value at `at`: the first step's below it, the last one's above the last, and in between in a straight line.
fn along(steps: Steps, at: u32) -> i64 {
    let at = i64::from(at);
    let last = steps.last().map_or(100, |(_, value)| *value);
    let Some(next) = steps.iter().position(|(from, _)| at < *from) else { return last };
    let (to, to_value) = steps[next];
    let Some((from, from_value)) = next.checked_sub(1).map(|before| steps[before]) else { return to_value };
    from_value + (to_value - from_value) * (at - from) / (to - from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_table_is_read_in_straight_lines_and_ends_level() {
        let at = |tenths_of_weeks| Factor::Steady { tenths_of_weeks }.effect();
        assert_eq!([0, 10, 15, 20, 60, 900].map(at), [40, 40, 52, 65, 100, 100].map(Effect::Times));
        let at = |km| Factor::Near { distance: Distance::AtATable { km } }.effect();
        assert_eq!([0, 55, 100, 300, 20_000].map(at), [120, 110, 100, 65, 30].map(Effect::Times));
    }

    #[test]
    fn never_met_outweighs_every_meeting() {
        let shares = (0..4000).map(|days| Factor::Met { days }.effect());
        assert!(shares.clone().all(|effect| matches!(effect, Effect::Times(10..=80))));
        let shares: Vec<_> =
            shares.map(|effect| if let Effect::Times(percent) = effect { percent } else { 0 }).collect();
        assert!(shares.is_sorted(), "the longer ago, the more");
    }

    #[test]
    fn waiting_is_bounded() {
        assert_eq!(Factor::waiting([3, 4]).effect(), Effect::Adds(7 * WAITING_WEEK));
        assert_eq!(Factor::waiting([u32::MAX; 2]).effect(), Effect::Adds(52 * WAITING_WEEK));
    }

    proptest! {
        #[test]
        fn a_weight_is_above_zero_and_grows_with_the_tie(
            strength in 0_i64..i64::MAX / 2, days in 0_u32..4000, km in 0_u32..20_000, parts in 0_u32..29, times in 1_u32..9
        ) {
            let of = |strength| weight(&[
                Factor::Tie { strength },
                Factor::Met { days },
                Factor::Near { distance: Distance::AtATable { km } },
                Factor::FreeTogether { parts },
                Factor::CameToNothing { times },
            ]);
            prop_assert!(of(strength) >= 1);
            prop_assert!(of(strength) <= of(strength + 1000));
        }
    }
}
