//! Reads what annotations and form fields show: their normal appearances (ISO 32000-2, 12.5.5), as part of the page.

use super::matrix::Matrix;
use super::objects::{Dictionary, File, Object, Stream, as_dict};
use super::tree::PageNode;
use crate::base::Rect;

/// Most annotations of one page that are looked at.
const MAX_ANNOTATIONS: usize = 20_000;
/// Flags of annotations that are not shown: hidden, and not for the screen.
const NOT_SHOWN: i64 = 2 | 32;

/// The forms to draw, each with its map to user space.
pub(super) fn appearances<'a>(file: &'a File<'a>, node: &PageNode<'a>) -> Vec<(&'a Stream, Matrix)> {
    shown(file, node).filter_map(|dict| appearance(file, dict)).collect()
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
