#!/usr/bin/python3
"""Contracts in virtual time: our agreement with the tax authority ends at midnight, at the authority (check 5 of its
step 1, at the door and in a 204) and in our book; what the gateway says before, holds then, and sends when the agreement
was renewed. Then a taxpayer's mandate, a quota and a certificate that change while the gateway runs, and the audit log of it
all.

usage: contracts_test.py BIN_DIR
"""
import json
import os
import shutil
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from processes import Clock, Sandbox, free_ports  # noqa: E402
from traffic import PARTIES, Traffic  # noqa: E402

EVENING, NIGHT = "2026-11-20", "2026-11-21"
MST, SELLERS = PARTIES["acme"]
US = "V0109999999"
SETTINGS = "\ndispatch:\n  in_doubt_settle: 30s\nfeedback:\n  poll: 2s\ncontracts:\n  two_persons: [terminate]\n"


class Contracts:
    def __init__(self, bin_dir):
        self.run = tempfile.mkdtemp(prefix="tvan-contracts-")
        self.page, self.transcript = os.path.join(self.run, "clock.page"), os.path.join(self.run, "transcript.jsonl")
        self.sandbox = Sandbox(bin_dir, os.path.join(self.run, "sandbox"), self.run, "file:" + self.page)
        self.clock = None

    def start(self, bin_dir):
        provider, admin, self.http, self.line = free_ports(4)
        self.clock = Clock(bin_dir, self.page, f"{EVENING}T23:40:00+07:00", self.sandbox.logs)
        self.sandbox.init("--provider-port", str(provider), "--admin-port", str(admin), "--http-port", str(self.http),
                          "--line-port", str(self.line))
        with open(os.path.join(self.sandbox.folder, "gateway.yaml"), "a", encoding="utf-8") as file:
            file.write(SETTINGS)
        # At the authority: until midnight, renewed at 00:16, away again from 00:30 to 00:40.
        self.authority(f"{US}/2026-01-01/{NIGHT},{US}/{NIGHT}T00:16:00/{NIGHT}T00:30:00,{US}/{NIGHT}T00:40:00/2027-01-01")
        self.sandbox.start_gateway()
        self.book("create", "agreement", "authority", "number=HD-01", "status=active", f"terms=2026-01-01..{NIGHT}")
        self.book("create", "provider_contract", "acme", "name=Acme", f"tax_codes={MST}", "status=active", "from=2026-01-01",
                  f"certificates={self.fingerprint('acme.pem')}")
        for seller in SELLERS:
            self.book("create", "mandate", f"acme/{seller}", "status=active", "from=2026-01-01")
        self.traffic = Traffic(self.sandbox, os.path.join(self.run, "messages"), 1)

    def authority(self, contracts):
        self.sandbox.start_authority(self.line, "--transcript", self.transcript, "--contracts", contracts, "--ack-delay",
                                     "200", "--answer-delay", "500..1000", "--package-delay", "300000", "--faults",
                                     f"refuse_item#2@{SELLERS[2]}=1")

    def fingerprint(self, name):
        import hashlib
        import ssl
        with open(self.sandbox.pki(name), encoding="ascii") as file:
            return hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read().split("-----END")[0] + "-----END CERTIFICATE-----\n")
                                  ).hexdigest()

    def operator(self, *arguments, expect=(0,)):
        return self.sandbox.ctl(*arguments, profile="operator", expect=expect)

    def book(self, *arguments, expect=(0,)):
        return self.operator("book", *arguments, "--reason", "test", expect=expect)

    def submit(self, message_type=203, seller=SELLERS[0], expect=(0,), count=1):
        file, = self.traffic.make_for("acme", seller, message_type, self.clock.now()[:19], count)
        shown = self.sandbox.ctl("--json", "submit", file, profile="acme", expect=expect)
        return json.loads(shown) if shown else {}

    def state(self, receipt):
        shown = json.loads(self.operator("message", "show", receipt["receipt"]["gateway_mtdiep"], "--json"))
        return shown["message"]["state"].replace("MESSAGE_STATE_", "")

    def sent(self):
        with open(self.transcript, encoding="utf-8") as file:
            return [e for e in map(json.loads, file) if e["kind"] == "send"]

    def transcript_of(self, receipt):
        mtdiep = receipt["receipt"]["gateway_mtdiep"]
        with open(self.transcript, encoding="utf-8") as file:
            return [line.strip() for line in file if mtdiep in line]

    def told(self, receipt):
        """The 204s of a message, as its provider gets them."""
        items = [json.loads(line) for line in self.sandbox.ctl("feedback", "--json", profile="acme").split("\n") if line]
        of = receipt["receipt"]["gateway_mtdiep"]
        return [i["parsed"] for i in items if i["gateway_mtdiep"] == of and i["parsed"]["message_type"] == 204]

    def alarms(self):
        with open(os.path.join(self.sandbox.logs, "gateway.log"), encoding="utf-8") as file:
            return [line.strip() for line in file if "event=feedback.alarm" in line]

    def metric(self, line):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/metrics", timeout=10) as response:
            found = [text for text in response.read().decode().split("\n") if text.startswith(line)]
        return found

    def to(self, when):
        self.clock.advance_to(f"{NIGHT if when < '12' else EVENING}T{when}+07:00")

    def close(self):
        for process in (self.sandbox.gateway, self.sandbox.authority, self.clock and self.clock.process):
            if process is not None and process.alive():
                process.kill()
        shutil.rmtree(self.run, ignore_errors=True)


