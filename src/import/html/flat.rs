//! Pages that nest or grow beyond measure, read without their nesting.
//!
//! In: HTML. Out: a [`Dom`] in which every stretch of text between two tags is a paragraph of its own. It
//! loses structure and no letter, takes linear time, and no page made for readers comes here.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::NodeOrText;
use html5ever::{LocalName, QualName, ns};

use super::dom::{Dom, Id, ROOT, What};

/// Parses a page without its nesting.
pub(super) fn parse(html: &str) -> Dom {
    let mut dom = Dom::new();
    let body = dom.add(element("body"));
    dom.append(ROOT, NodeOrText::AppendNode(body));
    let sink = Sink { state: RefCell::new(State { dom, body, paragraph: None, hidden: None }) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // A script's end interrupts the tokenizer; it goes on where it stood.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.state.into_inner().dom
}

/// Elements whose content is no text for readers.
const HIDDEN: [&str; 6] = ["script", "style", "template", "noscript", "title", "iframe"];

struct Sink {
    state: RefCell<State>,
}

struct State {
    dom: Dom,
    body: Id,
    paragraph: Option<Id>,
    /// The element whose content is being left out.
    hidden: Option<LocalName>,
}

fn element(name: &str) -> What {
    What::Element(QualName::new(None, ns!(html), LocalName::from(name)), Vec::new())
}

impl TokenSink for Sink {
    type Handle = Id;

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<Id> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) if state.hidden.is_none() => {
                let paragraph = if let Some(paragraph) = state.paragraph {
                    paragraph
                } else {
                    let (paragraph, body) = (state.dom.add(element("p")), state.body);
                    state.dom.append(body, NodeOrText::AppendNode(paragraph));
                    state.paragraph = Some(paragraph);
                    paragraph
                };
                state.dom.append(paragraph, NodeOrText::AppendText(text));
            }
            Token::TagToken(Tag { kind: TagKind::StartTag, name, .. }) => {
                state.paragraph = None;
                let is_hidden = HIDDEN.contains(&&*name);
                if state.hidden.is_none() && is_hidden && &*name != "template" {
                    state.hidden = Some(name.clone());
                    return TokenSinkResult::RawData(match &*name {
                        "title" => RawKind::Rcdata,
                        "script" => RawKind::ScriptData,
                        _ => RawKind::Rawtext,
                    });
                }
            }
            Token::TagToken(Tag { kind: TagKind::EndTag, name, .. }) => {
                state.paragraph = None;
                if state.hidden.as_ref() == Some(&name) {
                    state.hidden = None;
                }
            }
            Token::CharacterTokens(_)
            | Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}
