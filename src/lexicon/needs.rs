//! Defines `Needs`: what a line must hold for a regular expression to fit it, read from how the expression is written.
//!
//! Compiling an expression takes longer than reading a page of lines; looking for pieces of text takes no time.

/// Pieces of text that every line has which a pattern fits as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Needs {
    /// One of each stands in the line, one after the other.
    steps: Vec<Vec<String>>,
    /// True if the line begins with the first.
    at_start: bool,
}

impl Needs {
    /// What a pattern needs. Knows the syntax of the `regex` crate as far as to leave out what it does not know: what is in
    /// classes, counted or optional, and patterns with flags.
    pub(super) fn of(pattern: &str) -> Needs {
        let pattern: Vec<char> = pattern.chars().collect();
        match alternatives(&pattern) {
            Some(mut all) if all.len() == 1 => all.pop().unwrap_or_default(),
            Some(all) => Needs { steps: either(all).into_iter().collect(), at_start: false },
            None => Needs::default(),
        }
    }

    /// True if the line holds all that is needed.
    pub(super) fn met(&self, line: &str) -> bool {
        let mut at = 0;
        for (i, pieces) in self.steps.iter().enumerate() {
            let Some(rest) = line.get(at..) else { return false };
            let ends = pieces.iter().filter_map(|piece| {
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

/// What each of the alternatives of a pattern needs; none if the pattern is not understood.
fn alternatives(pattern: &[char]) -> Option<Vec<Needs>> {
    let mut all = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at <= pattern.len() {
        match pattern.get(at) {
            Some('|') | None => {
                all.push(sequence(pattern.get(start..at)?)?);
                at += 1;
                start = at;
            }
            Some(_) => at = atom_end(pattern, at)?,
        }
    }
    Some(all)
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

/// What a pattern without alternatives needs.
fn sequence(pattern: &[char]) -> Option<Needs> {
    let mut out = Needs::default();
    let mut run = String::new();
    let mut at = 0;
    while let Some(&c) = pattern.get(at) {
        let end = atom_end(pattern, at)?;
        let quantified = matches!(pattern.get(end), Some('?' | '*' | '+' | '{'));
        let literal = match c {
            '\\' => pattern.get(at + 1).copied().filter(|c| !c.is_alphanumeric()),
            '[' | '(' | '.' | '^' | '$' => None,
            _ => Some(c),
        };
        match literal {
            Some(c) if !quantified => {
                out.at_start |= at == 0;
                run.push(c);
            }
            _ => {
                if !run.is_empty() {
                    out.steps.push(vec![std::mem::take(&mut run)]);
                }
                if c == '(' && !quantified {
                    let inner = match pattern.get(at + 1..end - 1)? {
                        ['?', ':', rest @ ..] => rest,
                        ['?', ..] => return None,
                        group => group,
                    };
                    out.steps.extend(alternatives(inner).and_then(either));
                }
            }
        }
        at = end;
        if quantified {
            at = quantifier_end(pattern, at)?;
        }
    }
    if !run.is_empty() {
        out.steps.push(vec![run]);
    }
    Some(out)
}

/// Where the character, class or group that begins at `at` ends; none if it is left open.
fn atom_end(pattern: &[char], at: usize) -> Option<usize> {
    match pattern.get(at)? {
        '\\' => match (pattern.get(at + 1)?, pattern.get(at + 2)) {
            ('p' | 'P' | 'x' | 'u' | 'U' | 'b', Some('{')) => Some(find(pattern, at + 2, '}')? + 1),
            // Letters that take more than themselves; none of ours do.
            ('p' | 'P' | 'x' | 'u' | 'U', _) => None,
            _ => Some(at + 2),
        },
        '[' => {
            // A bracket that comes first is one of the class; classes in classes are not known here.
            let first = if pattern.get(at + 1) == Some(&'^') { at + 2 } else { at + 1 };
            let mut i = if pattern.get(first) == Some(&']') { first + 1 } else { first };
            loop {
                match pattern.get(i)? {
                    ']' => return Some(i + 1),
                    '[' => return None,
                    '\\' => i += 2,
                    _ => i += 1,
                }
            }
        }
        '(' => {
            let mut i = at + 1;
            while *pattern.get(i)? != ')' {
                i = atom_end(pattern, i)?;
            }
            Some(i + 1)
        }
        _ => Some(at + 1),
    }
}

/// Where a quantifier that begins at `at` ends.
fn quantifier_end(pattern: &[char], at: usize) -> Option<usize> {
    let end = if pattern.get(at)? == &'{' { find(pattern, at, '}')? + 1 } else { at + 1 };
    Some(if pattern.get(end) == Some(&'?') { end + 1 } else { end })
}

fn find(pattern: &[char], from: usize, wanted: char) -> Option<usize> {
    Some(from + pattern.get(from..)?.iter().position(|c| *c == wanted)?)
}

#[cfg(test)]
mod tests {
    use super::Needs;

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
            assert!(Needs::of(pattern).met("vad som helst"));
        }
    }

    #[test]
    fn is_met_by_every_line_that_fits() {
        let pattern = format!("{BOARD} (?:beslutar|beslöt)(?: följande)?");
        let (needs, regex) = (Needs::of(&pattern), regex::Regex::new(&format!("^(?:{pattern})$")).unwrap());
        for line in ["nämnden beslutar", "den nya styrelsen beslöt följande", "sydnämnden beslöt"] {
            assert!(regex.is_match(line) && needs.met(line), "{line}");
        }
        assert!(!needs.met("att det beslöts i nämnden"), "in another order");
        assert!(Needs::of("beslut .+").met("beslut i dag") && !Needs::of("beslut .+").met("ett beslut i dag"));
    }
}
