//! Elements of a file, and what is found about them.

use roxmltree::{Document, Node, ParsingOptions};

use super::{MAX_FILE, MAX_PROBLEMS, Problem, Rule};

/// What was found while a file was read.
pub(super) struct Report<'a> {
    file: &'a str,
    pub(super) errors: Vec<Problem>,
    pub(super) notes: Vec<Problem>,
}

impl<'a> Report<'a> {
    pub(super) fn new(file: &'a str) -> Self {
        Self { file, errors: Vec::new(), notes: Vec::new() }
    }

    /// The tree of the file, or an error.
    pub(super) fn document<'x>(&mut self, xml: &'x str) -> Option<Document<'x>> {
        if xml.len() > MAX_FILE {
            self.errors.push(self.problem(1, Rule::TooLarge));
            return None;
        }
        let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
        match Document::parse_with_options(xml.trim_start_matches('\u{feff}'), options) {
            Ok(document) => Some(document),
            Err(error) => {
                self.errors.push(self.problem(error.pos().row, Rule::Xml(error.to_string())));
                None
            }
        }
    }

    pub(super) fn error(&mut self, at: Node<'_, '_>, rule: Rule) {
        if self.errors.len() < MAX_PROBLEMS {
            self.errors.push(self.problem(line(at), rule));
        }
    }

    pub(super) fn note(&mut self, at: Node<'_, '_>, rule: Rule) {
        if self.notes.len() < MAX_PROBLEMS {
            self.notes.push(self.problem(line(at), rule));
        }
    }

    fn problem(&self, line: u32, rule: Rule) -> Problem {
        Problem { file: self.file.to_owned(), line, rule }
    }

    /// The one element of this name.
    pub(super) fn child<'d, 'x>(&mut self, of: Node<'d, 'x>, name: &'static str) -> Option<Node<'d, 'x>> {
        let found = self.optional(of, name);
        if found.is_none() {
            self.error(of, Rule::Missing(of.tag_name().name().to_owned(), name));
        }
        found
    }

    /// The one element of this name, if it is there.
    pub(super) fn optional<'d, 'x>(&mut self, of: Node<'d, 'x>, name: &'static str) -> Option<Node<'d, 'x>> {
        let mut all = of.children().filter(|child| child.has_tag_name(name));
        let found = all.next();
        if let Some(second) = all.next() {
            self.error(second, Rule::Twice(of.tag_name().name().to_owned(), name));
        }
        found
    }

    /// One of a few words, and what it stands for.
    pub(super) fn word<T: Copy>(
        &mut self,
        of: Node<'_, '_>,
        name: &'static str,
        allowed: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let element = self.child(of, name)?;
        let text = text(element);
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            self.error(element, Rule::Word(name, allowed, text));
        }
        found
    }

    /// A number from 0 to 65534.
    pub(super) fn id(&mut self, at: Node<'_, '_>, name: &'static str, text: &str) -> Option<u16> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let id = text.parse().ok().filter(|id| digits && *id != crate::RESERVED_ID);
        if id.is_none() {
            self.error(at, Rule::Id(name, text.to_owned()));
        }
        id
    }
}

/// The text of an element, every run of white space one space.
pub(super) fn text(element: Node<'_, '_>) -> String {
    let text: String = element.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of an element with its lines.
pub(super) fn lines(element: Node<'_, '_>) -> String {
    let text: String = element.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    text.trim().to_owned()
}

fn line(node: Node<'_, '_>) -> u32 {
    node.document().text_pos_at(node.range().start).row
}
