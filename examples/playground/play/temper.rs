//! What the town's people do with what the bot says to them: they answer asks, vote, name a place and check in, each by
//! their temper and in their own time. Whoever sits at a tab decides alone.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use fake_discord::talk::Dice;
use fake_discord::world::{Draft, Message, messages};
use fake_discord::{BOT_ID, Channel, Id, Person};
use serde_json::Value;
use wallflower::app::meetups::Answer;
use wallflower::discord::custom_id::{CustomId, Verb};
use wallflower::domain::ids::MeetupId;
use wallflower::domain::meetup::Account;

use super::lines::{HELLOS, PLACES};
use super::noticed::{concerned, note};
use super::stage::{Stage, unpoisoned};
use super::talk::Source;
use super::town::{HOUR_MS, MINUTE_MS, writes};

/// Chances in a hundred.
const SAYS_YES: u64 = 84;
const SAYS_NO: u64 = 10;
const CAN_MAKE_IT: u64 = 70;
const CAN_MAKE_THE_FIRST: u64 = 88;
const SAYS_HELLO: u64 = 70;
const THEY_MET: usize = 88;
const IS_ANSWERED: u64 = 85;
const OTHER_TIME_SUITS: u64 = 80;
const COMES_TO_AN_OPEN_EVENING: u64 = 20;
const BETWEEN_REACTIONS_MS: i64 = 8_000;
const NONE_OF_THESE: &str = "🚫";

