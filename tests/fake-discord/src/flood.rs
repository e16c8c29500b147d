//! `MESSAGE_CREATE` frames made beforehand, in the shape and the order of fields in which Discord sends them, so that a
//! flood costs this side little more than writing it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::talk::{Dice, Said};
use crate::{Id, timestamp};

/// Low bits of a snowflake that hold no time.
const SEQUENCE_BITS: u32 = 22;

/// One frame's payload, with the places of the ids that move on with each lap.
#[derive(Debug)]
struct Template {
    text: String,
    /// Where an id is to be put in, and which one in the first lap; in the order of the text.
    ids: Vec<(usize, Id)>,
}

/// How one person turned to another by their own act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    Reply,
    Mention,
}

/// The frames of a flood. After the last one the first comes again, later: a flood may be longer than they are.
#[derive(Debug)]
pub struct Frames {
    templates: Vec<Template>,
    said: Vec<Said>,
    /// What is added to the ids with each lap.
    lap: Id,
}

impl Frames {
    /// # Panics
    /// Where nothing is said.
    pub fn of(said: impl IntoIterator<Item = Said>) -> Self {
        let said: Vec<Said> = said.into_iter().collect();
        assert!(!said.is_empty(), "a flood of nothing");
        let templates = said.iter().map(template).collect();
        let took = (said[said.len() - 1].message >> SEQUENCE_BITS) - (said[0].message >> SEQUENCE_BITS);
        Self { templates, said, lap: (took + 1) << SEQUENCE_BITS }
    }

