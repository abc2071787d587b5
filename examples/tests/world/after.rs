//! What must be true once all is calm again.

use lwm2m_client::{
    lwm2m_core::IntoNode,
    objects::{Server as ServerObject, Temperature, oma::AccessControl},
    state_store::StateStore,
};

use lwm2m_server::RequestError;

use super::{MADE, World, watch::Values};
use crate::common::{
    Counter,
    bootstrap::{accounts, servers},
    seconds,
};

/// How long a device may need to find back, in looks and seconds between them.
const LOOKS: usize = 120;
const LOOK: u64 = 67;

impl World {
    /// Everything works again: waits until the device has found back, and says what is missing if it does not.
    pub async fn recover(&mut self) {
        self.calm();
        // A server that does not know the device's address hears it with the next Update.
        self.net.sleep(seconds(300)).await;
        let mut missing = String::new();
        for look in 0..LOOKS {
            self.touch(look).await;
            self.net.sleep(seconds(LOOK)).await;
            match self.look().await {
                Ok(()) => return,
                Err(why) => missing = why,
            }
        }
        panic!("not as it should be: {missing}");
    }

    /// Every value changes: observers hear, and a server that observes no more says so.
    async fn touch(&mut self, look: usize) {
        if !look.is_multiple_of(3) {
            return;
        }
        self.number += 1;
        let objects = self.device.client.objects();
        for sensor in objects.instances::<Temperature>() {
            sensor.set(Temperature::SENSOR_VALUE, self.number as f64);
        }
        for counter in objects.instances::<Counter>() {
            counter.set(Counter::VALUE, self.number);
        }
        let counter = objects.instance::<Counter>(0).unwrap();
        let text = counter.get().text;
        counter.set(Counter::TEXT, "for a moment".to_owned());
        self.net.sleep(seconds(90)).await;
        counter.update(|counter| counter.text = text);
    }

    async fn look(&self) -> Result<(), String> {
        let mut known = servers(&self.device.client);
        let mut of_accounts = accounts(&self.device.client);
        known.sort_unstable();
        of_accounts.sort_unstable();
        require(!known.is_empty(), || "there is no server".to_owned())?;
        require(known == of_accounts, || format!("accounts {of_accounts:?}, servers {known:?}"))?;
        let status = self.device.client.status().await.map_err(|error| error.to_string())?;
        let mut registered: Vec<i64> = status.registered.iter().map(|server| i64::from(*server)).collect();
        registered.sort_unstable();
        require(registered == known, || format!("registered with {registered:?} of {known:?}"))?;
        let mut observed = 0;
        for server in [1, 2] {
            let there = self.asked(server).registration().await.unwrap().is_some();
            let wanted = known.contains(&i64::from(server));
            require(there == wanted, || format!("server {server} has it: {there}, wanted: {wanted}"))?;
            let stats = self.servers[usize::from(server) - 1].stats().await.unwrap();
            let waits: usize = stats.iter().map(|stats| stats.requests).sum();
            require(waits == 0, || format!("{waits} requests wait at server {server}"))?;
            observed += if wanted { self.watches.live(server) } else { 0 };
        }
        if let Some(late) = self.calls.overdue() {
            return Err(late);
        }
        require(!status.has_unsent && status.kept == 0, || format!("something waits: {status:?}"))?;
        let now = self.values();
        if let Some(stale) = self.watches.stale(&now, &known) {
            return Err(stale);
        }
        let observes = status.observations;
        require(observes == observed, || format!("{observes} observations, servers have {observed}"))?;
        self.look_at_values()?;
        self.look_at_store(&known).await
    }

    /// The values that observations are compared by.
    fn values(&self) -> Values {
        let objects = self.device.client.objects();
        let sensor = self.device.sensor.get().sensor_value;
        let mut values = super::watch::leaves(&sensor.into_node(), "/3303/0/5700".parse().unwrap());
        for counter in objects.instances::<Counter>() {
            let (id, value) = (counter.id().0, counter.get());
            let path = format!("/32800/{id}/0").parse().unwrap();
            values.extend(super::watch::leaves(&value.value.into_node(), path));
            if let Some(text) = value.text.filter(|_| id == 0) {
                values.extend(super::watch::leaves(&text.into_node(), "/32800/0/3".parse().unwrap()));
            }
        }
        values
    }

