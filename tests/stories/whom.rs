//! Whom a round chooses of those who talk equally much: who lives nearer, who is free at the same times, who has waited longer.

use std::time::Duration;

use fake_discord::Person;
use wallflower::domain::tie::{Counts, Kind};

use crate::house::{House, since};
use crate::support::TestDatabase;

const YES: &str = "I'd like that";
const ANA: usize = 0;
const BO: usize = 1;
const CY: usize = 2;
const FLO: usize = 5;
const GUS: usize = 6;

impl House {
    async fn opens_in(database: TestDatabase) -> Self {
        let mut house = Self::new(database).await;
        house.opens().await;
        house.is_set_up("discreet").await;
        house
    }

    /// One of the guests talks with these others, with each as much.
    async fn talks_with(&self, one: usize, others: [usize; 2]) {
        let before = self.pairs_who_talk().await;
        for other in others {
            for _ in 0..6 {
                let said = self.guests[one].says(&self.general, "tea?");
                self.guests[other].replies_to(&said, "tea!");
                let back = self.guests[other].says(&self.general, "cake?");
                self.guests[one].replies_to(&back, "cake!");
            }
        }
        self.passes(Duration::from_mins(1));
        self.eventually("the ties of what was said", async |_| {
            self.passes(Duration::from_secs(10));
            (self.pairs_who_talk().await == before + 2).then_some(())
        })
        .await;
    }

    /// Whose talk has been counted to the end.
    async fn pairs_who_talk(&self) -> usize {
        let store = self.store().await;
        let seen = store.candidates(self.community(), since()).await.unwrap();
        store.close().await;
        let replies = |counts: &Counts| counts.of_kind(Kind::Reply).total().rounded();
        seen.map_or(0, |seen| seen.ties.values().filter(|counts| replies(counts) >= 12).count())
    }

    /// The round comes, and this one is asked about that one of the two.
    async fn is_asked_about(&self, one: usize, chosen: usize, other: usize) {
        let asked = self.dm_with(&self.guests[one], YES).await.full_text();
        let names = |guest: usize| asked.contains(&self.guests[guest].mention());
        assert!(names(chosen) && !names(other), "{asked}");
    }
}

/// Each of the two in turn, so that it is not the order of their names.
async fn in_turn(database: TestDatabase, one: &str, like: &str, unlike: &str) {
    let mut databases = vec![TestDatabase::sqlite(), database];
    for (chosen, other) in [(BO, CY), (CY, BO)] {
        let mut house = House::opens_in(databases.pop().unwrap()).await;
        for (guest, told) in [(ANA, one), (chosen, like), (other, unlike)] {
            let person: &Person = &house.guests[guest];
            person.runs(&format!("/meet profile {told}")).await;
        }
        house.talks_with(ANA, [BO, CY]).await;
        house.round_comes();
        house.is_asked_about(ANA, chosen, other).await;
        house.closes().await;
    }
}

async fn who_lives_nearer(database: TestDatabase) {
    in_turn(database, "city:amsterdam", "city:amsterdam", "city:arnhem").await;
}

async fn who_is_free_at_the_same_times(database: TestDatabase) {
    in_turn(database, "times:weekends", "times:weekends", "times:\"weekday evenings\"").await;
}

/// Ana was suggested to Cy a week ago, in vain; Gus to nobody so far. Flo talks with Cy and Gus.
async fn who_has_waited_longer(database: TestDatabase) {
    let mut house = House::opens_in(database).await;
    // Two rounds in which nobody talks with anybody.
    house.passes(Duration::from_hours(16 * 24));
    house.talks_with(ANA, [BO, CY]).await;
    house.guests[BO].runs("/meet avoid member:@ana").await;
    house.insist(|| house.ada.try_runs("/nudge now")).await;
    house.is_asked_about(ANA, CY, BO).await;
    house.passes(Duration::from_hours(6 * 24));
    house.all_is_said().await;
    house.talks_with(FLO, [CY, GUS]).await;
    house.insist(|| house.ada.try_runs("/nudge now")).await;
    house.is_asked_about(FLO, GUS, CY).await;
    house.closes().await;
}

on_both_engines!(who_lives_nearer, who_is_free_at_the_same_times, who_has_waited_longer);
