//! A drawing of a small graph: where its nodes and lines stand, the same for the same graph on any machine.
//!
//! In: nodes with names, and lines between them. Out: a [`Drawing`] in whole pixels, for a template to show as SVG.
//! Only additions, multiplications, divisions and square roots are used, which IEEE 754 rounds alike everywhere.
//!
//! Source: stress majorization, one node at a time (Gansner, Koren and North, "Graph drawing by stress
//! majorization", 2004), then boxes pushed apart until no name covers another.

use std::collections::VecDeque;

use super::page::{Drawing, DrawnLine, DrawnNode, LineKind, NodeKind};

/// A node to draw.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) kind: NodeKind,
    pub(super) title: String,
    pub(super) href: String,
}

/// A line to draw, between two nodes by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tie {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: LineKind,
}

/// How often every node is moved to where its neighbours want it; the picture stands still well before.
const ROUNDS: usize = 120;

/// How often boxes are pushed apart at most.
const PUSHES: usize = 400;

/// What one step between nodes is on the paper, across and down, in pixels: names are wide and low.
const STEP: (f64, f64) = (200.0, 115.0);

/// A name is broken into lines of about so many letters, at most [`LINES`] of them.
const LETTERS: usize = 22;
const LINES: usize = 2;

/// The width of a letter, bold for topics, and the height of a line of a name, in pixels, for a system face at 13
/// pixels; measured on the names of the repository's own site, and a little more.
const LETTER: f64 = 7.4;
const BOLD_LETTER: f64 = 8.4;
const LINE: f64 = 17.0;

/// The room above a name that the node's dot takes, and the room around a box, in pixels.
const DOT: f64 = 14.0;
const AROUND: f64 = 12.0;

/// Draws a graph. Nodes stand in the order given.
pub(super) fn draw(spots: &[Spot], ties: &[Tie]) -> Drawing {
    let names: Vec<Vec<String>> = spots.iter().map(|spot| broken(&spot.title)).collect();
    let boxes: Vec<(f64, f64)> =
        spots.iter().zip(&names).map(|(spot, lines)| size(spot.kind, lines)).collect();
    let mut places = unstressed(&distances(spots.len(), ties));
    for (x, y) in &mut places {
        *x *= STEP.0;
        *y *= STEP.1;
    }
    push_apart(&mut places, &boxes);

    let left =
        places.iter().zip(&boxes).map(|(place, size)| place.0 - size.0 / 2.0).fold(f64::INFINITY, f64::min);
    let top = places.iter().map(|place| place.1).fold(f64::INFINITY, f64::min);
    for (x, y) in &mut places {
        *x = (*x - left + AROUND).round();
        *y = (*y - top + AROUND).round();
    }
    let right = places.iter().zip(&boxes).map(|(place, size)| place.0 + size.0 / 2.0).fold(0.0, f64::max);
    let bottom = places.iter().zip(&boxes).map(|(place, size)| place.1 + size.1).fold(0.0, f64::max);
    let whole = |value: f64| value as i32;
    Drawing {
        width: whole(right + AROUND),
        height: whole(bottom + AROUND),
        nodes: spots
            .iter()
            .zip(names)
            .zip(&places)
            .map(|((spot, lines), (x, y))| DrawnNode {
                kind: spot.kind,
                title: spot.title.clone(),
                href: spot.href.clone(),
                x: whole(*x),
                y: whole(*y),
                lines,
            })
            .collect(),
        lines: ties
            .iter()
            .map(|tie| DrawnLine {
                kind: tie.kind,
                x1: whole(places[tie.from].0),
                y1: whole(places[tie.from].1),
                x2: whole(places[tie.to].0),
                y2: whole(places[tie.to].1),
            })
            .collect(),
    }
}

/// A name in lines; what is too long ends in an ellipsis.
fn broken(title: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in title.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let is_cut = lines.len() > LINES;
    lines.truncate(LINES);
    let last = lines.len().saturating_sub(1);
    for (at, line) in lines.iter_mut().enumerate() {
        let is_long = line.chars().count() > LETTERS + 1;
        if is_long {
            *line = line.chars().take(LETTERS).collect();
        }
        if is_long || (is_cut && at == last) {
            line.push('…');
        }
    }
    lines
}

fn size(kind: NodeKind, lines: &[String]) -> (f64, f64) {
    let letters = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let letter = match kind {
        NodeKind::Topic => BOLD_LETTER,
        NodeKind::Article => LETTER,
    };
    (letters as f64 * letter, DOT + lines.len() as f64 * LINE)
}

/// How many lines lie between each two nodes; those that nothing joins are one step farther than the farthest.
fn distances(nodes: usize, ties: &[Tie]) -> Vec<Vec<f64>> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for tie in ties {
        next[tie.from].push(tie.to);
        next[tie.to].push(tie.from);
    }
    let from = |start: usize| {
        let mut steps: Vec<Option<usize>> = vec![None; nodes];
        steps[start] = Some(0);
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for &other in &next[at] {
                if steps[other].is_none() {
                    steps[other] = steps[at].map(|steps| steps + 1);
                    queue.push_back(other);
                }
            }
        }
        steps
    };
    let steps: Vec<Vec<Option<usize>>> = (0..nodes).map(from).collect();
    let farthest = steps.iter().flatten().flatten().max().copied().unwrap_or(0);
    let apart = (farthest + 1).min(3);
    steps
        .into_iter()
        .map(|row| row.into_iter().map(|steps| steps.unwrap_or(apart) as f64).collect())
        .collect()
}

