//! The page answers only itself, and each act that cannot be done comes back as a sentence.

use reqwest::{Client, RequestBuilder, Response, StatusCode};

use crate::play::Playground;
use crate::{open, playground};

struct Visitor {
    playground: Playground,
    client: Client,
}

impl Visitor {
    async fn comes() -> Self {
        Self { playground: playground(12).await, client: Client::new() }
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
    visitor.playground.close().await;
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
    visitor.playground.close().await;
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
async fn an_exported_chat_is_said_again() {
    let playground = open(12, Some("tests/exports/community".into())).await.unwrap();
    let mut live = Client::new().get(format!("http://{}/live", playground.address)).send().await.unwrap();
    let mut told = String::new();
    // Names come with the first push, words as their time comes.
    while !told.contains("zebra-crossing") {
        told.push_str(&String::from_utf8_lossy(&live.chunk().await.unwrap().unwrap()));
    }
    assert!(told.contains("Tea & Trains") && told.contains("\"name\":\"Ana\""));
    playground.close().await;
}
