//! Discord's own polls.

use super::{EDIT, FOLLOWUP, NEW_MESSAGE, checked, hold, long};
use serde_json::{Value, json};

fn answers(count: usize) -> Value {
    (0..count).map(|n| json!({"poll_media": {"text": format!("answer {n}")}})).collect()
}

#[test]
fn a_poll_is_asked_within_its_limits() {
    let base = json!({"content": "when?", "poll": {
        "question": {"text": "When?"}, "answers": answers(2), "duration": 48, "allow_multiselect": true,
    }});
    let cases = || {
        vec![
            ("/poll/question/text", long(300), long(301), "$.poll.question.text"),
            ("/poll/question/text", json!("?"), json!(""), "$.poll.question.text"),
            ("/poll/answers", answers(10), answers(11), "$.poll.answers"),
            ("/poll/answers/1/poll_media/text", long(55), long(56), "$.poll.answers[1].poll_media.text"),
            ("/poll/duration", json!(768), json!(769), "$.poll.duration"),
            ("/poll/duration", json!(1), json!(0), "$.poll.duration"),
        ]
    };
    for call in [NEW_MESSAGE, FOLLOWUP] {
        hold(call, &base, cases());
    }
}

#[test]
fn a_poll_is_never_edited_into_a_message() {
    let poll = json!({"poll": {"question": {"text": "When?"}, "answers": answers(1)}});
    assert_eq!(checked(NEW_MESSAGE, &poll), Ok(()));
    assert!(checked(EDIT, &poll).is_err());
}
