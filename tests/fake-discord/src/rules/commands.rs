//! Commands as they are registered, and the choices offered while somebody types.

use super::Verdict;
use super::node::{self, Node, characters};

/// By type: slash commands, on a user, on a message.
const MOST_OF_TYPE: [(u64, usize); 3] = [(CHAT_INPUT, 100), (2, 15), (3, 15)];
const OPTIONS: usize = 25;
/// Names, descriptions and values of a command and all below it.
const TOGETHER: usize = 8_000;

const CHAT_INPUT: u64 = 1;
const SUBCOMMAND: u64 = 1;
const SUBCOMMAND_GROUP: u64 = 2;

/// A bulk overwrite.
pub(super) fn all(commands: &Node<'_>) -> Verdict {
    let commands = commands.items();
    for (kind, most) in MOST_OF_TYPE {
        let of_kind: Vec<Node<'_>> = commands.iter().filter(|command| type_of(command) == kind).cloned().collect();
        if let Some(first_too_many) = of_kind.get(most) {
            return first_too_many
                .fault(format!("{} commands of type {kind}, at most {most} are taken", of_kind.len()));
        }
        node::check_unique(&of_kind, "name")?;
    }
    commands.iter().try_for_each(one)
}

pub(super) fn one(command: &Node<'_>) -> Verdict {
    if type_of(command) == CHAT_INPUT {
        check_name(command)?;
        command.require_text("description", 1..=100)?;
        check_options(command, 0)?;
    } else {
        command.require_text("name", 1..=32)?;
        if command.length("description") > 0 {
            return command.fault_at("description", "only slash commands have a description");
        }
        if !command.list("options").is_empty() {
            return command.fault_at("options", "only slash commands have options");
        }
    }
    let together = length(command);
    if together > TOGETHER {
        return command.fault(format!("{together} characters together, at most {TOGETHER} are taken"));
    }
    Ok(())
}

fn type_of(command: &Node<'_>) -> u64 {
    command.number("type").unwrap_or(CHAT_INPUT)
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case where the script has cases.
fn check_name(named: &Node<'_>) -> Verdict {
    named.require_text("name", 1..=32)?;
    let name = named.text("name").unwrap_or_default();
    if let Some(bad) = name.chars().find(|c| !c.is_alphanumeric() && !['-', '_', '\''].contains(c)) {
        return named.fault_at("name", format!("{name:?} may not hold {bad:?}"));
    }
    if name.to_lowercase() != name {
        return named.fault_at("name", format!("{name:?} is not in lower case"));
    }
    Ok(())
}

/// `depth` counts the subcommands and groups around.
fn check_options(parent: &Node<'_>, depth: usize) -> Verdict {
    parent.check_count("options", OPTIONS)?;
    let options = parent.list("options");
    node::check_unique(&options, "name")?;
    let (mut any_optional, mut any_plain, mut any_sub) = (false, false, false);
    for option in &options {
        check_name(option)?;
        option.require_text("description", 1..=100)?;
        let kind = option.number("type").unwrap_or_default();
        if kind == SUBCOMMAND || kind == SUBCOMMAND_GROUP {
            any_sub = true;
            check_nesting(option, kind, depth)?;
        } else {
            any_plain = true;
            if option.is_true("required") && any_optional {
                return option.fault_at("required", "required options stand before optional ones");
            }
            any_optional |= !option.is_true("required");
            check_choices_of_option(option)?;
        }
        if any_plain && any_sub {
            return option.fault_at("type", "subcommands and plain options do not mix");
        }
    }
    Ok(())
}

fn check_nesting(option: &Node<'_>, kind: u64, depth: usize) -> Verdict {
    let nested = option.list("options");
    if kind == SUBCOMMAND_GROUP && depth > 0 {
        return option.fault_at("type", "a group stands directly in its command");
    }
    if kind == SUBCOMMAND_GROUP && nested.is_empty() {
        return option.fault_at("options", "a group holds at least one subcommand");
    }
    for inner in &nested {
        let is_subcommand = inner.number("type") == Some(SUBCOMMAND);
        if is_subcommand != (kind == SUBCOMMAND_GROUP) {
            return inner.fault_at("type", "groups hold subcommands, subcommands hold plain options");
        }
    }
    check_options(option, depth + 1)
}

fn check_choices_of_option(option: &Node<'_>) -> Verdict {
    if option.is_true("autocomplete") && !option.list("choices").is_empty() {
        return option.fault_at("choices", "an option with autocomplete has no fixed choices");
    }
    choices(option, "choices")?;
    node::check_unique(&option.list("choices"), "name")
}

/// At most 25 choices, registered or offered while somebody types.
pub(super) fn choices(parent: &Node<'_>, field: &str) -> Verdict {
    parent.check_count(field, OPTIONS)?;
    for choice in parent.list(field) {
        choice.require_text("name", 1..=100)?;
        choice.check_text("value", 0..=100)?;
    }
    Ok(())
}

/// What counts towards the limit of a command; of translations only the longest.
fn length(named: &Node<'_>) -> usize {
    let longest = |field: &str| {
        let translations = named.get(&format!("{field}_localizations"));
        let translated = translations.map_or(0, |texts| texts.longest_text());
        named.length(field).max(translated)
    };
    let below = ["options", "choices"].into_iter().flat_map(|list| named.list(list));
    let values = named.text("value").map_or(0, characters);
    longest("name") + longest("description") + values + below.map(|node| length(&node)).sum::<usize>()
}
