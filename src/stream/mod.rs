//! Seeds in a stream: import and topics for piles that no machine holds, a seed at a time.
//!
//! In: a stream of seeds, and the [`Rules`] by which a site decides. Out: for every seed one [`Line`], in the order
//! of the stream, on which stands how the seed ended, its article, its facts, its topics with score and evidence, and
//! a fingerprint by which near-duplicates are found. What becomes of a seed depends on the seed and the rules alone,
//! so a stream can be cut anywhere, and its parts be worked on in any order and on any machine. A seed that cannot be
//! read is a line with its reason.

mod rules; // What decides, in one file.
mod gzip; // Streams that are packed.
mod seed; // A seed on its way, or why there is none.
mod pieces; // Pieces of a stream, up to a mark.
mod jsonl; // An object a line.
mod answer; // What a server sent.
mod web_archive; // WARC and WET.
mod source; // A stream as seeds, whatever its format.
mod line; // What is told of a seed.
mod room; // How much is on its way.
mod lines; // Many at a time, in order.

pub use line::Line;
pub use lines::{Lines, lines};
pub use rules::Rules;
pub use seed::LARGEST;
pub use source::Format;
