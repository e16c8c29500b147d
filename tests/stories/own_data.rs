//! `/privacy export`: everybody gets what is theirs, and nothing that another has said in confidence.

use fake_discord::{Answer, Person};
use serde_json::Value;

use crate::house::House;
use crate::support::TestDatabase;

on_both_engines!(each_of_two_gets_their_own_answer_and_the_tie_of_both);

/// What the file says of the one community that there is.
fn read(export: &Answer) -> Value {
    assert!(export.ephemeral, "seen by nobody else");
    let file = String::from_utf8(export.files[0].bytes.clone()).unwrap();
    let mut all: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(all["schema_version"], 1);
    all["communities"][0].take()
}

fn ties_with(kept: &Value, other: &Person) -> (i64, i64) {
    let with = other.id.to_string();
    let ties = kept["ties"].as_array().unwrap().iter().filter(|tie| tie["with"] == *with);
    let amount = |tie: &Value, way: &str| tie[way].as_i64().unwrap();
    ties.fold((0, 0), |(from, to), tie| (from + amount(tie, "from_you"), to + amount(tie, "to_you")))
}

async fn each_of_two_gets_their_own_answer_and_the_tie_of_both(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.people_talk().await;
    let (early, shown) = (house.ana().runs_in_dm("/privacy export").await, house.ana().runs("/privacy show").await);
    let early = read(&early);
    assert!(early["ties"].as_array().unwrap().is_empty(), "a tie tells that the other is in: {early}");
    assert!(shown.full_text().contains("0 weeks' ties"), "so does their number: {}", shown.full_text());
    house.round_comes();
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let asked = house.dm_with(&ana, "I'd like that").await;
    let answer = house.dm_with(&bo, "Not now").await;
    let before = read(&ana.runs_in_dm("/privacy export").await);
    bo.clicks(&answer, "Not now").await;
    let (hers, his) = (ana.runs_in_dm("/privacy export").await, bo.runs("/privacy export").await);
    let (hers, his) = (read(&hers), read(&his));
    assert_eq!(hers["participants"], before["participants"], "his no is his");
    assert_eq!(
        (&hers["participants"][0]["standing"], &his["participants"][0]["standing"]),
        (&"asked".into(), &"declined".into())
    );
    assert_eq!(hers["participants"][0]["with"], serde_json::json!([bo.id.to_string()]));
    let (from_her, to_her) = ties_with(&hers, &bo);
    assert!(from_her > 0 && to_her > 0, "{hers}");
    assert_eq!(ties_with(&his, &ana), (to_her, from_her));
    let (said, notices) = (asked.id.to_string(), hers["notices"].as_array().unwrap());
    assert!(notices.iter().any(|one| one["message"] == *said), "{hers}");
    assert!(!hers.to_string().contains(&house.zoe.id.to_string()), "{hers}");
    house.discord.assert_no_violations();
    house.closes().await;
}
