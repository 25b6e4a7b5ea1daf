//! Defines `Object`, a value of a PDF (ISO 32000-2, 7.3), and its kinds. Names are kept in place and dictionaries are plain
//! lists, as both are small and many.

use std::ops::{Deref, Range};

/// Number and generation of an object.
pub(super) type ObjectId = (u32, u16);

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Null,
    Boolean(bool),
    Number(f64),
    Name(Name),
    String(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Stream(Box<Stream>),
    Reference(ObjectId),
}

/// Longest name that needs no room of its own.
const SHORT: usize = 22;

/// A name, escapes resolved.
#[derive(Clone)]
pub(super) struct Name(Kept);

#[derive(Clone)]
enum Kept {
    Here(u8, [u8; SHORT]),
    Apart(Box<[u8]>),
}

impl From<&[u8]> for Name {
    fn from(name: &[u8]) -> Self {
        let mut here = [0; SHORT];
        match here.get_mut(..name.len()) {
            Some(start) => {
                start.copy_from_slice(name);
                Name(Kept::Here(name.len() as u8, here))
            }
            None => Name(Kept::Apart(name.into())),
        }
    }
}

impl Deref for Name {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Kept::Here(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Kept::Apart(bytes) => bytes,
        }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        **self == **other
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/{}", String::from_utf8_lossy(self))
    }
}

/// Up to so many entries are looked through one by one.
const FEW: usize = 16;

/// A dictionary. Of entries with the same key the last counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dictionary {
    /// In the order written; sorted by key if there are more than a few.
    entries: Vec<(Name, Object)>,
}

impl From<Vec<(Name, Object)>> for Dictionary {
    fn from(mut entries: Vec<(Name, Object)>) -> Self {
        if entries.len() > FEW {
            // The last of equal keys comes first, and only the first of them stays.
            entries.reverse();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.dedup_by(|a, b| a.0 == b.0);
        }
        Dictionary { entries }
    }
}

impl Dictionary {
    pub(super) fn get(&self, key: &[u8]) -> Option<&Object> {
        if self.entries.len() > FEW {
            let at = self.entries.binary_search_by(|(k, _)| (**k).cmp(key)).ok()?;
            return self.entries.get(at).map(|e| &e.1);
        }
        self.entries.iter().rev().find(|(k, _)| **k == *key).map(|e| &e.1)
    }

    pub(super) fn has(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn set(&mut self, key: &[u8], value: Object) {
        let mut entries = std::mem::take(&mut self.entries);
        entries.retain(|(k, _)| **k != *key);
        entries.push((key.into(), value));
        *self = entries.into();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.entries.iter().map(|(k, o)| (&**k, o))
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = (&[u8], &mut Object)> {
        self.entries.iter_mut().map(|(k, o)| (&**k, o))
    }
}

/// A stream: its dictionary and where its data are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stream {
    pub dict: Dictionary,
    pub data: Data,
}

/// The data of a stream as they are kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    /// In the file; of which object, as that may be needed to decrypt them.
    At(Range<usize>, ObjectId),
    Own(Vec<u8>),
}

#[cfg(test)]
mod tests {
    use super::{Dictionary, FEW, Name, Object};

    #[test]
    fn names_of_every_length_are_themselves() {
        for length in [0, 1, 22, 23, 200] {
            let name = vec![b'x'; length];
            assert_eq!(&*Name::from(name.as_slice()), name.as_slice());
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts_in_small_and_large_dictionaries() {
        for size in [2, FEW, FEW + 1, 100] {
            let key = |i: usize| Name::from(format!("K{}", i % (size / 2)).as_bytes());
            let dict: Dictionary = (0..size).map(|i| (key(i), Object::Number(i as f64))).collect::<Vec<_>>().into();
            for i in 0..size / 2 {
                let last = (0..size).rev().find(|n| n % (size / 2) == i).map(|n| Object::Number(n as f64));
                assert_eq!(dict.get(&key(i)).cloned(), last);
            }
            assert!(!dict.has(b"K"));
        }
    }
}
