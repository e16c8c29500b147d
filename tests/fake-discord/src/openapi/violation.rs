//! What a check found wrong, and where.

use std::fmt;

/// A body that Discord would refuse, or an answer that Discord would not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The call, for example `POST /channels/1/messages` or `answer 200 to GET /users/@me`.
    pub call: String,
    /// Where in the body, in the form `$.components[0].label`; `$` is the body itself.
    pub json_path: String,
    /// What is wrong there, without a full stop.
    pub reason: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.call, self.json_path, self.reason)
    }
}

impl std::error::Error for Violation {}

/// A violation before it is known which call it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub path: JsonPath,
    pub reason: String,
}

impl Fault {
    pub fn new(path: JsonPath, reason: impl Into<String>) -> Self {
        Self { path, reason: reason.into() }
    }

    pub fn of(self, call: impl Into<String>) -> Violation {
        Violation { call: call.into(), json_path: self.path.0, reason: self.reason }
    }
}

/// A place in a JSON document, written `$.a[0].b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonPath(String);

impl JsonPath {
    pub fn root() -> Self {
        Self("$".to_owned())
    }

    pub fn field(&self, name: &str) -> Self {
        if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty() {
            Self(format!("{}.{name}", self.0))
        } else {
            Self(format!("{}[{name:?}]", self.0))
        }
    }

    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// How far below the root this is; a deeper fault tells more.
    pub fn depth(&self) -> usize {
        self.0.matches(['.', '[']).count()
    }
}
