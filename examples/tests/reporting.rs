//! Devices report by themselves: at intervals, and when something changes. HLF-019, HLF-020, HLF-022.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod system;

use std::time::Duration;

use lwm2m_client::{ClientBuilder, Instance, objects::Temperature};
use system::{System, account, system};

const SENSOR: &str = "/3303/0/5700";

fn thermometer(builder: &ClientBuilder) -> Instance<Temperature> {
    builder.objects().add(0, Temperature { sensor_value: 20.0, ..Temperature::default() }).unwrap()
}

async fn silent(system: &System, values: &mut lwm2m_server::Observation<f64>, time: Duration) -> bool {
    system.net.timeout(time, values.next()).await.is_err()
}

#[test]
fn a_change_is_told_when_it_happens() {
    system(async |mut system| {
        let host = system.host("device");
        let builder = system.client(&host, "device");
        let sensor = thermometer(&builder);
        let _client = system.start(&host, builder).await;
        let mut values = system.server.client("device").observe::<f64>(SENSOR).await.unwrap();
        assert_eq!(values.next().await.unwrap().unwrap().value, 20.0);
        for value in [20.5, 21.0, 20.0] {
            let began = system.net.now();
            sensor.set(Temperature::SENSOR_VALUE, value);
            assert_eq!(values.next().await.unwrap().unwrap().value, value);
            assert!(system.net.now().mono.since(began.mono) < Duration::from_millis(500), "at once");
        }
        assert!(silent(&system, &mut values, Duration::from_secs(3600)).await, "nothing changes");
    });
}

#[test]
fn a_constant_value_is_told_at_the_interval_of_the_server() {
    system(async |mut system| {
        let host = system.host("device");
        let builder = system.client_with(&host, "device", account().default_periods(Some(2), Some(5)));
        let sensor = thermometer(&builder);
        let _client = system.start(&host, builder).await;
        let mut values = system.server.client("device").observe::<f64>(SENSOR).await.unwrap();
        let _ = values.next().await.unwrap().unwrap();
        for _ in 0..10 {
            let began = system.net.now();
            assert_eq!(values.next().await.unwrap().unwrap().value, 20.0);
            let waited = system.net.now().mono.since(began.mono);
            assert!((4.5..5.5).contains(&waited.as_secs_f64()), "{waited:?}");
        }
        // changes wait for the least time between notifications, and only the last is told
        for value in [21.0, 22.0, 23.0] {
            sensor.set(Temperature::SENSOR_VALUE, value);
        }
        assert!(silent(&system, &mut values, Duration::from_millis(1500)).await, "too early");
        assert_eq!(values.next().await.unwrap().unwrap().value, 23.0);
    });
}
