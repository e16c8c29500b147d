//! Which messages were read already: exports of one channel may overlap, and each message counts once.

use std::collections::{HashMap, HashSet};

use crate::domain::ids::{ChannelId, MessageId};

/// Ids kept of files read before, 8 bytes each. Beyond it the oldest files are remembered by their first and last id
/// only, and whatever lies between counts as read.
const MOST_IDS: usize = 4_000_000;

/// Remembers the messages read: exactly within the file at hand (8 bytes a message) and within the latest
/// [`MOST_IDS`] of earlier files.
#[derive(Debug, Default)]
pub struct Seen {
    earlier: HashMap<ChannelId, Vec<Span>>,
    /// The channels of the spans that still hold their ids, oldest first.
    exact: std::collections::VecDeque<(ChannelId, usize)>,
    kept: usize,
    current: Current,
    backwards: u64,
}

/// One file of a channel.
#[derive(Debug)]
struct Span {
    first: MessageId,
    last: MessageId,
    /// Sorted; `None` where only the ends are remembered.
    ids: Option<Vec<MessageId>>,
}

#[derive(Debug, Default)]
struct Current {
    channel: Option<ChannelId>,
    /// Sorted, as exports are.
    rising: Vec<MessageId>,
    /// Those that came after a later one.
    fallen: HashSet<MessageId>,
}

impl Seen {
    /// Begins a file, which holds messages of this channel only.
    pub fn begin(&mut self, channel: ChannelId) {
        self.end();
        self.current.channel = Some(channel);
    }

    /// Whether the message is read for the first time.
    pub fn is_new(&mut self, id: MessageId) -> bool {
        let channel = self.current.channel;
        let earlier = channel.and_then(|channel| self.earlier.get(&channel));
        if earlier.is_some_and(|spans| spans.iter().any(|span| span.holds(id))) {
            return false;
        }
        if self.current.rising.last().is_none_or(|last| *last < id) {
            self.current.rising.push(id);
            return true;
        }
        let is_new = self.current.rising.binary_search(&id).is_err() && self.current.fallen.insert(id);
        self.backwards += u64::from(is_new);
        is_new
    }

    /// How many new messages stood after a later one of the same file.
    pub const fn backwards(&self) -> u64 {
        self.backwards
    }

    fn end(&mut self) {
        let Current { channel, rising: mut ids, fallen } = std::mem::take(&mut self.current);
        ids.extend(fallen);
        ids.sort_unstable();
        let (Some(channel), Some(first), Some(last)) = (channel, ids.first().copied(), ids.last().copied()) else {
            return;
        };
        let spans = self.earlier.entry(channel).or_default();
        self.kept += ids.len();
        self.exact.push_back((channel, spans.len()));
        spans.push(Span { first, last, ids: Some(ids) });
        while self.kept > MOST_IDS {
            let Some((channel, place)) = self.exact.pop_front() else { break };
            let span = self.earlier.get_mut(&channel).and_then(|spans| spans.get_mut(place));
            self.kept -= span.and_then(|span| span.ids.take()).map_or(0, |ids| ids.len());
        }
    }
}

impl Span {
    fn holds(&self, id: MessageId) -> bool {
        (self.first..=self.last).contains(&id) && self.ids.as_ref().is_none_or(|ids| ids.binary_search(&id).is_ok())
    }
}
