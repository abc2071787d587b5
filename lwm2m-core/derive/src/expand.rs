//! The code that a definition becomes.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::{Path, Type, ext::IdentExt as _, spanned::Spanned as _};

use crate::{
    object::Object,
    resource::{Field, Number, Resource, Role, Shape},
};

pub(crate) fn expand(object: &Object) -> TokenStream {
    let core = &object.attributes.core;
    let parts = [inherent(object), object_type(object), from_node(object), into_node(object), serde(object)];
    let checks = resources(object).map(|(_, resource)| kind_checks(core, resource));
    quote! { #(#parts)* #(#checks)* }
}

fn resources(object: &Object) -> impl Iterator<Item = (&Field, &Resource)> {
    object.fields.iter().filter_map(|field| match &field.role {
        Role::Resource(resource) => Some((field, &**resource)),
        Role::Own => None,
    })
}

/// The keys and `instance`.
fn inherent(object: &Object) -> TokenStream {
    let Object { ident, vis, attributes, .. } = object;
    let (core, id) = (&attributes.core, attributes.id);
    let keys = resources(object).map(|(field, resource)| {
        let vis = &field.vis;
        let key =
            format_ident!("{}", field.ident.unraw().to_string().to_uppercase(), span = field.ident.span());
        let holds = match &resource.shape {
            Shape::Single(of) | Shape::Optional(of) => of.to_token_stream(),
            Shape::Multiple(of) => quote!(::std::collections::BTreeMap<u16, #of>),
            Shape::Executable { .. } => quote!(#core::Executable),
        };
        let (doc, id) = (format!("Key of resource {}, {}.", resource.id, resource.name), resource.id);
        quote! {
            #[doc = #doc]
            #[allow(dead_code, reason = "a program uses a part")]
            #vis const #key: #core::ResourceKey<Self, #holds> = #core::ResourceKey::new(#id);
        }
    });
    quote! {
        #[automatically_derived]
        impl #ident {
            #(#keys)*

            /// The place of one whole instance, for requests.
            #[must_use]
            #[allow(dead_code, reason = "a program uses a part")]
            #vis const fn instance(instance: u16) -> #core::Typed<Self> {
                #core::Typed::instance(#core::ObjectId(#id), instance)
            }

            /// The place of all instances, for requests.
            #[must_use]
            #[allow(dead_code, reason = "a program uses a part")]
            #vis const fn instances() -> #core::Typed<::std::collections::BTreeMap<#core::InstanceId, Self>> {
                #core::Typed::instances(#core::ObjectId(#id))
            }
        }
    }
}

fn object_type(object: &Object) -> TokenStream {
    let Object { ident, attributes, .. } = object;
    let core = &attributes.core;
    let definition = definition(object);
    let (reads, writes, runs, changes, has): (Vec<_>, Vec<_>, Vec<_>, Vec<_>, Vec<_>) = {
        let of = |make: fn(&Path, &Ident, &Resource) -> Option<TokenStream>| {
            resources(object).filter_map(|(field, resource)| make(core, &field.ident, resource)).collect()
        };
        (of(read), of(write), of(execute), of(changed), of(has))
    };
    quote! {
        #[automatically_derived]
        impl #core::ObjectType for #ident {
            const DEF: &'static #core::ObjectDef = #definition;

            fn read(&self, select: &#core::Selection) -> #core::Values {
                let mut values = #core::Values::new();
                #(#reads)*
                values
            }

            fn write(&mut self, change: #core::ResourceChange) -> ::std::result::Result<(), #core::Rejection> {
                let resource = change.resource();
                let Some(def) = <Self as #core::ObjectType>::DEF.resource(resource) else {
                    return Err(#core::Rejection::not_found());
                };
                match resource.0 {
                    #(#writes)*
                    _ => Err(#core::Rejection::method_not_allowed()),
                }
            }

            fn execute(
                &mut self,
                resource: #core::ResourceId,
                arguments: &#core::Arguments,
            ) -> ::std::result::Result<#core::Done, #core::Rejection> {
                match resource.0 {
                    #(#runs)*
                    _ => Err(#core::__field::not_executable(<Self as #core::ObjectType>::DEF, resource)),
                }
            }

            fn changed(&self, before: &Self) -> ::std::vec::Vec<(#core::ResourceId, ::std::option::Option<u16>)> {
                let mut changes = ::std::vec::Vec::new();
                #(#changes)*
                changes
            }

            fn has(&self, resource: #core::ResourceId) -> bool {
                match resource.0 {
                    #(#has)*
                    _ => false,
                }
            }
        }
    }
}

