//! The page and its routes. All of it is in the program, and nothing is fetched from elsewhere. Whoever works on the page
//! sets `PLAYGROUND_PAGE` to its folder: then its files are read at each request, and a change is seen by reloading.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use fake_discord::Id;
use serde::Deserialize;

use super::stage::Stage;
use super::{acts, guard, stream};

const INDEX: &str = include_str!("page/index.html");
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// Of a file that is handed over, as on Discord.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// How a picture begins that the page may show.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Where the key stands in the page.
const KEY_PLACE: &str = "{{key}}";

/// What the page is made of.
const PARTS: &[(&str, &str, &str)] = &[
    ("style.css", "text/css; charset=utf-8", include_str!("page/style.css")),
    ("icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    ("page.js", SCRIPT, include_str!("page/page.js")),
    ("dom.js", SCRIPT, include_str!("page/dom.js")),
    ("town.js", SCRIPT, include_str!("page/town.js")),
    ("markdown.js", SCRIPT, include_str!("page/markdown.js")),
    ("messages.js", SCRIPT, include_str!("page/messages.js")),
    ("lists.js", SCRIPT, include_str!("page/lists.js")),
    ("composer.js", SCRIPT, include_str!("page/composer.js")),
    ("forms.js", SCRIPT, include_str!("page/forms.js")),
    ("panel.js", SCRIPT, include_str!("page/panel.js")),
    ("ties.js", SCRIPT, include_str!("page/ties.js")),
    ("guide.js", SCRIPT, include_str!("page/guide.js")),
];

pub fn routes(stage: Arc<Stage>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/page/{name}", get(part))
        .route("/live", get(stream::live))
        .route("/act", post(acts::act))
        .route("/time", post(acts::pace))
        .route("/hand/{name}", post(acts::hand_over).layer(DefaultBodyLimit::max(MOST_BYTES)))
        .route("/file/{message}/{file}", get(file))
        .layer(middleware::from_fn_with_state(Arc::clone(&stage), guard::guard))
        .with_state(stage)
}

/// A file of the page, as built in or as it lies in the folder of whoever works on it.
fn text(name: &str, built_in: &'static str) -> Cow<'static, str> {
    let folder = std::env::var_os("PLAYGROUND_PAGE").map(PathBuf::from);
    let read = folder.and_then(|folder| std::fs::read_to_string(folder.join(name)).ok());
    read.map_or(Cow::Borrowed(built_in), Cow::Owned)
}

async fn index(State(stage): State<Arc<Stage>>) -> Html<String> {
    Html(text("index.html", INDEX).replace(KEY_PLACE, &stage.key))
}

async fn part(Path(name): Path<String>) -> Response {
    match PARTS.iter().find(|(known, ..)| *known == name) {
        Some((known, kind, built_in)) => ([(header::CONTENT_TYPE, *kind)], text(known, built_in)).into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such part of the page.").into_response(),
    }
}

#[derive(Debug, Deserialize)]
struct Reader {
    #[serde(rename = "as")]
    person: Id,
}

/// A file of a message, for whoever may read that message: a picture is shown, all else is saved.
async fn file(
    State(stage): State<Arc<Stage>>,
    Path((message, file)): Path<(Id, Id)>,
    Query(reader): Query<Reader>,
) -> Response {
    let found = stage.discord.world(|world| {
        let message = world.messages.get(&message).filter(|found| world.can_read(reader.person, found))?;
        let file = message.files.iter().find(|found| found.id == file)?;
        Some((file.name.clone(), file.bytes.clone()))
    });
    let Some((name, bytes)) = found else { return (StatusCode::NOT_FOUND, "That file is gone.").into_response() };
    let safe: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c)).collect();
    let (kind, shown) =
        if bytes.starts_with(PNG) { ("image/png", "inline") } else { ("application/octet-stream", "attachment") };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{shown}; filename=\"{safe}\"")),
    ];
    (headers, bytes).into_response()
}
