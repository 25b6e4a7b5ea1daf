//! Finds the files that PATHs offer, in order, each once, with what cannot be entered as a problem of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use crate::catalog::place_name;
use crate::ingest::Problem;
use crate::ingest::source::problem_of;

/// Endings of the names that are read in folders, in lower case. A file named on its own is read whatever its name.
const ENDINGS: [&str; 2] = ["pdf", "txt"];

/// One PATH that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// As an argument: a file goes by its name.
    Path(PathBuf),
    /// From a list: a relative path is relative to the current folder.
    Listed(PathBuf),
}

/// One file that was found, or a place where no file could be.
#[derive(Clone, Debug)]
pub struct Found {
    /// The folder its path is relative to, absolute.
    pub root: Arc<str>,
    /// Absolute path, to open it.
    pub file: PathBuf,
    /// What keeps it from being read, if that is known already.
    pub problem: Option<Problem>,
}

impl Found {
    /// Absolute path as the catalog writes it.
    pub fn place(&self) -> String {
        place_name(&self.file)
    }

    /// Path relative to the root; the name of the root itself for that.
    pub fn path(&self) -> String {
        relative(&self.root, &self.place())
    }
}

/// `place` relative to `root`; its last part if it is not below.
pub fn relative(root: &str, place: &str) -> String {
    match place.strip_prefix(root).map(|p| p.trim_start_matches('/')) {
        Some(path) if !path.is_empty() => path.to_string(),
        _ => place.rsplit('/').find(|p| !p.is_empty()).unwrap_or("/").to_string(),
    }
}

/// True if `place` is `root` or lies below it.
pub fn is_below(place: &str, root: &str) -> bool {
    place.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || root.ends_with('/'))
}

/// What was found, and where was looked.
#[derive(Debug, Default)]
pub struct Walk {
    /// The files, ordered by place.
    pub found: Vec<Found>,
    /// Folders that were offered.
    pub folders: Vec<String>,
    /// Folders that could not be entered: nothing is known of what is in them.
    pub closed: Vec<String>,
}

/// Looks through everything offered.
pub fn walk(offers: &[Offer]) -> Walk {
    let mut walk = Walk::default();
    let mut found: BTreeMap<PathBuf, Found> = BTreeMap::new();
    let mut entered = BTreeSet::new();
    // Wider folders first: what lies in them belongs to them, in whatever order it was offered.
    let mut places: Vec<(PathBuf, bool)> = offers
        .iter()
        .map(|offer| match offer {
            Offer::Path(path) => (absolute(path), false),
            Offer::Listed(path) => (absolute(path), path.is_relative()),
        })
        .collect();
    places.sort_by_key(|(place, _)| place.components().count());
    for (place, from_here) in places {
        if place.is_dir() {
            let root: Arc<str> = place_name(&place).into();
            walk.folders.push(root.to_string());
            look_through(&place, &root, &mut entered, &mut |f| keep(&mut found, f), &mut walk.closed);
        } else {
            let parent = place.parent().unwrap_or(&place).to_path_buf();
            let root = place_name(&if from_here { absolute(Path::new("")) } else { parent }).into();
            let problem = fs::metadata(&place).err().map(|e| problem_of(&place, &e));
            keep(&mut found, Found { root, file: place, problem });
        }
    }
    walk.found = found.into_values().collect();
    walk
}

/// Keeps a file once, under the widest folder it was offered in.
fn keep(found: &mut BTreeMap<PathBuf, Found>, new: Found) {
    match found.get_mut(&new.file) {
        Some(old) if new.root.len() < old.root.len() => *old = new,
        Some(_) => {}
        None => {
            found.insert(new.file.clone(), new);
        }
    }
}

