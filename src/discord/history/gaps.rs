//! What was said while nobody listened, page by page: each page is committed with how far it got.

use serenity::http::Http;

use super::told::Told;
use super::{FIRST_PAUSE, PAGE, PATIENCE, PATIENCE_WITH_NO, Trouble, WARMING, fetch_page, fetch_some, rest, store};
use crate::app::watch::Watch;
use crate::clock::Clock;
use crate::domain::conversation::Flow;
use crate::domain::ids::MessageId;
use crate::store::{Page, Reading};

/// Reads one gap to its end, or as far as it can be read now; tells whether another one has its turn without a pause.
pub async fn read(http: &Http, watch: &Watch, clock: &dyn Clock, mut reading: Reading) -> bool {
    let mut flow = None;
    let (mut pause, mut failures) = (FIRST_PAUSE, 0);
    // Where the past is not for us to read, Discord may show an empty one instead of refusing it.
    while watch.may_read(reading.community, reading.channel) {
        match next_page(http, watch, reading, &mut flow).await {
            Ok((messages, flow)) => {
                (pause, failures) = (FIRST_PAUSE, 0);
                let page = count(watch, reading, &messages, flow);
                match store(|| watch.turn_page(&page)).await {
                    Some(rest) => reading = rest,
                    None => return true,
                }
            }
            Err(Trouble::Gone) => {
                tracing::info!(channel = %reading.channel, "a channel is gone, and its past with it");
                store(|| watch.give_up(reading)).await;
                return true;
            }
            // Where the door was closed meanwhile, the session is about to tell.
            Err(trouble) => {
                failures += 1;
                let closed = matches!(trouble, Trouble::Closed);
                if failures >= if closed { PATIENCE_WITH_NO } else { PATIENCE } {
                    if closed {
                        tracing::info!(channel = %reading.channel, "a channel's past is closed to the bot and waits");
                        watch.is_refused(reading.community, reading.channel, clock.now());
                    }
                    return closed;
                }
                rest(&mut pause).await;
            }
        }
    }
    true
}

/// The next page of a reading, and the flow in which it goes on. That is recalled before the first one: begun without what
/// was said before, it would leave the guesses that wait there as they are.
async fn next_page<'f>(
    http: &Http,
    watch: &Watch,
    reading: Reading,
    flow: &'f mut Option<Flow>,
) -> Result<(Vec<Told>, &'f mut Flow), Trouble> {
    let flow = match flow {
        Some(flow) => flow,
        None => flow.insert(recalled(http, watch, reading).await?),
    };
    let here = (reading.community, reading.channel);
    Ok((fetch_page(http, watch, here, ("after", reading.cursor)).await?, flow))
}

fn count(watch: &Watch, reading: Reading, messages: &[Told], flow: &mut Flow) -> Page {
    let said: Vec<_> = messages.iter().filter_map(|message| message.observed_in(reading.community)).collect();
    let newest = messages.last().filter(|_| messages.len() >= PAGE).map(|message| message.id);
    // A page that is not full is the end of what is there.
    watch.count_page(reading, newest.unwrap_or(reading.before), &said, flow)
}

/// The flow that had heard what was said up to a reading's next message.
async fn recalled(http: &Http, watch: &Watch, reading: Reading) -> Result<Flow, Trouble> {
    let next = MessageId::from_column(reading.cursor.get() + 1);
    let before = fetch_some(http, reading.channel, ("before", next), WARMING).await?;
    let said = before.iter().filter_map(|message| message.observed_in(reading.community));
    Ok(watch.recall(&reading, &said.collect::<Vec<_>>()))
}
