//! "I'd like to meet X" tells nothing about X.

use crate::house::House;
use crate::support::TestDatabase;

async fn a_wish_is_answered_alike_whoever_the_other_is(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    let (ana, bo, cy, zoe) = (house.ana().clone(), house.bo().clone(), house.guests[2].clone(), house.zoe.clone());
    bo.runs("/meet pause until:2026-12-24").await;
    cy.runs("/meet avoid member:@ana").await;
    let mut answers = Vec::new();
    for (wisher, other) in [(&ana, &bo), (&ana, &cy), (&ana, &zoe), (&house.guests[3], &house.guests[4])] {
        let answer = wisher.runs(&format!("/meet with member:@{}", other.name())).await;
        assert!(answer.ephemeral);
        answers.push(answer.full_text().replace(&other.mention(), "X"));
    }
    assert!(answers.windows(2).all(|both| both[0] == both[1]), "paused, avoiding, bystander, member: {answers:#?}");
    house.has_no_trace_of(&zoe).await;
    assert!(zoe.dms().is_empty() && bo.dms().iter().all(|dm| !dm.full_text().contains(&ana.mention())));
    house.closes().await;
}

async fn the_menu_on_a_person_does_what_the_command_does(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    let by_menu = house.ana().uses_on("Suggest meeting", house.bo()).await.full_text();
    let by_command = house.guests[2].runs("/meet with member:@bo").await.full_text();
    assert_eq!(by_menu, by_command);
    house.closes().await;
}

on_both_engines!(a_wish_is_answered_alike_whoever_the_other_is, the_menu_on_a_person_does_what_the_command_does);
