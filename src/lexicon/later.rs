//! Defines `Later`: a part of the vocabulary that is read when it is first asked for.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::OnceLock;

use super::LexiconError;

/// A part of the vocabulary that showing a text never asks for; the largest file takes half the time of all to read.
#[derive(Clone, Debug)]
pub struct Later<T> {
    file: (PathBuf, String),
    read: fn(&(PathBuf, String)) -> Result<T, LexiconError>,
    value: OnceLock<T>,
}

impl<T> Later<T> {
    /// What `read` finds in a file with this path and text.
    pub(super) fn new(file: &(PathBuf, String), read: fn(&(PathBuf, String)) -> Result<T, LexiconError>) -> Self {
        Later { file: file.clone(), read, value: OnceLock::new() }
    }

    /// Reads it now.
    ///
    /// # Errors
    /// If the file is not in the expected form.
    pub(super) fn check(&self) -> Result<(), LexiconError> {
        if self.value.get().is_none() {
            let value = (self.read)(&self.file)?;
            self.value.get_or_init(|| value);
        }
        Ok(())
    }
}

impl<T> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| (self.read)(&self.file).expect("built in and tested, or checked when it was loaded"))
    }
}
