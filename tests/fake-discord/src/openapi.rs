//! Checks bodies and answers against Discord's own description of its HTTP API (`openapi.json`, version 10).
//!
//! What is checked where:
//!
//! | what | where |
//! |---|---|
//! | the route exists, literal segments before parameters | [`Validator`], both checks |
//! | types, required fields, enums, lengths, formats | the description, by the crate `jsonschema` |
//! | fields that nobody declared, in requests | [`Validator::check_request`], by its own walk |
//! | what serenity or Discord itself writes differently | `openapi/tolerated.rs`, a list with reasons |
//! | limits and combinations that the description leaves out | [`crate::rules`], by hand |
//!
//! The file is read at run time from `DISCORD_OPENAPI`, else from `../shared/discord/openapi.json` beside the
//! workspace, and is no part of the project. Each schema is compiled when it is first needed.

mod document;
mod tolerated;
mod unions;
mod unknown;
mod violation;

pub(crate) use document::segments;
pub use violation::Violation;
pub(crate) use violation::{Fault, JsonPath};

use document::{Answer, Document, Operation};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Registry, ValidationError};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use unions::{Branches, branches_for};

/// The name under which the schemas refer to each other; nothing is fetched from it.
const BASE: &str = "https://discord.invalid/openapi";
const DEFAULT_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/discord/openapi.json");
/// A snowflake is a u64 in decimal.
const SNOWFLAKE_DIGITS: usize = 20;

/// Knows what Discord takes and gives. Cheap to share; compiles each schema once.
pub struct Validator {
    document: Document,
    registry: Registry<'static>,
    compiled: Mutex<HashMap<String, Arc<jsonschema::Validator>>>,
}

impl Validator {
    /// The validator of this process, `None` where the description is absent (which is said once on stderr).
    ///
    /// # Panics
    /// Where the file is absent while `FAKE_DISCORD_REQUIRE_OPENAPI=1`, and where it cannot be understood.
    pub fn from_env() -> Option<Arc<Self>> {
        static SHARED: OnceLock<Option<Arc<Validator>>> = OnceLock::new();
        SHARED.get_or_init(Self::load).clone()
    }

    fn load() -> Option<Arc<Self>> {
        let file = std::env::var_os("DISCORD_OPENAPI").map_or_else(|| PathBuf::from(DEFAULT_FILE), PathBuf::from);
        if !file.is_file() {
            let required = std::env::var("FAKE_DISCORD_REQUIRE_OPENAPI").is_ok_and(|value| value == "1");
            assert!(
                !required,
                "fake-discord: openapi.json not found at {} though FAKE_DISCORD_REQUIRE_OPENAPI=1: \
                 set DISCORD_OPENAPI to a copy from github.com/discord/discord-api-spec",
                file.display()
            );
            // Not `eprintln`, which a test harness keeps to itself while tests pass; a closed stderr is no matter.
            let file = file.display();
            let _ = writeln!(
                io::stderr(),
                "fake-discord: openapi.json not found at {file}, requests are not checked against it"
            );
            return None;
        }
        match Self::from_file(&file) {
            Ok(validator) => Some(Arc::new(validator)),
            Err(error) => panic!("fake-discord: {} is not Discord's description: {error}", file.display()),
        }
    }

    /// Reads the description from a file.
    pub fn from_file(file: &Path) -> io::Result<Self> {
        let document = Document::parse(&std::fs::read(file)?)?;
        let resource = Draft::Draft202012.create_resource(document.schemas().clone());
        let registry = Registry::new()
            .add(BASE, resource)
            .and_then(jsonschema::RegistryBuilder::prepare)
            .map_err(io::Error::other)?;
        Ok(Self { document, registry, compiled: Mutex::default() })
    }

    /// Checks a request body: `path` as requested, `body` the JSON (of a form its `payload_json`), null where
    /// there is none.
    pub fn check_request(&self, method: &str, path: &str, body: &Value) -> Result<(), Violation> {
        let call = format!("{method} {path}");
        let operation = self.operation(method, path, &call)?;
        let Some(schema) = &operation.request else {
            return match body {
                Value::Null => Ok(()),
                _ => Err(Fault::new(JsonPath::root(), "this call takes no body").of(call)),
            };
        };
        if body.is_null() && operation.body_optional {
            return Ok(());
        }
        let body = tolerated::normalised(&operation.id, body);
        let fault = self
            .fault(schema, &body, &JsonPath::root())
            .or_else(|| self.unknown_field(schema, &body, &JsonPath::root()));
        fault.map_or(Ok(()), |fault| Err(fault.of(call)))
    }

