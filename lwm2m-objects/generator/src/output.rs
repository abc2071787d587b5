//! Formats files and writes those that have changed.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::definitions::{Files, MADE};

/// Writes files below `source`, and removes made ones that are no more. Returns what has changed, or with `check` would.
pub(crate) fn write(source: &Path, files: &Files, check: bool) -> Result<Vec<String>, String> {
    let mut changed = Vec::new();
    for (name, text) in files {
        let path = source.join(name);
        let formatted = formatted(source, text).map_err(|error| format!("{}: {error}", name.display()))?;
        if fs::read_to_string(&path).is_ok_and(|before| before == formatted) {
            continue;
        }
        changed.push(name.display().to_string());
        if !check {
            let folder = path.parent().unwrap_or(source);
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            fs::write(&path, formatted).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    let wanted: BTreeSet<_> = files.keys().map(|name| source.join(name)).collect();
    for stale in made(source).into_iter().filter(|path| !wanted.contains(path)) {
        changed.push(format!("-{}", stale.strip_prefix(source).unwrap_or(&stale).display()));
        if !check {
            fs::remove_file(&stale).map_err(|error| format!("{}: {error}", stale.display()))?;
        }
    }
    Ok(changed)
}

/// The files below a folder that were made.
fn made(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = |path: PathBuf| {
        if path.is_dir() {
            made(&path)
        } else if fs::read_to_string(&path).is_ok_and(|text| text.contains(MADE)) {
            vec![path]
        } else {
            Vec::new()
        }
    };
    entries.flat_map(files).collect()
}

fn formatted(source: &Path, text: &str) -> Result<String, String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(source.join("../../rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("rustfmt: {error}"))?;
    // rustfmt reads everything before it writes.
    rustfmt
        .stdin
        .take()
        .map_or(Ok(()), |mut input| input.write_all(text.as_bytes()))
        .map_err(|e| e.to_string())?;
    let output = rustfmt.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() {
        String::from_utf8(output.stdout).map_err(|error| error.to_string())
    } else {
        Err("rustfmt does not understand what was made".to_owned())
    }
}
