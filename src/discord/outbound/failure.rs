//! What can come back instead of an answer, and what it means for a notice.

use std::time::Duration;

use serde::Deserialize;

use crate::app::messenger::{Gone, Letter, Undelivered};
use crate::domain::ids::ChannelId;
use crate::texts::{Locale, Texts, args};

/// Discord's own codes, from its documentation ("JSON error codes").
mod code {
    /// Slow mode, write limits of channel and server, direct messages opened too fast, sending switched off for a while.
    pub const TOO_FAST: [u64; 6] = [20_016, 20_022, 20_028, 20_029, 40_003, 40_004];
    pub const UNKNOWN_CHANNEL: u64 = 10_003;
    pub const UNKNOWN_MEMBER: u64 = 10_007;
    pub const UNKNOWN_MESSAGE: u64 = 10_008;
    pub const UNKNOWN_USER: u64 = 10_013;
    pub const UNKNOWN_EMOJI: u64 = 10_014;
    pub const MISSING_ACCESS: u64 = 50_001;
    pub const DIRECT_MESSAGES_CLOSED: u64 = 50_007;
    pub const MISSING_PERMISSIONS: u64 = 50_013;
    pub const THREAD_ARCHIVED: u64 = 50_083;
    pub const THREAD_STANDS: u64 = 160_004;
    pub const POLL_EXPIRED: u64 = 520_001;
    pub const POLL_IS_NOT_EDITED: u64 = 520_003;
    pub const NO_SERVER_IN_COMMON: u64 = 50_278;
}

/// How long one that was too fast keeps still, where Discord does not say.
const KEEPS_STILL: Duration = Duration::from_mins(10);
const UNAUTHORIZED: u16 = 401;

/// A request that did not do what it should.
#[derive(Debug)]
pub(super) enum Failure {
    /// Discord's answer, which will be the same next time.
    Answer { code: u64, message: String },
    /// 429 for longer than we wait.
    TooMany { after: Duration },
    /// Discord is in trouble, or the line broke. `sent` where it may have done it all the same.
    Broken { reason: String, sent: bool },
}

#[derive(Deserialize)]
struct ErrorBody {
    code: u64,
    message: String,
    #[serde(default)]
    errors: serde_json::Value,
}

/// What was being done, in which channel, and in which language admins read of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deed {
    pub act: Act,
    pub channel: Option<ChannelId>,
    pub locale: Locale,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Write,
    WriteDirectly,
    React,
    Read,
    OpenThread,
    OpenPublicThread,
    AddToThread,
    Publish,
}

impl Deed {
    pub fn write(letter: &Letter, channel: ChannelId) -> Self {
        Self { act: Act::Write, channel: Some(channel), locale: super::locale_of(letter) }
    }

    /// It cannot be done for want of a permission.
    pub fn is_forbidden(self) -> Undelivered {
        Undelivered::Forbidden(self.forbidden())
    }

    /// Which permission is missing where.
    fn forbidden(self) -> String {
        let channel = self.channel.map_or_else(|| "?".to_owned(), |channel| format!("<#{channel}>"));
        let at = args([("channel", channel.into())]);
        match self.act {
            Act::Write => Texts::say(self.locale, "cannot-write", &at),
            Act::WriteDirectly => Texts::plain(self.locale, "cannot-write-directly"),
            Act::React => Texts::say(self.locale, "cannot-react", &at),
            Act::Read => Texts::say(self.locale, "cannot-read", &at),
            Act::OpenThread => Texts::say(self.locale, "cannot-open-thread", &at),
            Act::OpenPublicThread => Texts::say(self.locale, "cannot-open-public-thread", &at),
            Act::AddToThread => Texts::say(self.locale, "cannot-add-to-thread", &at),
            Act::Publish => Texts::plain(self.locale, "cannot-publish"),
        }
    }
}

impl Failure {
    /// From an answer that is no success.
    pub fn from_answer(status: u16, body: &[u8]) -> Self {
        if status >= 500 {
            return Self::Broken { reason: format!("Discord answered {status}"), sent: true };
        }
        // A wrong token, or something in front of Discord: nothing that this notice could help.
        let body = serde_json::from_slice::<ErrorBody>(body).ok().filter(|_| status != UNAUTHORIZED);
        let Some(body) = body else {
            return Self::Broken { reason: format!("answered {status}"), sent: false };
        };
        if code::TOO_FAST.contains(&body.code) {
            return Self::TooMany { after: KEEPS_STILL };
        }
        let details = if body.errors.is_null() { String::new() } else { format!(" {}", body.errors) };
        Self::Answer { code: body.code, message: format!("{} ({status}/{}){details}", body.message, body.code) }
    }

    /// From an answer that never came. A connection that was never made has carried nothing.
    pub fn from_transport(error: &reqwest::Error) -> Self {
        Self::Broken { reason: without_address(error), sent: !error.is_connect() }
    }

    const fn code(&self) -> u64 {
        match self {
            Self::Answer { code, .. } => *code,
            Self::TooMany { .. } | Self::Broken { .. } => 0,
        }
    }

