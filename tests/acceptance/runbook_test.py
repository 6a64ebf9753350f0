#!/usr/bin/python3
"""Executes every command of ops/runbooks/maintenance-night.md, in its order, against a running sandbox in virtual time.

Between the steps the test brings the night to where the step belongs. A command must end with the exit code that is
expected of it; the Vietnamese page has the same commands in the same order; and every step that `tvanctl night` proposes
is a step of the page, with a command of that step.

usage: runbook_test.py BIN_DIR
"""
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from processes import Clock, Sandbox, free_ports, wait_for  # noqa: E402
from provider import Document, Provider  # noqa: E402
import stubs as stub_maker  # noqa: E402
from traffic import PARTIES, Traffic  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(ROOT, "ops", "runbooks", "maintenance-night.md")
STEPS = os.path.join(ROOT, "ops", "ctl", "runbook_steps.cc")
WATCHES = ("drain watch",)  # run until Ctrl-C
EXPECTED = {"notice unread": (2,)}  # somebody has not; all others: 0
INCIDENT = re.compile(r"INC-\d{4}-\d\d-\d\d-\d+")
# Where the night stands when a step is taken; steps that are not named follow at once.
TIMES = {"1.1": "2026-11-21T08:00:00", "2.1": "2026-11-21T10:00:00", "3.1": "2026-11-21T23:52:00", "4.1": "2026-11-22T00:01:00",
         "4.2": "2026-11-22T01:00:00", "5.1": "2026-11-22T03:15:00", "5.2": "2026-11-22T04:15:00", "6.1": "2026-11-22T04:16:00",
         "7.1": "2026-11-22T06:10:00", "8.1": "2026-11-22T06:40:00", "9.1": "2026-11-22T09:05:00"}
# What the first command of a step must say there, so that the night stands where it should.
SAYS = {"3.2": "draining", "4.1": "upgrade-nov", "6.1": "VERIFYING", "8.3": "INC-", "9.1": "DOWN"}
# The authority is back later than it said, so that its probes are red at 6.1, and is away again at 9.
AUTHORITY = ("--window", "2026-11-22T00:00:00/2026-11-22T06:00:00/html502",
             "--outage", "2026-11-22T09:00:00/2026-11-22T12:00:00/refuse")


def commands(file):
    """[(step, command)]"""
    found, step = [], ""
    with open(file, encoding="utf-8") as page:
        for line in page:
            step = (re.match(r"\*\*(\d+\.\d+)\*\*", line) or [None, step])[1]
            if line.startswith("    "):
                assert line.strip().startswith("tvanctl "), f"{file}: not a command: {line}"
                found.append((step, line.strip()))
    assert found and all(step for step, _ in found), f"{file}: a command that belongs to no step"
    return found


def shape(command):
    """Without the texts, which are in the reader's language."""
    return re.sub(r'"[^"]*"', '""', command)


def name_of(command):
    """The words before any argument."""
    words = [word for word in shlex.split(command)[1:] if not word.startswith("-")]
    return " ".join(words[:2] if words[0] not in ("night", "queue") else words[:1])


def check_languages():
    english, vietnamese = commands(PAGE), commands(PAGE.replace(".md", ".vi.md"))
    for one, other in zip(english, vietnamese):
        assert (one[0], shape(one[1])) == (other[0], shape(other[1])), f"the pages differ: {one} and {other}"
    assert len(english) == len(vietnamese), "one page has more commands than the other"


def check_proposals():
    with open(STEPS, encoding="utf-8") as source:
        text = re.sub(r'"\s*\n\s*"', "", source.read())
    proposed = re.findall(r'\{"(\d+\.\d+)",\s*"(?:[^"\\]|\\.)*",\s*"(?:[^"\\]|\\.)*",\s*"((?:[^"\\]|\\.)*)"\}', text)
    assert len(proposed) > 10, f"{STEPS} cannot be read any more"
    known = {(step, name_of(command)) for step, command in commands(PAGE)}
    for step, command in proposed:
        command = command.replace('\\"', '"')
        assert (step, name_of(command)) in known, f"step {step} proposes {command!r}, which the page does not have there"


