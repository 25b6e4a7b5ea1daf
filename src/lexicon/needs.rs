//! Defines `Needs`: what a line must hold for a regular expression to fit it, read from how the expression is written.
//!
//! Compiling an expression takes longer than reading a page of lines; looking for pieces of text takes no time.

use std::str::Chars;

/// Pieces of text that every line has which a pattern fits as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Needs {
    /// One of each stands in the line, one after the other.
    steps: Vec<Vec<String>>,
    /// True if the line begins with the first.
    at_start: bool,
    /// Which pairs of bytes each of the pieces has.
    pairs: Vec<Vec<Pairs>>,
}

/// Which pairs of neighbouring bytes a text has, as bits by a hash of the pair: what lacks a pair of a piece lacks the piece.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Pairs([u64; 4]);

impl Pairs {
    fn of(text: &str) -> Pairs {
        let mut out = Pairs::default();
        let mut before: Option<u8> = None;
        for byte in text.bytes() {
            if let Some(before) = before {
                let hash = before.wrapping_mul(37) ^ byte;
                if let Some(bits) = out.0.get_mut(usize::from(hash >> 6)) {
                    *bits |= 1 << (hash & 63);
                }
            }
            before = Some(byte);
        }
        out
    }

    fn holds(&self, other: &Pairs) -> bool {
        self.0.iter().zip(&other.0).all(|(own, wanted)| own & wanted == *wanted)
    }
}

/// A line that patterns are held against.
pub(super) struct Line<'l> {
    text: &'l str,
    pairs: Pairs,
}

impl<'l> Line<'l> {
    pub(super) fn new(text: &'l str) -> Self {
        Line { text, pairs: Pairs::of(text) }
    }
}

impl Needs {
    /// What a pattern needs. Knows the syntax of the `regex` crate as far as to leave out what it does not know: what is in
    /// classes, counted or optional, and patterns with flags.
    pub(super) fn of(pattern: &str) -> Needs {
        let mut reader = Reader { rest: pattern.chars(), depth: 0 };
        let mut needs = match reader.alternatives() {
            Some(_) if reader.peek().is_some() => Needs::default(),
            Some(mut all) if all.len() == 1 => all.pop().unwrap_or_default(),
            Some(all) => Needs { steps: either(all).into_iter().collect(), ..Needs::default() },
            None => Needs::default(),
        };
        needs.pairs = needs.steps.iter().map(|pieces| pieces.iter().map(|p| Pairs::of(p)).collect()).collect();
        needs
    }

    /// True if the line holds all that is needed.
    pub(super) fn met(&self, line: &Line<'_>) -> bool {
        if self.pairs.iter().any(|step| !step.iter().any(|piece| line.pairs.holds(piece))) {
            return false;
        }
        let mut at = 0;
        for (i, (pieces, pairs)) in self.steps.iter().zip(&self.pairs).enumerate() {
            let Some(rest) = line.text.get(at..) else { return false };
            let ends =
                pieces.iter().zip(pairs).filter(|(_, pairs)| line.pairs.holds(pairs)).filter_map(|(piece, _)| {
                    let piece = piece.as_str();
                    let from =
                        if i == 0 && self.at_start { rest.starts_with(piece).then_some(0) } else { rest.find(piece) };
                    Some(from? + piece.len())
                });
            match ends.min() {
                Some(end) => at += end,
                None => return false,
            }
        }
        true
    }
}

/// The pieces of which one stands in every text that one of these fits: of each the step whose shortest piece is longest.
fn either(all: Vec<Needs>) -> Option<Vec<String>> {
    let worth = |pieces: &Vec<String>| pieces.iter().map(|p| p.chars().count()).min();
    let mut pieces = Vec::new();
    for needs in all {
        pieces.extend(needs.steps.into_iter().max_by_key(worth)?);
    }
    Some(pieces)
}

/// Groups in groups that are followed.
const DEEPEST: usize = 50;

/// What is left of a pattern while it is read, once from its beginning to its end.
struct Reader<'p> {
    rest: Chars<'p>,
    depth: usize,
}

/// One piece of a pattern that a quantifier can follow.
enum Atom {
    Literal(char),
    /// A group, with the pieces of which one stands in every text that it fits.
    Group(Option<Vec<String>>),
    /// What may be of several letters, or none.
    Other,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// Goes past this character if it is the next.
    fn eat(&mut self, c: char) -> bool {
        let is_next = self.peek() == Some(c);
        if is_next {
            self.rest.next();
        }
        is_next
    }

    /// What each of the alternatives up to the end of the group or pattern needs; none if they are not understood.
    fn alternatives(&mut self) -> Option<Vec<Needs>> {
        let mut all = Vec::new();
        loop {
            all.push(self.sequence()?);
            if !self.eat('|') {
                return Some(all);
            }
        }
    }

