//! Reads a typed command against what the bot registered, as Discord's client does.

use serde_json::{Map, Value, json};

use crate::Id;
use crate::world::commands::Command;
use crate::world::{World, render};

/// Option types as Discord numbers them.
mod option {
    pub const SUBCOMMAND: u64 = 1;
    pub const GROUP: u64 = 2;
    pub const STRING: u64 = 3;
    pub const INTEGER: u64 = 4;
    pub const BOOLEAN: u64 = 5;
    pub const USER: u64 = 6;
    pub const CHANNEL: u64 = 7;
    pub const ROLE: u64 = 8;
    pub const MENTIONABLE: u64 = 9;
    pub const NUMBER: u64 = 10;
    pub const ATTACHMENT: u64 = 11;
}

/// The name after the slash.
pub(super) fn name(line: &str) -> Result<&str, String> {
    let first = line.split_whitespace().next().unwrap_or("");
    first.strip_prefix('/').ok_or_else(|| format!("a command begins with a slash: {line}"))
}

/// Words, where quotes hold blanks together: `place:"the old mill"`.
fn words(line: &str) -> Vec<String> {
    let (mut all, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    all.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        all.push(word);
    }
    all
}

/// The interaction's data for a typed command. With `focus`, that option is still being typed.
pub(super) fn parse(
    world: &World,
    guild: Option<Id>,
    command: &Command,
    line: &str,
    focus: Option<&str>,
) -> Result<Value, String> {
    let words = words(line);
    let mut reading = Reading { world, guild, focus, resolved: Map::new() };
    let options = reading.options(&command.json, &words[1..])?;
    let mut data = json!({ "id": command.id.to_string(), "name": command.name, "type": 1, "options": options });
    if !reading.resolved.is_empty() {
        data["resolved"] = Value::Object(reading.resolved);
    }
    if command.json["guild_id"].is_string() {
        data["guild_id"] = command.json["guild_id"].clone();
    }
    Ok(data)
}

/// Fills `values` and `resolved` of a select of users, roles or channels.
pub(super) fn resolve_into(
    world: &World,
    guild: Option<Id>,
    select: &Value,
    names: &[&str],
    data: &mut Value,
) -> Result<(), String> {
    const USER_SELECT: u64 = 5;
    const ROLE_SELECT: u64 = 6;
    const MENTIONABLE_SELECT: u64 = 7;
    let kind = match select["type"].as_u64() {
        Some(USER_SELECT) => option::USER,
        Some(ROLE_SELECT) => option::ROLE,
        Some(MENTIONABLE_SELECT) => option::MENTIONABLE,
        _ => option::CHANNEL,
    };
    let mut reading = Reading { world, guild, focus: None, resolved: Map::new() };
    let values = names.iter().map(|name| reading.mentioned(kind, name)).collect::<Result<Vec<_>, _>>()?;
    data["values"] = json!(values);
    data["resolved"] = Value::Object(reading.resolved);
    Ok(())
}

struct Reading<'a> {
    world: &'a World,
    guild: Option<Id>,
    focus: Option<&'a str>,
    resolved: Map<String, Value>,
}

fn type_of(spec: &Value) -> u64 {
    spec["type"].as_u64().unwrap_or(0)
}

