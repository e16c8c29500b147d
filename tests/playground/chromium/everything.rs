//! Two tabs are two people, who use what the story of one passes over.

use super::{IS_AWAKE, SCREEN, WIDE, commands, ends_well, goes_to_channel, until_said};
use crate::browser::{Browser, Tab};
use crate::play::Playground;
use crate::{open, playground};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: Debian's package chromium, or WALLFLOWER_TEST_CHROMIUM"]
async fn two_tabs_are_two_people_who_use_everything() {
    let _alone = SCREEN.lock().await;
    let playground = playground(24).await;
    let url = format!("http://{}/", playground.address);
    let browser = Browser::start();
    let mut robin = browser.tab(&url, WIDE).await;
    robin.until("the town", IS_AWAKE).await;
    by_keys_alone(&mut robin).await;

    let ada = id_of(&mut robin, "Ada").await;
    let mut ada = browser.tab(&format!("{url}?as={ada}"), WIDE).await;
    ada.until("her own channels", "document.querySelector('#places').innerText.includes('moderators')").await;
    assert!(!robin.text("#places").await.contains("moderators"), "a member does not see the moderators' channel");
    talk_to_each_other(&mut ada, &mut robin).await;
    sets_up(&mut ada).await;
    assert!(!robin.text("#log").await.contains("Wallflower is set up"), "only she sees it");
    hears_what_is_wrong(&mut robin).await;

    goes_to_channel(&mut ada, "meetups").await;
    goes_to_channel(&mut robin, "meetups").await;
    commands(&mut robin, "/meet join").await;
    until_said(&mut robin, "You are in").await;
    is_named_in_the_open(&mut ada, &mut robin).await;
    proposes_an_evening(&mut ada, &mut robin).await;
    votes_on_a_ballot(&mut ada, &mut robin).await;
    ends_well(playground, [robin, ada]).await;

    let exported = open(12, Some("tests/exports/community".into())).await.unwrap();
    let tab = reads_an_exported_chat(&browser, &exported).await;
    ends_well(exported, [tab]).await;
}

async fn id_of(tab: &mut Tab, name: &str) -> String {
    let found =
        format!("[...document.querySelectorAll('#who option')].find(one => one.textContent === '{name}').value");
    tab.asks(&found).await.as_str().unwrap().to_owned()
}

async fn sets_pace(tab: &mut Tab, pace: u32) {
    tab.clicks(&format!("#speeds [data-pace='{pace}']")).await;
    tab.until_there(&format!("#speeds [data-pace='{pace}'][aria-pressed=true]")).await;
}

/// From the first Tab to a reaction under one's own words, without a mouse.
async fn by_keys_alone(robin: &mut Tab) {
    robin.presses("Tab").await;
    assert_eq!(robin.asks("document.activeElement.innerText").await, "Skip to writing");
    robin.presses("Enter").await;
    robin.until("the composer", "document.activeElement.id === 'composer-text'").await;
    // So that nothing comes after the own words.
    robin.asks("document.querySelector('#speeds [data-pace=\"0\"]').click()").await;
    robin.until_there("#speeds [data-pace='0'][aria-pressed=true]").await;
    for words in ["One line by keys alone.", "And one below it, under the same name."] {
        robin.types(words).await;
        robin.presses("Enter").await;
        until_said(robin, words).await;
    }
    assert_eq!(robin.asks("document.querySelector('#log').lastElementChild.classList.contains('follows')").await, true);
    robin.presses("ArrowUp").await;
    robin.presses("Tab").await;
    assert_eq!(robin.asks("document.activeElement.getAttribute('aria-label')").await, "React");
    robin.presses("Enter").await;
    robin.until("a menu", "document.querySelector('#menu').matches(':popover-open')").await;
    robin.presses("ArrowDown").await;
    robin.presses("Enter").await;
    robin.until_there("#log .message:last-child .reaction[data-emoji='❤️'][aria-pressed=true]").await;
    robin.picture("20-keys").await;

    // Lists by arrows, a menu by Escape.
    robin.asks("document.querySelector('#places button').focus()").await;
    robin.presses("ArrowDown").await;
    assert_eq!(robin.asks("document.activeElement.querySelector('.name').innerText").await, "books");
    robin.asks("document.querySelector('#members button').focus()").await;
    robin.presses("Enter").await;
    robin.until("a menu", "document.querySelector('#menu').matches(':popover-open')").await;
    robin.presses("Escape").await;
    robin.until("no menu", "!document.querySelector('#menu').matches(':popover-open')").await;
    sets_pace(robin, 100).await;
}

async fn talk_to_each_other(ada: &mut Tab, robin: &mut Tab) {
    // What nobody looks at is not drawn, and all of it is there when somebody looks again.
    ada.clicks("#composer-text").await;
    ada.types("Robin, welcome! **Sit down** anywhere. ||It is tea.|| <script>alert(1)</script>").await;
    ada.presses("Enter").await;
    until_said(ada, "welcome").await;
    let said = "[...document.querySelectorAll('.said')].find(one => one.innerText.includes('welcome'))";
    let heard = "import('/page/town.js').then(({ town }) => new Promise(done => { const look = () =>
        [...town.messages.values()].some(one => one.text.includes('welcome')) ? done(true) : setTimeout(look, 20); look(); }))";
    assert_eq!(robin.asks(heard).await, true);
    assert_eq!(robin.asks(&format!("document.hidden && {said} === undefined")).await, true, "nobody looks");
    robin.until("her words in the other tab", said).await;
    assert_eq!(robin.asks(&format!("{said}.querySelector('strong').innerText")).await, "Sit down");
    assert_eq!(robin.asks(&format!("{said}.innerText.includes('<script>')")).await, true, "markup is text");
}