/// Something that somebody will do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Click { message: Id, button: String },
    React { message: Id, slot: usize },
    Ballot { message: Id, button: String },
    Place { message: Id, button: String, meetup: MeetupId },
    Say { channel: Id, text: &'static str },
    Answer { channel: Id, message: Id, text: &'static str },
}

/// What is going to be done, soonest first.
pub struct Agenda {
    waiting: BinaryHeap<Reverse<(i64, usize, Id, Deed)>>,
    count: usize,
    dice: Dice,
    /// What was written up to here is the past: nobody answers it any more.
    awoke: Id,
    /// Who has written at a tab, and was answered.
    answered: BTreeSet<Id>,
}

impl Agenda {
    /// For a town that wakes now.
    pub fn new(seed: u64, stage: &Stage) -> Self {
        let awoke = stage.discord.world(|world| world.messages.last_key_value().map_or(0, |(id, _)| *id));
        // Other dice than the talk's, which fall by the same seed.
        let dice = Dice::new(!seed);
        Self { waiting: BinaryHeap::new(), count: 0, dice, awoke, answered: BTreeSet::new() }
    }

    pub fn next_at(&self) -> Option<i64> {
        self.waiting.peek().map(|Reverse((at, ..))| *at)
    }

    fn plan(&mut self, at: i64, who: Id, deed: Deed) {
        self.count += 1;
        self.waiting.push(Reverse((at, self.count, who, deed)));
    }

    fn within(&mut self, from_ms: i64, to_ms: i64) -> i64 {
        from_ms + i64::try_from(self.dice.below(usize::try_from(to_ms - from_ms).unwrap_or(1))).unwrap_or(0)
    }

    /// Looks at what has been written since the last look: plans what it leads to, and keeps whom it concerns.
    pub fn look(&mut self, stage: &Stage, source: &mut Source) {
        let last = unpoisoned(&stage.noticed).last;
        let new: Vec<(Message, Vec<Id>)> = stage.discord.world(|world| {
            let found = world.messages.range(last + 1..).map(|(_, message)| message);
            found.map(|message| (message.clone(), concerned(world, message))).collect()
        });
        for (message, people) in new {
            note(stage, &message, &people);
            if message.author == BOT_ID {
                self.heed(stage, &message, &people);
            } else if message.id > self.awoke && stage.is_taken(message.author) {
                self.answer(stage, source, &message);
            }
        }
    }

    /// Somebody at a tab has written: the first time they are answered, later most likely.
    fn answer(&mut self, stage: &Stage, source: &mut Source, message: &Message) {
        let Source::Talk(talk) = source else { return };
        let answer = talk.answer(message.channel, message.author, |other| stage.is_taken(other));
        let Some((who, text)) = answer else { return };
        if self.answered.insert(message.author) || self.dice.chance(IS_ANSWERED) {
            let soon = if stage.time.told().pace > 10 { 40_000 } else { 6_000 };
            let at = stage.discord.now() + self.within(soon, 3 * soon);
            self.plan(at, who, Deed::Answer { channel: message.channel, message: message.id, text });
        }
    }

    fn heed(&mut self, stage: &Stage, message: &Message, people: &[Id]) {
        if message.ephemeral_for.is_some() {
            return;
        }
        let now = stage.discord.now();
        let friend = stage.town.people.get(1).map(|person| person.id);
        let guests = self.guests(stage, message);
        for who in people.iter().chain(&guests) {
            let wish = self.wish(message, Some(*who) == friend, guests.contains(who));
            if let Some((deed, soonest, latest)) = wish {
                let at = now + self.within(soonest, latest);
                self.plan(at, *who, deed);
            }
        }
    }

    /// Members who would come to an open evening, which nobody is asked to.
    fn guests(&mut self, stage: &Stage, message: &Message) -> Vec<Id> {
        let here = message.channel == stage.town.meetups.id;
        let has = |fits: fn(Verb) -> bool| custom_ids(&message.components).iter().any(|id| fits(id.verb));
        let is_announced = has(|verb| matches!(verb, Verb::Going { .. }));
        // The poll of two, where they are named in the channel, rings for them.
        let is_asked = message.poll.is_some() || has(|verb| matches!(verb, Verb::Vote { .. } | Verb::Propose { .. }));
        let is_open = here && (is_announced || message.pinged.is_empty() && is_asked);
        let sees = stage.sees.borrow().clone();
        let members = stage.town.people.iter().map(|person| person.id).filter(|id| is_open && sees.is_member(*id));
        members.filter(|_| self.dice.chance(COMES_TO_AN_OPEN_EVENING)).collect()
    }

    /// What somebody will do about a message, and from when to when. The visitor's friend goes along with all of it.
    fn wish(&mut self, message: &Message, is_the_friend: bool, is_guest: bool) -> Option<(Deed, i64, i64)> {
        let buttons = custom_ids(&message.components);
        let find = |fits: &dyn Fn(Verb) -> bool| buttons.iter().copied().find(|id| fits(id.verb));
        let press = |id: CustomId| Deed::Click { message: message.id, button: id.to_string() };
        if find(&|verb| matches!(verb, Verb::Ask { .. })).is_some() {
            let wanted = self.answer_to_an_ask(is_the_friend)?;
            let button = find(&|verb| matches!(verb, Verb::Ask { answer, .. } if answer == wanted))?;
            return Some((press(button), 4 * MINUTE_MS, 4 * HOUR_MS));
        }
        if let Some(meetup) = find(&|verb| matches!(verb, Verb::CheckIn { .. })).and_then(|id| id.verb.meetup()) {
            let wanted = if is_the_friend || met(meetup) { Account::WeMet } else { Account::DidNotHappen };
            let button = find(&|verb| matches!(verb, Verb::CheckIn { account, .. } if account == wanted))?;
            return Some((press(button), 5 * MINUTE_MS, 6 * HOUR_MS));
        }
        if let Some(button) = find(&|verb| matches!(verb, Verb::OfferSuits { .. })) {
            let suits = is_the_friend || self.dice.chance(OTHER_TIME_SUITS);
            return suits.then(|| (press(button), 10 * MINUTE_MS, 3 * HOUR_MS));
        }
        if let Some(button) = find(&|verb| matches!(verb, Verb::Vote { .. })) {
            let button = button.to_string();
            return Some((Deed::Ballot { message: message.id, button }, 10 * MINUTE_MS, 8 * HOUR_MS));
        }
        if message.poll.is_some() || find(&|verb| matches!(verb, Verb::Propose { .. })).is_some() {
            return Some((Deed::React { message: message.id, slot: 0 }, 10 * MINUTE_MS, 8 * HOUR_MS));
        }
        if let Some(button) = find(&|verb| matches!(verb, Verb::Going { .. })) {
            return is_guest.then(|| (press(button), 10 * MINUTE_MS, 20 * HOUR_MS));
        }
        if let Some(button) = find(&|verb| matches!(verb, Verb::Where { .. })) {
            let (button, meetup) = (button.to_string(), button.verb.meetup()?);
            return Some((Deed::Place { message: message.id, button, meetup }, HOUR_MS, 9 * HOUR_MS));
        }
        let is_a_room = find(&|verb| matches!(verb, Verb::Report { .. })).is_some();
        (is_a_room && self.dice.chance(SAYS_HELLO)).then(|| {
            let text = HELLOS[self.dice.below(HELLOS.len())];
            (Deed::Say { channel: message.channel, text }, 2 * MINUTE_MS, 40 * MINUTE_MS)
        })
    }

    /// What somebody answers; `None` for silence.
    fn answer_to_an_ask(&mut self, is_the_friend: bool) -> Option<Answer> {
        let drawn = self.dice.roll() % 100;
        if is_the_friend || drawn < SAYS_YES {
            Some(Answer::Yes)
        } else {
            (drawn < SAYS_YES + SAYS_NO).then_some(Answer::NotNow)
        }
    }

    /// Does what is due first. What cannot be done any more is left undone, as people do.
    pub async fn act(&mut self, stage: &Stage) {
        let Some(Reverse((_, _, who, deed))) = self.waiting.pop() else { return };
        let Some(person) = stage.town.person(who).filter(|_| !stage.is_taken(who)) else { return };
        let done = match deed {
            Deed::Click { message, button } => click(stage, person, message, &button).await,
            Deed::React { message, slot } => self.vote(stage, person, message, slot),
            Deed::Ballot { message, button } => ballot(stage, person, message, &button).await,
            Deed::Place { message, button, meetup } => {
                self.name_a_place(stage, person, (message, &button), meetup).await
            }
            Deed::Say { channel, text } => {
                writes(stage, Draft::new(channel, who, text)).map(drop).ok_or_else(String::new)
            }
            Deed::Answer { channel, message, text } => {
                let reference = Some(fake_discord::world::Reference { channel, message });
                let draft = Draft { kind: messages::REPLY, reference, ..Draft::new(channel, who, text) };
                writes(stage, draft).map(drop).ok_or_else(String::new)
            }
        };
        if let Err(reason) = done {
            tracing::debug!(who = %person.name(), reason, "left undone");
        }
    }

    /// Votes in a poll of Discord's own; or by reactions, one after the other as people do.
    fn vote(&mut self, stage: &Stage, person: &Person, message: Id, slot: usize) -> Result<(), String> {
        let (emoji, answers) = stage.discord.world(|world| {
            let found = world.messages.get(&message);
            let emoji: Vec<String> =
                found.iter().flat_map(|found| &found.reactions).map(|one| one.emoji.clone()).collect();
            let poll = found.and_then(|found| found.poll.as_ref());
            let answers: Vec<String> = poll.iter().flat_map(|poll| &poll.answers).map(|one| one.text.clone()).collect();
            (emoji, answers)
        });
        if answers.len() > 1 {
            // The last one is "none of these".
            let can: Vec<&str> = answers[..answers.len() - 1].iter().map(String::as_str).collect();
            return stage
                .discord
                .change_world(|world| world.vote(person.id, message, &can))
                .map_err(|refused| refused.message);
        }
        let Some(emoji) = emoji.iter().filter(|emoji| *emoji != NONE_OF_THESE).nth(slot) else { return Ok(()) };
        self.plan(stage.discord.now() + BETWEEN_REACTIONS_MS, person.id, Deed::React { message, slot: slot + 1 });
        // The visitor's friend has time whenever the visitor has.
        let is_the_friend = stage.town.people.get(1).is_some_and(|friend| friend.id == person.id);
        if is_the_friend || self.dice.chance(if slot == 0 { CAN_MAKE_THE_FIRST } else { CAN_MAKE_IT }) {
            stage
                .discord
                .change_world(|world| world.react(person.id, message, emoji))
                .map_err(|refused| refused.message)?;
        }
        Ok(())
    }

    async fn name_a_place(
        &mut self,
        stage: &Stage,
        person: &Person,
        (message, button): (Id, &str),
        id: MeetupId,
    ) -> Result<(), String> {
        // Only the host says where.
        let wallflower = stage.wallflower().await.map_err(|error| error.to_string())?;
        let meetup = wallflower.store.meetup(id).await.map_err(|error| error.to_string())?.ok_or("gone")?;
        let is_host = meetup.host().is_some_and(|host| host.user.to_u64() == person.id);
        let has_place = meetup.appointment().is_some_and(|on| on.place.is_some());
        if !is_host || has_place {
            return Ok(());
        }
        let found = stage.discord.message(message).ok_or("the message is gone")?;
        let form = person.try_clicks(&found, button).await?.modal.ok_or("no form")?;
        let label = form.inputs().first().map(|(label, _)| label.clone()).ok_or("no input")?;
        let place = PLACES[self.dice.below(PLACES.len())];
        person.try_submits(&form, &[(&label, place)]).await.map(drop)
    }
}

async fn click(stage: &Stage, person: &Person, message: Id, button: &str) -> Result<(), String> {
    let found = stage.discord.message(message).ok_or("the message is gone")?;
    person.try_clicks(&found, button).await.map(drop)
}

/// Opens the own ballot and says yes to as much of it as it takes.
async fn ballot(stage: &Stage, person: &Person, message: Id, button: &str) -> Result<(), String> {
    let found = stage.discord.message(message).ok_or("the message is gone")?;
    let answer = person.try_clicks(&found, button).await?;
    let select = answer.components.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
    let select = select.into_iter().find(|one| one["type"] == 3).ok_or("no ballot")?;
    let most = select["max_values"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(1);
    let labels = select["options"].as_array().into_iter().flatten().filter_map(|one| one["label"].as_str());
    let labels: Vec<&str> = labels.take(most).collect();
    let which = select["custom_id"].as_str().unwrap_or_default();
    person.try_selects(&answer, which, &labels).await.map(drop)
}

fn custom_ids(components: &[Value]) -> Vec<CustomId> {
    let rows = components.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
    rows.filter_map(|one| one["custom_id"].as_str()?.parse().ok()).collect()
}

/// Whether a meetup took place: all who are asked about the same one agree.
fn met(meetup: MeetupId) -> bool {
    meetup.to_string().bytes().map(usize::from).sum::<usize>() % 100 < THEY_MET
}

/// The channel as a person acts in it.
pub fn channel(stage: &Stage, id: Id) -> Channel {
    stage.discord.channel_by_id(id)
}
