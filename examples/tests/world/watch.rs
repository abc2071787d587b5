//! Observations of servers, and what they were told last.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::{Either, select};
use lwm2m_server::{Attributes, ClientHandle, Composite, Node, Observation, Path, RequestError};
use tokio::sync::oneshot;

use super::records::{Dice, Journal, Ledger};

/// Values by their places.
pub type Values = BTreeMap<String, String>;

#[derive(Default)]
pub struct Watches(Vec<Watch>);

/// An observation that was asked for.
struct Watch {
    what: String,
    server: u16,
    places: &'static [&'static str],
    state: Arc<Mutex<Told>>,
    live: Arc<AtomicBool>,
    end: Option<oneshot::Sender<bool>>,
}

#[derive(Default)]
struct Told {
    values: Values,
}

/// One that is about to begin.
pub struct Begun {
    what: String,
    asked: ClientHandle,
    places: &'static [&'static str],
    follow: bool,
    attributes: Option<Attributes>,
    state: Arc<Mutex<Told>>,
    live: Arc<AtomicBool>,
    end: oneshot::Receiver<bool>,
    journal: Journal,
}

impl Watches {
    pub fn begin(&mut self, dice: &mut Dice, server: u16, asked: &ClientHandle, journal: &Journal) -> Begun {
        let places: &'static [&'static str] = dice.pick(&[
            &["/3303/0/5700"],
            &["/32800/0/3"],
            &["/32800/1/0"],
            &["/32800/2"],
            &["/32800/0"],
            &["/3303"],
            &["/3303/0/5700", "/32800/0/3"],
            &["/3303/0", "/32800/1/0", "/1"],
        ]);
        let follow = dice.one_in(3);
        let attributes = dice.one_in(3).then(|| Attributes::default().pmin(dice.pick(&[0, 2, 20])).pmax(60));
        let what = format!("server {server} observes {places:?} follow {follow} {}", attributes.is_some());
        journal.note(&what);
        let (state, live) = (Arc::<Mutex<Told>>::default(), Arc::new(AtomicBool::new(false)));
        let (end, ending) = oneshot::channel();
        let watch = Watch {
            what: what.clone(),
            server,
            places,
            state: state.clone(),
            live: live.clone(),
            end: Some(end),
        };
        self.0.push(watch);
        let (asked, journal) = (asked.clone(), journal.clone());
        Begun { what, asked, places, follow, attributes, state, live, end: ending, journal }
    }

    /// One is cancelled, or its reader goes away.
    pub fn end_one(&mut self, dice: &mut Dice, journal: &Journal) {
        let running =
            self.0.iter_mut().filter(|watch| watch.end.is_some() && watch.live.load(Ordering::Relaxed));
        let running: Vec<_> = running.collect();
        if running.is_empty() {
            return;
        }
        let chosen = dice.below(running.len() as u64) as usize;
        let cancels = dice.one_in(2);
        if let Some(watch) = running.into_iter().nth(chosen) {
            journal.note(format!("{} ends, cancelled {cancels}", watch.what));
            let _ = watch.end.take().map(|end| end.send(cancels));
        }
    }

    /// How many go on at a server.
    pub fn live(&self, server: u16) -> usize {
        let of_server = self.0.iter().filter(|watch| watch.server == server);
        of_server.filter(|watch| watch.live.load(Ordering::Relaxed)).count()
    }

    /// The first that does not have what is true now. What servers have made is seen by who made it.
    /// One that follows its device waits while that is not registered with its server.
    pub fn stale(&self, now: &Values, known: &[i64]) -> Option<String> {
        let goes_on =
            |watch: &&Watch| known.contains(&i64::from(watch.server)) && watch.live.load(Ordering::Relaxed);
        self.0.iter().filter(goes_on).find_map(|watch| {
            let told = &watch.state.lock().unwrap().values;
            let below = |path: &str| {
                watch.places.iter().any(|place| path == *place || path.starts_with(&format!("{place}/")))
            };
            let lacks = now.iter().any(|(path, value)| match told.get(path) {
                Some(known) => known != value,
                None => below(path) && OPEN_TO_ALL.contains(&path.as_str()),
            });
            let made = |path: &str| path.starts_with("/32800/") && path.ends_with("/0");
            let has = told.keys().any(|path| made(path) && !now.contains_key(path));
            (lacks || has).then(|| format!("{}: told {told:?}, true is {now:?}", watch.what))
        })
    }
}

const OPEN_TO_ALL: [&str; 2] = ["/3303/0/5700", "/32800/0/3"];

impl Begun {
    pub async fn run(self, calls: &Ledger, within: Duration) {
        if let [place] = self.places {
            let path: Path = place.parse().unwrap();
            let mut request = self.asked.observe::<Node>(path);
            if self.follow {
                request = request.follow();
            }
            if let Some(attributes) = self.attributes {
                request = request.attributes(attributes);
            }
            let begun = calls.of(&self.what, Some(within), request.into_future()).await;
            self.read(begun, |node| leaves(node, path)).await;
        } else {
            let mut request = self.asked.observe_composite(self.places.iter().copied());
            if self.follow {
                request = request.follow();
            }
            if let Some(attributes) = self.attributes {
                request = request.attributes(attributes);
            }
            let begun = calls.of(&self.what, Some(within), request.into_future()).await;
            let values = |all: &Composite| {
                all.values()
                    .into_iter()
                    .map(|(path, value)| (path.to_string(), format!("{value:?}")))
                    .collect()
            };
            self.read(begun, values).await;
        }
    }

    async fn read<T: lwm2m_server::FromNode>(
        self,
        begun: Result<Observation<T>, RequestError>,
        values: impl Fn(&T) -> Values,
    ) {
        let Self { what, state, live, mut end, journal, .. } = self;
        let mut observation = match begun {
            Ok(observation) => observation,
            Err(error) => return journal.note(format!("    {what}: {error}")),
        };
        journal.note(format!("    {what}: begun"));
        live.store(true, Ordering::Relaxed);
        let cancels = loop {
            match select(Box::pin(observation.next()), &mut end).await {
                Either::Left((Some(Ok(notification)), _)) => {
                    let told = values(&notification.value);
                    journal.note(format!("    {what}: {told:?}"));
                    state.lock().unwrap().values = told;
                }
                Either::Left((other, _)) => {
                    let why = other.and_then(Result::err).map(|error| error.to_string());
                    journal.note(format!("    {what}: over, {why:?}"));
                    break false;
                }
                Either::Right((cancels, _)) => break cancels == Ok(true),
            }
        };
        live.store(false, Ordering::Relaxed);
        if cancels {
            let result = observation.cancel().await;
            journal.note(format!("    {what}: cancelled, {result:?}"));
        }
    }
}

pub fn leaves(node: &Node, path: Path) -> Values {
    node.leaves(path).into_iter().map(|(path, value)| (path.to_string(), format!("{value:?}"))).collect()
}
