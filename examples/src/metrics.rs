//! Metrics of a server on a page for Prometheus.

use std::{io, net::SocketAddr, time::Duration};

use lwm2m_server::{Server, metrics};
use metrics_exporter_prometheus::PrometheusBuilder;

/// How old the numbers of a scrape are at most.
const AGE: Duration = Duration::from_secs(1);

/// Opens the page, and makes its recorder that of this process. It is empty until [`keep_up`] runs.
///
/// # Errors
/// The address cannot be listened on, or the process has a recorder already.
pub fn open(at: SocketAddr) -> io::Result<()> {
    PrometheusBuilder::new().with_http_listener(at).install().map_err(io::Error::other)?;
    metrics::describe();
    Ok(())
}

/// Keeps the page up to date until the server has stopped.
pub async fn keep_up(server: &Server) {
    let mut ticks = tokio::time::interval(AGE);
    while server.record_metrics().await.is_ok() {
        ticks.tick().await;
    }
}
