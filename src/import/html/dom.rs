//! The page as a tree: html5ever parses it, the nodes lie in one vector.
//!
//! In: the HTML of a seed. Out: a [`Dom`]. Every walk over it is a loop, for a page may nest its elements
//! ten thousand deep. Nesting or growth that no page for readers has is parsed flat instead ([`super::flat`]),
//! so that reading stays linear.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, parse_document};

use super::flat;

/// A node's place in the [`Dom`].
pub(crate) type Id = usize;

/// The document itself.
pub(crate) const ROOT: Id = 0;

/// A parsed page.
#[derive(Debug)]
pub(crate) struct Dom {
    nodes: Vec<Node>,
    /// The name of what is no element.
    nameless: QualName,
}

#[derive(Debug)]
struct Node {
    what: What,
    parent: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
    before: Option<Id>,
    after: Option<Id>,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum What {
    /// The document.
    Document,
    /// An element with its attributes.
    Element(QualName, Vec<Attribute>),
    /// Text as it is written, entities decoded.
    Text(StrTendril),
    /// A comment.
    Comment(StrTendril),
}

/// A step of a walk through the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into a node, before its children.
    In(Id),
    /// Out of a node, after its children.
    Out(Id),
}

/// Pages for readers nest some dozens of elements, browsers stop at 512.
const DEEPEST: usize = 1000;
/// The parser adds elements that the page leaves out; more than this many for each `<` is a page that was
/// made to grow.
const MOST_NODES_PER_TAG: usize = 8;
/// Bytes parsed between two looks at depth and growth.
const CHUNK: usize = 8 * 1024;

/// Parses a page.
pub(crate) fn parse(html: &str) -> Dom {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let mut parser = parse_document(Sink::new(), options);
    let most_nodes = (html.bytes().filter(|byte| *byte == b'<').count() + 64) * MOST_NODES_PER_TAG;
    let mut rest = html;
    while !rest.is_empty() {
        let mut end = rest.len().min(CHUNK);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (chunk, after) = rest.split_at(end);
        parser.process(StrTendril::from_slice(chunk));
        let sink = &parser.tokenizer.sink.sink;
        if sink.deepest.get() > DEEPEST || sink.dom.borrow().nodes.len() > most_nodes {
            return flat::parse(html);
        }
        rest = after;
    }
    parser.finish()
}

impl Dom {
    /// A document without anything in it.
    pub(super) fn new() -> Dom {
        let nameless = QualName::new(None, Namespace::from(""), LocalName::from(""));
        Dom { nodes: vec![Node::new(What::Document)], nameless }
    }

    /// Adds a node that stands nowhere yet.
    pub(super) fn add(&mut self, what: What) -> Id {
        self.nodes.push(Node::new(what));
        self.nodes.len() - 1
    }

    /// The number of nodes; every [`Id`] is smaller.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// What the node is.
    pub(crate) fn what(&self, id: Id) -> &What {
        &self.nodes[id].what
    }

    /// The node's parent.
    pub(crate) fn parent(&self, id: Id) -> Option<Id> {
        self.nodes[id].parent
    }

    /// An element's name in lower case; empty for what is no element.
    pub(crate) fn name(&self, id: Id) -> &str {
        match &self.nodes[id].what {
            What::Element(name, _) => &name.local,
            What::Document | What::Text(_) | What::Comment(_) => "",
        }
    }

    /// An attribute's value.
    pub(crate) fn attribute(&self, id: Id, attribute: &str) -> Option<&str> {
        match &self.nodes[id].what {
            What::Element(_, attributes) => {
                attributes.iter().find(|a| &*a.name.local == attribute).map(|a| &*a.value)
            }
            What::Document | What::Text(_) | What::Comment(_) => None,
        }
    }

