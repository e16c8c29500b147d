//! Admins: setting up, seeing why nothing happens, deciding how often.

use fake_discord::permissions;

use crate::on_both_engines;
use crate::product::Stage;
use crate::support::TestDatabase;

on_both_engines!(
    setting_up_names_what_is_missing_and_invites_once,
    status_says_how_many_are_missing,
    requiring_everyone_s_role_lets_everybody_in,
    the_programme_is_changed_by_words_that_are_explained,
    places_are_listed_by_city_and_taken_off_again,
    a_role_stands_for_a_city_for_whoever_joins_with_it,
    admins_commands_are_refused_to_others_whatever_discord_shows,
);

async fn setting_up_names_what_is_missing_and_invites_once(database: TestDatabase) {
    let stage = Stage::bare(database).await;
    stage.den.takes_from_bot(permissions::CREATE_PRIVATE_THREADS | permissions::ATTACH_FILES);
    let answer = stage.admin.runs("/wallflower setup channel:#general").await;
    assert!(
        answer.text.contains("**Create Private Threads**") && answer.text.contains("**Attach Files**"),
        "{answer:?}"
    );
    assert!(!answer.text.contains("Send Messages"), "{}", answer.text);
    assert!(stage.den.person("ana").runs("/meet join").await.text.starts_with("Wallflower is not set up here yet"));
    stage.den.gives_bot(permissions::CREATE_PRIVATE_THREADS | permissions::ATTACH_FILES);
    let answer = stage.admin.runs("/wallflower setup channel:#general zone:Mars/Olympus").await;
    assert!(answer.text.contains("is no time zone"), "{}", answer.text);
    let zones = stage.admin.completes("/wallflower setup channel:#general zone:amster", "zone").await;
    assert_eq!(zones[0].name, "Europe/Amsterdam");
    for _ in 0..2 {
        let answer = stage.admin.runs("/wallflower setup channel:#general zone:europe/amsterdam").await;
        assert!(answer.ephemeral && answer.text.contains("Europe/Amsterdam"), "{}", answer.text);
    }
    let invitations = || stage.general.messages().into_iter().filter(|one| one.labels() == ["Count me in"]).count();
    stage.discord.until("the invitation", |_| invitations() > 0).await;
    stage.admin.runs("/wallflower status").await;
    assert_eq!(invitations(), 1);
    stage.ends().await;
}

async fn places_are_listed_by_city_and_taken_off_again(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    assert!(stage.admin.runs("/places list").await.text.contains("No places are listed"));
    let added = stage.admin.runs("/places add city:utrecht name:\"  Café **Zuid**   by the canal\"").await;
    assert!(added.ephemeral && added.text.contains("public place") && added.text.contains("Utrecht"), "{}", added.text);
    assert!(!added.text.contains("**Zuid**"), "{}", added.text);
    assert!(
        stage.admin.runs("/places add city:utrecht name:\"Café **Zuid** by the canal\"").await.text.contains("already")
    );
    stage.admin.runs("/places add city:\"Berlin, Germany\" name:\"The <@1> library\"").await;
    assert!(stage.admin.runs("/places add city:nowhere-at-all name:x").await.text.starts_with("No such city"));
    let list = stage.admin.runs("/places list").await;
    assert!(list.text.contains("Berlin, Germany") && list.text.contains("Café"), "{}", list.text);
    assert!(!list.text.contains("<@1>"), "{}", list.text);
    let only = stage.admin.runs("/places list city:utrecht").await;
    assert!(!only.text.contains("Berlin"), "{}", only.text);
    let choices = stage.admin.completes("/places remove place:caf", "place").await;
    assert_eq!(choices.len(), 1);
    let removed = stage.admin.runs(&format!("/places remove place:\"{}\"", choices[0].value.as_str().unwrap())).await;
    assert!(removed.text.contains("is off the list"), "{}", removed.text);
    assert!(stage.admin.runs("/places remove place:whatever").await.text.contains("not on the list"));
    for number in 0..25 {
        stage.admin.runs(&format!("/places add city:utrecht name:\"Place {number}\"")).await;
    }
    assert!(stage.admin.runs("/places add city:utrecht name:\"One more\"").await.text.contains("as many places"));
    stage.ends().await;
}

async fn a_role_stands_for_a_city_for_whoever_joins_with_it(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let [utrecht, berlin] = ["utrecht people", "berlin people"].map(|name| stage.den.role(name));
    let told = stage.admin.runs(&format!("/places role role:{} city:utrecht", utrecht.id)).await;
    assert!(told.ephemeral && told.text.contains("stands for Utrecht"), "{}", told.text);
    stage.admin.runs(&format!("/places role role:{} city:\"Berlin, Germany\"", berlin.id)).await;
    let refused = stage.admin.runs(&format!("/places role role:{} city:utrecht", stage.den.id)).await;
    assert!(refused.text.contains("Everybody has that role"), "{}", refused.text);
    assert!(stage.admin.runs("/places list").await.text.contains("Berlin, Germany"));
    let joins = async |name: &str, roles: &[&fake_discord::Role]| {
        let person = stage.den.person(name);
        for role in roles {
            person.takes_role(role);
        }
        person.runs("/meet join").await;
        person.runs("/meet profile").await.full_text()
    };
    assert!(joins("ana", &[&utrecht]).await.contains("Utrecht"));
    let both = joins("bo", &[&utrecht, &berlin]).await;
    assert!(!both.contains("Utrecht") && !both.contains("Berlin"), "of two it is not known which: {both}");
    stage.admin.runs(&format!("/places role role:{}", utrecht.id)).await;
    assert!(!joins("cy", &[&utrecht]).await.contains("Utrecht"));
    stage.ends().await;
}

