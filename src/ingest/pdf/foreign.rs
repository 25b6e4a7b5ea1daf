//! Makes our objects of lopdf's, and the other way round.

use std::collections::BTreeMap;

use lopdf::StringFormat;

use super::value::{Data, Dictionary, Name, Object, ObjectId, Stream};

/// All objects of a document.
pub(super) fn take_all(objects: BTreeMap<ObjectId, lopdf::Object>) -> BTreeMap<ObjectId, Object> {
    objects.into_iter().map(|(id, object)| (id, take(object))).collect()
}

fn take(object: lopdf::Object) -> Object {
    match object {
        lopdf::Object::Null => Object::Null,
        lopdf::Object::Boolean(b) => Object::Boolean(b),
        lopdf::Object::Integer(n) => Object::Number(n as f64),
        lopdf::Object::Real(n) => Object::Number(f64::from(n)),
        lopdf::Object::Name(name) => Object::Name(Name::from(name.as_slice())),
        lopdf::Object::String(bytes, _) => Object::String(bytes),
        lopdf::Object::Array(items) => Object::Array(items.into_iter().map(take).collect()),
        lopdf::Object::Dictionary(dict) => Object::Dictionary(take_dictionary(dict)),
        lopdf::Object::Stream(stream) => {
            let (dict, data) = (take_dictionary(stream.dict), Data::Own(stream.content));
            Object::Stream(Box::new(Stream { dict, data }))
        }
        lopdf::Object::Reference(id) => Object::Reference(id),
    }
}

/// A dictionary of ours.
pub(super) fn take_dictionary(dict: lopdf::Dictionary) -> Dictionary {
    let entries: Vec<(Name, Object)> =
        dict.into_iter().map(|(key, value)| (Name::from(key.as_slice()), take(value))).collect();
    entries.into()
}

/// An object of lopdf's; streams, which stand nowhere inside others, as their dictionary.
pub(super) fn give(object: &Object) -> lopdf::Object {
    match object {
        Object::Null => lopdf::Object::Null,
        Object::Boolean(b) => lopdf::Object::Boolean(*b),
        Object::Number(n) if n.fract() == 0.0 => lopdf::Object::Integer(*n as i64),
        Object::Number(n) => lopdf::Object::Real(*n as f32),
        Object::Name(name) => lopdf::Object::Name(name.to_vec()),
        Object::String(bytes) => lopdf::Object::String(bytes.clone(), StringFormat::Literal),
        Object::Array(items) => lopdf::Object::Array(items.iter().map(give).collect()),
        Object::Dictionary(dict) => lopdf::Object::Dictionary(give_dictionary(dict)),
        Object::Stream(stream) => lopdf::Object::Dictionary(give_dictionary(&stream.dict)),
        Object::Reference(id) => lopdf::Object::Reference(*id),
    }
}

/// A dictionary of lopdf's.
pub(super) fn give_dictionary(dict: &Dictionary) -> lopdf::Dictionary {
    let mut out = lopdf::Dictionary::new();
    dict.iter().for_each(|(key, value)| out.set(key, give(value)));
    out
}
