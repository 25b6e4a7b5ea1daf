//! Joins what speaks for one thing: a union-find in which whatever contradicts itself is left apart.

use std::collections::{BTreeMap, BTreeSet};

/// Sets of numbered things.
#[derive(Debug)]
pub struct Clusters {
    parent: Vec<usize>,
}

impl Clusters {
    /// `n` things, each by itself.
    pub fn new(n: usize) -> Self {
        Clusters { parent: (0..n).collect() }
    }

    /// The least of the set that a thing is in.
    pub fn root(&self, mut i: usize) -> usize {
        while let Some(&p) = self.parent.get(i).filter(|p| **p != i) {
            i = p;
        }
        i
    }

    /// Makes two sets one.
    pub fn join(&mut self, a: usize, b: usize) {
        let roots = (self.root(a), self.root(b));
        let low = roots.0.min(roots.1);
        // Those asked for lead straight to it from now on, so that no chain grows long.
        for i in [roots.0, roots.1, a, b] {
            if let Some(p) = self.parent.get_mut(i) {
                *p = low;
            }
        }
    }

    /// The sets, each by its least, in order.
    pub fn sets(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..self.parent.len() {
            sets.entry(self.root(i)).or_default().push(i);
        }
        sets
    }

    /// Joins along all edges at once, but for those of a set that would then hold two of what it can have one of: none of
    /// its edges is used, since nothing tells which of them is the wrong one. Returns for each edge whether it was used.
    pub fn join_all<M: Ord>(&mut self, edges: &[(usize, usize)], mark: impl Fn(usize) -> Option<M>) -> Vec<bool> {
        let mut tried = Clusters { parent: self.parent.clone() };
        for (a, b) in edges {
            tried.join(*a, *b);
        }
        let mut marks: BTreeMap<usize, BTreeSet<M>> = BTreeMap::new();
        let touched: BTreeSet<usize> = edges.iter().map(|(a, _)| tried.root(*a)).collect();
        for i in 0..self.parent.len() {
            let root = tried.root(i);
            if touched.contains(&root) {
                marks.entry(root).or_default().extend(mark(i));
            }
        }
        edges
            .iter()
            .map(|(a, b)| {
                let fits = marks.get(&tried.root(*a)).is_none_or(|m| m.len() <= 1);
                if fits {
                    self.join(*a, *b);
                }
                fits
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_two_joins_neither() {
        let mut c = Clusters::new(5);
        let number = |i: usize| [Some(1), None, Some(2), None, None].get(i).copied().flatten();
        assert_eq!(c.join_all(&[(0, 1), (1, 2), (3, 4)], number), [false, false, true]);
        assert_eq!(c.sets().len(), 4);
    }
}
