//! Defines `File`: the objects of one PDF, and safe ways to look at them. What is missing or of another type is none.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::budget::{Budget, MAX_LINKS};
use super::filter::{self, Decoded};
use super::matrix::Matrix;
use super::table::Table;
pub(super) use super::value::{Data, Dictionary, Object, ObjectId, Stream};
use crate::base::Rect;

pub(super) static NULL: Object = Object::Null;

/// The objects of one PDF, with what reading them may cost.
pub(super) struct File<'b> {
    /// The file from its header on; places of data count from there.
    pub bytes: &'b [u8],
    pub trailer: Dictionary,
    pub objects: Objects,
    pub budget: Budget,
}

/// Where objects come from.
pub(super) enum Objects {
    /// All are there.
    All(BTreeMap<ObjectId, Object>),
    /// They are read when they are first asked for.
    Asked(Table),
}

impl File<'_> {
    /// The object with an id; `Null` if there is none.
    pub(super) fn object(&self, id: ObjectId) -> &Object {
        match &self.objects {
            Objects::All(all) => all.get(&id).unwrap_or(&NULL),
            Objects::Asked(table) => table.object(self, id),
        }
    }

    /// How many objects there are.
    pub(super) fn len(&self) -> usize {
        match &self.objects {
            Objects::All(all) => all.len(),
            Objects::Asked(table) => table.len(),
        }
    }

    /// True if nothing was odd in the objects that were asked for, as far as they are read one by one.
    pub(super) fn is_sound(&self) -> bool {
        match &self.objects {
            Objects::All(_) => true,
            Objects::Asked(table) => table.is_sound(),
        }
    }

    /// The object meant, references followed.
    pub(super) fn resolve<'a>(&'a self, mut object: &'a Object) -> &'a Object {
        for _ in 0..MAX_LINKS {
            match object {
                Object::Reference(id) => object = self.object(*id),
                _ => return object,
            }
        }
        &NULL
    }

    /// An entry of a dictionary, references followed; `Null` if there is none.
    pub(super) fn get<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> &'a Object {
        dict.get(key).map_or(&NULL, |o| self.resolve(o))
    }

    /// An entry and, if it is a reference, the id of the object meant.
    pub(super) fn get_with_id<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> (Option<ObjectId>, &'a Object) {
        match dict.get(key) {
            Some(object @ Object::Reference(id)) => (Some(*id), self.resolve(object)),
            Some(object) => (None, object),
            None => (None, &NULL),
        }
    }

    pub(super) fn dict<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
        as_dict(self.get(dict, key))
    }

    pub(super) fn array<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a [Object]> {
        as_array(self.get(dict, key))
    }

    pub(super) fn name<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
        as_name(self.get(dict, key))
    }

    pub(super) fn number(&self, dict: &Dictionary, key: &[u8]) -> Option<f32> {
        as_number(self.get(dict, key))
    }

    pub(super) fn integer(&self, dict: &Dictionary, key: &[u8]) -> Option<i64> {
        as_integer(self.get(dict, key))
    }

    pub(super) fn stream<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Stream> {
        match self.get(dict, key) {
            Object::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// Four or more numbers.
    pub(super) fn numbers<const N: usize>(&self, dict: &Dictionary, key: &[u8]) -> Option<[f32; N]> {
        let array = self.array(dict, key)?;
        let mut out = [0.0; N];
        if array.len() < N {
            return None;
        }
        for (slot, object) in out.iter_mut().zip(array) {
            *slot = as_number(self.resolve(object))?;
        }
        Some(out)
    }

    pub(super) fn rect(&self, dict: &Dictionary, key: &[u8]) -> Option<Rect> {
        let [xa, ya, xb, yb] = self.numbers::<4>(dict, key)?;
        Some(Rect::new(xa, ya, xb, yb))
    }

    pub(super) fn matrix(&self, dict: &Dictionary, key: &[u8]) -> Option<Matrix> {
        let [a, b, c, d, e, f] = self.numbers::<6>(dict, key)?;
        Some(Matrix::new(a, b, c, d, e, f))
    }

    /// A stream's bytes with all filters undone, at most `max` of them.
    pub(super) fn bytes(&self, stream: &Stream, max: usize) -> Decoded {
        filter::decode(self, &stream.dict, &self.raw(stream), max)
    }

    /// A stream's data, its encryption undone but not its filters.
    pub(super) fn raw<'a>(&'a self, stream: &'a Stream) -> Cow<'a, [u8]> {
        match &stream.data {
            Data::Own(bytes) => bytes.into(),
            Data::At(range, id) => {
                let data = self.bytes.get(range.clone()).unwrap_or_default();
                let clear = match &self.objects {
                    Objects::Asked(table) => table.cipher().and_then(|c| c.stream(*id, stream, data)),
                    Objects::All(_) => None,
                };
                clear.map_or(data.into(), Cow::from)
            }
        }
    }
}

pub(super) fn as_number(object: &Object) -> Option<f32> {
    match object {
        Object::Number(n) => Some(*n as f32).filter(|n| n.is_finite()),
        _ => None,
    }
}

pub(super) fn as_integer(object: &Object) -> Option<i64> {
    match object {
        Object::Number(n) if n.is_finite() => Some(*n as i64),
        _ => None,
    }
}

pub(super) fn as_name(object: &Object) -> Option<&[u8]> {
    match object {
        Object::Name(name) => Some(name),
        _ => None,
    }
}

pub(super) fn as_array(object: &Object) -> Option<&[Object]> {
    match object {
        Object::Array(array) => Some(array),
        _ => None,
    }
}

/// A dictionary, or that of a stream.
pub(super) fn as_dict(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dict) => Some(dict),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}
