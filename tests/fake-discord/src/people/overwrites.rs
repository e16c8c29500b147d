//! What admins allow and deny in one channel.

use super::{Channel, Person, Role};
use crate::world::Overwrite;
use crate::{BOT_ID, Id};

impl Channel {
    fn overwrite(&self, id: Id, is_member: bool, allow: u64, deny: u64) {
        self.discord.change_world(|w| {
            let known = w.channels.get(&self.id).and_then(|c| c.overwrites.iter().find(|o| o.id == id)).cloned();
            let (allowed, denied) = known.map_or((0, 0), |o| (o.allow, o.deny));
            let overwrite = Overwrite { id, is_member, allow: allowed & !deny | allow, deny: denied & !allow | deny };
            w.set_overwrite(self.id, overwrite);
        });
    }

    pub fn denies(&self, role: &Role, denied: u64) {
        self.overwrite(role.id, false, 0, denied);
    }

    pub fn allows(&self, role: &Role, allowed: u64) {
        self.overwrite(role.id, false, allowed, 0);
    }

    pub fn denies_person(&self, person: &Person, denied: u64) {
        self.overwrite(person.id, true, 0, denied);
    }

    pub fn allows_person(&self, person: &Person, allowed: u64) {
        self.overwrite(person.id, true, allowed, 0);
    }

    pub fn denies_bot(&self, denied: u64) {
        self.overwrite(BOT_ID, true, 0, denied);
    }

    pub fn allows_bot(&self, allowed: u64) {
        self.overwrite(BOT_ID, true, allowed, 0);
    }
}
