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
    "aiocoap": ["cases_aiocoap_device", "cases_aiocoap_server", "cases_aiocoap_bootstrap"],
    "leshan": ["cases_leshan", "cases_leshan_bootstrap"],
    "dtls": ["cases_dtls_openssl", "cases_dtls_gnutls", "cases_dtls_libcoap", "cases_dtls_tinydtls",
             "cases_secure"],
    "dtls-more": ["cases_dtls_mbedtls", "cases_dtls_californium"],
    "reference": ["cases_reference"],
}


LIMIT = 240  # seconds for one module of cases; the longest takes a fifth of it


def too_long(*_):
    raise peer.Failure(f"not done within {LIMIT} s")


def main(peers):
    # A plain exit runs the `finally` below, so that no child outlives us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("FAIL the time for all cases is over"))
    signal.signal(signal.SIGALRM, too_long)
    ended = False
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
                    # Again and again, so that the cases that are left fail soon, too.
                    signal.setitimer(signal.ITIMER_REAL, LIMIT, 5)
                    try:
                        cases.run()
                    finally:
                        signal.setitimer(signal.ITIMER_REAL, 0)
                peer.stop_all()
                print(f"     {module}: {time.monotonic() - started:.1f} s", flush=True)
        ended = True
    finally:
        peer.stop_all()
        dtls.print_matrix()
        failed = peer.Score.failed + (not ended)
        print(f"{peer.Score.passed} passed, {failed} failed, {peer.Score.skipped} skipped", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
