//! The console's commands, carried out on a server.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use lwm2m_core::{Attributes, Model, Node, ObjectLink, Path};
use lwm2m_server::{
    Batch, ClientHandle, Composite, FromNode, GroupRequest, Observation, Registration, RequestError, Server,
    ServerError, op::Op,
};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    console::{Command, Many, Screen, Verb, help},
    show::{self, SENSOR_UNITS, Units},
    text::Mistake,
};

/// Registrations that are listed at a time.
const PAGE: usize = 500;
/// How long a client may take to say a unit, after it has said the value.
const UNIT: Duration = Duration::from_secs(5);

/// What came of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, or there was nothing to do.
    Done,
    /// It was not understood, refused, or not answered.
    Failed,
    /// The program is to end.
    Quit,
}

/// Carries out commands one after the other, and prints what comes of them.
pub struct Manager {
    server: Server,
    screen: Screen,
    model: &'static dyn Model,
    timeout: Duration,
    observations: BTreeMap<(String, Path), Watch>,
}

/// A task that prints notifications until it is stopped.
struct Watch {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), RequestError>>,
}

impl Manager {
    /// `timeout`: how long a client may take to answer.
    #[must_use]
    pub fn new(server: Server, screen: Screen, model: &'static dyn Model, timeout: Duration) -> Self {
        Self { server, screen, model, timeout, observations: BTreeMap::new() }
    }

    /// Carries out what a line says.
    pub async fn line(&mut self, line: &str) -> Outcome {
        let outcome = match Command::parse(line, self.model) {
            Ok(Some(Command::Quit)) => return Outcome::Quit,
            Ok(Some(command)) => self.run(command).await,
            Ok(None) => Ok(Vec::new()),
            Err(mistake) => Err(mistake.into()),
        };
        match outcome {
            Ok(lines) => {
                lines.iter().for_each(|line| self.screen.line(line));
                Outcome::Done
            }
            Err(refused) => {
                self.screen.line(format!("error: {refused}"));
                Outcome::Failed
            }
        }
    }

    async fn run(&mut self, command: Command) -> Result<Vec<String>, Failure> {
        match command {
            Command::List => self.list().await,
            Command::Show(endpoint) => self.show(&endpoint).await,
            Command::Wait(endpoint, time) => self.wait(&endpoint, time).await,
            Command::Ask { endpoint, path, verb } => self.ask(endpoint, path, verb).await,
            Command::AskMany { endpoint, verb } => self.ask_many(endpoint, verb).await,
            Command::Group { pattern, path, verb } => self.group(&pattern, path, verb).await,
            Command::Presence(endpoint) => {
                let presence = self.server.client(endpoint.as_str()).presence().await?;
                Ok(vec![format!("{endpoint} is {presence}")])
            }
            Command::Queue(endpoint) => self.queue(&endpoint).await,
            Command::CancelRequest(endpoint, number) => {
                match self.server.client(endpoint.as_str()).withdraw(number).await? {
                    true => Ok(vec![format!("ok cancelled request {number}")]),
                    false => Err(Mistake(format!("no request {number} waits for {endpoint}")).into()),
                }
            }
            Command::Cancel(endpoint, path) => self.cancel(&endpoint, path).await,
            Command::Help(topic) => Ok(vec![help(topic.as_deref())]),
            Command::Quit => Ok(Vec::new()),
        }
    }

    async fn queue(&self, endpoint: &str) -> Result<Vec<String>, Failure> {
        let queue = self.server.client(endpoint).queue().await?;
        let mut lines: Vec<_> = queue.iter().map(show::queued).collect();
        lines.push(format!("ok {} wait", queue.len()));
        Ok(lines)
    }

