"""Runs the cases of the peers named on the command line and prints the score; started by `run`."""

import importlib
import signal
import sys
import time

import dtls
import peer

CASES = {
    "libcoap": ["cases_libcoap"],
    "raw": ["cases_raw"],
    "cbor2": ["cases_cbor2"],
    "lwm2m-codec": ["cases_lwm2m_codec"],
    "aiocoap": ["cases_aiocoap_device", "cases_aiocoap_server"],
    "leshan": ["cases_leshan"],
    "dtls": ["cases_dtls_openssl", "cases_dtls_gnutls", "cases_dtls_libcoap", "cases_dtls_tinydtls",
             "cases_secure"],
    "dtls-more": ["cases_dtls_mbedtls", "cases_dtls_californium"],
    "reference": ["cases_reference"],
}


def main(peers):
    # A plain exit runs the `finally` below, so that no child outlives us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        for name in peers:
            for module in CASES[name]:
                started = time.monotonic()
                cases = importlib.import_module(module)
                if not getattr(cases, "present", lambda: True)():
                    print(f"SKIPPED: {name} (its programs could not be fetched or built)", flush=True)
                    peer.Score.skipped += 1
                    continue
                # What breaks between the cases is one more failure, not the end of the run.
                with peer.case(f"{name}: {module} runs to its end", quiet=True):
                    cases.run()
                peer.stop_all()
                print(f"     {module}: {time.monotonic() - started:.1f} s", flush=True)
    finally:
        peer.stop_all()
    dtls.print_matrix()
    print(f"{peer.Score.passed} passed, {peer.Score.failed} failed, {peer.Score.skipped} skipped", flush=True)
    return 1 if peer.Score.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
