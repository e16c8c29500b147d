//! The listening half of the program as a process of its own, which takes joinings and leavings line by line in place of
//! clicks.

use std::io::BufRead as _;
use std::sync::Arc;

use secrecy::SecretString;
use serenity::http::HttpBuilder;
use wallflower::app::watch::Watch;
use wallflower::discord::listener::{Listener, Share};
use wallflower::domain::ids::UserId;
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::store::Store;

use crate::following::clock_of;
use crate::stage::community_id;

/// The environment variables by which a child process is told where it lives.
pub const CHILD: &str = "WALLFLOWER_STORM_CHILD";
pub const TOKEN: &str = "WALLFLOWER_STORM_TOKEN";
pub const DATABASE: &str = "WALLFLOWER_STORM_DATABASE";

/// What the storm starts; alone it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_process() {
    let Ok(discord) = std::env::var(CHILD) else { return };
    let store = Store::open(&std::env::var(DATABASE).unwrap()).await.unwrap();
    let clock = clock_of(discord.clone()).await;
    let watch = Arc::new(Watch::open(store.clone()).await.unwrap());
    let token = std::env::var(TOKEN).unwrap();
    let http = Arc::new(HttpBuilder::new(&token).proxy(discord).ratelimiter_disabled(true).build());
    let share = Share { run: format!("process {}", std::process::id()), ..Share::default() };
    let listener =
        Listener::new(SecretString::from(token), http, Arc::clone(&watch), store.clone(), clock).sharing(share);
    let (wishes, mut heard) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let _ = wishes.send(line.unwrap());
        }
        std::process::exit(0);
    });
    tokio::spawn(async move {
        while let Some(wish) = heard.recv().await {
            fulfil(&watch, &store, &wish).await;
        }
    });
    let (_keep, stopping) = tokio::sync::watch::channel(false);
    listener.run(stopping).await.unwrap();
}

/// As `join` and `leave` do it.
async fn fulfil(watch: &Watch, store: &Store, wish: &str) {
    let words: Vec<&str> = wish.split(' ').collect();
    let number = |at: usize| words[at].parse::<u64>().unwrap();
    let (community, user) = (community_id(number(1)), UserId::new(number(2)).unwrap());
    if words[0] == "join" {
        let admission = watch.admit(community, user, i64::try_from(number(3)).unwrap()).await.unwrap();
        let (membership, profile) = (Membership::Active, Profile::default());
        let member = Member { community, user, counted_from: admission.from(), membership, profile };
        store.enrol(&member).await.unwrap();
        admission.keep();
    } else {
        let _alone = watch.alone().await;
        store.leave(community, user).await.unwrap();
        watch.dismiss(community, user);
    }
}
