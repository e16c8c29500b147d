//! The calendar at a secret address, over real HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wallflower::app::{Refusal, Stop, Wallflower};
use wallflower::clock::Clock;
use wallflower::domain::ids::MeetupId;
use wallflower::domain::meetup::Rsvp;

use super::evenings::an_evening;
use super::life::Deaths;
use super::support::TestDatabase;
use super::village::{HOME, Temper, Village};

on_both_engines!(
    a_calendar_shows_its_members_own_meetups_and_follows_their_changes,
    an_address_that_was_replaced_or_taken_back_shows_nothing_and_is_nowhere_in_the_database,
);

/// Wallflower behind its web server.
struct Served {
    app: Arc<Wallflower>,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Served {
    async fn over(village: &Village) -> Self {
        let door = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let base = wallflower::web::address_of(door.local_addr().unwrap());
        let clock = Arc::clone(&village.clock) as Arc<dyn Clock>;
        let app = Wallflower::new(village.store().clone(), clock, "a secret of the tests".to_owned().into(), [9; 32]);
        let app = Arc::new(app.serving_feeds_at(Some(base)));
        let (stop, stopping) = watch::channel(false);
        let server = tokio::spawn(wallflower::web::serve(door, Arc::clone(&app), stopping));
        Self { app, stop, server }
    }

    async fn ends(self) {
        self.stop.send(true).unwrap();
        self.server.await.unwrap().unwrap();
    }
}

/// The status and the body; asked by a client that keeps no connection open.
async fn read(address: &str) -> (u16, String) {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let answer = client.get(address).send().await.unwrap();
    let status = answer.status().as_u16();
    if status == 200 {
        assert_eq!(answer.headers()["content-type"], "text/calendar; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "private, no-store");
    }
    (status, answer.text().await.unwrap())
}

fn uid(meetup: MeetupId) -> String {
    format!("UID:{meetup}@wallflower")
}

async fn a_calendar_shows_its_members_own_meetups_and_follows_their_changes(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let served = Served::over(&village).await;
    let [ana, cy] = [0, 2].map(Village::person);
    let address = served.app.new_feed(HOME, ana).await.unwrap();
    let (status, empty) = read(&address).await;
    assert!(status == 200 && empty.contains("BEGIN:VCALENDAR") && !empty.contains("VEVENT"), "{empty}");
    let id = an_evening(&mut village, wallflower::domain::meetup::Limits::default()).await;
    let (_, one) = read(&address).await;
    assert!(one.contains(&uid(id)) && one.contains("SEQUENCE:0"), "{one}");
    served.app.name_place(id, ana, "The Library").await.unwrap();
    let (_, placed) = read(&address).await;
    assert!(placed.contains(&uid(id)) && placed.contains("SEQUENCE:1") && placed.contains("LOCATION:The Library"));
    let of_cy = served.app.new_feed(HOME, cy).await.unwrap();
    assert!(!read(&of_cy).await.1.contains("VEVENT"), "who does not come has nothing there");
    served.app.rsvp(id, cy, Rsvp::Going).await.unwrap();
    assert!(read(&of_cy).await.1.contains(&uid(id)));
    served.app.call_off(id, ana, "").await.unwrap();
    assert!(!read(&address).await.1.contains("VEVENT"), "called off");
    served.ends().await;
}

async fn an_address_that_was_replaced_or_taken_back_shows_nothing_and_is_nowhere_in_the_database(
    database: TestDatabase,
) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let refused = village.app().new_feed(HOME, Village::person(0)).await;
    assert!(matches!(refused, Err(Stop::Refusal(Refusal::NoFeeds))), "without a server there is no address");
    let served = Served::over(&village).await;
    let ana = Village::person(0);
    let first = served.app.new_feed(HOME, ana).await.unwrap();
    let second = served.app.new_feed(HOME, ana).await.unwrap();
    assert_eq!((read(&first).await.0, read(&second).await.0), (404, 200));
    let secret = second.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
    assert!(secret.len() == 32, "{second}");
    let rows = village.database().rows().await;
    assert!(rows.iter().all(|(_, row)| !row.contains(&secret)), "only a hash is kept");
    assert!(served.app.revoke_feed(HOME, ana).await.unwrap());
    let (status, gone) = read(&second).await;
    let never = read(&second.replace(&secret, &"0".repeat(32))).await;
    assert_eq!((status, gone), never, "taken back reads like never there");
    let third = served.app.new_feed(HOME, ana).await.unwrap();
    served.app.leave(HOME, ana).await.unwrap();
    assert_eq!(read(&third).await.0, 404);
    served.ends().await;
}
