//! Discord: the only place that names its libraries. `outbound` speaks, `render` finds the words, `custom_id` and
//! `ballot` are how people answer; `listener` watches, and `history` reads what it missed.

mod answers;
pub mod ballot;
pub mod bot;
mod caller;
mod commands;
pub mod connection;
pub mod custom_id;
pub mod history;
mod inbound;
pub mod listener;
pub mod outbound;
mod permissions;
pub mod registration;
pub mod render;
mod replies;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serenity::http::{Http, HttpBuilder};
use tokio::sync::watch::Receiver;

/// Discord answers within a second or is in trouble.
const CONNECTS_WITHIN: Duration = Duration::from_secs(10);
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// REST towards Discord, or towards `api_base` where it is set: a limiter shared by several processes, or a Discord for
/// tests. There the own limiter is off, since the library would ignore the address otherwise.
///
/// # Errors
/// Where the system gives no means for TLS.
pub fn http(token: &SecretString, api_base: Option<&str>) -> reqwest::Result<Arc<Http>> {
    let builder = HttpBuilder::new(token.expose_secret()).client(client()?);
    let builder = match api_base {
        Some(api_base) => builder.proxy(api_base).ratelimiter_disabled(true),
        None => builder,
    };
    Ok(Arc::new(builder.build()))
}

/// Returns once it is true, or nobody is left who could make it so.
pub(crate) async fn stopped(flag: &mut Receiver<bool>) {
    let _ = flag.wait_for(|set| *set).await;
}

fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().use_rustls_tls().connect_timeout(CONNECTS_WITHIN).timeout(ANSWERS_WITHIN).build()
}
