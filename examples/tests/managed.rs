//! A device is managed: every operation, from the typed request of the server to the value in the device.

mod common;

use common::{Counter, Scene, with_shards};
use lwm2m_client::{
    Code,
    objects::{Device, Temperature},
};
use lwm2m_server::{RequestError, ServerEvent};

#[test]
fn from_register_to_deregister() {
    with_shards(|net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let sensor =
            builder.objects().add(0, Temperature { sensor_value: 20.5, ..Temperature::default() }).unwrap();
        let counter = builder.objects().add(0, Counter::default()).unwrap();
        builder.objects().creatable(|_| Counter::default()).unwrap();
        let client = builder
            .device(Device { manufacturer: Some("Example".to_owned()), ..Device::default() })
            .start_in(&scene.here)
            .await
            .unwrap();
        let ServerEvent::Registered { registration, .. } = scene.event().await else {
            panic!("a registration is first")
        };
        assert_eq!(&*registration.endpoint, "device");
        let device = scene.server.client("device");

        let celsius: f64 = device.read(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        assert_eq!(celsius.to_bits(), 20.5_f64.to_bits());
        let whole: Counter = device.read("/32800/0").await.unwrap();
        assert_eq!(whole, Counter::default());
        let links = device.discover("/32800/0").await.unwrap();
        let paths: Vec<_> = links.iter().map(|link| link.path.to_string()).collect();
        assert_eq!(paths, ["/32800/0", "/32800/0/0", "/32800/0/1", "/32800/0/2"]);

        device.write(Counter::VALUE.at(0), 7).await.unwrap();
        assert_eq!(counter.get().value, 7);
        device.execute(Counter::COUNT.at(0)).await.unwrap();
        assert_eq!(counter.get().executed, 1);
        let refused = device.write("/32800/0/2", 1_i64).await.unwrap_err();
        assert!(
            matches!(refused, RequestError::Refused(rejection) if rejection.code == Code::METHOD_NOT_ALLOWED)
        );

        let mut observed = device.observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        let first = observed.next().await.unwrap().unwrap().value;
        sensor.set(Temperature::SENSOR_VALUE, 21.0);
        let second = observed.next().await.unwrap().unwrap().value;
        assert_eq!([first, second].map(f64::to_bits), [20.5, 21.0].map(f64::to_bits));
        observed.cancel().await.unwrap();
        assert_eq!(client.status().await.unwrap().observations, 0);

        let created = device.create(None, Counter { value: 5, ..Counter::default() }).await.unwrap();
        assert_eq!(client.objects().instances::<Counter>().len(), 2, "{created:?}");
        assert!(matches!(scene.event().await, ServerEvent::Updated(_)));
        device.delete("/32800/1").await.unwrap();
        assert_eq!(client.objects().instances::<Counter>().len(), 1);
        assert!(matches!(scene.event().await, ServerEvent::Updated(_)));

        client.shutdown().await.unwrap();
        assert!(matches!(scene.event().await, ServerEvent::Deregistered(_)));
    });
}
