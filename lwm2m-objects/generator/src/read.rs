//! The files of the registry.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lwm2m_core::{Definitions, ObjectDef, ddf};

/// Files that hold no object.
const OTHERS: [&str; 3] = ["Common.xml", "DDF.xml", "LWM2M_senml_units.xml"];

/// All definitions of a directory and its `version_history`, by id and version.
pub(crate) fn directory(directory: &Path) -> Result<Vec<ObjectDef>, String> {
    let mut all = Definitions::new();
    let mut files = xml_files(directory)?;
    let history = directory.join("version_history");
    if history.is_dir() {
        files.extend(xml_files(&history)?);
    }
    for file in files {
        for def in read(&file)? {
            // The newest version also stands in the history.
            if let Some(before) = all.add(def.clone())
                && before != def
            {
                return Err(format!("{}: the same version is defined otherwise elsewhere", file.display()));
            }
        }
    }
    match all.objects() {
        [] => Err(format!("{} holds no definitions", directory.display())),
        objects => Ok(objects.to_vec()),
    }
}

fn read(file: &Path) -> Result<Vec<ObjectDef>, String> {
    let xml = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    ddf::parse(&file.display().to_string(), &xml).map(|ddf| ddf.objects).map_err(|error| error.to_string())
}

fn xml_files(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let fail = |error| format!("{}: {error}", directory.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".xml") && !OTHERS.contains(&&*name) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