    /// Checks an answer: its status must be described for the call, exactly or by its class, and what is
    /// declared of its body must be right. Undeclared fields pass, since Discord adds some.
    pub fn check_answer(&self, method: &str, path: &str, status: u16, body: &Value) -> Result<(), Violation> {
        let call = format!("answer {status} to {method} {path}");
        let operation = self.operation(method, path, &call)?;
        let fault = match operation.answer(status) {
            Answer::Never => Some(Fault::new(JsonPath::root(), "Discord does not answer with this status here")),
            Answer::Empty if body.is_null() => None,
            Answer::Empty => Some(Fault::new(JsonPath::root(), "this answer has no body")),
            Answer::Json(schema) if status >= 400 => {
                self.fault(schema, &tolerated::normalised(tolerated::ERRORS, body), &JsonPath::root())
            }
            Answer::Json(schema) => self.fault(schema, body, &JsonPath::root()),
        };
        fault.map_or(Ok(()), |fault| Err(fault.of(call)))
    }

    fn operation(&self, method: &str, path: &str, call: &str) -> Result<&Operation, Violation> {
        let unknown = || Fault::new(JsonPath::root(), "Discord has no such route").of(call);
        self.document.operation(method, path).ok_or_else(unknown)
    }

    /// What makes a value invalid under the schema at `pointer`, in unions told of the branch it was meant for.
    fn fault(&self, pointer: &str, value: &Value, path: &JsonPath) -> Option<Fault> {
        let validator = self.compiled(pointer);
        let error = validator.iter_errors(value).next()?;
        let (path, inner) = descend(value, error.instance_path().as_str(), path);
        let in_union =
            matches!(error.kind(), ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::AnyOf { .. });
        let union = error.absolute_keyword_location().and_then(|location| location.as_str().split_once('#'));
        let (true, Some((_, union))) = (in_union, union) else { return Some(Fault::new(path, reason(&error))) };
        match branches_for(&self.document, union, inner, &path) {
            Branches::Nowhere(fault) => Some(fault),
            Branches::Candidates(branches) => {
                let faults = branches.iter().filter_map(|branch| self.fault(branch, inner, &path));
                Some(faults.max_by_key(|fault| fault.path.depth()).unwrap_or_else(|| Fault::new(path, reason(&error))))
            }
        }
    }

    /// The compiled schema at a pointer into the document.
    ///
    /// # Panics
    /// Where the description contradicts JSON Schema: then no check means anything.
    fn compiled(&self, pointer: &str) -> Arc<jsonschema::Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let compile = || {
            let schema = json!({"$ref": format!("{BASE}#{pointer}")});
            let options = jsonschema::options()
                .with_draft(Draft::Draft202012)
                .with_registry(&self.registry)
                .should_validate_formats(true)
                .with_format("snowflake", is_snowflake);
            match options.build(&schema) {
                Ok(validator) => Arc::new(validator),
                Err(error) => panic!("fake-discord: openapi.json is unusable at {pointer}: {error}"),
            }
        };
        Arc::clone(compiled.entry(pointer.to_owned()).or_insert_with(compile))
    }
}

/// Follows a JSON pointer into a value, writing down the way.
fn descend<'a>(value: &'a Value, pointer: &str, path: &JsonPath) -> (JsonPath, &'a Value) {
    let (mut path, mut value) = (path.clone(), value);
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if let Value::Array(items) = value {
            let index = token.parse().unwrap_or_default();
            path = path.index(index);
            value = items.get(index).unwrap_or(&Value::Null);
        } else {
            path = path.field(&token);
            value = value.get(&token).unwrap_or(&Value::Null);
        }
    }
    (path, value)
}

/// The error in words; a large value is not repeated.
fn reason(error: &ValidationError<'_>) -> String {
    match error.instance().as_ref() {
        Value::Array(_) | Value::Object(_) => error.masked().to_string(),
        Value::String(text) if text.len() > 60 => error.masked().to_string(),
        _ => error.to_string(),
    }
}

fn is_snowflake(text: &str) -> bool {
    (1..=SNOWFLAKE_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