impl Reading<'_> {
    fn options(&mut self, spec: &Value, words: &[String]) -> Result<Vec<Value>, String> {
        let none = Vec::new();
        let specs = spec["options"].as_array().unwrap_or(&none);
        let nested = |s: &&Value| matches!(type_of(s), option::SUBCOMMAND | option::GROUP);
        if specs.iter().any(|s| nested(&s)) {
            let names: Vec<&str> = specs.iter().filter_map(|s| s["name"].as_str()).collect();
            let word = words.first().ok_or_else(|| format!("one of {names:?} must follow"))?;
            let sub = specs.iter().find(|s| s["name"] == word.as_str());
            let sub = sub.ok_or_else(|| format!("\"{word}\" is none of {names:?}"))?;
            let inner = self.options(sub, &words[1..])?;
            return Ok(vec![json!({ "name": word, "type": sub["type"], "options": inner })]);
        }
        let mut given = Vec::new();
        for word in words {
            let (name, text) = word.split_once(':').ok_or_else(|| format!("\"{word}\" is not name:value"))?;
            let spec = specs.iter().find(|s| s["name"] == name);
            let spec = spec.ok_or_else(|| format!("there is no option \"{name}\""))?;
            given.push(self.option(spec, name, text)?);
        }
        self.is_whole(specs, &given)?;
        Ok(given)
    }

    fn is_whole(&self, specs: &[Value], given: &[Value]) -> Result<(), String> {
        let has = |name: &Value| given.iter().any(|g| &g["name"] == name);
        if let Some(focus) = self.focus {
            return if has(&json!(focus)) { Ok(()) } else { Err(format!("\"{focus}\" is not being typed")) };
        }
        let missing = specs.iter().find(|s| s["required"] == json!(true) && !has(&s["name"]));
        missing.map_or(Ok(()), |spec| Err(format!("the option {} is required", spec["name"])))
    }

    fn option(&mut self, spec: &Value, name: &str, text: &str) -> Result<Value, String> {
        let mut given = json!({ "name": name, "type": spec["type"] });
        if self.focus == Some(name) {
            if spec["autocomplete"] != json!(true) {
                return Err(format!("the option \"{name}\" does not complete"));
            }
            given["value"] = json!(text);
            given["focused"] = json!(true);
            return Ok(given);
        }
        given["value"] = self.value(spec, text).map_err(|why| format!("{name}: {why}"))?;
        Ok(given)
    }

    fn value(&mut self, spec: &Value, text: &str) -> Result<Value, String> {
        if let Some(choices) = spec["choices"].as_array().filter(|c| !c.is_empty()) {
            let fits = |c: &&Value| c["name"] == text || c["value"] == text;
            let found = choices.iter().find(fits).map(|c| c["value"].clone());
            let names: Vec<&Value> = choices.iter().map(|c| &c["name"]).collect();
            return found.ok_or_else(|| format!("\"{text}\" is none of {names:?}"));
        }
        match type_of(spec) {
            option::STRING => {
                let length = text.chars().count();
                within(length, &spec["min_length"], &spec["max_length"])?;
                Ok(json!(text))
            }
            option::INTEGER => {
                let number: i64 = text.parse().map_err(|_| format!("\"{text}\" is no whole number"))?;
                within(number, &spec["min_value"], &spec["max_value"])?;
                Ok(json!(number))
            }
            option::NUMBER => {
                let number: f64 = text.parse().map_err(|_| format!("\"{text}\" is no number"))?;
                within(number, &spec["min_value"], &spec["max_value"])?;
                Ok(json!(number))
            }
            option::BOOLEAN => match text.to_lowercase().as_str() {
                "true" | "yes" => Ok(json!(true)),
                "false" | "no" => Ok(json!(false)),
                _ => Err(format!("\"{text}\" is neither true nor false")),
            },
            option::ATTACHMENT => self.attached(text).map(|id| json!(id)),
            kind @ (option::USER | option::CHANNEL | option::ROLE | option::MENTIONABLE) => {
                self.mentioned(kind, text).map(|id| json!(id))
            }
            kind => Err(format!("options of type {kind} are not supported here")),
        }
    }

    /// The id of the file of that name which was handed over last.
    fn attached(&mut self, name: &str) -> Result<String, String> {
        let file = self.world.handed.values().rev().find(|file| file.name == name);
        let file = file.ok_or_else(|| format!("nobody has handed over a file \"{name}\""))?;
        let id = file.id.to_string();
        let url = format!("{}/ephemeral-attachments/1/{id}/{}", self.world.keeps_files_at, file.name);
        let attachment = json!({
            "id": id, "filename": file.name, "size": file.bytes.len(), "url": url, "proxy_url": url,
            "content_type": file.content_type, "ephemeral": true,
        });
        self.resolve("attachments", &id, attachment);
        Ok(id)
    }

    /// The id behind `@bo`, `#general` or `@adults`, remembered in `resolved`.
    fn mentioned(&mut self, kind: u64, text: &str) -> Result<String, String> {
        let bare = text.trim_start_matches(['@', '#']);
        let found = match kind {
            option::USER => self.user(bare),
            option::CHANNEL => self.channel(bare),
            option::ROLE => self.role(bare),
            _ => self.user(bare).or_else(|| self.role(bare)),
        };
        found.ok_or_else(|| format!("nobody and nothing is called \"{text}\""))
    }

    fn resolve(&mut self, table: &str, id: &str, value: Value) {
        self.resolved.entry(table).or_insert_with(|| json!({}))[id] = value;
    }

    /// By name, members first; else by id.
    fn user(&mut self, name: &str) -> Option<String> {
        let members = self.guild.and_then(|g| self.world.communities.get(&g)).map(|c| &c.members);
        let is_member = |id: &Id| members.is_some_and(|m| m.contains_key(id));
        let named = self.world.users.values().filter(|u| u.name == name || u.id.to_string() == name);
        let user = named.max_by_key(|u| is_member(&u.id))?;
        let id = user.id.to_string();
        self.resolve("users", &id, render::user(self.world, user.id));
        if let Some(member) = self.guild.and_then(|g| render::resolved_member(self.world, g, user.id)) {
            self.resolve("members", &id, member);
        }
        Some(id)
    }

    fn channel(&mut self, name: &str) -> Option<String> {
        let mut here = self.world.channels.values().filter(|c| c.guild == self.guild);
        let id = here.find(|c| c.name == name || c.id.to_string() == name)?.id;
        self.resolve("channels", &id.to_string(), render::partial_channel(self.world, id, crate::BOT_ID));
        Some(id.to_string())
    }

    fn role(&mut self, name: &str) -> Option<String> {
        let community = self.world.communities.get(&self.guild?)?;
        let role = community.roles.values().find(|r| r.name == name || r.id.to_string() == name)?;
        self.resolve("roles", &role.id.to_string(), render::role(role));
        Some(role.id.to_string())
    }
}

/// Holds a number against bounds that may be missing.
fn within<T: std::fmt::Display>(number: T, min: &Value, max: &Value) -> Result<(), String> {
    let value: f64 = number.to_string().parse().unwrap_or(0.0);
    let low = min.as_f64().is_some_and(|min| value < min);
    let high = max.as_f64().is_some_and(|max| value > max);
    if low || high { Err(format!("{number} is not within {min} and {max}")) } else { Ok(()) }
}
