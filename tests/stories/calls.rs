//! Two who would rather talk by voice are never told of a public place.

use std::time::Duration;

use crate::house::House;
use crate::support::TestDatabase;
use crate::whole_way::poll_in;

async fn two_who_want_a_call_get_one_all_the_way(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    for person in [house.ana(), house.bo()] {
        person.runs("/meet profile venue:\"by call\"").await;
    }
    house.people_talk().await;
    house.round_comes();
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    for person in [&ana, &bo] {
        let ask = house.dm_with(person, "I'd like that").await;
        assert!(!ask.full_text().contains("call"), "an ask says nothing that only one of them told");
        person.clicks(&ask, "I'd like that").await;
    }
    let room = house.discord.until("a thread", |_| ana.threads().pop()).await;
    let poll = poll_in(&house, &room).await;
    for person in [&ana, &bo] {
        person.reacts(&poll, "1️⃣");
    }
    house.discord.until("the counts", |_| poll.now().filter(|poll| poll.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Where is it?").await;
    assert!(on.full_text().contains("Wallflower makes none"), "{}", on.full_text());
    let form = ana.clicks(&on, "Where is it?").await.modal();
    let label = form.inputs().remove(0).0;
    assert!(label.contains("link"), "{label}");
    let link = "https://call.example/a-long-way-in?".to_owned() + &"k".repeat(200);
    ana.submits(&form, &[(label.as_str(), &link)]).await;
    let linked = format!("<{link}>");
    house
        .discord
        .until("the link", |_| room.messages().into_iter().find(|one| one.full_text().contains(&linked)))
        .await;
    let file = on.now().unwrap().files.into_iter().find(|file| file.name == "meetup.ics").unwrap();
    let calendar = String::from_utf8(file.bytes).unwrap().replace("\r\n ", "");
    assert!(calendar.contains(&format!("LOCATION:{link}")), "{calendar}");
    for message in room.messages() {
        assert!(!message.full_text().contains("public place"), "{}", message.full_text());
    }
    house.closes().await;
}

on_both_engines!(two_who_want_a_call_get_one_all_the_way);
