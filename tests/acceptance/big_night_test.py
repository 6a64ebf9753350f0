#!/usr/bin/python3
"""The hard maintenance night: 5 000 messages, five kills, and an audit that finds nothing.

usage: big_night_test.py BIN_DIR
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ZEROS = ("sent_in_window", "unanswered", "misrouted", "lost", "duplicated", "attempts_while_closed", "bytes_while_closed",
         "sent_in_verifying", "opened_without_green", "too_fast", "out_of_order", "unfair")


def main():
    with tempfile.TemporaryDirectory(prefix="tvan-big-night-test-") as folder:
        done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "big_night.py"), "--bin-dir", sys.argv[1], "--sandbox",
                               os.path.join(folder, "sandbox"), "--json"], capture_output=True, text=True, check=False)
    print(done.stdout[-6000:] + done.stderr[-6000:])
    assert done.returncode == 0, f"exit code {done.returncode}"
    verdict = json.loads(done.stdout.strip().split("\n")[-1])
    assert verdict["ok"] is True and verdict["submitted"] >= 5000, verdict
    assert {key: verdict[key] for key in ZEROS} == dict.fromkeys(ZEROS, 0), verdict


if __name__ == "__main__":
    main()
