//! The town: an invented community (or the people of an exported chat), and how it wakes: it is founded, the bot is set
//! up, people say "count me in" by its own button, and some days of talk have passed before anybody looks.

use anyhow::{Context, Result};
use fake_discord::world::Draft;
use fake_discord::{Channel, Community, DEFAULT_START_MS, Discord, Id, Person, permissions};

use super::Options;
use super::export::Exported;
use super::lines::{NAMES, ROOMS};
use super::replay::Replay;
use super::stage::Stage;
use super::talk::{Source, Talk};

pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;
/// Days of talk that have passed before anybody looks.
const DAYS_BEFORE: i64 = 5;
/// Of so many people, one never joins.
const BYSTANDERS: usize = 6;
/// Between two of them who join.
const BETWEEN_JOINING_MS: i64 = 20_000;
/// Messages that are said at a stretch while the town wakes.
const STRETCH: usize = 150;
/// Messages of one channel that are kept: as many as the bot reads back for somebody who joins.
const MOST_KEPT: usize = 5000;
/// How often somebody clicks who got no answer.
const TRIES: usize = 20;

/// Who lives there, and where.
#[derive(Debug, Clone)]
pub struct Town {
    pub community: Community,
    /// Where the bot speaks.
    pub meetups: Channel,
    pub admin: Person,
    pub moderator: Person,
    /// The one whom a visitor is, unless they choose: talks a lot with the next one, and has not joined.
    pub visitor: Person,
    /// Everybody who talks, the visitor first.
    pub people: Vec<Person>,
    /// Where they talk, in the order of `lines::ROOMS`.
    pub rooms: Vec<Channel>,
}

impl Town {
    /// An invented one.
    pub fn found(discord: &Discord, options: &Options) -> Self {
        // The visitor arrives on a Monday morning; the round comes at six in the evening.
        discord.set_now(DEFAULT_START_MS - HOUR_MS - DAYS_BEFORE * DAY_MS);
        let community = discord.community("The Allotment");
        let rooms: Vec<Channel> = ROOMS.iter().map(|room| community.channel(room.name)).collect();
        let (meetups, admin, moderator) = furnish(discord, &community, ["Ada", "Mo"]);
        let names = NAMES.iter().map(|name| (*name).to_owned());
        let more = (2..).flat_map(|round| NAMES.iter().map(move |name| format!("{name} {round}")));
        let people: Vec<Person> =
            names.chain(more).take(options.members.max(2)).map(|name| community.person(&name)).collect();
        describe(discord, &rooms);
        Self { community, meetups, admin, moderator, visitor: people[0].clone(), people, rooms }
    }

    /// The people and channels of an exported chat.
    pub fn of_export(discord: &Discord, exported: &Exported) -> Self {
        discord.set_now(exported.starts_at() - HOUR_MS);
        let community = discord.community(&exported.community);
        let rooms: Vec<Channel> = exported.channels.iter().map(|name| community.channel(name)).collect();
        let (meetups, admin, moderator) = furnish(discord, &community, ["Ada (admin)", "Mo (moderator)"]);
        let people: Vec<Person> = exported.people.iter().map(|name| community.person(name)).collect();
        let visitor = people.first().cloned().unwrap_or_else(|| community.person("Visitor"));
        Self { community, meetups, admin, moderator, visitor, people, rooms }
    }

    /// Drops what was said so long ago that not even the bot reads it back, so that a playground may run for days.
    pub fn forgets_old_talk(&self, discord: &Discord) {
        discord.change_world(|world| {
            for room in &self.rooms {
                let Some(channel) = world.channels.get_mut(&room.id) else { continue };
                while channel.timeline.len() > MOST_KEPT {
                    if let Some(oldest) = channel.timeline.pop_first() {
                        world.messages.remove(&oldest);
                    }
                }
            }
        });
    }

    pub fn person(&self, id: Id) -> Option<&Person> {
        let others = [&self.admin, &self.moderator, &self.visitor];
        self.people.iter().chain(others).find(|person| person.id == id)
    }
}

/// What every community has beside its talk: a channel for the bot, one for moderators, and people who keep it.
fn furnish(discord: &Discord, community: &Community, [admin, moderator]: [&str; 2]) -> (Channel, Person, Person) {
    let meetups = community.channel("meetups");
    let mods = community.channel("moderators");
    mods.denies(&community.everyone(), permissions::VIEW_CHANNEL);
    mods.allows_bot(permissions::VIEW_CHANNEL);
    let (admin, moderator) = (community.admin(admin), community.moderator(moderator));
    mods.allows_person(&admin, permissions::VIEW_CHANNEL);
    mods.allows_person(&moderator, permissions::VIEW_CHANNEL);
    discord.change_world(|world| {
        // Its founder is an account without a person behind it.
        let founder = world.communities.get(&community.id).map(|found| found.owner);
        if let Some(founder) = founder {
            world.leave(community.id, founder);
        }
        let topics = [(meetups.id, "Where Wallflower speaks"), (mods.id, "Reports arrive here")];
        for (channel, topic) in topics {
            if let Some(found) = world.channels.get_mut(&channel) {
                found.topic = Some(topic.into());
            }
        }
    });
    (meetups, admin, moderator)
}

