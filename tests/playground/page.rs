//! The page answers only itself, and each act that cannot be done comes back as a sentence.

use std::time::Duration;

use fake_discord::{Id, moment_of};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::play::{self, Playground};
use crate::{open, options, playground};

/// A town wakes within seconds; a machine with two busy cores takes its time.
const PATIENCE: Duration = Duration::from_mins(2);

pub struct Visitor {
    pub playground: Playground,
    client: Client,
}

impl Visitor {
    pub async fn comes() -> Self {
        Self::comes_to(playground(12).await)
    }

    pub fn comes_to(playground: Playground) -> Self {
        Self { playground, client: Client::new() }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.playground.address)
    }

    async fn key(&self) -> String {
        let page = self.client.get(self.url("/")).send().await.unwrap().text().await.unwrap();
        let (_, rest) = page.split_once("playground-key\" content=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    fn acts(&self, key: &str, body: &str) -> RequestBuilder {
        let request = self.client.post(self.url("/act")).header("content-type", "application/json");
        request.header("x-playground-key", key).body(body.to_owned())
    }
}

async fn text(response: Response) -> String {
    response.text().await.unwrap()
}

/// What a tab is told, and what it knows by that.
pub struct Tab {
    line: Response,
    rest: String,
    known: Map<String, Value>,
    /// In the order in which they came.
    messages: Vec<Value>,
}

impl Tab {
    pub async fn opens(visitor: &Visitor, query: &str) -> Self {
        let line = visitor.client.get(visitor.url(&format!("/live?{query}"))).send().await.unwrap();
        let mut tab = Self { line, rest: String::new(), known: Map::new(), messages: Vec::new() };
        tab.until("the first words", |tab| tab.known.contains_key("here")).await;
        tab
    }

    /// Listens until something is known.
    pub async fn until(&mut self, what: &str, known: impl Fn(&Self) -> bool) {
        let listening = async {
            while !known(self) {
                let more = self.line.chunk().await.unwrap().expect("the line has ended");
                self.rest.push_str(&String::from_utf8_lossy(&more));
                while let Some((push, rest)) =
                    self.rest.split_once("\n\n").map(|(push, rest)| (push.to_owned(), rest.to_owned()))
                {
                    self.rest = rest;
                    self.hears(push.strip_prefix("data: ").unwrap_or("{}"));
                }
            }
        };
        let heard = tokio::time::timeout(PATIENCE, listening).await;
        assert!(heard.is_ok(), "waited in vain for {what}");
    }

    fn hears(&mut self, push: &str) {
        let mut news: Map<String, Value> = serde_json::from_str(push).unwrap();
        if let Some(Value::Array(put)) = news.remove("put") {
            self.messages.extend(put);
        }
        self.known.extend(news);
    }

    pub async fn until_awake(&mut self) {
        self.until("the town", |tab| tab.known["progress"]["percent"] == 100).await;
    }

    pub fn here(&self, part: &str) -> &str {
        self.known["here"][part].as_str().unwrap()
    }

    pub fn now(&self) -> i64 {
        self.known["time"]["now"].as_i64().unwrap()
    }

    /// What this tab's person does.
    pub async fn does(&self, visitor: &Visitor, mut act: Value) {
        act["as"] = json!(self.here("me"));
        let answer = visitor.acts(&visitor.key().await, &act.to_string()).send().await.unwrap();
        let told = text(answer).await;
        assert!(!told.contains("error"), "{act}: {told}");
    }

    /// Lets the clock run so many times as fast as real time; 0 lets it stand.
    pub async fn sets_pace(&mut self, visitor: &Visitor, pace: u32) {
        let request = visitor.client.post(visitor.url("/time")).header("content-type", "application/json");
        let body = json!({ "pace": pace }).to_string();
        let told = request.header("x-playground-key", visitor.key().await).body(body).send().await.unwrap();
        let orders = serde_json::from_str::<Value>(&text(told).await).unwrap()["orders"].clone();
        self.until("the clock to obey", |tab| tab.known["time"]["orders"] == orders).await;
    }

