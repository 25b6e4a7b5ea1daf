//! Reads a file's bytes from disk: within the limits, whole, and only as they stood at one moment.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::{Limits, Problem, pdf};

/// How much of a file is looked at to tell a PDF from text before the rest is read, in bytes.
const HEAD: u64 = 1024;
/// Bytes that a file may take before it is known what it is.
const AT_ONCE: usize = 1 << 20;

/// What the file system says of a file without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// Size in bytes.
    pub bytes: u64,
    /// Time of the last change in nanoseconds since 1970; negative before.
    #[serde(rename = "modified_ns")]
    pub modified: i64,
}

impl Stamp {
    /// The stamp in a file's metadata.
    pub fn of(meta: &Metadata) -> Self {
        let nanos = |t: SystemTime| match t.duration_since(UNIX_EPOCH) {
            Ok(d) => i64::try_from(d.as_nanos()).unwrap_or(i64::MAX),
            Err(e) => i64::try_from(e.duration().as_nanos()).map_or(i64::MIN, |n| -n),
        };
        Stamp { bytes: meta.len(), modified: meta.modified().map_or(0, nanos) }
    }
}

/// The bytes of one file as they stood at one moment.
#[derive(Clone, Debug)]
pub struct Source {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their hash.
    pub hash: blake3::Hash,
    /// Size and time of change, the same before and after reading.
    pub stamp: Stamp,
}

/// Reads a file. One that changes meanwhile is read once more.
///
/// # Errors
/// If it is not there, no file, cannot be read, is over a limit (found without reading it), or changes both times.
pub fn load(path: &Path, limits: &Limits) -> Result<Source, Problem> {
    load_with(path, limits, &mut |_| {})
}

/// As [`load`]; `between` is called after the bytes are read and before they are checked, which lets tests change the file.
pub(crate) fn load_with(path: &Path, limits: &Limits, between: &mut dyn FnMut(u32)) -> Result<Source, Problem> {
    for attempt in 0..2 {
        let (bytes, before) = read_once(path, limits)?;
        between(attempt);
        let after = fs::metadata(path).map_err(|e| problem_of(path, &e))?;
        if before == Stamp::of(&after) && before.bytes == bytes.len() as u64 {
            return Ok(Source { hash: blake3::hash(&bytes), bytes, stamp: before });
        }
    }
    Err(Problem::ChangedWhileRead)
}

fn read_once(path: &Path, limits: &Limits) -> Result<(Vec<u8>, Stamp), Problem> {
    // Looked at before it is opened: opening a pipe would wait for its other end.
    let meta = fs::metadata(path).map_err(|e| problem_of(path, &e))?;
    if !meta.is_file() {
        return Err(Problem::NotAFile { found: name_of(meta.file_type()) });
    }
    let mut file = File::open(path).map_err(|e| problem_of(path, &e))?;
    let stamp = Stamp::of(&file.metadata().map_err(|e| problem_of(path, &e))?);
    if stamp.bytes > limits.file_bytes {
        return Err(over("limit_file_bytes", limits.file_bytes, stamp.bytes, "a file"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(stamp.bytes + 1).unwrap_or(0).min(AT_ONCE));
    file.by_ref().take(HEAD).read_to_end(&mut bytes).map_err(|e| problem_of(path, &e))?;
    if stamp.bytes > limits.text_bytes && !pdf::looks_like_pdf(&bytes) {
        return Err(over("limit_text_bytes", limits.text_bytes, stamp.bytes, "a text file"));
    }
    // One byte more than there should be shows a file that grows; a file that grows for ever is not followed.
    let rest = (stamp.bytes + 1).saturating_sub(bytes.len() as u64);
    bytes.reserve_exact(usize::try_from(rest).unwrap_or(0));
    file.take(rest).read_to_end(&mut bytes).map_err(|e| problem_of(path, &e))?;
    Ok((bytes, stamp))
}

fn over(code: &'static str, limit: u64, found: u64, what: &str) -> Problem {
    Problem::OverLimit {
        code,
        limit: format!("{} MB for {what}", limit >> 20),
        found: format!("{} MB", found.div_ceil(1 << 20)),
    }
}

/// What a failed look at a path means.
pub fn problem_of(path: &Path, error: &io::Error) -> Problem {
    let link = fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_symlink());
    match error.kind() {
        io::ErrorKind::NotFound if link => Problem::BrokenLink {
            target: fs::read_link(path).map(|t| t.display().to_string()).unwrap_or_else(|_| "nowhere".into()),
        },
        io::ErrorKind::NotFound => Problem::Missing,
        // Linux and macOS say "too many levels of symbolic links" here; the standard library has no stable name for it.
        _ if link && fs::metadata(path).is_err() && error.kind() != io::ErrorKind::PermissionDenied => {
            Problem::LinkLoop { back: String::new() }
        }
        _ => Problem::Unreadable { detail: error.to_string() },
    }
}

#[cfg(unix)]
fn name_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn name_of(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "a device" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn temp_file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::Builder::new().suffix(".txt").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn a_file_that_keeps_changing_is_not_read_half() {
        let file = temp_file("ett");
        let mut grow = |n| std::fs::write(file.path(), "x".repeat(10 + n as usize)).unwrap();
        assert_eq!(load_with(file.path(), &Limits::default(), &mut grow).unwrap_err(), Problem::ChangedWhileRead);
    }

    #[test]
    fn a_file_that_changes_once_is_read_as_it_is_now() {
        let file = temp_file("ett");
        let mut once = |n| {
            if n == 0 {
                std::fs::write(file.path(), "två kapitel").unwrap();
            }
        };
        let source = load_with(file.path(), &Limits::default(), &mut once).unwrap();
        assert_eq!(source.bytes, "två kapitel".as_bytes());
        assert_eq!(source.stamp.bytes, source.bytes.len() as u64);
    }

    #[test]
    fn a_huge_text_is_refused_unread() {
        let file = temp_file("hej");
        file.as_file().set_len(500 << 20).unwrap();
        let problem = load(file.path(), &Limits::default()).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "goes over the limit of 64 MB for a text file: 500 MB; split it into smaller files"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_to_nothing_and_to_themselves_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let link = |name: &str, to: &str| {
            let path = dir.path().join(name);
            std::os::unix::fs::symlink(to, &path).unwrap();
            load(&path, &Limits::default()).unwrap_err().code()
        };
        assert_eq!(link("broken", "not-there"), "broken_link");
        assert_eq!(link("self", "self"), "link_loop");
        assert_eq!(link("device", "/dev/null"), "not_a_file");
        assert_eq!(load(&dir.path().join("none"), &Limits::default()).unwrap_err().code(), "missing");
    }
}
