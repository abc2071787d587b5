//! `#[derive(Enumeration)]`: what an enum and its attributes say, and the code it becomes.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::{
    Data, DeriveInput, Error, Expr, ExprLit, ExprUnary, Fields, Lit, Path, Result, Type, UnOp, Variant,
    meta::ParseNestedMeta, spanned::Spanned as _,
};

use crate::object::{Errors, name_of};

pub(crate) struct Enumeration {
    ident: Ident,
    core: Path,
    unsigned: bool,
    values: Vec<(Ident, i64)>,
    /// The variant of all other numbers.
    other: Option<Ident>,
}

impl Enumeration {
    pub(crate) fn parse(input: &DeriveInput, core: &str) -> Result<Self> {
        let Data::Enum(data) = &input.data else {
            return Err(Error::new_spanned(
                &input.ident,
                "an enumeration is an enum whose variants are numbers",
            ));
        };
        if !input.generics.params.is_empty() {
            return Err(Error::new_spanned(&input.generics, "an enumeration has no type parameters"));
        }
        let ident = input.ident.clone();
        let mut found =
            Self { ident, core: syn::parse_str(core)?, unsigned: false, values: Vec::new(), other: None };
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("enumeration")) {
            attribute.parse_nested_meta(|meta| found.take(&meta))?;
        }
        let mut errors = Errors::default();
        let mut next = Some(0);
        for variant in &data.variants {
            if let Some(number) = errors.keep(found.variant(variant, next)).flatten() {
                next = number.checked_add(1);
            }
        }
        if data.variants.is_empty() {
            errors.add(Some(Error::new_spanned(&input.ident, "an enumeration has at least one value")));
        }
        errors.finish()?;
        Ok(found)
    }

    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match name_of(meta).as_str() {
            "unsigned" => self.unsigned = true,
            "crate" => self.core = meta.value()?.call(Path::parse_mod_style)?,
            _ => return Err(meta.error("unknown attribute; an enumeration has `unsigned` and `crate`")),
        }
        Ok(())
    }

    /// Takes one variant; its number, if it stands for one.
    fn variant(&mut self, variant: &Variant, next: Option<i64>) -> Result<Option<i64>> {
        let mut other = false;
        for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("enumeration")) {
            attribute.parse_nested_meta(|meta| {
                other |= name_of(&meta) == "other";
                if other { Ok(()) } else { Err(meta.error("unknown attribute; a variant has `other`")) }
            })?;
        }
        if other {
            return self.other_variant(variant).map(|()| None);
        }
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(
                &variant.fields,
                "a variant stands for one number and holds nothing; all other numbers are `#[enumeration(other)] Other(i64)`",
            ));
        }
        let number = match &variant.discriminant {
            Some((_, said)) => whole(said)?,
            None => next.ok_or_else(|| Error::new_spanned(variant, "no number is left for this variant"))?,
        };
        if self.unsigned && number < 0 {
            return Err(Error::new_spanned(variant, "an `unsigned` enumeration has no negative numbers"));
        }
        self.values.push((variant.ident.clone(), number));
        Ok(Some(number))
    }

    fn other_variant(&mut self, variant: &Variant) -> Result<()> {
        let holds = self.holds();
        let fits = match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields
                .unnamed
                .iter()
                .all(|field| matches!(&field.ty, Type::Path(of) if of.path.is_ident(&holds))),
            _ => false,
        };
        if !fits {
            return Err(Error::new(
                variant.span(),
                format!("the other numbers are kept: write `{}({holds})`", variant.ident),
            ));
        }
        if self.other.replace(variant.ident.clone()).is_some() {
            return Err(Error::new_spanned(&variant.ident, "there is another variant for all other numbers"));
        }
        Ok(())
    }

    fn holds(&self) -> Ident {
        Ident::new(if self.unsigned { "u64" } else { "i64" }, Span::call_site())
    }

    pub(crate) fn expand(&self) -> TokenStream {
        let Self { ident, core, other, .. } = self;
        let holds = self.holds();
        let names: Vec<_> = self.values.iter().map(|(name, _)| name).collect();
        let numbers: Vec<_> =
            self.values.iter().map(|(_, number)| Literal::i64_unsuffixed(*number)).collect();
        let kind = Ident::new(if self.unsigned { "Unsigned" } else { "Integer" }, Span::call_site());
        let keep = other.iter().map(|other| quote!(#ident::#other(number) => number,));
        let rest = match other {
            Some(other) => quote!(::std::result::Result::Ok(Self::#other(number))),
            None => quote!(::std::result::Result::Err(#core::ValueError::Range)),
        };
        // What takes every number is not bounded.
        let bounds = other.is_none().then(|| {
            quote! {
                const BOUNDS: &'static [#core::Interval] = &[#(#core::Interval::#kind(#numbers, #numbers)),*];
            }
        });
        quote! {
            #[automatically_derived]
            impl ::std::convert::From<#ident> for #holds {
                fn from(value: #ident) -> Self {
                    match value {
                        #(#ident::#names => #numbers,)*
                        #(#keep)*
                    }
                }
            }

            #[automatically_derived]
            impl #core::ValueType for #ident {
                const KIND: #core::Kind = #core::Kind::#kind;
                #bounds

                fn from_value(value: #core::Value) -> ::std::result::Result<Self, #core::ValueError> {
                    let number = <#holds as #core::ValueType>::from_value(value)?;
                    match number {
                        #(#numbers => ::std::result::Result::Ok(Self::#names),)*
                        _ => #rest,
                    }
                }

                fn into_value(self) -> #core::Value {
                    #core::Value::#kind(#holds::from(self))
                }

                fn same(&self, other: &Self) -> bool {
                    #holds::from(::std::clone::Clone::clone(self)) == #holds::from(::std::clone::Clone::clone(other))
                }
            }

            #[automatically_derived]
            impl #core::FromNode for #ident {
                const KIND: ::std::option::Option<#core::Kind> = ::std::option::Option::Some(#core::Kind::#kind);

                fn from_node(node: #core::Node) -> ::std::result::Result<Self, #core::ValueError> {
                    <Self as #core::ValueType>::from_value(<#core::Value as #core::FromNode>::from_node(node)?)
                }
            }

            #[automatically_derived]
            impl #core::IntoNode for #ident {
                fn into_node(self) -> #core::Node {
                    #core::Node::Value(<Self as #core::ValueType>::into_value(self))
                }
            }
        }
    }
}

/// The number after `=`.
fn whole(said: &Expr) -> Result<i64> {
    let (sign, literal) = match said {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => ("-", &**expr),
        other => ("", other),
    };
    let Expr::Lit(ExprLit { lit: Lit::Int(digits), .. }) = literal else {
        return Err(Error::new_spanned(said, "the number of a variant is written out: `Idle = 0`"));
    };
    format!("{sign}{}", digits.base10_digits())
        .parse()
        .map_err(|_| Error::new_spanned(said, "the numbers of an enumeration have 63 bits and a sign"))
}
