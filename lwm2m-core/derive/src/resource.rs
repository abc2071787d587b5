//! What a field and its `#[resource(..)]` say.

use proc_macro2::Ident;
use syn::{
    Error, GenericArgument, Lit, LitStr, Path, PathArguments, Result, Token, Type, Visibility,
    meta::ParseNestedMeta, parenthesized, parse::ParseStream, punctuated::Punctuated,
};

use crate::object::{Errors, id_of, name_of, words};

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) role: Role,
}

pub(crate) enum Role {
    /// A field of the author's own.
    Own,
    Resource(Box<Resource>),
}

pub(crate) struct Resource {
    pub(crate) id: u16,
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) said: Said,
}

/// What the type of the field says.
pub(crate) enum Shape {
    Single(Type),
    Optional(Type),
    Multiple(Type),
    Executable { optional: bool },
}

/// An end of a range. Integers stay exact.
#[derive(Clone, Copy)]
pub(crate) enum Number {
    /// From the least `i64` to the greatest `u64`.
    Whole(i128),
    Float(f64),
}

impl Number {
    fn is_at_most(self, other: Self) -> bool {
        match (self, other) {
            (Self::Whole(least), Self::Whole(greatest)) => least <= greatest,
            _ => self.as_float() <= other.as_float(),
        }
    }

    pub(crate) fn as_float(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

/// What the attribute says.
#[derive(Default)]
pub(crate) struct Said {
    id: Option<u16>,
    name: Option<String>,
    /// The variant of `Ops`.
    pub(crate) ops: Option<&'static str>,
    pub(crate) mandatory: bool,
    pub(crate) range: Option<(Number, Number)>,
    pub(crate) unit: Option<String>,
    pub(crate) enumeration: Vec<i64>,
    /// `execute`, and its function.
    pub(crate) execute: Option<Option<Path>>,
    skip: bool,
}

impl Field {
    /// The number of the resource, unless it is a field of the author's own.
    pub(crate) fn id(&self) -> Option<u16> {
        match &self.role {
            Role::Own => None,
            Role::Resource(resource) => Some(resource.id),
        }
    }

    pub(crate) fn parse(field: &syn::Field) -> Result<Self> {
        let ident = field.ident.clone().ok_or_else(|| Error::new_spanned(field, "a field needs a name"))?;
        let mut said = Said::default();
        let mut present = false;
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("resource")) {
            present = true;
            attribute.parse_nested_meta(|meta| said.take(&meta))?;
        }
        if !present {
            let text = "which resource is this? Add #[resource(id = .., ops = \"..\")], or #[resource(skip)] for a field of your own";
            return Err(Error::new(ident.span(), text));
        }
        let role =
            if said.skip { Role::Own } else { Role::Resource(Box::new(resource(field, &ident, said)?)) };
        Ok(Self { ident, vis: field.vis.clone(), role })
    }
}

fn resource(field: &syn::Field, ident: &Ident, said: Said) -> Result<Resource> {
    let mut errors = Errors::default();
    let shape = errors.keep(shape(&field.ty));
    if said.id.is_none() {
        errors.add(Some(Error::new(ident.span(), "the number of the resource is missing: `id = ..`")));
    }
    if let Some(shape) = &shape {
        errors.keep(agree(field, shape, &said));
    }
    errors.finish()?;
    let (Some(id), Some(shape)) = (said.id, shape) else {
        return Err(Error::new(ident.span(), "not a resource"));
    };
    Ok(Resource { id, name: said.name.clone().unwrap_or_else(|| words(ident)), shape, said })
}

/// Do type and attribute fit?
fn agree(field: &syn::Field, shape: &Shape, said: &Said) -> Result<()> {
    let fail = |text: &str| Err(Error::new_spanned(&field.ty, text));
    match shape {
        Shape::Executable { optional } => {
            if said.execute.is_none() {
                return fail(
                    "say what runs: `execute = Type::function`, or `execute` to hear of it as a change",
                );
            }
            if said.ops.is_some()
                || said.range.is_some()
                || said.unit.is_some()
                || !said.enumeration.is_empty()
            {
                return fail(
                    "an executable resource has no value, so no `ops`, `range`, `unit` or `enumeration`",
                );
            }
            if *optional && said.mandatory {
                return fail("a mandatory resource is always there: write `Executable`, or drop `mandatory`");
            }
        }
        _ if said.execute.is_some() => {
            return fail("an executable resource holds no value: the type of its field is `Executable`");
        }
        _ if said.ops.is_none() => {
            return fail("say what servers may do with it: ops = \"r\", \"w\", \"rw\" or \"none\"");
        }
        Shape::Optional(_) if said.mandatory => {
            return fail(
                "a mandatory resource is always there: take the type out of the `Option`, or drop `mandatory`",
            );
        }
        Shape::Single(_) if !said.mandatory => {
            return fail(
                "an optional resource may be absent: put the type into an `Option`, or add `mandatory`",
            );
        }
        _ => {}
    }
    Ok(())
}

impl Said {
    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match name_of(meta).as_str() {
            "id" => self.id = Some(id_of(meta)?),
            "name" => self.name = Some(meta.value()?.parse::<LitStr>()?.value()),
            "ops" => self.ops = Some(ops(&meta.value()?.parse()?)?),
            "mandatory" => self.mandatory = true,
            "range" => self.range = Some(range(meta)?),
            "unit" => self.unit = Some(meta.value()?.parse::<LitStr>()?.value()),
            "enumeration" => self.enumeration = list(meta, whole)?,
            "execute" if meta.input.peek(Token![=]) => self.execute = Some(Some(meta.value()?.parse()?)),
            "execute" => self.execute = Some(None),
            "skip" => self.skip = true,
            "multiple" => {
                return Err(meta.error("`multiple` is said by the type: write `BTreeMap<u16, T>`"));
            }
            _ => {
                return Err(meta.error(
                    "unknown attribute; a resource has `id`, `ops`, `name`, `mandatory`, `range`, `unit`, `enumeration`, `execute` and `skip`",
                ));
            }
        }
        Ok(())
    }
}

