//! Channels that open and close to the bot with its roles, while it listens: what was said behind a closed door is read once
//! it opens, and counts once.

use std::collections::BTreeMap;
use std::time::Duration;

use fake_discord::{Channel, Person, RestFault, Role, permissions};
use wallflower::app::watch::Access;
use wallflower::domain::ids::ChannelId;
use wallflower::store::Watch;

use crate::on_both_engines;
use crate::stage::{Process, Stage, chat, community_id, eventually};
use crate::support::TestDatabase;

on_both_engines!(
    a_role_opens_a_channel_and_closes_it_at_once,
    channels_that_are_shown_only_while_they_are_open_are_read_as_well,
    a_channel_that_was_opened_before_a_kill_is_read_after_it,
    its_own_rules_close_a_channel_and_its_threads,
    its_own_rules_take_a_channel_and_its_threads_out_of_sight,
    a_past_that_is_refused_is_asked_for_again,
    what_was_refused_is_tried_again_also_where_there_is_always_something_new,
    an_empty_page_behind_a_door_that_was_closed_meanwhile_is_not_the_end,
    a_category_s_word_holds_for_its_channels_without_one_of_their_own,
);

const MISSING_ACCESS: u32 = 50_001;

/// A room into which the bot may look only by a role.
struct Backroom {
    stage: Stage,
    ana: Person,
    bo: Person,
    wally: Person,
    room: Channel,
    thread: Channel,
    insiders: Role,
}

impl Backroom {
    async fn new(database: TestDatabase, tells_hidden: bool) -> Self {
        let stage = Stage::new(database).await;
        stage.discord.change_world(|world| world.tells_hidden = tells_hidden);
        let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
        let (room, insiders) = (stage.den.channel("backroom"), stage.den.role("insiders"));
        room.denies(&stage.den.everyone(), permissions::VIEW_CHANNEL);
        room.allows(&insiders, permissions::VIEW_CHANNEL);
        // Whom else a channel names is nobody's business.
        room.allows_person(&wally, permissions::VIEW_CHANNEL);
        for person in [&ana, &bo, &wally] {
            person.takes_role(&insiders);
        }
        stage.den.gives_bot_role(&insiders);
        let thread = ana.opens_thread(&room, "openings");
        Self { stage, ana, bo, wally, room, thread, insiders }
    }

    fn chat_in<const N: usize>(&self, channels: [&Channel; N]) {
        for channel in channels {
            chat(channel, &self.ana, &self.bo, &self.wally);
        }
    }

    /// The bot can hear, so all counts.
    async fn hears(&self, more: &[&Channel]) {
        self.chat_in([&self.room, &self.thread, &self.stage.general]);
        let channels: Vec<&Channel> =
            [&self.room, &self.thread, &self.stage.general].into_iter().chain(more.iter().copied()).collect();
        self.stage.is_all_counted(&[&self.ana, &self.bo], &channels).await;
    }

    /// The bot cannot hear, so only what is said elsewhere counts; then something more is said there.
    async fn misses(&self, more: &[&Channel]) {
        let (people, before) = ([&self.ana, &self.bo], self.stage.told().await);
        let general = [&self.stage.general];
        let known = self.stage.truth(&people, &general);
        self.chat_in([&self.room, &self.thread, &self.stage.general, &self.room]);
        for channel in more {
            self.chat_in([channel]);
        }
        let expected: BTreeMap<_, _> = self
            .stage
            .truth(&people, &general)
            .into_iter()
            .map(|(key, amount)| (key, before[&key] + amount - known[&key]))
            .collect();
        eventually("what was said elsewhere to be counted, and no more", async || {
            self.stage.clock.advance(chrono::Duration::seconds(4));
            self.stage.told().await == expected
        })
        .await;
        self.chat_in([&self.room, &self.thread]);
    }

    fn skipped(&self, process: &Process) -> BTreeMap<ChannelId, Access> {
        process.watch.skipped(community_id(self.stage.den.id))
    }

    async fn ends(&self, process: Process) {
        process.stops().await.unwrap();
        let rows = self.stage.database.rows().await;
        let wally = self.wally.id.to_string();
        assert!(!rows.iter().any(|(_, row)| row.contains(&wally)), "a bystander is never stored");
        self.stage.discord.assert_no_violations();
    }
}

