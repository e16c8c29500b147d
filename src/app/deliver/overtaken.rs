//! What is not said after all, since people or admins have said something meanwhile.

use crate::app::{Result, Wallflower};
use crate::domain::meetup::Meetup;
use crate::domain::member::Door;
use crate::domain::notice::Notice;
use crate::store::Programme;

impl Wallflower {
    /// Whether what people or admins have said since takes it back.
    pub(super) async fn is_overtaken(
        &self,
        notice: &Notice,
        programme: Option<&Programme>,
        meetup: Option<&Meetup>,
    ) -> Result<bool> {
        Ok(match (notice, meetup) {
            (Notice::Reminder { when }, _) => programme.is_some_and(|programme| !programme.reminders.has(*when)),
            (Notice::MeetAgain | Notice::TryAgain, Some(meetup)) => !self.may_still_go_on(meetup).await?,
            (Notice::WordDrafted | Notice::Word, Some(meetup)) => !self.are_still_together(meetup).await?,
            (Notice::OpenAsk, Some(meetup)) => {
                !self.people_of(meetup).await?.iter().all(|member| member.profile.may_be_named)
            }
            (Notice::CheckInWaits, meetup) => !self.somebody_only_looks(meetup).await?,
            _ => false,
        })
    }

    /// Whether somebody has been asked how it was behind no door: they chose to look for themselves, or cannot be reached.
    async fn somebody_only_looks(&self, meetup: Option<&Meetup>) -> Result<bool> {
        let Some(meetup) = meetup else { return Ok(false) };
        for seat in meetup.present().filter(|seat| seat.check_in.is_unanswered()) {
            let member = self.store.member(meetup.community, seat.user).await?;
            if member.is_some_and(|member| member.profile.door == Door::Look && member.takes_part(self.now())) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
