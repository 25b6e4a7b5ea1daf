//! Sorts more than memory is to hold: what is put in goes to a temporary file in sorted runs, which are merged when they are read.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that are held before they go to the file as one run. Tests are of few documents, and are to have files all the same.
const RUN: usize = if cfg!(test) { 4 << 10 } else { 4 << 20 };

/// Bytes of a block before it is packed: so much is held of each run while runs are merged.
const BLOCK: usize = 32 << 10;

/// A folder of temporary files, gone when nobody holds it any longer. Where the system lets them, the files in it are without a name as
/// soon as they are open, so that nothing is left of a process that is killed but the empty folder.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A new folder in this one.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(super) fn in_folder(folder: &Path) -> io::Result<Arc<Self>> {
        let mut n = 0_u32;
        loop {
            let path = folder.join(format!("diarium-{}-{n}", std::process::id()));
            match fs::create_dir(&path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => n += 1,
                made => return made.map(|()| Arc::new(Scratch(path))),
            }
        }
    }

    fn file(&self) -> io::Result<File> {
        let mut n = 0_u32;
        loop {
            let path = self.0.join(n.to_string());
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => n += 1,
                Ok(file) => {
                    // Where an open file cannot be removed, it goes with the folder.
                    let _ = fs::remove_file(&path);
                    return Ok(file);
                }
                Err(e) => return Err(e),
            }
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way; there is nobody to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where runs lie: in a file, or in memory if one is all there is.
trait Store: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> Store for T {}

/// What is put in under keys, to be read in their order; of equal keys in that of putting in.
pub(super) struct Spill<K> {
    scratch: Arc<Scratch>,
    held: Vec<(K, Vec<u8>)>,
    bytes: usize,
    store: Option<Box<dyn Store>>,
    runs: Vec<Run>,
}

/// The place of a run.
#[derive(Clone, Copy)]
struct Run {
    from: u64,
    to: u64,
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a temporary file is not as it was written")
}

/// A value as it is kept.
///
/// # Errors
/// If it cannot be written so.
pub(super) fn to_bytes<V: Serialize + ?Sized>(value: &V) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(io::Error::other)
}

/// A value of how it is kept.
///
/// # Errors
/// If it is not such a value.
pub(super) fn from_bytes<V: DeserializeOwned>(bytes: &[u8]) -> io::Result<V> {
    postcard::from_bytes(bytes).map_err(io::Error::other)
}

impl<K: Ord + Serialize + DeserializeOwned> Spill<K> {
    /// With nothing in it.
    pub(super) fn new(scratch: &Arc<Scratch>) -> Self {
        Spill { scratch: Arc::clone(scratch), held: Vec::new(), bytes: 0, store: None, runs: Vec::new() }
    }

    /// Puts a value in.
    ///
    /// # Errors
    /// If the temporary file cannot be written.
    pub(super) fn put(&mut self, key: K, value: Vec<u8>) -> io::Result<()> {
        self.bytes += value.len() + size_of::<(K, Vec<u8>)>() + 48;
        self.held.push((key, value));
        if self.bytes >= RUN {
            if self.store.is_none() {
                self.store = Some(Box::new(self.scratch.file()?));
            }
            self.write_run()?;
        }
        Ok(())
    }

    /// Writes what is held as a run.
    fn write_run(&mut self) -> io::Result<()> {
        self.held.sort_by(|a, b| a.0.cmp(&b.0));
        let store = self.store.get_or_insert_with(|| Box::new(Cursor::new(Vec::new())));
        let from = store.seek(SeekFrom::End(0))?;
        let mut block = Vec::with_capacity(BLOCK);
        let mut write = |block: &mut Vec<u8>| -> io::Result<()> {
            let packed = zstd::bulk::compress(block, 1)?;
            store.write_all(&size(packed.len())?)?;
            store.write_all(&size(block.len())?)?;
            store.write_all(&packed)?;
            block.clear();
            Ok(())
        };
        for (key, value) in self.held.drain(..) {
            let key = to_bytes(&key)?;
            block.extend(size(key.len())?);
            block.extend(size(value.len())?);
            block.extend(key);
            block.extend(value);
            if block.len() >= BLOCK {
                write(&mut block)?;
            }
        }
        if !block.is_empty() {
            write(&mut block)?;
        }
        let to = store.stream_position()?;
        self.runs.push(Run { from, to });
        self.bytes = 0;
        Ok(())
    }

    /// All that was put in, in order. It can be read again.
    ///
    /// # Errors
    /// If the temporary file cannot be written or read.
    pub(super) fn sorted(&mut self) -> io::Result<Sorted<'_, K>> {
        if !self.held.is_empty() {
            self.write_run()?;
        }
        let store = self.store.get_or_insert_with(|| Box::new(Cursor::new(Vec::new())));
        let open = |run: &Run| Reading { next: run.from, to: run.to, block: Vec::new(), at: 0 };
        let mut sorted =
            Sorted { store, runs: self.runs.iter().map(open).collect(), heads: BinaryHeap::new(), failed: None };
        for run in 0..sorted.runs.len() {
            sorted.advance(run)?;
        }
        Ok(sorted)
    }
}