    /// Every registered client whose name matches; each is printed when it has answered.
    async fn group(&self, pattern: &str, path: Path, verb: Verb) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        let mut page = self.server.registrations(None, PAGE).await?;
        while let Some(last) = page.last() {
            let found = page.iter().filter(|registration| matches(pattern, &registration.endpoint));
            names.extend(found.map(|registration| registration.endpoint.clone()));
            page = self.server.registrations(Some(&last.endpoint), PAGE).await?;
        }
        if names.is_empty() {
            return Err(Mistake(format!("no registered client is called {pattern}")).into());
        }
        let (model, timeout) = (self.model, self.timeout);
        let all = self.server.group(names);
        let done = |()| vec!["ok".to_owned()];
        match verb {
            Verb::Read(format) => {
                let read = move |client: &ClientHandle| {
                    let read = client.read::<Node>(path).timeout(timeout);
                    match format {
                        Some(format) => read.format(format),
                        None => read,
                    }
                };
                self.tell_each(all.each(read), |node| show::values(model, path, &node)).await
            }
            Verb::Discover(depth) => {
                let discover = move |client: &ClientHandle| {
                    let discover = client.discover(path).timeout(timeout);
                    match depth {
                        Some(depth) => discover.depth(depth),
                        None => discover,
                    }
                };
                let lines = |links: Vec<ObjectLink>| links.iter().map(|l| show::link(model, l)).collect();
                self.tell_each(all.each(discover), lines).await
            }
            Verb::Replace(node) => {
                let write = move |client: &ClientHandle| client.write(path, node.clone()).timeout(timeout);
                self.tell_each(all.each(write), done).await
            }
            Verb::Update(node) => {
                let write =
                    move |client: &ClientHandle| client.write(path, node.clone()).partial().timeout(timeout);
                self.tell_each(all.each(write), done).await
            }
            Verb::Attributes(edit) => {
                let write = move |client: &ClientHandle| client.write_attributes(path, edit).timeout(timeout);
                self.tell_each(all.each(write), done).await
            }
            Verb::Execute(arguments) => {
                let execute = move |client: &ClientHandle| {
                    client.execute(path).arguments(arguments.clone()).timeout(timeout)
                };
                self.tell_each(all.each(execute), done).await
            }
            Verb::Create(values) => {
                let object = path.object_id().ok_or_else(|| Mistake("an object is missing".to_owned()))?;
                let instance = path.instance_id().map(|instance| instance.0);
                let create = move |client: &ClientHandle| {
                    let values = values.clone().into_iter().collect();
                    client.create_with(object, instance, values).timeout(timeout)
                };
                self.tell_each(all.each(create), |_| vec!["ok".to_owned()]).await
            }
            Verb::Delete => {
                let delete = move |client: &ClientHandle| client.delete(path).timeout(timeout);
                self.tell_each(all.each(delete), done).await
            }
            Verb::Observe(_) => Err(Mistake("a group cannot be observed".to_owned()).into()),
        }
    }

    async fn tell_each<O: Op>(
        &self,
        mut group: GroupRequest<O>,
        lines: impl Fn(O::Output) -> Vec<String>,
    ) -> Result<Vec<String>, Failure> {
        let (mut done, mut failed) = (0_usize, 0_usize);
        while let Some((name, result)) = group.next().await {
            match result {
                Ok(output) => {
                    done += 1;
                    lines(output).iter().for_each(|line| self.screen.line(format!("{name}: {line}")));
                }
                Err(error) => {
                    failed += 1;
                    self.screen.line(format!("{name}: error: {}", Failure::from(error)));
                }
            }
        }
        match failed {
            0 => Ok(vec![format!("ok {done} clients")]),
            _ => Err(Mistake(format!("{failed} of {} clients have failed", done + failed)).into()),
        }
    }

    async fn list(&self) -> Result<Vec<String>, Failure> {
        let mut lines = Vec::new();
        let mut page = self.server.registrations(None, PAGE).await?;
        while let Some(last) = page.last() {
            lines.extend(page.iter().map(|registration| show::registration_line(registration)));
            page = self.server.registrations(Some(&last.endpoint), PAGE).await?;
        }
        let count = lines.len();
        lines.push(format!("ok {count} registered"));
        Ok(lines)
    }

    async fn show(&self, endpoint: &str) -> Result<Vec<String>, Failure> {
        Ok(show::registration(self.model, &*self.registration(endpoint).await?))
    }

    /// Until a client is registered.
    async fn wait(&self, endpoint: &str, time: Duration) -> Result<Vec<String>, Failure> {
        let mut events = self.server.events(); // from before we look, so that none is missed
        let registered = async {
            while self.server.client(endpoint).registration().await?.is_none() {
                events.next().await.ok_or(ServerError::Stopped)?;
            }
            Ok(vec![format!("ok {endpoint} is registered")])
        };
        let too_late = |_| Mistake(format!("{endpoint} has not registered within {} s", time.as_secs()));
        tokio::time::timeout(time, registered).await.map_err(too_late)?
    }

    async fn registration(&self, endpoint: &str) -> Result<Arc<Registration>, Failure> {
        let found = self.server.client(endpoint).registration().await?;
        found.ok_or_else(|| RequestError::NotRegistered(endpoint.into()).into())
    }

    async fn ask(&mut self, endpoint: String, path: Path, verb: Verb) -> Result<Vec<String>, Failure> {
        let client = self.server.client(endpoint.as_str());
        let (model, timeout) = (self.model, self.timeout);
        let done = |what: &str| Ok(vec![format!("ok {what} {path}")]);
        match verb {
            Verb::Read(format) => {
                let mut request = client.read::<Node>(path).timeout(timeout);
                if let Some(format) = format {
                    request = request.format(format);
                }
                let node = request.await?;
                let units = units(&client, Units::missing(model, path, &node)).await;
                Ok(show::values_in(model, &units, path, &node))
            }
            Verb::Discover(depth) => {
                let mut discover = client.discover(path).timeout(timeout);
                if let Some(depth) = depth {
                    discover = discover.depth(depth);
                }
                let links = discover.await?;
                Ok(links.iter().map(|link| show::link(model, link)).collect())
            }
            Verb::Replace(node) => {
                client.write(path, node).timeout(timeout).await?;
                done("written")
            }
            Verb::Update(node) => {
                client.write(path, node).partial().timeout(timeout).await?;
                done("written")
            }
            Verb::Attributes(edit) => {
                client.write_attributes(path, edit).timeout(timeout).await?;
                done("set attributes of")
            }
            Verb::Execute(arguments) => {
                client.execute(path).arguments(arguments).timeout(timeout).await?;
                done("executed")
            }
            Verb::Create(values) => {
                let object = path.object_id().ok_or_else(|| Mistake("an object is missing".to_owned()))?;
                let instance = path.instance_id().map(|instance| instance.0);
                let create = client.create_with(object, instance, values.into_iter().collect());
                let made = create.timeout(timeout).await?;
                let id =
                    made.map_or_else(|| "(the client did not say which)".to_owned(), |id| id.to_string());
                Ok(vec![format!("ok created /{object}/{id}")])
            }
            Verb::Delete => {
                client.delete(path).timeout(timeout).await?;
                done("deleted")
            }
            Verb::Observe(attributes) => self.observe(endpoint, path, attributes).await,
        }
    }

    async fn ask_many(&mut self, endpoint: String, verb: Many) -> Result<Vec<String>, Failure> {
        let client = self.server.client(endpoint.as_str());
        match verb {
            Many::Read(paths) => {
                let read = client.read_composite(paths).timeout(self.timeout).await?;
                let units = units(&client, missing(self.model, &read)).await;
                Ok(composite(self.model, &units, &read))
            }
            Many::Write(parts) => {
                let count = parts.len();
                let batch = parts.into_iter().fold(Batch::new(), |batch, (path, node)| match node {
                    Some(node) => batch.set(path, node),
                    None => batch.remove(path),
                });
                client.write_composite(batch).timeout(self.timeout).await?;
                Ok(vec![format!("ok written {count} places")])
            }
            Many::Observe(paths) => {
                let key = self.unobserved(endpoint, Path::ROOT)?;
                let count = paths.len();
                let mut observation = client.observe_composite(paths).timeout(self.timeout).await?;
                let first = observation.next().await.transpose()?.map(|first| first.value);
                let asked = first.as_ref().map_or_else(Vec::new, |first| missing(self.model, first));
                let (units, model) = (units(&client, asked).await, self.model);
                let mut lines = first.map_or_else(Vec::new, |first| composite(model, &units, &first));
                lines.push(format!("ok observing {count} places"));
                self.watch(key, observation, move |_, told| composite(model, &units, told));
                Ok(lines)
            }
        }
    }

    /// The name of an observation that there is not yet.
    fn unobserved(&mut self, endpoint: String, path: Path) -> Result<(String, Path), Mistake> {
        self.observations.retain(|_, watch| !watch.task.is_finished());
        let key = (endpoint, path);
        if self.observations.contains_key(&key) {
            return Err(Mistake("it is observed already".to_owned()));
        }
        Ok(key)
    }

    /// Prints what it tells, until it ends.
    fn watch<T: FromNode + Sync>(
        &mut self,
        key: (String, Path),
        observation: Observation<T>,
        shown: impl Fn(Path, &T) -> Vec<String> + Send + 'static,
    ) {
        let (stop, stopped) = oneshot::channel();
        let prefix = format!("{} ", key.0);
        let task = watch(observation, stopped, self.screen.clone(), prefix, shown);
        #[expect(clippy::disallowed_methods, reason = "a program")]
        self.observations.insert(key, Watch { stop, task: tokio::spawn(task) });
    }

    async fn observe(
        &mut self,
        endpoint: String,
        path: Path,
        attributes: Attributes,
    ) -> Result<Vec<String>, Failure> {
        let key = self.unobserved(endpoint, path)?;
        let client = self.server.client(key.0.as_str());
        let observe = client.observe::<Node>(path).attributes(attributes).timeout(self.timeout);
        let mut observation = observe.await?;
        let first = observation.next().await.transpose()?.map(|first| first.value);
        let asked = first.as_ref().map_or_else(Vec::new, |first| Units::missing(self.model, path, first));
        let (units, model) = (units(&client, asked).await, self.model);
        let mut lines = first.map_or_else(Vec::new, |first| show::values_in(model, &units, path, &first));
        lines.push(format!("ok observing {path}"));
        self.watch(key, observation, move |path, node| show::values_in(model, &units, path, node));
        Ok(lines)
    }

    async fn cancel(&mut self, endpoint: &str, path: Option<Path>) -> Result<Vec<String>, Failure> {
        self.observations.retain(|_, watch| !watch.task.is_finished());
        let wanted = |key: &(String, Path)| key.0 == endpoint && path.is_none_or(|path| key.1 == path);
        let keys: Vec<_> = self.observations.keys().filter(|key| wanted(key)).cloned().collect();
        if keys.is_empty() {
            return Err(Mistake(match path {
                Some(path) => format!("{path} of {endpoint} is not observed"),
                None => format!("nothing of {endpoint} is observed"),
            })
            .into());
        }
        let mut lines = Vec::new();
        for key in keys {
            let Some(watch) = self.observations.remove(&key) else { continue };
            let _ = watch.stop.send(()); // it may just have ended
            watch.task.await.map_err(|error| Mistake(error.to_string()))??;
            lines.push(format!("ok cancelled {}", key.1));
        }
        Ok(lines)
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manager").field("observations", &self.observations.keys()).finish_non_exhaustive()
    }
}

