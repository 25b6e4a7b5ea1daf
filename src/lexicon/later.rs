//! Defines `Later`: a part of the vocabulary that is read when it is first asked for.

use std::borrow::Cow;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;

use super::LexiconError;

/// A file of the vocabulary, as it is written.
#[derive(Debug)]
pub(super) struct File {
    /// Where it lies; its name alone if it is built in.
    pub(super) path: PathBuf,
    /// What it says.
    pub(super) text: Cow<'static, str>,
}

impl File {
    /// What the file says, in the form of `T`; what `T` has no place for is passed over.
    ///
    /// # Errors
    /// If the file is not in that form.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, LexiconError> {
        serde_json::from_str(&self.text).map_err(|e| LexiconError::Form {
            path: self.path.clone(),
            line: e.line(),
            column: e.column(),
            message: e.to_string(),
        })
    }
}

/// A part of the vocabulary, read when it is first asked for: no command needs all, and reading all takes longer than
/// reading a report of three pages.
#[derive(Clone, Debug)]
pub struct Later<T> {
    file: Arc<File>,
    read: fn(&File) -> Result<T, LexiconError>,
    value: OnceLock<T>,
}

impl<T> Later<T> {
    /// What `read` finds in a file.
    pub(super) fn new(file: &Arc<File>, read: fn(&File) -> Result<T, LexiconError>) -> Self {
        Later { file: Arc::clone(file), read, value: OnceLock::new() }
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