/// Places at which the distances on paper are as near as they can be to those in the graph.
fn unstressed(distances: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let mut places = spiral(distances.len());
    for _ in 0..ROUNDS {
        for at in 0..places.len() {
            let (mut x, mut y, mut all) = (0.0, 0.0, 0.0);
            for other in (0..places.len()).filter(|other| *other != at) {
                let wanted = distances[at][other];
                let weight = 1.0 / (wanted * wanted);
                let (dx, dy) = (places[at].0 - places[other].0, places[at].1 - places[other].1);
                let length = (dx * dx + dy * dy).sqrt().max(1e-6);
                x += weight * (places[other].0 + wanted * dx / length);
                y += weight * (places[other].1 + wanted * dy / length);
                all += weight;
            }
            if all > 0.0 {
                places[at] = (x / all, y / all);
            }
        }
    }
    places
}

/// Where the nodes stand at first: on a square spiral, so that no two share a place and none a line with all others.
fn spiral(nodes: usize) -> Vec<(f64, f64)> {
    let (mut x, mut y, mut dx, mut dy) = (0i32, 0i32, 1i32, 0i32);
    let (mut run, mut left, mut turns) = (1, 1, 0);
    let mut places = Vec::with_capacity(nodes);
    for at in 0..nodes {
        // A slight slant, for nodes in a row have nowhere to turn.
        let slant = at as f64 * 0.01;
        places.push((f64::from(x) + slant, f64::from(y) - slant * 0.5));
        (x, y) = (x + dx, y + dy);
        left -= 1;
        if left == 0 {
            (dx, dy) = (-dy, dx);
            turns += 1;
            run += i32::from(turns % 2 == 0);
            left = run;
        }
    }
    places
}

/// Pushes boxes apart, along the axis on which they overlap less, until none covers another.
fn push_apart(places: &mut [(f64, f64)], boxes: &[(f64, f64)]) {
    for _ in 0..PUSHES {
        let mut is_done = true;
        for a in 0..places.len() {
            for b in a + 1..places.len() {
                let across =
                    f64::midpoint(boxes[a].0, boxes[b].0) + AROUND - (places[a].0 - places[b].0).abs();
                // A place is the dot's, at the top of its box.
                let (upper, lower) = if places[a].1 <= places[b].1 { (a, b) } else { (b, a) };
                let down = boxes[upper].1 + AROUND - (places[lower].1 - places[upper].1);
                if across <= 0.0 || down <= 0.0 {
                    continue;
                }
                is_done = false;
                if across < down {
                    let (west, east) = if places[a].0 <= places[b].0 { (a, b) } else { (b, a) };
                    places[west].0 -= across / 2.0;
                    places[east].0 += across / 2.0;
                } else {
                    places[upper].1 -= down / 2.0;
                    places[lower].1 += down / 2.0;
                }
            }
        }
        if is_done {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(count: usize) -> Vec<Spot> {
        let title = |at: usize| format!("Article {at} with a name of some length");
        (0..count).map(|at| Spot { kind: NodeKind::Article, title: title(at), href: String::new() }).collect()
    }

    fn ring(count: usize) -> Vec<Tie> {
        (0..count).map(|at| Tie { from: at, to: (at + 1) % count, kind: LineKind::Link }).collect()
    }

    #[test]
    fn no_name_covers_another() {
        for (count, ties) in [(1, Vec::new()), (2, ring(2)), (30, Vec::new()), (45, ring(45))] {
            let drawing = draw(&spots(count), &ties);
            for (at, a) in drawing.nodes.iter().enumerate() {
                assert!(a.x > 0 && a.y > 0 && a.x < drawing.width && a.y < drawing.height, "{a:?}");
                for b in &drawing.nodes[at + 1..] {
                    let (a_size, b_size) = (size(a.kind, &a.lines), size(b.kind, &b.lines));
                    let across = f64::from((a.x - b.x).abs()) >= f64::midpoint(a_size.0, b_size.0);
                    let upper = if a.y <= b.y { a_size } else { b_size };
                    let down = f64::from((a.y - b.y).abs()) >= upper.1;
                    assert!(across || down, "{count}: {a:?} covers {b:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_tied_stands_nearer() {
        let ties = [(0, 1), (1, 2), (3, 4)].map(|(from, to)| Tie { from, to, kind: LineKind::Link });
        let nodes = draw(&spots(5), &ties).nodes;
        let far = |a: usize, b: usize| {
            let (dx, dy) = (f64::from(nodes[a].x - nodes[b].x), f64::from(nodes[a].y - nodes[b].y));
            (dx / STEP.0).powi(2) + (dy / STEP.1).powi(2)
        };
        assert!(far(0, 1) < far(0, 2) && far(1, 2) < far(0, 2) && far(3, 4) < far(0, 3));
    }

    #[test]
    fn names_are_broken_and_cut() {
        assert_eq!(broken("Strategy"), ["Strategy"]);
        assert_eq!(
            broken("Are IT Leaders Also Social Media Leaders?"),
            ["Are IT Leaders Also", "Social Media Leaders?"]
        );
        assert_eq!(
            broken("A name that goes on and on over more than two lines").last().unwrap(),
            "and on over more than…"
        );
        assert_eq!(broken(&"x".repeat(60)), [format!("{}…", "x".repeat(22))]);
        assert_eq!(broken(""), [""; 0]);
    }
}
