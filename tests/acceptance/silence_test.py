#!/usr/bin/python3
"""Silence in virtual time: what an operator sees of it, and how it ends, with resend off, ask and automatic.

Three taxpayers: the authority accepts and forgets the first try of one (no 999, no answer), gives the second a 999 and never
an answer, and answers the third. Each files one message of each class; the classes differ in the switch: coded off,
uncoded ask, cash_register automatic. They file shortly before the authority's stop 00:00-03:45, which stops all clocks.

usage: silence_test.py BIN_DIR
"""
import json
import os
import re
import shutil
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from processes import Clock, Sandbox, free_ports  # noqa: E402
from traffic import PARTIES, Traffic  # noqa: E402

EVENING, NIGHT = "2026-11-20", "2026-11-21"
STOP, OPEN = f"{NIGHT}T00:00:00+07:00", f"{NIGHT}T03:45:00+07:00"
MST, (SWALLOWED, WITHHELD, ANSWERED) = PARTIES["acme"]
CLASSES = {200: "CODED", 203: "UNCODED", 206: "CASH_REGISTER"}
SETTINGS = """
dispatch:
  in_doubt_settle: 30s
  classes:
    coded: {t1_silent: 3m, t2_resend: 10m, t_999_only: 25m, resend: "off"}
    uncoded: {t1_silent: 3m, t2_resend: 10m, t_999_only: 25m, resend: ask}
    cash_register: {t1_silent: 3m, t2_resend: 10m, t_999_only: 25m, resend: automatic, max_resends: 2}
feedback:
  poll: 5s
"""


class Silence:
    def __init__(self, bin_dir):
        self.run = tempfile.mkdtemp(prefix="tvan-silence-")
        self.page, self.transcript = os.path.join(self.run, "clock.page"), os.path.join(self.run, "transcript.jsonl")
        self.sandbox = Sandbox(bin_dir, os.path.join(self.run, "sandbox"), self.run, "file:" + self.page)
        self.clock, self.ids = None, {}

    def start(self, bin_dir):
        provider, admin, self.http, line = free_ports(4)
        self.clock = Clock(bin_dir, self.page, f"{EVENING}T23:50:00+07:00", self.sandbox.logs)
        self.sandbox.init("--provider-port", str(provider), "--admin-port", str(admin), "--http-port", str(self.http),
                          "--line-port", str(line))
        with open(os.path.join(self.sandbox.folder, "gateway.yaml"), "a", encoding="utf-8") as file:
            file.write(SETTINGS)
        self.sandbox.start_authority(line, "--transcript", self.transcript, "--window", f"{STOP}/{OPEN}/html502",
                                     "--faults", f"swallow@{SWALLOWED}=1,withhold@{WITHHELD}=1")
        self.sandbox.start_gateway()
        self.operator("contract", "add", "acme", "--tax-code", MST, "--certificate", self.sandbox.pki("acme.pem"), "--from",
                      "2026-01-01", "--reason", "test")
        self.operator("mandate", "add", "acme", "--mst", ",".join(PARTIES["acme"][1]), "--from", "2026-01-01", "--reason",
                      "test")
        self.operator("window", "add", "stop", "--start", STOP, "--end", OPEN, "--reason", "test", "--source", "test")

    def operator(self, *arguments):
        return self.sandbox.ctl(*arguments, profile="operator")

    def submit_all(self):
        traffic = Traffic(self.sandbox, os.path.join(self.run, "messages"), 1)
        for seller in PARTIES["acme"][1]:
            for message_type in CLASSES:
                file, = traffic.make_for("acme", seller, message_type, self.clock.now()[:19])
                answer = json.loads(self.sandbox.ctl("--json", "submit", file, profile="acme"))
                self.ids[seller, message_type] = answer["receipt"]["gateway_mtdiep"]

    def to(self, when):
        self.clock.advance_to(f"{NIGHT if when < '12' else EVENING}T{when}+07:00")

    def standings(self):
        """(standing, class) -> row, of `tvanctl queue --json`; its twin for people must show the same words."""
        queue = json.loads(self.operator("queue", "--json"))
        text = self.operator("queue")
        words = set(re.split(r"[\s,?]+", text))
        rows = {}
        for row in queue["standings"]:
            key = row["standing"], row["message_class"].replace("MESSAGE_CLASS_", "")
            assert key not in rows, f"twice in the queue: {key}"
            rows[key] = row
            for word in filter(None, (row["standing"], row["reason"], *row["asked"])):
                assert word in words, f"`tvanctl queue` does not show {word}:\n{text}"
        return rows

    def expect(self, what):
        """what: {(standing, class): count}, and nothing else."""
        rows = self.standings()
        counts = {key: int(row["messages"]) for key, row in rows.items()}
        assert counts == what, f"{self.clock.now()}: the queue shows {counts}, not {what}"
        return rows

    def listed(self, standing, *flags):
        lines = self.operator("queue", "list", "--stage", standing, "--json", *flags).split("\n")
        return {entry["message"]["gateway_mtdiep"]: entry for entry in map(json.loads, filter(None, lines))}

    def state(self, seller, message_type):
        shown = json.loads(self.operator("message", "show", self.ids[seller, message_type], "--json"))
        return shown["message"]["state"].replace("MESSAGE_STATE_", "")

    def metric(self, line):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/metrics", timeout=10) as response:
            found = [text for text in response.read().decode().split("\n") if text.startswith(line + " ")]
        return float(found[0].rsplit(" ", 1)[1]) if found else None

    def sends(self, mtdiep):
        with open(self.transcript, encoding="utf-8") as file:
            return [e for e in map(json.loads, file) if e["kind"] == "send" and e["mtdiep"] == mtdiep]

    def close(self):
        for process in (self.sandbox.gateway, self.sandbox.authority, self.clock and self.clock.process):
            if process is not None and process.alive():
                process.kill()
        shutil.rmtree(self.run, ignore_errors=True)


