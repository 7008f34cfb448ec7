//! Many files in one: a ZIP archive.
//!
//! In: the files by path. Out: the archive's bytes, the same on any day: no file in it has a time.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::diagnostic::Problem;
use crate::seeds::Bytes;

/// The file by which a book is known, and what it holds: the first in the archive, as it is.
/// Source: EPUB 3.3, 4.3.3.
const MIMETYPE: (&str, &[u8]) = ("mimetype", b"application/epub+zip");

/// The files as an archive.
///
/// # Errors
/// When a path is too long, or the archive would be larger than the format allows.
pub fn archive(files: &BTreeMap<String, Bytes>) -> Result<Vec<u8>, Problem> {
    packed(None, files)
}

/// The files of a book as one.
///
/// # Errors
/// As [`archive`].
pub fn book_archive(files: &BTreeMap<String, Bytes>) -> Result<Vec<u8>, Problem> {
    packed(Some(MIMETYPE), files)
}

fn packed(first: Option<(&str, &[u8])>, files: &BTreeMap<String, Bytes>) -> Result<Vec<u8>, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::new(format!("the files cannot be packed: {error}"));
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    if let Some((name, content)) = first {
        let (mut entry, config) = archive.new_file(name).start().map_err(|error| failed(&error))?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(content).map_err(|error| failed(&error))?;
        let (_, descriptor) = writer.finish().map_err(|error| failed(&error))?;
        entry.finish(descriptor).map_err(|error| failed(&error))?;
    }
    for (name, content) in files {
        let file = archive.new_file(name.as_str()).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().map_err(|error| failed(&error))?;
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(content).map_err(|error| failed(&error))?;
        let (encoder, descriptor) = writer.finish().map_err(|error| failed(&error))?;
        encoder.finish().map_err(|error| failed(&error))?;
        entry.finish(descriptor).map_err(|error| failed(&error))?;
    }
    archive.finish().map_err(|error| failed(&error))?;
    Ok(bytes)
}
