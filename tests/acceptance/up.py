#!/usr/bin/python3
"""Gateway and simulated authority on the real clock, until Ctrl-C; behind ops/up."""
import argparse
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from processes import Sandbox, free_ports  # noqa: E402
from traffic import PARTIES  # noqa: E402

GUIDE = """
The sandbox is up: gateway (providers {provider}, operators {admin}, http {http}), simulated tax authority.
Paste these into another terminal, in {here}:

  export PATH={bin}:$PATH TVANCTL_PROFILE={sandbox}/acme TVANCTL_OPERATOR={sandbox}/operator TVAN_SANDBOX={sandbox}

  tvanctl submit --save-receipt {sample}     # a receipt
  tvanctl feedback --follow --ack            # the authority's answers, Ctrl-C ends it
  tvanctl status --list                      # where our messages stand
  tvanctl keys > keys.json && tvanctl receipt verify {sample}.receipt.jws --keys keys.json
  tvanctl dev make --sign --type 206 --count 3 --out {messages}
  tvanctl queue                              # operators: what waits, how the line stands
  tvanctl window add tonight --start {start} --end {end}

Ctrl-C here stops everything; the next ops/up goes on with the same data (--fresh: from nothing).
"""


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin-dir", required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--free-ports", action="store_true", help="any free ports instead of 8443, 8444, 8080, 9443")
    parser.add_argument("--once", action="store_true", help="stop when standard input ends (tests)")
    return parser.parse_args()


def enter_contracts(sandbox):
    for name, (mst, sellers) in PARTIES.items():
        sandbox.ctl("contract", "add", name, "--tax-code", mst, "--certificate", sandbox.pki(name + ".pem"), "--from",
                    "2026-01-01", "--reason", "sandbox", profile="operator")
        sandbox.ctl("mandate", "add", name, "--mst", ",".join(sellers), "--from", "2026-01-01", "--reason", "sandbox",
                    profile="operator")


def start(arguments, sandbox):
    ports = free_ports(4) if arguments.free_ports else [8443, 8444, 8080, 9443]
    names = ("--provider-port", "--admin-port", "--http-port", "--line-port")
    sandbox.init(*[text for name, port in zip(names, ports) for text in (name, str(port))],
                 *(["--force"] if arguments.fresh else []))
    new_line(sandbox)
    sandbox.start_authority(ports[3], "--transcript", os.path.join(sandbox.run, "transcript.jsonl"))
    sandbox.start_gateway()
    enter_contracts(sandbox)
    return ports


def new_line(sandbox):
    """The simulated authority remembers nothing of its last run, so it is a new line, read from its beginning."""
    file = os.path.join(sandbox.folder, "gateway.yaml")
    with open(file, encoding="utf-8") as opened:
        text = opened.read()
    with open(file, "w", encoding="utf-8") as out:
        out.write(text.replace("  id: main\n", f"  id: sandbox-{int(time.time())}\n", 1))


def guide(arguments, sandbox, ports):
    from datetime import datetime, timedelta
    messages = os.path.join(sandbox.folder, "messages")
    made = sandbox.ctl("dev", "make", "--sandbox", sandbox.folder, "--sign", "--number",
                       datetime.now().strftime("%j%H%M"), "--out", messages)
    soon = datetime.now().astimezone().replace(microsecond=0) + timedelta(minutes=15)
    print(GUIDE.format(provider=ports[0], admin=ports[1], http=ports[2], here=os.getcwd(),
                       bin=os.path.abspath(arguments.bin_dir), sandbox=sandbox.folder, sample=made.strip(),
                       messages=messages, start=soon.isoformat(), end=(soon + timedelta(minutes=10)).isoformat()), flush=True)


def wait(arguments):
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    if arguments.once:
        threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    return stop


def main():
    arguments = parse()
    folder = os.path.abspath(arguments.sandbox)
    if arguments.fresh:
        import shutil
        shutil.rmtree(os.path.join(folder, "data"), ignore_errors=True)
    stop = wait(arguments)
    sandbox = Sandbox(arguments.bin_dir, folder, os.path.join(folder, "run"))
    try:
        ports = start(arguments, sandbox)
        guide(arguments, sandbox, ports)
        while not stop.wait(0.5):
            for process in (sandbox.gateway, sandbox.authority):
                if not process.alive():
                    print(f"{process.name} ended:\n{process.last_words()}", file=sys.stderr)
                    return 1
        print("stopping", flush=True)
    except RuntimeError as error:
        print(f"ops/up: {error}", file=sys.stderr)
        return 1
    finally:
        sandbox.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
