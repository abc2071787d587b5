//! Random histories of a client and a server of DTLS.

mod dtls_history;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_only_what_was_sent_is_received_and_nothing_is_left(
        octets in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        dtls_history::play(&octets);
    }
}

/// Connect, and let everything arrive in order.
#[test]
fn a_history_without_disturbance_leads_to_data() {
    for suite in 0..7 {
        let mut octets = vec![suite | 64, 0, 0];
        for _ in 0..12 {
            octets.extend([2, 0, 13, 2, 0, 13]);
        }
        octets.extend([18, 0, 2, 0, 18 | 128, 0, 2, 0]);
        dtls_history::play(&octets);
    }
}