def before_the_end(world):
    first = world.submit()
    world.to("23:45:00")
    assert world.state(first) == "ANSWERED", world.state(first)
    ending = json.loads(world.operator("book", "expiry", "--days", "1", "--json"))["endings"]
    assert [(e["what"], e["kind"], e["days"]) for e in ending if e.get("kind") == "AGREEMENT"] == [("TERM", "AGREEMENT", 1)], ending
    explained = json.loads(world.operator("book", "explain", "--provider", "acme", "--mst", SELLERS[0], "--type", "203",
                                          "--json"))
    assert explained["intake"]["kind"] == "ALLOW" and len(explained["intake"]["deciders"]) >= 3, explained
    soon = [line for line in world.metric("tvan_ends_soon") if 'days="1"' in line and "agreement" in line]
    assert soon and float(soon[0].rsplit(" ", 1)[1]) > 0, f"no alarm before the end: {world.metric('tvan_ends_soon')}"


def after_the_end(world):
    world.to("00:10:00")
    sent = len(world.sent())
    held = world.submit()
    warned = [w["rule_id"] for w in held.get("warnings", [])]
    assert any(rule.startswith("contract.agreement") for rule in warned), warned
    world.to("00:15:00")
    assert world.state(held) == "HELD", world.state(held)
    assert len(world.sent()) == sent, "something was sent without an agreement"
    explained = json.loads(world.operator("book", "explain", "--mtdiep", held["receipt"]["gateway_mtdiep"], "--json",
                                          expect=(2,)))
    assert explained["release"]["kind"] == "HOLD" and explained["release"]["owner"] == "management", explained
    assert "held" in world.operator("queue")
    return held


def renewed(world, held):
    world.to("00:17:00")
    world.book("set", "agreement", "authority", f"terms=2026-01-01..{NIGHT},{NIGHT}..2027-01-01")
    world.to("00:25:00")
    assert world.state(held) == "ANSWERED", world.state(held)


