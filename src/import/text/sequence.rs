//! What was thought of a line's neighbours, in numbers: furniture and article come in stretches.
//!
//! In: the lines' looks and the log-odds that each is the article's. Out: numbers for the next judgement.

use super::features::{Look, SEEN, count, share};
use super::lines::Line;
use super::structure::is_title_case;

/// The steps to the neighbours whose log-odds are seen one by one.
const STEPS: [isize; 10] = [-1, 1, -2, 2, -3, 3, -4, 4, -5, 5];
/// Stretches before and after a line, in lines, whose mean is taken.
const STRETCHES: [usize; 3] = [4, 8, 20];
/// What is thought of the lines beyond the text's start and end.
const BEYOND: f32 = -4.0;
/// Log-odds further from zero say nothing more.
pub(super) const SURE: f64 = 6.0;

/// For each line its numbers: its own log-odds first, its look, the log-odds of its neighbours and of stretches of
/// the text.
pub(super) fn context(lines: &[Line], looks: &[Look], odds: &[f64]) -> Vec<Vec<f32>> {
    let all = looks.len();
    let odds: Vec<f32> = odds.iter().map(|odds| odds.clamp(-SURE, SURE) as f32).collect();
    // A line counts by its length, but less than in proportion: a caption may be as long as a paragraph.
    let weights: Vec<f64> = looks.iter().map(|look| (look.words.len() as f64 + 1.0).sqrt()).collect();
    let mut before = vec![0.0_f64; all + 1];
    let mut weight_before = vec![0.0_f64; all + 1];
    for index in 0..all {
        before[index + 1] = before[index] + f64::from(odds[index]) * weights[index];
        weight_before[index + 1] = weight_before[index] + weights[index];
    }
    let mean = |from: usize, to: usize| {
        let weight = weight_before[to] - weight_before[from];
        if weight > 0.0 { ((before[to] - before[from]) / weight) as f32 } else { BEYOND }
    };
    let (start, end) = best_stretch(&before);
    // The most that can be gained by going on from a line, to the end or to the start.
    let mut gain_after = vec![0.0_f64; all + 1];
    for index in (0..all).rev() {
        gain_after[index] = (gain_after[index + 1] + before[index + 1] - before[index]).max(0.0);
    }
    let mut gain_before = vec![0.0_f64; all + 1];
    for index in 0..all {
        gain_before[index + 1] = (gain_before[index] + before[index + 1] - before[index]).max(0.0);
    }
    let mut best_after = vec![BEYOND; all + 1];
    for index in (0..all).rev() {
        best_after[index] = best_after[index + 1].max(odds[index]);
    }

    // Lists and rows of links are furniture or not as a whole.
    let items = stretches(all, |index| lines[index].marker.is_some());
    let scraps = stretches(all, |index| lines[index].marker.is_none() && !looks[index].is_prose);
    let whole = |stretch: &Option<(usize, usize)>| stretch.map_or(BEYOND, |(from, to)| mean(from, to));
    // What stands right above a list tells of it, too.
    let above = |stretch: &Option<(usize, usize)>| {
        stretch.and_then(|(from, _)| from.checked_sub(1)).map_or(BEYOND, |above| odds[above])
    };

    let row = |index: usize| {
        let mut values = vec![odds[index]];
        values.extend(&looks[index].values[..SEEN]);
        values.extend([whole(&items[index]), whole(&scraps[index]), above(&items[index])]);
        values.extend(STEPS.iter().map(|step| {
            let other = index.checked_add_signed(*step).and_then(|other| odds.get(other));
            other.copied().unwrap_or(BEYOND)
        }));
        for stretch in STRETCHES {
            values.push(mean(index.saturating_sub(stretch), index));
            values.push(mean(index + 1, (index + 1 + stretch).min(all)));
        }
        values.extend([
            mean(0, index),
            mean(index + 1, all),
            mean(0, all),
            mean(start, end),
            index as f32 - start as f32,
            end as f32 - index as f32,
            share(index.saturating_sub(start), end - start),
            gain_after[index + 1] as f32,
            gain_before[index] as f32,
            best_after[index + 1],
        ]);
        values
    };
    (0..all).map(row).collect()
}

