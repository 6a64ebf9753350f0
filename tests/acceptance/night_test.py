#!/usr/bin/python3
"""The demo night: its last line, its numbers, its answers' signatures, and what arrived verified by the stock xmlsec1
program.

usage: night_test.py BIN_DIR [FLAGS OF night.py]
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
KEYS = ["submitted", "receipts", "rejected", "held_in_window", "sent_in_window", "answered", "unanswered", "misrouted",
        "lost", "duplicated"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout[-6000:] + done.stderr[-6000:])
    return done


def check_verdict(verdict):
    assert list(verdict)[:len(KEYS)] == KEYS and list(verdict)[-1] == "ok", list(verdict)
    assert verdict["ok"] is True
    for key in ("sent_in_window", "unanswered", "misrouted", "lost", "duplicated"):
        assert verdict[key] == 0, key
    assert verdict["rejected"] == 3 and verdict["submitted"] == verdict["receipts"] + 3
    assert verdict["held_in_window"] > 0 and verdict["answered"] > 0
    assert verdict["answered"] + verdict["work_items"] == verdict["receipts"]


def check_signatures(evidence):
    """The authority changed its certificate in the middle of the night; every answer that it signs verifies."""
    answers = []
    for name in os.listdir(os.path.join(evidence, "providers")):
        with open(os.path.join(evidence, "providers", name), encoding="utf-8") as file:
            answers += [line for line in map(json.loads, file) if line["kind"] == "feedback"]
    signed = [a for a in answers if a["mltdiep"] not in (999, -1)]
    assert {a["signature"] for a in signed} == {"VERIFIED"}, {a["signature"] for a in signed}
    assert {a["signature"] for a in answers if a["mltdiep"] in (999, -1)} == {"UNSIGNED"}
    signers = {a["signer_sha256"] for a in signed}
    assert len(signers) == 2, f"{len(signers)} signers instead of one before and one after the change"


def check_arrived(evidence, sandbox):
    arrived = os.path.join(evidence, "arrived")
    done = run(os.path.join(ROOT, "ops", "verify-arrived"), arrived, "--trust",
               os.path.join(sandbox, "pki", "sellers-ca.pem"), "--submitted", os.path.join(evidence, "submitted"))
    assert done.returncode == 0, "what arrived does not verify"
    with open(os.path.join(evidence, "transcript.jsonl"), encoding="utf-8") as file:
        sends = {(e["mtdiep"], e["message_sha256"]) for e in map(json.loads, file) if e["kind"] == "send"}
    texts = []
    for name in os.listdir(arrived):
        with open(os.path.join(arrived, name), "rb") as file:
            data = file.read()
        assert (name[:-4], hashlib.sha256(data).hexdigest()) in sends, f"{name} is not what the authority got"
        texts.append(data.decode())
    assert len(texts) == len({mtdiep for mtdiep, _ in sends}), "not every message that arrived was kept"
    assert any('<DLieu Id="SigningData">' in text for text in texts), "no 206 signed over its DLieu arrived"
    assert any("xmlns:xsd=" in text for text in texts), "no message of a sender with more namespaces arrived"


def main():
    with tempfile.TemporaryDirectory(prefix="tvan-night-test-") as folder:
        sandbox, evidence = os.path.join(folder, "sandbox"), os.path.join(folder, "evidence")
        done = run(sys.executable, os.path.join(HERE, "night.py"), "--bin-dir", sys.argv[1], "--sandbox", sandbox, "--json",
                   "--evidence", evidence, "--keep-arrived", *sys.argv[2:])
        assert done.returncode == 0, f"exit code {done.returncode}"
        check_verdict(json.loads(done.stdout.strip().split("\n")[-1]))
        check_signatures(evidence)
        check_arrived(evidence, sandbox)


if __name__ == "__main__":
    main()