/// By keys alone: a command with typed options, one of them completed by the bot.
async fn sets_up(ada: &mut Tab) {
    ada.asks("document.querySelector('#composer-text').focus()").await;
    ada.types("/wallflower setup channel:#meetups").await;
    ada.until_there("#commands li").await;
    ada.presses("Enter").await;
    ada.until_there("#options form").await;
    let field = "document.querySelector('#options [name=channel]')";
    assert_eq!(
        ada.asks(&format!("{field}.selectedOptions[0].textContent")).await,
        "meetups",
        "what was typed stands there"
    );
    ada.asks("document.querySelector('#options [name=zone]').focus()").await;
    ada.types("lisb").await;
    ada.until("the bot's proposal", "document.querySelector('.choices').innerText.includes('Europe/Lisbon')").await;
    ada.picture("21-options").await;
    ada.presses("ArrowDown").await;
    ada.presses("Enter").await;
    ada.asks("document.querySelector('#options .primary').focus()").await;
    ada.presses("Enter").await;
    until_said(ada, "Wallflower is set up").await;
}

/// What is refused is said, and nothing else happens: what was filled in stays.
async fn hears_what_is_wrong(robin: &mut Tab) {
    robin.clicks("#composer-text").await;
    robin.types("/wallflower").await;
    robin.presses("Enter").await;
    robin.until("the reason", "document.querySelector('.toast')").await;
    robin.presses("Escape").await;
    robin.asks("document.querySelector('#composer-text').value = ''").await;
}

/// A poll of Discord's own, and the event that comes of it.
async fn proposes_an_evening(ada: &mut Tab, robin: &mut Tab) {
    commands(ada, "/nudge poll ballot:native").await;
    until_said(ada, "polls of Discord's own").await;
    commands(robin, "/meet open seats:8").await;
    robin.until_there(".poll input").await;
    sets_pace(robin, 0).await;
    robin.clicks(".poll .answer:nth-of-type(1) input").await;
    robin.clicks(".poll .answer:nth-of-type(2) input").await;
    sets_pace(robin, 10_000).await;
    robin
        .until(
            "somebody's vote",
            "[...document.querySelectorAll('.poll .answer b')].some(one => one.innerText !== '0')",
        )
        .await;
    sets_pace(robin, 0).await;
    let ticked = "[...document.querySelectorAll('.poll input')].map(one => one.checked).slice(0, 2).join()";
    assert_eq!(robin.asks(ticked).await, "true,true", "what is not sent yet stays where others vote");
    robin.clicks(".poll .primary").await;
    robin.until("the own vote", "document.querySelectorAll('.poll input[checked]').length === 2").await;
    robin.picture("22-native-poll").await;
    sets_pace(robin, 10_000).await;
    robin.until_there("#places .event button").await;
    sets_pace(robin, 0).await;
    robin.clicks("#places .event button").await;
    robin.until_there("#places .event button[aria-pressed=true]").await;
    robin.picture("23-event").await;
}

async fn votes_on_a_ballot(ada: &mut Tab, robin: &mut Tab) {
    commands(ada, "/nudge poll ballot:buttons").await;
    until_said(ada, "a ballot of their own").await;
    commands(robin, "/meet open at_least:3").await;
    robin.clicks("[data-custom-id*=':vote:']").await;
    let ballot = ".ephemeral details[data-custom-id*=':suits:']";
    robin.clicks(&format!("{ballot} summary")).await;
    robin.clicks(&format!("{ballot}[open] input")).await;
    robin.picture("24-ballot").await;
    robin.clicks(&format!("{ballot}[open] .primary")).await;
    robin.until_there(&format!("{ballot} input[checked]")).await;
}

/// Two who allow it are named in the channel.
async fn is_named_in_the_open(ada: &mut Tab, robin: &mut Tab) {
    let (kim, keeper) = (id_of(ada, "Kim").await, id_of(ada, "Ada").await);
    commands(robin, "/meet profile named:yes").await;
    robin.until("their past", "document.querySelector('#ties-list').textContent.includes('Robin and Kim')").await;
    commands(ada, "/nudge style style:open").await;
    until_said(ada, "are named in the channel").await;
    for (who, line) in [(&kim, "/meet profile named:yes"), (&keeper, "/nudge now")] {
        let be = format!(
            "(one => {{ one.value = '{who}'; one.dispatchEvent(new Event('change')) }})(document.querySelector('#who'))"
        );
        ada.asks(&be).await;
        ada.until("the other eyes", &format!("location.search.includes('as={who}') && document.querySelector('#who').value === '{who}' && document.querySelector('#log .message')")).await;
        commands(ada, line).await;
    }
    until_said(robin, "Would you two like to meet?").await;
    robin.clicks("#log .bot [data-custom-id*=':ask:']").await;
    until_said(robin, "Noted").await;
    robin.picture("25-open").await;
}

async fn reads_an_exported_chat(browser: &Browser, exported: &Playground) -> Tab {
    let mut tab = browser.tab(&format!("http://{}/", exported.address), WIDE).await;
    tab.until("its name", "document.querySelector('#places h2').innerText === 'Tea & Trains'").await;
    until_said(&mut tab, "zebra-crossing").await;
    tab.until("who wrote", "document.querySelector('#members').innerText.includes('Dée 🌼')").await;
    tab.picture("26-export").await;
    tab
}
