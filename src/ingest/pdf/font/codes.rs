//! Defines `Paged` and `Texts`: values by character code, found without hashing.

use std::collections::BTreeMap;

/// A value for every code of up to two bytes, kept in pages of 256; longer codes, which are rare, apart.
#[derive(Clone, Debug)]
pub(in super::super) struct Paged<T> {
    default: T,
    index: Vec<u16>,
    pages: Vec<[T; 256]>,
    far: BTreeMap<u32, T>,
}

impl<T: Copy> Paged<T> {
    pub(in super::super) fn new(default: T) -> Self {
        Paged { default, index: Vec::new(), pages: Vec::new(), far: BTreeMap::new() }
    }

    #[inline]
    pub(in super::super) fn get(&self, code: u32) -> T {
        if code > 0xffff {
            return self.far.get(&code).copied().unwrap_or(self.default);
        }
        match self.index.get((code >> 8) as usize) {
            Some(&page) if page > 0 => self
                .pages
                .get(usize::from(page) - 1)
                .and_then(|p| p.get((code & 255) as usize))
                .copied()
                .unwrap_or(self.default),
            _ => self.default,
        }
    }

    /// The values of the codes of one byte, if any of them has one.
    #[inline]
    pub(in super::super) fn first_page(&self) -> Option<&[T; 256]> {
        self.pages.get(usize::from(*self.index.first()?).checked_sub(1)?)
    }

    pub(in super::super) fn set(&mut self, code: u32, value: T) {
        if code > 0xffff {
            self.far.insert(code, value);
            return;
        }
        if self.index.is_empty() {
            self.index.resize(256, 0);
        }
        let Some(page) = self.index.get_mut((code >> 8) as usize) else { return };
        if *page == 0 {
            self.pages.push([self.default; 256]);
            *page = self.pages.len() as u16;
        }
        if let Some(slot) = self.pages.get_mut(usize::from(*page) - 1).and_then(|p| p.get_mut((code & 255) as usize)) {
            *slot = value;
        }
    }

    pub(in super::super) fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.far.is_empty()
    }
}

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Text<'a> {
    /// Not known.
    None,
    Char(char),
    Str(&'a str),
}

/// Marks an entry that is the number of a string.
const STRING: u32 = 0x8000_0000;

/// What every code stands for.
#[derive(Clone, Debug)]
pub(in super::super) struct Texts {
    entries: Paged<u32>,
    strings: Vec<Box<str>>,
}

impl Default for Texts {
    fn default() -> Self {
        Texts { entries: Paged::new(0), strings: Vec::new() }
    }
}

impl Texts {
    #[inline]
    pub(in super::super) fn get(&self, code: u32) -> Text<'_> {
        self.meant(self.entries.get(code))
    }

    /// The entries of the codes of one byte, if any of them has one.
    #[inline]
    pub(in super::super) fn first_page(&self) -> Option<&[u32; 256]> {
        self.entries.first_page()
    }

    /// What an entry means.
    #[inline]
    pub(in super::super) fn meant(&self, entry: u32) -> Text<'_> {
        match entry {
            0 => Text::None,
            entry if entry & STRING != 0 => {
                self.strings.get((entry ^ STRING) as usize).map_or(Text::None, |s| Text::Str(s))
            }
            entry => char::from_u32(entry).map_or(Text::None, Text::Char),
        }
    }

    pub(in super::super) fn set_char(&mut self, code: u32, c: char) {
        if c != '\0' {
            self.entries.set(code, c as u32);
        }
    }

    pub(in super::super) fn set(&mut self, code: u32, text: &str) {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (None, _) => {}
            (Some(c), None) => self.set_char(code, c),
            _ => {
                self.entries.set(code, STRING | self.strings.len() as u32);
                self.strings.push(text.into());
            }
        }
    }

    pub(in super::super) fn has(&self, code: u32) -> bool {
        self.entries.get(code) != 0
    }

    pub(in super::super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, Texts};

    #[test]
    fn keeps_characters_and_strings_by_code() {
        let mut texts = Texts::default();
        texts.set(3, "å");
        texts.set(0xff03, "ffi");
        texts.set(0x1_0003, "x");
        assert_eq!(texts.get(3), Text::Char('å'));
        assert_eq!(texts.get(0xff03), Text::Str("ffi"));
        assert_eq!(texts.get(0x1_0003), Text::Char('x'));
        assert_eq!(texts.get(4), Text::None);
    }
}
