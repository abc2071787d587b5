//! Metrics of both ends: all of them are documented, and what they say is what happened.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::fs;

use common::{Scene, account, seconds};
use lwm2m_core::{
    metrics::{self, Metric},
    sim::Net,
};
use metrics_exporter_prometheus::PrometheusBuilder;

#[test]
fn every_metric_is_documented() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/metrics.md")).unwrap();
    let mut rows = 0;
    rows += documented(&page, lwm2m_server::metrics::METRICS);
    rows += documented(&page, lwm2m_client::metrics::METRICS);
    rows += documented(&page, metrics::COAP);
    rows += documented(&page, metrics::DRIVER);
    rows += documented(&page, metrics::TRANSPORT);
    assert_eq!(page.matches("| `lwm2m_").count(), rows, "it has rows of no metric");
}

fn documented<S>(page: &str, table: &[Metric<S>]) -> usize {
    for Metric { name, kind, help, .. } in table {
        let row = format!("| `{name}` | {} | {help} |", format!("{kind:?}").to_lowercase());
        assert!(page.contains(&row), "docs/metrics.md lacks: {row}");
    }
    table.len()
}

/// One test: a process has one recorder.
#[test]
fn they_say_what_happened() {
    let recorder = PrometheusBuilder::new().install_recorder().unwrap();
    lwm2m_server::metrics::describe();
    lwm2m_client::metrics::describe();
    let net = Net::seeded(5);
    net.run(async {
        let mut scene = Scene::new(&net, 2).await;
        let client = scene.start_device(scene.client(&scene.here, "device", account().queue_mode())).await;
        let device = scene.server.client("device");
        let _: String = device.read("/3/0/16").await.unwrap();
        net.sleep(seconds(100)).await;
        let expired = device.read::<String>("/3/0/16").expires(seconds(10)).await;
        assert!(expired.is_err());
        scene.server.record_metrics().await.unwrap();
        client.record_metrics("device").await.unwrap();
        let text = recorder.render();
        for line in [
            "lwm2m_server_registrations 1",
            "lwm2m_server_asleep 1",
            "lwm2m_server_fell_asleep_total 1",
            "lwm2m_server_requests_total 2",
            "lwm2m_server_requests_expired_total 1",
            "lwm2m_coap_overload_total{role=\"server\"} 0",
            "lwm2m_coap_malformed_total{endpoint=\"device\",role=\"client\"} 0",
            "lwm2m_driver_panics_total{role=\"server\"} 0",
            "lwm2m_client_registered{endpoint=\"device\"} 1",
            "lwm2m_client_awake_seconds{endpoint=\"device\"} 0",
        ] {
            assert!(text.lines().any(|said| said == line), "{line} is missing:\n{text}");
        }
    });
}
