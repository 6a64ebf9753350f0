#!/usr/bin/python3
"""Tests of what the audit asserts of a maintenance night: a clean one is ok, and each single defect is found, it alone.

The night: a stop from 00:00 to 01:00, extended at 00:30 to 02:00; one canary at 02:00:30; the ramp from 02:01 on.
"""
import copy
import os
import sys
import unittest
from datetime import datetime, timedelta

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from audit import Audit  # noqa: E402
from evidence import Evidence, when  # noqa: E402

MIDNIGHT = datetime.fromisoformat("2026-11-22T00:00:00+07:00")
PROVIDERS, EACH = ("p0", "p1", "p2"), 500
RAMP = 2 * 3600 + 60
CODED, NOTICE, REGISTRATION = "MESSAGE_CLASS_CODED", "MESSAGE_CLASS_ERROR_NOTICE", "MESSAGE_CLASS_REGISTRATION"
SETTINGS = {"max_per_s": 200, "ramp_start_per_s": 20, "ramp_growth_per_s": 20, "canary_classes": [CODED], "at_least": {}}
CLEAN = {"attempts_while_closed": 0, "bytes_while_closed": 0, "sent_in_verifying": 0, "opened_without_green": 0,
         "too_fast": 0, "out_of_order": 0, "unfair": 0, "sent_in_window": 0, "lost": 0, "duplicated": 0}


def at(seconds):
    """Seconds after midnight."""
    return (MIDNIGHT + timedelta(seconds=seconds)).isoformat(timespec="microseconds")


class Maker:
    def __init__(self):
        self.transcript, self.messages, self.night = [], {}, dict(SETTINGS)
        self.providers, self.count = {name: [] for name in PROVIDERS}, dict.fromkeys(PROVIDERS, 0)

    def add(self, provider, accepted, sent, cls=CODED, mltdiep=200, keys=(), mst="0101234567"):
        number = len(self.messages) + 1
        name, mine, dlieu = f"V0109999999{number:032X}", f"id-{number}", f"d{number}"
        base = {"id": mine, "reference": "", "sha256": f"s{number}"}
        log = self.providers[provider]
        log += [dict(base, kind="submit", dlieu_sha256=dlieu, type=mltdiep),
                dict(base, kind="receipt", gateway_mtdiep=name, accepted_at=at(accepted), already_accepted=False,
                     jws_sha256=f"j{number}")]
        self.transcript += [
            {"kind": "send", "time": at(sent), "arrived": at(sent), "mtdiep": name, "mltdiep": mltdiep, "mst": mst,
             "disposition": "processed", "response": "accepted", "dlieu_sha256": dlieu, "message_sha256": f"m{number}",
             "invoice_keys": list(keys), "capacity": ""},
            {"kind": "answer", "answer_id": f"a{number}", "answer_sha256": f"a{number}", "mltdiep": 204, "mtdtchieu": name,
             "result": "ok", "mloi": "", "disposition": "queued"}]
        log.append({"kind": "feedback", "cursor": "", "sequence": self.sequence(provider), "answer_id": f"a{number}",
                    "authority_sha256": f"a{number}", "mltdiep": 204, "mtdtchieu": name, "tttnhan": "", "mloi": "",
                    "thop": "", "names": [], "gateway_mtdiep": name, "provider_mtdiep": mine, "rewrapped_mtdtchieu": mine})
        self.messages[name] = {
            "gateway_mtdiep": name, "state": "MESSAGE_STATE_ANSWERED", "message_class": cls, "message_type": mltdiep,
            "mst": mst, "accepted_at": at(accepted), "acceptance": str(number),
            "events": [{"time": at(sent), "kind": "attempt", "sequence": str(int(1000 * (sent + 9e4)))},
                       {"time": at(sent + 5), "kind": "answer"}]}
        return name

    def sequence(self, provider):
        self.count[provider] += 1
        return self.count[provider]

    def evidence(self):
        providers = {name: log + [{"kind": "ack", "cursor": "", "sequence": self.count[name]}]
                     for name, log in self.providers.items() if log}
        return Evidence(sorted(self.transcript, key=lambda e: e.get("time", "")), providers, self.messages, self.night,
                        windows(), phases())


