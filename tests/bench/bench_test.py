#!/usr/bin/python3
"""ops/bench, made small: it runs, its last line is the object that BENCHMARKS.md describes. Speed is not looked at.

usage: bench_test.py BIN_DIR"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench import Bench  # noqa: E402
from machine import with_settings  # noqa: E402

BENCH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench.py")
SMALL = ("--quick", "--json", "--key", "rsa", "--sellers", "3", "--bytes", "4000", "--in-flight", "8")


def bench(folder, *arguments):
    done = subprocess.run([sys.executable, "-B", BENCH, "--bin-dir", sys.argv[1], "--sandbox", folder, *SMALL, *arguments],
                          capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, flush=True)
    assert done.returncode == 0, arguments
    return json.loads(done.stdout.strip().split("\n")[-1])


def check_bound():
    """Two cores, divided by what one message costs at the least."""
    assert Bench.bound({"verify_engine_us": 200, "grpc_mtls_ack_us": 50}) == 8000
    assert Bench.bound({"verify_engine_us": 200, "grpc_mtls_ack_us": 0}) is None
    assert with_settings("a: 1\n\nstore:\n  path: data\n", {"store.x": "1", "log.level": "info"}) == (
        "a: 1\n\nstore:\n  x: 1\n  path: data\n\nlog:\n  level: info\n")


def main():
    check_bound()
    with tempfile.TemporaryDirectory(prefix="tvan-bench-") as folder:
        full = bench(folder, "--messages", "200", "--warmup", "20")
        for name in ("accepted_per_s", "p50_ms", "p99_ms", "answered_per_s"):
            assert full[name] > 0, name
        # CPU is counted in ticks of 10 ms: what follows from it may be 0, or none, in so short a run.
        assert set(full) >= {"cpu_us_per_message", "ratio_to_bound", "bound_per_s", "settings"}, full
        for name in ("verify_engine_us", "parse_c14n_sha_rsa_us", "fdatasync_per_s", "grpc_mtls_ack_per_s"):
            assert full["calibration"][name] > 0, name
        signatures = full["signatures"]
        assert set(signatures["us"]) >= {"c14n_sha_rsa", "verify", "verify_xmlsec_chain", "gateway", "hits_90"}, signatures
        assert all(figure > 0 for part in ("us", "ratios") for figure in signatures[part].values()), signatures
        assert full["load"]["sent"] == full["load"]["accepted"] == 220, full["load"]

        buffered = bench(folder, "--backlog", "300", "--set", "store.memtable_bytes=64MiB")
        stage, = buffered["stages"]
        assert stage["buffered"] == 300 and stage["rss_mb"] > 0 and stage["disk_mb"] > 0, stage
        assert buffered["drain"]["messages"] == 300 and buffered["drain"]["per_s"] > 0, buffered["drain"]
        assert os.listdir(folder) and not os.path.exists(os.path.join(folder, "run", "data")), "the store is left behind"


if __name__ == "__main__":
    main()
