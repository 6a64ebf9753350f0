#!/usr/bin/python3
"""A night with a dishonest proxy must end with ok=false, and for the right reason.

usage: sabotage_test.py KIND BIN_DIR
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
COUNTED = {"lose": "lost", "duplicate": "duplicated", "misroute": "misrouted", "send_in_window": "sent_in_window"}


def main():
    kind, bin_dir = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="tvan-sabotage-") as folder:
        done = subprocess.run([sys.executable, os.path.join(HERE, "night.py"), "--bin-dir", bin_dir, "--sandbox", folder,
                               "--json", "--faults", "", "--size", "1", "--sabotage", kind],
                              capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr)
    verdict = json.loads(done.stdout.strip().split("\n")[-1])
    assert done.returncode == 1, f"exit code {done.returncode}"
    assert verdict["ok"] is False, verdict
    assert verdict[COUNTED[kind]] >= 1, verdict
    others = [key for name, key in COUNTED.items() if name != kind and verdict[key] != 0]
    assert not others, f"it also counted {others}"


if __name__ == "__main__":
    main()
