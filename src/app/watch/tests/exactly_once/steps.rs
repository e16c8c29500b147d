//! What may happen, in any order.

use super::*;

/// A channel, or a thread by its number (a channel where there is none); author; whom it answers.
pub type Saying = (usize, usize, usize);

#[derive(Debug, Clone)]
pub enum Step {
    /// Where, author, whom it answers, whom it names; delivered live while somebody listens.
    Say(usize, usize, Option<usize>, Vec<usize>),
    Flush,
    /// The last message of a channel or thread is delivered again, also where an earlier process has heard it.
    Repeat(usize),
    /// The process dies; so many messages are said until the next one listens.
    Kill(Vec<Saying>),
    /// The session is lost, the process lives on.
    Lose(Vec<Saying>),
    /// The process dies; the next one goes on with its session, which tells again what was not stored and what was said since.
    Resume(Vec<Saying>),
    /// The bot may do this in a channel from now on.
    Door(usize, Access),
    /// A thread is made in a channel. The session tells of it at once, or late.
    Thread(usize, bool),
    /// It tells of those that it has not told of, as when they were made or as they are.
    Tell(bool),
    /// A page of so many messages is read, and stored or (killed before) not.
    Read(usize),
    Join,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (person, place) = (0..PEOPLE.len(), 0..CHANNELS.len() + THREADS);
    let saying = (place.clone(), person.clone(), person.clone());
    let missed = || prop::collection::vec(saying.clone(), 0..8);
    let step = prop_oneof![
        12 => (place.clone(), person.clone(), prop::option::of(person.clone()), prop::collection::vec(person, 0..3))
            .prop_map(|(place, author, reply, mentions)| Step::Say(place, author, reply, mentions)),
        5 => Just(Step::Flush),
        6 => place.prop_map(Step::Repeat),
        2 => missed().prop_map(Step::Kill),
        1 => missed().prop_map(Step::Lose),
        4 => missed().prop_map(Step::Resume),
        3 => (0..CHANNELS.len(), prop::sample::select(vec![Access::Reads, Access::NoHistory, Access::Hidden]))
            .prop_map(|(channel, access)| Step::Door(channel, access)),
        2 => (0..CHANNELS.len(), any::<bool>()).prop_map(|(channel, at_once)| Step::Thread(channel, at_once)),
        1 => any::<bool>().prop_map(Step::Tell),
        3 => (1_usize..4).prop_map(Step::Read),
        1 => Just(Step::Join),
    ];
    prop::collection::vec(step, 1..60)
}

/// What a session tells, one after the other.
#[derive(Debug, Clone)]
pub enum Frame {
    Said(Observation),
    Looks(Sight),
}

pub struct Thread {
    pub id: i64,
    /// Which of the channels.
    pub parent: usize,
    pub told: bool,
}
