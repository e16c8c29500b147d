//! Everything that Wallflower says, by name, from Fluent files built into the program.
//!
//! To say something new: add `some-name = …` to a file of `texts/en/` and call
//! `Texts::say(locale, "some-name", &args([("count", 3.into())]))`. Numbers are grouped by the locale and choose plural
//! forms; pass ids and years as text. Arguments are put in as they are: what people wrote is escaped by the caller.

mod reasons;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use reasons::{factors, factors_of_talk, held_back, reason, reasons};

/// A value put into a text: from a number or a string, by `into()`.
pub type Value<'a> = FluentValue<'a>;
/// The values of one text, by name; see [`args`].
pub type Args<'a> = FluentArgs<'a>;

/// A language in which Wallflower speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    #[default]
    English,
}

impl Locale {
    /// From Discord's text for a locale, such as `en-GB`; English where we do not speak it.
    pub fn from_discord(text: &str) -> Self {
        Self::from_language(text.split('-').next().unwrap_or_default())
    }

    fn from_language(_language: &str) -> Self {
        Self::English
    }

    /// The text in a database column and towards Discord.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }
}

/// Names the values of a text: `args([("name", name.into()), ("count", 3.into())])`.
pub fn args<'a, const N: usize>(values: [(&'static str, Value<'a>); N]) -> Args<'a> {
    values.into_iter().collect()
}

/// Where Discord shows plain text (names of events, places): one line, without what is invisible or turns the reading
/// direction of what follows.
pub fn one_line(words: &str) -> String {
    let visible = |letter: &char| {
        letter.is_whitespace()
            || !(letter.is_control()
                || matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                                    | '\u{2060}'..='\u{2069}' | '\u{feff}'))
    };
    let kept: String = words.chars().filter(visible).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All texts; see the module.
pub struct Texts;

impl Texts {
    /// The text in words. A name that does not exist comes out as itself, and a missing value as its own name in
    /// braces: ugly, but better than silence. Both are caught where debug assertions are on.
    pub fn say(locale: Locale, name: &str, args: &Args<'_>) -> String {
        let bundle = bundle(locale);
        let Some(pattern) = bundle.get_message(name).and_then(|message| message.value()) else {
            debug_assert!(false, "no text is named {name}");
            return name.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        debug_assert!(errors.is_empty(), "{name}: {errors:?}");
        text.into_owned()
    }

    /// A text without values.
    pub fn plain(locale: Locale, name: &str) -> String {
        Self::say(locale, name, &Args::new())
    }
}

const ENGLISH: &str = concat!(
    include_str!("texts/en/replay.ftl"),
    "\n",
    include_str!("texts/en/notices.ftl"),
    "\n",
    include_str!("texts/en/commands.ftl"),
    "\n",
    include_str!("texts/en/export.ftl"),
    "\n",
    include_str!("texts/en/registered.ftl"),
);

fn bundle(locale: Locale) -> &'static FluentBundle<FluentResource> {
    static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
        // What does not parse is left out and named by a test; the rest still speaks.
        let resource = FluentResource::try_new(ENGLISH.to_owned()).unwrap_or_else(|(parsed, _)| parsed);
        let mut bundle = FluentBundle::new_concurrent(vec!["en".parse::<LanguageIdentifier>().unwrap_or_default()]);
        // Discord and terminals show the marks around isolated arguments as boxes, or count them as characters.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(&number.as_string(), ',')),
            _ => None,
        }));
        bundle.add_resource_overriding(resource);
        bundle
    });
    match locale {
        Locale::English => &EN,
    }
}

/// `12345.5` as `12,345.5`.
fn grouped(number: &str, mark: char) -> String {
    let (whole, fraction) = number.find('.').map_or((number, ""), |point| number.split_at(point));
    let mut text = String::with_capacity(number.len() + number.len() / 3);
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.len() - place;
        if left % 3 == 0 && text.ends_with(|last: char| last.is_ascii_digit()) {
            text.push(mark);
        }
        text.push(digit);
    }
    text + fraction
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The names of the messages, each with the text up to the next name.
    fn messages() -> Vec<(String, String)> {
        let mut messages: Vec<(String, String)> = Vec::new();
        for line in ENGLISH.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(" =") {
                Some((name, text)) if line.starts_with(|first: char| first.is_ascii_lowercase()) => {
                    messages.push((name.to_owned(), text.to_owned()));
                }
                _ => messages.last_mut().into_iter().for_each(|(_, text)| text.push_str(line)),
            }
        }
        messages
    }

    /// The literal names in calls of `Texts::say` and `Texts::plain` below `folder`.
    fn said_in(folder: &Path, names: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                said_in(&path, names);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("texts.rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let calls = |name| source.split(name).skip(1);
                for call in calls("Texts::say(").chain(calls("Texts::plain(")) {
                    let literal = call.split(')').next().and_then(|arguments| arguments.split('"').nth(1));
                    names.extend(literal.map(str::to_owned));
                }
            }
        }
    }

    #[test]
    fn the_file_parses_and_names_nothing_twice() {
        assert!(
            FluentResource::try_new(ENGLISH.to_owned()).is_ok(),
            "{:?}",
            FluentResource::try_new(ENGLISH.to_owned()).err()
        );
        let names: Vec<String> = messages().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    #[test]
    fn each_text_can_be_said_in_the_singular_and_the_plural() {
        for (name, text) in messages() {
            for count in [0_u32, 1, 2, 12_345] {
                let values = text.split('$').skip(1).map(|rest| {
                    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
                    (rest[..end].to_owned(), Value::from(count))
                });
                let said = Texts::say(Locale::English, &name, &values.collect());
                assert!(!said.trim().is_empty() && !said.contains('{') && !said.contains('\u{2068}'), "{name}: {said}");
            }
        }
    }

    #[test]
    fn whatever_is_said_by_name_exists() {
        let mut said = BTreeSet::new();
        said_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut said);
        let known: BTreeSet<String> = messages().into_iter().map(|(name, _)| name).collect();
        assert!(!said.is_empty());
        assert_eq!(said.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped("11644", ','), "11,644");
        assert_eq!(grouped("-1234567.25", ','), "-1,234,567.25");
        assert_eq!(grouped("999", ','), "999");
    }

    #[test]
    fn a_locale_that_we_do_not_speak_is_answered_in_english() {
        assert_eq!(Locale::from_discord("pt-BR"), Locale::English);
    }
}
