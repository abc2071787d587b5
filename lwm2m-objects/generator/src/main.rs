//! Makes `lwm2m-objects/src/registry/` and `lwm2m-objects/src/ipso/` from a directory of DDF files.
//!
//! ```text
//! cargo run -p lwm2m-objects-generator -- DIRECTORY           writes what has changed
//! cargo run -p lwm2m-objects-generator -- --check DIRECTORY   says what would change; exit 1 if anything
//! ```

use std::{env, path::PathBuf, process::ExitCode};

mod definitions;
mod family;
mod names;
mod output;
mod read;
mod structs;

const USAGE: &str = "usage: lwm2m-objects-generator [--check] DIRECTORY\n\n\
    DIRECTORY holds the object files of the OMA registry; its folder version_history holds older versions.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (check, directory) = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--check", directory] => (true, *directory),
        [directory] if !directory.starts_with('-') => (false, *directory),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    match run(check, &PathBuf::from(directory)) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool, directory: &std::path::Path) -> Result<String, String> {
    let objects = read::directory(directory)?;
    let mut files = definitions::files(&objects);
    files.extend(structs::files(&objects)?);
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../src");
    let changed = output::write(&source, &files, check)?;
    let said = format!("{} definitions in {} files", objects.len(), files.len());
    match (changed.is_empty(), check) {
        (true, _) => Ok(format!("{said}: current")),
        (false, false) => Ok(format!("{said}: written {}", changed.join(" "))),
        (false, true) => Err(format!("{said}: not current: {}", changed.join(" "))),
    }
}
