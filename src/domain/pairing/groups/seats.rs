//! Who sits where.

use super::hall::number;

/// Nobody sits at two tables. A table that was cleared leaves an empty place for the next one.
pub(super) struct Seats {
    tables: Vec<Vec<u32>>,
    at: Vec<Option<u32>>,
    cleared: Vec<u32>,
}

impl Seats {
    pub(super) fn new(people: u32) -> Self {
        Self { tables: Vec::new(), at: vec![None; people as usize], cleared: Vec::new() }
    }

    pub(super) fn add(&mut self, table: Vec<u32>) {
        let index = self.cleared.pop().unwrap_or_else(|| {
            self.tables.push(Vec::new());
            number(self.tables.len() - 1)
        });
        for one in &table {
            self.at[*one as usize] = Some(index);
        }
        self.tables[index as usize] = table;
    }

    pub(super) fn clear(&mut self, index: u32) {
        for one in std::mem::take(&mut self.tables[index as usize]) {
            self.at[one as usize] = None;
        }
        self.cleared.push(index);
    }

    pub(super) fn take_in(&mut self, one: u32, index: u32) {
        self.at[one as usize] = Some(index);
        self.tables[index as usize].push(one);
    }

    /// The table at which somebody sits.
    pub(super) fn at(&self, one: u32) -> Option<u32> {
        self.at[one as usize]
    }

    pub(super) fn table(&self, index: u32) -> &[u32] {
        &self.tables[index as usize]
    }

    /// All numbers of tables, cleared ones included.
    pub(super) fn all(&self) -> std::ops::Range<u32> {
        0..number(self.tables.len())
    }

    pub(super) fn left_over(&self) -> impl Iterator<Item = u32> {
        (0..number(self.at.len())).filter(|one| self.at(*one).is_none())
    }

    pub(super) fn into_tables(self) -> Vec<Vec<u32>> {
        let mut tables: Vec<_> = self.tables.into_iter().filter(|table| !table.is_empty()).collect();
        for table in &mut tables {
            table.sort_unstable();
        }
        tables.sort_unstable();
        tables
    }
}
