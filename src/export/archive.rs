//! Packs folders as zip files whose bytes depend on their contents alone.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::ExportError;
use super::error::At as _;
use super::target::{MARK, Target};

/// Settings of every entry: the time of making would make every archive another.
pub(super) fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
        .large_file(true)
}

/// Packs what lies in a folder, in order of names, into the file of a target.
pub(super) fn pack(folder: &Path, target: Target) -> Result<(), ExportError> {
    let file = File::create(target.path()).at(target.place())?;
    let mut zip = ZipWriter::new(io::BufWriter::new(file));
    add(folder, "", &mut zip).at(target.place())?;
    let mut file = zip.finish().at(target.place())?;
    file.flush().at(target.place())?;
    target.finish()
}

fn add<W: Write + Seek>(folder: &Path, below: &str, zip: &mut ZipWriter<W>) -> io::Result<()> {
    let mut names: Vec<_> = fs::read_dir(folder)?.map(|e| e.map(|e| e.file_name())).collect::<Result<_, _>>()?;
    names.sort();
    for name in names {
        let path = folder.join(&name);
        let inside = format!("{below}{}", name.to_string_lossy());
        if path.is_dir() {
            add(&path, &format!("{inside}/"), zip)?;
        } else if inside != MARK {
            zip.start_file(inside, options())?;
            io::copy(&mut File::open(path)?, zip)?;
        }
    }
    Ok(())
}
