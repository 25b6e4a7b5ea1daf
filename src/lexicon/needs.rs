//! Defines `needs`: what a line must hold for a regular expression to fit it, read from how the expression is written.
//!
//! Compiling an expression takes longer than reading a page of lines; looking for a piece of text takes no time.

/// Pieces of text of which every text that `pattern` fits as a whole holds at least one; empty if none can be told.
///
/// Knows the syntax of the `regex` crate as far as to leave out what it does not know: what is in classes, counted or optional,
/// and patterns with flags.
pub(super) fn needs(pattern: &str) -> Vec<String> {
    let pattern: Vec<char> = pattern.chars().collect();
    alternatives(&pattern).unwrap_or_default()
}

/// What one of the alternatives of a pattern needs; none if one of them needs nothing.
fn alternatives(pattern: &[char]) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at <= pattern.len() {
        match pattern.get(at) {
            Some('|') | None => {
                all.extend(sequence(pattern.get(start..at)?)?);
                at += 1;
                start = at;
            }
            Some(_) => at = atom_end(pattern, at)?,
        }
    }
    Some(all)
}

/// The best of what the parts of a pattern without alternatives need: the pieces of which the shortest is longest.
fn sequence(pattern: &[char]) -> Option<Vec<String>> {
    let mut best: Option<Vec<String>> = None;
    let mut offer = |pieces: Vec<String>| {
        let worth = |pieces: &[String]| pieces.iter().map(|p| p.chars().count()).min().unwrap_or(0);
        if worth(&pieces) > best.as_deref().map_or(0, worth) {
            best = Some(pieces);
        }
    };
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
            Some(c) if !quantified => run.push(c),
            _ => {
                offer(vec![std::mem::take(&mut run)]);
                if c == '(' && !quantified {
                    let inner = pattern.get(at + 1..end - 1)?;
                    let inner = match inner {
                        ['?', ':', rest @ ..] => rest,
                        ['?', ..] => return None,
                        group => group,
                    };
                    offer(alternatives(inner).unwrap_or_default());
                }
            }
        }
        at = end;
        if quantified {
            at = quantifier_end(pattern, at)?;
        }
    }
    offer(vec![run]);
    best
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
    use super::needs;

    #[test]
    fn tells_what_a_line_must_hold() {
        let told = |pattern: &str| needs(pattern).join("|");
        assert_eq!(told("beslut (?:i|för) .+"), "beslut ");
        assert_eq!(told("(?:[a-zåäö]+ ){0,7}?[a-z]*(?:nämnd(?:en)?|styrelsen?)s beslut(?: den [0-9].*)?"), "s beslut");
        assert_eq!(told("x? (?:beslutar|beslöt)(?: att)?"), "beslutar|beslöt");
        assert_eq!(told("(?:votering|omröstning) [0-9]+"), "votering|omröstning");
        assert_eq!(told(r"a\.b|cd\b"), "a.b|cd");
        assert_eq!(told("abc?d+e"), "ab");
        assert_eq!(told("[]a]bc[^]d]"), "bc");
    }

    #[test]
    fn tells_nothing_where_nothing_is_sure() {
        for pattern in
            ["", ".+", "(?:ord)?", "a|", "(?i)ord", "(?:ett|(?i)två)[0-9]", "(ord", "[a[b]]ord", r"\x41ord", "a{2,3}"]
        {
            assert!(needs(pattern).is_empty(), "{pattern}: {:?}", needs(pattern));
        }
    }
}
