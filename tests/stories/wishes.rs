//! "I'd like to meet X" tells nothing about X.

use std::collections::BTreeMap;

use fake_discord::{Answer, Person};

use crate::house::House;
use crate::support::TestDatabase;
use crate::watchers::{Hidden, Watchers};

/// How a wish is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Command,
    Menu,
}

/// What follows from a wish, without the ids in it: all that could tell one kind of person from another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Followed {
    answer: String,
    ephemeral: bool,
    followups: usize,
    /// What the bot asked of Discord meanwhile, as methods and paths.
    requests: Vec<String>,
}

/// Ids and tokens differ each time.
fn without_ids(text: &str) -> String {
    let words = text.split('/').map(|word| if word.chars().any(|c| c.is_ascii_digit()) { "#" } else { word });
    words.collect::<Vec<_>>().join("/")
}

fn all_of(answer: &Answer) -> String {
    format!("{} {:?} {:?} {:?} {:?}", answer.text, answer.embeds, answer.components, answer.files, answer.modal)
}

async fn wishes(house: &House, wisher: &Person, other: &Person, way: Way) -> Followed {
    let so_far = house.discord.requests().len();
    let answer = match way {
        Way::Command => wisher.runs(&format!("/meet with member:@{}", other.name())).await,
        Way::Menu => wisher.uses_on("Suggest meeting", other).await,
    };
    house.all_is_said().await;
    let requests = house.discord.requests().split_off(so_far);
    let requests = requests.iter().map(|one| without_ids(&format!("{} {} {}", one.method, one.path, one.status)));
    let (answer, followups) = (&answer, answer.followups.len());
    Followed {
        answer: all_of(answer),
        ephemeral: answer.ephemeral,
        followups,
        requests: requests.filter(|one| !is_look(one)).collect(),
    }
}

/// One person of each kind that somebody could wish to meet; what is done to them comes after they joined.
async fn all_kinds(house: &House) -> Vec<(&'static str, Person)> {
    let [bo, cy, di, ed, flo, gus] = [1, 2, 3, 4, 5, 6].map(|n| house.guests[n].clone());
    bo.runs("/meet pause until:2026-12-24").await;
    house.ada.runs("/wallflower exclude member:@ed").await;
    flo.runs("/meet leave").await;
    gus.leaves(&house.den);
    vec![
        ("member", di),
        ("bystander", house.zoe.clone()),
        ("paused", bo),
        ("avoiding", cy),
        ("excluded", ed),
        ("no member any more", flo),
        ("gone from the server", gus),
    ]
}

/// Whether Discord is asked if somebody is still on the server: after the answer, and seen by nobody.
fn is_look(request: &str) -> bool {
    request.starts_with("GET /guilds/#/members/")
}

async fn a_wish_is_answered_alike_whoever_the_other_is(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.people_talk().await;
    let kinds = all_kinds(&house).await;
    let mut followed: BTreeMap<(Way, &str), Vec<(&str, Followed)>> = BTreeMap::new();
    for (n, (kind, other)) in kinds.iter().enumerate() {
        for (way, letter) in [(Way::Command, 'c'), (Way::Menu, 'm')] {
            let wisher = house.den.person(&format!("wisher{letter}{n}"));
            wisher.runs("/meet join").await;
            // Reading the past of who joined makes requests of its own.
            house
                .eventually("the past to be read", async |store| store.pasts().await.unwrap().is_empty().then_some(()))
                .await;
            if *kind == "avoiding" {
                other.runs(&format!("/meet avoid member:@{}", wisher.name())).await;
            }
            let mut watchers = Watchers::default();
            watchers.look(&house, "before", Hidden { from: &[], nameless_to: &[] }).await;
            for time in ["once", "again"] {
                followed.entry((way, time)).or_default().push((*kind, wishes(&house, &wisher, other, way).await));
            }
            watchers.look(&house, kind, Hidden { from: &house.everybody(), nameless_to: &[] }).await;
        }
    }
    let once = &followed[&(Way::Command, "once")][0].1;
    assert!(once.ephemeral && once.answer.contains("Noted"), "{once:?}");
    for ((way, time), all) in &followed {
        for (kind, one) in all {
            assert_eq!(one, &all[0].1, "{way:?} {time}: {kind} differs from {}", all[0].0);
        }
        let by_command = &followed[&(Way::Command, *time)][0].1;
        assert_eq!(all[0].1, *by_command, "the menu does what the command does, {time}");
    }
    house.has_no_trace_of(&house.zoe).await;
    house.closes().await;
}

on_both_engines!(a_wish_is_answered_alike_whoever_the_other_is);
