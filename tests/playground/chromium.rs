//! Stories lived through in a real browser by clicking and typing, with a picture of each step below `target/playground`.

mod everything;
mod visitor;

use std::time::Duration;

use serde_json::json;

use crate::browser::Tab;
use crate::play::Playground;

const WIDE: (u32, u32) = (1440, 900);
const GO_ON: &str = "#go-on";
const IS_AWAKE: &str = "document.querySelector('#progress').hidden && document.querySelector('#go-on')";

/// One browser at a time: its frames are measured.
static SCREEN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

async fn step(tab: &mut Tab) -> String {
    tab.text("#guide .now").await
}

/// Presses the one button that lets time run, until the story is at that step and asks for something there.
async fn goes_on_until(tab: &mut Tab, wanted: &str, label: &str) {
    // Where it points at something instead, the story has not heard yet what was done there.
    let stands = format!(
        "(one => !one.disabled && ([one.innerText, document.querySelector('#guide .now').innerText].join()
         === {} || one.innerText.startsWith('Let time run')))(document.querySelector('#go-on'))",
        json!(format!("{label},{wanted}"))
    );
    for _ in 0..12 {
        tab.until("time to stop", &stands).await;
        if step(tab).await == wanted && tab.text(GO_ON).await == label {
            return;
        }
        tab.clicks(GO_ON).await;
    }
    panic!("the story does not come to {wanted}, {label}: {}", tab.text("#guide").await);
}

async fn follows_the_finger(tab: &mut Tab) {
    tab.clicks(GO_ON).await;
    tab.until_there(".pointed").await;
}

/// Nothing was thrown, refused or said to be wrong on either side, and it runs until it is to stop.
async fn ends_well(playground: Playground, tabs: impl IntoIterator<Item = Tab>) {
    for mut tab in tabs {
        assert_eq!(
            tab.asks("document.querySelector('#troubles').hidden || document.querySelector('#troubles').innerText")
                .await,
            true
        );
        tab.has_no_complaints();
    }
    let ended = tokio::time::timeout(Duration::ZERO, playground.ended()).await;
    assert!(ended.is_err(), "it has stopped by itself: {ended:?}");
    playground.close().await.unwrap();
}

/// Types a command into the composer and runs it with the options that stand there.
async fn commands(tab: &mut Tab, line: &str) {
    tab.clicks("#composer-text").await;
    tab.types(line).await;
    tab.until_there("#commands li").await;
    tab.presses("Enter").await;
    if line.contains(':') {
        // All that was typed stands in the form, whose button has the focus.
        tab.until("the form", "document.activeElement.matches('#options .primary')").await;
        tab.presses("Enter").await;
    }
    tab.until("the command to be run", "document.querySelector('#options').hidden").await;
}

async fn goes_to_channel(tab: &mut Tab, name: &str) {
    let button = format!(
        "[...document.querySelectorAll('#places [data-channel]')].find(one => one.innerText.includes('{name}'))"
    );
    tab.until(name, &button).await;
    tab.asks(&format!("{button}.click()")).await;
    tab.until("its messages", &format!("document.querySelector('#place-name').innerText.includes('{name}')")).await;
}

async fn until_said(tab: &mut Tab, words: &str) {
    tab.until(words, &format!("document.querySelector('#log').innerText.includes({})", json!(words))).await;
}
