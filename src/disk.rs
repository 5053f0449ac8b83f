//! How much room the disk has left, and files that only whoever runs the program may read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// With less than this, whatever was being written may not have fitted.
const NEXT_TO_NOTHING: u64 = 16 << 20;

/// Nothing is written in larger pieces than this.
const ONE_WRITE: u64 = 1 << 20;

/// Makes a folder that nobody else may look into, and those above it; one that is there stays as it is.
pub fn private_folder(path: &Path) -> io::Result<()> {
    let mut maker = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.recursive(true).create(path)
}

/// Makes a file that nobody else may read, or empties it.
pub fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create(true).truncate(true).open(path)
}

/// The free bytes of the disk that a folder or file lies on, where the system tells.
#[cfg(unix)]
pub fn free_space(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(path).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// The free bytes of the disk that a folder or file lies on, where the system tells.
#[cfg(not(unix))]
pub fn free_space(_: &Path) -> Option<u64> {
    None
}

/// Whether nothing more can be written to a file: its disk is full, or files may not grow so large.
pub fn is_full(file: &Path) -> bool {
    free_space(file).is_some_and(|free| free < NEXT_TO_NOTHING) || is_as_large_as_allowed(file)
}

#[cfg(unix)]
fn is_as_large_as_allowed(file: &Path) -> bool {
    let most = rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
    // The file that could not grow may be one that the database keeps beside it, so any of them counts.
    let Some(most) = most else { return false };
    let Some(name) = file.file_name().map(|name| name.to_string_lossy().into_owned()) else { return false };
    let folder = file.parent().into_iter().flat_map(std::fs::read_dir).flatten().flatten();
    folder
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&name))
        .filter_map(|entry| entry.metadata().ok())
        .any(|entry| most <= entry.len().saturating_add(ONE_WRITE))
}

#[cfg(not(unix))]
fn is_as_large_as_allowed(_: &Path) -> bool {
    false
}
