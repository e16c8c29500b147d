//! Many rows with one statement.

use std::fmt::Write as _;

use super::database::Engine;

/// Rows of one statement at most: far below SQLite's 32,766 values.
pub(super) const ROWS: usize = 1024;

/// Parts whose lengths are powers of two, so that there are few different statements and the engine knows each already.
pub(super) fn batches<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = ROWS.min(1 << rows.len().checked_ilog2()?);
        let (batch, rest) = rows.split_at(length);
        rows = rest;
        Some(batch)
    })
}

/// The places of all values of a statement, which holds no others: `($1, $2), ($3, $4)` for two rows of two columns. SQLite's
/// are without numbers, since a number is a name there, and `sqlx` asks for the name of every place: SQLite goes through all
/// names for each.
pub(super) fn placeholders(engine: Engine, rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for place in 0..rows * columns {
        let before = match (place, place % columns) {
            (0, _) => "(",
            (_, 0) => "), (",
            _ => ", ",
        };
        // A String takes all that is written.
        let _ = match engine {
            Engine::Sqlite => write!(text, "{before}?"),
            Engine::Postgres => write!(text, "{before}${}", place + 1),
        };
    }
    text + ")"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_few_and_hold_every_row() {
        assert_eq!(placeholders(Engine::Postgres, 2, 2), "($1, $2), ($3, $4)");
        assert_eq!(placeholders(Engine::Sqlite, 2, 2), "(?, ?), (?, ?)");
        let rows: Vec<usize> = (0..3_001).collect();
        let lengths: Vec<usize> = batches(&rows).map(<[usize]>::len).collect();
        assert_eq!(lengths, [1024, 1024, 512, 256, 128, 32, 16, 8, 1]);
        assert!(batches(&rows).flatten().eq(&rows));
        assert_eq!(batches::<usize>(&[]).count(), 0);
    }
}
