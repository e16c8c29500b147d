//! Being counted begins before being enrolled, so that no message falls between the two.

use tokio::sync::MutexGuard;

use super::Watch;
use crate::domain::ids::{CommunityId, UserId};

/// See [`Watch::alone`].
pub struct Alone<'w> {
    _held: MutexGuard<'w, ()>,
}

impl<'w> Alone<'w> {
    pub(super) const fn holding(held: MutexGuard<'w, ()>) -> Self {
        Self { _held: held }
    }
}

/// Somebody who is counted and being enrolled. Dropped without [`Self::keep`] they are counted no more.
pub struct Admission<'w> {
    watch: &'w Watch,
    community: CommunityId,
    user: UserId,
    from: i64,
    is_new: bool,
    _alone: Alone<'w>,
}

impl<'w> Admission<'w> {
    pub(super) const fn new(
        watch: &'w Watch,
        (community, user): (CommunityId, UserId),
        from: i64,
        is_new: bool,
        alone: Alone<'w>,
    ) -> Self {
        Self { watch, community, user, from, is_new, _alone: alone }
    }

    /// Since which snowflake they are counted.
    pub const fn from(&self) -> i64 {
        self.from
    }

    /// They were not counted before.
    pub const fn is_new(&self) -> bool {
        self.is_new
    }

    /// They are in the store now.
    pub fn keep(mut self) {
        self.is_new = false;
    }
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        if self.is_new {
            self.watch.dismiss(self.community, self.user);
        }
        // A past may wait to be read.
        self.watch.opened.notify_one();
    }
}
