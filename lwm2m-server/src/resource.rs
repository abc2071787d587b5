//! CoAP resources of the program, beside the LwM2M interfaces.

use async_trait::async_trait;
use lwm2m_core::{coap, transport::Remote};

/// A resource of the program: a file that devices pull, an interface of its own.
///
/// Anybody who can reach the server can ask it; `from` says who it proved to be.
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// Answers one request to the path that the resource was given, or below. Bodies come and go whole.
    async fn handle(&self, request: coap::Request, from: &Remote) -> coap::Response;
}

/// A resource from a closure.
#[async_trait]
impl<F> Resource for F
where
    F: Fn(coap::Request, &Remote) -> coap::Response + Send + Sync + 'static,
{
    async fn handle(&self, request: coap::Request, from: &Remote) -> coap::Response {
        self(request, from)
    }
}