fn ops(literal: &LitStr) -> Result<&'static str> {
    match literal.value().as_str() {
        "r" => Ok("R"),
        "w" => Ok("W"),
        "rw" => Ok("RW"),
        "none" => Ok("None"),
        "e" => {
            Err(Error::new(literal.span(), "write `execute` in place of `ops` for an executable resource"))
        }
        _ => Err(Error::new(literal.span(), "ops is \"r\", \"w\", \"rw\" or \"none\"")),
    }
}

fn range(meta: &ParseNestedMeta<'_>) -> Result<(Number, Number)> {
    match list(meta, number)?[..] {
        [least, greatest] if least.is_at_most(greatest) => Ok((least, greatest)),
        [_, _] => Err(meta.error("the least value comes first")),
        _ => Err(meta.error("a range has two ends: range(0, 100)")),
    }
}

/// `(a, b, ..)`
fn list<T>(meta: &ParseNestedMeta<'_>, item: fn(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
    let content;
    parenthesized!(content in meta.input);
    Ok(Punctuated::<T, Token![,]>::parse_terminated_with(&content, item)?.into_iter().collect())
}

fn number(input: ParseStream<'_>) -> Result<Number> {
    let minus = input.parse::<Option<Token![-]>>()?.is_some();
    match input.parse::<Lit>()? {
        Lit::Int(literal) => {
            let number = literal.base10_parse::<i128>()?;
            let number = if minus { -number } else { number };
            if (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number) {
                Ok(Number::Whole(number))
            } else {
                Err(Error::new(literal.span(), "no integer of LwM2M is that large: they have 64 bits"))
            }
        }
        Lit::Float(literal) => {
            let number = literal.base10_parse::<f64>()?;
            Ok(Number::Float(if minus { -number } else { number }))
        }
        other => Err(Error::new(other.span(), "a number is expected")),
    }
}

fn whole(input: ParseStream<'_>) -> Result<i64> {
    let minus = input.parse::<Option<Token![-]>>()?.is_some();
    let literal: syn::LitInt = input.parse()?;
    let digits = format!("{}{}", if minus { "-" } else { "" }, literal.base10_digits());
    digits.parse().map_err(|_| Error::new(literal.span(), "the values of an enumeration are whole numbers"))
}

impl Shape {
    /// The type of the values.
    pub(crate) const fn holds(&self) -> Option<&Type> {
        match self {
            Self::Single(of) | Self::Optional(of) | Self::Multiple(of) => Some(of),
            Self::Executable { .. } => None,
        }
    }
}

fn shape(of: &Type) -> Result<Shape> {
    if is_named(of, "Executable") {
        return Ok(Shape::Executable { optional: false });
    }
    match (last_name(of).as_deref(), &arguments(of)[..]) {
        (Some("Option"), [inner]) if is_named(inner, "Executable") => {
            Ok(Shape::Executable { optional: true })
        }
        (Some("Option"), [inner]) if is_named(inner, "BTreeMap") => {
            Err(Error::new_spanned(of, "an empty BTreeMap is an absent resource: it needs no `Option`"))
        }
        (Some("Option"), [inner]) => Ok(Shape::Optional(kind(inner)?)),
        (Some("BTreeMap"), [key, item]) => {
            if !is_named(key, "u16") {
                return Err(Error::new_spanned(key, "ids of resource instances are u16: `BTreeMap<u16, T>`"));
            }
            Ok(Shape::Multiple(kind(item)?))
        }
        (Some("Vec"), [item]) if !is_named(item, "u8") => {
            Err(Error::new_spanned(of, "a multiple resource is a `BTreeMap<u16, T>`: its instances have ids"))
        }
        _ => Ok(Shape::Single(kind(of)?)),
    }
}

/// Refuses the usual types that have no LwM2M kind, with the one to take. Traits refuse the rest.
fn kind(of: &Type) -> Result<Type> {
    let take = match last_name(of).as_deref() {
        Some("isize" | "i128") => "whole numbers are `i64` or smaller",
        Some("usize" | "u128") => "unsigned numbers are `u64` or smaller",
        Some("f32") => "floating-point numbers are `f64`: what servers write would not survive in an `f32`",
        Some("char") => "text is `String`",
        Some("Vec") => "opaque values are `Bytes`, or `Secret` if nobody may see them",
        Some("str") => "text is `String`",
        Some("SystemTime" | "Instant" | "UnixTime") => "points in time are `Time`, in seconds",
        _ if matches!(of, Type::Reference(_)) => "a resource owns its value: take `String` or `Bytes`",
        _ => return Ok(of.clone()),
    };
    Err(Error::new_spanned(of, take))
}

fn is_named(of: &Type, name: &str) -> bool {
    last_name(of).is_some_and(|last| last == name)
}

fn last_name(of: &Type) -> Option<String> {
    let Type::Path(path) = of else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

fn arguments(of: &Type) -> Vec<&Type> {
    let Type::Path(path) = of else { return Vec::new() };
    let Some(PathArguments::AngleBracketed(list)) = path.path.segments.last().map(|last| &last.arguments)
    else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    });
    types.collect()
}
