//! Reasons for meeting, in words. They read as figures, so that they fit whoever is told.

use std::collections::BTreeMap;

use super::{Locale, Texts, args};
use crate::domain::pairing::{Distance, Effect, Factor, Reason};
use crate::domain::round::{HeldBack, RoundReport};
use crate::domain::tie::Thousandths;

/// One reason, as part of a sentence.
pub fn reason(locale: Locale, reason: &Reason) -> String {
    match *reason {
        Reason::Replies { count, weeks } => {
            Texts::say(locale, "reason-replies", &args([("count", count.into()), ("weeks", weeks.into())]))
        }
        Reason::Talk { messages, weeks } => {
            Texts::say(locale, "reason-talk", &args([("count", messages.into()), ("weeks", weeks.into())]))
        }
        Reason::AnswerEachOther { percent } => {
            Texts::say(locale, "reason-answer-each-other", &args([("percent", percent.into())]))
        }
        Reason::Voice { minutes } => Texts::say(locale, "reason-voice", &args([("minutes", minutes.into())])),
        Reason::Threads { count } => Texts::say(locale, "reason-threads", &args([("count", count.into())])),
        Reason::SharedChannels { count } => {
            Texts::say(locale, "reason-shared-channels", &args([("count", count.into())]))
        }
        Reason::PairsWhoTalk { pairs, of } => {
            Texts::say(locale, "reason-pairs-who-talk", &args([("pairs", pairs.into()), ("of", of.into())]))
        }
        Reason::RepliesAmongAll { count } => {
            Texts::say(locale, "reason-replies-among", &args([("count", count.into())]))
        }
        Reason::TalkAmongAll { messages } => {
            Texts::say(locale, "reason-talk-among", &args([("count", messages.into())]))
        }
        Reason::ChannelsOfAll { count } => {
            Texts::say(locale, "reason-channels-of-all", &args([("count", count.into())]))
        }
    }
}

/// All of them in one line.
pub fn reasons(locale: Locale, all: &[Reason]) -> String {
    let words: Vec<String> = all.iter().map(|one| reason(locale, one)).collect();
    words.join("; ")
}

/// Why a round did not come to more, for admins: numbers only.
pub fn held_back(locale: Locale, report: &RoundReport) -> Vec<String> {
    // One number for whatever keeps two apart: by keeping out all others, an admin could find whom each is about.
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for (why, count) in &report.held_back {
        *held.entry(name_of(*why)).or_default() += count;
    }
    let line = |(name, count): (&str, usize)| {
        let values = args([("count", count.into())]);
        Texts::say(locale, name, &values)
    };
    held.into_iter().map(line).collect()
}

const fn name_of(why: HeldBack) -> &'static str {
    match why {
        HeldBack::Paused => "held-paused",
        HeldBack::Excluded => "held-excluded",
        HeldBack::Busy => "held-busy",
        HeldBack::RoleMissing => "held-role-missing",
        HeldBack::AskLimit => "held-ask-limit",
        HeldBack::AlreadyMet | HeldBack::AskedLately | HeldBack::OthersFirst | HeldBack::Avoided => "held-apart",
        HeldBack::NoCommonVenue => "held-no-common-venue",
        HeldBack::NotNamed => "held-not-named",
        HeldBack::OtherPartners => "held-other-partners",
        HeldBack::NextTime => "held-next-time",
    }
}

/// One factor of a weight: never for the eyes of those whom it is about.
fn factor(locale: Locale, factor: &Factor) -> String {
    match *factor {
        Factor::Tie { strength } => {
            let strength = format!("{:.1}", Thousandths(strength).messages());
            Texts::say(locale, "factor-tie", &args([("strength", strength.into())]))
        }
        Factor::Steady { tenths_of_weeks } => {
            let weeks = format!("{}.{}", tenths_of_weeks / 10, tenths_of_weeks % 10);
            Texts::say(locale, "factor-steady", &args([("weeks", weeks.into())]))
        }
        Factor::NeverMet => Texts::plain(locale, "factor-never-met"),
        Factor::Met { days } => Texts::say(locale, "factor-met", &args([("days", days.into())])),
        Factor::Near { distance: Distance::AtATable { km } } => {
            Texts::say(locale, "factor-near", &args([("km", km.into())]))
        }
        Factor::Near { distance: Distance::OnATrip { km } } => {
            Texts::say(locale, "factor-trip", &args([("km", km.into())]))
        }
        Factor::Near { distance: Distance::FarByCall } => Texts::plain(locale, "factor-far"),
        Factor::FreeTogether { parts } => Texts::say(locale, "factor-free", &args([("parts", parts.into())])),
        Factor::CameToNothing { times } => Texts::say(locale, "factor-in-vain", &args([("times", times.into())])),
        Factor::Waiting { weeks } => Texts::say(locale, "factor-waiting", &args([("weeks", weeks.into())])),
        Factor::Wished { .. } => Texts::plain(locale, "factor-wished"),
    }
}

