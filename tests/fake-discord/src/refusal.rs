//! Discord's "no": an HTTP status with Discord's own code, for every rule that the fake enforces.

use serde_json::{Value, json};

/// An answer that refuses a request.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub status: u16,
    pub code: u32,
    pub message: String,
    /// Where in the body, as `(path.with.dots, code, message)`; only with code 50035.
    pub at: Option<(String, String, String)>,
}

macro_rules! refusals {
    ($($name:ident = $status:literal, $code:literal, $message:literal;)*) => {
        impl Refusal {
            $(pub fn $name() -> Self {
                Self { status: $status, code: $code, message: $message.into(), at: None }
            })*
        }
    };
}

refusals! {
    unauthorized = 401, 0, "401: Unauthorized";
    no_such_route = 404, 0, "404: Not Found";
    wrong_method = 405, 0, "405: Method Not Allowed";
    unknown_channel = 404, 10003, "Unknown Channel";
    unknown_guild = 404, 10004, "Unknown Guild";
    unknown_member = 404, 10007, "Unknown Member";
    unknown_message = 404, 10008, "Unknown Message";
    unknown_user = 404, 10013, "Unknown User";
    unknown_emoji = 400, 10014, "Unknown Emoji";
    unknown_webhook = 404, 10015, "Unknown Webhook";
    unknown_interaction = 404, 10062, "Unknown interaction";
    unknown_command = 404, 10063, "Unknown application command";
    unknown_event = 404, 10070, "Unknown Guild Scheduled Event";
    too_many_reactions = 400, 30010, "Maximum number of reactions reached (20)";
    thread_full = 400, 30033, "Maximum number of thread participants has been reached";
    too_many_events = 400, 30038, "Maximum number of uncompleted guild scheduled events reached (100)";
    too_large = 413, 40005, "Request entity too large";
    already_acknowledged = 400, 40060, "Interaction has already been acknowledged.";
    missing_access = 403, 50001, "Missing Access";
    not_in_dms = 403, 50003, "Cannot execute action on a DM channel";
    not_your_message = 403, 50005, "Cannot edit a message authored by another user";
    empty_message = 400, 50006, "Cannot send an empty message";
    closed_dms = 403, 50007, "Cannot send messages to this user";
    missing_permissions = 403, 50013, "Missing Permissions";
    not_on_this_kind = 400, 50024, "Cannot execute action on this channel type";
    token_expired = 401, 50027, "Invalid Webhook Token";
    thread_archived = 400, 50083, "Thread is archived";
    no_server_in_common = 403, 50278,
        "Cannot send messages to this user due to having no mutual guilds";
    poll_expired = 400, 520_001, "Poll expired";
    poll_is_not_edited = 400, 520_003, "Cannot edit a poll message";
    no_poll = 400, 520_006, "Cannot expire a non-poll message";
    thread_exists = 400, 160_004, "A thread has already been created for this message";
    too_many_threads = 400, 160_006, "Maximum number of active threads reached";
}

impl Refusal {
    /// 50035, naming the field: `at` is a path with dots, as `embeds.0.title`.
    pub fn invalid(at: &str, reason: &str) -> Self {
        Self {
            status: 400,
            code: 50035,
            message: "Invalid Form Body".into(),
            at: Some((at.into(), "BASE_TYPE_BAD_VALUE".into(), reason.into())),
        }
    }

    /// The body of the answer: `code`, `message`, and `errors` nested along the field's path.
    pub fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let Some((path, code, message)) = &self.at {
            let leaf = json!({ "_errors": [{ "code": code, "message": message }] });
            body["errors"] = path
                .split(['.', '/'])
                .filter(|step| !step.is_empty() && *step != "$")
                .rev()
                .fold(leaf, |inner, step| json!({ step: inner }));
        }
        body
    }
}
