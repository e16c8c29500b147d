//! Rows of buttons and selects under a message.

use super::Verdict;
use super::message::Purpose;
use super::node::{self, Node};

const ROWS: usize = 5;
const BUTTONS_IN_A_ROW: usize = 5;
const OPTIONS: usize = 25;
/// All components of a message that consists of nothing else, nested ones included.
const COMPONENTS_V2: usize = 40;

const ROW: u64 = 1;
const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;
/// Users, roles, both, channels.
const OTHER_SELECTS: std::ops::RangeInclusive<u64> = 5..=8;

const LINK: u64 = 5;
const PREMIUM: u64 = 6;

pub(super) fn check(message: &Node<'_>, purpose: Purpose, components_only: bool) -> Verdict {
    let top = message.list("components");
    let all = all_below(message);
    let stray = top.iter().find(|component| component.number("type") != Some(ROW));
    match stray {
        None if !components_only => message.check_count("components", ROWS)?,
        // An edit need not repeat the flag that its message was made with.
        Some(stray) if !components_only && purpose == Purpose::New => {
            return stray.fault_at("type", "without the flag for components only, rows alone are taken here");
        }
        _ if all.len() > COMPONENTS_V2 => {
            let reason = format!("{} components, at most {COMPONENTS_V2} are taken", all.len());
            return message.fault_at("components", reason);
        }
        _ => {}
    }
    for component in &all {
        check_one(component)?;
    }
    node::check_unique(&all, "custom_id")
}

/// Every component below, rows and containers before what they hold.
pub(super) fn all_below<'a>(parent: &Node<'a>) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    let nested = [parent.get("component"), parent.get("accessory")].into_iter().flatten();
    for component in parent.list("components").into_iter().chain(nested) {
        let below = all_below(&component);
        found.push(component);
        found.extend(below);
    }
    found
}

fn check_one(component: &Node<'_>) -> Verdict {
    component.check_text("custom_id", 1..=100)?;
    match component.number("type") {
        Some(ROW) => check_row(component),
        Some(BUTTON) => check_button(component),
        Some(kind) if is_select(kind) => check_select(component),
        _ => Ok(()),
    }
}

fn is_select(kind: u64) -> bool {
    kind == STRING_SELECT || OTHER_SELECTS.contains(&kind)
}

fn check_row(row: &Node<'_>) -> Verdict {
    let inside = row.list("components");
    if inside.is_empty() {
        return row.fault_at("components", "a row holds at least one component");
    }
    row.check_count("components", BUTTONS_IN_A_ROW)?;
    if inside.len() > 1 && inside.iter().any(|component| component.number("type").is_some_and(is_select)) {
        return row.fault_at("components", "a select stands alone in its row");
    }
    Ok(())
}

fn check_button(button: &Node<'_>) -> Verdict {
    button.check_text("label", 0..=80)?;
    let style = button.number("style").unwrap_or_default();
    match style {
        LINK => {
            button.require("url", "a link button needs a url")?;
            button.check_text("url", 1..=512)?;
            button.forbid("custom_id", "a link button has no custom_id")?;
        }
        PREMIUM => {
            button.require("sku_id", "a premium button needs a sku_id")?;
            for field in ["custom_id", "label", "url", "emoji"] {
                button.forbid(field, "a premium button shows what it sells, nothing else")?;
            }
            return Ok(());
        }
        _ => {
            button.require("custom_id", "a button needs a custom_id")?;
            button.forbid("url", "only a link button has a url")?;
        }
    }
    button.forbid("sku_id", "only a premium button has a sku_id")?;
    if button.length("label") == 0 && button.get("emoji").is_none() {
        return button.fault_at("label", "a button needs a label or an emoji");
    }
    Ok(())
}

/// Selects, under messages and in modals.
pub(super) fn check_select(select: &Node<'_>) -> Verdict {
    select.require("custom_id", "a select needs a custom_id")?;
    select.check_text("placeholder", 0..=150)?;
    let (least, most) = (select.number("min_values").unwrap_or(1), select.number("max_values").unwrap_or(1));
    if least > 25 {
        return select.fault_at("min_values", "at most 25");
    }
    if !(1..=25).contains(&most) {
        return select.fault_at("max_values", "between 1 and 25");
    }
    if least > most {
        return select.fault_at("min_values", format!("{least} is more than max_values, which is {most}"));
    }
    if select.number("type") == Some(STRING_SELECT) { check_options(select, most) } else { Ok(()) }
}

fn check_options(select: &Node<'_>, most: u64) -> Verdict {
    select.check_count("options", OPTIONS)?;
    let options = select.list("options");
    if options.is_empty() || (options.len() as u64) < most {
        return select.fault_at("options", format!("{} options, must be between {most} and {OPTIONS}", options.len()));
    }
    for option in &options {
        option.require_text("label", 1..=100)?;
        option.require_text("value", 1..=100)?;
        option.check_text("description", 0..=100)?;
    }
    node::check_unique(&options, "value")
}
