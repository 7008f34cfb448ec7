//! What labelled pages taught about a line's features: three small linear models.
//!
//! In: a line's features. Out: the log-odds that it is the title, the article's, a heading. The weights are
//! in `weights.txt`, which `scripts/train-import.py` writes.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::features::{BUCKETS, FEATURES, Look, POSITIONS, Slot, feature};

/// What a model tells about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// Whether it is the title.
    Title,
    /// Whether it belongs to the article.
    Article,
    /// Whether a line of the article is a heading.
    Heading,
}

/// The models with their names in `weights.txt`.
const MODELS: [(Model, &str); 3] =
    [(Model::Title, "title"), (Model::Article, "article"), (Model::Heading, "heading")];

/// The weights of each model, by feature.
static WEIGHTS: LazyLock<[Vec<f32>; 3]> = LazyLock::new(|| {
    let mut weights: [Vec<f32>; 3] = std::array::from_fn(|_| vec![0.0; FEATURES]);
    for row in include_str!("weights.txt").lines().filter(|row| !row.starts_with('#')) {
        let mut fields = row.split(' ');
        let mut find = || {
            let model = fields.next().and_then(|name| MODELS.iter().position(|(_, model)| *model == name))?;
            let step: isize = fields.next()?.parse().ok()?;
            let position = POSITIONS.iter().position(|position| *position == step)?;
            let name = fields.next()?;
            let slot = Slot::ALL.iter().find(|slot| slot.name() == name)?;
            Some((model, position, *slot))
        };
        let Some((model, position, slot)) = find() else { continue };
        for (bucket, weight) in fields.take(BUCKETS).enumerate() {
            weights[model][usize::from(feature(position, slot, bucket))] = weight.parse().unwrap_or(0.0);
        }
    }
    weights
});

/// The weights of single words for each model; only words that were met on many sites have one.
static WORDS: LazyLock<[HashMap<&'static str, f32>; 3]> = LazyLock::new(|| {
    let mut words: [HashMap<&'static str, f32>; 3] = std::array::from_fn(|_| HashMap::new());
    for row in include_str!("weights.txt").lines() {
        let mut fields = row.split(' ');
        let (Some(name), Some("word"), Some(word), Some(weight)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let model = MODELS.iter().position(|(_, model)| *model == name);
        if let (Some(model), Ok(weight)) = (model, weight.parse()) {
            words[model].insert(word, weight);
        }
    }
    words
});

/// Words are weighed in lines of at most this many; longer ones are judged by their shape and place.
const WEIGHED_WORDS: usize = 25;

/// The log-odds a model gives to a line that looks like this.
pub(super) fn log_odds(model: Model, look: &Look) -> f64 {
    let weights = &WEIGHTS[model as usize];
    let shape: f64 = look.features.iter().map(|feature| f64::from(weights[usize::from(*feature)])).sum();
    if look.words.len() > WEIGHED_WORDS {
        return shape;
    }
    let table = &WORDS[model as usize];
    let weigh = |index: usize, word: &String| {
        // A word counts once however often the line has it.
        let again = look.words[..index].contains(word);
        if again { 0.0 } else { table.get(word.as_str()).map_or(0.0, |weight| f64::from(*weight)) }
    };
    shape + look.words.iter().enumerate().map(|(index, word)| weigh(index, word)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_weights_is_understood() {
        for row in include_str!("weights.txt").lines().filter(|row| !row.starts_with('#')) {
            let fields: Vec<&str> = row.split(' ').collect();
            assert!(MODELS.iter().any(|(_, name)| *name == fields[0]), "{row}");
            if fields[1] == "word" {
                assert!(fields.len() == 4 && fields[3].parse::<f32>().is_ok(), "{row}");
                continue;
            }
            assert!(POSITIONS.iter().any(|step| step.to_string() == fields[1]), "{row}");
            assert!(Slot::ALL.iter().any(|slot| slot.name() == fields[2]), "{row}");
            assert!(fields[3..].iter().all(|weight| weight.parse::<f32>().is_ok()), "{row}");
        }
    }
}
