//! Reads glyph names: the Adobe glyph list and its rules for making names (<https://github.com/adobe-type-tools/agl-specification>).

/// `name HEX` lines, sorted by name's bytes.
static LIST: &str = include_str!("data/glyphs.txt");

/// What a glyph name stands for; nothing if the name says nothing.
pub(in super::super) fn text(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    // What comes after the first dot is a variant: `a.sc`, `one.oldstyle`.
    let base = match name.split_once('.') {
        Some(("", _)) => return None,
        Some((base, _)) => base,
        None => name,
    };
    if let Some(c) = single(base) {
        return Some(c.to_string());
    }
    if base.contains('_') {
        return base.split('_').map(single).collect();
    }
    // `uni` may stand before several UTF-16 units.
    let digits = base.strip_prefix("uni")?;
    if digits.len() < 8 || digits.len() % 4 != 0 || digits.len() > 64 || !digits.is_ascii() {
        return None;
    }
    let units: Option<Vec<u16>> =
        (0..digits.len()).step_by(4).map(|i| u16::from_str_radix(digits.get(i..i + 4)?, 16).ok()).collect();
    String::from_utf16(&units?).ok()
}

/// The one character a name stands for.
pub(in super::super) fn single(name: &str) -> Option<char> {
    if let Some(c) = listed(name) {
        return Some(c);
    }
    let from_hex = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).filter(|c| *c >= ' ');
    if let Some(digits) = name.strip_prefix("uni")
        && digits.len() == 4
    {
        return from_hex(digits);
    }
    if let Some(digits) = name.strip_prefix('u')
        && (4..=6).contains(&digits.len())
    {
        return from_hex(digits);
    }
    None
}

/// Looks a name up in the list by halving; the list needs no reading first.
fn listed(name: &str) -> Option<char> {
    let bytes = LIST.as_bytes();
    let (mut low, mut high) = (0usize, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes.get(..middle)?.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let end = bytes.get(start..)?.iter().position(|b| *b == b'\n').map_or(bytes.len(), |i| start + i);
        let (listed, code) = LIST.get(start..end)?.split_once(' ')?;
        match listed.as_bytes().cmp(name.as_bytes()) {
            std::cmp::Ordering::Equal => return char::from_u32(u32::from_str_radix(code, 16).ok()?),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{LIST, listed, text};

    #[test]
    fn the_list_is_sorted_and_every_name_is_found() {
        let names: Vec<&str> = LIST.lines().filter_map(|l| l.split_once(' ')).map(|(n, _)| n).collect();
        assert!(names.windows(2).all(|w| w[0].as_bytes() < w[1].as_bytes()));
        let lost: Vec<&&str> = names.iter().filter(|n| listed(n).is_none()).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }

    #[test]
    fn reads_listed_and_made_names() {
        let cases = [
            ("aring", Some("å")),
            ("Odieresis", Some("Ö")),
            ("uni00E4", Some("ä")),
            ("u1F600", Some("😀")),
            ("uni00660069", Some("fi")),
            ("f_f_i", Some("ﬃ")),
            ("a.sc", Some("a")),
            ("T_h", Some("Th")),
            ("g123", None),
            (".notdef", None),
        ];
        for (name, want) in cases {
            assert_eq!(text(name.as_bytes()).as_deref(), want, "{name}");
        }
    }
}
