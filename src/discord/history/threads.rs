//! Threads that were archived lately: no snapshot shows them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;
use serenity::http::{Http, Route};

use super::{PAGE, Trouble, ask};
use crate::app::watch::Threads;
use crate::domain::ids::{ChannelId, MessageId};

#[derive(Debug, Deserialize)]
struct List {
    threads: Vec<Thread>,
    has_more: bool,
}

#[derive(Debug, Clone, Deserialize)]
struct Thread {
    id: ChannelId,
    last_message_id: Option<MessageId>,
    #[serde(rename = "thread_metadata")]
    state: Metadata,
}

#[derive(Debug, Clone, Deserialize)]
struct Metadata {
    archive_timestamp: DateTime<Utc>,
}

/// The threads of a channel that were archived since a message and hold a newer one, each with its newest; at most
/// `most`, the latest archived first.
pub async fn archived(
    http: &Http,
    (channel, threads): (ChannelId, Threads),
    since: MessageId,
    most: usize,
) -> Result<Vec<(ChannelId, MessageId)>, Trouble> {
    let channel_id = serenity::model::id::ChannelId::new(channel.to_u64());
    let routes = match threads {
        Threads::None => vec![],
        Threads::Public => vec![Route::ChannelArchivedPublicThreads { channel_id }],
        Threads::Joined => {
            vec![Route::ChannelArchivedPublicThreads { channel_id }, Route::ChannelJoinedPrivateThreads { channel_id }]
        }
        Threads::All => vec![
            Route::ChannelArchivedPublicThreads { channel_id },
            Route::ChannelArchivedPrivateThreads { channel_id },
        ],
    };
    let mut found = Vec::new();
    for (route, is_private) in routes.into_iter().zip([false, true]) {
        match read(http, route, since, most).await {
            // Nothing of what is for all to see hangs on the private ones.
            Err(Trouble::Closed) if is_private => tracing::info!(%channel, "private threads cannot be listed"),
            threads => found.extend(threads?),
        }
    }
    found.truncate(most);
    Ok(found)
}

async fn read(
    http: &Http,
    route: Route<'static>,
    since: MessageId,
    most: usize,
) -> Result<Vec<(ChannelId, MessageId)>, Trouble> {
    // The private ones that one is in come in the order of their making, the others in that of their archiving.
    let by_making = matches!(route, Route::ChannelJoinedPrivateThreads { .. });
    let (mut found, mut before): (Vec<(ChannelId, MessageId)>, Option<String>) = (Vec::new(), None);
    loop {
        let mut params = vec![("limit", PAGE.to_string())];
        params.extend(before.take().map(|before| ("before", before)));
        let list: List = ask(http, route, params).await?;
        let lately = |thread: &&Thread| thread.state.archive_timestamp >= since.time();
        let spoken =
            |thread: &Thread| thread.last_message_id.filter(|last| *last > since).map(|last| (thread.id, last));
        for thread in list.threads.iter().filter(lately).filter_map(spoken) {
            if !found.contains(&thread) {
                found.push(thread);
            }
        }
        let all_lately = list.threads.iter().all(|thread| lately(&thread));
        let Some(oldest) = list.threads.last().filter(|_| list.has_more && found.len() < most) else {
            return Ok(found);
        };
        if !by_making && !all_lately {
            return Ok(found);
        }
        let archived = oldest.state.archive_timestamp.to_rfc3339_opts(SecondsFormat::Micros, true);
        before = Some(if by_making { oldest.id.to_string() } else { archived });
    }
}
