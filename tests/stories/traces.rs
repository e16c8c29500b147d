//! Who is no member leaves no trace, not in any table, not in the bytes of any file, not in the log; who erases themselves
//! leaves none in the bytes either.

use std::path::Path;

use fake_discord::Person;

use crate::house::House;
use crate::support::TestDatabase;
use crate::whole_way::{BetweenSteps, tell};

/// A name and words that stand nowhere by chance.
const NAME: &str = "quillfeather";
const WORDS: &str = "about xylomancy";

/// A bystander who does all that a bystander can, after each step: talks with members, votes, clicks, asks.
struct Nosy {
    person: Person,
}

impl BetweenSteps for Nosy {
    async fn after(&mut self, house: &mut House, _: &str) {
        let person = &self.person;
        let said = house.ana().says(&house.general, WORDS);
        let back = person.replies_to(&said, WORDS);
        house.bo().replies_to(&back, WORDS);
        person.mentions(&house.general, &[house.ana(), house.bo()], WORDS);
        house.ana().mentions(&house.general, &[person], WORDS);
        person.writes_to_bot(WORDS);
        for command in [
            "/meet who",
            "/meet upcoming",
            "/meet history",
            "/meet pause",
            "/meet leave",
            "/meet with member:@ana",
            "/meet avoid member:@ana",
            "/meet profile named:true",
            "/privacy show",
            "/privacy export",
        ] {
            assert!(person.runs(command).await.ephemeral, "{command}");
        }
        for message in person.sees(&house.tables).into_iter().filter(|one| one.is_from_bot() && !one.ephemeral) {
            for label in message.labels().iter().filter(|label| *label != "Count me in") {
                // Some open a form, some buttons are used up.
                let _ = person.try_clicks(&message, label).await;
            }
            for (emoji, _) in &message.reactions {
                person.reacts(&message, emoji);
            }
        }
    }
}

/// As text, and as the eight bytes of the number, which is how SQLite keeps it.
fn forms_of(id: u64) -> [Vec<u8>; 2] {
    [id.to_string().into_bytes(), id.to_be_bytes().to_vec()]
}

/// The files under this folder that hold these bytes.
fn files_with(folder: &Path, sought: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, sought));
        } else if holds(&std::fs::read(&path).unwrap(), sought) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn holds(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window == sought)
}

fn assert_nowhere(folder: &Path, person: &Person, when: &str) {
    for form in forms_of(person.id) {
        assert_eq!(files_with(folder, &form), Vec::<String>::new(), "{when}: {}'s id, {form:?}", person.name());
    }
}

async fn a_bystander_leaves_no_trace(database: TestDatabase) {
    let mut house = House::new(database).await;
    let logs = tempfile::tempdir().unwrap();
    house.opens_as_child_that_logs_into(&logs.path().join("log")).await;
    let person = house.den.person(NAME);
    house.is_set_up("open").await;
    // What others say of somebody is a keyed hash.
    let about = format!("member:@{NAME}");
    house.ana().runs(&format!("/meet with {about}")).await;
    house.bo().runs(&format!("/meet avoid {about}")).await;
    house.ada.runs(&format!("/wallflower exclude {about}")).await;
    let mut nosy = Nosy { person };
    tell(&mut house, "open", &mut nosy).await;
    let person = nosy.person;

    let log = std::fs::read_to_string(logs.path().join("log")).unwrap();
    assert!(log.contains(" DEBUG "), "all is logged that can be");
    for when in ["while it runs", "after a kill"] {
        house.has_no_trace_of(&person).await;
        for folder in [house.folder(), logs.path()] {
            assert_nowhere(folder, &person, when);
            for words in [NAME, WORDS] {
                assert_eq!(files_with(folder, words.as_bytes()), Vec::<String>::new(), "{when}: {words}");
            }
        }
        house.is_killed();
    }
}

/// The bytes of SQLite's files; those of PostgreSQL are not ours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_erases_themselves_is_gone_from_the_bytes_too() {
    let mut house = House::new(TestDatabase::sqlite()).await;
    house.opens_as_child().await;
    house.is_set_up("discreet").await;
    house.people_talk().await;
    house.round_comes();
    let bo = house.bo().clone();
    let ask = house.dm_with(&bo, "I'd like that").await;
    bo.clicks(&ask, "I'd like that").await;
    house.all_is_said().await;
    assert!(forms_of(bo.id).iter().any(|form| !files_with(house.folder(), form).is_empty()), "he is kept until now");
    bo.runs("/privacy forget").await;
    house.all_is_said().await;
    assert_nowhere(house.folder(), &bo, "after /privacy forget");
    house.is_killed();
    assert_nowhere(house.folder(), &bo, "after a kill");
}

on_both_engines!(a_bystander_leaves_no_trace);
