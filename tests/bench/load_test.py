#!/usr/bin/python3
"""tvan-load against a real gateway: its numbers must add up with each other and with the store's. Speed is not looked at."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "acceptance"))
from live import BIN_DIR, Live  # noqa: E402

COUNT = 60


def load(live, *arguments, expect=0):
    sandbox = live.sandbox.folder
    done = subprocess.run([os.path.join(BIN_DIR, "tvan-load"), *arguments, "--sandbox", sandbox, "--profile",
                           os.path.join(sandbox, "acme"), "--key", "ec", "--sellers", "4", "--bytes", "4000"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == expect, (arguments, done.returncode, done.stdout, done.stderr)
    print(f"tvan-load {' '.join(arguments)}\n{done.stdout}{done.stderr}", flush=True)
    return json.loads(done.stdout.strip().split("\n")[-1])


def store_counts(live):
    return int(json.loads(live.ctl("queue", "--json", profile="operator")).get("accepted_total", 0))


def check_adds_up(result, sent):
    assert result["ok"] and result["problems"] == [] and result["complaints"] == {}, result
    for name in ("sent", "accepted", "distinct_gateway_ids"):
        assert result[name] == sent, (name, result)
    for name in ("rejected", "failed", "missing", "stray", "wrong_receipts", "already_accepted", "backpressure"):
        assert result[name] == 0, (name, result)
    assert result["latency_samples"] == sent - result["settings"]["warmup_messages"], result
    assert 0 < result["p50_ms"] <= result["p90_ms"] <= result["p99_ms"] <= result["max_ms"], result


def main():
    with Live() as live:
        made = load(live, "make", "--count", str(4 * COUNT))
        assert made["messages"] == made["made"] == 4 * COUNT and len(set(made["sellers"])) == 4, made
        assert load(live, "make", "--count", str(COUNT))["made"] == 0, "a corpus is made once"

        refused = load(live, "run", "--count", str(COUNT), expect=1)  # no mandates yet
        assert refused["rejected"] == COUNT and refused["accepted"] == refused["accepted_per_s"] == 0 and not refused["ok"], refused
        assert store_counts(live) == 0

        live.ctl("mandate", "add", "acme", "--mst", ",".join(made["sellers"]), "--from", "2020-01-01", profile="operator")
        gateway = f"tvan-gateway={live.sandbox.gateway.child.pid}"
        stream = load(live, "run", "--count", str(COUNT), "--warmup", "10", "--feedback", "--watch", gateway)
        check_adds_up(stream, COUNT)
        answers = stream["answers"]
        assert answers["finals"] == COUNT and answers["items"] == answers["acknowledged_items"] >= COUNT, answers
        assert answers["gaps"] == answers["repeated"] == answers["foreign"] == 0, answers
        assert stream["processes"]["tvan-gateway"]["rss_kb_end"] > 0, stream
        assert store_counts(live) == COUNT

        check_adds_up(load(live, "run", "--count", str(COUNT), "--skip", str(COUNT), "--mode", "unary"), COUNT)
        check_adds_up(load(live, "run", "--count", str(COUNT), "--skip", str(2 * COUNT), "--rate", "300", "--arrivals",
                           "poisson"), COUNT)
        assert store_counts(live) == 3 * COUNT
        live.restart_gateway()
        again = load(live, "run", "--count", str(COUNT), expect=1)
        assert again["already_accepted"] == again["accepted"] == COUNT and not again["ok"], again
        assert store_counts(live) == 3 * COUNT

        by_time = load(live, "run", "--duration", "60", "--skip", str(3 * COUNT))
        assert by_time["accepted"] == by_time["sent"] == COUNT and by_time["corpus_exhausted"], by_time
        usage = subprocess.run([os.path.join(BIN_DIR, "tvan-load"), "run", "--mode", "carrier-pigeon"],
                               capture_output=True, text=True, check=False)
        assert usage.returncode == 2 and usage.stderr, usage
        helped = subprocess.run([os.path.join(BIN_DIR, "tvan-load"), "run", "--help"], capture_output=True, text=True,
                                check=False)
        assert helped.returncode == 0 and "--in-flight" in helped.stdout, helped


if __name__ == "__main__":
    main()
