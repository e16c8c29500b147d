//! Secret addresses of calendars, by the hash of their secret.

use chrono::{DateTime, Utc};

use super::columns::values;
use super::{Result, Store};
use crate::domain::ids::{CommunityId, UserId};

impl Store {
    /// Keeps the hash of a member's new secret. The one before it is known no more.
    pub async fn set_feed(&self, community: CommunityId, user: UserId, secret: &str, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO feeds (community, member, secret, created_at) SELECT $1, $2, $3, $4
                   WHERE EXISTS (SELECT 1 FROM members WHERE community = $1 AND member = $2)
                   ON CONFLICT (community, member) DO UPDATE
                       SET secret = excluded.secret, created_at = excluded.created_at";
        tx.execute(sql, values![community, user, secret, now]).await?;
        tx.commit().await
    }

    /// Tells whether there was one.
    pub async fn revoke_feed(&self, community: CommunityId, user: UserId) -> Result<bool> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM feeds WHERE community = $1 AND member = $2";
        let revoked = tx.execute(sql, values![community, user]).await?;
        tx.commit().await?;
        Ok(revoked > 0)
    }

    /// Whose secret has this hash, where they are still in and the community still has the bot.
    pub async fn feed_of(&self, secret: &str) -> Result<Option<(CommunityId, UserId)>> {
        let mut tx = self.read().await?;
        let sql = "SELECT f.community, f.member FROM feeds f
                   JOIN members m ON m.community = f.community AND m.member = f.member
                   JOIN communities c ON c.community = f.community
                   WHERE f.secret = $1 AND m.membership <> 'left' AND c.removed_at IS NULL";
        let row: Option<(i64, i64)> = tx.row(sql, values![secret]).await?;
        Ok(row.map(|(community, user)| (CommunityId::from_column(community), UserId::from_column(user))))
    }
}
