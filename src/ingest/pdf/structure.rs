//! Reads what a file says beside its pages: structure roles, hidden layers, text strings and its own description.

use std::collections::BTreeSet;

use super::font::PDF_DOC;
use super::objects::{Dictionary, File, Object, ObjectId, as_array, as_dict, as_integer};
use super::page::{RawInfo, Tag};

/// Deepest nesting followed in number trees and structure.
const MAX_DEPTH: usize = 40;

/// A text string (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 with a mark, else PDFDocEncoding.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| -> String {
        let units =
            bytes.chunks_exact(2).map(|p| unit([p.first().copied().unwrap_or(0), p.get(1).copied().unwrap_or(0)]));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes
            .iter()
            .filter_map(|b| PDF_DOC.get(usize::from(*b)).and_then(|u| char::from_u32(u32::from(*u))))
            .filter(|c| *c != '\0')
            .collect(),
    }
}

/// The text of a string object.
pub(super) fn text(object: &Object) -> Option<String> {
    match object {
        Object::String(bytes) => Some(text_string(bytes)),
        _ => None,
    }
}

/// Optional content groups that are off (ISO 32000-2, 8.11.4).
pub(super) fn hidden_layers(file: &File) -> BTreeSet<ObjectId> {
    let ids = |list: Option<&[Object]>| -> BTreeSet<ObjectId> {
        list.unwrap_or_default()
            .iter()
            .filter_map(|o| if let Object::Reference(id) = o { Some(*id) } else { None })
            .collect()
    };
    let Some(properties) = file.dict(&file.trailer, b"Root").and_then(|r| file.dict(r, b"OCProperties")) else {
        return BTreeSet::new();
    };
    let Some(default) = file.dict(properties, b"D") else { return BTreeSet::new() };
    let mut hidden = ids(file.array(default, b"OFF"));
    if file.name(default, b"BaseState") == Some(b"OFF") {
        hidden.extend(ids(file.array(properties, b"OCGs")));
        for on in ids(file.array(default, b"ON")) {
            hidden.remove(&on);
        }
    }
    hidden
}

/// What the file says of itself.
pub(super) fn info(file: &File) -> RawInfo {
    let Some(dict) = file.dict(&file.trailer, b"Info") else { return RawInfo::default() };
    let entry = |key: &[u8]| {
        let text = text(file.get(dict, key))?;
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_string();
        (!text.is_empty()).then_some(text)
    };
    RawInfo {
        producer: entry(b"Producer"),
        title: entry(b"Title"),
        created: entry(b"CreationDate").and_then(|d| date(&d)),
        modified: entry(b"ModDate").and_then(|d| date(&d)),
    }
}

/// True if the file says that it is tagged.
pub(super) fn is_tagged(file: &File) -> bool {
    let root = file.dict(&file.trailer, b"Root");
    let marked = root.and_then(|r| file.dict(r, b"MarkInfo")).map(|m| file.get(m, b"Marked"));
    matches!(marked, Some(Object::Boolean(true))) && root.is_some_and(|r| file.dict(r, b"StructTreeRoot").is_some())
}

/// A date `D:YYYYMMDDHHmmSSOHH'mm'` (ISO 32000-2, 7.9.4) as ISO 8601, as far as it goes.
fn date(text: &str) -> Option<String> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits: String = text.chars().take_while(char::is_ascii_digit).take(14).collect();
    let part = |from: usize, to: usize, low: u32, high: u32| {
        digits.get(from..to).and_then(|d| d.parse::<u32>().ok()).filter(|n| (low..=high).contains(n))
    };
    let year = part(0, 4, 1900, 2200)?;
    let Some(month) = part(4, 6, 1, 12) else { return Some(format!("{year:04}")) };
    let Some(day) = part(6, 8, 1, 31) else { return Some(format!("{year:04}-{month:02}")) };
    let (Some(hour), Some(minute)) = (part(8, 10, 0, 23), part(10, 12, 0, 59)) else {
        return Some(format!("{year:04}-{month:02}-{day:02}"));
    };
    let second = part(12, 14, 0, 59).unwrap_or(0);
    let zone = text.get(digits.len()..).unwrap_or_default();
    let numbers: Vec<&str> = zone.split(|c: char| !c.is_ascii_digit()).filter(|s| s.len() == 2).collect();
    let zone = match (zone.chars().next(), numbers.as_slice()) {
        (Some('Z'), _) => "Z".to_string(),
        (Some(sign @ ('+' | '-')), [hours, minutes, ..]) => format!("{sign}{hours}:{minutes}"),
        (Some(sign @ ('+' | '-')), [hours]) => format!("{sign}{hours}:00"),
        _ => String::new(),
    };
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

/// What the marked pieces of one page are, by the structure tree.
pub(super) struct PageRoles<'a> {
    map: Option<&'a Dictionary>,
    parents: Option<&'a [Object]>,
}

