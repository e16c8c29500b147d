//! Waiting without sleeping: woken on each change, bounded by real time.

use std::fmt::Write as _;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::Discord;

/// How many of the latest messages a failed wait shows.
const SHOWN_ON_FAILURE: usize = 15;

/// What a look can find: `bool` (true is found) or `Option`.
pub trait Found {
    type Out;
    fn found(self) -> Option<Self::Out>;
}

impl Found for bool {
    type Out = ();
    fn found(self) -> Option<()> {
        self.then_some(())
    }
}

impl<T> Found for Option<T> {
    type Out = T;
    fn found(self) -> Option<T> {
        self
    }
}

impl Discord {
    /// Rises with each change, for whoever shows what is there as it comes.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    /// Forgets the requests so far, what was only shown for a moment, and what nobody can use any more: for whoever runs it
    /// for days and looks at none of it.
    pub fn forgets_the_past(&self) {
        self.change(|state| {
            state.log.clear();
            state.world.forget_the_past();
            state.sessions.forget_the_past();
        });
    }

    /// Looks after each change until something is found.
    pub(crate) async fn wait<T>(&self, within: Duration, mut look: impl FnMut(&Self) -> Option<T>) -> Option<T> {
        let mut changes = self.changes();
        let deadline = Instant::now() + within;
        loop {
            changes.mark_unchanged();
            if let Some(found) = look(self) {
                return Some(found);
            }
            if !matches!(timeout_at(deadline, changes.changed()).await, Ok(Ok(()))) {
                return look(self);
            }
        }
    }

    /// Waits until a look finds something (`true` or `Some`), looking again at each change.
    ///
    /// # Panics
    /// After `Options::until_timeout`, saying what was waited for, with the latest messages.
    pub async fn until<F: Found>(&self, what: &str, mut look: impl FnMut(&Self) -> F) -> F::Out {
        let found = self.wait(self.options().until_timeout, |d| look(d).found()).await;
        self.assert_no_violations();
        match found {
            Some(found) => found,
            None => panic!("waited in vain for {what}\n{}", self.describe()),
        }
    }

    /// Waits until so many sessions of the bot are connected.
    pub async fn until_connected(&self, sessions: usize) {
        let what = format!("{sessions} connected sessions");
        self.until(&what, |d| d.sessions().iter().filter(|s| s.connected).count() >= sessions).await;
    }

    /// Waits until the bot has registered a slash command of this name, in a community or globally.
    pub async fn until_command(&self, name: &str) {
        let known = |d: &Self| d.world(|w| w.commands.values().flatten().any(|c| c.name == name));
        self.until(&format!("the command /{name}"), known).await;
    }

    /// # Panics
    /// If the bot sent what Discord would refuse, or an answer of ours was not as Discord describes it.
    pub fn assert_no_violations(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "against Discord's rules:\n{}", violations.join("\n"));
    }

    /// Sessions, latest messages and requests, for a failing test.
    pub fn describe(&self) -> String {
        let mut text = String::from("sessions:\n");
        for session in self.sessions() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {session:?}");
        }
        text.push_str("latest messages:\n");
        let messages = self.all_messages();
        for message in messages.iter().skip(messages.len().saturating_sub(SHOWN_ON_FAILURE)) {
            let _ = writeln!(text, "  {}", message.line());
        }
        text.push_str("latest requests:\n");
        let requests = self.requests();
        for request in requests.iter().skip(requests.len().saturating_sub(SHOWN_ON_FAILURE)) {
            let _ = writeln!(text, "  {} {} -> {}", request.method, request.path, request.status);
        }
        text
    }
}
