//! The DTLS engine, OpenSSL and mbedTLS through the same harness: both ends in one thread, datagrams in memory, CPU time of the
//! process. PSK with AES-128-CCM_8, cookie exchange, extended master secret.
//!
//! ```sh
//! cd examples/interop/dtls-bench && cargo run --release                 # ratios
//! cd examples/interop/dtls-bench && cargo run --release memory 100000   # sessions of our server; `openssl 2000`, `mbedtls 2000`: of theirs
//! ```

mod mbedtls;
mod openssl;
mod ours;

use std::fs;

/// Octets of what a record carries.
const RECORD: usize = 64;
const IDENTITY: &str = "urn:imei:490154203237518";
const KEY: [u8; 16] = *b"0123456789abcdef";

/// One DTLS stack, both ends of it.
trait Stack {
    /// A whole handshake, and the end of its session.
    fn handshake(&mut self);
    /// A session to send records through.
    fn connect(&mut self);
    /// One record from client to server: sealed, opened, looked at.
    fn record(&mut self, data: &[u8; RECORD]);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => ratios(),
        ["memory", count] => memory("ours", count.parse().expect("a number"), ours::hold),
        ["openssl", count] => memory("OpenSSL", count.parse().expect("a number"), openssl::hold),
        ["mbedtls", count] => memory("mbedTLS", count.parse().expect("a number"), mbedtls::hold),
        _ => panic!("nothing, or `memory`, `openssl` or `mbedtls` with a COUNT"),
    }
}

/// In turns, so that what else the machine does meets all.
fn ratios() {
    const ROUNDS: usize = 5;
    let (mut ours, mut openssl, mut mbedtls) =
        (ours::Both::new(), openssl::Both::new(), mbedtls::Both::new());
    let mut handshakes = [const { Vec::new() }; 3];
    let mut records = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let stacks = [&mut ours as &mut dyn Stack, &mut openssl, &mut mbedtls];
        for (at, stack) in stacks.into_iter().enumerate() {
            handshakes[at].push(rate(1.0, 50, || stack.handshake()));
            stack.connect();
            let data = [7; RECORD];
            records[at].push(rate(0.5, 1000, || stack.record(&data)));
        }
    }
    println!("| a CPU-second, both ends | ours | OpenSSL | ratio | mbedTLS | ratio |\n|---|--:|--:|--:|--:|--:|");
    row("PSK handshakes", handshakes.map(median));
    row("records of 64 octets", records.map(median));
}

fn row(what: &str, [ours, openssl, mbedtls]: [f64; 3]) {
    let (to_openssl, to_mbedtls) = (ours / openssl, ours / mbedtls);
    println!("| {what} | {ours:.0} | {openssl:.0} | {to_openssl:.2} | {mbedtls:.0} | {to_mbedtls:.2} |");
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// How often a CPU-second, measured over so many of them.
fn rate(seconds: f64, batch: u32, mut action: impl FnMut()) -> f64 {
    let begin = cpu_seconds();
    let mut times = 0;
    loop {
        for _ in 0..batch {
            action();
        }
        times += batch;
        let passed = cpu_seconds() - begin;
        if passed >= seconds {
            return f64::from(times) / passed;
        }
    }
}

/// What the process has used of a processor.
fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").expect("Linux");
    let nanos: f64 = text.split(' ').next().and_then(|first| first.parse().ok()).expect("a number");
    nanos / 1e9
}

fn memory<T>(who: &str, count: u32, hold: impl Fn(u32) -> T) {
    let warm = hold(100);
    let before = resident();
    let held = hold(count);
    let after = resident();
    println!("{who}: {count} sessions, {} resident octets each", (after - before) / u64::from(count));
    drop((warm, held));
}

fn resident() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages: u64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
    pages * 4096
}