def windows():
    one = {"id": "stop-1", "start": at(0), "end": at(3600), "version": "1", "changed_at": at(-7200)}
    return [one, dict(one, end=at(7200), version="2", changed_at=at(1800))]


def phases():
    steps = ((-7200, "OPEN"), (-600, "DRAINING"), (0, "CLOSED"), (7200, "VERIFYING"), (RAMP, "RAMPING"), (RAMP + 20, "OPEN"))
    return [{"epoch": str(epoch), "at": at(seconds), "classes": [
        {"message_class": cls, "phase": "LINE_PHASE_" + phase} for cls in (CODED, NOTICE, REGISTRATION)]}
        for epoch, (seconds, phase) in enumerate(steps, 1)]


def ramp_time(number):
    """When the number-th message leaves: 20 a second, 20 more each second, up to 200."""
    growing = 9 * (20 + 200) / 2
    return RAMP + ((-20 + (400 + 40 * number) ** 0.5) / 20 if number <= growing else 9 + (number - growing) / 200)


def clean(order=None):
    """`order`: of the providers while the backlog goes; default: one message each by turns."""
    maker = Maker()
    maker.transcript += [
        {"kind": "window_open", "time": at(0), "window": 1, "start": at(0), "end": at(3600)},
        {"kind": "window_change", "time": at(1800), "window": 1, "start": at(0), "end": at(7200)},
        {"kind": "window_close", "time": at(7200), "window": 1, "start": at(0), "end": at(7200)},
        {"kind": "receive", "time": at(-1), "answer_ids": [], "disposition": "ok"},
        {"kind": "probe", "time": at(7230), "arrived": at(7230), "disposition": "ok"}]
    maker.add("p0", -3600, -3599, REGISTRATION, 100, mst="0202")
    maker.add("p1", -3500, -3499, keys=["0101;1;K;1"])
    maker.add("p2", -3400, -3399, NOTICE, 300, keys=["0101;1;K;1"])
    maker.add("p0", 500, 7230)  # the canary
    order = order or [PROVIDERS[i % 3] for i in range(3 * EACH)]
    for number, provider in enumerate(order, 1):
        maker.add(provider, 600 + number / 1000, ramp_time(number))
    return maker.evidence()


def verdict(night):
    audit = Audit(copy.deepcopy(night), 30.0)
    return audit.report(), audit.violations


class NightCase(unittest.TestCase):
    def good(self, night):
        result, why = verdict(night)
        self.assertEqual((why[:5], result["ok"]), ([], True))
        return result

    def bad(self, night, words, **expected):
        """That alone: everything else is counted as in a clean night."""
        result, why = verdict(night)
        self.assertFalse(result["ok"])
        self.assertIn(words, " ".join(why))
        self.assertEqual({key: result[key] for key in CLEAN}, dict(CLEAN, **expected), why[:5])

    @staticmethod
    def message(night, number):
        return night.messages[f"V0109999999{number:032X}"]

    @staticmethod
    def send(night, number):
        return next(e for e in night.of_kind("send") if e["mtdiep"] == f"V0109999999{number:032X}")


class CleanNight(NightCase):
    def test_is_ok_and_says_what_it_looked_at(self):
        result = self.good(clean())
        self.assertEqual({key: result[key] for key in ("stops", "verifications", "canaries", "ramps", "dependents")},
                         {"stops": 1, "verifications": 1, "canaries": 1, "ramps": 1, "dependents": 1})
        self.assertGreater(result["fair_windows"], 400)

    def test_too_little_to_judge_is_not_ok(self):
        night = clean()
        night.night["at_least"] = {"canaries": 1, "fair_windows": 400}
        self.good(night)
        night.night["at_least"] = {"canaries": 2}
        self.bad(night, "proves nothing")