async fn requiring_everyone_s_role_lets_everybody_in(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    stage.den.role("adults");
    stage.admin.runs("/wallflower setup channel:#general role:@adults").await;
    let ana = stage.den.person("ana");
    assert!(ana.runs("/meet join").await.text.starts_with("This community asks for a role"));
    stage.admin.runs(&format!("/wallflower setup channel:#general role:{}", stage.den.id)).await;
    assert!(ana.runs("/meet join").await.text.starts_with("You are in."));
    stage.ends().await;
}

async fn status_says_how_many_are_missing(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    for name in ["ana", "bo", "cy", "di", "ed"] {
        stage.member(name).await;
    }
    let status = stage.admin.runs("/wallflower status").await;
    assert!(status.text.contains("5 of 8") && status.text.contains("Europe/Amsterdam"), "{}", status.text);
    assert!(stage.admin.runs("/nudge preview").await.text.contains("5 of 8"));
    assert!(stage.admin.runs("/nudge now").await.text.contains("5 of 8"));
    stage.ends().await;
}

async fn the_programme_is_changed_by_words_that_are_explained(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (admin, ana) = (&stage.admin, stage.member("ana").await);
    let set = admin.runs("/nudge frequency text:\"monthly first thu 19\"").await;
    assert!(set.text.starts_with("Rounds: monthly first thu 19. The next one: <t:"), "{}", set.text);
    let refused = admin.runs("/nudge frequency text:sometimes").await;
    assert!(refused.text.contains("is no cadence"), "{}", refused.text);
    assert!(admin.runs("/nudge reminders when:\"two hours before\"").await.text.contains("two hours before"));
    assert!(admin.runs("/nudge limit asks:1").await.text.contains("at most once"));
    assert!(admin.runs("/wallflower status").await.text.contains("**Talk counts half after:** 30 days"));
    assert!(admin.runs("/wallflower fading days:90").await.text.contains("half after 90 days"));
    assert!(admin.runs("/wallflower status").await.text.contains("**Talk counts half after:** 90 days"));
    for outside in [0, 366] {
        let refused = admin.try_runs(&format!("/wallflower fading days:{outside}")).await;
        assert!(refused.is_err(), "{outside} days are not to be had: {refused:?}");
    }
    assert!(admin.runs("/nudge style style:open").await.text.contains("where they allow it"));
    for (people, words) in [("4-6", "tables of 4 to 6"), ("threes", "tables of 3"), ("pairs", "suggests pairs")] {
        let set = admin.runs(&format!("/nudge size people:{people}")).await;
        assert!(set.text.contains(words), "{}", set.text);
    }
    let refused = admin.runs("/nudge size people:2-9").await;
    assert!(refused.text.contains("a table seats 2 to 8"), "{}", refused.text);
    assert!(admin.runs("/nudge pause").await.text.starts_with("No rounds"));
    assert!(admin.runs("/nudge status").await.text.contains("paused"));
    assert!(admin.runs("/nudge pause resume:true").await.text.starts_with("Rounds go on"));
    assert!(admin.runs("/wallflower exclude member:@ana").await.text.contains("kept out"));
    assert!(admin.runs("/wallflower exclude member:@ana out:false").await.text.contains("suggested again"));
    let channels = admin.runs("/wallflower channels channel:#general watch:\"leave it alone\"").await;
    assert!(channels.text.contains("left alone"), "{}", channels.text);
    let attic = stage.den.category("attic");
    let channels = admin.runs("/wallflower channels channel:#attic watch:\"leave it alone\"").await;
    assert!(channels.text.contains(&format!("<#{}>: left alone", attic.id)), "{}", channels.text);
    assert!(ana.dms().iter().all(|dm| !dm.full_text().contains("kept out")));
    stage.ends().await;
}

async fn admins_commands_are_refused_to_others_whatever_discord_shows(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let ana = stage.den.person("ana");
    assert!(ana.try_runs("/nudge now").await.is_err(), "not even offered");
    stage.discord.change_world(|world| {
        for command in world.commands.values_mut().flatten() {
            command.json["default_member_permissions"] = serde_json::Value::Null;
        }
    });
    for line in ["/nudge now", "/wallflower status", "/wallflower setup channel:#general", "/wallflower fading days:9"]
    {
        let answer = ana.runs(line).await;
        assert!(answer.ephemeral && answer.text.contains("Manage Server"), "{}", answer.text);
    }
    stage.ends().await;
}