async fn a_role_opens_a_channel_and_closes_it_at_once(database: TestDatabase) {
    let back = Backroom::new(database, true).await;
    let (den, room) = (&back.stage.den, ChannelId::new(back.room.id).unwrap());
    let process = back.stage.listens().await;
    back.hears(&[]).await;
    den.takes_bot_role(&back.insiders);
    let closed = async |process: &Process| back.skipped(process).get(&room) == Some(&Access::Hidden);
    eventually("the admins to be told", async || closed(&process).await).await;
    let unseen = back.bo.opens_thread(&back.room, "endgames");
    back.misses(&[&unseen]).await;
    den.gives_bot_role(&back.insiders);
    back.hears(&[&unseen]).await;
    assert!(back.skipped(&process).is_empty());
    // The role stays, and stops to allow it; then another one does.
    den.takes_bot_role(&back.insiders);
    let keepers = den.role("keepers");
    den.gives_bot_role(&keepers);
    back.misses(&[&unseen]).await;
    keepers.holds(permissions::ADMINISTRATOR);
    back.hears(&[&unseen]).await;
    keepers.is_deleted();
    eventually("the admins to be told", async || closed(&process).await).await;
    back.misses(&[&unseen]).await;
    unseen.is_archived_now();
    den.gives_bot_role(&back.insiders);
    back.hears(&[&unseen]).await;
    back.ends(process).await;
}

async fn channels_that_are_shown_only_while_they_are_open_are_read_as_well(database: TestDatabase) {
    let back = Backroom::new(database, false).await;
    let process = back.stage.listens().await;
    back.hears(&[]).await;
    back.stage.den.takes_bot_role(&back.insiders);
    back.misses(&[]).await;
    back.stage.den.gives_bot_role(&back.insiders);
    back.hears(&[]).await;
    back.ends(process).await;
}

async fn a_channel_that_was_opened_before_a_kill_is_read_after_it(database: TestDatabase) {
    let back = Backroom::new(database, true).await;
    let process = back.stage.listens().await;
    back.hears(&[]).await;
    back.stage.den.takes_bot_role(&back.insiders);
    back.misses(&[]).await;
    back.stage.den.gives_bot_role(&back.insiders);
    eventually("it to be open", async || back.skipped(&process).is_empty()).await;
    let told = back.stage.discord.sessions()[0].seq;
    eventually("that to be stored", async || {
        back.stage.clock.advance(chrono::Duration::seconds(4));
        back.stage.store.session(0, 1).await.unwrap().is_some_and(|session| session.sequence == told)
    })
    .await;
    process.dies().await;
    let process = back.stage.listens().await;
    assert_eq!(back.stage.discord.resumes(), 1);
    back.hears(&[]).await;
    // Closed while nobody listened, which the session that goes on tells.
    process.dies().await;
    back.stage.den.takes_bot_role(&back.insiders);
    let process = back.stage.listens().await;
    back.misses(&[]).await;
    back.stage.den.gives_bot_role(&back.insiders);
    back.hears(&[]).await;
    back.ends(process).await;
}

async fn its_own_rules_close_a_channel_and_its_threads(database: TestDatabase) {
    is_closed_and_opened_by_its_own_rules(Backroom::new(database, true).await).await;
}

async fn its_own_rules_take_a_channel_and_its_threads_out_of_sight(database: TestDatabase) {
    is_closed_and_opened_by_its_own_rules(Backroom::new(database, false).await).await;
}

async fn is_closed_and_opened_by_its_own_rules(back: Backroom) {
    let process = back.stage.listens().await;
    back.hears(&[]).await;
    back.room.denies_bot(permissions::VIEW_CHANNEL);
    back.misses(&[]).await;
    back.room.allows_bot(permissions::VIEW_CHANNEL);
    back.hears(&[]).await;
    back.ends(process).await;
}

async fn a_past_that_is_refused_is_asked_for_again(database: TestDatabase) {
    let back = Backroom::new(database, true).await;
    let process = back.stage.listens().await;
    back.hears(&[]).await;
    let (den, discord) = (&back.stage.den, &back.stage.discord);
    den.takes_bot_role(&back.insiders);
    back.misses(&[]).await;
    // What the session tells and what REST allows are not of one moment.
    for channel in [&back.room, &back.thread] {
        discord.fail_requests(
            2,
            "GET",
            &format!("/channels/{}/messages", channel.id),
            RestFault::Code(403, MISSING_ACCESS),
        );
    }
    den.gives_bot_role(&back.insiders);
    back.hears(&[]).await;
    assert_eq!((discord.faults_to_come(), back.skipped(&process)), (0, BTreeMap::new()));
    back.ends(process).await;
}

