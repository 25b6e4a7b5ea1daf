//! Reads the page tree (ISO 32000-2, 7.7.3): the pages in order, with what they inherit. Bears cycles and odd nodes.

use std::collections::BTreeSet;

use super::matrix::Matrix;
use super::objects::{Dictionary, File, Object, ObjectId, Objects, as_dict, as_integer};
use crate::base::Rect;

/// Deepest nesting of the page tree.
const MAX_DEPTH: usize = 64;

/// A page's dictionary and what it has or inherits.
pub(super) struct PageNode<'a> {
    pub dict: &'a Dictionary,
    /// Its resources, nearest first.
    pub resources: Vec<&'a Dictionary>,
    /// The part of user space that is shown.
    pub shown: Rect,
    /// All of the sheet, of which the part that is shown may be cut.
    pub sheet: Rect,
    /// Clockwise turn for showing: 0, 90, 180 or 270.
    pub rotate: i64,
    /// Size of a unit of user space in points.
    pub unit: f32,
}

impl PageNode<'_> {
    /// The map from user space to the page as shown.
    pub(super) fn matrix(&self) -> Matrix {
        let (r, u) = (self.shown, self.unit);
        let turned = match self.rotate {
            90 => Matrix::new(0.0, -1.0, 1.0, 0.0, -r.y0, r.x1),
            180 => Matrix::new(-1.0, 0.0, 0.0, -1.0, r.x1, r.y1),
            270 => Matrix::new(0.0, 1.0, -1.0, 0.0, r.y1, -r.x0),
            _ => Matrix::new(1.0, 0.0, 0.0, 1.0, -r.x0, -r.y0),
        };
        turned.then(Matrix::new(u, 0.0, 0.0, u, 0.0, 0.0))
    }

    /// The sheet on the page as shown.
    pub(super) fn sheet(&self) -> Rect {
        let map = self.matrix();
        let (a, b) = (map.apply(self.sheet.x0, self.sheet.y0), map.apply(self.sheet.x1, self.sheet.y1));
        Rect::new(a.0, a.1, b.0, b.1)
    }

    /// Width and height as shown, in points.
    pub(super) fn size(&self) -> (f32, f32) {
        let (w, h) = (self.shown.width() * self.unit, self.shown.height() * self.unit);
        if self.rotate == 90 || self.rotate == 270 { (h, w) } else { (w, h) }
    }
}

#[derive(Clone, Default)]
struct Inherited<'a> {
    resources: Vec<&'a Dictionary>,
    media: Option<Rect>,
    crop: Option<Rect>,
    rotate: i64,
    unit: f32,
}

/// The pages, in order, at most one more than `max`.
pub(super) fn pages<'a>(file: &'a File<'_>, max: usize) -> Vec<PageNode<'a>> {
    let mut walk = Walk { file, max: max.saturating_add(1), seen: BTreeSet::new(), pages: Vec::new() };
    let root = file.dict(&file.trailer, b"Root");
    let start = Inherited { unit: 1.0, ..Inherited::default() };
    if let Some(root) = root {
        let (id, top) = file.get_with_id(root, b"Pages");
        if let Some(top) = as_dict(top) {
            walk.node(id, top, start.clone(), 0);
        }
    }
    if walk.pages.is_empty()
        && let Objects::All(all) = &file.objects
    {
        // No tree: every object that calls itself a page, in order of number.
        walk.seen.clear();
        for (id, object) in all {
            if let Object::Dictionary(dict) = object
                && file.name(dict, b"Type") == Some(b"Page")
            {
                let from = walk.ancestors(dict);
                walk.node(Some(*id), dict, from, MAX_DEPTH - 1);
            }
        }
    }
    walk.pages
}

/// How many pages there are, and how many of them are lost.
pub(super) fn count(file: &File<'_>) -> (usize, usize) {
    let pages = pages(file, file.budget.limits.pages as usize);
    (pages.len(), lost(file, &pages))
}

