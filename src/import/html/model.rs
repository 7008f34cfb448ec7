//! What labelled pages taught about blocks: a sum of small decision trees.
//!
//! In: a block in numbers. Out: how likely it is the article's. The trees are in `trees.txt`, which
//! `scripts/train-html-import.py` writes.

use std::sync::LazyLock;

use super::look::Look;
use crate::import::trees::Trees;

/// The trees.
static TREES: LazyLock<Trees> = LazyLock::new(|| Trees::read(include_str!("trees.txt").lines()));

/// The trees that come with the program.
pub(super) fn trees() -> &'static Trees {
    &TREES
}

/// How likely each block is the article's, 0 to 1.
pub(super) fn article(trees: &Trees, looks: &[Look]) -> Vec<f32> {
    looks.iter().map(|look| (1.0 / (1.0 + (-trees.odds(&look.values)).exp())) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trees_are_there() {
        assert!(TREES.len() > 10);
    }
}
