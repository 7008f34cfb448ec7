//! Names the rules that this build imports by: any change of the source gives another name.

#![expect(clippy::disallowed_methods, reason = "a build reads its own source")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> io::Result<()> {
    let mut files = vec![PathBuf::from("Cargo.toml")];
    // Absent where another package's build brings its own.
    files.extend(Some(PathBuf::from("Cargo.lock")).filter(|lock| lock.exists()));
    below(Path::new("src"), &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        file.to_string_lossy().replace('\\', "/").hash(&mut hasher);
        fs::read(file)?.hash(&mut hasher);
    }
    for watched in ["Cargo.toml", "Cargo.lock", "src"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    println!("cargo:rustc-env=GLEANER_RULES={:016x}", hasher.finish());
    Ok(())
}

/// Adds every file below a folder.
fn below(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