fn definition(object: &Object) -> TokenStream {
    let Object { attributes, name, .. } = object;
    let (core, id, (major, minor)) = (&attributes.core, attributes.id, attributes.version);
    let resources = resources(object).map(|(_, resource)| resource_definition(core, resource));
    let multiple = attributes.multiple.then(|| quote!(.multiple()));
    let mandatory = attributes.mandatory.then(|| quote!(.mandatory()));
    quote! {
        &#core::ObjectDef::new(#id, #name, const { &[#(#resources),*] }).version(#major, #minor) #multiple #mandatory
    }
}

fn resource_definition(core: &Path, resource: &Resource) -> TokenStream {
    let Resource { id, name, shape, said } = resource;
    let kind = shape.holds().map_or_else(|| quote!(#core::Kind::Executable), |of| kind_of(core, of));
    let ops = format_ident!("{}", said.ops.unwrap_or("E"));
    let multiple = matches!(shape, Shape::Multiple(_)).then(|| quote!(.multiple()));
    let mandatory = said.mandatory.then(|| quote!(.mandatory()));
    let unit = said.unit.as_ref().map(|unit| quote!(.unit(#unit)));
    let bounds = bounds(core, resource, &kind);
    quote! {
        #core::ResourceDef::new(#id, #name, #kind, #core::Ops::#ops) #multiple #mandatory #unit #bounds
    }
}

/// What the attribute says, else what the type holds.
fn bounds(core: &Path, resource: &Resource, kind: &TokenStream) -> Option<TokenStream> {
    let said = &resource.said;
    if let Some(ends) = said.range {
        return Some(range(ends));
    }
    if said.enumeration.is_empty() {
        let of = resource.shape.holds()?;
        let held = quote_spanned!(of.span()=> <#of as #core::ValueType>::BOUNDS);
        return Some(quote!(.any_of(#held)));
    }
    let allowed = said.enumeration.iter().map(|value| Literal::i64_unsuffixed(*value));
    Some(quote!(.any_of(const { &[#(#core::Interval::of(#kind, #allowed, #allowed)),*] })))
}

fn range((least, greatest): (Number, Number)) -> TokenStream {
    if let (Number::Whole(least), Number::Whole(greatest)) = (least, greatest) {
        if let (Ok(least), Ok(greatest)) = (i64::try_from(least), i64::try_from(greatest)) {
            return quote!(.range(#least, #greatest));
        }
        if let (Ok(least), Ok(greatest)) = (u64::try_from(least), u64::try_from(greatest)) {
            return quote!(.unsigned_range(#least, #greatest));
        }
    }
    let (least, greatest) = (least.as_float(), greatest.as_float());
    quote!(.float_range(#least, #greatest))
}

/// Where the type of a field stands: the compiler reports a type without a kind there, and once.
fn at(of: &Type) -> Span {
    of.span().resolved_at(Span::call_site())
}

fn kind_of(core: &Path, of: &Type) -> TokenStream {
    quote_spanned!(of.span()=> <#of as #core::ValueType>::KIND)
}

/// Ranges and enumerations that the type of the field has no use for do not compile.
fn kind_checks(core: &Path, resource: &Resource) -> TokenStream {
    let Some(of) = resource.shape.holds() else { return TokenStream::new() };
    let kind = kind_of(core, of);
    let assert = |holds: TokenStream, why: &str| quote_spanned!(of.span()=> const _: () = ::std::assert!(#holds, #why););
    let range = resource.said.range.map(|ends| {
        let fits = match ends {
            (Number::Whole(least), Number::Whole(greatest)) => assert(
                quote!(#core::__field::holds::<#of>(#least, #greatest)),
                "the type of the field does not hold all of this `range`: take a wider one, or narrow the range",
            ),
            _ => assert(
                quote!(::std::matches!(#kind, #core::Kind::Float)),
                "only floating-point numbers have a `range` with fractions",
            ),
        };
        let ordered = assert(
            quote!(!::std::matches!(#kind, #core::Kind::Boolean | #core::Kind::Objlnk)),
            "`range` is for numbers, and for the lengths of text and opaque values",
        );
        quote!(#ordered #fits)
    });
    let enumeration = (!resource.said.enumeration.is_empty()).then(|| {
        assert(
            quote!(!::std::matches!(#kind, #core::Kind::Boolean | #core::Kind::Objlnk | #core::Kind::Float)),
            "`enumeration` is for whole numbers, and for the lengths of text and opaque values",
        )
    });
    quote!(#range #enumeration)
}

/// The function of `__field` that serves this shape.
fn for_shape(core: &Path, what: &str, shape: &Shape) -> Option<TokenStream> {
    let name = match shape {
        Shape::Single(_) => "single",
        Shape::Optional(_) => "optional",
        Shape::Multiple(_) => "multiple",
        Shape::Executable { .. } => return None,
    };
    Some(function(core, &format!("{what}_{name}"), shape.holds()?))
}

fn function(core: &Path, name: &str, of: &Type) -> TokenStream {
    let name = format_ident!("{name}", span = at(of));
    quote_spanned!(at(of)=> #core::__field::#name::<#of>)
}

/// Only multiple resources can be there without a value.
fn is_mandatory(resource: &Resource) -> Option<bool> {
    matches!(resource.shape, Shape::Multiple(_)).then_some(resource.said.mandatory)
}

fn read(core: &Path, field: &Ident, resource: &Resource) -> Option<TokenStream> {
    let function = for_shape(core, "read", &resource.shape)?;
    let (id, ops) = (resource.id, format_ident!("{}", resource.said.ops?));
    let mandatory = is_mandatory(resource).into_iter();
    Some(quote!(#function(&self.#field, #id, #core::Ops::#ops, #(#mandatory,)* select, &mut values);))
}

fn write(core: &Path, field: &Ident, resource: &Resource) -> Option<TokenStream> {
    let function = for_shape(core, "write", &resource.shape)?;
    let id = resource.id;
    Some(quote!(#id => #function(&mut self.#field, def, change),))
}

fn execute(core: &Path, field: &Ident, resource: &Resource) -> Option<TokenStream> {
    let (Shape::Executable { optional }, id) = (&resource.shape, resource.id) else { return None };
    let absent =
        optional.then(|| quote!(#id if self.#field.is_none() => Err(#core::Rejection::not_found()),));
    let run = match resource.said.execute.as_ref()? {
        Some(function) => quote_spanned! {function.span()=>
            #id => {
                let run: fn(&mut Self, &#core::Arguments) -> ::std::result::Result<#core::Done, #core::Rejection> = #function;
                run(self, arguments)
            }
        },
        None => quote!(#id => Ok(#core::Done::DONE),),
    };
    Some(quote!(#absent #run))
}

fn changed(core: &Path, field: &Ident, resource: &Resource) -> Option<TokenStream> {
    let function = for_shape(core, "changed", &resource.shape)?;
    let id = resource.id;
    Some(quote!(#function(&self.#field, &before.#field, #id, &mut changes);))
}

fn has(core: &Path, field: &Ident, resource: &Resource) -> Option<TokenStream> {
    let id = resource.id;
    let there = match &resource.shape {
        Shape::Single(_) => quote!(true),
        Shape::Executable { optional: false } => quote!({
            let _: &#core::Executable = &self.#field; // the field counts as used
            true
        }),
        Shape::Optional(_) | Shape::Executable { optional: true } => quote!(self.#field.is_some()),
        Shape::Multiple(_) if resource.said.mandatory => quote!(true),
        Shape::Multiple(_) => quote!(!self.#field.is_empty()),
    };
    Some(quote!(#id => #there,))
}

fn from_node(object: &Object) -> TokenStream {
    let Object { ident, attributes, .. } = object;
    let core = &attributes.core;
    let fields = object.fields.iter().map(|field| {
        let name = &field.ident;
        match &field.role {
            Role::Own => quote!(#name: ::std::default::Default::default()),
            Role::Resource(resource) => {
                let value = take(core, resource);
                quote!(#name: #value)
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #core::FromNode for #ident {
            const OBJECT: ::std::option::Option<&'static #core::ObjectDef> =
                ::std::option::Option::Some(<Self as #core::ObjectType>::DEF);

            fn from_node(node: #core::Node) -> ::std::result::Result<Self, #core::ValueError> {
                #[allow(unused_mut, unused_variables, reason = "not every object has such resources")]
                let mut resources = #core::__field::resources(node)?;
                Ok(Self { #(#fields),* })
            }
        }
    }
}

fn take(core: &Path, resource: &Resource) -> TokenStream {
    let (id, said) = (resource.id, &resource.said);
    let Some(take) = for_shape(core, "take", &resource.shape) else {
        // A reader cannot see which ones there are; that they may be tried is the useful answer.
        let optional = matches!(resource.shape, Shape::Executable { optional: true });
        return if optional {
            quote!(::std::option::Option::Some(#core::Executable))
        } else {
            quote!(#core::Executable)
        };
    };
    // Write-only values are in no answer of a device.
    let mandatory = said.mandatory && said.ops != Some("W");
    match &resource.shape {
        Shape::Single(of) if !mandatory => {
            let take = function(core, "take_optional", of);
            quote!(#take(&mut resources, #id)?.unwrap_or_default())
        }
        Shape::Multiple(_) => quote!(#take(&mut resources, #id, #mandatory)?),
        _ => quote!(#take(&mut resources, #id)?),
    }
}

/// With the feature `serde` of the core, whoever switches it on.
fn serde(object: &Object) -> TokenStream {
    let Object { ident, attributes, .. } = object;
    let core = &attributes.core;
    if !attributes.serde {
        return TokenStream::new();
    }
    let fields = resources(object).map(|(field, resource)| {
        let (name, id) = (field.ident.unraw().to_string(), resource.id);
        let secret = match resource.shape.holds() {
            Some(of) => quote!(<#of as #core::ValueType>::SECRET),
            None => quote!(false),
        };
        quote!(#core::__serde::Field { name: #name, id: #id, secret: #secret })
    });
    let fields = quote!(const { &[#(#fields),*] });
    let absent = resources(object).filter_map(|(field, resource)| {
        let (name, id) = (&field.ident, resource.id);
        matches!(resource.shape, Shape::Executable { optional: true })
            .then(|| quote!(value.#name = value.#name.filter(|_| executable.contains(&#id));))
    });
    quote! {
        #core::__with_serde! {
            #[automatically_derived]
            impl #core::__serde::Serialize for #ident {
                fn serialize<S: #core::__serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::std::result::Result<S::Ok, S::Error> {
                    #core::__serde::serialize(self, #fields, serializer)
                }
            }

            #[automatically_derived]
            impl<'de> #core::__serde::Deserialize<'de> for #ident {
                fn deserialize<D: #core::__serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::std::result::Result<Self, D::Error> {
                    #[allow(unused_mut, unused_variables)]
                    let (mut value, executable) = #core::__serde::deserialize::<Self, D>(#fields, deserializer)?;
                    #(#absent)*
                    Ok(value)
                }
            }
        }
    }
}

fn into_node(object: &Object) -> TokenStream {
    let Object { ident, attributes, .. } = object;
    let core = &attributes.core;
    let puts = resources(object).filter_map(|(field, resource)| {
        let put = for_shape(core, "put", &resource.shape)?;
        let (name, id) = (&field.ident, resource.id);
        let mandatory = is_mandatory(resource).into_iter();
        Some(quote!(#put(self.#name, #id, #(#mandatory,)* &mut resources);))
    });
    quote! {
        #[automatically_derived]
        impl #core::IntoNode for #ident {
            fn into_node(self) -> #core::Node {
                #[allow(unused_mut, reason = "not every object has such resources")]
                let mut resources = ::std::collections::BTreeMap::new();
                #(#puts)*
                #core::Node::Instance(resources)
            }
        }
    }
}