    /// What an alternative needs.
    fn sequence(&mut self) -> Option<Needs> {
        let mut out = Needs::default();
        let mut run = String::with_capacity(24);
        let mut first = true;
        while self.peek().is_some_and(|c| c != '|' && c != ')') {
            let atom = self.atom()?;
            let quantified = self.quantifier()?;
            match atom {
                Atom::Literal(c) if !quantified => {
                    out.at_start |= first;
                    run.push(c);
                }
                other => {
                    if !run.is_empty() {
                        out.steps.push(vec![std::mem::take(&mut run)]);
                    }
                    if let Atom::Group(Some(pieces)) = other
                        && !quantified
                    {
                        out.steps.push(pieces);
                    }
                }
            }
            first = false;
        }
        if !run.is_empty() {
            out.steps.push(vec![run]);
        }
        Some(out)
    }

    /// Reads a character, class or group; none if it is left open or not understood.
    fn atom(&mut self) -> Option<Atom> {
        Some(match self.rest.next()? {
            '\\' => match self.rest.next()? {
                'p' | 'P' | 'x' | 'u' | 'U' | 'b' if self.peek() == Some('{') => {
                    self.rest.find(|c| *c == '}')?;
                    Atom::Other
                }
                // Letters that take more than themselves; none of ours do.
                'p' | 'P' | 'x' | 'u' | 'U' => return None,
                c if c.is_alphanumeric() => Atom::Other,
                c => Atom::Literal(c),
            },
            '[' => {
                // A bracket that comes first is one of the class; classes in classes are not known here.
                self.eat('^');
                self.eat(']');
                loop {
                    match self.rest.next()? {
                        ']' => break Atom::Other,
                        '[' => return None,
                        '\\' => _ = self.rest.next(),
                        _ => {}
                    }
                }
            }
            '(' => {
                if self.eat('?') && !self.eat(':') || self.depth == DEEPEST {
                    return None;
                }
                self.depth += 1;
                let inner = self.alternatives()?;
                self.depth -= 1;
                if !self.eat(')') {
                    return None;
                }
                Atom::Group(either(inner))
            }
            '.' | '^' | '$' => Atom::Other,
            c => Atom::Literal(c),
        })
    }

    /// Goes past a quantifier. True if there is one; none if it is left open.
    fn quantifier(&mut self) -> Option<bool> {
        match self.peek() {
            Some('{') => _ = self.rest.find(|c| *c == '}')?,
            Some('?' | '*' | '+') => _ = self.rest.next(),
            _ => return Some(false),
        }
        self.eat('?');
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Needs};

    fn met(needs: &Needs, line: &str) -> bool {
        needs.met(&Line::new(line))
    }

    const BOARD: &str = "(?:[a-zåäö]+ ){0,7}?[a-z]*(?:nämnd(?:en)?|styrelsen?)";

    #[test]
    fn tells_what_a_line_must_hold() {
        let told = |pattern: &str| {
            let needs = Needs::of(pattern);
            let steps: Vec<String> = needs.steps.iter().map(|s| s.join("|")).collect();
            format!("{}{}", if needs.at_start { "^" } else { "" }, steps.join(" … "))
        };
        assert_eq!(told("beslut (?:i|för) .+"), "^beslut  … i|för …  ");
        assert_eq!(told(&format!("{BOARD}s beslut(?: den [0-9].*)?")), "nämnd|styrelse … s beslut");
        assert_eq!(told("x? (?:beslutar|beslöt)(?: att)?"), "  … beslutar|beslöt");
        assert_eq!(told("(?:votering|omröstning) [0-9]+"), "votering|omröstning …  ");
        assert_eq!(told(r"a\.b|cd\b"), "a.b|cd");
        assert_eq!(told("abc?d+e"), "^ab … e");
        assert_eq!(told("[]a]bc[^]d]"), "bc");
    }

    #[test]
    fn tells_nothing_where_nothing_is_sure() {
        let unsure =
            ["", ".+", "(?:ord)?", "a|", "(?i)ord", "(?:ett|(?i)två)[0-9]", "(ord", "[a[b]]ord", r"\x41ord", "a{2,3}"];
        for pattern in unsure {
            assert_eq!(Needs::of(pattern).steps, Vec::<Vec<String>>::new(), "{pattern}");
            assert!(met(&Needs::of(pattern), "vad som helst"));
        }
    }

    #[test]
    fn is_met_by_every_line_that_fits() {
        let pattern = format!("{BOARD} (?:beslutar|beslöt)(?: följande)?");
        let (needs, regex) = (Needs::of(&pattern), regex::Regex::new(&format!("^(?:{pattern})$")).unwrap());
        for line in ["nämnden beslutar", "den nya styrelsen beslöt följande", "sydnämnden beslöt"] {
            assert!(regex.is_match(line) && met(&needs, line), "{line}");
        }
        assert!(!met(&needs, "att det beslöts i nämnden"), "in another order");
        let needs = Needs::of("beslut .+");
        assert!(met(&needs, "beslut i dag") && !met(&needs, "ett beslut i dag"));
    }
}
