//! Defines `Manifest`: which form and which analyser an index folder was written with. One that differs must be rebuilt,
//! never searched silently.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{IndexError, analyse};

/// Version of the index's fields and terms. Raise it with every change to `entry` or `local::schema`.
pub const FORMAT: u32 = 3;

/// Name of the file in the index folder.
pub const FILE: &str = "diarium-index.json";

/// What an index folder says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] of the writer.
    pub format: u32,
    /// [`analyse::VERSION`] of the writer.
    pub analyser: String,
}

impl Manifest {
    /// What this program writes.
    pub fn current() -> Self {
        Manifest { format: FORMAT, analyser: analyse::VERSION.to_string() }
    }

    /// Reads the manifest of a folder; none if it has no index yet.
    ///
    /// # Errors
    /// If it is there and cannot be read.
    pub fn read(dir: &Path) -> Result<Option<Self>, IndexError> {
        let path = dir.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|e| IndexError::Other { dir: dir.to_path_buf(), found: format!("a damaged {FILE} ({e})") }),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(IndexError::Io { path, source }),
        }
    }

    /// Refuses an index that another version wrote.
    ///
    /// # Errors
    /// [`IndexError::Other`] with what was found.
    pub fn check(&self, dir: &Path) -> Result<(), IndexError> {
        let current = Self::current();
        if *self == current {
            return Ok(());
        }
        let found = if self.format > current.format {
            format!("a newer index (format {}, this program knows {})", self.format, current.format)
        } else if self.format < current.format {
            format!("an older index (format {}, this program writes {})", self.format, current.format)
        } else {
            format!("an index made with another analyser ({}, this program's is {})", self.analyser, current.analyser)
        };
        Err(IndexError::Other { dir: dir.to_path_buf(), found })
    }

    /// Writes the manifest: whole or not at all.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn write(&self, dir: &Path) -> Result<(), IndexError> {
        let path = dir.join(FILE);
        let part = dir.join("diarium-index.json.part");
        let io = |source| IndexError::Io { path: path.clone(), source };
        let text = serde_json::to_string(self).map_err(|e| io(e.into()))?;
        fs::write(&part, text).map_err(io)?;
        fs::rename(&part, &path).map_err(io)
    }
}
