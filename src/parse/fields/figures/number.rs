//! Reads one number as Swedish offices print them: `1 200 000`, `1.200.000`, `78,6`, `1 200 000,00`.

/// A number and where it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub value: f64,
    /// Byte after its last digit.
    pub end: usize,
    /// Count of its digits before the comma.
    pub digits: usize,
    /// Its digits stand in groups.
    pub grouped: bool,
}

/// Blanks that may part groups of three digits.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\n')
}

fn digits_at(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take(16).take_while(|b| b.is_ascii_digit()).count()
}

/// Whether the first digit only says which year a sum is for: `år 1   725.000 kr`, or `År 2 745 000 kr` where a line begins.
fn numbers_a_year(text: &str, at: usize, digits: usize) -> bool {
    let bytes = text.as_bytes();
    let dotted = bytes.get(at + digits + 4) == Some(&b'.') && digits_at(bytes, at + digits + 5) == 3;
    let Some(before) = text.get(..at).and_then(|b| b.strip_suffix(' ')) else { return false };
    let Some(before) = before.strip_suffix("år").or_else(|| before.strip_suffix("År")) else { return false };
    digits == 1 && (dotted || before.is_empty() || before.ends_with(['\n', '\t']))
}

/// The number that begins at `at`, where a digit stands.
pub(super) fn read(text: &str, at: usize) -> Option<Number> {
    let bytes = text.as_bytes();
    let first = digits_at(bytes, at);
    if first == 0 || first > 12 {
        return None;
    }
    let mut end = at + first;
    let mut plain: String = text.get(at..end)?.to_string();
    if first <= 3 && !numbers_a_year(text, at, first) {
        while let Some(c) = text.get(end..)?.chars().next() {
            let next = end + c.len_utf8();
            if !(is_blank(c) || c == '.') || digits_at(bytes, next) != 3 || plain.len() > 12 {
                break;
            }
            plain.push_str(text.get(next..next + 3)?);
            end = next + 3;
        }
    }
    let digits = plain.len();
    let mut value: f64 = plain.parse().ok()?;
    if bytes.get(end) == Some(&b',') {
        let decimals = digits_at(bytes, end + 1);
        if (1..=3).contains(&decimals) {
            let part: f64 = text.get(end + 1..end + 1 + decimals)?.parse().ok()?;
            value += part / 10f64.powi(i32::try_from(decimals).ok()?);
            end += 1 + decimals;
        }
    } else if bytes.get(end) == Some(&b'.') && digits == first {
        // `1.5 mnkr`: one or two digits after a stop; three are a group.
        let decimals = digits_at(bytes, end + 1);
        if (1..=2).contains(&decimals) {
            let part: f64 = text.get(end + 1..end + 1 + decimals)?.parse().ok()?;
            value += part / 10f64.powi(i32::try_from(decimals).ok()?);
            end += 1 + decimals;
        }
    }
    Some(Number { value, end, digits, grouped: digits > first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_decimals() {
        for (text, value, end) in [
            ("1 200 000 kr", 1_200_000.0, 9),
            ("1.200.000 kr", 1_200_000.0, 9),
            ("1\u{a0}200 kr", 1200.0, 6),
            ("78,6 %", 78.6, 4),
            ("12 25 Stockholm", 12.0, 2),
            ("1 200\n000", 1_200_000.0, 9),
            ("1,2", 1.2, 3),
            ("1057,8", 1057.8, 6),
        ] {
            let n = read(text, 0).unwrap();
            assert!((n.value - value).abs() < 1e-9, "{text}: {n:?}");
            assert_eq!(n.end, end, "{text}");
        }
        assert_eq!(read("1234567890123", 0), None);
    }
}