    /// Messages that answer somebody, with the id of what they answer.
    fn answers_to(&self, person: &str) -> impl Iterator<Item = (&Value, Id)> {
        let answers = self.messages.iter().filter(move |one| one["reply"]["author"] == person);
        answers.map(|one| (one, one["reply"]["id"].as_str().unwrap().parse().unwrap()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_words_of_a_visitor_are_answered_and_those_before_the_town_awoke_are_not() {
    let visitor = Visitor::comes_to(playground(24).await);
    let mut tab = Tab::opens(&visitor, "show=1000").await;
    tab.until_awake().await;
    let (awoke, me) = (tab.now(), tab.here("me").to_owned());
    assert!(tab.messages.iter().any(|one| one["author"] == me.as_str()), "they have a past here");
    tab.does(&visitor, json!({ "do": "say", "channel": tab.here("channel"), "text": "Is anybody there?" })).await;
    let first = |tab: &Tab| tab.answers_to(&me).any(|(_, answered)| moment_of(answered) >= awoke);
    tab.until("an answer", first).await;
    // Whoever were to answer older words would have done so by now.
    tab.until("some minutes", |tab| tab.now() > awoke + 5 * 60_000).await;
    let late =
        tab.answers_to(&me).find(|(one, answered)| one["at"].as_i64().unwrap() - moment_of(*answered) > 10 * 60_000);
    assert_eq!(late, None);
    visitor.playground.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_follow_while_the_clock_stands_still() {
    let visitor = Visitor::comes().await;
    let mut tab = Tab::opens(&visitor, "").await;
    tab.until_awake().await;
    let me = tab.here("me").to_owned();
    let joined = |tab: &Tab, has: bool| {
        let people = tab.known["people"].as_array().unwrap();
        people.iter().any(|one| one["id"] == me.as_str() && one["joined"] == has)
    };
    tab.does(&visitor, json!({ "do": "run", "channel": tab.here("channel"), "line": "/meet join" })).await;
    tab.until("the list to say so", |tab| joined(tab, true)).await;
    tab.until("their past to be read", |tab| tab.known["time"]["reads"] == false).await;
    // Now the bot asks for nothing, and nobody talks.
    tab.sets_pace(&visitor, 0).await;
    tab.does(&visitor, json!({ "do": "run", "channel": tab.here("channel"), "line": "/meet leave" })).await;
    tab.until("the list to say so", |tab| joined(tab, false)).await;
    visitor.playground.close().await.unwrap();
    let goodbyes = visitor.playground.discord.goodbyes();
    assert_eq!(goodbyes.len(), 2);
    assert!(
        goodbyes.iter().all(|goodbye| goodbye.code.is_some()),
        "the bot stops as a signal would make it: {goodbyes:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_page_itself_is_answered() {
    let visitor = Visitor::comes().await;
    let page = visitor.client.get(visitor.url("/")).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'self'"), "{policy}");

    let rebound = visitor.client.get(visitor.url("/")).header("host", "evil.example:4040").send().await.unwrap();
    assert_eq!(rebound.status(), StatusCode::FORBIDDEN, "a name that was made to point here");
    let body = r#"{"as":"1","do":"say","channel":"1","text":"hi"}"#;
    let keyless = visitor.acts("", body).send().await.unwrap();
    assert_eq!(keyless.status(), StatusCode::FORBIDDEN, "without the page's key");
    let key = visitor.key().await;
    let elsewhere = visitor.acts(&key, body).header("origin", "http://evil.example").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN, "from another site");
    let elsewhere = visitor.acts(&key, body).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN, "from another site");
    visitor.playground.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_is_said_in_a_sentence() {
    let visitor = Visitor::comes().await;
    let key = visitor.key().await;
    let nobody =
        text(visitor.acts(&key, r#"{"as":"1","do":"say","channel":"1","text":"hi"}"#).send().await.unwrap()).await;
    assert!(nobody.contains("There is nobody of that id here"), "{nobody}");
    for broken in ["", "{}", r#"{"as":"x","do":"say"}"#, r#"{"as":"1","do":"fly"}"#, "[1,2"] {
        let answer = visitor.acts(&key, broken).send().await.unwrap();
        assert!(answer.status().is_client_error(), "{broken}: {}", answer.status());
        assert!(!text(answer).await.is_empty(), "{broken}");
    }
    assert_eq!(
        visitor.client.get(visitor.url("/page/..%2Fmod.rs")).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(visitor.client.get(visitor.url("/file/1/2?as=3")).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    visitor.playground.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_export_is_refused_with_what_to_do() {
    let refused = open(12, Some("Cargo.toml".into())).await.err().map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(refused.contains("Cargo.toml") && refused.contains("export the channel again as JSON"), "{refused}");
    let refused =
        open(12, Some("no-such-file.json".into())).await.err().map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(refused.contains("no-such-file.json"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exported_chat_is_shown_on_this_machine_only() {
    let export = Some("tests/exports/community".into());
    let refused = Playground::open(play::Options { lets_others_in: true, export, ..options(12) }).await;
    let refused = refused.err().map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(refused.contains("--export") && refused.contains("--let-others-in"), "{refused}");
    let refused = Playground::open(play::Options { listen: [0, 0, 0, 0].into(), ..options(12) }).await;
    let refused = refused.err().map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(refused.contains("no loopback address"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exported_chat_is_said_again() {
    let visitor = Visitor::comes_to(open(12, Some("tests/exports/community".into())).await.unwrap());
    let mut tab = Tab::opens(&visitor, "show=1000").await;
    assert_eq!(tab.known["here"]["community"], "Tea & Trains");
    let channels = tab.known["channels"].as_array().unwrap();
    let names: Vec<&str> = channels.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["tea", "night trains", "trains", "meetups"]);
    tab.until("who lives there", |tab| tab.known.contains_key("people")).await;
    let people = tab.known["people"].as_array().unwrap();
    let mut names: Vec<&str> = people.iter().filter_map(|one| one["name"].as_str()).collect();
    names.sort_unstable();
    let all = ["Ada (admin)", "Ana", "Bo", "Dée 🌼", "Mo (moderator)", "Wallflower", "\u{fffd}[31mCy\u{fffd}"];
    assert_eq!(names, all, "who wrote, and who keeps the place; nobody who was only named, no bots");
    // Words as their time comes.
    tab.until("a reply", |tab| tab.messages.iter().any(|one| one["reply"]["author"].is_string())).await;
    let passed_on = |one: &Value| one["text"].as_str().is_some_and(|text| text.contains("passed on"));
    tab.until("a forward", |tab| tab.messages.iter().any(passed_on)).await;
    let forward = tab.messages.iter().find(|one| passed_on(one)).unwrap();
    assert_eq!((forward["kind"].as_u64(), &forward["reply"]), (Some(0), &Value::Null), "a forward answers nobody");
    assert!(forward["text"].as_str().unwrap().ends_with("> zebra-crossing"), "{forward}");
    visitor.playground.close().await.unwrap();
}
