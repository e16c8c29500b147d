//! Seeing and erasing what is kept, and everybody's right to be left alone by somebody.

use super::{Refusal, Result, Wallflower};
use crate::domain::ids::{CommunityId, UserId};
use crate::store::Export;

impl Wallflower {
    /// What is kept of this person: in one community, or in all.
    pub async fn privacy(&self, user: UserId, community: Option<CommunityId>) -> Result<Vec<Export>> {
        Ok(self.store.export(user, community).await?)
    }

    /// Erases all that is kept of this person, in one community or in all. Others hear only "can't make it", and keep
    /// "someone" in their history. Tells from how many communities something was erased.
    pub async fn forget(&self, user: UserId, community: Option<CommunityId>) -> Result<usize> {
        let mut erased = 0;
        for id in self.store.communities_of(user).await? {
            if community.is_none_or(|only| only == id) {
                self.end_membership(id, user).await?;
                let _alone = self.alone().await;
                erased += usize::from(self.store.forget(id, user).await?);
                self.stop_counting(id, user);
            }
        }
        Ok(erased)
    }

    /// Keeps these two apart from now on. Silent, and the same answer whoever the other is.
    pub async fn avoid(&self, community: CommunityId, user: UserId, other: UserId) -> Result<()> {
        if user == other {
            return Err(Refusal::Yourself.into());
        }
        self.active_member(community, user).await?;
        self.store.avoid(community, user, &self.person(community, other), self.now()).await?;
        self.withdraw_from_shared(community, user, other).await
    }
}
