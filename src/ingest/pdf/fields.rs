//! Reads what form fields hold and no appearance shows: their values, laid into their rectangles (ISO 32000-2, 12.7.4.3 and
//! 12.7.5). Programs that fill in forms often leave the drawing to whoever shows them.

use super::annotations;
use super::objects::{Dictionary, File, NULL, Object, as_integer, as_name};
use super::structure;
use super::tree::PageNode;
use crate::base::Rect;

/// Most letters of one value.
const MAX_LETTERS: usize = 10_000;
/// Most levels of fields above a field.
const MAX_PARENTS: usize = 32;
/// Text field flags: several lines; a password, which is not shown.
const MULTILINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;
/// Size of letters where the field leaves it open, in points, and the most that is taken.
const SIZE: f32 = 12.0;
const MAX_SIZE: f32 = 144.0;
/// Width of a letter as a share of the size: the fonts are not asked, since the value has no codes of theirs.
pub(super) const LETTER: f32 = 0.5;
/// Room between the rectangle and the letters, in points.
const EDGE: f32 = 2.0;

/// One line of a value.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    /// What it says.
    pub text: String,
    /// Where it begins, on its baseline, in user space.
    pub at: (f32, f32),
    /// Size of its letters in points of user space.
    pub size: f32,
}

/// The lines of all values of a page that nothing draws.
pub(super) fn lines<'a>(file: &'a File<'a>, node: &PageNode<'a>) -> Vec<Line> {
    annotations::shown(file, node)
        .filter(|dict| annotations::appearance(file, dict).is_none())
        .filter_map(|dict| Some((value(file, dict)?, dict)))
        .flat_map(|(text, dict)| lay(file, dict, &text))
        .collect()
}

/// What a field or the fields above it say.
fn inherited<'a>(file: &'a File<'_>, dict: &'a Dictionary, key: &[u8]) -> &'a Object {
    let mut at = dict;
    for _ in 0..MAX_PARENTS {
        let object = file.get(at, key);
        if !matches!(object, Object::Null) {
            return object;
        }
        match file.dict(at, b"Parent") {
            Some(parent) => at = parent,
            None => break,
        }
    }
    &NULL
}

fn flags(file: &File, dict: &Dictionary) -> i64 {
    as_integer(inherited(file, dict, b"Ff")).unwrap_or(0)
}

/// The value of a text or choice field, as people see it.
fn value(file: &File, dict: &Dictionary) -> Option<String> {
    let held = inherited(file, dict, b"V");
    let text = match as_name(inherited(file, dict, b"FT"))? {
        b"Tx" if flags(file, dict) & PASSWORD != 0 => None,
        b"Tx" => match held {
            Object::Stream(stream) => Some(structure::text_string(&file.bytes(stream, 4 * MAX_LETTERS).bytes)),
            object => structure::text(object),
        },
        b"Ch" => {
            let chosen = match held {
                Object::Array(list) => list.as_slice(),
                single => std::slice::from_ref(single),
            };
            let options = match inherited(file, dict, b"Opt") {
                Object::Array(options) => options.as_slice(),
                _ => &[],
            };
            let texts: Vec<String> =
                chosen.iter().take(64).filter_map(|o| displayed(file, options, file.resolve(o))).collect();
            Some(texts.join("\n"))
        }
        _ => None,
    }?;
    let text: String = text.chars().take(MAX_LETTERS).collect();
    (!text.trim().is_empty()).then_some(text)
}

/// What a choice is shown as: options may be pairs of what is stored and what is shown.
fn displayed(file: &File, options: &[Object], chosen: &Object) -> Option<String> {
    let chosen = structure::text(chosen)?;
    let shown = options.iter().take(10_000).find_map(|option| match file.resolve(option) {
        Object::Array(pair) => match pair.as_slice() {
            [stored, shown] if structure::text(file.resolve(stored))? == chosen => structure::text(file.resolve(shown)),
            _ => None,
        },
        _ => None,
    });
    Some(shown.unwrap_or(chosen))
}

/// Lays a value into its field: a line in the middle of it, several from the top.
fn lay(file: &File, dict: &Dictionary, text: &str) -> Vec<Line> {
    let Some(rect) = file.rect(dict, b"Rect") else { return Vec::new() };
    let several = flags(file, dict) & MULTILINE != 0 || text.contains(['\n', '\r']);
    let asked = match inherited(file, dict, b"DA") {
        Object::String(bytes) => size_of(bytes),
        _ => None,
    };
    let fitting = if several { SIZE } else { (0.75 * rect.height()).clamp(4.0, SIZE) };
    let size = asked.filter(|s| *s > 0.0 && s.is_finite()).unwrap_or(fitting).min(MAX_SIZE);
    let x = rect.x0 + EDGE;
    if !several {
        let y = rect.y0 + (rect.height() - size) / 2.0 + 0.22 * size;
        return vec![Line { text: text.to_string(), at: (x, y), size }];
    }
    let top = rect.y1 - EDGE - 0.8 * size;
    let lines = text.split(['\n', '\r']).flat_map(|paragraph| wrap(paragraph, rect, size));
    (0u16..).zip(lines).map(|(i, text)| Line { text, at: (x, top - f32::from(i) * 1.15 * size), size }).collect()
}

/// Parts a paragraph into lines that fit a rectangle.
fn wrap(paragraph: &str, rect: Rect, size: f32) -> Vec<String> {
    let fit = (((rect.width() - 2.0 * EDGE) / (LETTER * size)) as usize).max(1);
    let mut lines = vec![String::new()];
    let mut letters = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if let Some(line) = lines.last_mut().filter(|l| l.is_empty() || letters + 1 + length <= fit) {
            if !line.is_empty() {
                line.push(' ');
                letters += 1;
            }
            line.push_str(word);
            letters += length;
        } else {
            lines.push(word.to_string());
            letters = length;
        }
    }
    lines
}

/// The size that a default appearance sets (`/Helv 10 Tf`); 0 leaves it open.
fn size_of(appearance: &[u8]) -> Option<f32> {
    let text = String::from_utf8_lossy(appearance);
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let at = tokens.iter().rposition(|t| *t == "Tf")?;
    tokens.get(at.checked_sub(1)?)?.parse().ok()
}
