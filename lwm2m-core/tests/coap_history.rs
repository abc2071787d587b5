//! Random histories of two endpoints keep their promises; see `history`.

#[allow(clippy::indexing_slicing, unreachable_pub, reason = "as in a test")]
mod history;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn histories_keep_their_promises(octets in prop::collection::vec(any::<u8>(), 0..2000)) {
        history::play(&octets);
    }
}
