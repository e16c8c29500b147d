//! A listener that nothing ever happens to: what it guesses is what the storm's would have guessed.

use fake_discord::{Channel, Discord};
use wallflower::app::watch::{Access, Heard, Sight, Threads, Watch};
use wallflower::domain::ids::{ChannelId, MessageId, UserId};
use wallflower::domain::observation::{Observation, Reply};
use wallflower::domain::tie::Kind;
use wallflower::store::Resume;

use super::{Storm, Told, enrol, told_in};
use crate::stage::community_id;
use crate::support::TestDatabase;

impl Storm {
    pub(super) async fn guesses_of_one_unharmed(&self) -> Told {
        let database = TestDatabase::sqlite();
        let store = database.open().await;
        for side in &self.sides {
            store.community_present(community_id(side.community.id), "Unharmed", self.stage.now()).await.unwrap();
        }
        for person in self.sides.iter().flat_map(|side| &side.people).filter(|one| self.members.contains(&one.id)) {
            enrol(&store, person, 1).await;
        }
        let watch = Watch::open(store.clone()).await.unwrap();
        let session = || Resume { shard: 0, shards: 1, session: "s".into(), resume_url: "ws://r".into(), sequence: 0 };
        watch.begin(session());
        for side in &self.sides {
            let sights: Vec<Sight> = side.channels.iter().map(sight).collect();
            watch.arrive(community_id(side.community.id), &sights).await.unwrap();
        }
        for (sequence, observation) in (1..).zip(observations(&self.stage.discord)) {
            watch.fold(0, sequence, &Heard::Message(observation));
        }
        watch.flush().await.unwrap();
        let mut told = Told::new();
        for side in &self.sides {
            told.append(&mut told_in(&store, side.community.id, &[Kind::Turn]).await);
        }
        told
    }
}

fn sight(channel: &Channel) -> Sight {
    Sight {
        channel: ChannelId::new(channel.id).unwrap(),
        parent: channel.parent().and_then(ChannelId::new),
        category: None,
        age_restricted: false,
        last_message: None,
        access: Access::Reads,
        threads: Threads::None,
        rules: std::sync::Arc::default(),
        new: true,
    }
}

/// All that people wrote, in its order.
fn observations(discord: &Discord) -> Vec<Observation> {
    discord.world(|world| {
        let written = world.messages.values().filter(|message| matches!(message.kind, 0 | 19));
        let observation = |message: &fake_discord::world::Message| {
            let answered = message.reference.as_ref().and_then(|reference| world.messages.get(&reference.message));
            let reply = answered.map_or(Reply::None, |answered| Reply::To(UserId::new(answered.author).unwrap()));
            let mentions = message.mentions.iter().filter_map(|id| UserId::new(*id));
            Observation::new(
                community_id(world.guild_of(message.channel).unwrap()),
                ChannelId::new(message.channel).unwrap(),
                MessageId::new(message.id).unwrap(),
                UserId::new(message.author).unwrap(),
                reply,
                mentions,
            )
        };
        written.map(observation).collect()
    })
}