fn size(n: usize) -> io::Result<[u8; 4]> {
    u32::try_from(n).map(u32::to_le_bytes).map_err(|_| io::Error::other("one value has more than four gigabytes"))
}

/// A run that is being read.
struct Reading {
    next: u64,
    to: u64,
    block: Vec<u8>,
    at: usize,
}

impl Reading {
    fn number(&mut self) -> io::Result<usize> {
        let bytes = self.take(4)?;
        Ok(bytes.try_into().map(u32::from_le_bytes).map_err(|_| broken())? as usize)
    }

    fn take(&mut self, n: usize) -> io::Result<&[u8]> {
        let from = self.at;
        self.at = from.checked_add(n).ok_or_else(broken)?;
        self.block.get(from..self.at).ok_or_else(broken)
    }

    /// The next value; none at the end of the run.
    fn next(&mut self, store: &mut dyn Store) -> io::Result<Option<(Vec<u8>, Vec<u8>)>> {
        if self.at >= self.block.len() {
            if self.next >= self.to {
                return Ok(None);
            }
            store.seek(SeekFrom::Start(self.next))?;
            let mut lengths = [0; 8];
            store.read_exact(&mut lengths)?;
            let [a, b, c, d, e, f, g, h] = lengths;
            let (packed, whole) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
            let mut bytes = vec![0; packed as usize];
            store.read_exact(&mut bytes)?;
            self.block = zstd::bulk::decompress(&bytes, whole as usize)?;
            self.at = 0;
            self.next += 8 + u64::from(packed);
        }
        let (key, value) = (self.number()?, self.number()?);
        let key = self.take(key)?.to_vec();
        Ok(Some((key, self.take(value)?.to_vec())))
    }
}

/// The first of a run that was not read yet.
struct Head<K> {
    key: K,
    run: usize,
    value: Vec<u8>,
}

impl<K: Ord> Ord for Head<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then(self.run.cmp(&other.run))
    }
}

impl<K: Ord> PartialOrd for Head<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord> PartialEq for Head<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<K: Ord> Eq for Head<K> {}

/// What was put in, in order.
pub(super) struct Sorted<'s, K> {
    store: &'s mut Box<dyn Store>,
    runs: Vec<Reading>,
    heads: BinaryHeap<Reverse<Head<K>>>,
    failed: Option<io::Error>,
}

impl<'s, K: Ord + DeserializeOwned> Sorted<'s, K> {
    fn advance(&mut self, run: usize) -> io::Result<()> {
        let Some(reading) = self.runs.get_mut(run) else { return Ok(()) };
        if let Some((key, value)) = reading.next(self.store.as_mut())? {
            self.heads.push(Reverse(Head { key: from_bytes(&key)?, run, value }));
        }
        Ok(())
    }

    /// Those that have a part of their key in common, together.
    pub(super) fn groups<G: PartialEq>(self, of: impl Fn(&K) -> G) -> impl Iterator<Item = io::Result<Group<K, G>>> {
        let mut all = self.peekable();
        std::iter::from_fn(move || {
            let (key, value) = match all.next()? {
                Ok(first) => first,
                Err(e) => return Some(Err(e)),
            };
            let common = of(&key);
            let mut members = vec![(key, value)];
            while let Some(next) = all.next_if(|n| n.as_ref().map_or(true, |(key, _)| of(key) == common)) {
                match next {
                    Ok(member) => members.push(member),
                    Err(e) => return Some(Err(e)),
                }
            }
            Some(Ok((common, members)))
        })
    }
}

/// What has a part of its key in common.
pub(super) type Group<K, G> = (G, Vec<(K, Vec<u8>)>);

impl<K: Ord + DeserializeOwned> Iterator for Sorted<'_, K> {
    type Item = io::Result<(K, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(e) = self.failed.take() {
            return Some(Err(e));
        }
        let Reverse(Head { key, run, value }) = self.heads.pop()?;
        if let Err(e) = self.advance(run) {
            self.heads.clear();
            self.failed = Some(e);
        }
        Some(Ok((key, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out_in_order_from_memory_and_from_files() {
        for (count, size) in [(0_u32, 0), (20, 3), (9000, 150)] {
            let folder = tempfile::tempdir().unwrap();
            let scratch = Scratch::in_folder(folder.path()).unwrap();
            let mut spill: Spill<(u32, u32)> = Spill::new(&scratch);
            for i in 0..count {
                spill.put((i.wrapping_mul(2_654_435_761) % 97, i), vec![i as u8; size]).unwrap();
            }
            for _ in 0..2 {
                let all: Vec<((u32, u32), Vec<u8>)> = spill.sorted().unwrap().map(Result::unwrap).collect();
                assert_eq!(all.len(), count as usize);
                assert!(all.is_sorted_by(|a, b| a.0 < b.0));
                assert!(all.iter().all(|(key, value)| *value == vec![key.1 as u8; size]));
                let groups: Vec<_> = spill.sorted().unwrap().groups(|k| k.0).map(Result::unwrap).collect();
                assert_eq!(groups.iter().map(|(_, members)| members.len()).sum::<usize>(), count as usize);
                assert!(groups.is_sorted_by(|a, b| a.0 < b.0));
            }
            assert_eq!(spill.runs.len() > 1, count == 9000);
            drop((spill, scratch));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}
