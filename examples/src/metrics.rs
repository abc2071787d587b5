//! Metrics of a server for Prometheus: text over HTTP, made anew for each scrape.

use std::{io, net::SocketAddr, time::Duration};

use lwm2m_server::{Server, metrics};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// How long somebody who scrapes may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest request head; its text does not matter.
const HEAD: usize = 4096;

/// Where metrics are scraped.
#[derive(Debug)]
pub struct Scrapes {
    listener: TcpListener,
    recorder: PrometheusHandle,
}

impl Scrapes {
    /// Listens, and installs the recorder of this process.
    ///
    /// # Errors
    /// The address cannot be listened on, or the process has a recorder already.
    pub async fn open(at: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(at).await?;
        let recorder = PrometheusBuilder::new().install_recorder().map_err(io::Error::other)?;
        metrics::describe();
        Ok(Self { listener, recorder })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers one after the other, whatever is asked for, until the server has stopped.
    pub async fn serve(self, server: Server) {
        while let Ok((stream, _)) = self.listener.accept().await {
            if server.record_metrics().await.is_err() {
                return;
            }
            // Who hangs up, or does not read, only misses his scrape.
            let _ = tokio::time::timeout(PATIENCE, answer(stream, &self.recorder.render())).await;
        }
    }
}

async fn answer(mut stream: TcpStream, text: &str) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < HEAD {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    let length = text.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}
