//! The words of commands. Names are what people type and stand in the code; descriptions and choices are words, and
//! come from Fluent: `command-meet-profile`, `option-meet-profile-city`, `choice-meet-profile-venue-in-person`.

use crate::discord::bot::Command;

/// Puts its words to a command and all that hangs on it; `say` gives the text of a name.
pub fn describe(command: &mut Command, say: &mut impl FnMut(&str) -> String) {
    describe_below(command, "", say);
}

fn describe_below(command: &mut Command, parent: &str, say: &mut impl FnMut(&str) -> String) {
    // A command of somebody's menu shows nothing but its name.
    if command.slash_action.is_none() {
        return;
    }
    let path = format!("{parent}{}", command.name);
    command.description = Some(say(&format!("command-{path}")).into());
    for parameter in &mut command.parameters {
        let option = format!("{path}-{}", parameter.name.replace('_', "-"));
        parameter.description = Some(say(&format!("option-{option}")).into());
        for choice in parameter.choices.to_mut() {
            choice.name = say(&format!("choice-{option}-{}", kebab(&choice.name))).into();
        }
    }
    for subcommand in &mut command.subcommands {
        describe_below(subcommand, &format!("{path}-"), say);
    }
}

/// `InPerson` as `in-person`.
fn kebab(variant: &str) -> String {
    let mut text = String::with_capacity(variant.len() + 4);
    for letter in variant.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::super::{all, named};
    use super::*;

    const TEXTS: &str = include_str!("../../texts/en/registered.ftl");
    /// Discord's limits, in characters: of a description or a choice, and of all texts of one command.
    const MOST_CHARACTERS: usize = 100;
    const MOST_CHARACTERS_TOGETHER: usize = 8000;

    fn written() -> BTreeSet<String> {
        let named = TEXTS.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
        named.filter_map(|line| line.split_once(" =")).map(|(name, _)| name.to_owned()).collect()
    }

    fn wanted() -> BTreeSet<String> {
        let mut wanted = BTreeSet::new();
        for mut command in named() {
            describe(&mut command, &mut |name| {
                wanted.insert(name.to_owned());
                String::new()
            });
        }
        wanted
    }

    /// Each description and each name of a choice, with the names that lead there.
    fn words(node: &Value, path: &str, found: &mut Vec<(String, String)>) {
        let path = format!("{path} {}", node["name"].as_str().unwrap_or_default());
        // What has a value is a choice; what has none has a description, but for the menu of a person.
        let word = if node.get("value").is_some() { node.get("name") } else { node.get("description") };
        if node["type"] != 2 || node.get("options").is_some_and(|options| options[0].is_object()) {
            found.push((path.clone(), word.and_then(Value::as_str).unwrap_or_default().to_owned()));
        }
        for list in ["options", "choices"] {
            for below in node[list].as_array().into_iter().flatten() {
                words(below, &path, found);
            }
        }
    }

    fn registered() -> Vec<Value> {
        let commands = poise::builtins::create_application_commands(&all());
        commands.iter().map(|command| serde_json::to_value(command).unwrap()).collect()
    }

    #[test]
    fn every_command_option_and_choice_has_a_text_and_no_text_is_left_over() {
        assert!(wanted().len() > 40, "{:?}", wanted());
        assert_eq!(wanted().difference(&written()).collect::<Vec<_>>(), Vec::<&String>::new(), "have no text");
        assert_eq!(written().difference(&wanted()).collect::<Vec<_>>(), Vec::<&String>::new(), "are nobody's");
    }

    #[test]
    fn what_is_registered_fits() {
        let mut found = Vec::new();
        for command in registered() {
            let before = found.len();
            words(&command, "", &mut found);
            let together: usize = found[before..].iter().map(|(path, word)| path.len() + word.chars().count()).sum();
            assert!(together < MOST_CHARACTERS_TOGETHER, "{}: {together}", command["name"]);
        }
        assert!(found.len() > 40, "{found:?}");
        for (path, word) in &found {
            assert!((1..=MOST_CHARACTERS).contains(&word.chars().count()), "{path}: {word:?}");
            assert!(!word.contains('\n') && word.trim() == word, "{path}: {word:?}");
        }
    }

    #[test]
    fn no_words_stand_in_the_code() {
        fn silent(command: &Command) -> bool {
            let options = || command.parameters.iter().all(|parameter| parameter.description.is_none());
            let own = command.slash_action.is_none() || command.description.is_none();
            own && options() && command.subcommands.iter().all(silent)
        }
        let spoken: Vec<_> = named().into_iter().filter(|command| !silent(command)).map(|one| one.name).collect();
        assert!(spoken.is_empty(), "a description stands in the code of {spoken:?}");
    }

    #[test]
    fn a_variant_is_named_in_kebab_case() {
        assert_eq!(
            ["InPerson", "Either", "EveningsAndWeekends"].map(kebab),
            ["in-person", "either", "evenings-and-weekends"]
        );
    }
}
