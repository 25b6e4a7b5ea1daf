//! What happens to documents before they reach a reader: lines broken, words parted, signs lost, letters misread, columns mixed.

use clap::ValueEnum;

use super::known::{Known, Piece};

/// One kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Noise {
    /// Hard line ends inside paragraphs.
    Broken,
    /// Words parted at line ends (with `broken`).
    Hyphens,
    /// § is gone.
    LostSign,
    /// A letter in 300 is misread.
    Ocr,
    /// The lines of the margin block stand between those of the text.
    Columns,
}

/// Width of a line in characters.
const LINE: usize = 66;

/// The lines of a document as a reader gets them. A true beside a line says that it is a heading.
pub fn lines(known: &Known, noise: &[Noise], rng: &mut fastrand::Rng) -> (Vec<String>, Vec<(String, bool)>) {
    let has = |n: Noise| noise.contains(&n);
    let mut body: Vec<(String, bool)> = Vec::new();
    for piece in &known.text {
        match piece {
            Piece::Heading(h) => body.push((h.clone(), true)),
            Piece::Paragraph(p) if has(Noise::Broken) => {
                body.extend(wrapped(p, has(Noise::Hyphens)).into_iter().map(|l| (l, false)));
            }
            Piece::Paragraph(p) => body.push((p.clone(), false)),
            Piece::Lines(all) => body.extend(all.iter().map(|l| (l.clone(), false))),
        }
        body.push((String::new(), false));
    }
    let mut margin = known.margin.clone();
    if has(Noise::Columns) && !margin.is_empty() {
        let mut mixed = Vec::new();
        let mut rest = margin.drain(..);
        for line in body {
            mixed.push(line);
            mixed.extend(rest.next().map(|l| (l, false)));
        }
        mixed.extend(rest.map(|l| (l, false)));
        body = mixed;
    }
    for line in margin.iter_mut().chain(body.iter_mut().map(|(l, _)| l)) {
        if has(Noise::LostSign) {
            *line = line.replace("§ ", "");
        }
        if has(Noise::Ocr) {
            *line = misread(line, rng);
        }
    }
    (margin, body)
}

/// Breaks a paragraph into lines of `LINE` characters; with `hyphens`, long words at their ends are parted.
pub fn wrapped(text: &str, hyphens: bool) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for word in text.split(' ') {
        let n = word.chars().count();
        if width > 0 && width + 1 + n > LINE {
            let half = word.char_indices().nth(n / 2).map(|(i, _)| i);
            match half
                .filter(|_| hyphens && n >= 10 && width + n / 2 + 2 < LINE && word.chars().all(char::is_alphabetic))
            {
                Some(at) => {
                    if let Some(last) = lines.last_mut() {
                        last.push_str(&format!(" {}-", &word[..at]));
                    }
                    lines.push(word[at..].to_string());
                    width = n - n / 2;
                    continue;
                }
                None => lines.push(String::new()),
            }
            width = 0;
        }
        if let Some(last) = lines.last_mut() {
            if width > 0 {
                last.push(' ');
            }
            last.push_str(word);
        }
        width += n + usize::from(width > 0);
    }
    lines
}

fn misread(line: &str, rng: &mut fastrand::Rng) -> String {
    let wrong = |c: char| match c {
        'l' => '1',
        'ö' => 'o',
        'ä' | 'å' => 'a',
        'O' => '0',
        'e' => 'c',
        other => other,
    };
    line.chars().map(|c| if rng.u16(0..300) == 0 { wrong(c) } else { c }).collect()
}