    /// What servers were told is done, is.
    fn look_at_values(&self) -> Result<(), String> {
        let objects = self.device.client.objects();
        let text = objects.instance::<Counter>(0).unwrap().get().text.unwrap_or_default();
        require(self.text.allows(&text), || format!("{text:?} is not what was written last"))?;
        for (made, instance) in self.made.iter().zip(MADE) {
            let there = objects.instance::<Counter>(instance).is_some();
            require(made.allows(&there), || format!("/32800/{instance} is there: {there}"))?;
        }
        Ok(())
    }

    /// Nothing is kept of what is not there any more.
    async fn look_at_store(&self, known: &[i64]) -> Result<(), String> {
        let records = self.town.state.load_all().await.unwrap();
        for record in records {
            let (letter, rest) = record.key.split_first().unwrap();
            let number = |at: usize| rest.get(at..at + 2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            let of_known = || number(0).is_some_and(|server| known.contains(&i64::from(server)));
            let fits = match letter {
                b'v' | b'c' => true,
                b'i' => {
                    let (object, instance) = (number(0).unwrap(), number(2).unwrap());
                    record.value.first() == Some(&0) || self.has(object, instance)
                }
                b'a' => of_known(),
                // Over, and to be removed by the next start: the store refused to forget it.
                b'd' => {
                    let until = record.value.first_chunk().map(|octets| i64::from_be_bytes(*octets));
                    of_known() && until < self.net.now().wall.map(|wall| wall.0)
                }
                b't' => {
                    let uri = String::from_utf8_lossy(rest).into_owned();
                    known.iter().any(|server| self.uri(*server as u16) == uri)
                }
                _ => false,
            };
            require(fits, || format!("a record of nothing: {record:?}"))?;
        }
        Ok(())
    }

    fn has(&self, object: u16, instance: u16) -> bool {
        let objects = self.device.client.objects();
        match object {
            0 => objects.instance::<lwm2m_client::objects::Security>(instance).is_some(),
            1 => objects.instance::<ServerObject>(instance).is_some(),
            2 => objects.instance::<AccessControl>(instance).is_some(),
            3 => instance == 0,
            32800 => objects.instance::<Counter>(instance).is_some(),
            _ => false,
        }
    }

    /// One server sends the device away for a minute: the other notices nothing. `false`: there are not two, or it may not.
    pub async fn one_is_disabled(&mut self) -> bool {
        let mut known = servers(&self.device.client);
        known.sort_unstable();
        let [1, 2] = known[..] else { return false };
        let (one, other) = self.dice.pick(&[(1, 2), (2, 1)]);
        self.journal.note(format!("server {one} disables, in calm"));
        let (_, instance) = self.instances_of(one).unwrap();
        let asked = self.asked(one);
        let wait = seconds(200);
        let written = asked.write(format!("/1/{instance}/5").as_str(), 60_i64).expires(wait).await;
        if matches!(&written, Err(RequestError::Refused(_))) {
            return false; // it has no right to
        }
        written.unwrap();
        let before = self.asked(other).registration().await.unwrap().unwrap();
        asked.execute(format!("/1/{instance}/4").as_str()).expires(wait).await.unwrap();
        let mut answered = 0;
        for _ in 0..6 {
            self.net.sleep(seconds(5)).await;
            assert!(asked.registration().await.unwrap().is_none(), "it has left");
            let asked = self.asked(other);
            let read = async { asked.read::<f64>("/3303/0/5700").await };
            let read = self.net.timeout(seconds(5), read).await;
            answered += u32::from(matches!(read, Ok(Ok(_) | Err(RequestError::Refused(_)))));
            // A device that sleeps answers later, and one that is being bootstrapped asks to wait.
            let waits = matches!(&read, Ok(Err(error)) if error.is_temporary());
            assert!(
                self.queue || waits || matches!(read, Ok(Ok(_) | Err(RequestError::Refused(_)))),
                "{read:?}"
            );
        }
        let after = self.asked(other).registration().await.unwrap().unwrap();
        assert_eq!(before.id, after.id, "the other server has it as before");
        assert!(self.queue || answered > 0, "the other server is answered");
        true
    }

    /// What was to arrive whatever happens has. Gives how much it was.
    pub fn all_owed_arrived(&self) -> usize {
        let owed = self.owed.lock().unwrap();
        for (server, number, exact) in owed.iter() {
            let arrived = &self.arrived[usize::from(*server) - 1];
            assert!(
                arrived.has(*number, *exact),
                "{number} was kept for server {server} and has not arrived"
            );
        }
        owed.len()
    }

    /// The last restart.
    pub async fn restart(&mut self) {
        self.cut_power().await;
    }
}

fn require(is_so: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(why()) }
}