/// Does the name match? Each `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    true
}

/// Prints notifications until the observation ends or is stopped; then cancels it.
async fn watch<T: FromNode>(
    mut observation: Observation<T>,
    mut stopped: oneshot::Receiver<()>,
    screen: Screen,
    prefix: String,
    shown: impl Fn(Path, &T) -> Vec<String>,
) -> Result<(), RequestError> {
    let path = observation.path();
    loop {
        let next = tokio::select! {
            next = observation.next() => next,
            _ = &mut stopped => return observation.cancel().await,
        };
        match next {
            Some(Ok(notification)) => {
                if notification.missed > 0 {
                    screen.line(format!("notification {prefix}{path}: {} missed", notification.missed));
                }
                let at = notification.at.map_or_else(String::new, show::stamp);
                for line in shown(path, &notification.value) {
                    screen.line(format!("notification {prefix}{line}{at}"));
                }
            }
            Some(Err(error)) => screen.line(format!("notification {prefix}{path}: {}", Failure::from(error))),
            None => return Ok(()),
        }
    }
}

/// Many objects say their unit in a resource of its own: it is asked for, where it did not come with the value.
pub async fn units(client: &ClientHandle, missing: Vec<Path>) -> Units {
    let mut units = Units::default();
    for instance in missing {
        let Ok(at) = instance.push(SENSOR_UNITS) else { continue };
        let asked = client.read::<String>(at).timeout(UNIT);
        match tokio::time::timeout(UNIT, asked.into_future()).await {
            Ok(Ok(unit)) => units.say(instance, unit),
            Ok(Err(RequestError::Refused(_))) => {}
            _ => break,
        }
    }
    units
}