impl<'a> PageRoles<'a> {
    /// Finds a page's entry in the structure's parent tree.
    pub(super) fn of(file: &'a File<'a>, page: &'a Dictionary) -> Self {
        let tree = file.dict(&file.trailer, b"Root").and_then(|r| file.dict(r, b"StructTreeRoot"));
        let map = tree.and_then(|t| file.dict(t, b"RoleMap"));
        let key = file.integer(page, b"StructParents");
        let parents = match (tree.and_then(|t| file.dict(t, b"ParentTree")), key) {
            (Some(tree), Some(key)) => number_tree(file, tree, key, 0).and_then(as_array),
            _ => None,
        };
        PageRoles { map, parents }
    }

    /// What a tag means, through the file's role map.
    pub(super) fn tag(&self, file: &File, name: &[u8]) -> Option<Tag> {
        let mut name = name;
        for _ in 0..8 {
            if let Some(tag) = standard(name) {
                return Some(tag);
            }
            name = self.map.and_then(|m| file.name(m, name))?;
        }
        None
    }

    /// What the nearest element around a marked piece is that says something.
    pub(super) fn role(&self, file: &File, mcid: u32) -> Option<Tag> {
        let mut element = as_dict(file.resolve(self.parents?.get(mcid as usize)?))?;
        for _ in 0..MAX_DEPTH {
            let tag = self.tag(file, file.name(element, b"S")?);
            if tag.is_some() {
                // A paragraph in a list item, cell or note is that.
                if tag == Some(Tag::Paragraph)
                    && let Some(parent) = file.dict(element, b"P")
                    && let Some(outer) = file.name(parent, b"S").and_then(|s| self.tag(file, s))
                    && outer != Tag::Artifact
                {
                    return Some(outer);
                }
                return tag;
            }
            element = file.dict(element, b"P")?;
        }
        None
    }
}

/// The value of a key in a number tree (ISO 32000-2, 7.9.7).
fn number_tree<'a>(file: &'a File<'a>, node: &'a Dictionary, key: i64, depth: usize) -> Option<&'a Object> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(pairs) = file.array(node, b"Nums") {
        for pair in pairs.chunks_exact(2) {
            if let [k, value] = pair
                && as_integer(file.resolve(k)) == Some(key)
            {
                return Some(file.resolve(value));
            }
        }
    }
    for kid in file.array(node, b"Kids").unwrap_or_default() {
        let Some(kid) = as_dict(file.resolve(kid)) else { continue };
        if let Some([low, high, ..]) = file.array(kid, b"Limits") {
            let outside = as_integer(file.resolve(low)).is_some_and(|l| key < l)
                || as_integer(file.resolve(high)).is_some_and(|h| key > h);
            if outside {
                continue;
            }
            return number_tree(file, kid, key, depth + 1);
        }
    }
    None
}

/// What a standard structure type says (ISO 32000-2, 14.8.4); none for those that say nothing of use.
fn standard(name: &[u8]) -> Option<Tag> {
    Some(match name {
        b"P" => Tag::Paragraph,
        b"Title" | b"H" | b"H1" => Tag::Heading(1),
        b"H2" => Tag::Heading(2),
        b"H3" => Tag::Heading(3),
        b"H4" => Tag::Heading(4),
        b"H5" => Tag::Heading(5),
        b"H6" => Tag::Heading(6),
        b"LI" | b"LBody" => Tag::ListItem,
        b"Lbl" => Tag::Label,
        b"TD" => Tag::TableCell,
        b"TH" => Tag::TableHeader,
        b"Caption" => Tag::Caption,
        b"Note" | b"FENote" => Tag::Footnote,
        b"TOC" | b"TOCI" | b"Index" => Tag::Contents,
        b"Figure" | b"Formula" | b"Form" => Tag::Figure,
        b"Artifact" => Tag::Artifact,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{date, text_string};

    #[test]
    fn reads_dates_as_far_as_they_go() {
        assert_eq!(date("D:20240131093005+01'00'").as_deref(), Some("2024-01-31T09:30:05+01:00"));
        assert_eq!(date("D:20240131093005Z").as_deref(), Some("2024-01-31T09:30:05Z"));
        assert_eq!(date("D:202401").as_deref(), Some("2024-01"));
        assert_eq!(date("20240131").as_deref(), Some("2024-01-31"));
        assert_eq!(date("i går"), None);
    }

    #[test]
    fn reads_text_strings_of_every_encoding() {
        assert_eq!(text_string(b"\xfe\xff\0\xe5"), "å");
        assert_eq!(text_string(b"\xff\xfe\xe5\0"), "å");
        assert_eq!(text_string(b"\xef\xbb\xbf\xc3\xa5"), "å");
        assert_eq!(text_string(b"\xe5\x84"), "å—");
    }
}
