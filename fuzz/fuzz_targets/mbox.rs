//! Any file as a source of mail: plain, packed, in an archive, or packed in an archive. The first byte chooses.
#![no_main]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use wire::mail::{Item, Kind, Source, sources};

/// A folder of this process alone, in memory where the machine has such a place.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let shared = Path::new("/dev/shm");
    let base = if shared.is_dir() { shared.to_path_buf() } else { std::env::temp_dir() };
    let folder = base.join(format!("regard-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    folder
});

fuzz_target!(|input: &[u8]| {
    let Some((choice, content)) = input.split_first() else { return };
    let name = ["mail", "mail.mbox", "mail.eml", "mail.tar"][usize::from(choice % 4)];
    let content = dressed(choice / 4 % 6, name, content);
    let path = FOLDER.join(name);
    fs::write(&path, &content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let listing = sources(std::slice::from_ref(&path));
    for fault in &listing.faults {
        assert!(!fault.to_string().is_empty());
    }
    for source in &listing.sources {
        read(source, &content);
    }
});

/// The content as it is, packed, or as members of an archive.
fn dressed(how: u8, name: &str, content: &[u8]) -> Vec<u8> {
    match how {
        0 => content.to_vec(),
        1 => gzip(content),
        2 => zstd::encode_all(content, 1).unwrap_or_default(),
        3 => archive(&[(name, content)]),
        4 => gzip(&archive(&[("amy/cur/1:2,S", content), ("../up", content), ("amy/Sent", content)])),
        _ => archive(&[("inner.gz", &gzip(content)), ("inner.tar", &archive(&[(name, content)]))]),
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(content).and_then(|()| packed.finish()).unwrap_or_default()
}

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        // Written by hand, since the library refuses a name that leads outside.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, *content).unwrap_or_else(|error| panic!("{error}"));
    }
    archive.into_inner().unwrap_or_default()
}

fn read(source: &Source, content: &[u8]) {
    let mut items: Vec<Item> = Vec::new();
    let mut faults = 0;
    for step in source.open() {
        match step {
            Ok(item) => {
                assert!(!item.raw.is_empty());
                assert_eq!(item.position.index, items.len() as u64);
                items.push(item);
            }
            Err(fault) => {
                assert!(!fault.to_string().is_empty());
                faults += 1;
            }
        }
    }
    assert!(faults <= content.len() + 1);
    if source.kind == Kind::Mbox && !content.starts_with(&[0x1f, 0x8b]) && !content.starts_with(&[0x28, 0xb5])
    {
        let bytes: usize = items.iter().map(|item| item.raw.len()).sum();
        assert!(bytes <= content.len(), "more came out than went in");
    }
    // Reading on from the middle gives what reading from the beginning gave.
    if let Some(middle) = items.get(items.len() / 2) {
        let rest: Vec<Item> = source.open_at(&middle.position).filter_map(Result::ok).collect();
        assert_eq!(rest, items[items.len() / 2..], "read on from {:?}", middle.position);
    }
}
