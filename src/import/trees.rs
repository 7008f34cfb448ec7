//! What labelled pages taught, as a sum of small decision trees.
//!
//! In: the rows of a file that a script in `scripts/` wrote. Out: [`Trees`], which give a row of numbers its log-odds.
//! The sum is taken in the order of the trees, so it is the same everywhere.

/// A part of a tree.
#[derive(Debug, Clone, Copy)]
enum Node {
    /// Goes on with the next node where the value is at most the threshold, else with the node at `other`.
    Fork { value: u16, threshold: f64, other: u32 },
    /// What the tree adds to the log-odds.
    Leaf(f64),
}

/// Trees whose sum is the log-odds.
#[derive(Debug, Clone, Default)]
pub(super) struct Trees(Vec<Vec<Node>>);

impl Trees {
    /// Reads trees, one a row; a row that starts with `#` is a comment.
    pub(super) fn read<'a>(rows: impl IntoIterator<Item = &'a str>) -> Trees {
        Trees(rows.into_iter().filter(|row| !row.starts_with('#')).map(tree).collect())
    }

    /// The log-odds of a row of numbers; a number that isn't there counts as low.
    pub(super) fn odds(&self, values: &[f32]) -> f64 {
        self.0.iter().map(|tree| weigh(tree, values)).sum()
    }

    /// The number of trees.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Reads a tree: `7<0.5 A B` goes to A where value 7 is at most 0.5, else to B; `=0.1` is a leaf.
fn tree(row: &str) -> Vec<Node> {
    let mut tree: Vec<Node> = Vec::new();
    // Forks whose second branch hasn't begun.
    let mut waiting: Vec<usize> = Vec::new();
    for word in row.split(' ') {
        let at = tree.len();
        if let Some(leaf) = word.strip_prefix('=') {
            tree.push(Node::Leaf(leaf.parse().unwrap_or(0.0)));
            if let Some(fork) = waiting.pop()
                && let Node::Fork { other, .. } = &mut tree[fork]
            {
                *other = at as u32 + 1;
            }
        } else if let Some((value, threshold)) = word.split_once('<') {
            waiting.push(at);
            let (value, threshold) = (value.parse().unwrap_or(0), threshold.parse().unwrap_or(0.0));
            tree.push(Node::Fork { value, threshold, other: at as u32 });
        }
    }
    tree
}

fn weigh(tree: &[Node], values: &[f32]) -> f64 {
    let mut at = 0;
    // A fork leads forward, always.
    while let Some(node) = tree.get(at) {
        match *node {
            Node::Leaf(weight) => return weight,
            Node::Fork { value, threshold, other } => {
                let is_low =
                    values.get(usize::from(value)).is_none_or(|value| f64::from(*value) <= threshold);
                let other = other as usize;
                at = if is_low || other <= at { at + 1 } else { other };
            }
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_read_as_they_are_written() {
        let tree = tree("1<0.5 =1 0<2 =2 =3");
        let check = |values: [f32; 2], expected: f64| {
            assert!((weigh(&tree, &values) - expected).abs() < 1e-9, "{values:?}");
        };
        check([0.0, 0.5], 1.0);
        check([2.0, 0.6], 2.0);
        check([2.1, 0.6], 3.0);
        assert_eq!(Trees::read(["# a comment", "=1"]).len(), 1);
    }
}