/// All of them in one line, each with what it does to the weight.
pub fn factors(locale: Locale, all: &[Factor]) -> String {
    let words: Vec<String> = all.iter().map(|one| format!("{} ({})", factor(locale, one), effect(*one))).collect();
    words.join("; ")
}

/// The factors of their talk alone, for the admins. By the talk somebody could guess who the two are, and what they said of
/// themselves or of each other is theirs.
pub fn factors_of_talk(locale: Locale, all: &[Factor]) -> String {
    let of_talk = all.iter().filter(|factor| matches!(factor, Factor::Tie { .. } | Factor::Steady { .. }));
    factors(locale, &of_talk.copied().collect::<Vec<_>>())
}

fn effect(factor: Factor) -> String {
    match (factor, factor.effect()) {
        (Factor::Tie { .. }, Effect::Adds(amount)) => format!("{:.1}", Thousandths(amount).messages()),
        (_, Effect::Times(percent)) => format!("× {percent}%"),
        (_, Effect::Adds(amount)) => format!("+ {:.1}", Thousandths(amount).messages()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_read_as_words() {
        let all = [Reason::Replies { count: 1, weeks: 1 }, Reason::Talk { messages: 1234, weeks: 7 }];
        assert_eq!(
            reasons(Locale::English, &all),
            "1 reply to each other, within one week; about 1,234 messages for each other, in 7 weeks"
        );
        let company = [Reason::Voice { minutes: 90 }, Reason::Threads { count: 1 }];
        assert_eq!(
            reasons(Locale::English, &company),
            "90 minutes together in voice channels; both wrote in one thread"
        );
        let table = [
            Reason::PairsWhoTalk { pairs: 4, of: 6 },
            Reason::RepliesAmongAll { count: 1 },
            Reason::TalkAmongAll { messages: 30 },
            Reason::ChannelsOfAll { count: 2 },
        ];
        assert_eq!(
            reasons(Locale::English, &table),
            "4 of the 6 pairs in this group talk with each other; 1 reply to each other in this group; \
             about 30 messages for each other in this group; all write in 2 channels"
        );
    }

    #[test]
    fn factors_read_as_words_with_what_they_do() {
        let all = [
            Factor::Tie { strength: 4800 },
            Factor::Steady { tenths_of_weeks: 15 },
            Factor::NeverMet,
            Factor::Met { days: 100 },
            Factor::Near { distance: Distance::AtATable { km: 1200 } },
            Factor::Near { distance: Distance::OnATrip { km: 5 } },
            Factor::Near { distance: Distance::FarByCall },
            Factor::FreeTogether { parts: 1 },
            Factor::CameToNothing { times: 2 },
            Factor::waiting([1, 0]),
            Factor::Wished { adds: 20_000 },
        ];
        assert_eq!(
            factors(Locale::English, &all),
            "a tie of 4.8 messages (4.8); spread over 1.5 weeks (× 52%); never met (× 100%); met 100 days ago (× 11%); \
             1,200 km apart (× 30%); 5 km apart during a trip (× 150%); far apart, by call (× 70%); free together in one part of the week (× 60%); \
             suggested in vain 2 times (× 25%); one week of waiting (+ 1.0); wished for (+ 20.0)"
        );
        assert_eq!(
            factors_of_talk(Locale::English, &all),
            "a tie of 4.8 messages (4.8); spread over 1.5 weeks (× 52%)",
            "no word of a wish, a trip, a home or an hour"
        );
    }
}