/// How many pages have contents that are not in the file, or are said to be there and are not.
pub(super) fn lost(file: &File<'_>, pages: &[PageNode<'_>]) -> usize {
    // lopdf reads a stream that does not say how long it is as an empty one.
    let unread = |object: &Object| match object {
        Object::Stream(stream) => file.raw(stream).is_empty() && file.integer(&stream.dict, b"Length") != Some(0),
        object => matches!(object, Object::Null),
    };
    let missing = |object: &Object| matches!(object, Object::Reference(_)) && unread(file.resolve(object));
    let empty = pages
        .iter()
        .filter(|page| match page.dict.get(b"Contents") {
            Some(Object::Array(parts)) => parts.iter().any(missing),
            Some(object) => missing(object),
            None => false,
        })
        .count();
    let said = file
        .dict(&file.trailer, b"Root")
        .and_then(|r| file.dict(r, b"Pages"))
        .and_then(|p| file.integer(p, b"Count"))
        .and_then(|n| usize::try_from(n).ok())
        .filter(|n| *n <= file.len())
        .unwrap_or(0);
    empty + said.saturating_sub(pages.len())
}

struct Walk<'a> {
    file: &'a File<'a>,
    max: usize,
    seen: BTreeSet<ObjectId>,
    pages: Vec<PageNode<'a>>,
}

impl<'a> Walk<'a> {
    fn node(&mut self, id: Option<ObjectId>, dict: &'a Dictionary, mut from: Inherited<'a>, depth: usize) {
        if depth >= MAX_DEPTH || self.pages.len() >= self.max || id.is_some_and(|id| !self.seen.insert(id)) {
            return;
        }
        self.inherit(dict, &mut from);
        let kids = self.file.array(dict, b"Kids");
        match (kids, self.file.name(dict, b"Type")) {
            (Some(kids), kind) if kind != Some(b"Page") => {
                for kid in kids {
                    if self.pages.len() >= self.max {
                        return;
                    }
                    let id = match kid {
                        Object::Reference(id) => Some(*id),
                        _ => None,
                    };
                    if let Some(kid) = as_dict(self.file.resolve(kid)) {
                        self.node(id, kid, from.clone(), depth + 1);
                    }
                }
            }
            (None, Some(b"Pages")) => {}
            _ => self.page(dict, from),
        }
    }

    fn inherit(&self, dict: &'a Dictionary, from: &mut Inherited<'a>) {
        if let Some(resources) = self.file.dict(dict, b"Resources") {
            from.resources.insert(0, resources);
            from.resources.truncate(8);
        }
        from.media = self.file.rect(dict, b"MediaBox").or(from.media);
        from.crop = self.file.rect(dict, b"CropBox").or(from.crop);
        if let Some(rotate) = as_integer(self.file.get(dict, b"Rotate")) {
            from.rotate = rotate;
        }
        if let Some(unit) = self.file.number(dict, b"UserUnit").filter(|u| (0.01..=1000.0).contains(u)) {
            from.unit = unit;
        }
    }

    /// What a page without a tree inherits through its parents.
    fn ancestors(&self, dict: &'a Dictionary) -> Inherited<'a> {
        let mut chain = Vec::new();
        let mut at = dict;
        while let Some(parent) = self.file.dict(at, b"Parent") {
            if chain.len() >= MAX_DEPTH {
                break;
            }
            chain.push(parent);
            at = parent;
        }
        let mut from = Inherited { unit: 1.0, ..Inherited::default() };
        for parent in chain.into_iter().rev() {
            self.inherit(parent, &mut from);
        }
        from
    }

    fn page(&mut self, dict: &'a Dictionary, from: Inherited<'a>) {
        let usable =
            |r: &Rect| r.width() >= 1.0 && r.height() >= 1.0 && [r.x0, r.y0, r.x1, r.y1].iter().all(|n| n.abs() < 1e6);
        let media = from.media.filter(usable).unwrap_or(Rect::new(0.0, 0.0, 612.0, 792.0));
        let shown = from.crop.filter(usable).map(|c| Rect {
            x0: c.x0.max(media.x0),
            y0: c.y0.max(media.y0),
            x1: c.x1.min(media.x1),
            y1: c.y1.min(media.y1),
        });
        self.pages.push(PageNode {
            dict,
            resources: from.resources,
            shown: shown.filter(usable).unwrap_or(media),
            sheet: media,
            rotate: (from.rotate.rem_euclid(360) + 45) / 90 * 90 % 360,
            unit: from.unit,
        });
    }
}