fn describe(discord: &Discord, rooms: &[Channel]) {
    discord.change_world(|world| {
        for (channel, room) in rooms.iter().zip(ROOMS) {
            if let Some(found) = world.channels.get_mut(&channel.id) {
                found.topic = Some(room.topic.into());
            }
        }
    });
}

/// Lets the town wake, and returns its talk, which goes on.
pub async fn wake(stage: &Stage, options: &Options, exported: Option<Exported>) -> Result<Source> {
    stage.tell_progress(1, "The bot starts");
    let mut changes = stage.discord.changes();
    let is_there = |stage: &Stage| {
        let connected = stage.discord.sessions().iter().filter(|session| session.connected).count() >= 2;
        connected && stage.discord.world(|world| !world.commands.is_empty())
    };
    while !is_there(stage) {
        changes.changed().await?;
    }
    stage.tell_progress(5, "Ada sets Wallflower up");
    set_up(stage).await?;
    join(stage, exported.is_some()).await?;
    let source = if let Some(exported) = exported {
        stage.set_now(stage.discord.now().max(exported.starts_at() - MINUTE_MS / 2));
        Source::Replay(Replay::new(exported))
    } else {
        let mut talk = Talk::new(options.seed, &stage.town, stage.discord.now());
        talk_before(stage, &mut talk).await;
        talk.wakes(stage.discord.now());
        Source::Talk(talk)
    };
    stage.wallflower().await?;
    stage.tell_progress(100, "");
    Ok(source)
}

async fn set_up(stage: &Stage) -> Result<()> {
    let Town { admin, meetups, .. } = &stage.town;
    let line = "/wallflower setup channel:#meetups moderators:#moderators zone:Europe/Amsterdam";
    insist(|| admin.try_runs_in(meetups, line)).await.context("the bot could not be set up")?;
    Ok(())
}

/// People say "count me in" under the invitation; all of an exported chat do.
async fn join(stage: &Stage, all: bool) -> Result<()> {
    let Town { meetups, people, visitor, .. } = &stage.town;
    let mut changes = stage.discord.changes();
    let invitation = loop {
        let button = |message: &fake_discord::SeenMessage| message.labels().iter().any(|label| label == "Count me in");
        if let Some(message) = meetups.messages().into_iter().rev().find(button) {
            break message;
        }
        changes.changed().await?;
    };
    for (number, person) in people.iter().enumerate() {
        if !all && (person.id == visitor.id || number % BYSTANDERS == BYSTANDERS - 1) {
            continue;
        }
        insist(|| person.try_clicks(&invitation, "Count me in")).await.context("somebody could not join")?;
        stage.set_now(stage.discord.now() + BETWEEN_JOINING_MS);
        stage.tell_progress(5 + number * 45 / people.len(), "Neighbours say \"count me in\"");
    }
    Ok(())
}

/// Tries again where the bot is not ready yet.
async fn insist<F>(mut act: impl FnMut() -> F) -> Result<fake_discord::Answer>
where
    F: Future<Output = Result<fake_discord::Answer, String>>,
{
    let mut last = String::new();
    for _ in 0..TRIES {
        match act().await {
            Ok(answer) => return Ok(answer),
            Err(reason) => last = reason,
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!(last)
}

/// Some days of talk, so that there is something to see.
async fn talk_before(stage: &Stage, talk: &mut Talk) {
    let (from, to) = (stage.discord.now(), DEFAULT_START_MS - HOUR_MS);
    while talk.next_at().is_some_and(|at| at < to) {
        let _moving = stage.time.moves().await;
        for _ in 0..STRETCH {
            let Some(at) = talk.next_at().filter(|at| *at < to) else { break };
            stage.discord.set_now(at);
            talk.say(stage);
        }
        let now = stage.discord.now();
        stage.set_now(now);
        let done = usize::try_from((now - from) * 50 / (to - from).max(1)).unwrap_or(0);
        stage.tell_progress(50 + done, "Five days of talk go by");
        tokio::task::yield_now().await;
    }
    stage.set_now(to);
}

/// Writes a message as a person may; what Discord refuses is left unsaid.
pub fn writes(stage: &Stage, draft: Draft) -> Option<Id> {
    stage.discord.change_world(|world| world.post(draft)).ok()
}