    /// The thread sleeps; a message or a change wakes it.
    pub const fn is_archived(&self) -> bool {
        self.code() == code::THREAD_ARCHIVED
    }

    /// The message has its thread already.
    pub const fn is_standing_thread(&self) -> bool {
        self.code() == code::THREAD_STANDS
    }

    /// A message with a poll of Discord's own cannot be changed.
    pub const fn is_fixed_poll(&self) -> bool {
        self.code() == code::POLL_IS_NOT_EDITED
    }

    /// Its poll has ended already.
    pub const fn is_ended_poll(&self) -> bool {
        self.code() == code::POLL_EXPIRED
    }

    pub const fn is_unknown_emoji(&self) -> bool {
        self.code() == code::UNKNOWN_EMOJI
    }

    /// It is about this one person (gone, or without access to the channel), and the next may do.
    pub const fn is_about_one_person(&self) -> bool {
        matches!(
            self.code(),
            code::UNKNOWN_MEMBER | code::UNKNOWN_USER | code::MISSING_ACCESS | code::MISSING_PERMISSIONS
        )
    }

    /// This person is not in the server, or not on Discord any more. Not so where they merely take no messages from us.
    pub const fn is_about_absence(&self) -> bool {
        matches!(self.code(), code::UNKNOWN_MEMBER | code::UNKNOWN_USER | code::NO_SERVER_IN_COMMON)
    }

    /// What it means for the notice.
    pub fn told(self, deed: Deed) -> Undelivered {
        match self {
            Self::TooMany { after } => Undelivered::Later {
                after: Some(after),
                may_have_arrived: false,
                reason: "Discord asks for patience".to_owned(),
            },
            Self::Broken { reason, sent } => Undelivered::Later { after: None, may_have_arrived: sent, reason },
            Self::Answer { code, message } => match code {
                code::DIRECT_MESSAGES_CLOSED => Undelivered::DirectMessagesClosed,
                code::UNKNOWN_CHANNEL => Undelivered::Gone(Gone::Channel),
                code::UNKNOWN_MESSAGE => Undelivered::Gone(Gone::Message),
                code::UNKNOWN_MEMBER | code::UNKNOWN_USER | code::NO_SERVER_IN_COMMON => {
                    Undelivered::Gone(Gone::Person)
                }
                code::MISSING_ACCESS | code::MISSING_PERMISSIONS => deed.is_forbidden(),
                _ => Undelivered::Refused(message),
            },
        }
    }
}

/// The whole chain of causes, without addresses: those may hold ids of people.
fn without_address(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    let mut source = std::error::Error::source(error);
    let mut last = None;
    while let Some(inner) = source {
        last = Some(inner.to_string());
        source = inner.source();
    }
    last.map_or_else(|| kind.to_owned(), |last| format!("{kind}: {last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, body: &str) -> Undelivered {
        let channel = ChannelId::new(7);
        Failure::from_answer(status, body.as_bytes()).told(Deed { act: Act::Write, channel, locale: Locale::English })
    }

    #[test]
    fn each_code_means_what_the_deliverer_needs_to_know() {
        let answer = |code: u64| told(403, &format!(r#"{{"code":{code},"message":"no"}}"#));
        assert_eq!(answer(50_007), Undelivered::DirectMessagesClosed);
        assert_eq!(answer(50_278), Undelivered::Gone(Gone::Person));
        assert_eq!(answer(10_003), Undelivered::Gone(Gone::Channel));
        assert_eq!(answer(10_008), Undelivered::Gone(Gone::Message));
        assert_eq!(answer(10_007), Undelivered::Gone(Gone::Person));
        assert_eq!(answer(10_013), Undelivered::Gone(Gone::Person));
        for code in [50_001, 50_013] {
            let Undelivered::Forbidden(why) = answer(code) else { panic!("{code}") };
            assert!(why.contains("<#7>") && why.contains("Send Messages"), "{why}");
        }
    }

    #[test]
    fn a_mistake_of_ours_is_named_with_its_place() {
        let body = r#"{"code":50035,"message":"Invalid Form Body","errors":{"content":{"_errors":[]}}}"#;
        let Undelivered::Refused(why) = told(400, body) else { panic!() };
        assert!(why.contains("50035") && why.contains("content"), "{why}");
    }

    #[test]
    fn a_wrong_token_or_a_broken_way_loses_no_notice() {
        for (status, body) in [(401, r#"{"code":0,"message":"401: Unauthorized"}"#), (404, "<html>"), (403, "1020")] {
            let why = told(status, body);
            assert!(matches!(why, Undelivered::Later { may_have_arrived: false, .. }), "{why:?}");
        }
    }

    #[test]
    fn direct_messages_opened_too_fast_wait() {
        let why = told(403, r#"{"code":40003,"message":"You are opening direct messages too fast"}"#);
        assert!(matches!(why, Undelivered::Later { after: Some(_), may_have_arrived: false, .. }), "{why:?}");
    }

    #[test]
    fn trouble_at_discord_may_have_done_it() {
        assert!(matches!(told(502, "bad gateway"), Undelivered::Later { may_have_arrived: true, .. }));
    }
}