    /// The payload of the frame with this number, from 0 on, inside its envelope.
    pub fn frame(&self, number: usize, sequence: u64) -> String {
        let Template { text, ids } = &self.templates[number % self.templates.len()];
        let later = (number / self.templates.len()) as Id * self.lap;
        let mut frame = String::with_capacity(text.len() + 128);
        // A String takes all that is written.
        let _ = write!(frame, r#"{{"t":"MESSAGE_CREATE","s":{sequence},"op":0,"d":"#);
        let mut done = 0;
        for (at, id) in ids {
            frame.push_str(&text[done..*at]);
            let _ = write!(frame, "{}", id + later);
            done = *at;
        }
        frame.push_str(&text[done..]);
        frame.push('}');
        frame
    }

    /// How many messages the first `count` frames hold of one person for another, by reply or else by mention.
    pub fn truth(&self, count: usize) -> BTreeMap<(Id, Id, By), u64> {
        let mut truth = BTreeMap::new();
        for (place, said) in self.said.iter().enumerate() {
            let laps = (count + self.said.len() - 1 - place) / self.said.len();
            let to = said.answers.map(|(_, author)| (author, By::Reply));
            let to = to.or_else(|| said.mentions.first().map(|named| (*named, By::Mention)));
            if let Some((to, by)) = to.filter(|(to, _)| *to != said.author) {
                *truth.entry((said.author, to, by)).or_insert(0) += laps as u64;
            }
        }
        truth
    }
}

fn template(said: &Said) -> Template {
    let mut text = String::new();
    let mut ids = Vec::new();
    let stamp = timestamp(said.at_ms);
    let kind = if said.answers.is_some() { 19 } else { 0 };
    let _ = write!(text, r#"{{"type":{kind},"tts":false,"timestamp":"{stamp}","#);
    if let Some((message, author)) = said.answers {
        text.push_str(r#""referenced_message":{"type":0,"tts":false,"#);
        let _ = write!(text, r#""timestamp":"{stamp}","pinned":false,"mentions":[],"mention_roles":[],"#);
        text.push_str(r#""mention_everyone":false,"id":""#);
        ids.push((text.len(), message));
        text.push_str(r#"","flags":0,"embeds":[],"edited_timestamp":null,"content":"","components":[],"#);
        let _ = write!(text, r#""channel_id":"{}","author":{},"attachments":[]}},"#, said.channel, user(author));
    }
    let _ = write!(text, r#""pinned":false,"nonce":"{}","mentions":["#, said.author ^ said.message);
    let pinged = said.answers.map(|(_, author)| author).into_iter().chain(said.mentions.iter().copied());
    for (place, named) in pinged.enumerate() {
        let comma = if place > 0 { "," } else { "" };
        let mut person = user(named);
        let _ = person.pop();
        let _ = write!(text, r#"{comma}{person},"member":{}}}"#, member(named));
    }
    text.push_str(r#"],"mention_roles":[],"mention_everyone":false,"#);
    if let Some((message, _)) = said.answers {
        let _ = write!(text, r#""message_reference":{{"type":0,"message_id":""#);
        ids.push((text.len(), message));
        let _ = write!(text, r#"","guild_id":"{}","channel_id":"{}"}},"#, said.community, said.channel);
    }
    let _ = write!(text, r#""member":{},"id":""#, member(said.author));
    ids.push((text.len(), said.message));
    text.push_str(r#"","flags":0,"embeds":[],"edited_timestamp":null,"content":"","components":[],"channel_type":0,"#);
    let _ = write!(text, r#""channel_id":"{}","author":{},"#, said.channel, user(said.author));
    let _ = write!(text, r#""attachments":[],"guild_id":"{}"}}"#, said.community);
    Template { text, ids }
}

/// As large as people are there: most have a picture, some a decoration or the badge of a community.
fn user(id: Id) -> String {
    let mut dice = Dice::new(id);
    let mut hash = || format!("{:016x}{:016x}", dice.roll(), dice.roll());
    let (avatar, asset, badge) = (hash(), hash(), hash());
    let decoration = match id % 4 {
        0 => format!(
            r#"{{"sku_id":"{}","expires_at":null,"asset":"a_{asset}"}}"#,
            1_144_058_844_004_233_369_u64 + id % 1000
        ),
        _ => "null".to_owned(),
    };
    let guild = match id % 3 {
        0 => format!(
            r#"{{"tag":"TIDE","identity_guild_id":"{}","identity_enabled":true,"badge":"{badge}"}}"#,
            900_000_000_000_000_000_u64 + id % 1_000_000
        ),
        _ => "null".to_owned(),
    };
    format!(
        r#"{{"username":"person.{name}","public_flags":{flags},"primary_guild":{guild},"id":"{id}","global_name":"Person {name}","display_name_styles":null,"discriminator":"0","collectibles":null,"clan":{guild},"avatar_decoration_data":{decoration},"avatar":"{avatar}"}}"#,
        name = id % 1_000_000,
        flags = (id % 8) << 8,
    )
}

fn member(id: Id) -> String {
    let roles: Vec<String> =
        (0..id % 6).map(|number| format!(r#""{}""#, 950_000_000_000_000_000_u64 + number)).collect();
    format!(
        r#"{{"roles":[{roles}],"premium_since":null,"pending":false,"nick":null,"mute":false,"joined_at":"2024-0{month}-12T18:24:36.152000+00:00","flags":0,"deaf":false,"communication_disabled_until":null,"banner":null,"avatar":null}}"#,
        roles = roles.join(","),
        month = 1 + id % 9,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::talk::{Size, Talk};

    const MESSAGES: usize = 3_000;

    fn frames() -> Frames {
        let size = Size { people: 10_000, gap_ms: 35 };
        Frames::of(Talk::new(7, &Talk::places(4, 50), size, crate::DEFAULT_START_MS).take(MESSAGES))
    }

    #[test]
    fn frames_are_as_large_as_discords_and_say_what_was_said() {
        let frames = frames();
        let mut bytes = 0;
        for (number, said) in frames.said.iter().enumerate() {
            let text = frames.frame(number, 7);
            bytes += text.len();
            let frame: Value = serde_json::from_str(&text).unwrap();
            assert_eq!((&frame["t"], &frame["s"]), (&"MESSAGE_CREATE".into(), &7.into()));
            assert_eq!(frame["d"]["id"], said.message.to_string());
            assert_eq!(frame["d"]["author"]["id"], said.author.to_string());
            if let Some((message, author)) = said.answers {
                assert_eq!(frame["d"]["message_reference"]["message_id"], message.to_string());
                assert_eq!(frame["d"]["referenced_message"]["id"], message.to_string());
                assert_eq!(frame["d"]["referenced_message"]["author"]["id"], author.to_string());
            }
        }
        assert!((1_400..1_600).contains(&(bytes / MESSAGES)), "{} bytes on average", bytes / MESSAGES);
    }

    #[test]
    fn every_lap_says_the_same_later() {
        let frames = frames();
        let id = |number| serde_json::from_str::<Value>(&frames.frame(number, 1)).unwrap()["d"]["id"].clone();
        let ids: Vec<u64> = (0..3 * MESSAGES).map(|number| id(number).as_str().unwrap().parse().unwrap()).collect();
        assert!(ids.is_sorted());
        let sums = |count| frames.truth(count).values().sum::<u64>();
        assert_eq!(sums(2 * MESSAGES), 2 * sums(MESSAGES));
        assert!(sums(MESSAGES + 100) > sums(MESSAGES));
    }
}
