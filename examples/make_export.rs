//! Makes an exported community of any size, in the shape of DiscordChatExporter's JSON, out of a seed: for measuring
//! `wallflower replay`. Every word and every name in it is made up.
//!
//! `cargo run --release --example make_export -- FOLDER --messages 1000000 --files 200`: one file is one channel.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use fake_discord::talk::{Dice, Said, Size, Talk};
use fake_discord::{DEFAULT_START_MS, Id, timestamp};
use indicatif::{ProgressBar, ProgressDrawTarget};

const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;
/// Chance in a hundred that somebody reacted to a message.
const REACTIONS: u64 = 15;
const MOST_WORDS: usize = 40;
const WORDS: [&str; 16] = [
    "tide",
    "kettle",
    "lantern",
    "harbour",
    "maybe",
    "tomorrow",
    "the",
    "a",
    "and",
    "of",
    "bring",
    "rain",
    "\\\"map\\\"",
    "violet",
    "seven",
    "ok",
];

#[derive(Parser)]
#[command(about = "Makes an exported community of any size, out of a seed")]
struct Cli {
    /// Where the files are put; made where missing
    folder: PathBuf,
    #[arg(long, default_value_t = 1_000_000)]
    messages: usize,
    /// One file is one channel
    #[arg(long, default_value_t = 1)]
    files: usize,
    #[arg(long, default_value_t = 10_000)]
    people: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    anyhow::ensure!(cli.files > 0 && cli.messages > 0, "at least one file with one message");
    std::fs::create_dir_all(&cli.folder).with_context(|| cli.folder.display().to_string())?;
    let places = Talk::places(1, cli.files);
    let (community, channels) = &places[0];
    let mut files: Vec<Export> =
        channels.iter().map(|channel| Export::begin(&cli.folder, *community, *channel)).collect::<Result<_>>()?;
    // All of it was said within a year.
    let gap_ms = (YEAR_MS / i64::try_from(cli.messages)?).max(1).unsigned_abs();
    let talk = Talk::new(cli.seed, &places, Size { people: cli.people, gap_ms }, DEFAULT_START_MS - YEAR_MS);
    let mut dice = Dice::new(cli.seed);
    let bar = ProgressBar::with_draw_target(Some(cli.messages as u64), ProgressDrawTarget::stderr());
    for said in talk.take(cli.messages) {
        let place = channels.binary_search(&said.channel).ok().context("a channel of its own making")?;
        files[place].message(&said, &mut dice, cli.people)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    files.into_iter().try_for_each(Export::end)
}

/// One file while it is written.
struct Export {
    out: BufWriter<File>,
    messages: u64,
}

impl Export {
    fn begin(folder: &Path, community: Id, channel: Id) -> Result<Self> {
        let path = folder.join(format!("{channel}.json"));
        let mut out = BufWriter::new(File::create(&path).with_context(|| path.display().to_string())?);
        write!(
            out,
            r#"{{"guild":{{"id":"{community}","name":"Den","iconUrl":""}},"channel":{{"id":"{channel}","type":"GuildTextChat","categoryId":null,"category":null,"name":"room-{channel}","topic":null}},"dateRange":{{"after":null,"before":null}},"exportedAt":"{}","messages":["#,
            timestamp(DEFAULT_START_MS)
        )?;
        Ok(Self { out, messages: 0 })
    }

    fn message(&mut self, said: &Said, dice: &mut Dice, people: usize) -> Result<()> {
        let kind = if said.answers.is_some() { "Reply" } else { "Default" };
        let comma = if self.messages > 0 { ",\n" } else { "\n" };
        let stamp = timestamp(said.at_ms);
        write!(
            self.out,
            r#"{comma}{{"id":"{id}","type":"{kind}","timestamp":"{stamp}","timestampEdited":null,"callEndedTimestamp":null,"isPinned":false,"content":"{content}","author":{author},"attachments":[],"embeds":[],"stickers":[],"reactions":[{reactions}],"mentions":[{mentions}]"#,
            id = said.message,
            content = words(dice),
            author = person(said.author),
            reactions = if dice.chance(REACTIONS) { reaction(dice, people) } else { String::new() },
            mentions = said.mentions.iter().map(|named| person(*named)).collect::<Vec<_>>().join(","),
        )?;
        if let Some((message, _)) = said.answers {
            let (channel, guild) = (said.channel, said.community);
            write!(
                self.out,
                r#","reference":{{"messageId":"{message}","channelId":"{channel}","guildId":"{guild}"}}"#
            )?;
        }
        self.out.write_all(br#","inlineEmojis":[]}"#)?;
        self.messages += 1;
        Ok(())
    }

    fn end(mut self) -> Result<()> {
        write!(self.out, "\n],\"messageCount\":{}}}\n", self.messages)?;
        Ok(self.out.flush()?)
    }
}

fn words(dice: &mut Dice) -> String {
    let count = 1 + dice.low(MOST_WORDS);
    let words: Vec<&str> = (0..count).map(|_| WORDS[dice.below(WORDS.len())]).collect();
    words.join(" ")
}

fn person(id: Id) -> String {
    let name = id % 1_000_000;
    format!(
        r##"{{"id":"{id}","name":"person.{name}","discriminator":"0000","nickname":"Person {name}","color":"#3498DB","isBot":false,"roles":[{{"id":"901","name":"regulars","color":null,"position":2}}],"avatarUrl":"https://cdn.example/avatars/{id}/{name:032x}.png?size=512"}}"##
    )
}

fn reaction(dice: &mut Dice, people: usize) -> String {
    let count = 1 + dice.low(4);
    let users: Vec<String> = (0..count).map(|_| person(Talk::person(dice.low(people)))).collect();
    format!(
        r#"{{"emoji":{{"id":"","name":"tea","code":"tea","isAnimated":false,"imageUrl":"https://cdn.example/t.svg"}},"count":{count},"users":[{}]}}"#,
        users.join(",")
    )
}
