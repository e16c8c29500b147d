//! A playground may run for days: it keeps what somebody may still look at or use, and no more.

use fake_discord::Id;
use fake_discord::world::World;
use serde_json::json;

use crate::page::{Tab, Visitor};
use crate::playground;

const HOUR_MS: i64 = 3_600_000;
/// A week a minute.
const FASTEST: u32 = 10_000;
/// Of what only one person sees.
const MOST_EPHEMERAL: usize = 20;

fn seen_by_one(world: &World, person: Id) -> usize {
    world.messages.values().filter(|message| message.ephemeral_for == Some(person)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_looks_at_any_more_is_dropped_as_time_goes_on() {
    let visitor = Visitor::comes_to(playground(24).await);
    let mut tab = Tab::opens(&visitor, "").await;
    tab.until_awake().await;
    let (me, discord) = (tab.here("me").parse().unwrap(), visitor.playground.discord.clone());
    tab.sets_pace(&visitor, 0).await;
    for _ in 0..MOST_EPHEMERAL + 5 {
        tab.does(&visitor, json!({ "do": "run", "channel": tab.here("channel"), "line": "/meet upcoming" })).await;
    }
    assert_eq!(discord.world(|world| seen_by_one(world, me)), MOST_EPHEMERAL + 5);
    let (began, acts) = (tab.now(), discord.world(|world| world.interactions.len()));
    assert!(acts > MOST_EPHEMERAL);
    tab.sets_pace(&visitor, FASTEST).await;
    tab.until("two days", |tab| tab.now() > began + 48 * HOUR_MS).await;
    tab.sets_pace(&visitor, 0).await;
    assert_eq!(discord.world(|world| seen_by_one(world, me)), MOST_EPHEMERAL, "the last ones stay");
    let (now, oldest) = (tab.now(), discord.world(|world| world.interactions.values().map(|act| act.born_ms).min()));
    assert!(oldest.is_none_or(|born| now - born < 7 * HOUR_MS), "no act is kept that opens nothing any more");
    visitor.playground.close().await.unwrap();
}
