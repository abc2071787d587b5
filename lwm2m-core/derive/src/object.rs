//! What `#[object(..)]` and the fields say.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span};
use syn::{
    Data, DeriveInput, Error, Fields, LitInt, LitStr, Path, Result, Visibility, ext::IdentExt as _,
    meta::ParseNestedMeta,
};

use crate::resource::{Field, Role};

pub(crate) struct Object {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) attributes: Attributes,
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Attributes {
    pub(crate) core: Path,
    pub(crate) id: u16,
    pub(crate) version: (u8, u8),
    name: Option<String>,
    pub(crate) multiple: bool,
    pub(crate) mandatory: bool,
    pub(crate) serde: bool,
}

impl Object {
    pub(crate) fn parse(input: &DeriveInput, core: &str) -> Result<Self> {
        let Data::Struct(data) = &input.data else {
            return Err(Error::new_spanned(&input.ident, "an object is a struct with one field a resource"));
        };
        if !input.generics.params.is_empty() {
            return Err(Error::new_spanned(&input.generics, "an object has no type parameters or lifetimes"));
        }
        let named = match &data.fields {
            Fields::Named(fields) => fields.named.iter().collect(),
            Fields::Unit => Vec::new(),
            Fields::Unnamed(fields) => {
                return Err(Error::new_spanned(
                    fields,
                    "fields need names: they become the keys of resources",
                ));
            }
        };
        let mut errors = Errors::default();
        let attributes = errors.keep(Attributes::parse(input, core));
        let mut fields: Vec<_> =
            named.into_iter().filter_map(|field| errors.keep(Field::parse(field))).collect();
        errors.add(duplicates(&fields));
        fields.sort_by_key(Field::id); // answers list resources by id, whatever order the struct reads well in
        errors.finish()?;
        let attributes =
            attributes.ok_or_else(|| Error::new(Span::call_site(), "#[object(..)] is missing"))?;
        let name = attributes.name.clone().unwrap_or_else(|| words(&input.ident));
        Ok(Self { ident: input.ident.clone(), vis: input.vis.clone(), attributes, name, fields })
    }
}

impl Attributes {
    fn parse(input: &DeriveInput, core: &str) -> Result<Self> {
        let mut id = None;
        let mut found = Self {
            core: syn::parse_str(core)?,
            id: 0,
            version: (1, 0),
            name: None,
            multiple: false,
            mandatory: false,
            serde: false,
        };
        let mut present = false;
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("object")) {
            present = true;
            attribute.parse_nested_meta(|meta| found.take(&meta, &mut id))?;
        }
        if !present {
            return Err(Error::new_spanned(
                &input.ident,
                "which object is this? Add #[object(id = 32768)] above the struct",
            ));
        }
        found.id = id.ok_or_else(|| {
            Error::new_spanned(&input.ident, "the number of the object is missing: #[object(id = 32768)]")
        })?;
        Ok(found)
    }

    fn take(&mut self, meta: &ParseNestedMeta<'_>, id: &mut Option<u16>) -> Result<()> {
        match name_of(meta).as_str() {
            "id" => *id = Some(id_of(meta)?),
            "version" => self.version = version(&meta.value()?.parse()?)?,
            "name" => self.name = Some(meta.value()?.parse::<LitStr>()?.value()),
            "multiple" => self.multiple = true,
            "mandatory" => self.mandatory = true,
            "serde" => self.serde = true,
            "crate" => self.core = meta.value()?.call(Path::parse_mod_style)?,
            _ => {
                return Err(meta.error(
                    "unknown attribute; an object has `id`, `version`, `name`, `multiple`, `mandatory`, `serde` and `crate`",
                ));
            }
        }
        Ok(())
    }
}

/// The word before `=` or `(`; empty if it is a path of several.
pub(crate) fn name_of(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(Ident::to_string).unwrap_or_default()
}

/// `= 3303`
pub(crate) fn id_of(meta: &ParseNestedMeta<'_>) -> Result<u16> {
    let literal: LitInt = meta.value()?.parse()?;
    let wrong = || Error::new(literal.span(), "an id is a number from 0 to 65534");
    let id: u16 = literal.base10_parse().map_err(|_| wrong())?;
    if id == u16::MAX {
        return Err(Error::new(literal.span(), "65535 is reserved; an id is a number from 0 to 65534"));
    }
    Ok(id)
}

fn version(literal: &LitStr) -> Result<(u8, u8)> {
    let text = literal.value();
    let numbers =
        text.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    numbers.ok_or_else(|| {
        Error::new(literal.span(), "a version is written \"major.minor\", for example \"1.1\"")
    })
}

fn duplicates(fields: &[Field]) -> Option<Error> {
    let mut seen = BTreeMap::new();
    let mut errors = Errors::default();
    for field in fields {
        let Role::Resource(resource) = &field.role else { continue };
        if let Some(first) = seen.insert(resource.id, &field.ident) {
            let text =
                format!("resource {} is `{first}` already; give each field an id of its own", resource.id);
            errors.add(Some(Error::new(field.ident.span(), text)));
        }
    }
    errors.finish().err()
}

/// `LightControl` and `light_control` as `Light Control`.
pub(crate) fn words(ident: &Ident) -> String {
    let mut text = String::new();
    let mut begins = true;
    for letter in ident.unraw().to_string().chars() {
        if letter == '_' {
            begins = true;
            continue;
        }
        if !text.is_empty() && (begins || letter.is_uppercase()) {
            text.push(' ');
        }
        if begins {
            text.extend(letter.to_uppercase());
        } else {
            text.push(letter);
        }
        begins = false;
    }
    text
}

/// All mistakes at once, so that nobody has to compile once for each.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn add(&mut self, error: Option<Error>) {
        match (&mut self.0, error) {
            (Some(all), Some(error)) => all.combine(error),
            (none, Some(error)) => *none = Some(error),
            (_, None) => {}
        }
    }

    pub(crate) fn keep<T>(&mut self, outcome: Result<T>) -> Option<T> {
        outcome.map_err(|error| self.add(Some(error))).ok()
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
