//! Enrolling, where the store did it and its answer said otherwise.

use std::sync::Arc;

use fake_discord::snowflake_at;
use wallflower::app::Wallflower;
use wallflower::app::programme::Setup;
use wallflower::domain::ids::{ChannelId, UserId};
use wallflower::domain::member::{Member, Membership, Profile};

use crate::stage::{Stage, chat, community_id};
use crate::support::TestDatabase;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_enrolled_though_the_answer_was_lost_is_counted() {
    let stage = Stage::new(TestDatabase::sqlite()).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.den.person("bo"), stage.den.person("wally"));
    let process = stage.listens().await;
    let clock = Arc::clone(&stage.clock) as _;
    let app = Wallflower::new(stage.store.clone(), clock, "a secret of the tests".to_owned().into(), [9; 32]);
    let app = app.hearing_with(Arc::clone(&process.watch));
    let (community, user) = (community_id(stage.den.id), UserId::new(bo.id).unwrap());
    let channel = ChannelId::new(stage.general.id).unwrap();
    app.set_up(community, Setup { channel, zone: None, moderators: None, required_role: None }).await.unwrap();
    let moment = i64::try_from(snowflake_at(stage.discord.now())).unwrap();
    let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect(&stage.database.url).await.unwrap();
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'broken'); END";
    sqlx::query(broken).execute(&mut other).await.unwrap();
    assert!(app.join(community, user, moment, &[]).await.is_err());
    sqlx::query("DROP TRIGGER broken").execute(&mut other).await.unwrap();
    // The row, as if it had been committed.
    let (membership, profile) = (Membership::Active, Profile::default());
    stage.store.enrol(&Member { community, user, counted_from: moment, membership, profile }).await.unwrap();
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.stops().await.unwrap();
}
