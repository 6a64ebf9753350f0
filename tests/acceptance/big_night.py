#!/usr/bin/python3
"""A hard maintenance night with the shipped programs in virtual time: 5 000 messages, five SIGKILLs of the gateway.

It is killed while draining, at the stop, while closed, while verifying and while ramping. The authority extends its stop
twice, from 03:45 to 04:45 and to 05:30, opens two minutes late, and flaps while the backlog goes out. At the end the
audit judges transcript, providers' logs, event logs, and the versions of windows and phases.
"""
import concurrent.futures
import json
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from night import EVENING, NIGHT, STOP, Night, main  # noqa: E402
from processes import wait_for  # noqa: E402
from provider import Document  # noqa: E402
from traffic import PARTIES, Traffic  # noqa: E402

SENDERS = ("acme", "beta")
ENDS = [f"{NIGHT}T{t}:00+07:00" for t in ("03:45", "04:45", "05:30")]
FLAPPING = f"outage={NIGHT}T05:34:00+07:00/{NIGHT}T05:40:00+07:00/flap:20s"
PER_S, RAMP_START, RAMP_GROWTH, CANARY = 200, 20, 5, "uncoded"
# Messages of each provider: (how many of 203, of each other type).
EVENING_SIZE, DRAINING_SIZE, AT_THE_STOP, CLOSED_SIZE, MORNING_SIZE = (250, 60), (300, 60), (80, 10), (1200, 80), (250, 60)


