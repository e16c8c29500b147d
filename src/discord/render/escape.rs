//! Other people's words, made harmless: they show as they were written, and neither format, link nor ping.

use crate::texts::one_line;

/// What Discord's markdown gives a meaning, at the beginning of a line or anywhere.
const MEANINGFUL: &str = r"\*_~`|>#+-=[]()<:@";

/// In messages: every character with a meaning gets a backslash, so that it only shows.
pub fn escape(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for letter in one_line(words).chars() {
        if MEANINGFUL.contains(letter) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

/// At most so many characters, with a mark where something is left out.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_neither_format_nor_ping_nor_link() {
        assert_eq!(escape("**Café** <@123> @everyone"), r"\*\*Café\*\* \<\@123\> \@everyone");
        assert_eq!(escape("[free](https://x.example)"), r"\[free\]\(https\://x.example\)");
        assert_eq!(escape("# big\n> quote\n```"), r"\# big \> quote \`\`\`");
        assert_eq!(escape("gpj.\u{202e}exe"), "gpj.exe");
    }

    proptest! {
        #[test]
        fn what_is_escaped_shows_as_it_was(words in "\\PC{0,60}") {
            let shown = one_line(&words);
            let escaped = escape(&words);
            let mut back = String::new();
            let mut letters = escaped.chars();
            while let Some(letter) = letters.next() {
                prop_assert!(letter == '\\' || !MEANINGFUL.contains(letter), "{escaped}");
                back.push(if letter == '\\' { letters.next().unwrap() } else { letter });
            }
            prop_assert_eq!(back, shown);
        }

        #[test]
        fn a_cut_text_is_short_enough(words in "\\PC{0,60}", most in 1_usize..40) {
            prop_assert!(cut(&words, most).chars().count() <= most);
        }
    }
}
