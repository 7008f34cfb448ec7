//! What labelled pages taught about blocks: a sum of small decision trees.
//!
//! In: a block in numbers. Out: how likely it is the article's. The trees are in `trees.txt`, which
//! `scripts/train-html-import.py` writes.

use std::sync::LazyLock;

use super::look::Look;

/// A part of a tree.
#[derive(Debug, Clone, Copy)]
enum Node {
    /// Goes on with the next node where the value is at most the threshold, else with the node at `other`.
    Fork { value: usize, threshold: f64, other: usize },
    /// What the tree adds to the log-odds.
    Leaf(f64),
}

type Tree = Vec<Node>;

/// The trees.
static TREES: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    include_str!("trees.txt").lines().filter(|row| !row.starts_with('#')).map(read).collect()
});

/// Reads a tree: `7<0.5 A B` goes to A where value 7 is at most 0.5, else to B; `=0.1` is a leaf.
fn read(row: &str) -> Tree {
    let mut tree: Tree = Vec::new();
    // Forks whose second branch hasn't begun.
    let mut waiting: Vec<usize> = Vec::new();
    for word in row.split(' ') {
        let at = tree.len();
        if let Some(leaf) = word.strip_prefix('=') {
            tree.push(Node::Leaf(leaf.parse().unwrap_or(0.0)));
            if let Some(fork) = waiting.pop()
                && let Node::Fork { other, .. } = &mut tree[fork]
            {
                *other = at + 1;
            }
        } else if let Some((value, threshold)) = word.split_once('<') {
            waiting.push(at);
            let (value, threshold) = (value.parse().unwrap_or(0), threshold.parse().unwrap_or(0.0));
            tree.push(Node::Fork { value, threshold, other: at });
        }
    }
    tree
}

/// The log-odds that the trees give to a row of numbers, as a share of 1.
fn likely(model: &[Tree], values: &[f32]) -> f32 {
    let odds: f64 = model.iter().map(|tree| weigh(tree, values)).sum();
    (1.0 / (1.0 + (-odds).exp())) as f32
}

fn weigh(tree: &Tree, values: &[f32]) -> f64 {
    let mut at = 0;
    // A fork leads forward, always.
    while let Some(node) = tree.get(at) {
        match *node {
            Node::Leaf(weight) => return weight,
            Node::Fork { value, threshold, other } => {
                let is_low = values.get(value).is_none_or(|value| f64::from(*value) <= threshold);
                at = if is_low || other <= at { at + 1 } else { other };
            }
        }
    }
    0.0
}

/// How likely each block is the article's, 0 to 1.
pub(super) fn article(looks: &[Look]) -> Vec<f32> {
    looks.iter().map(|look| likely(&TREES, &look.values)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_read_as_they_are_written() {
        let tree = read("1<0.5 =1 0<2 =2 =3");
        let check = |values: [f32; 2], expected: f64| {
            assert!((weigh(&tree, &values) - expected).abs() < 1e-9, "{values:?}");
        };
        check([0.0, 0.5], 1.0);
        check([2.0, 0.6], 2.0);
        check([2.1, 0.6], 3.0);
        assert!(TREES.len() > 10);
    }
}
