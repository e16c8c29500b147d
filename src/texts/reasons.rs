//! Reasons for meeting, in words. They read as figures, so that they fit whoever is told.

use super::{Locale, Texts, args};
use crate::domain::pairing::Reason;

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
        Reason::SharedChannels { count } => {
            Texts::say(locale, "reason-shared-channels", &args([("count", count.into())]))
        }
    }
}

/// All of them in one line.
pub fn reasons(locale: Locale, all: &[Reason]) -> String {
    let words: Vec<String> = all.iter().map(|one| reason(locale, one)).collect();
    words.join("; ")
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
    }
}
