//! Where an export is put: written beside its place under another name, and moved there when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::ExportError;
use super::error::At as _;

const ADVICE: &str = "name another path, or say --overwrite";

/// A file or folder that is being written.
#[derive(Debug)]
pub struct Target {
    place: PathBuf,
    temporary: PathBuf,
    finished: bool,
}

impl Target {
    /// Makes ready to write a file at this path.
    ///
    /// # Errors
    /// If something is there that may not be replaced, or the folder cannot be written to.
    pub fn file(place: &Path, overwrite: bool) -> Result<Target, ExportError> {
        if place.is_dir() {
            return Err(ExportError::There { path: place.to_path_buf(), advice: "as a folder; -o takes a file here" });
        }
        Target::new(place, overwrite)
    }

    /// Makes ready to write a folder at this path.
    ///
    /// # Errors
    /// If something is there that may not be replaced, or the folder cannot be made.
    pub fn folder(place: &Path, overwrite: bool) -> Result<Target, ExportError> {
        if place.is_file() {
            return Err(ExportError::There { path: place.to_path_buf(), advice: "as a file; -o takes a folder here" });
        }
        // Nothing but an export is ever removed: an earlier one says so itself.
        let is_empty = fs::read_dir(place).map_or(true, |mut list| list.next().is_none());
        if place.is_dir() && !is_empty && !place.join(MARK).is_file() {
            return Err(ExportError::There {
                path: place.to_path_buf(),
                advice: "and no earlier export; -o takes a folder that is new or empty",
            });
        }
        let target = Target::new(place, overwrite || is_empty)?;
        fs::create_dir(&target.temporary).at(place)?;
        fs::write(target.temporary.join(MARK), MARK_TEXT).at(place)?;
        Ok(target)
    }

    fn new(place: &Path, overwrite: bool) -> Result<Target, ExportError> {
        if place.exists() && !overwrite {
            return Err(ExportError::There { path: place.to_path_buf(), advice: ADVICE });
        }
        let Some(name) = place.file_name() else {
            return Err(ExportError::write(place, "it has no name"));
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let temporary = place.with_file_name(hidden);
        remove(&temporary).at(place)?;
        Ok(Target { place: place.to_path_buf(), temporary, finished: false })
    }

    /// Where to write meanwhile.
    pub fn path(&self) -> &Path {
        &self.temporary
    }

    /// Where it will be.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// A new file of this target: the target itself, or one in its folder.
    pub(crate) fn create(&self, name: Option<&str>) -> Result<BufWriter<File>, ExportError> {
        let path = name.map_or_else(|| self.temporary.clone(), |n| self.temporary.join(n));
        let shown = name.map_or_else(|| self.place.clone(), |n| self.place.join(n));
        Ok(BufWriter::with_capacity(1 << 16, File::create(path).at(&shown)?))
    }

    /// A folder to work in that becomes no output of its own; it is gone when it is dropped.
    pub(super) fn workshop(&self) -> Result<Target, ExportError> {
        let mut name = self.temporary.file_name().unwrap_or_default().to_os_string();
        name.push(".work");
        let temporary = self.temporary.with_file_name(name);
        remove(&temporary).at(&self.place)?;
        fs::create_dir(&temporary).at(&self.place)?;
        Ok(Target { place: self.place.clone(), temporary, finished: false })
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// If it cannot be moved there.
    pub fn finish(mut self) -> Result<(), ExportError> {
        // A file is replaced in one step. A folder is not: the earlier one is moved aside, and back if the new one cannot take its place.
        let aside = self.place.is_dir().then(|| self.temporary.with_extension("old"));
        if let Some(aside) = &aside {
            remove(aside).at(&self.place)?;
            fs::rename(&self.place, aside).at(&self.place)?;
        }
        let moved = fs::rename(&self.temporary, &self.place);
        if let (Err(_), Some(aside)) = (&moved, &aside) {
            fs::rename(aside, &self.place).at(&self.place)?;
        }
        moved.at(&self.place)?;
        self.finished = true;
        if let Some(aside) = aside {
            // The new export is whole and in its place; what is left of the earlier one is in nobody's way.
            let _ = remove(&aside);
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.finished {
            // What is left of a failed run is in nobody's way; there is nobody to tell.
            let _ = remove(&self.temporary);
        }
    }
}

/// Name and text of the file that marks a folder as an export.
pub(super) const MARK: &str = ".diarium-export";
const MARK_TEXT: &str = "This folder was written by `diarium dump`; --overwrite replaces it whole.\n";

fn remove(path: &Path) -> io::Result<()> {
    let gone = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match gone {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}