fn look_through(
    folder: &Path,
    root: &Arc<str>,
    entered: &mut BTreeSet<PathBuf>,
    keep: &mut dyn FnMut(Found),
    closed: &mut Vec<String>,
) {
    let inside = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let mut linked = BTreeSet::new();
    let mut walker = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = walker.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                let file = e.path().unwrap_or(folder).to_path_buf();
                let problem = match (e.loop_ancestor(), e.io_error()) {
                    (Some(above), _) => Problem::LinkLoop { back: format!(" to {}", above.display()) },
                    (None, Some(io)) => problem_of(&file, io),
                    (None, None) => Problem::Unreadable { detail: e.to_string() },
                };
                // A link with a name that would not be read is nobody's business, unless it leads to a folder.
                let link = matches!(problem, Problem::BrokenLink { .. });
                if link && !has_ending(&file) {
                    continue;
                }
                if matches!(problem, Problem::Unreadable { .. }) {
                    closed.push(place_name(&file));
                }
                keep(Found { root: root.clone(), file, problem: Some(problem) });
                continue;
            }
        };
        if entry.file_type().is_dir() {
            // A link to a folder that is looked through anyway, or was already, would only show its files again;
            // links among folders could do so without end.
            let again = entry.path_is_symlink()
                && fs::canonicalize(entry.path()).is_ok_and(|to| to.starts_with(&inside) || !linked.insert(to));
            if again || !entered.insert(entry.path().to_path_buf()) {
                walker.skip_current_dir();
            }
        } else if has_ending(entry.path()) {
            keep(Found { root: root.clone(), file: entry.into_path(), problem: None });
        }
    }
}

fn has_ending(path: &Path) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| ENDINGS.contains(&e.to_ascii_lowercase().as_str()))
}

/// The absolute path, without `.` and `..`, links kept.
fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut out = PathBuf::new();
    for part in full.components() {
        match part {
            std::path::Component::ParentDir => {
                out.pop();
            }
            std::path::Component::CurDir => {}
            _ => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(walk: &Walk) -> Vec<(String, Option<&'static str>)> {
        walk.found.iter().map(|f| (f.path(), f.problem.as_ref().map(Problem::code))).collect()
    }

    fn file(dir: &Path, name: &str) {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, name).unwrap();
    }

    #[test]
    fn folders_give_what_can_be_read_in_order_and_named_files_always() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.TXT", "a/z.pdf", "a/å.txt", "c.docx", "README.md"] {
            file(dir.path(), name);
        }
        let all = walk(&[Offer::Path(dir.path().to_path_buf())]);
        assert_eq!(paths(&all), [("a/z.pdf".into(), None), ("a/å.txt".into(), None), ("b.TXT".into(), None)]);
        let named = walk(&[Offer::Path(dir.path().join("c.docx")), Offer::Path(dir.path().join("none.txt"))]);
        assert_eq!(paths(&named), [("c.docx".into(), None), ("none.txt".into(), Some("missing"))]);
    }

    #[test]
    fn a_file_offered_twice_is_found_once_under_the_widest_folder() {
        let dir = tempfile::tempdir().unwrap();
        file(dir.path(), "a/b/c.txt");
        let offers =
            [dir.path().join("a/b/c.txt"), dir.path().join("a/b"), dir.path().to_path_buf(), dir.path().join("a/../a")];
        let offers = offers.map(Offer::Path);
        let mut backwards = offers.clone();
        backwards.reverse();
        assert_eq!(paths(&walk(&offers)), [("a/b/c.txt".to_string(), None)]);
        assert_eq!(paths(&walk(&backwards)), [("a/b/c.txt".to_string(), None)]);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_nowhere_or_in_a_circle_are_told() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        file(dir.path(), "a/x.txt");
        symlink("gone.txt", dir.path().join("a/broken.txt")).unwrap();
        symlink("..", dir.path().join("a/circle")).unwrap();
        symlink("self.txt", dir.path().join("a/self.txt")).unwrap();
        symlink("a", dir.path().join("again")).unwrap();
        let walk = walk(&[Offer::Path(dir.path().to_path_buf())]);
        let expected = [
            ("a/broken.txt", Some("broken_link")),
            ("a/circle", Some("link_loop")),
            ("a/self.txt", Some("link_loop")),
            ("a/x.txt", None),
        ];
        assert_eq!(paths(&walk), expected.map(|(p, c)| (p.to_string(), c)));
    }

    #[test]
    fn places_are_below_whole_names_only() {
        assert!(is_below("/a/b/c", "/a/b") && is_below("/a", "/") && is_below("/a", "/a"));
        assert!(!is_below("/a/bc", "/a/b"));
        assert_eq!(relative("/a", "/a/b/c"), "b/c");
        assert_eq!(relative("/a", "/a"), "a");
    }
}