def the_authority_ends_it_before_its_result(world):
    """Check 5 fails in a 204: the package's 999 was good, and when its result is due we have no contract there. Meanwhile
    its taxpayer's mandate ends, and of another's message one invoice is refused alone."""
    world.to("00:27:00")
    package = world.submit(206, count=3)
    world.to("00:28:00")
    assert world.state(package) == "ACKNOWLEDGED", world.state(package)
    world.book("set", "mandate", f"acme/{SELLERS[0]}", "status=suspended")
    assert "contract.mandate_suspended" in json.dumps(world.submit(206, expect=(2,)))
    world.book("set", "mandate", f"acme/{SELLERS[0]}", "status=active")
    some = world.submit(203, seller=SELLERS[2], count=3)
    world.to("00:29:00")
    assert world.state(some) == "PARTLY_ACCEPTED", world.state(some)
    assert not [alarm for alarm in world.alarms() if "feedback.partly" in alarm], "its sender's own fault is no alarm"
    world.to("00:33:00")
    assert world.state(package) == "REFUSED", world.state(package)
    last = json.loads(world.operator("message", "show", package["receipt"]["gateway_mtdiep"], "--json"))["message"]["events"][-1]
    assert (last["reason"], last["detail"]) == ("feedback.refused", "204 MLoi 2003"), last
    assert len([alarm for alarm in world.alarms() if package["receipt"]["gateway_mtdiep"] in alarm]) == 1, world.alarms()
    (named,), (whole,) = world.told(some), world.told(package)
    refused = [i["invoice"]["shdon"] for i in named["items"] if i["verdict"] == "ANSWER_VERDICT_REFUSED"]
    assert (named["verdict"], refused) == ("ANSWER_VERDICT_PARTLY_ACCEPTED", ["2"]), named
    assert (whole["notice_kind"], [e["code"] for e in whole["errors"]]) == ("9", ["2003"]), whole


def the_authority_ends_it_first(world):
    """Check 5 fails while our book says that all is well: the message is not refused, the line goes down, and it passes later."""
    world.to("00:34:00")
    turned = world.submit()
    world.to("00:36:00")
    assert world.state(turned) not in ("ANSWERED", "REFUSED"), [e for e in world.transcript_of(turned)]
    queue = world.operator("queue")
    assert "feedback.system_code" in queue, f"what turned it back is not shown:\n{queue}"
    world.to("00:50:00")
    assert world.state(turned) == "ANSWERED", world.state(turned)


def changes_count_at_once(world):
    world.book("set", "mandate", f"acme/{SELLERS[1]}", "status=suspended")
    refused = world.submit(seller=SELLERS[1], expect=(2,))
    assert "contract.mandate_suspended" in json.dumps(refused), refused
    world.book("set", "mandate", f"acme/{SELLERS[1]}", "status=active")
    world.submit(seller=SELLERS[1])
    account = json.loads(world.sandbox.ctl("account", "--json", profile="acme"))
    used = int(account["quota"]["used_today"])
    assert used >= 3 and account["in_force"], account
    world.book("set", "provider_contract", "acme", f"quotas.per_day={used + 1}")
    world.submit()
    full = world.sandbox.ctl("--json", "submit", world.traffic.make_for("acme", SELLERS[0], 203, world.clock.now()[:19])[0],
                             profile="acme", expect=(3,))
    assert "receipt" not in full, full
    world.sandbox.gateway.kill()
    world.sandbox.start_gateway()
    account = json.loads(world.sandbox.ctl("account", "--json", profile="acme"))
    assert int(account["quota"]["left_today"] if "left_today" in account["quota"] else 0) == 0, "a restart forgot the day"
    world.book("set", "provider_contract", "acme", "quotas.per_day=0")
    world.submit()


def two_persons_end_a_contract(world):
    shown = json.loads(world.book("set", "provider_contract", "acme", "status=terminated", "--json", expect=(2,)))
    world.submit()
    world.operator("proposal", "approve", shown["proposal"], "--reason", "mine", expect=(4,))
    world.sandbox.ctl("proposal", "approve", shown["proposal"], "--reason", "seen", profile="approver")
    assert "contract.provider_terminated" in json.dumps(world.submit(expect=(2,)))


def what_was_done_is_known(world):
    verified = world.operator("audit", "verify", "--json")
    assert '"whole":true' in verified, verified
    listed = world.operator("audit", "list")
    for what in ("authority_agreement", "provider_contract", "mandate", "proposal"):
        assert what in listed, f"{what} is not in the audit log:\n{listed}"


def main(bin_dir):
    world = Contracts(bin_dir)
    try:
        world.start(bin_dir)
        before_the_end(world)
        held = after_the_end(world)
        renewed(world, held)
        the_authority_ends_it_before_its_result(world)
        the_authority_ends_it_first(world)
        changes_count_at_once(world)
        two_persons_end_a_contract(world)
        what_was_done_is_known(world)
        print("contracts: agreement, mandate, quota, approval, audit: ok")
        return 0
    finally:
        world.close()


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
