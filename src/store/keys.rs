//! Which key the hashes of people were made with: only its fingerprint stands here.

use super::columns::values;
use super::{Result, Store};

impl Store {
    /// The fingerprint of the key that the hashes here were made with; `None` where there has been none yet.
    pub async fn key_fingerprint(&self) -> Result<Option<String>> {
        let mut tx = self.read().await?;
        let row: Option<(String,)> = tx.row("SELECT fingerprint FROM keys WHERE name = 'people'", vec![]).await?;
        Ok(row.map(|(fingerprint,)| fingerprint))
    }

    /// Keeps the fingerprint of the first key that is ever used. `false` where it was another one.
    pub async fn claim_key(&self, fingerprint: &str) -> Result<bool> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO keys (name, fingerprint) VALUES ('people', $1) ON CONFLICT (name) DO NOTHING";
        tx.execute(sql, values![fingerprint]).await?;
        let kept: Option<(String,)> = tx.row("SELECT fingerprint FROM keys WHERE name = 'people'", vec![]).await?;
        tx.commit().await?;
        Ok(kept.is_some_and(|(kept,)| kept == fingerprint))
    }

    /// Gives up what was said of others under a key that is lost (avoids, exclusions, wishes): nobody can be recognised
    /// by it any more. The next key is taken as it comes. Tells how many words were given up.
    pub async fn give_up_key(&self) -> Result<u64> {
        let mut tx = self.write().await?;
        let mut given_up = 0;
        for table in ["avoids", "exclusions", "wishes"] {
            given_up += tx.execute(&format!("DELETE FROM {table}"), vec![]).await?;
        }
        tx.execute("DELETE FROM keys", vec![]).await?;
        tx.erases().await?;
        tx.commit().await?;
        self.empty_log().await;
        Ok(given_up)
    }
}
