//! Which part of a file is asked for (RFC 9110, section 14).

use std::ops;

/// What a request wants of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Range {
    /// All of it: what is not understood, or names several parts, is passed over, as the standard allows.
    Whole,
    /// These bytes, at least one.
    Part(ops::Range<usize>),
    /// Bytes that it does not have.
    Nowhere,
}

/// What a `Range` header asks for of a file of `size` bytes.
pub(super) fn wanted(header: &str, size: usize) -> Range {
    let Some((first, last)) = header.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Range::Whole;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than a number has are more than any file has.
    let number = |text: &str| text.parse::<usize>().unwrap_or(usize::MAX);
    let part = match (first.trim(), last.trim()) {
        (first, "") if is_number(first) => number(first)..size,
        ("", last) if is_number(last) => size.saturating_sub(number(last))..size,
        (first, last) if is_number(first) && is_number(last) => {
            if number(last) < number(first) {
                return Range::Whole;
            }
            number(first)..number(last).saturating_add(1).min(size)
        }
        _ => return Range::Whole,
    };
    if part.start < part.end { Range::Part(part) } else { Range::Nowhere }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_part_the_whole_or_nowhere() {
        let huge = "9".repeat(40);
        for (header, expected) in [
            ("bytes=0-3", Range::Part(0..4)),
            ("bytes=0-0", Range::Part(0..1)),
            ("bytes=8-", Range::Part(8..10)),
            ("bytes=-3", Range::Part(7..10)),
            ("bytes=-99", Range::Part(0..10)),
            ("bytes=5-99", Range::Part(5..10)),
            (&format!("bytes=5-{huge}"), Range::Part(5..10)),
            (&format!("bytes={huge}-"), Range::Nowhere),
            ("bytes=10-", Range::Nowhere),
            ("bytes=-0", Range::Nowhere),
            ("bytes=5-4", Range::Whole),
            ("bytes=0-1,4-5", Range::Whole),
            ("bytes=+1-2", Range::Whole),
            ("bytes=a-", Range::Whole),
            ("bytes=-", Range::Whole),
            ("bytes", Range::Whole),
            ("lines=0-1", Range::Whole),
        ] {
            assert_eq!(wanted(header, 10), expected, "{header}");
        }
        assert_eq!(wanted("bytes=0-", 0), Range::Nowhere);
    }
}
