//! Who is named where in a database.

use super::support::TestDatabase;

/// The tables that hold this number or text in any column, JSON included.
pub async fn tables_naming(database: &TestDatabase, sentinel: impl std::fmt::Display) -> Vec<String> {
    let sentinel = sentinel.to_string();
    let naming = database.rows().await.into_iter().filter(|(_, row)| row.contains(&sentinel));
    let table = |(place, _): (String, String)| place.split('.').next().unwrap_or_default().to_owned();
    let mut tables: Vec<String> = naming.map(table).collect();
    tables.sort();
    tables.dedup();
    tables
}
