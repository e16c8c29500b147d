//! Whom a round has chosen has to be there, and to have the role that the admins require.

use std::collections::BTreeSet;

use chrono::Duration;

use crate::app::messenger::{Messenger, Presence};
use crate::app::{Refusal, Result, Wallflower};
use crate::domain::ids::CommunityId;
use crate::domain::round::{RoundReport, Suggestion};
use crate::store::{Candidates, Programme};

/// A round chooses this often, where some of the chosen turn out to be gone, or another process holds it.
pub(super) const MOST_LOOKS: usize = 4;

/// So long a due round waits for Discord to say who has the role that the admins require. Then it is held among those of whom
/// that is known.
const ROLES_WITHIN: Duration = Duration::hours(1);

impl Wallflower {
    /// Chooses, and looks for those who were chosen: whoever has left the server leaves Wallflower, whoever lost the
    /// required role is passed over, and others are chosen instead. Only the chosen are looked for, so it takes few requests.
    /// `None` where the round is due and may wait for Discord to answer.
    pub(super) async fn choose_among_present(
        &self,
        messenger: &dyn Messenger,
        id: CommunityId,
    ) -> Result<Option<(Candidates, Vec<Suggestion>, RoundReport)>> {
        let (mut seen, mut without_role) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..MOST_LOOKS {
            let candidates = self.candidates(id).await?.ok_or(Refusal::NotSetUp)?;
            let (chosen, report) = self.choose(&candidates, &without_role).await?;
            let mut all_fit = true;
            for user in chosen.iter().flat_map(|one| one.people.iter().copied()).filter(|user| seen.insert(*user)) {
                match messenger.presence(id, user).await {
                    Ok(Presence::Here { roles }) => {
                        let lacks_it = candidates.programme.required_role.is_some_and(|role| !roles.contains(&role));
                        all_fit &= !(lacks_it && without_role.insert(user));
                    }
                    Ok(Presence::Gone) => {
                        self.let_go(id, user).await?;
                        all_fit = false;
                    }
                    Err(why) => {
                        tracing::debug!(community = %id, %why, "a chosen one could not be looked for");
                        // Nobody is passed over because Discord does not answer, but for a role that keeps people out.
                        if candidates.programme.required_role.is_some() {
                            if self.may_wait_for_roles(&candidates.programme) {
                                return Ok(None);
                            }
                            all_fit &= !without_role.insert(user);
                        }
                    }
                }
            }
            if all_fit {
                return Ok(Some((candidates, chosen, report)));
            }
        }
        let candidates = self.candidates(id).await?.ok_or(Refusal::NotSetUp)?;
        let (mut chosen, mut report) = self.choose(&candidates, &without_role).await?;
        chosen.retain(|one| one.people.iter().all(|user| seen.contains(user)));
        report.suggested = chosen.len();
        Ok(Some((candidates, chosen, report)))
    }

    fn may_wait_for_roles(&self, programme: &Programme) -> bool {
        let now = self.now();
        !programme.paused && programme.next_round_at.is_some_and(|due| due <= now && now < due + ROLES_WITHIN)
    }
}
