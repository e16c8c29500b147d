//! The list of places, by city.

use wallflower::domain::ids::RoleId;
use wallflower::domain::place::CityId;
use wallflower::store::{Added, Place};

use super::home::*;
use super::support::TestDatabase;
use super::tables::tables_naming;

on_both_engines!(
    places_are_listed_once_and_as_many_as_may_be,
    places_go_with_their_community,
    a_role_stands_for_one_city_or_none
);

fn place(city: u32, name: &str) -> Place {
    Place { city: CityId::new(city), name: name.to_owned() }
}

async fn places_are_listed_once_and_as_many_as_may_be(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let add = async |place: &Place, at| store.add_place(HOME, place, (2, 3), later(at)).await.unwrap();
    assert_eq!(add(&place(1, "Zoo"), 0).await, Added::Yes);
    assert_eq!(add(&place(1, "Zoo"), 1).await, Added::Already);
    assert_eq!(add(&place(1, "Attic"), 2).await, Added::Yes);
    assert_eq!(add(&place(1, "Boat"), 3).await, Added::Full);
    assert_eq!(add(&place(2, "Boat"), 4).await, Added::Yes);
    assert_eq!(add(&place(3, "Boat"), 5).await, Added::Full);
    let all = [place(1, "Zoo"), place(1, "Attic"), place(2, "Boat")];
    assert_eq!(store.places(HOME).await.unwrap(), all, "the first that was added foremost");
    assert!(store.remove_place(HOME, &place(1, "Zoo")).await.unwrap());
    assert!(!store.remove_place(HOME, &place(1, "Zoo")).await.unwrap());
    assert_eq!(store.places(HOME).await.unwrap(), all[1..]);
}

async fn places_go_with_their_community(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    store.add_place(HOME, &place(1, "Sentinel"), (2, 3), now()).await.unwrap();
    store.community_removed(HOME, now()).await.unwrap();
    store.erase_removed(later(1)).await.unwrap();
    assert_eq!(tables_naming(&database, "Sentinel").await, Vec::<String>::new());
}

async fn a_role_stands_for_one_city_or_none(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let [one, other] = [1, 2].map(|id| RoleId::new(id).unwrap());
    let city = |id| Some(CityId::new(id));
    for (role, stands) in [(one, city(1)), (other, city(2)), (one, city(3))] {
        store.set_city_role(HOME, role, stands).await.unwrap();
    }
    assert_eq!(store.city_roles(HOME).await.unwrap(), [(one, CityId::new(3)), (other, CityId::new(2))]);
    store.set_city_role(HOME, one, None).await.unwrap();
    assert_eq!(store.city_roles(HOME).await.unwrap(), [(other, CityId::new(2))]);
}
