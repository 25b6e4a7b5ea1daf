//! Defines `Rows`: a set of rows of one segment as bits, so that conditions are put together 64 rows at a time.

use tantivy::DocId as Row;

/// Rows of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rows(Vec<u64>);

impl Rows {
    /// None of a segment of so many rows.
    pub(super) fn none(of: Row) -> Self {
        Rows(vec![0; (of as usize).div_ceil(64)])
    }

    /// All of a segment of so many rows.
    pub(super) fn all(of: Row) -> Self {
        let mut rows = Rows(vec![u64::MAX; (of as usize).div_ceil(64)]);
        if let Some(last) = rows.0.last_mut().filter(|_| !of.is_multiple_of(64)) {
            *last >>= 64 - of % 64;
        }
        rows
    }

    pub(super) fn insert(&mut self, row: Row) {
        if let Some(word) = self.0.get_mut(row as usize / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub(super) fn contains(&self, row: Row) -> bool {
        self.0.get(row as usize / 64).is_some_and(|w| w >> (row % 64) & 1 == 1)
    }

    /// Leaves only those that are in the other set too.
    pub(super) fn and(&mut self, other: &Rows) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    /// Adds those of the other set.
    pub(super) fn or(&mut self, other: &Rows) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    /// Takes out those of the other set.
    pub(super) fn without(&mut self, other: &Rows) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }

    /// Takes out all.
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Whether all of the other set are among these.
    pub(super) fn cover(&self, other: &Rows) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| b & !a == 0)
    }

    /// What it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.0.len() * size_of::<u64>()
    }

    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(|w| u64::from(w.count_ones())).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }

    /// Calls `each` with every row, in order.
    pub(super) fn each(&self, mut each: impl FnMut(Row)) {
        for (word, first) in self.0.iter().zip((0..).step_by(64)) {
            let mut rest = *word;
            while rest != 0 {
                each(first + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }

    /// The rows, in order.
    pub(super) fn list(&self) -> Vec<Row> {
        let mut out = Vec::with_capacity(usize::try_from(self.len()).unwrap_or_default());
        self.each(|row| out.push(row));
        out
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    fn rows(of: Row, list: &BTreeSet<Row>) -> Rows {
        let mut rows = Rows::none(of);
        list.iter().for_each(|r| rows.insert(*r));
        rows
    }

    proptest! {
        #[test]
        fn sets_of_bits_are_sets(
            of in 150u32..260,
            a in prop::collection::btree_set(0u32..150, 0..40),
            b in prop::collection::btree_set(0u32..150, 0..40),
        ) {
            let (left, right) = (rows(of, &a), rows(of, &b));
            prop_assert_eq!(left.list(), a.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!((left.len(), left.is_empty()), (a.len() as u64, a.is_empty()));
            prop_assert!((0..of).all(|r| left.contains(r) == a.contains(&r)));
            let with = |change: fn(&mut Rows, &Rows)| {
                let mut rows = left.clone();
                change(&mut rows, &right);
                rows.list()
            };
            prop_assert_eq!(with(Rows::and), a.intersection(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(with(Rows::or), a.union(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(with(Rows::without), a.difference(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(left.cover(&right), b.is_subset(&a));
            prop_assert_eq!(Rows::all(of).list(), (0..of).collect::<Vec<_>>());
        }
    }
}