async fn a_category_s_word_holds_for_its_channels_without_one_of_their_own(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let (attic, cellar) = (stage.den.category("attic"), stage.den.category("cellar"));
    let [news, chess, late] = ["news", "chess", "late"].map(|name| stage.den.channel(name));
    news.stands_in(Some(&attic));
    chess.stands_in(Some(&attic));
    let den = community_id(stage.den.id);
    let says = async |process: &Process, channel: &Channel, word: Watch| {
        let channel = ChannelId::new(channel.id).unwrap();
        stage.store.set_watch(den, channel, word).await.unwrap();
        process.watch.heed(den, channel, word);
    };
    let process = stage.listens().await;
    says(&process, &attic, Watch::Ignored).await;
    says(&process, &chess, Watch::Watched).await;
    let thread = ana.opens_thread(&news, "of an ignored channel");
    let talk = || [&news, &chess, &late, &thread].iter().for_each(|channel| chat(channel, &ana, &bo, &wally));
    talk();
    stage.is_all_counted(&[&ana, &bo], &[&chess, &late]).await;
    // It is moved, and told by the session that goes on.
    late.stands_in(Some(&attic));
    process.dies().await;
    let before = stage.truth(&[&ana, &bo], &[&late]);
    let process = stage.listens().await;
    talk();
    let expected = stage.truth(&[&ana, &bo], &[&chess]).into_iter().map(|(key, amount)| (key, amount + before[&key]));
    let expected: BTreeMap<_, _> = expected.collect();
    eventually("the others to be left alone", async || {
        stage.clock.advance(chrono::Duration::seconds(4));
        stage.told().await == expected
    })
    .await;
    says(&process, &cellar, Watch::Ignored).await;
    for channel in [&news, &late] {
        channel.stands_in(None);
    }
    chess.stands_in(Some(&cellar));
    let before: Vec<_> = [&news, &chess, &late, &thread].map(|channel| stage.truth(&[&ana, &bo], &[channel])).into();
    talk();
    let after: Vec<_> = [&news, &chess, &late, &thread].map(|channel| stage.truth(&[&ana, &bo], &[channel])).into();
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|(key, amount)| {
            let more = before.iter().zip(&after).map(|(before, after)| after[&key] - before[&key]).sum::<i64>();
            (key, amount + more)
        })
        .collect();
    eventually("all to count again, also the one with a word of its own", async || {
        stage.clock.advance(chrono::Duration::seconds(4));
        stage.told().await == expected
    })
    .await;
    process.stops().await.unwrap();
}

async fn what_was_refused_is_tried_again_also_where_there_is_always_something_new(database: TestDatabase) {
    let back = Backroom::new(database, true).await;
    let process = back.stage.listens().await;
    back.hears(&[]).await;
    back.stage.den.takes_bot_role(&back.insiders);
    back.misses(&[]).await;
    let path = format!("/channels/{}/messages", back.room.id);
    back.stage.discord.fail_requests(3, "GET", &path, RestFault::Code(403, MISSING_ACCESS));
    back.stage.den.gives_bot_role(&back.insiders);
    let room = ChannelId::new(back.room.id).unwrap();
    let refused = async || {
        back.stage.discord.faults_to_come() == 0 && back.skipped(&process).get(&room) == Some(&Access::NoHistory)
    };
    eventually("the admins to be told", refused).await;
    for number in 0..20 {
        back.stage.den.channel(&format!("room {number}"));
        back.stage.clock.advance(chrono::Duration::seconds(4));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    back.hears(&[]).await;
    assert!(back.skipped(&process).is_empty());
    back.ends(process).await;
}

async fn an_empty_page_behind_a_door_that_was_closed_meanwhile_is_not_the_end(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let (discord, general) = (&stage.discord, &stage.general);
    stage.listens().await.dies().await;
    discord.invalidate_sessions(false);
    chat(general, &ana, &bo, &wally);
    // First what was said before is recalled; then the page is asked for.
    let path = format!("/channels/{}/messages", general.id);
    for slow in [Duration::ZERO, Duration::from_millis(400)] {
        discord.fail_requests(1, "GET", &path, RestFault::Slow(slow));
    }
    let process = stage.begins().await;
    discord.until("the page to be asked for", |discord| discord.faults_to_come() == 0).await;
    general.denies_bot(permissions::READ_MESSAGE_HISTORY);
    let answered = || discord.requests().iter().filter(|asked| asked.query.contains("after=")).count();
    eventually("the blind answer", async || answered() > 0).await;
    let skipped = BTreeMap::from([(ChannelId::new(general.id).unwrap(), Access::NoHistory)]);
    eventually("the session to tell", async || process.watch.skipped(community_id(stage.den.id)) == skipped).await;
    general.allows_bot(permissions::READ_MESSAGE_HISTORY);
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    process.stops().await.unwrap();
}