def every(standing):
    return {(standing, name): 1 for name in CLASSES.values()}


def before_and_inside_the_stop(night):
    night.to("23:57:30")
    night.submit_all()
    night.to("23:59:00")
    rows = night.expect({**every("un_999d"), **every("only_999")})
    assert rows["un_999d", "CODED"]["next"] == "alarm" and rows["un_999d", "CODED"]["next_at"], rows
    assert all(night.state(ANSWERED, t) == "ANSWERED" for t in CLASSES)
    night.to("03:40:00")
    rows = night.expect({**every("un_999d"), **every("only_999")})  # hours later, and the clocks stood still
    assert "next_at" not in rows["un_999d", "CODED"], "nobody knows when a closed line goes on"


def at_t1(night):
    night.to("03:45:20")
    night.expect({**every("un_999d"), **every("only_999")})
    night.to("03:47:00")
    rows = night.expect({**every("silent"), **every("only_999")})
    assert [rows["silent", c]["next"] for c in CLASSES.values()] == ["work_item", "ask", "resend"], rows
    assert night.metric('tvan_dispatch_silent_total{class="coded"}') == 1
    assert night.metric('tvan_watched_messages{class="uncoded",reason="",standing="silent"}') == 1
    silent = night.listed("silent", "--class", "uncoded")
    assert list(silent) == [night.ids[SWALLOWED, 203]], silent
    assert len(night.listed("silent")) == 3 and not night.listed("work_item")


def at_t2(night):
    night.to("03:57:00")
    rows = night.expect({("work_item", "CODED"): 1, ("work_item", "UNCODED"): 1, **every("only_999")})
    assert rows["work_item", "CODED"]["reason"] == "dispatch.silent", rows
    assert rows["work_item", "UNCODED"]["reason"] == "dispatch.silent_ask", rows
    assert rows["work_item", "UNCODED"]["asked"] == ["resend", "give_up"], rows
    assert night.state(SWALLOWED, 206) == "ANSWERED", "the automatic resend was answered"
    first, second = night.sends(night.ids[SWALLOWED, 206])
    assert first["disposition"] == "swallowed" and second["disposition"] == "processed"
    assert first["message_sha256"] == second["message_sha256"], "a resend has the same bytes"
    for message_type, count in ((200, 1), (203, 1)):
        assert len(night.sends(night.ids[SWALLOWED, message_type])) == count, "sent again without an operator's word"
    assert night.metric('tvan_dispatch_resends_total{class="cash_register"}') == 1
    assert night.metric('tvan_dispatch_work_items_total{class="uncoded",reason="dispatch.silent_ask"}') == 1
    assert night.metric('tvan_dispatch_searches_total{class="coded",outcome="not_found"}') >= 2


def by_the_operators_word(night):
    night.operator("resolve", night.ids[SWALLOWED, 200], "give_up", "--reason", "filed elsewhere")
    night.operator("resolve", night.ids[SWALLOWED, 203], "resend", "--reason", "asked the authority")
    night.to("03:57:10")
    night.expect({("in_doubt", "UNCODED"): 1, **every("only_999")})
    night.to("04:00:00")
    night.expect(every("only_999"))
    assert night.state(SWALLOWED, 200) == "REFUSED" and night.state(SWALLOWED, 203) == "ANSWERED"
    assert len(night.sends(night.ids[SWALLOWED, 203])) == 2


def only_a_999(night):
    night.to("04:07:00")
    night.expect(every("only_999"))
    night.to("04:10:00")
    rows = night.expect(every("work_item"))
    assert {row["reason"] for row in rows.values()} == {"dispatch.only_999"}, rows
    items = night.listed("work_item", "--reason", "dispatch.only_999", "--provider", "acme")
    assert set(items) == {night.ids[WITHHELD, t] for t in CLASSES}
    assert not night.listed("work_item", "--reason", "dispatch.silent")
    assert all(len(night.sends(night.ids[WITHHELD, t])) == 1 for t in CLASSES)


def main():
    night = Silence(sys.argv[1])
    try:
        night.start(sys.argv[1])
        for part in (before_and_inside_the_stop, at_t1, at_t2, by_the_operators_word, only_a_999):
            part(night)
            print(f"{night.clock.now()[11:16]}  {part.__name__}", flush=True)
            print(night.operator("queue"), flush=True)
    except BaseException:
        for name in ("gateway.log", "authority.log"):
            path = os.path.join(night.sandbox.logs, name)
            if not os.path.exists(path):
                continue
            with open(path, encoding="utf-8", errors="replace") as log:
                sys.stderr.write(f"--- {name}\n" + "".join(log.readlines()[-25:]))
        raise
    finally:
        night.close()


if __name__ == "__main__":
    main()
