//! Every crate that is linked has a licence that we may ship, every crate that we name says why it is here, and
//! nothing is linked twice that must be there once.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Licences under which a crate may be linked.
const ALLOWED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

/// Crates with known flaws that must not come back, with the version that mends them: what an advisory list would
/// say, kept by hand because the tests run without one.
const MENDED: [(&str, u64, u64, u64); 4] =
    [("time", 0, 3, 47), ("rustls-webpki", 0, 103, 3), ("ring", 0, 17, 12), ("tokio", 1, 43, 1)];

fn metadata() -> Value {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("cargo prints JSON")
}

fn packages(metadata: &Value) -> &Vec<Value> {
    metadata["packages"].as_array().expect("a list of packages")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn every_licence_is_one_we_may_ship() {
    let metadata = metadata();
    let refused: Vec<String> = packages(&metadata)
        .iter()
        .filter(|package| !may_ship(text(package, "license")))
        .map(|package| {
            format!("{} {}: {}", text(package, "name"), text(package, "version"), package["license"])
        })
        .collect();
    assert!(refused.is_empty(), "licences not on the list: {refused:#?}");
}

fn may_ship(expression: &str) -> bool {
    // Older manifests write "MIT/Apache-2.0" for "MIT OR Apache-2.0".
    let expression = expression.replace('/', " OR ");
    spdx::Expression::parse(&expression).is_ok_and(|parsed| {
        parsed.evaluate(|requirement| ALLOWED.contains(&requirement.to_string().as_str()))
    })
}

#[test]
fn every_named_crate_says_why_it_is_here() {
    let metadata = metadata();
    let why = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/dependencies.md")).unwrap();
    let own: BTreeSet<&str> =
        packages(&metadata).iter().filter(|p| p["source"].is_null()).map(|p| text(p, "name")).collect();
    let named: BTreeSet<&str> = packages(&metadata)
        .iter()
        .filter(|p| p["source"].is_null())
        .flat_map(|p| p["dependencies"].as_array().expect("a list"))
        .map(|dependency| text(dependency, "name"))
        .filter(|name| !own.contains(name))
        .collect();
    let silent: Vec<_> = named.iter().filter(|name| !why.contains(&format!("| {name} |"))).collect();
    assert!(silent.is_empty(), "docs/dependencies.md does not say why these are here: {silent:?}");
    let gone: Vec<_> = why
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .filter(|name| *name != "crate" && !name.starts_with('-') && !named.contains(name))
        .collect();
    assert!(gone.is_empty(), "docs/dependencies.md names crates that are gone: {gone:?}");
}

#[test]
fn crates_with_known_flaws_are_mended() {
    let metadata = metadata();
    for package in packages(&metadata) {
        let Some(mended) = MENDED.iter().find(|(name, ..)| *name == text(package, "name")) else { continue };
        let version: Vec<u64> =
            text(package, "version").split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect();
        assert!([mended.1, mended.2, mended.3].as_slice() <= version.as_slice(), "{} {version:?}", mended.0);
    }
}

#[test]
fn sqlite_and_the_tls_engine_are_linked_once() {
    let metadata = metadata();
    for name in ["libsqlite3-sys", "rustls", "ring"] {
        let versions: BTreeSet<_> = packages(&metadata)
            .iter()
            .filter(|p| text(p, "name") == name)
            .map(|p| text(p, "version"))
            .collect();
        assert!(versions.len() < 2, "{name} is linked in versions {versions:?}");
    }
}
