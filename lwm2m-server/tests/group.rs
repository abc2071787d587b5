//! The same request to many clients: so many at a time, a result for each, and sleepers hold nobody up. B.1.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::{Device, Scene, with_shards};
use lwm2m_server::{Code, RequestError, coap::Options};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn name(n: usize) -> String {
    format!("light-{n}")
}

async fn lights(scene: &Scene, count: usize, sleep: bool) -> Vec<Device> {
    let mut lights = Vec::new();
    for n in 0..count {
        let mut light = scene.device(&name(n));
        if sleep {
            light.register_as_sleeper(&name(n)).await;
        } else {
            light.register_as(&name(n)).await;
        }
        lights.push(light);
    }
    lights
}

#[test]
fn no_more_than_so_many_are_asked_at_once_and_each_has_its_result() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut lights = lights(&scene, 6, false).await;
        let group = scene.server.group((0..7).map(name)).at_once(2);
        let switch = group.each(|light| light.write("/3311/0/5850", true).timeout(seconds(30))).all();
        let script = async {
            let mut switched = 0;
            while switched < lights.len() {
                net.sleep(seconds(1)).await;
                let mut now = Vec::new();
                for light in &mut lights {
                    if let Some((_, frame)) = light.socket.try_recv() {
                        now.push((common::Received::parse(&frame), light));
                    }
                }
                assert!(now.len() <= 2, "{} at once", now.len());
                for (request, light) in now {
                    switched += 1;
                    let code = if switched == 3 { Code::UNAUTHORIZED } else { Code::CHANGED };
                    light.answer(&request, code, &Options::new(), b"");
                }
            }
        };
        let (results, ()) = tokio::join!(switch, script);
        let results: BTreeMap<_, _> = results.into_iter().collect();
        assert_eq!(results.len(), 7);
        assert_eq!(results.values().filter(|result| result.is_ok()).count(), 5);
        let refused = results.values().filter(|result| matches!(result, Err(RequestError::Refused(_))));
        assert_eq!(refused.count(), 1);
        assert!(matches!(results["light-6"], Err(RequestError::NotRegistered(_))));
    });
}

#[test]
fn sleepers_hold_nobody_up() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut lights = lights(&scene, 6, true).await;
        net.sleep(seconds(100)).await;
        lights[5].update().await;
        let group = scene.server.group((0..6).map(name)).at_once(1);
        let mut switch = group.each(|light| light.write("/3311/0/5850", true).expires(seconds(600)));
        let awake = async {
            let request = lights[5].request().await;
            lights[5].answer(&request, Code::CHANGED, &Options::new(), b"");
        };
        let (first, ()) = tokio::join!(switch.next(), awake);
        let (first, result) = first.unwrap();
        assert_eq!(&*first, "light-5", "the one that is awake, although it is the last");
        result.unwrap();
        let script = async {
            for light in &mut lights[..3] {
                light.update().await;
                let request = light.request().await;
                light.answer(&request, Code::CHANGED, &Options::new(), b"");
            }
        };
        let (rest, ()) = tokio::join!(switch.all(), script);
        assert_eq!(rest.iter().filter(|(_, result)| result.is_ok()).count(), 3);
        assert_eq!(rest.iter().filter(|(_, result)| matches!(result, Err(RequestError::Expired))).count(), 2);
    });
}

#[test]
fn dropping_it_takes_back_what_was_not_sent() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut lights = lights(&scene, 2, true).await;
        net.sleep(seconds(100)).await;
        let mut switch =
            scene.server.group((0..2).map(name)).each(|light| light.execute("/3/0/4").expires(seconds(600)));
        assert!(net.timeout(seconds(10), switch.next()).await.is_err());
        drop(switch);
        for light in &mut lights {
            light.update().await;
            light.hears_nothing(seconds(10)).await;
        }
    });
}
