//! Bodies that are read while they are sent.

use std::io;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use crate::machine::BodyPart;

/// Something large to be written to a client, for example firmware. Read as the client takes it: never more than one
/// part of it is in memory.
#[async_trait]
pub trait Body: Send + 'static {
    /// How many octets it has, if that is known. The client is told (Size1), and so is progress.
    fn size(&self) -> Option<u64> {
        None
    }

    /// The next part, of any size. `None`: that was all.
    ///
    /// # Errors
    /// The source failed: the request ends with [`RequestError::Body`](crate::RequestError::Body).
    async fn next(&mut self) -> io::Result<Option<Bytes>>;
}

#[async_trait]
impl Body for Bytes {
    fn size(&self) -> Option<u64> {
        u64::try_from(self.len()).ok()
    }

    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        Ok(Some(std::mem::take(self)).filter(|rest| !rest.is_empty()))
    }
}

#[async_trait]
impl Body for Vec<u8> {
    fn size(&self) -> Option<u64> {
        u64::try_from(self.len()).ok()
    }

    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        Ok(Some(Bytes::from(std::mem::take(self))).filter(|rest| !rest.is_empty()))
    }
}

/// A body in parts of the size that the CoAP endpoint wants.
pub(crate) struct Feed {
    body: Box<dyn Body>,
    read: BytesMut,
    ended: bool,
}

impl Feed {
    pub(crate) fn new(body: Box<dyn Body>) -> Self {
        Self { body, read: BytesMut::new(), ended: false }
    }

    /// `max` octets; fewer only at the end.
    pub(crate) async fn next(&mut self, max: usize) -> io::Result<BodyPart> {
        // One octet more tells whether this part is the last.
        while !self.ended && self.read.len() <= max {
            match self.body.next().await? {
                Some(part) => self.read.extend_from_slice(&part),
                None => self.ended = true,
            }
        }
        let bytes = self.read.split_to(max.min(self.read.len())).freeze();
        Ok(BodyPart { bytes, last: self.ended && self.read.is_empty() })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    fn now<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("the body is there already"),
        }
    }

    struct Parts(Vec<&'static [u8]>);

    #[async_trait]
    impl Body for Parts {
        async fn next(&mut self) -> io::Result<Option<Bytes>> {
            Ok((!self.0.is_empty()).then(|| Bytes::from_static(self.0.remove(0))))
        }
    }

    #[test]
    fn parts_of_any_size_become_parts_of_one_size() {
        let mut feed = Feed::new(Box::new(Parts(vec![b"a", b"", b"bcdefg", b"h"])));
        let mut parts = Vec::new();
        loop {
            let part = now(feed.next(4)).unwrap();
            parts.push(part.bytes);
            if part.last {
                break;
            }
        }
        assert_eq!(parts, ["abcd", "efgh"]);
    }

    #[test]
    fn an_empty_body_is_one_last_part() {
        let part = now(Feed::new(Box::new(Bytes::new())).next(4)).unwrap();
        assert!(part.bytes.is_empty() && part.last);
    }
}
