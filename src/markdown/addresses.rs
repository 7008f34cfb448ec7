//! Addresses typed as they are (`https://example.org/a`, `www.example.org`) become links, as GitHub has it.
//!
//! In and out: pieces; those of a text with an address in it are parted around it.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::pieces::Piece;

/// What an address begins with, and what stands before it in the link's target.
const STARTS: [(&str, &str); 3] = [("https://", ""), ("http://", ""), ("www.", "http://")];

/// No address is longer, in bytes; most browsers and servers take less.
const LONGEST: usize = 2000;

/// Makes links of the addresses in running text, outside links and code.
pub(super) fn link_addresses(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut linked: Vec<Piece<'_>> = Vec::with_capacity(pieces.len());
    let mut run: Vec<Piece<'_>> = Vec::new();
    // Within a link, a picture's description and code, an address is just words.
    let mut depth = 0_usize;
    for piece in pieces {
        let goes_on = run.last().is_none_or(|last| last.range.end == piece.range.start);
        if matches!(piece.event, Event::Text(_)) && depth == 0 {
            if !goes_on {
                close(&mut run, &mut linked);
            }
            run.push(piece);
            continue;
        }
        close(&mut run, &mut linked);
        match &piece.event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => depth += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => depth = depth.saturating_sub(1),
            _ => {}
        }
        linked.push(piece);
    }
    close(&mut run, &mut linked);
    linked
}

/// What a piece of text says as typed.
fn said<'p>(piece: &'p Piece<'_>) -> &'p str {
    match (&piece.event, piece.typed) {
        (_, Some(typed)) => typed,
        (Event::Text(text), None) => text,
        _ => "",
    }
}

fn close<'a>(run: &mut Vec<Piece<'a>>, linked: &mut Vec<Piece<'a>>) {
    if !run.iter().any(|piece| may_have_address(said(piece))) {
        linked.append(run);
        return;
    }
    let text: String = run.iter().map(said).collect();
    let addresses = addresses(&text);
    if addresses.is_empty() {
        linked.append(run);
        return;
    }
    let mut addresses = addresses.into_iter().peekable();
    let mut at = 0;
    let mut open = false;
    for piece in run.drain(..) {
        let said = said(&piece).to_owned();
        let mut from = 0;
        while from < said.len() {
            let Some(&address) = addresses.peek() else { break };
            // The next border of an address within this piece.
            let border = if open { address.1 } else { address.0 };
            if border >= at + said.len() && !(open && border == at + said.len()) {
                break;
            }
            let to = border - at;
            if to > from {
                linked.push(part(&piece, &said, from, to));
            }
            from = to;
            let place = piece.range.start + to..piece.range.start + to;
            if open {
                linked.push(mark(Event::End(TagEnd::Link), place));
                addresses.next();
            } else {
                let tag = link(&text[address.0..address.1]);
                let place = place.start..place.start + (address.1 - address.0);
                linked.push(mark(Event::Start(tag), place));
            }
            open = !open;
        }
        if from == 0 && !(open && piece.typed.is_some()) {
            linked.push(piece);
        } else if from < said.len() {
            linked.push(part(&piece, &said, from, said.len()));
        }
        at += said.len();
    }
}

/// Whether a part of an address may stand in a text: most have none of what all of [`STARTS`] have.
fn may_have_address(text: &str) -> bool {
    let is_w = |byte: u8| byte.eq_ignore_ascii_case(&b'w');
    text.contains('/') || text.as_bytes().windows(2).any(|pair| is_w(pair[0]) && is_w(pair[1]))
}

/// A part of a piece, as typed.
fn part<'a>(piece: &Piece<'a>, said: &str, from: usize, to: usize) -> Piece<'a> {
    let range = if piece.range.len() == said.len() {
        piece.range.start + from..piece.range.start + to
    } else {
        piece.range.clone()
    };
    mark(Event::Text(CowStr::from(said[from..to].to_owned())), range)
}

fn mark(event: Event<'_>, range: std::ops::Range<usize>) -> Piece<'_> {
    Piece {
        event,
        range,
        typed: None,
        is_section: false,
        closes_before: false,
        opens: None,
        closes_after: false,
    }
}

fn link(address: &str) -> Tag<'static> {
    let before = STARTS.iter().find(|(start, _)| begins(address, start)).map_or("", |(_, before)| before);
    Tag::Link {
        link_type: LinkType::Autolink,
        dest_url: CowStr::from(format!("{before}{address}")),
        title: CowStr::Borrowed(""),
        id: CowStr::Borrowed(""),
    }
}

fn begins(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|first| first.eq_ignore_ascii_case(start))
}

/// Where addresses stand in a text (GFM, "Autolinks (extension)"): after a space, a bracket or a mark of emphasis,
/// up to a space or `<`, without the marks that end a sentence.
fn addresses(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for (start, _) in text.match_indices(['h', 'H', 'w', 'W']) {
        if start < at || !STARTS.iter().any(|(first, _)| begins(&text[start..], first)) {
            continue;
        }
        let before = text[..start].chars().next_back();
        if before.is_some_and(|c| !c.is_whitespace() && !matches!(c, '*' | '_' | '~' | '(' | '"' | '“' | '‘'))
        {
            continue;
        }
        let rest = &text[start..];
        let rest = &rest[..rest.floor_char_boundary(LONGEST)];
        if !has_host(rest) {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '"' | '“' | '”'));
        let address = trimmed(&rest[..end.unwrap_or(rest.len())]);
        found.push((start, start + address.len()));
        at = start + address.len();
    }
    found
}

/// Whether an address names a host: words with full stops between them.
fn has_host(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, after)| after);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = host.find(|c| !fits(c)).unwrap_or(host.len());
    let ends_well = host[end..].chars().next().is_none_or(|c| {
        c.is_whitespace()
            || matches!(c, '/' | '?' | '#' | ':' | '<' | '"' | '”' | ')' | ',' | ';' | '!' | '*' | '~' | '\'')
    });
    let host = host[..end].trim_end_matches(['.', '_']);
    ends_well && host.contains('.') && host.split('.').all(|label| !label.is_empty())
}

/// Without the marks at the end that belong to the sentence.
fn trimmed(address: &str) -> &str {
    let mut address = address;
    // How many brackets close that nothing opened.
    let mut surplus = address.matches(')').count().saturating_sub(address.matches('(').count());
    loop {
        address = match address.chars().next_back() {
            Some(')') if surplus > 0 => {
                surplus -= 1;
                &address[..address.len() - 1]
            }
            Some('?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'') => &address[..address.len() - 1],
            _ => return address,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, expected) in [
            ("see https://e.org/a_b?c=d&e. Then", "https://e.org/a_b?c=d&e"),
            ("(https://e.org/a_(b))", "https://e.org/a_(b)"),
            ("www.e.org, and", "www.e.org"),
            ("HTTP://E.org!", "HTTP://E.org"),
            ("xhttps://e.org", ""),
            ("https://localhost", ""),
            ("www.", ""),
            ("https://e.org.", "https://e.org"),
            ("https://e.org) and", "https://e.org"),
            ("https://e.org(http://a.org", "http://a.org"),
            ("https://é.fr/ü…", "https://é.fr/ü…"),
        ] {
            let found: Vec<&str> =
                addresses(text).into_iter().map(|(start, end)| &text[start..end]).collect();
            assert_eq!(found.first().copied().unwrap_or_default(), expected, "{text}");
        }
    }
}
