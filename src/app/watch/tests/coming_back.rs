//! People and communities that go and come back, while memory and store may not have heard of each other.

use super::*;

#[tokio::test]
async fn who_left_elsewhere_and_comes_back_begins_anew() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    // By another process, which knows nothing of this one's memory; or by this one, and the answer was lost.
    home.store.leave(den(), user(BO)).await.unwrap();
    let admission = watch.admit(den(), user(BO), message(5).get()).await.unwrap();
    assert_eq!((admission.from(), admission.is_new()), (message(5).get(), true));
    home.enrol(BO, admission.from()).await;
    admission.keep();
    hear(&watch, replied(6, ANA, BO));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 1000)]));
    // And who was enrolled by another process is counted since then.
    home.enrol(13, message(4).get()).await;
    let admission = watch.admit(den(), user(13), message(8).get()).await.unwrap();
    assert_eq!((admission.from(), admission.is_new()), (message(4).get(), false));
    drop(admission);
    hear(&watch, replied(9, ANA, 13));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await[&(ANA, 13, Kind::Reply)], 1000);
}

#[tokio::test]
async fn a_community_that_comes_back_just_as_it_is_erased_is_listened_to() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    watch.depart(den()).await.unwrap();
    home.store.community_removed(den(), message(1).time()).await.unwrap();
    let erased = home.store.erase_removed(message(2).time()).await.unwrap();
    // Before whoever erases it has told the ear, it is back.
    home.store.community_present(den(), "Den", message(3).time()).await.unwrap();
    watch.arrive(den(), &[sight(GENERAL, None)]).await.unwrap();
    for community in erased {
        watch.erase(community);
    }
    for who in [ANA, BO] {
        let admission = watch.admit(den(), user(who), message(4).get()).await.unwrap();
        home.enrol(who, admission.from()).await;
        admission.keep();
    }
    hear(&watch, replied(9, ANA, BO));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 1000)]));
}
