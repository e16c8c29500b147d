//! Modals: rows with one text input each, or labels around one component each.

use super::Verdict;
use super::components::{all_below, check_select};
use super::node::{self, Node};

const ROWS: usize = 5;
const TEXT: u64 = 4_000;

const ROW: u64 = 1;
const TEXT_INPUT: u64 = 4;
const LABEL: u64 = 18;

pub(super) fn check(modal: &Node<'_>) -> Verdict {
    modal.require_text("custom_id", 1..=100)?;
    modal.require_text("title", 1..=45)?;
    modal.check_count("components", ROWS)?;
    let top = modal.list("components");
    if top.is_empty() {
        return modal.fault_at("components", "a modal asks for at least one thing");
    }
    for component in &top {
        match component.number("type") {
            Some(ROW) => check_row(component)?,
            Some(LABEL) => check_label(component)?,
            _ => {}
        }
    }
    let all = all_below(modal);
    for component in &all {
        component.check_text("custom_id", 1..=100)?;
        match component.number("type") {
            Some(TEXT_INPUT) => check_input(component)?,
            Some(3 | 5..=8) => check_select(component)?,
            _ => {}
        }
    }
    node::check_unique(&all, "custom_id")
}

fn check_row(row: &Node<'_>) -> Verdict {
    let inside = row.list("components");
    let [input] = inside.as_slice() else {
        return row.fault_at("components", "a row of a modal holds one text input");
    };
    if input.number("type") != Some(TEXT_INPUT) {
        return input.fault_at("type", "a row of a modal holds a text input; other components need a label around");
    }
    input.require_text("label", 1..=45)
}

fn check_label(label: &Node<'_>) -> Verdict {
    label.require_text("label", 1..=45)?;
    label.check_text("description", 1..=100)?;
    match label.get("component") {
        None => label.fault_at("component", "a label needs its component"),
        Some(input) => input.forbid("label", "inside a label the component has none of its own"),
    }
}

fn check_input(input: &Node<'_>) -> Verdict {
    input.require_text("custom_id", 1..=100)?;
    input.check_text("placeholder", 0..=100)?;
    let least = input.number("min_length").unwrap_or(0);
    let most = input.number("max_length").unwrap_or(TEXT);
    if !(1..=TEXT).contains(&most) {
        return input.fault_at("max_length", format!("between 1 and {TEXT}"));
    }
    if least > most {
        return input.fault_at("min_length", format!("{least} is more than max_length, which is {most}"));
    }
    let length = input.length("value") as u64;
    if length > most || (length > 0 && length < least) {
        return input.fault_at("value", format!("{length} characters, must be between {least} and {most}"));
    }
    Ok(())
}
