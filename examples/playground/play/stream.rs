//! What a tab is told, as it changes: at most ten times a second, and only what is new since the last time.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use fake_discord::Id;
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::stage::{Seat, Stage};
use super::view;

/// Ten pushes a second are as smooth as twenty to read, and half the work.
const PUSHES_EVERY: Duration = Duration::from_millis(100);
/// The lists of people, roles and commands change seldom.
const LISTS_EVERY: u32 = 12;
const FEWEST_MESSAGES: usize = 60;
const MOST_MESSAGES: usize = 1000;

/// Whose eyes, on which channel, and how many messages of it.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "as")]
    person: Option<Id>,
    channel: Option<Id>,
    show: Option<usize>,
}

struct Tab {
    stage: Arc<Stage>,
    me: Id,
    channel: Id,
    show: usize,
    pulse: Interval,
    pushes: u32,
    /// Whether the lists may have changed since they were told.
    owes_lists: bool,
    /// What the tab knows, by the name of its part.
    known: Map<String, Value>,
    messages: BTreeMap<Id, Value>,
    sees: tokio::sync::watch::Receiver<Arc<super::sees::Sees>>,
    changes: tokio::sync::watch::Receiver<u64>,
    _seat: Seat,
}

pub async fn live(
    State(stage): State<Arc<Stage>>,
    Query(asked): Query<Asked>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let tab = Tab::open(stage, &asked);
    let pushes = stream::unfold(tab, |mut tab| async {
        let told = tab.next().await;
        Some((Ok(Event::default().data(told.to_string())), tab))
    });
    Sse::new(pushes).keep_alive(KeepAlive::default())
}

impl Tab {
    fn open(stage: Arc<Stage>, asked: &Asked) -> Self {
        let visitor = stage.town.visitor.id;
        let me = asked.person.filter(|id| stage.town.person(*id).is_some()).unwrap_or(visitor);
        let channel = stage.discord.world(|world| view::channel_or_first(&stage, world, me, asked.channel));
        let mut pulse = interval(PUSHES_EVERY);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut sees, mut changes) = (stage.sees.subscribe(), stage.discord.changes());
        sees.mark_changed();
        changes.mark_changed();
        Self {
            me,
            channel,
            show: asked.show.unwrap_or(FEWEST_MESSAGES).clamp(FEWEST_MESSAGES, MOST_MESSAGES),
            pulse,
            pushes: 0,
            owes_lists: true,
            known: Map::new(),
            messages: BTreeMap::new(),
            sees,
            changes,
            _seat: stage.takes_seat(me),
            stage,
        }
    }

    /// Waits until there is something new, and tells it.
    async fn next(&mut self) -> Value {
        loop {
            self.pulse.tick().await;
            let mut news = Map::new();
            self.tell_time(&mut news);
            let is_changed = self.changes.has_changed().unwrap_or(false);
            let is_seen = self.sees.has_changed().unwrap_or(false);
            // Who has joined is known by a look of the bot's; so the lists may change where nothing else does.
            self.owes_lists |= is_changed || is_seen;
            let lists = self.owes_lists && self.pushes.is_multiple_of(LISTS_EVERY);
            if is_changed || lists {
                self.changes.mark_unchanged();
                self.owes_lists &= !lists;
                self.tell_world(&mut news, lists);
            }
            if is_seen {
                let sees = self.sees.borrow_and_update().shown_to(self.me);
                self.tell(&mut news, "sees", sees);
            }
            self.pushes = self.pushes.wrapping_add(1);
            if !news.is_empty() {
                return Value::Object(news);
            }
        }
    }

    fn tell(&mut self, news: &mut Map<String, Value>, part: &str, value: Value) {
        if self.known.get(part) != Some(&value) {
            news.insert(part.into(), value.clone());
            self.known.insert(part.into(), value);
        }
    }

    fn tell_time(&mut self, news: &mut Map<String, Value>) {
        let stage = Arc::clone(&self.stage);
        let mut time = json!(stage.time.told());
        time["now"] = json!(stage.discord.now());
        self.tell(news, "time", time);
        let progress = json!(&*stage.progress.borrow());
        self.tell(news, "progress", progress);
        let mut troubles = stage.troubles.lines();
        troubles.extend(stage.discord.violations());
        self.tell(news, "troubles", json!(troubles));
    }

    fn tell_world(&mut self, news: &mut Map<String, Value>, lists: bool) {
        let stage = Arc::clone(&self.stage);
        let (me, channel) = (self.me, self.channel);
        let (parts, (messages, is_more)) = stage.discord.world(|world| {
            let mut parts =
                vec![("channels", view::channels(&stage, world, me)), ("events", view::events(&stage, world, me))];
            if lists {
                parts.push(("people", view::people(&stage, world)));
                parts.push(("roles", view::roles(&stage, world)));
                parts.push(("commands", view::commands(&stage, world, me, channel)));
            }
            (parts, view::messages(&stage, world, me, channel, self.show))
        });
        let here = json!({
            "me": me.to_string(), "channel": channel.to_string(), "community": stage.discord.world(|world| {
                world.communities.get(&stage.town.community.id).map(|found| found.name.clone())
            }),
            "meetups": stage.town.meetups.id.to_string(), "earlier": is_more,
        });
        self.tell(news, "here", here);
        for (part, value) in parts {
            self.tell(news, part, value);
        }
        self.tell(news, "rang", view::rang(&stage, me));
        self.tell_messages(news, messages);
    }

    fn tell_messages(&mut self, news: &mut Map<String, Value>, messages: Vec<(Id, Value)>) {
        let now: BTreeMap<Id, Value> = messages.into_iter().collect();
        let gone: Vec<String> = self.messages.keys().filter(|id| !now.contains_key(id)).map(Id::to_string).collect();
        let put: Vec<&Value> = now
            .iter()
            .filter(|(id, message)| self.messages.get(id) != Some(message))
            .map(|(_, message)| message)
            .collect();
        if !put.is_empty() {
            news.insert("put".into(), json!(put));
        }
        if !gone.is_empty() {
            news.insert("gone".into(), json!(gone));
        }
        self.messages = now;
    }
}
