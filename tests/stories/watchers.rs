//! What each person in the community gets to see from one step to the next: a bystander, an admin, a moderator, other
//! members, and of two who are asked the other one.

use std::collections::BTreeMap;

use fake_discord::{Person, Sight};

use crate::house::House;

/// What has long been due comes at once where less than this has passed; later it is time for other people's asks.
const A_MOMENT_MS: i64 = 60_000;

/// Everybody's sight as it was when they were looked at last.
#[derive(Default)]
pub struct Watchers {
    before: BTreeMap<u64, Sight>,
    looked_at: i64,
}

/// Who may see what of a step.
#[derive(Clone, Copy)]
pub struct Hidden<'a> {
    /// See nothing new at all; and where time has passed meanwhile, nothing that names Ana or Bo.
    pub from: &'a [&'a Person],
    /// May see something new, but neither Ana nor Bo is named in it.
    pub nameless_to: &'a [&'a Person],
}

impl Watchers {
    /// Lets the bot finish speaking, and looks at everybody.
    pub async fn look(&mut self, house: &House, step: &str, hidden: Hidden<'_>) {
        house.all_is_said().await;
        let news = self.news(house);
        let now = house.discord.now();
        let at_once = now - std::mem::replace(&mut self.looked_at, now) < A_MOMENT_MS;
        for person in hidden.from.iter().filter(|_| at_once) {
            let new = &news[&person.id];
            assert!(new.is_empty(), "{step}: {} sees something new: {new:#?}", person.name());
        }
        for person in hidden.from.iter().chain(hidden.nameless_to) {
            for named in [house.ana(), house.bo()].into_iter().filter(|named| named.id != person.id) {
                let line = news[&person.id].naming(named);
                assert!(line.is_none(), "{step}: {} reads of {}: {line:?}", person.name(), named.name());
            }
        }
    }

    fn news(&mut self, house: &House) -> BTreeMap<u64, Sight> {
        let look = |person: &Person| {
            let now = person.sight();
            let before = self.before.insert(person.id, now.clone()).unwrap_or_default();
            (person.id, now.since(&before))
        };
        house.everybody().into_iter().map(look).collect()
    }
}

impl House {
    /// All but Ana and Bo who read no private threads: the bystander, the admin, the other members.
    pub fn outsiders(&self) -> Vec<&Person> {
        [&self.zoe, &self.ada].into_iter().chain(&self.guests[2..]).collect()
    }

    /// The outsiders and the moderator.
    pub fn others(&self) -> Vec<&Person> {
        self.outsiders().into_iter().chain([&self.mo]).collect()
    }

    pub fn everybody(&self) -> Vec<&Person> {
        self.others().into_iter().chain([self.ana(), self.bo()]).collect()
    }

    /// Waits until the bot has nothing left to say for now. What it has to try again, it may.
    pub async fn all_is_said(&self) {
        self.eventually("the end of what is to be said now", async |store| {
            let now = chrono::DateTime::from_timestamp_millis(self.discord.now()).unwrap();
            let all = store.due_notices(now + chrono::Duration::days(1), None).await.unwrap();
            if all.iter().any(|notice| notice.due_at > now && notice.attempts > 0) {
                self.passes(std::time::Duration::from_secs(1));
            }
            let is_left = |notice: &wallflower::store::NoticeRow| notice.due_at <= now || notice.attempts > 0;
            (!all.iter().any(is_left)).then_some(())
        })
        .await;
    }
}
