//! Reads what annotations and form fields show: their normal appearances (ISO 32000-2, 12.5.5), as part of the page.

use super::matrix::Matrix;
use super::objects::{Dictionary, File, Object, Stream, as_dict};
use super::page::RawWord;
use super::tree::PageNode;
use crate::base::Rect;

/// Most annotations of one page that are looked at.
const MAX_ANNOTATIONS: usize = 20_000;
/// Flags of annotations that are not shown: hidden, and not for the screen.
const NOT_SHOWN: i64 = 2 | 32;

/// The forms to draw, each with its map to user space: those of form fields, or of all else.
pub(super) fn appearances<'a>(file: &'a File<'a>, node: &PageNode<'a>, fields: bool) -> Vec<(&'a Stream, Matrix)> {
    shown(file, node)
        .filter(|dict| (file.name(dict, b"Subtype") == Some(b"Widget")) == fields)
        .filter_map(|dict| appearance(file, dict))
        .collect()
}

/// The annotations that are shown.
pub(super) fn shown<'a>(file: &'a File<'a>, node: &PageNode<'a>) -> impl Iterator<Item = &'a Dictionary> + use<'a> {
    let list = file.array(node.dict, b"Annots").unwrap_or_default();
    list.iter()
        .take(MAX_ANNOTATIONS)
        .filter_map(|o| as_dict(file.resolve(o)))
        .filter(|dict| file.integer(dict, b"F").unwrap_or(0) & NOT_SHOWN == 0)
        .filter(|dict| !matches!(file.name(dict, b"Subtype"), Some(b"Popup" | b"Link")))
}

/// What draws an annotation, with its map to user space.
pub(super) fn appearance<'a>(file: &'a File<'a>, dict: &'a Dictionary) -> Option<(&'a Stream, Matrix)> {
    let normal = file.get(file.dict(dict, b"AP")?, b"N");
    let stream = match normal {
        Object::Stream(stream) => stream,
        // One stream for each state of a check box.
        Object::Dictionary(states) => file.stream(states, file.name(dict, b"AS")?)?,
        _ => return None,
    };
    let rect = file.rect(dict, b"Rect")?;
    let bounds = file.rect(&stream.dict, b"BBox")?;
    let own = file.matrix(&stream.dict, b"Matrix").unwrap_or(Matrix::IDENTITY);
    Some((stream, fit(own, bounds, rect)?))
}

/// The map that puts a form's box, turned by its own matrix, onto the annotation's rectangle.
fn fit(own: Matrix, bounds: Rect, rect: Rect) -> Option<Matrix> {
    let corners = [(bounds.x0, bounds.y0), (bounds.x1, bounds.y0), (bounds.x0, bounds.y1), (bounds.x1, bounds.y1)];
    let turned = corners
        .map(|(x, y)| own.apply(x, y))
        .map(|(x, y)| Rect { x0: x, y0: y, x1: x, y1: y })
        .into_iter()
        .reduce(Rect::union)?;
    let scale = |from: f32, to: f32| if from.abs() < 1e-6 { 1.0 } else { to / from };
    let (sx, sy) = (scale(turned.width(), rect.width()), scale(turned.height(), rect.height()));
    let map = Matrix::new(sx, 0.0, 0.0, sy, rect.x0 - turned.x0 * sx, rect.y0 - turned.y0 * sy);
    map.is_finite().then_some(map)
}

/// Puts what fields show after what names them, as if it had been written there: the words before it on its line, else
/// those close above it. What nothing names stays at the end.
pub(super) fn beside(words: Vec<RawWord>, shown: Vec<RawWord>) -> Vec<RawWord> {
    /// Most words of a line that are looked at.
    const MOST: usize = 400;
    if words.is_empty() {
        return shown;
    }
    if shown.is_empty() {
        return words;
    }
    let mut lines: Vec<(f32, usize)> =
        words.iter().enumerate().filter(|(_, w)| w.angle == 0).map(|(i, w)| (w.baseline, i)).collect();
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    let between = |low: f32, high: f32| {
        let from = lines.partition_point(|l| l.0 < low);
        lines.iter().skip(from).take(MOST).take_while(move |l| l.0 <= high).filter_map(|l| Some((l.1, words.get(l.1)?)))
    };
    let place = |first: &RawWord| -> usize {
        let (x, y, size) = (first.rect.x0, first.baseline, first.size);
        let left = between(y - 0.7 * size, y + 0.7 * size).filter(|(_, w)| w.rect.x1 < x + 0.3 * size);
        let left = left.max_by(|a, b| a.1.rect.x1.total_cmp(&b.1.rect.x1));
        let above = || {
            between(y + 0.7 * size, y + 3.0 * size)
                .filter(|(_, w)| (w.rect.x0 - x).abs() < 1.5 * size)
                .min_by(|a, b| a.1.baseline.total_cmp(&b.1.baseline))
        };
        let Some((mut at, _)) = left.or_else(above) else { return words.len() };
        // To the end of the words written in one go with it.
        while let (Some(here), Some(next)) = (words.get(at), words.get(at + 1))
            && (next.baseline - here.baseline).abs() < 0.2 * here.size
            && (-0.1..1.0).contains(&((next.rect.x0 - here.rect.x1) / here.size))
        {
            at += 1;
        }
        at + 1
    };
    // Every run of words goes to one place.
    let mut runs: Vec<(usize, Vec<RawWord>)> = Vec::new();
    for word in shown {
        let goes_on = runs.last().and_then(|r| Some((r.1.first()?, r.1.last()?))).is_some_and(|(first, last)| {
            let down = (last.baseline - word.baseline) / last.size;
            let near = word.rect.x0 - last.rect.x1 < 1.5 * last.size && word.rect.x0 >= last.rect.x0;
            (down.abs() < 0.2 && near) || ((0.2..1.7).contains(&down) && (first.rect.x0 - word.rect.x0).abs() < 1.0)
        });
        match runs.last_mut().filter(|_| goes_on) {
            Some(run) => run.1.push(word),
            None => runs.push((place(&word), vec![word])),
        }
    }
    runs.sort_by_key(|r| r.0);
    let mut out = Vec::with_capacity(words.len() + runs.iter().map(|r| r.1.len()).sum::<usize>());
    let mut runs = runs.into_iter().peekable();
    for (i, word) in words.into_iter().enumerate() {
        while let Some((_, run)) = runs.next_if(|r| r.0 <= i) {
            out.extend(run);
        }
        out.push(word);
    }
    out.extend(runs.flat_map(|r| r.1));
    out
}

#[cfg(test)]
mod tests {
    use super::{Matrix, Rect, fit};

    #[test]
    fn a_turned_form_fills_its_rectangle() {
        let turn = Matrix::new(0.0, 1.0, -1.0, 0.0, 0.0, 0.0);
        let map = fit(turn, Rect::new(0.0, 0.0, 10.0, 20.0), Rect::new(100.0, 100.0, 140.0, 120.0)).expect("a map");
        let (x, y) = turn.then(map).apply(0.0, 0.0);
        assert_eq!((x, y), (140.0, 100.0));
        let (x, y) = turn.then(map).apply(10.0, 20.0);
        assert_eq!((x, y), (100.0, 120.0));
    }
}
