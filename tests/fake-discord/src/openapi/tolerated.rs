//! What serenity 0.12.5 sends and Discord takes, and what Discord answers, against its own description.
//!
//! Such a body is rewritten into the form that the description knows before it is checked. The list
//! is meant to stay short: every entry names its reason.

use serde_json::Value;

/// What is done with a tolerated field.
#[derive(Clone, Copy)]
enum Rewrite {
    /// Left out, whatever its value.
    Drop,
    /// Left out where it says nothing: `null`, `false` or an empty list.
    DropNeutral,
    /// A whole number given as text becomes a number.
    TextToNumber,
    /// A number becomes text.
    NumberToText,
    /// A word stands where the description has a number.
    WordForNumber,
}

struct Tolerated {
    /// Part of the `operationId`s that it applies to; empty for all.
    operation: &'static str,
    /// The nearest named field around it; empty at the top, also in a list at the top.
    within: &'static str,
    field: &'static str,
    rewrite: Rewrite,
}

const TOLERATED: &[Tolerated] = &[
    // Documented for commands, left out of the description.
    tolerated("application_command", "", "nsfw", Rewrite::Drop),
    // Bit sets are documented as text, since they outgrow a double's 53 bits; described as integers.
    tolerated("application_command", "", "default_member_permissions", Rewrite::TextToNumber),
    tolerated("", "permission_overwrites", "allow", Rewrite::TextToNumber),
    tolerated("", "permission_overwrites", "deny", Rewrite::TextToNumber),
    // serenity has one struct for options of all types and writes each field of it.
    tolerated("application_command", "options", "autocomplete", Rewrite::DropNeutral),
    tolerated("application_command", "options", "channel_types", Rewrite::DropNeutral),
    tolerated("application_command", "options", "choices", Rewrite::DropNeutral),
    tolerated("application_command", "options", "options", Rewrite::DropNeutral),
    tolerated("application_command", "options", "min_value", Rewrite::DropNeutral),
    tolerated("application_command", "options", "max_value", Rewrite::DropNeutral),
    tolerated("application_command", "options", "min_length", Rewrite::DropNeutral),
    tolerated("application_command", "options", "max_length", Rewrite::DropNeutral),
    // Discord reads an id from a number as well; serenity writes these two so.
    tolerated("", "attachments", "id", Rewrite::NumberToText),
    tolerated("", "default_values", "id", Rewrite::NumberToText),
    // serenity's forum post carries a whole message builder, whose flags stand even when unset.
    tolerated("create_thread", "message", "tts", Rewrite::DropNeutral),
    tolerated("create_thread", "message", "enforce_nonce", Rewrite::DropNeutral),
    // The places inside an invalid form carry words (`BASE_TYPE_REQUIRED`), described as integers.
    tolerated(ERRORS, "_errors", "code", Rewrite::WordForNumber),
];

/// Stands for the operation where an error answer is checked.
pub(crate) const ERRORS: &str = "(errors)";

const fn tolerated(operation: &'static str, within: &'static str, field: &'static str, rewrite: Rewrite) -> Tolerated {
    Tolerated { operation, within, field, rewrite }
}

/// The body as the description would have it.
pub(crate) fn normalised(operation: &str, body: &Value) -> Value {
    let entries: Vec<&Tolerated> = TOLERATED.iter().filter(|entry| operation.contains(entry.operation)).collect();
    let mut body = body.clone();
    rewrite(&entries, "", &mut body);
    body
}

fn rewrite(entries: &[&Tolerated], within: &str, value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(entries, within, item)),
        Value::Object(fields) => {
            for entry in entries.iter().filter(|entry| entry.within == within) {
                let Some(field) = fields.get_mut(entry.field) else { continue };
                if !entry.rewrite.apply(field) {
                    fields.remove(entry.field);
                }
            }
            fields.iter_mut().for_each(|(name, field)| rewrite(entries, name, field));
        }
        _ => {}
    }
}

impl Rewrite {
    /// Rewrites a field in place; false where it is to be left out.
    fn apply(self, field: &mut Value) -> bool {
        match self {
            Self::Drop => return false,
            Self::DropNeutral => {
                return match field {
                    Value::Null | Value::Bool(false) => false,
                    Value::Array(items) => !items.is_empty(),
                    _ => true,
                };
            }
            Self::TextToNumber => {
                if let Some(number) = field.as_str().and_then(|text| text.parse::<u64>().ok()) {
                    *field = number.into();
                }
            }
            Self::WordForNumber => {
                if field.is_string() {
                    *field = 0.into();
                }
            }
            Self::NumberToText => {
                if let Some(number) = field.as_u64() {
                    *field = number.to_string().into();
                }
            }
        }
        true
    }
}
