//! OpenSSL.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io::{self, Read, Write},
    rc::Rc,
};

use openssl::ssl::{
    HandshakeError, MidHandshakeSslStream, Ssl, SslContext, SslContextBuilder, SslMethod, SslMode,
    SslOptions, SslSessionCacheMode, SslStream, SslVersion,
};

use crate::{IDENTITY, KEY, RECORD, Stack};

type Queue = Rc<RefCell<VecDeque<Vec<u8>>>>;

/// One end of a wire in memory.
#[derive(Debug)]
pub(crate) struct Wire {
    incoming: Queue,
    outgoing: Queue,
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let datagram = self.incoming.borrow_mut().pop_front().ok_or(io::ErrorKind::WouldBlock)?;
        let length = datagram.len().min(buffer.len());
        buffer[..length].copy_from_slice(&datagram[..length]);
        Ok(length)
    }
}

impl Write for Wire {
    fn write(&mut self, datagram: &[u8]) -> io::Result<usize> {
        self.outgoing.borrow_mut().push_back(datagram.to_vec());
        Ok(datagram.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) struct Both {
    client: SslContext,
    server: SslContext,
    session: Option<(SslStream<Wire>, SslStream<Wire>)>,
}

fn context() -> SslContextBuilder {
    let mut context = SslContext::builder(SslMethod::dtls()).expect("OpenSSL");
    context.set_min_proto_version(Some(SslVersion::DTLS1_2)).expect("DTLS 1.2");
    context.set_cipher_list("PSK-AES128-CCM8:@SECLEVEL=0").expect("the suite");
    // What ours does besides, it need not: no session is kept to be resumed.
    context.set_options(SslOptions::NO_TICKET | SslOptions::COOKIE_EXCHANGE | SslOptions::NO_QUERY_MTU);
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    context.set_mode(SslMode::RELEASE_BUFFERS);
    context
}

fn put(place: &mut [u8], octets: &[u8]) -> usize {
    place[..octets.len()].copy_from_slice(octets);
    octets.len()
}

enum End {
    Open(SslStream<Wire>),
    Half(MidHandshakeSslStream<Wire>),
}

fn step(result: Result<SslStream<Wire>, HandshakeError<Wire>>) -> End {
    match result {
        Ok(stream) => End::Open(stream),
        Err(HandshakeError::WouldBlock(half)) => End::Half(half),
        Err(error) => panic!("{error}"),
    }
}

impl Both {
    pub(crate) fn new() -> Self {
        let mut client = context();
        client.set_psk_client_callback(|_, _, identity, key| {
            identity[put(identity, IDENTITY.as_bytes())] = 0;
            Ok(put(key, &KEY))
        });
        let mut server = context();
        server.set_psk_server_callback(|_, _, key| Ok(put(key, &KEY)));
        server.set_cookie_generate_cb(|_, cookie| Ok(put(cookie, &[7; 16])));
        server.set_cookie_verify_cb(|_, cookie| cookie == [7; 16]);
        Self { client: client.build(), server: server.build(), session: None }
    }

    fn establish(&self) -> (SslStream<Wire>, SslStream<Wire>) {
        let (up, down) = (Queue::default(), Queue::default());
        let ssl = |context: &SslContext| {
            let mut ssl = Ssl::new(context).expect("OpenSSL");
            ssl.set_mtu(1152).expect("the size of a datagram");
            ssl
        };
        let wire = Wire { incoming: down.clone(), outgoing: up.clone() };
        let mut client = step(ssl(&self.client).connect(wire));
        let mut server = step(ssl(&self.server).accept(Wire { incoming: up, outgoing: down }));
        for _ in 0..8 {
            (client, server) = match (client, server) {
                (End::Open(client), End::Open(server)) => return (client, server),
                (client, server) => (again(client), again(server)),
            };
        }
        panic!("not established");
    }
}

fn again(end: End) -> End {
    match end {
        End::Half(half) => step(half.handshake()),
        open @ End::Open(_) => open,
    }
}

impl Stack for Both {
    fn handshake(&mut self) {
        drop(self.establish());
    }

    fn connect(&mut self) {
        self.session = Some(self.establish());
    }

    fn record(&mut self, data: &[u8; RECORD]) {
        let (client, server) = self.session.as_mut().expect("connected");
        client.ssl_write(data).expect("sent");
        let mut received = [0; 256];
        assert_eq!(server.ssl_read(&mut received).expect("received"), RECORD);
    }
}

/// So many idle sessions of a server; the clients are gone.
pub(crate) fn hold(count: u32) -> Vec<SslStream<Wire>> {
    let both = Both::new();
    (0..count).map(|_| both.establish().1).collect()
}
