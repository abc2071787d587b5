//! `#[derive(Object)]`: a struct as an LwM2M object instance.

use proc_macro::TokenStream;

/// For users of `lwm2m-core`.
#[proc_macro_derive(Object, attributes(object, resource))]
pub fn object(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
