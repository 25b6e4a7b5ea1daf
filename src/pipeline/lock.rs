//! Lets one process at a time write into an index folder, and says who it is to the others.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Name of the lock file in the index folder. The system frees the lock when its holder ends, however it ends.
const FILE_NAME: &str = "writer.lock";

/// The right to write; given back when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the right to write was not given.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else has it.
    #[error("{}: another run is writing to this index ({holder}); wait for it to end, or use another --index", dir.display())]
    Held {
        /// The index folder.
        dir: PathBuf,
        /// Who, since when.
        holder: String,
    },
    /// The file system refused.
    #[error("{}: cannot be written ({source}); check its permissions and the disk, or use another --index", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Lock {
    /// Takes the right to write into a folder, making the folder if there is none.
    ///
    /// # Errors
    /// If somebody else has it, or the folder cannot be written.
    pub fn take(dir: &Path) -> Result<Lock, LockError> {
        let path = dir.join(FILE_NAME);
        let failed = |source| LockError::Io { path: path.clone(), source };
        std::fs::create_dir_all(dir).map_err(|source| LockError::Io { path: dir.to_path_buf(), source })?;
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The name of the holder is a courtesy: without it the message is still right.
                let _ = file.take(200).read_to_string(&mut holder);
                let holder =
                    Some(holder.trim().to_string()).filter(|h| !h.is_empty()).unwrap_or_else(|| "unknown".into());
                return Err(LockError::Held { dir: dir.to_path_buf(), holder });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let since = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
        let wrote = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "process {}, since {since}", std::process::id()));
        // A full disk must not keep anybody from a run that may well free space: the lock itself holds without its text.
        drop(wrote);
        Ok(Lock { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_the_other_is_told_who() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path()).unwrap();
        let message = Lock::take(dir.path()).unwrap_err().to_string();
        assert!(message.contains(&format!("process {}, since 20", std::process::id())), "{message}");
        drop(first);
        Lock::take(dir.path()).unwrap();
    }
}