/// One line a value.
fn composite(model: &dyn Model, units: &Units, told: &Composite) -> Vec<String> {
    told.node(Path::ROOT).map_or_else(Vec::new, |node| show::values_in(model, units, Path::ROOT, &node))
}

/// Instances whose unit is not told.
fn missing(model: &dyn Model, told: &Composite) -> Vec<Path> {
    told.node(Path::ROOT).map_or_else(Vec::new, |node| Units::missing(model, Path::ROOT, &node))
}

/// Why a command came to nothing, as it is printed after `error: `.
#[derive(Debug)]
enum Failure {
    Request(RequestError),
    Server(ServerError),
    Mistake(Mistake),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(RequestError::Refused(rejection)) => rejection.fmt(f),
            Self::Request(error) => error.fmt(f),
            Self::Server(error) => error.fmt(f),
            Self::Mistake(mistake) => mistake.fmt(f),
        }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<ServerError> for Failure {
    fn from(error: ServerError) -> Self {
        Self::Server(error)
    }
}

impl From<Mistake> for Failure {
    fn from(mistake: Mistake) -> Self {
        Self::Mistake(mistake)
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name) in
            [("*", "a"), ("a*", "a"), ("a*", "abc"), ("*c", "abc"), ("a*b*c", "a-b-b-c"), ("a", "a")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", "ab"), ("a*", "b"), ("*c", "cb"), ("a*b*c", "a-c"), ("ab*bc", "abc")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
