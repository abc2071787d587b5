//! What is measured: a server of the SDK, and an echo.

use std::{
    io::{BufRead, Write},
    net::{Ipv4Addr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use lwm2m_server::{Address, EndpointName, Server, transport::Listen};
use tokio::{runtime::Runtime, task::JoinSet};

use crate::{Outcome, session::AnyDevice};

/// Reads that are under way at a time.
const AT_ONCE: usize = 100;
const PATH: &str = "/3303/0/5700";

/// Sends every datagram back.
pub(crate) fn echo() -> Outcome<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    tell(socket.local_addr()?.port())?;
    let mut buffer = [0; 2048];
    loop {
        let (length, from) = socket.recv_from(&mut buffer)?;
        socket.send_to(buffer.get(..length).unwrap_or_default(), from)?;
    }
}

/// A server that takes its orders from standard input.
pub(crate) fn serve(shards: u8, dtls: bool) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(usize::from(shards.max(1)))
        .enable_all()
        .build()?;
    let listen = if dtls { Listen::dtls("127.0.0.1:0") } else { Listen::udp("127.0.0.1:0") };
    let start = Server::builder().listen(listen).credentials(AnyDevice).shards(shards).start();
    let server = runtime.block_on(start)?;
    let Some(Address::Ip(address)) = server.addresses().first() else {
        return Err("not an IP address".into());
    };
    tell(address.port())?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["read", milliseconds] => {
                let time = Duration::from_millis(milliseconds.parse()?);
                tell(runtime.block_on(read(&server, time))?)?;
            }
            ["devices"] => tell(runtime.block_on(endpoints(&server))?.len())?,
            ["observe"] => tell(observe(&runtime, &server)?)?,
            ["notifications"] => {
                let stats = runtime.block_on(server.stats())?;
                tell(stats.iter().map(|shard| shard.counters.notifications).sum::<u64>())?;
            }
            _ => return Err(format!("not understood: {line}").into()),
        }
    }
    Ok(())
}

/// Says a number to the generator.
fn tell(number: impl std::fmt::Display) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{number}")?;
    Ok(out.flush()?)
}

async fn endpoints(server: &Server) -> Outcome<Vec<EndpointName>> {
    let registrations = server.registrations(None, usize::MAX).await?;
    Ok(registrations.iter().map(|registration| registration.endpoint.clone()).collect())
}

/// Reads one device after the other, many at a time; gives how many answered.
async fn read(server: &Server, time: Duration) -> Outcome<u64> {
    let endpoints: Arc<[EndpointName]> = endpoints(server).await?.into();
    let end = Instant::now() + time;
    let answered = Arc::new(AtomicU64::new(0));
    let mut readers = JoinSet::new();
    for first in 0..AT_ONCE.min(endpoints.len()) {
        let (server, endpoints, answered) = (server.clone(), endpoints.clone(), answered.clone());
        readers.spawn(async move {
            for endpoint in endpoints.iter().cycle().skip(first).step_by(AT_ONCE) {
                if Instant::now() > end {
                    break;
                }
                let value = server.client(endpoint).read::<f64>(PATH).await;
                answered.fetch_add(u64::from(value.is_ok()), Ordering::Relaxed);
            }
        });
    }
    readers.join_all().await;
    Ok(answered.load(Ordering::Relaxed))
}

/// Observes every device and leaves the observations running; gives how many took it up.
fn observe(runtime: &Runtime, server: &Server) -> Outcome<usize> {
    runtime.block_on(async {
        let mut observing = 0;
        for window in endpoints(server).await?.chunks(AT_ONCE) {
            let mut requests = JoinSet::new();
            for endpoint in window {
                requests.spawn(IntoFuture::into_future(server.client(endpoint).observe::<f64>(PATH)));
            }
            for observation in requests.join_all().await {
                observation?.detach();
                observing += 1;
            }
        }
        Ok(observing)
    })
}
