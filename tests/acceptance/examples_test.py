#!/usr/bin/python3
"""The example clients against a real gateway that is killed while they work.

usage: examples_test.py python|node   (exit code 77: skipped, npm's registry cannot be reached)
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from live import Live  # noqa: E402
from processes import wait_for  # noqa: E402
from stubs import ROOT  # noqa: E402

EXAMPLES = os.path.join(ROOT, "ops", "examples")


def node_client(folder):
    """npm ci into a copy, so that the repository stays clean; None: there is no registry."""
    copy = os.path.join(folder, "ops", "examples", "node")
    shutil.copytree(os.path.join(EXAMPLES, "node"), copy, ignore=shutil.ignore_patterns("node_modules"))
    os.symlink(os.path.join(ROOT, "proto"), os.path.join(folder, "proto"))
    try:
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1",
                               "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"], cwd=copy, capture_output=True, text=True, check=False,
                              timeout=120)
        trouble = done.stderr if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        trouble = str(error)
    if trouble:
        print("*" * 78 + "\nSKIPPED: npm ci failed, so the Node example was NOT tested.\n" + trouble + "\n" + "*" * 78)
        return None
    return ["node", os.path.join(copy, "client.js")]


def start(client, live, cursor, count, files):
    pki = live.sandbox.pki
    return subprocess.Popen(client + [f"127.0.0.1:{live.ports[0]}", pki("ca.pem"), pki("acme.pem"), pki("acme.key"),
                                      cursor, str(count), *files], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env=dict(os.environ, NODE_NO_WARNINGS="1"))  # of the bare IP address in 127.0.0.1


def finish(process, so_far=""):
    output, _ = process.communicate(timeout=90)
    assert process.returncode == 0, so_far + output
    return (so_far + output).strip().split("\n")


def sequences(lines):
    return [int(line.split()[1]) for line in lines if line.startswith("answer ")]


def undelivered(live):
    queue = json.loads(live.ctl("queue", "--json", profile="operator"))
    return {c["name"]: int(c["count"]) for c in queue["undelivered"]}


def play(client, live, cursor):
    files = live.make("--sign", "--repeat", "3")
    process = start(client, live, cursor, 6, files)
    first = process.stdout.readline()
    assert first.startswith("receipt V"), first
    live.restart_gateway()  # SIGKILL: the client's connection dies under it
    lines = finish(process, first)
    assert sum(line.startswith("receipt V") for line in lines) == 3, lines
    assert sequences(lines) == [1, 2, 3, 4, 5, 6], lines
    wait_for("acknowledgement", lambda: undelivered(live).get("acme", 0) == 0, 10)

    # Killed while it only listens; then it goes on exactly after the last acknowledged answer.
    process = start(client, live, cursor, 2, live.make("--sign", "--number", "11"))
    first = process.stdout.readline()
    live.restart_gateway()
    assert sequences(finish(process, first)) == [7, 8]

    # The same file again: the first receipt, and no new answer waits.
    again = finish(start(client, live, cursor, 0, files[:1]))
    assert again[0] == lines[0], (again, lines)
    assert undelivered(live).get("acme", 0) == 0


def main():
    with tempfile.TemporaryDirectory(prefix="tvan-example-") as folder:
        if sys.argv[1] == "node":
            client = node_client(folder)
            if client is None:
                return 77
        else:
            client = ["/usr/bin/python3", os.path.join(EXAMPLES, "python", "client.py")]
        with Live() as live:
            play(client, live, os.path.join(folder, "cursor"))
    print(f"{sys.argv[1]} example: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
