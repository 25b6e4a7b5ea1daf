//! Pairs what was wanted with what was found: equal ones first, then the most alike.

/// Pairs of indices (wanted, found), each used once. `likeness` is 1 for equal, 0 for not to be paired.
pub(super) fn pairs(wanted: usize, found: usize, likeness: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    let mut close: Vec<(f64, usize, usize)> = Vec::new();
    for w in 0..wanted {
        for f in 0..found {
            let l = likeness(w, f);
            if l > 0.0 {
                close.push((l, w, f));
            }
        }
    }
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut w_used, mut f_used) = (vec![false; wanted], vec![false; found]);
    let mut out = Vec::new();
    for (_, w, f) in close {
        if let (Some(wu @ false), Some(fu @ false)) = (w_used.get_mut(w), f_used.get_mut(f)) {
            (*wu, *fu) = (true, true);
            out.push((w, f));
        }
    }
    out.sort_unstable();
    out
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn equal_ones_go_first_and_none_is_used_twice() {
        let like = [[0.6, 1.0, 0.0], [0.7, 1.0, 0.0]];
        assert_eq!(pairs(2, 3, |w, f| like[w][f]), [(0, 1), (1, 0)]);
        assert!(pairs(0, 3, |_, _| 1.0).is_empty());
    }
}