class Rehearsal:
    def __init__(self, bin_dir, folder):
        self.folder = folder
        self.sandbox = Sandbox(bin_dir, os.path.join(folder, "sandbox"), os.path.join(folder, "run"),
                               "file:" + os.path.join(folder, "clock.page"))
        self.clock = Clock(bin_dir, self.sandbox.clock_spec[5:], TIMES["1.1"] + "+07:00", self.sandbox.logs)
        self.environment = dict(os.environ, PATH=bin_dir + os.pathsep + os.environ["PATH"],
                                TVANCTL_OPERATOR=os.path.join(self.sandbox.folder, "operator"))
        self.incident, self.provider = None, None

    def start(self):
        ports = free_ports(4)
        names = ("--provider-port", "--admin-port", "--http-port", "--line-port")
        self.sandbox.init(*[text for name, port in zip(names, ports) for text in (name, str(port))], "--rehearsal")
        self.sandbox.start_authority(ports[3], "--transcript", os.path.join(self.folder, "transcript.jsonl"), *AUTHORITY)
        self.sandbox.start_gateway(os.path.join(self.folder, "store"))
        mst, sellers = PARTIES["acme"]
        for what in (("contract", "add", "acme", "--tax-code", mst, "--certificate", self.sandbox.pki("acme.pem")),
                     ("mandate", "add", "acme", "--mst", ",".join(sellers))):
            self.sandbox.ctl(*what, "--from", "2026-01-01", "--reason", "rehearsal", profile="operator")
        self.provider = Provider(stub_maker.load(), "acme", self.sandbox, f"127.0.0.1:{ports[0]}",
                                 os.path.join(self.folder, "log"))
        self.traffic = Traffic(self.sandbox, os.path.join(self.folder, "messages"), 1)

    def submit(self):
        for file in self.traffic.make("acme", 203, self.clock.now()[:19], 1, 3):
            self.provider.submit(Document.read(file))

    def bring_to(self, step):
        if step in TIMES and self.clock.now()[:19] < TIMES[step]:
            self.clock.advance_to(TIMES[step] + "+07:00")
        if step in ("3.2", "4.2", "9.1"):  # there is something to see
            self.submit()
        if step == "9.1":
            self.clock.advance(60)
        if step == "8.3":  # what went wrong in this night
            self.run("tvanctl incident open \"no answer from the authority\" --stop upgrade-nov", (0,))

    def run(self, command, expected):
        if self.incident:
            command = INCIDENT.sub(self.incident, command)
        child = subprocess.Popen(shlex.split(command), env=self.environment, cwd=self.folder, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if any(watch in command for watch in WATCHES):
            out = child.stdout.readline()
            child.send_signal(signal.SIGINT)
            expected = (0, -signal.SIGINT)
        more, error = child.communicate(timeout=60)
        out = more if not any(watch in command for watch in WATCHES) else out + more
        assert child.returncode in expected, f"{command}\nexit code {child.returncode}\n{out}{error}"
        assert out.strip() or error.strip() or "--out" in command or " mode " in command, f"{command} said nothing"
        self.incident = next(iter(INCIDENT.findall(out)), self.incident) if "incident open" in command else self.incident
        return out

    def play(self):
        done = []
        for step, command in commands(PAGE):
            if not done or done[-1][0] != step:
                self.bring_to(step)
            print(f"{self.clock.now()[:16]}  {step}  {command}", flush=True)
            said = self.run(command, EXPECTED.get(name_of(command), (0,)))
            first = not done or done[-1][0] != step
            assert not first or SAYS.get(step, "") in said, f"{command} does not say {SAYS[step]}:\n{said}"
            done.append((step, command))
        return done

    def close(self):
        if self.provider:
            self.provider.close()
        for process in (self.sandbox.gateway, self.sandbox.authority, self.clock.process):
            if process is not None and process.alive():
                process.kill()


def main():
    check_languages()
    check_proposals()
    folder = tempfile.mkdtemp(prefix="tvan-runbook-")
    rehearsal = Rehearsal(os.path.abspath(sys.argv[1]), folder)
    try:
        rehearsal.start()
        done = rehearsal.play()
    finally:
        rehearsal.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(done)} commands of the runbook were executed")


if __name__ == "__main__":
    main()
