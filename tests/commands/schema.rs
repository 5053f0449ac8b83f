//! Holds JSON to the schemas in docs, as far as these use the language of JSON Schema.

use std::path::Path;

use serde_json::Value;

/// A schema of docs, with the others it may refer to.
pub(crate) struct Schema {
    file: String,
}

/// A place in a schema.
#[derive(Clone, Copy)]
struct At<'a> {
    root: &'a Value,
    node: &'a Value,
}

fn load(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

impl Schema {
    pub(crate) fn of(name: &str) -> Schema {
        Schema { file: format!("{name}.schema.json") }
    }

    #[track_caller]
    pub(crate) fn check(&self, value: &Value) {
        let root = load(&self.file);
        if let Err(why) = check(At { root: &root, node: &root }, value, "$") {
            panic!("{} is not kept: {why}", self.file);
        }
    }
}

fn check(at: At<'_>, value: &Value, path: &str) -> Result<(), String> {
    let Some(schema) = at.node.as_object() else { return Ok(()) };
    for (word, rule) in schema {
        match word.as_str() {
            "$ref" => refer(at, rule, value, path)?,
            "type" => is_type(rule, value, path)?,
            "enum" if !rule.as_array().is_some_and(|all| all.contains(value)) => {
                return Err(format!("{path}: {value} is none of {rule}"));
            }
            "required" => required(rule, value, path)?,
            "properties" | "additionalProperties" => {}
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(At { node: rule, ..at }, item, &format!("{path}[{n}]"))?;
                }
            }
            "anyOf" | "oneOf" => alternatives(at, word, rule, value, path)?,
            "minimum" if value.as_f64() < rule.as_f64() => return Err(format!("{path}: {value} < {rule}")),
            "maximum" if rule.as_f64() < value.as_f64() => return Err(format!("{path}: {rule} < {value}")),
            "minLength"
                if value
                    .as_str()
                    .is_some_and(|text| (text.chars().count() as u64) < rule.as_u64().unwrap_or(0)) =>
            {
                return Err(format!("{path}: too short"));
            }
            "pattern" if value.as_str().is_some_and(|text| !is_instant(text)) => {
                assert!(
                    rule.as_str().is_some_and(|rule| rule.starts_with("^\\d{4}-")),
                    "{rule} is not understood"
                );
                return Err(format!("{path}: {value} is no moment"));
            }
            "enum" | "minimum" | "maximum" | "minLength" | "pattern" => {}
            "$schema" | "title" | "description" | "$defs" | "format" | "examples" => {}
            other => panic!("the schema says {other}, which this test does not understand"),
        }
    }
    properties(at, value, path)
}

fn refer(at: At<'_>, rule: &Value, value: &Value, path: &str) -> Result<(), String> {
    let target = rule.as_str().expect("a reference is a text");
    let (file, pointer) = target.split_once('#').expect("a reference has a #");
    if file.is_empty() {
        let node = at.root.pointer(pointer).unwrap_or_else(|| panic!("{target} leads nowhere"));
        return check(At { node, ..at }, value, path);
    }
    let root = load(file);
    let node = root.pointer(pointer).unwrap_or_else(|| panic!("{target} leads nowhere"));
    check(At { root: &root, node }, value, path)
}

fn is_type(rule: &Value, value: &Value, path: &str) -> Result<(), String> {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    };
    let fits = match rule {
        Value::Array(all) => all.iter().filter_map(Value::as_str).any(is),
        rule => rule.as_str().is_some_and(is),
    };
    if fits { Ok(()) } else { Err(format!("{path}: {value} is no {rule}")) }
}

fn required(rule: &Value, value: &Value, path: &str) -> Result<(), String> {
    let Some(object) = value.as_object() else { return Ok(()) };
    let missing = rule
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .find(|name| !object.contains_key(*name));
    missing.map_or(Ok(()), |name| Err(format!("{path}: {name} is missing")))
}

fn alternatives(at: At<'_>, word: &str, rule: &Value, value: &Value, path: &str) -> Result<(), String> {
    let fits =
        rule.as_array().into_iter().flatten().filter(|node| check(At { node, ..at }, value, path).is_ok());
    match (word, fits.count()) {
        ("anyOf", 1..) | ("oneOf", 1) => Ok(()),
        (_, n) => Err(format!("{path}: {value} fits {n} of {word}")),
    }
}

fn properties(at: At<'_>, value: &Value, path: &str) -> Result<(), String> {
    let (Some(object), known) = (value.as_object(), at.node.get("properties")) else { return Ok(()) };
    let closed = at.node.get("additionalProperties") == Some(&Value::Bool(false));
    for (name, inside) in object {
        match known.and_then(|known| known.get(name)) {
            Some(node) => check(At { node, ..at }, inside, &format!("{path}.{name}"))?,
            None if closed => return Err(format!("{path}: nobody promised {name}")),
            None => {}
        }
    }
    Ok(())
}

fn is_instant(text: &str) -> bool {
    text.len() >= 20 && text.as_bytes()[10] == b'T' && text.parse::<jiff::Timestamp>().is_ok()
}

#[test]
fn a_broken_promise_is_noticed() {
    let root = load("scan.schema.json");
    let good = serde_json::json!({"role": "opened", "message_id": "<a@b>"});
    let node = &root["$defs"]["evidence"];
    assert!(check(At { root: &root, node }, &good, "$").is_ok());
    for (name, wrong) in [("role", "began".into()), ("extra", 1.into()), ("message_id", Value::Null)] {
        let mut bad = good.clone();
        bad[name] = wrong;
        assert!(check(At { root: &root, node }, &bad, "$").is_err(), "{bad}");
    }
}