class Closed(NightCase):
    def attempt_at(self, seconds):
        night = clean()
        self.message(night, 100)["events"][0]["time"] = at(seconds)
        return night

    def test_an_attempt_inside_the_stop(self):
        self.bad(self.attempt_at(700), "closed by a window", attempts_while_closed=1)

    def test_an_attempt_inside_what_the_stop_was_extended_by(self):
        night = self.attempt_at(5400)
        night.phases = []
        self.bad(night, "closed by a window", attempts_while_closed=1, too_fast=0)
        night.windows = night.windows[:1]
        self.assertEqual(verdict(night)[0]["attempts_while_closed"], 0)

    def test_the_windows_count_as_they_stood_at_that_time(self):
        night = self.attempt_at(700)
        night.phases = []
        night.windows[0]["changed_at"] = at(1000)
        self.assertEqual(verdict(night)[0]["attempts_while_closed"], 0)

    def test_an_attempt_while_the_record_says_closed(self):
        night = self.attempt_at(5400)
        night.windows = []
        self.bad(night, "closed by record", attempts_while_closed=1)

    def test_an_attempt_at_the_instant_of_the_end(self):
        night = clean()
        night.windows = []
        night.phases = [dict(phase, at=at(-3599)) if phase["epoch"] == "2" else phase for phase in phases()]
        self.good(night)

    def test_a_byte_more_than_two_seconds_after_the_stop(self):
        for kind in ("receive", "connect", "probe", "ack999"):
            night = clean()
            night.transcript.append({"kind": kind, "time": at(2.0), "answer_ids": [], "disposition": "ok"})
            self.good(night)
            night.transcript[-1]["time"] = at(3600 + 5)
            self.bad(night, "more than 2 s after the stop", bytes_while_closed=1)

    def test_a_message_that_arrives_then(self):
        night = clean()
        self.send(night, 1)["arrived"] = at(2.1)
        self.bad(night, "more than 2 s after the stop", bytes_while_closed=1, sent_in_window=1)
        self.send(night, 1)["arrived"] = at(1.9)
        self.good(night)

    def test_a_stop_that_ends_late_is_closed_until_then(self):
        night = clean()
        night.of_kind("window_close")[0]["time"] = at(7231)
        self.bad(night, "inside the window", sent_in_window=1)


class Verifying(NightCase):
    def test_a_second_send_needs_a_second_green_probe(self):
        night = clean()
        self.message(night, 100)["events"][0]["time"] = at(7240)
        self.bad(night, "and no canary", sent_in_verifying=1)
        night.transcript.append({"kind": "probe", "time": at(7239), "disposition": "ok"})
        self.good(night)

    def test_all_of_it_may_happen_at_one_instant(self):
        night = clean()
        night.of_kind("probe")[0]["time"] = at(RAMP)
        self.message(night, 4)["events"][0]["time"] = self.send(night, 4)["arrived"] = at(RAMP)
        self.assertEqual(self.good(night)["canaries"], 1)
        night.phases = [dict(phase, at=at(RAMP)) if phase["epoch"] == "4" else phase for phase in phases()]
        self.assertEqual([self.good(night)[key] for key in ("canaries", "verifications")], [1, 1])
        self.message(night, 100)["events"][0]["time"] = at(RAMP)
        self.bad(night, "and no canary", sent_in_verifying=1)

    def test_a_canary_of_a_class_that_is_not_listed(self):
        night = clean()
        night.night["canary_classes"] = []
        self.bad(night, "and no canary", sent_in_verifying=1)

    def test_a_canary_before_its_probe(self):
        night = clean()
        night.of_kind("probe")[0]["time"] = at(7231)
        self.bad(night, "and no canary", sent_in_verifying=1)

    def test_opened_without_green(self):
        night = clean()
        night.of_kind("probe")[0]["disposition"] = "closed"
        self.message(night, 4)["events"][0]["time"] = self.send(night, 4)["arrived"] = at(RAMP + 0.01)
        self.bad(night, "without a green probe", opened_without_green=1)


class Ramp(NightCase):
    def test_a_flush_at_the_opening(self):
        night = clean()
        for number in range(5, 105):
            self.send(night, number)["arrived"] = at(RAMP + 0.9)
            self.message(night, number)["events"][0]["time"] = at(RAMP + 0.9)
        self.bad(night, "the ramp allows", too_fast=1)

    def test_one_second_above_the_capacity_is_a_step_and_two_are_not(self):
        night = clean()
        fast = [e for e in night.of_kind("send") if at(RAMP + 9) <= e["arrived"] < at(RAMP + 10)]
        for event in fast:
            event["capacity"] = "150"
        self.good(night)
        for event in night.of_kind("send"):
            if at(RAMP + 10) <= event["arrived"] < at(RAMP + 11):
                event["capacity"] = "150"
        self.bad(night, "the second one above", too_fast=1)