    /// The node's children.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.nodes[id].first, |child| self.nodes[*child].after)
    }

    /// The nodes after this one in the same parent.
    pub(super) fn siblings_after(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.nodes[id].after, |sibling| self.nodes[*sibling].after)
    }

    /// The node and what it stands in, from the inside out.
    pub(super) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(Some(id), |id| self.nodes[*id].parent)
    }

    /// Walks through a node and all below it. [`Walk::pass_over`] leaves out the children of the node just entered.
    pub(crate) fn walk(&self, id: Id) -> Walk<'_> {
        Walk { dom: self, top: id, next: Some(Step::In(id)) }
    }

    /// The text below a node, as it is written.
    pub(super) fn text(&self, id: Id) -> String {
        let mut text = String::new();
        for step in self.walk(id) {
            if let Step::In(id) = step
                && let What::Text(part) = self.what(id)
            {
                text.push_str(part);
            }
        }
        text
    }

    /// Appends a node, or text to the text that is there.
    pub(super) fn append(&mut self, parent: Id, child: NodeOrText<Id>) {
        let last = self.nodes[parent].last;
        let id = match child {
            NodeOrText::AppendNode(id) => id,
            NodeOrText::AppendText(text) => {
                if let Some(last) = last
                    && let What::Text(before) = &mut self.nodes[last].what
                {
                    before.push_tendril(&text);
                    return;
                }
                self.add(What::Text(text))
            }
        };
        self.detach(id);
        let last = self.nodes[parent].last;
        self.nodes[id].parent = Some(parent);
        self.nodes[id].before = last;
        match last {
            Some(last) => self.nodes[last].after = Some(id),
            None => self.nodes[parent].first = Some(id),
        }
        self.nodes[parent].last = Some(id);
    }

    fn insert_before(&mut self, sibling: Id, child: NodeOrText<Id>) {
        let Some(parent) = self.nodes[sibling].parent else { return };
        let before = self.nodes[sibling].before;
        let id = match child {
            NodeOrText::AppendNode(id) => id,
            NodeOrText::AppendText(text) => {
                if let Some(before) = before
                    && let What::Text(already) = &mut self.nodes[before].what
                {
                    already.push_tendril(&text);
                    return;
                }
                self.add(What::Text(text))
            }
        };
        self.detach(id);
        let before = self.nodes[sibling].before;
        self.nodes[id].parent = Some(parent);
        self.nodes[id].before = before;
        self.nodes[id].after = Some(sibling);
        self.nodes[sibling].before = Some(id);
        match before {
            Some(before) => self.nodes[before].after = Some(id),
            None => self.nodes[parent].first = Some(id),
        }
    }

    fn detach(&mut self, id: Id) {
        let Some(parent) = self.nodes[id].parent.take() else { return };
        let (before, after) = (self.nodes[id].before.take(), self.nodes[id].after.take());
        match before {
            Some(before) => self.nodes[before].after = after,
            None => self.nodes[parent].first = after,
        }
        match after {
            Some(after) => self.nodes[after].before = before,
            None => self.nodes[parent].last = before,
        }
    }
}

impl Node {
    fn new(what: What) -> Node {
        Node { what, parent: None, first: None, last: None, before: None, after: None }
    }
}

/// A walk through a part of the tree, in the order of the page.
pub(crate) struct Walk<'a> {
    dom: &'a Dom,
    top: Id,
    next: Option<Step>,
}

impl Walk<'_> {
    /// Leaves out what is in the node just entered; its `Out` still comes.
    pub(super) fn pass_over(&mut self) {
        if let Some(Step::In(child)) = self.next
            && let Some(parent) = self.dom.nodes[child].parent
            && self.dom.nodes[parent].first == Some(child)
        {
            self.next = Some(Step::Out(parent));
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let step = self.next?;
        self.next = match step {
            Step::In(id) => Some(self.dom.nodes[id].first.map_or(Step::Out(id), Step::In)),
            Step::Out(id) if id == self.top => None,
            Step::Out(id) => {
                self.dom.nodes[id].after.map(Step::In).or_else(|| self.dom.nodes[id].parent.map(Step::Out))
            }
        };
        Some(step)
    }
}

/// What the parser writes into.
struct Sink {
    dom: RefCell<Dom>,
    /// How deep each node stood when it was put there.
    depths: RefCell<Vec<usize>>,
    deepest: Cell<usize>,
}

impl Sink {
    fn new() -> Sink {
        Sink { dom: RefCell::new(Dom::new()), depths: RefCell::new(Vec::new()), deepest: Cell::new(0) }
    }

    fn placed(&self, parent: Id, child: &NodeOrText<Id>) {
        let NodeOrText::AppendNode(child) = child else { return };
        let mut depths = self.depths.borrow_mut();
        let needed = self.dom.borrow().len();
        depths.resize(needed, 0);
        depths[*child] = depths[parent] + 1;
        self.deepest.set(self.deepest.get().max(depths[*child]));
    }
}

/// An element's name, lent by the tree.
#[derive(Debug)]
struct Name<'a>(Ref<'a, QualName>);

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Dom;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Dom {
        self.dom.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Name<'a> {
        Name(Ref::map(self.dom.borrow(), |dom| match &dom.nodes[*target].what {
            What::Element(name, _) => name,
            What::Document | What::Text(_) | What::Comment(_) => &dom.nameless,
        }))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _flags: ElementFlags) -> Id {
        self.dom.borrow_mut().add(What::Element(name, attributes))
    }

    fn create_comment(&self, text: StrTendril) -> Id {
        self.dom.borrow_mut().add(What::Comment(text))
    }

    fn create_pi(&self, _target: StrTendril, data: StrTendril) -> Id {
        self.dom.borrow_mut().add(What::Comment(data))
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.placed(*parent, &child);
        self.dom.borrow_mut().append(*parent, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, before: &Id, child: NodeOrText<Id>) {
        let has_parent = self.dom.borrow().parent(*element).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, one: &Id, other: &Id) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let parent = self.dom.borrow().parent(*sibling);
        if let Some(parent) = parent {
            self.placed(parent, &child);
        }
        self.dom.borrow_mut().insert_before(*sibling, child);
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        if let What::Element(_, there) = &mut self.dom.borrow_mut().nodes[*target].what {
            let missing: Vec<Attribute> =
                attributes.into_iter().filter(|new| there.iter().all(|old| old.name != new.name)).collect();
            there.extend(missing);
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.dom.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let mut dom = self.dom.borrow_mut();
        while let Some(child) = dom.nodes[*node].first {
            dom.append(*new_parent, NodeOrText::AppendNode(child));
        }
    }
}
