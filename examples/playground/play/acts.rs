//! Every act of a person: from the page's JSON to the local Discord, under its rules. What it refuses comes back as a
//! sentence for the page.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use fake_discord::world::{Draft, Reference, messages, permissions};
use fake_discord::{Answer, Id, Modal, Person};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use std::sync::Arc;

use super::stage::{Stage, unpoisoned};
use super::temper::channel as channel_of;
use super::time::Goal;

/// Forms that stand open before people who may come back to them.
const MOST_FORMS: usize = 50;

const NOBODY: &str = "There is nobody of that id here. Choose a person at the top.";

/// Snowflakes travel as text, since the page's numbers do not hold them.
#[derive(Debug, Clone, Copy)]
pub struct Snowflake(Id);

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| serde::de::Error::custom(format!("\"{text}\" is no id")))
    }
}

#[derive(Debug, Deserialize)]
pub struct Request {
    #[serde(rename = "as")]
    person: Snowflake,
    #[serde(flatten)]
    act: Act,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Act {
    Say { channel: Snowflake, text: String, reply: Option<Snowflake> },
    Delete { message: Snowflake },
    React { message: Snowflake, emoji: String, take_back: bool },
    Click { message: Snowflake, button: String },
    Select { message: Snowflake, select: String, choices: Vec<String> },
    Submit { form: Snowflake, texts: BTreeMap<String, String> },
    Run { channel: Snowflake, line: String },
    Complete { line: String, option: String },
    Use { channel: Snowflake, menu: String, target: Snowflake },
    Vote { message: Snowflake, answers: Vec<String> },
    Interested { event: Snowflake },
}

/// What is said of an act in the page: `{"error": …}` with what was wrong, or what came of it.
pub async fn act(State(stage): State<Arc<Stage>>, Json(request): Json<Request>) -> Json<Value> {
    let Some(person) = stage.town.person(request.person.0).cloned() else {
        return Json(json!({ "error": NOBODY }));
    };
    // Nobody's click grows old while the bot is answering it.
    let _hold = stage.time.hold().await;
    match perform(&stage, &person, request.act).await {
        Ok(done) => Json(done),
        Err(reason) => Json(json!({ "error": reason })),
    }
}

#[derive(Debug, Deserialize)]
pub struct Hands {
    #[serde(rename = "as")]
    person: Snowflake,
}

/// Lays a file ready for an option of a command that takes one. The command names it.
pub async fn hand_over(
    State(stage): State<Arc<Stage>>,
    Path(name): Path<String>,
    Query(hands): Query<Hands>,
    file: Bytes,
) -> Json<Value> {
    match stage.town.person(hands.person.0) {
        Some(person) => {
            person.hands_over(&name, &file);
            Json(json!({}))
        }
        None => Json(json!({ "error": NOBODY })),
    }
}

async fn perform(stage: &Stage, person: &Person, act: Act) -> Result<Value, String> {
    let channel = |id: Snowflake| channel_of(stage, id.0);
    match act {
        Act::Click { message, button } => {
            let found = stage.discord.message(message.0).ok_or("That message is gone.")?;
            answered(stage, person.try_clicks(&found, &button).await)
        }
        Act::Select { message, select, choices } => {
            let found = stage.discord.message(message.0).ok_or("That message is gone.")?;
            let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
            answered(stage, person.try_selects(&found, &select, &choices).await)
        }
        Act::Submit { form, texts } => {
            let form = unpoisoned(&stage.forms).get(&form.0).cloned().ok_or("That form is closed. Open it again.")?;
            let texts: Vec<(&str, &str)> = texts.iter().map(|(label, text)| (label.as_str(), text.as_str())).collect();
            answered(stage, person.try_submits(&form, &texts).await)
        }
        Act::Run { channel: place, line } => answered(stage, person.try_runs_in(&channel(place), &line).await),
        Act::Use { channel: place, menu, target } => {
            answered(stage, person.try_uses_in(&channel(place), &menu, target.0).await)
        }
        Act::Complete { line, option } => {
            let choices = person.try_completes(&line, &option).await?;
            Ok(choices.into_iter().map(|choice| json!({ "name": choice.name, "value": choice.value })).collect())
        }
        other => change(stage, person, other),
    }
}

/// What needs no answer of the bot.
fn change(stage: &Stage, person: &Person, act: Act) -> Result<Value, String> {
    let me = person.id;
    let outcome = stage.discord.change_world(|world| match act {
        Act::Say { channel, text, reply } => {
            let mut draft = Draft::new(channel.0, me, text.trim());
            if text.chars().count() > 2000 {
                return Err("A message holds 2,000 characters at most.".to_owned());
            }
            if let Some(reply) = reply {
                draft.kind = messages::REPLY;
                draft.reference = Some(Reference { channel: channel.0, message: reply.0 });
            }
            world.post(draft).map(drop).map_err(|refused| refused.message)
        }
        Act::Delete { message } => {
            let found = world.messages.get(&message.0).ok_or("That message is gone.")?;
            if found.author != me && !world.may(me, found.channel, permissions::MANAGE_MESSAGES) {
                return Err("Only moderators delete what others wrote.".to_owned());
            }
            world.delete_message(message.0).map_err(|refused| refused.message)
        }
        Act::React { message, emoji, take_back: false } => {
            world.react(me, message.0, &emoji).map_err(|refused| refused.message)
        }
        Act::React { message, emoji, take_back: true } => {
            world.unreact(me, message.0, &emoji).map_err(|refused| refused.message)
        }
        Act::Vote { message, answers } => {
            let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
            world.vote(me, message.0, &answers).map_err(|refused| refused.message)
        }
        Act::Interested { event } => interested(world, stage.town.community.id, event.0, me),
        _ => Ok(()),
    });
    outcome.map(|()| json!({}))
}

fn interested(world: &mut fake_discord::world::World, guild: Id, event: Id, me: Id) -> Result<(), String> {
    let mut found = world.event(guild, event).cloned().ok_or("That event is over.")?;
    let before = found.interested.len();
    found.interested.retain(|user| *user != me);
    if found.interested.len() == before {
        found.interested.push(me);
    }
    world.save_event(found);
    Ok(())
}

/// A form is handed to the page; messages come by themselves.
fn answered(stage: &Stage, outcome: Result<Answer, String>) -> Result<Value, String> {
    let answer = outcome?;
    let Some(form) = answer.modal else { return Ok(json!({ "message": answer.message.map(|id| id.to_string()) })) };
    let id = answer.interaction;
    let shown = json!({ "form": { "id": id.to_string(), "title": form.title, "rows": form.components } });
    keep(&mut unpoisoned(&stage.forms), id, form);
    Ok(shown)
}

fn keep(forms: &mut BTreeMap<Id, Modal>, id: Id, form: Modal) {
    if forms.len() == MOST_FORMS {
        forms.pop_first();
    }
    forms.insert(id, form);
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    Pace(u32),
    /// Until the next thing is due.
    Due,
    /// Until something of the bot reaches this person.
    News {
        of: Snowflake,
    },
    /// Until something of the bot asks this person.
    Question {
        of: Snowflake,
    },
}

/// Moves the clock as the page says. The answer tells how many orders there were by then: what the page hears of a clock
/// with as many is later.
pub async fn pace(State(stage): State<Arc<Stage>>, Json(clock): Json<Clock>) -> Json<Value> {
    let now = stage.discord.now();
    let orders = match clock {
        Clock::Pace(pace) => stage.time.set_pace(pace.min(super::time::FASTEST)),
        Clock::Due => match next_due(&stage).await {
            Some(after) => stage.time.run_to(Goal::Due { after: after.max(now) }, now),
            None => return Json(json!({ "error": "Nothing is due: Wallflower waits for nothing now." })),
        },
        Clock::News { of } => {
            let (of, after) = (of.0, unpoisoned(&stage.noticed).last);
            stage.time.run_to(Goal::News { of, after }, now)
        }
        Clock::Question { of } => {
            let (of, after) = (of.0, unpoisoned(&stage.noticed).last);
            stage.time.run_to(Goal::Question { of, after }, now)
        }
    };
    Json(json!({ "orders": orders }))
}

async fn next_due(stage: &Stage) -> Option<i64> {
    let wallflower = stage.wallflower().await.ok()?;
    Some(wallflower.next_due().await.ok()??.timestamp_millis())
}
