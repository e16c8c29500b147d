//! What must be true of every life, and the end of a life for comparing.

use std::collections::BTreeMap;

use chrono::TimeZone;
use wallflower::app::messenger::Place;
use wallflower::domain::meetup::{Meetup, State};
use wallflower::domain::member::Door;
use wallflower::domain::notice::Notice;

use super::memory::Post;
use super::tables::tables_naming;
use super::village::{BYSTANDER, CHANNEL, HOME, Village};

/// How one meetup ended, and what was said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub state: String,
    pub why: String,
    pub met: usize,
    pub threads: usize,
    /// How often each notice was said.
    pub said: BTreeMap<String, usize>,
}

/// All that is compared between a life with trouble and one without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub ends: BTreeMap<Vec<i64>, End>,
    pub doorbells: usize,
    pub welcomes: usize,
}

impl Summary {
    pub async fn of(village: &Village) -> Self {
        let posts = village.memory.posts();
        let threads = village.memory.threads();
        let mut ends = BTreeMap::new();
        for meetup in village.meetups().await {
            let users: Vec<i64> = meetup.participants.iter().map(|one| one.user.get()).collect();
            let mut said = BTreeMap::new();
            for post in posts.iter().filter(|post| post.meetup == Some(meetup.id)) {
                *said.entry(format!("{:?}", post.notice)).or_default() += 1;
            }
            let met = village.store().met(HOME, meetup.participants[0].user).await.unwrap();
            let end = End {
                state: meetup.state.name().to_owned(),
                why: if let State::Fizzled { why } = &meetup.state { format!("{why:?}") } else { String::new() },
                met: met.iter().filter(|met| met.meetup == meetup.id).count(),
                threads: threads.iter().filter(|(of, _)| *of == meetup.id).count(),
                said,
            };
            ends.insert(users, end);
        }
        let count = |notice| posts.iter().filter(|post| post.notice == notice).count();
        Self { ends, doorbells: count(Notice::Doorbell), welcomes: count(Notice::Welcome) }
    }
}

/// Every promise that holds whatever happened.
pub async fn keep(village: &Village) {
    let far = chrono::Utc.with_ymd_and_hms(2100, 1, 1, 0, 0, 0).unwrap();
    assert!(village.store().due_notices(far, None).await.unwrap().is_empty(), "something waits for ever");
    for meetup in village.meetups().await {
        assert!(meetup.is_over(), "{meetup:?}");
        assert_eq!(meetup.participants.len(), meetup.invited);
        hears_what_came_of_it(village, &meetup).await;
    }
    let posts = village.memory.posts();
    nothing_twice(&posts);
    let doorbells = posts.iter().filter(|post| post.notice == Notice::Doorbell).count();
    let rounds = village.store().programme(HOME).await.unwrap().unwrap().round;
    assert!(i64::try_from(doorbells).unwrap() <= rounds, "{doorbells} doorbells in {rounds} rounds");
    for post in &posts {
        assert!(post.fresh, "stale: {post:?}");
        in_confidence(village, post).await;
    }
    assert!(tables_naming(village.database(), BYSTANDER).await.is_empty(), "a bystander left a trace");
    for file in std::fs::read_dir(village.database().folder()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|window| window == BYSTANDER.get().to_be_bytes()));
    }
}

/// Whoever has not been told finds it where they look.
async fn hears_what_came_of_it(village: &Village, meetup: &Meetup) {
    for one in meetup.participants.iter().filter(|one| one.news.is_some()) {
        let mine = village.app().mine(HOME, one.user).await.unwrap();
        assert!(mine.news.iter().any(|waits| waits.id == meetup.id), "{} never hears of {meetup:?}", one.user);
    }
}

fn nothing_twice(posts: &[Post]) {
    for (index, post) in posts.iter().enumerate().filter(|(_, post)| post.notice != Notice::Doorbell) {
        let same =
            |other: &&Post| (&other.notice, other.meetup, other.member) == (&post.notice, post.meetup, post.member);
        assert_eq!(posts[..index].iter().find(same).map(|other| other.id), None, "said twice: {post:?}");
    }
}

/// Before both yes nobody is named but to themselves; afterwards the room is their own.
async fn in_confidence(village: &Village, post: &Post) {
    let Place::Channel(channel) = post.place else {
        assert_eq!(post.member.map(Place::Direct), Some(post.place), "told somebody else: {post:?}");
        return;
    };
    if let Some(member) = post.member {
        let door = village.store().member(HOME, member).await.unwrap().unwrap().profile.door;
        assert!(door == Door::Mention && post.notice.calls(), "named before others: {post:?}");
    } else if channel == CHANNEL {
        assert!(matches!(post.notice, Notice::Doorbell | Notice::Invitation), "told the channel: {post:?}");
    } else {
        assert!(!post.before_all_yes, "the room heard too early: {post:?}");
        assert!(village.memory.threads().contains(&(post.meetup.unwrap(), channel)));
    }
}
