//! Defines `File`: the objects of one PDF, and safe ways to look at them. What is missing or of another type is none.

use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::budget::{Budget, MAX_LINKS};
use super::filter::{self, Decoded};
use super::matrix::Matrix;
use crate::base::Rect;

static NULL: Object = Object::Null;

/// The objects of one PDF, with what reading them may cost.
pub(super) struct File {
    pub doc: lopdf::Document,
    pub budget: Budget,
}

impl File {
    /// The object meant, references followed.
    pub(super) fn resolve<'a>(&'a self, mut object: &'a Object) -> &'a Object {
        for _ in 0..MAX_LINKS {
            match object {
                Object::Reference(id) => object = self.doc.objects.get(id).unwrap_or(&NULL),
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
            Ok(Object::Reference(id)) => (Some(*id), self.get(dict, key)),
            Ok(object) => (None, object),
            Err(_) => (None, &NULL),
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
        filter::decode(self, &stream.dict, &stream.content, max)
    }
}

pub(super) fn as_number(object: &Object) -> Option<f32> {
    match object {
        Object::Integer(n) => Some(*n as f32),
        Object::Real(n) if n.is_finite() => Some(*n),
        _ => None,
    }
}

pub(super) fn as_integer(object: &Object) -> Option<i64> {
    match object {
        Object::Integer(n) => Some(*n),
        Object::Real(n) if n.is_finite() => Some(*n as i64),
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
