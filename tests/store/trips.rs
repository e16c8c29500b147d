//! Days in other cities.

use wallflower::domain::place::CityId;
use wallflower::domain::trip::Trip;

use crate::home::{ANA, BO, CY, HOME, set_up};
use crate::support::TestDatabase;

on_both_engines!(days_in_another_city_are_each_kept_once_and_go_when_they_are_over);

const UTRECHT: CityId = CityId::new(2_745_912);
const BERLIN: CityId = CityId::new(2_950_159);

async fn days_in_another_city_are_each_kept_once_and_go_when_they_are_over(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let trip = |city, first: &str, last: &str| Trip { city, first: day(first), last: day(last) };
    let kept = async |user| store.member(HOME, user).await.unwrap().map(|member| member.profile.trips);
    let week = ["2026-12-03", "2026-12-04", "2026-12-05", "2026-12-06"].map(day);
    store.add_trip(HOME, ANA, BERLIN, &week).await.unwrap();
    store.add_trip(HOME, CY, BERLIN, &week).await.unwrap();
    assert_eq!(kept(ANA).await, Some(vec![trip(BERLIN, "2026-12-03", "2026-12-06")]));
    assert_eq!((kept(BO).await, kept(CY).await), (Some(vec![]), None), "a bystander's days are not kept");
    // The last word counts.
    store.add_trip(HOME, ANA, UTRECHT, &week[1..2]).await.unwrap();
    let three = [
        trip(BERLIN, "2026-12-03", "2026-12-03"),
        trip(UTRECHT, "2026-12-04", "2026-12-04"),
        trip(BERLIN, "2026-12-05", "2026-12-06"),
    ];
    assert_eq!(kept(ANA).await, Some(three.to_vec()));
    let all = store.members(HOME).await.unwrap();
    assert_eq!(all.iter().map(|one| one.profile.trips.len()).collect::<Vec<_>>(), [3, 0]);
    // A profile that is saved leaves them alone, and only the days in the city that is named are taken back.
    store.save_profile(&all[0]).await.unwrap();
    store.remove_trip(HOME, ANA, trip(BERLIN, "2026-12-03", "2026-12-05")).await.unwrap();
    assert_eq!(kept(ANA).await, Some(vec![three[1], trip(BERLIN, "2026-12-06", "2026-12-06")]));
    store.prune_trips("2026-12-05T23:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(kept(ANA).await.unwrap().len(), 2, "somewhere it is still that day");
    store.prune_trips("2026-12-06T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(kept(ANA).await, Some(vec![trip(BERLIN, "2026-12-06", "2026-12-06")]));
}