class BigNight(Night):
    FAULTS = ("no_999=0.03,answer_missing_first_read=0.03,doubled=0.03,late=0.03,out_of_order=0.03,unknown_request=0.02,"
              "withhold=0.002,swallow=0.002,unreadable=0.002,cut_after_processing=0.005,busy=0.01")
    SETTINGS = (
        ("  ramp_start_per_s: 5\n", f"  ramp_start_per_s: {RAMP_START}\n  ramp_growth_per_s: {RAMP_GROWTH}\n"
                                    f"  max_per_s: {PER_S}\n"),
        ("  drain_before: 10m\n", f"  drain_before: 10m\n  canary_classes: [{CANARY}]\n  probe_every: 30s\n"))

    def __init__(self, arguments):
        super().__init__(arguments)
        self.control = os.path.join(self.run, "authority.plan")
        self.killed_in = []

    def plan(self, end):
        """The authority's line from now on: the stop until `end`, and it opens two minutes late."""
        return [f"window={STOP}/{end}/html502/late=2m/verify=75m:{PER_S}", FLAPPING, f"capacity={PER_S}"]

    def line_flags(self):
        flags = [part for line in self.plan(ENDS[0]) for part in ("--" + line.split("=", 1)[0], line.split("=", 1)[1])]
        return [*flags, "--control", self.control]

    def enter_window(self):
        self.operator("window", "add", "upgrade", "--start", STOP, "--end", ENDS[0], "--reason", "upgrade of the authority",
                      "--source", "notice of the authority")

    # --- acts
    def documents(self, size):
        """provider -> signed messages, made at the present time; a notice follows the invoice that it names."""
        invoices, others = size
        when = self.clock.now()[:19]

        def of(name):
            files = [f for message_type, count, repeat in ((203, 1, invoices), (200, 1, others), (206, 3, others))
                     for f in self.traffic.make(name, message_type, when, count, repeat)]
            return [Document.read(f) for f in files] + self.notice(name, when)
        return {name: of(name) for name in SENDERS}

    def notice(self, name, when):
        seller = PARTIES[name][1][203 % 3]
        number = self.traffic.numbers[seller, 203] - 1
        return [Document.read(f) for f in self.traffic.make_for(name, seller, 300, when, 1, 1, "--number", str(number))]

    def submit_batch(self, size, what, kill_after=None):
        documents = self.documents(size)
        killer = threading.Timer(kill_after or 0, self.kill_now)
        if kill_after is not None:
            killer.start()
        with concurrent.futures.ThreadPoolExecutor(len(documents)) as pool:
            list(pool.map(lambda name: self.providers[name].submit_many(documents[name]), documents))
        if kill_after is not None:
            killer.join()
        self.tell(f"{what}: {sum(map(len, documents.values()))} messages, {self.kills_done} kills so far")

    def phase_of_line(self):
        line = json.loads(self.operator("line", "show", "--json"))
        return {c["phase"].removeprefix("LINE_PHASE_") for c in line["now"]["classes"]}

    def kill_now(self):
        self.killed_in.append("/".join(sorted(self.phase_of_line())))
        self.kill()
        self.tell(f"SIGKILL while {self.killed_in[-1]}")

    def kill_at_the_stop(self):
        """Somewhere in the second around the stop."""
        self.advance_to(f"{EVENING}T23:59:59+07:00")
        mover = threading.Thread(target=self.clock.advance, args=(2,))
        mover.start()
        time.sleep(self.random.uniform(0.0, 0.1))
        self.kill()
        mover.join()
        self.killed_in.append("at the stop")

    def extend(self, number, when, by):
        """The authority says so first, and means it; then we enter it."""
        self.advance_to(f"{NIGHT}T{when}:00+07:00")
        with open(self.control, "w", encoding="utf-8") as file:
            file.write("\n".join(self.plan(ENDS[number])) + "\n")
        self.sandbox.authority.child.send_signal(signal.SIGHUP)
        wait_for("the authority's new plan", lambda: self.controls() == number)
        self.operator("window", "extend", "upgrade", "--by", by)
        self.tell(f"the stop is extended until {ENDS[number][11:16]}")

    def controls(self):
        with open(os.path.join(self.evidence, "transcript.jsonl"), encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if '"kind":"control"' in line.replace('": "', '":"')]
        assert all(row["disposition"] == "ok" for row in rows), rows
        return len(rows)

    def advance_until(self, phase, step, most):
        for _ in range(most):
            if phase in self.phase_of_line():
                return
            self.clock.advance(step)
        raise RuntimeError(f"the line never was {phase}")

    def play(self):
        self.traffic = Traffic(self.sandbox, os.path.join(self.run, "messages"), self.arguments.seed)
        self.enter_contracts()
        self.advance_to(f"{EVENING}T22:40:00+07:00")
        self.submit_batch(EVENING_SIZE, "evening traffic")
        self.advance_to(f"{EVENING}T23:54:00+07:00")
        self.submit_batch(DRAINING_SIZE, "draining", kill_after=0.3)
        self.advance_to(f"{EVENING}T23:59:50+07:00")
        self.submit_batch(AT_THE_STOP, "last minute")
        self.kill_at_the_stop()
        self.advance_to(f"{NIGHT}T01:10:00+07:00")
        self.submit_batch(CLOSED_SIZE, "inside the stop", kill_after=1.0)
        self.show_queue()
        self.extend(1, "02:30", "1h")
        self.extend(2, "04:30", "45m")
        self.advance_to(f"{NIGHT}T05:31:00+07:00")
        self.kill_now()
        self.advance_until("RAMPING", 5, 60)
        self.clock.advance(3)
        self.kill_now()
        self.submit_batch(MORNING_SIZE, "ramping")
        self.advance_to(f"{NIGHT}T05:50:00+07:00")
        self.show_queue()
        self.drain()
        self.check_kills()

    def check_kills(self):
        wanted = ["DRAINING", "at the stop", "CLOSED", "VERIFYING", "RAMPING"]
        assert self.killed_in == wanted, f"killed in {self.killed_in} instead of {wanted}"

    def collect(self):
        self.write("windows.jsonl", self.operator("window", "history", "upgrade", "--json"))
        phases = json.loads(self.operator("line", "show", "--history", "1000", "--json"))["history"]
        self.write("phases.jsonl", "".join(json.dumps(version) + "\n" for version in phases))
        self.write("night.json", json.dumps({
            "max_per_s": PER_S, "ramp_start_per_s": RAMP_START, "ramp_growth_per_s": RAMP_GROWTH,
            "canary_classes": ["MESSAGE_CLASS_" + CANARY.upper()],
            "at_least": {"stops": 1, "verifications": 2, "canaries": 1, "ramps": 2, "dependents": 2, "fair_windows": 100}}))
        super().collect()

    def write(self, name, text):
        with open(os.path.join(self.evidence, name), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main(BigNight))