/// For each line of a stretch of lines that are so, where the stretch starts and ends.
fn stretches(all: usize, is_so: impl Fn(usize) -> bool) -> Vec<Option<(usize, usize)>> {
    let mut stretches = vec![None; all];
    let mut start = 0;
    while start < all {
        let length = (start..all).take_while(|index| is_so(*index)).count();
        stretches[start..start + length].fill(Some((start, start + length)));
        start += length.max(1);
    }
    stretches
}

/// The stretch with the largest sum, where `before` holds the sums of what stands before each line.
fn best_stretch(before: &[f64]) -> (usize, usize) {
    let (mut best, mut lowest) = ((0, before.len() - 1), 0);
    let mut most = f64::NEG_INFINITY;
    for end in 1..before.len() {
        if before[end - 1] < before[lowest] {
            lowest = end - 1;
        }
        if before[end] - before[lowest] > most {
            most = before[end] - before[lowest];
            best = (lowest, end);
        }
    }
    best
}

/// From these log-odds on a line is likely enough the article's to be its heading, or a heading's neighbour.
const LIKELY: f64 = -1.5;

/// For each line its numbers for the question whether it is a heading; none for lines that aren't likely the
/// article's.
pub(super) fn outline(lines: &[Line], looks: &[Look], odds: &[f64]) -> Vec<Vec<f32>> {
    let all = looks.len();
    let is_kept = |index: &usize| odds[*index] > LIKELY;
    // A line that could head something, by its form alone.
    let could_head: Vec<bool> = (0..all)
        .map(|index| {
            let look = &looks[index];
            is_kept(&index)
                && !look.is_prose
                && (1..=14).contains(&look.words.len())
                && !look.ends_in_full_stop()
        })
        .collect();
    let mut heads_before = vec![0; all + 1];
    for index in 0..all {
        heads_before[index + 1] = heads_before[index] + usize::from(could_head[index]);
    }
    let all_kept = (0..all).filter(is_kept).count();
    let kept_before = |index: usize| (0..index).rev().filter(is_kept).take(SEARCHED).collect::<Vec<_>>();
    let row = |index: usize| {
        let mut values = looks[index].values.clone();
        let near = |other: Option<&usize>| match other {
            Some(&other) => {
                let look = &looks[other];
                [
                    count(look.words.len()),
                    look.ending(),
                    look.values[5],
                    look.values[2],
                    look.values[3],
                    f32::from(u8::from(look.is_prose)),
                    f32::from(u8::from(could_head[other])),
                    odds[other].clamp(-SURE, SURE) as f32,
                    index.abs_diff(other) as f32,
                ]
            }
            None => [-1.0; 9],
        };
        let before = kept_before(index);
        let after: Vec<usize> = (index + 1..all).filter(is_kept).take(SEARCHED).collect();
        for place in 0..2 {
            values.extend(near(before.get(place)));
            values.extend(near(after.get(place)));
        }
        let until_prose =
            |lines: &[usize]| lines.iter().position(|line| looks[*line].is_prose).unwrap_or(SEARCHED);
        let until_head =
            |lines: &[usize]| lines.iter().position(|line| could_head[*line]).unwrap_or(SEARCHED);
        let number = match lines[index].marker {
            Some(super::lines::Marker::Number { value, .. }) => value.min(100) as f32,
            Some(super::lines::Marker::Bullet) => 0.0,
            None => -1.0,
        };
        values.extend([
            odds[index].clamp(-SURE, SURE) as f32,
            number,
            f32::from(u8::from(is_title_case(&lines[index].text))),
            f32::from(u8::from(could_head[index])),
            count(until_prose(&before)),
            count(until_prose(&after)),
            count(until_head(&before)),
            count(until_head(&after)),
            count(heads_before[all]),
            share(heads_before[all], all_kept),
            count(heads_before[(index + 6).min(all)] - heads_before[index.saturating_sub(5)]),
        ]);
        values
    };
    (0..all).map(|index| if is_kept(&index) { row(index) } else { Vec::new() }).collect()
}

/// Lines of the article before and after a line that are searched.
const SEARCHED: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_stretch_has_the_largest_sum() {
        // Single lines of -1, 2, 3, -1, 2, -5.
        assert_eq!(best_stretch(&[0.0, -1.0, 1.0, 4.0, 3.0, 5.0, 0.0]), (1, 5));
        assert_eq!(best_stretch(&[0.0]), (0, 0));
    }
}