class Order(NightCase):
    def test_a_notice_before_the_answer_to_its_invoice(self):
        night = clean()
        self.message(night, 2)["events"][1]["time"] = at(-3398)
        self.bad(night, "which it depends on", out_of_order=1)

    def test_what_waited_as_long_as_its_own_deadline_allows_may_go(self):
        night = clean()
        self.message(night, 2)["events"][1]["time"] = at(-1000)
        released = {"time": at(-3399), "kind": "released", "reason": "dispatch.parent_overdue"}
        self.message(night, 3)["events"].insert(0, released)
        self.bad(night, "which it depends on", out_of_order=1)
        self.message(night, 3)["events"][1]["time"] = at(-1800)
        self.good(night)
        released["reason"] = "dispatch.anything"
        self.bad(night, "which it depends on", out_of_order=1)

    def test_a_notice_that_arrives_before_its_invoice(self):
        night = clean()
        self.send(night, 2)["arrived"] = at(-3398)
        self.bad(night, "which it depends on", out_of_order=1)

    def test_an_invoice_accepted_later_holds_no_notice(self):
        night = clean()
        self.message(night, 2).update(acceptance="9999")
        self.message(night, 2)["events"][1]["time"] = at(-3398)
        self.assertEqual((verdict(night)[0]["out_of_order"], verdict(night)[0]["dependents"]), (0, 0))

    def test_what_follows_a_registration_of_its_taxpayer(self):
        for mst, count in (("0202", 1), ("0203", 0)):
            night = clean()
            self.message(night, 100)["mst"] = mst
            self.message(night, 1)["events"][1]["time"] = at(RAMP + 50)
            self.assertEqual(verdict(night)[0]["out_of_order"], count)


class Fairness(NightCase):
    def test_a_tenth_more_is_fair_and_more_than_that_is_not(self):
        # p0 gets 8 % more than its third, or 15 %; nobody runs dry before the thousandth send is long gone.
        for cycle, fair in ((["p0", "p1", "p2"] * 8 + ["p0"], True), (["p0", "p1", "p2"] * 4 + ["p0"], False)):
            result, why = verdict(clean(cycle * (1100 // len(cycle)) + list(PROVIDERS) * 100))
            self.assertEqual((result["unfair"] == 0, result["ok"]), (fair, fair), why[:3])
            self.assertEqual({key: result[key] for key in CLEAN if key != "unfair"},
                             {key: count for key, count in CLEAN.items() if key != "unfair"})

    def test_who_has_nothing_to_send_wants_no_share(self):
        night = clean(["p0", "p1"] * 700 + ["p2"] * 10)
        self.assertGreater(verdict(night)[0]["unfair"], 0)
        for number in range(1405, 1415):
            self.message(night, number)["accepted_at"] = self.message(night, number)["events"][0]["time"]
        self.good(night)

    def test_what_the_line_refused_was_a_turn_all_the_same(self):
        night = clean(["p0", "p1", "p2"] * 100 + ["p1", "p2"] * 70 + ["p0", "p1", "p2"] * 300)
        self.bad(night, "of its share", unfair=verdict(night)[0]["unfair"])
        for turn in range(70):  # an attempt of p0 with each of theirs, and refused
            again = self.message(night, 5 + 300 + 140 + 3 * turn)
            moment = self.message(night, 5 + 300 + 2 * turn)["events"][0]
            again["events"][:0] = [dict(moment), {"time": moment["time"], "kind": "not_sent"}]
        result, why = verdict(night)
        self.assertEqual((result["unfair"], [w for w in why if "share" in w]), (0, []))

    def test_a_single_backlog_is_nobodys_loss(self):
        night = clean(["p0"] * 1500)
        self.assertEqual(self.good(night)["fair_windows"], 0)

    def test_what_waits_for_its_parent_is_no_backlog(self):
        night = clean(["p0", "p1"] * 600 + ["p2"] * 100)
        for message in night.messages.values():
            if int(message["acceptance"]) > 1204:
                message["mst"] = "0202"
        self.message(night, 1)["events"][1]["time"] = at(ramp_time(1199))
        self.good(night)


if __name__ == "__main__":
    unittest.main()
