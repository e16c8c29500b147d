//! How to reach Discord: whose token, which address, and the HTTP client that goes there.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serenity::http::{Http, HttpBuilder, Ratelimiter};

use super::files::Files;
use super::patience;

/// Discord answers within a second or is in trouble.
const CONNECTS_WITHIN: Duration = Duration::from_secs(10);
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// The way to Discord, or to `api_base` where it is set: a limiter shared by several processes, or a Discord for tests.
#[derive(Debug, Clone)]
pub struct Access {
    pub token: SecretString,
    pub api_base: Option<String>,
    client: reqwest::Client,
    files: Files,
}

impl Access {
    /// # Errors
    /// Where the system gives no means for TLS.
    pub fn new(token: SecretString, api_base: Option<String>) -> reqwest::Result<Self> {
        Ok(Self { token, api_base, client: patient_client().build()?, files: Files::new(None)? })
    }

    /// The same, through another client: one that trusts a certificate of its own, or knows another way to discord.com.
    #[must_use]
    pub fn through(self, client: reqwest::Client) -> Self {
        Self { client, ..self }
    }

    /// The same, with files of Discord's fetched from another address.
    ///
    /// # Errors
    /// Where the system gives no means for TLS.
    pub fn with_files_at(self, cdn_base: Option<&str>) -> reqwest::Result<Self> {
        Ok(Self { files: Files::new(cdn_base)?, ..self })
    }

    /// Files that people hand over.
    pub fn files(&self) -> Files {
        self.files.clone()
    }

    /// The client itself, for requests without a limiter.
    pub(super) const fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// REST as the bot. At `api_base` the library's own limiter is off, since it would ignore the address otherwise.
    pub fn http(&self) -> Arc<Http> {
        let builder = HttpBuilder::new(self.token.expose_secret()).client(self.client.clone());
        let builder = match &self.api_base {
            Some(api_base) => builder.proxy(api_base).ratelimiter_disabled(true),
            None => builder.ratelimiter(self.limiter()),
        };
        Arc::new(builder.build())
    }

    fn limiter(&self) -> Ratelimiter {
        let token = self.token.expose_secret();
        let token = if token.starts_with("Bot ") { token.to_owned() } else { format!("Bot {token}") };
        let mut limiter = Ratelimiter::new(self.client.clone(), token);
        patience::teach(&mut limiter);
        limiter
    }

    /// A client for answers to interactions. They do not count towards Discord's limits and must never be repeated, and
    /// a limiter's table would grow by an entry with each one: so without a limiter.
    pub fn answering_http(&self) -> Http {
        let builder =
            HttpBuilder::new(self.token.expose_secret()).client(self.client.clone()).ratelimiter_disabled(true);
        match &self.api_base {
            Some(api_base) => builder.proxy(api_base).build(),
            None => builder.build(),
        }
    }
}

/// A client that gives up in time, to be finished by whoever needs more of it.
pub fn patient_client() -> reqwest::ClientBuilder {
    reqwest::Client::builder().use_rustls_tls().connect_timeout(CONNECTS_WITHIN).timeout(ANSWERS_WITHIN)
}
