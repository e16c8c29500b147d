//! The document as looked up by the checks: which operation a call is, and the schemas it names.
//!
//! Bodies and answers that are described in place are moved among the named schemas
//! (`create_message.request`, `create_message.200`), so that one plain JSON pointer names any schema.

use serde_json::{Map, Value, json};
use std::io;

/// Where all named schemas live in the rearranged document.
const SCHEMAS: &str = "/components/schemas";

/// One method of one path.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Discord's `operationId`, for example `create_message`.
    pub id: String,
    method: String,
    segments: Vec<Segment>,
    /// Pointer to the schema of the request body, if the operation takes one.
    pub request: Option<String>,
    /// Whether the body may be left out.
    pub body_optional: bool,
    /// By status (`200`, `4XX`): pointer to the schema of the answer, `None` where it has no JSON body.
    answers: Vec<(String, Option<String>)>,
}

#[derive(Debug)]
enum Segment {
    Literal(String),
    Parameter,
}

/// What Discord answers with some status.
pub(crate) enum Answer<'a> {
    /// JSON under the schema at this pointer.
    Json(&'a str),
    /// No JSON.
    Empty,
    /// This status is not described.
    Never,
}

impl Operation {
    /// The answer described for a status: the exact one, else its class.
    pub fn answer(&self, status: u16) -> Answer<'_> {
        let exact = status.to_string();
        let class = format!("{}XX", status / 100);
        let described = |wanted: &str| self.answers.iter().find(|(described, _)| described == wanted);
        match described(&exact).or_else(|| described(&class)) {
            Some((_, Some(schema))) => Answer::Json(schema),
            Some((_, None)) => Answer::Empty,
            None => Answer::Never,
        }
    }

    fn matches(&self, method: &str, path: &[&str]) -> bool {
        self.method.eq_ignore_ascii_case(method)
            && self.segments.len() == path.len()
            && self.segments.iter().zip(path).all(|(segment, given)| match segment {
                Segment::Literal(literal) => literal == given,
                Segment::Parameter => !given.is_empty(),
            })
    }

    /// Orders candidates: a literal segment further left is the better match.
    fn literalness(&self) -> Vec<bool> {
        self.segments.iter().map(|segment| matches!(segment, Segment::Literal(_))).collect()
    }
}

/// Discord's description, rearranged for look-ups.
#[derive(Debug)]
pub(crate) struct Document {
    operations: Vec<Operation>,
    /// `{"components": {"schemas": {…}}}`.
    schemas: Value,
}

impl Document {
    pub fn parse(text: &[u8]) -> io::Result<Self> {
        let invalid = |reason: &str| io::Error::new(io::ErrorKind::InvalidData, reason);
        let mut document: Value = serde_json::from_slice(text)?;
        let responses = document["components"]["responses"].take();
        let Value::Object(mut schemas) = document["components"]["schemas"].take() else {
            return Err(invalid("it has no components.schemas"));
        };
        let Value::Object(paths) = document["paths"].take() else { return Err(invalid("it has no paths")) };
        let mut operations = Vec::new();
        for (path, methods) in paths {
            let Value::Object(methods) = methods else { continue };
            for (method, operation) in methods.into_iter().filter(|(method, _)| method != "parameters") {
                operations.push(read_operation(&path, method, operation, &responses, &mut schemas));
            }
        }
        Ok(Self { operations, schemas: json!({"components": {"schemas": schemas}}) })
    }

    pub fn schemas(&self) -> &Value {
        &self.schemas
    }

    /// The operation of a call, `path` with or without `/api/v10` and query.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        let segments = segments(path);
        let candidates = self.operations.iter().filter(|operation| operation.matches(method, &segments));
        candidates.max_by_key(|operation| operation.literalness())
    }

    /// The schema at a pointer, references followed, with the pointer it was found at.
    pub fn resolve(&self, pointer: &str) -> Option<(String, &Value)> {
        let mut pointer = pointer.to_owned();
        loop {
            let schema = self.schemas.pointer(&pointer)?;
            match schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#')) {
                Some(target) => target.clone_into(&mut pointer),
                None => return Some((pointer, schema)),
            }
        }
    }
}

/// A call's path without query and without `/api/v10`, cut at the slashes.
pub(crate) fn segments(path: &str) -> Vec<&str> {
    let path = path.split('?').next().unwrap_or_default().trim_start_matches('/');
    let mut segments: Vec<&str> = path.split('/').collect();
    if segments.first() == Some(&"api") {
        segments.remove(0);
        let is_version = |s: &&str| s.strip_prefix('v').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        if segments.first().is_some_and(is_version) {
            segments.remove(0);
        }
    }
    segments
}

fn read_operation(
    path: &str,
    method: String,
    mut operation: Value,
    responses: &Value,
    schemas: &mut Map<String, Value>,
) -> Operation {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let mut hoist = |name: String, schema: Value| {
        let pointer = format!("{SCHEMAS}/{name}");
        schemas.insert(name, schema);
        pointer
    };
    let body_optional = operation["requestBody"]["required"] != json!(true);
    let request = take_schema(&mut operation["requestBody"]).map(|schema| hoist(format!("{id}.request"), schema));
    let described = operation["responses"].as_object_mut().map(std::mem::take).unwrap_or_default();
    let answers = described.into_iter().map(|(status, mut response)| {
        if let Some(name) = response["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
            response = responses[name].clone();
        }
        let schema = take_schema(&mut response).map(|schema| hoist(format!("{id}.{status}"), schema));
        (status, schema)
    });
    let answers = answers.collect();
    let segments = segments(path).into_iter().map(|segment| match segment.strip_prefix('{') {
        Some(_) => Segment::Parameter,
        None => Segment::Literal(segment.to_owned()),
    });
    Operation { id, method, segments: segments.collect(), request, body_optional, answers }
}

/// The schema of a body: as JSON where it can be JSON, else as a form.
fn take_schema(body: &mut Value) -> Option<Value> {
    let content = body.get_mut("content")?.as_object_mut()?;
    let media = ["application/json", "multipart/form-data"].into_iter().find(|media| content.contains_key(*media))?;
    content.get_mut(media)?.get_mut("schema").map(Value::take)
}
