//! Makes of a text what copies on the web often hold of it: each page on one line.

use std::fs;
use std::path::Path;

/// The text with every page on one line; words divided at a line's end are whole.
pub fn unrolled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for page in text.split('\u{c}') {
        let mut line = String::with_capacity(page.len());
        for row in page.lines() {
            let row = row.split_whitespace().collect::<Vec<_>>().join(" ");
            let divided = line.strip_suffix('-').is_some_and(|l| l.ends_with(char::is_alphabetic));
            if divided && row.starts_with(char::is_lowercase) {
                line.pop();
            } else if !line.is_empty() && !row.is_empty() {
                line.push(' ');
            }
            line.push_str(&row);
        }
        if !line.is_empty() {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// Writes the text files of a folder into another, each page on one line, and their labels with the new hashes.
///
/// # Panics
/// If a file cannot be read or written: it is for tests and measuring.
pub fn folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "txt") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let line = unrolled(&text);
        let hash = |t: &str| blake3::hash(t.as_bytes()).to_hex().to_string();
        fs::write(to.join(path.file_name().unwrap()), &line).unwrap();
        let label = path.with_extension("json");
        let label_text = fs::read_to_string(&label).unwrap().replace(&hash(&text), &hash(&line));
        fs::write(to.join(label.file_name().unwrap()), label_text).unwrap();
    }
}
