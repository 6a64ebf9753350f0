#!/usr/bin/python3
"""The cluster's night: its last line, and that what was killed was worked on by another one.

usage: cluster_test.py BIN_DIR
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    with tempfile.TemporaryDirectory(prefix="tvan-cluster-test-") as folder:
        evidence = os.path.join(folder, "evidence")
        done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "cluster.py"), "--bin-dir", sys.argv[1], "--sandbox",
                               os.path.join(folder, "sandbox"), "--size", "1", "--evidence", evidence, "--json"],
                              capture_output=True, text=True, check=False)
        print(done.stdout[-8000:] + done.stderr[-8000:])
        verdict = json.loads(done.stdout.strip().split("\n")[-1])
        assert done.returncode == 0 and verdict["ok"] is True, verdict
        for key in ("sent_in_window", "unanswered", "misrouted", "lost", "duplicated", "lost_by_failover"):
            assert verdict[key] == 0, key
        assert verdict["level"] == "FLUSHED_REPLICATED", verdict
        assert verdict["rejected"] == 3 and verdict["submitted"] == verdict["receipts"] + 3, verdict
        assert verdict["held_in_window"] > 0 and verdict["answered"] > 0, verdict
        owners = [name for name in ("g1", "g2", "g3") if "event=app.line_ours" in log_of(evidence, name)]
        assert len(owners) >= 2, f"only {owners} worked the line"
        for name in ("g1", "g2", "g3"):
            assert "event=app.store_over" in log_of(evidence, name), f"{name} did not see that the primary is another one"


def log_of(evidence, name):
    with open(os.path.join(evidence, "logs", name + ".log"), encoding="utf-8", errors="replace") as file:
        return file.read()


if __name__ == "__main__":
    main()
