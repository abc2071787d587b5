//! Two servers observe the same place with different periods: a change that comes while the place is read for one is
//! told to both. [Core 1.2 §5.1.2]

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use common::{account, builder, scene, second};
use lwm2m_client::{
    Cx, InstanceId, IntoNode, Kind, ObjectDef, ObjectHandler, Ops, Rejection, ResourceDef, ResourceId,
    Selection, ServerAccount, Values, async_trait, lwm2m_core::sim::Net, transport::Target,
};

const VALUE: ResourceId = ResourceId(5700);

/// Takes what is there at once, and three seconds to say it.
#[derive(Clone)]
struct Slow {
    net: Net,
    value: Arc<Mutex<i64>>,
}

#[async_trait]
impl ObjectHandler for Slow {
    async fn instances(&self) -> Vec<InstanceId> {
        vec![InstanceId(0)]
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        let value = *self.value.lock().unwrap();
        self.net.sleep(Duration::from_secs(3)).await;
        Ok(vec![(VALUE, value.into_node())])
    }
}

#[test]
fn a_change_during_a_read_for_one_server_reaches_the_other() {
    const RESOURCES: &[ResourceDef] =
        &[ResourceDef::new(5700, "Sensor Value", Kind::Integer, Ops::R).mandatory()];
    let (net, mut quick, device) = scene();
    let mut patient = second(&net, "patient", &device);
    let clock = net.clone();
    net.run(async move {
        let slow = Slow { net: clock.clone(), value: Arc::default() };
        let other = ServerAccount::new(2, Target::new("coap://patient:5683")).default_periods(Some(11), None);
        let builder = builder(&device).server(account()).server(other);
        let definition = ObjectDef::new(33000, "Slow Sensor", RESOURCES);
        let mounted = builder.objects().mount(definition, slow.clone()).unwrap();
        let _client = builder.start_in(&device).await.unwrap();
        quick.register().await;
        patient.register().await;
        patient.observe("/33000/0/5700").await;
        quick.observe("/33000/0/5700").await;
        let set = |value| {
            *slow.value.lock().unwrap() = value;
            mounted.changed(InstanceId(0), &[(VALUE, None)]);
        };
        // The patient one was answered four seconds ago: its next read is due in seven.
        clock.sleep(Duration::from_secs(6)).await;
        set(1); // read for the quick one, until second 9
        clock.sleep(Duration::from_secs(1)).await;
        set(2); // and again then; meanwhile the patient one's turn comes
        let mut last = String::new();
        while let Some(told) = quick.next_within(Duration::from_secs(20)).await {
            last = told.text();
        }
        assert_eq!(last, "2");
        let mut last = String::new();
        while let Some(told) = patient.next_within(Duration::from_secs(20)).await {
            last = told.text();
        }
        assert_eq!(last, "2");
    });
}
