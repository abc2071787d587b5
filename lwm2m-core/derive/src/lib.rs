//! `#[derive(Object)]`: a struct as an LwM2M object instance. `#[derive(Enumeration)]`: an enum as whole numbers.
//!
//! Not used directly: `lwm2m-core`, `lwm2m-client`, `lwm2m-server` and `lwm2m-bootstrap` each export the entry
//! point that expands to their own path under the names `Object` and `Enumeration`, where they are described.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod enumeration;
mod expand;
mod object;
mod resource;

/// A struct as an LwM2M object instance.
///
/// It implements `ObjectType`, `FromNode` and `IntoNode`, and yields a key for each resource
/// (a field `speed: i64` of `Fan` gives `Fan::SPEED: ResourceKey<Fan, i64>`), `Fan::instance(0)` and
/// `Fan::instances()`. The struct has to be `Clone`.
///
/// **`#[object(..)]`**: `id` (0 to 65534, required); `version = "1.0"`; `name = ".."` (else the name of the struct
/// in words); `multiple`: there may be several instances; `mandatory`: every client has it; `serde`: with the feature
/// `serde` of `lwm2m-core` it is a map of its fields, without secrets and fields of your own; `crate = path`: where
/// `lwm2m_core` is found, for those who re-export it.
///
/// **`#[resource(..)]`**: `id` (required); `ops = "r"`, `"w"`, `"rw"` or `"none"` (bootstrap only), required for
/// values; `name = ".."` (else the name of the field in words); `mandatory`; `unit = ".."` as SenML writes it;
/// `range(least, greatest)` or `enumeration(0, 1, 2)`, of text and opaque the length in octets; `execute` or
/// `execute = function`; `skip`: no resource but a field of your own, made by `Default` when an instance comes
/// from the network.
///
/// The type of a field says how often the resource is there:
///
/// | type | resource |
/// |---|---|
/// | `T` | single and there: `mandatory` |
/// | `Option<T>` | single and optional |
/// | `BTreeMap<u16, T>` | multiple; empty is absent unless `mandatory` |
/// | `Executable` | executable |
/// | `Option<Executable>` | executable where it is `Some` |
///
/// `T` is `i64`, `u64` or a smaller integer, `f64`, `bool`, `String`, `Bytes`, `Time`, `Objlnk`, `Corelnk`, `Secret`,
/// `SecretText` or an enum that derives `Enumeration`. A smaller integer and an enum put their numbers into the
/// definition, unless `range` or `enumeration` does.
///
/// A server that executes a resource declared with plain `execute` is answered with success; the program hears of
/// it with the other changes of the instance. A function gets the instance and the arguments, may change the one,
/// refuse the other, and give back what is to happen after the answer. It must not wait. Where it refuses, panics, or leaves a
/// value that its resource does not take, the instance stays what it was.
#[proc_macro_derive(Object, attributes(object, resource))]
pub fn object(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), "::lwm2m_core")
}

/// `Object` for those who depend on `lwm2m-client`.
#[proc_macro_derive(ObjectViaClient, attributes(object, resource))]
pub fn object_via_client(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), "::lwm2m_client::lwm2m_core")
}

/// `Object` for those who depend on `lwm2m-server`.
#[proc_macro_derive(ObjectViaServer, attributes(object, resource))]
pub fn object_via_server(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), "::lwm2m_server::lwm2m_core")
}

/// `Object` for those who depend on `lwm2m-bootstrap`.
#[proc_macro_derive(ObjectViaBootstrap, attributes(object, resource))]
pub fn object_via_bootstrap(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), "::lwm2m_bootstrap::lwm2m_core")
}

/// An enum as whole numbers: the values of a resource or of a part of one.
///
/// Variants count from 0 or say their number. It implements `ValueType`, `FromNode` and `IntoNode`, and the number
/// comes from `i64::from`. The enum has to be `Clone`.
///
/// A number that no variant stands for is refused, by a device with 4.00. A variant
/// `#[enumeration(other)] Other(i64)` takes them instead: peers may have a newer version of the object.
///
/// **`#[enumeration(..)]`** above the enum: `unsigned`: kind Unsigned Integer and `u64` in place of Integer and `i64`;
/// `crate = path`.
#[proc_macro_derive(Enumeration, attributes(enumeration))]
pub fn enumeration(input: TokenStream) -> TokenStream {
    derive_enumeration(parse_macro_input!(input), "::lwm2m_core")
}

/// `Enumeration` for those who depend on `lwm2m-client`.
#[proc_macro_derive(EnumerationViaClient, attributes(enumeration))]
pub fn enumeration_via_client(input: TokenStream) -> TokenStream {
    derive_enumeration(parse_macro_input!(input), "::lwm2m_client::lwm2m_core")
}

/// `Enumeration` for those who depend on `lwm2m-server`.
#[proc_macro_derive(EnumerationViaServer, attributes(enumeration))]
pub fn enumeration_via_server(input: TokenStream) -> TokenStream {
    derive_enumeration(parse_macro_input!(input), "::lwm2m_server::lwm2m_core")
}

/// `Enumeration` for those who depend on `lwm2m-bootstrap`.
#[proc_macro_derive(EnumerationViaBootstrap, attributes(enumeration))]
pub fn enumeration_via_bootstrap(input: TokenStream) -> TokenStream {
    derive_enumeration(parse_macro_input!(input), "::lwm2m_bootstrap::lwm2m_core")
}

#[expect(clippy::needless_pass_by_value, reason = "parse_macro_input gives a value")]
fn derive_enumeration(input: DeriveInput, core: &str) -> TokenStream {
    enumeration::Enumeration::parse(&input, core)
        .map_or_else(|error| error.into_compile_error(), |found| found.expand())
        .into()
}

#[expect(clippy::needless_pass_by_value, reason = "parse_macro_input gives a value")]
fn derive(input: DeriveInput, core: &str) -> TokenStream {
    object::Object::parse(&input, core)
        .map_or_else(|error| error.into_compile_error(), |object| expand::expand(&object))
        .into()
}
