#!/usr/bin/python3
"""Tests of the audit on small hand-made evidence: a clean night is ok, and each single defect flips the verdict."""
import copy
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from audit import Audit  # noqa: E402
from evidence import Evidence  # noqa: E402

A, B, C = "V0109999999" + "A" * 32, "V0109999999" + "B" * 32, "V0109999999" + "C" * 32


def at(clock):
    return f"2026-11-21T{clock}.000000+07:00"


def send(mtdiep, clock, dlieu, disposition="processed", response="accepted", message=None):
    return {"kind": "send", "time": at(clock), "arrived": at(clock), "mtdiep": mtdiep, "disposition": disposition,
            "response": response, "dlieu_sha256": dlieu, "message_sha256": message or "m" + mtdiep[-4:], "try": 1}


def answer(name, mtdiep, mltdiep, disposition="queued", result="ok", mloi=""):
    return {"kind": "answer", "answer_id": name, "answer_sha256": "sha-" + name, "mltdiep": mltdiep,
            "mtdtchieu": mtdiep, "result": result, "mloi": mloi, "disposition": disposition}


def receive(*names):
    return {"kind": "receive", "answer_ids": list(names), "disposition": "ok"}


def handed_in(name, digest, dlieu, gateway, accepted_at):
    base = {"id": name, "reference": "", "sha256": digest}
    return [dict(base, kind="submit", dlieu_sha256=dlieu, type=203),
            dict(base, kind="receipt", gateway_mtdiep=gateway, accepted_at=accepted_at, already_accepted=False,
                 jws_sha256="j" + digest)]


def feedback(sequence, name, gateway, provider_id, mltdiep=204, tttnhan="", mloi="", names=(), thop=""):
    return {"kind": "feedback", "cursor": f"i:{sequence}", "sequence": sequence, "answer_id": "sha-" + name,
            "authority_sha256": "sha-" + name, "mltdiep": mltdiep, "mtdtchieu": gateway, "tttnhan": tttnhan,
            "mloi": mloi, "thop": thop, "names": list(names), "gateway_mtdiep": gateway, "provider_mtdiep": provider_id,
            "rewrapped_mtdtchieu": provider_id}


def ack(sequence):
    return {"kind": "ack", "cursor": f"i:{sequence}", "sequence": sequence}


def message(mtdiep, *events, state="MESSAGE_STATE_ANSWERED"):
    return {"gateway_mtdiep": mtdiep, "state": state,
            "events": [{"time": at(clock), "kind": kind} for kind, clock in events]}


def clean_night():
    """acme: A before the window, B inside it; beta: C after it, and one document that is refused."""
    transcript = [
        send(A, "23:00:01", "dA"), answer("a1", A, 999), answer("a2", A, 204), receive("a1", "a2"),
        {"kind": "window_open", "start": "2026-11-22T00:00:00.000000+07:00", "end": "2026-11-22T03:45:00.000000+07:00"},
        send(B, "23:30:01", "dB"), answer("b1", B, 999), answer("b2", B, 202),
        send(C, "23:40:01", "dC"), answer("c2", C, 301, result="partly"), receive("b1", "b2", "c2")]
    acme = handed_in("acme-1", "s1", "dA", A, at("23:00:00")) + [feedback(1, "a1", A, "acme-1", 999, "0"),
                                                                 feedback(2, "a2", A, "acme-1")]
    acme += handed_in("acme-2", "s2", "dB", B, "2026-11-21T18:00:00Z")
    acme += [feedback(3, "b1", B, "acme-2", 999, "0"), feedback(4, "b2", B, "acme-2", 202), ack(4)]
    beta = handed_in("beta-1", "s3", "dC", C, at("23:39:00")) + [feedback(1, "c2", C, "beta-1", 301), ack(1)]
    beta += [{"kind": "submit", "id": "beta-2", "reference": "", "sha256": "s4", "dlieu_sha256": "x", "type": 203},
             {"kind": "rejection", "id": "beta-2", "reference": "", "sha256": "s4", "rules": ["signature.invalid"]}]
    messages = {m["gateway_mtdiep"]: m for m in (message(A, ("attempt", "23:00:01")), message(B, ("attempt", "23:30:01")),
                                                 message(C, ("attempt", "23:40:01")))}
    return Evidence(transcript, {"acme": acme, "beta": beta}, messages)


def verdict(evidence, settle=30.0):
    audit = Audit(copy.deepcopy(evidence), settle)
    result = audit.report()
    result["why"] = audit.violations
    return result


def without(rows, **wanted):
    return [row for row in rows if not all(row.get(k) == v for k, v in wanted.items())]


class CleanNight(unittest.TestCase):
    def test_is_ok_and_counts(self):
        got = verdict(clean_night())
        self.assertEqual(got["why"], [])
        self.assertEqual({k: got[k] for k in ("submitted", "receipts", "rejected", "held_in_window", "sent_in_window",
                                              "answered", "unanswered", "misrouted", "lost", "duplicated", "work_items",
                                              "reprocessed", "ok")},
                         {"submitted": 4, "receipts": 3, "rejected": 1, "held_in_window": 1, "sent_in_window": 0,
                          "answered": 3, "unanswered": 0, "misrouted": 0, "lost": 0, "duplicated": 0, "work_items": 0,
                          "reprocessed": 0, "ok": True})

    def test_nothing_at_all_is_not_ok(self):
        self.assertFalse(verdict(Evidence([], {}, {}))["ok"])

    def test_a_repeated_submit_counts_once(self):
        night = clean_night()
        night.providers["acme"] += handed_in("acme-1", "s1", "dA", A, at("23:00:00"))
        got = verdict(night)
        self.assertEqual((got["submitted"], got["receipts"], got["ok"]), (4, 3, True))


class Defects(unittest.TestCase):
    def bad(self, night, **expected):
        got = verdict(night)
        self.assertFalse(got["ok"], got)
        self.assertTrue(got["why"])
        for key, value in expected.items():
            self.assertEqual(got[key], value, (key, got))

    def test_submit_without_any_answer(self):
        night = clean_night()
        night.providers["beta"] = without(night.providers["beta"], kind="rejection")
        self.bad(night)

    def test_two_receipts_that_differ(self):
        night = clean_night()
        again = handed_in("acme-1", "s1", "dA", A, at("23:00:00"))
        again[1]["jws_sha256"] = "other"
        night.providers["acme"] += again
        self.bad(night)

    def test_other_bytes_under_the_same_id(self):
        night = clean_night()
        night.providers["acme"] += handed_in("acme-1", "s9", "dA", "V0109999999" + "D" * 32, at("23:00:00"))
        self.bad(night)

    def test_same_gateway_id_for_two_submits(self):
        night = clean_night()
        night.providers["beta"] += handed_in("beta-9", "s9", "dA", A, at("23:00:00"))
        self.bad(night)

    def test_sent_in_window(self):
        night = clean_night()
        night.transcript[0]["arrived"] = "2026-11-22T00:00:03.000000+07:00"
        self.bad(night, sent_in_window=1)

    def test_a_send_within_the_grace_is_no_defect(self):
        night = clean_night()
        night.transcript[0]["arrived"] = "2026-11-22T00:00:01.500000+07:00"
        self.assertTrue(verdict(night)["ok"])

    def test_unanswered(self):
        night = clean_night()
        night.providers["beta"] = without(night.providers["beta"], kind="feedback")
        self.bad(night, unanswered=1)

    def test_a_999_that_only_says_received_is_no_answer(self):
        night = clean_night()
        for line in night.providers["beta"]:
            if line["kind"] == "feedback":
                line.update(mltdiep=999, tttnhan="0")
        self.bad(night, unanswered=1)

    def test_a_duplicate_code_is_no_answer(self):
        night = clean_night()
        for line in night.providers["beta"]:
            if line["kind"] == "feedback":
                line.update(mltdiep=999, tttnhan="1", mloi="1002")
        self.bad(night, unanswered=1)

    def test_a_refusing_999_is_an_answer(self):
        night = clean_night()
        for line in night.providers["beta"]:
            if line["kind"] == "feedback":
                line.update(mltdiep=999, tttnhan="1", mloi="2011")
        self.assertTrue(verdict(night)["ok"])

    def test_misrouted_to_another_provider(self):
        night = clean_night()
        night.providers["beta"] += [feedback(2, "a2", A, "acme-1"), ack(2)]
        self.bad(night, misrouted=1)

    def test_misrouted_answer_to_nobody(self):
        night = clean_night()
        night.transcript.append(answer("u", "V0109999999" + "9" * 32, 204))
        night.providers["beta"] += [feedback(2, "u", "V0109999999" + "9" * 32, ""), ack(2)]
        self.bad(night, misrouted=1)

    def test_misrouted_wrong_reference_of_the_provider(self):
        night = clean_night()
        for line in night.providers["beta"]:
            if line["kind"] == "feedback":
                line["rewrapped_mtdtchieu"] = "beta-2"
        self.bad(night, misrouted=1)

    def test_an_answer_the_authority_never_made(self):
        night = clean_night()
        for line in night.providers["beta"]:
            if line["kind"] == "feedback":
                line["authority_sha256"] = "forged"
        self.bad(night, misrouted=1)

    def test_a_gap_in_the_mailbox(self):
        night = clean_night()
        night.providers["acme"] = without(night.providers["acme"], kind="feedback", sequence=1)
        self.bad(night)

    def test_items_never_acknowledged(self):
        night = clean_night()
        night.providers["beta"] = without(night.providers["beta"], kind="ack")
        self.bad(night)

    def test_lost(self):
        night = clean_night()
        night.transcript = without(night.transcript, kind="send", mtdiep=C)
        self.bad(night, lost=1)

    def test_lost_even_when_a_person_looks_at_it(self):
        night = clean_night()
        night.transcript = without(without(night.transcript, kind="send", mtdiep=C), kind="answer", mtdtchieu=C)
        night.providers["beta"] = without(without(night.providers["beta"], kind="feedback"), kind="ack")
        night.messages[C]["state"] = "MESSAGE_STATE_WORK_ITEM"
        self.bad(night, lost=1, unanswered=1)

    def test_a_closed_door_is_no_processing(self):
        night = clean_night()
        night.transcript[-3]["disposition"] = "closed"
        self.bad(night, lost=1)

    def test_processed_under_two_ids(self):
        night = clean_night()
        night.transcript.append(send("V0109999999" + "E" * 32, "23:50:00", "dA"))
        self.bad(night, duplicated=1)

    def test_an_arrival_nobody_has_a_receipt_for(self):
        night = clean_night()
        night.transcript.append(send("V0109999999" + "E" * 32, "23:50:00", "dE"))
        self.bad(night)

    def test_other_payload_than_submitted(self):
        night = clean_night()
        night.transcript[0]["dlieu_sha256"] = "changed"
        self.bad(night, duplicated=1)

    def test_sent_twice_with_different_bytes(self):
        night = resent_night("duplicate_rejected")
        night.transcript[-1]["message_sha256"] = "other"
        self.bad(night, duplicated=1)


class FinalAnswers(unittest.TestCase):
    """C is answered by `types`; the last one reaches beta, who then has a final answer or not."""

    def night(self, *types, thop="", withheld=False):
        night = clean_night()
        night.transcript = without(night.transcript, kind="answer", mtdtchieu=C)
        night.providers["beta"] = without(without(night.providers["beta"], kind="feedback"), kind="ack")
        result = "refused" if thop in ("2", "4") else "ok"
        names = [f"c{mltdiep}" for mltdiep in types]
        for sequence, (name, mltdiep) in enumerate(zip(names, types), 1):
            kept = withheld and mltdiep == types[-1]
            night.transcript.append(answer(name, C, mltdiep, "withheld" if kept else "queued", result))
            if not kept:
                night.providers["beta"] += [feedback(sequence, name, C, "beta-1", mltdiep, thop=thop), ack(sequence)]
        for event in night.transcript:
            if event["kind"] == "receive" and "c2" in event["answer_ids"]:
                event["answer_ids"] = ["b1", "b2"] + (names[:-1] if withheld else names)
        return night

    def test_of_every_type_that_ends_a_matter(self):
        for types in ((102, 103), (102, 104), (202,), (204,), (205,), (213,), (301,)):
            got = verdict(self.night(*types, thop="1" if types[0] == 102 else ""))
            self.assertEqual((got["why"], got["answered"], got["ok"]), ([], 3, True), types)

    def test_a_102_that_refuses_is_one_and_one_that_receives_is_none(self):
        for thop, final in (("1", False), ("2", True), ("3", False), ("4", True), ("", False)):
            got = verdict(self.night(102, thop=thop))
            self.assertEqual((got["unanswered"], got["ok"]), (0 if final else 1, final), thop)

    def test_a_thop_outside_of_a_102_says_nothing(self):
        self.assertEqual(verdict(self.night(105, thop="2"))["unanswered"], 1)

    def test_withheld_they_make_a_work_item(self):
        for types in ((102, 103), (102, 104), (205,), (213,)):
            night = self.night(*types, thop="1" if types[0] == 102 else "", withheld=True)
            self.assertFalse(verdict(night)["ok"], types)
            night.messages[C]["state"] = "MESSAGE_STATE_WORK_ITEM"
            self.assertEqual((verdict(night)["why"], verdict(night)["work_items"]), ([], 1), types)

    def test_a_refusing_102_that_is_withheld_makes_one_too(self):
        night = self.night(102, thop="2", withheld=True)
        night.messages[C]["state"] = "MESSAGE_STATE_WORK_ITEM"
        self.assertEqual(verdict(night)["why"], [])


def resent_night(disposition, *events, response="cut"):
    night = clean_night()
    night.transcript[0]["response"] = response
    night.transcript.append(send(A, "23:10:00", "dA", disposition))
    events = events or (("attempt", "23:00:01"), ("in_doubt", "23:00:05"), ("searched", "23:05:00"),
                        ("attempt", "23:10:00"))
    night.messages[A] = message(A, *events)
    return night


class Resends(unittest.TestCase):
    def test_with_search_and_settle_time_is_ok(self):
        self.assertTrue(verdict(resent_night("duplicate_rejected"))["ok"])

    def test_reprocessed_is_counted_apart(self):
        got = verdict(resent_night("processed_again"))
        self.assertEqual((got["reprocessed"], got["duplicated"], got["ok"]), (1, 0, True))

    def test_without_a_search(self):
        got = verdict(resent_night("duplicate_silent", ("attempt", "23:00:01"), ("attempt", "23:10:00")))
        self.assertEqual((got["duplicated"], got["ok"]), (1, False))

    def test_search_without_settle_time(self):
        got = verdict(resent_night("duplicate_silent", ("attempt", "23:00:01"), ("searched", "23:09:45"),
                                   ("attempt", "23:10:00")))
        self.assertEqual((got["duplicated"], got["ok"]), (1, False))

    def test_arrival_without_an_attempt_of_its_own(self):
        got = verdict(resent_night("duplicate_silent", ("attempt", "23:00:01"), ("searched", "23:00:05")))
        self.assertEqual((got["duplicated"], got["ok"]), (1, False))

    def test_after_busy_no_search_is_needed(self):
        night = resent_night("processed", ("attempt", "23:00:01"), ("attempt", "23:10:00"), response="status:BUSY")
        night.transcript[0]["disposition"] = "not_processed"
        self.assertTrue(verdict(night)["ok"])

    def test_two_attempts_at_one_instant(self):
        night = resent_night("processed", ("attempt", "23:10:00"), ("attempt", "23:10:00"), response="status:BUSY")
        night.transcript[0].update(disposition="not_processed", arrived=at("23:10:00"))
        self.assertTrue(verdict(night)["ok"])

    def test_three_arrivals_and_two_attempts(self):
        night = resent_night("duplicate_silent")
        night.transcript.append(send(A, "23:10:00", "dA", "duplicate_silent"))
        self.assertEqual(verdict(night)["duplicated"], 1)

    def test_an_attempt_that_never_arrived_is_no_defect(self):
        night = resent_night("processed", ("attempt", "22:59:00"), ("searched", "22:59:10"), ("attempt", "23:00:01"),
                             ("searched", "23:05:00"), ("attempt", "23:10:00"))
        self.assertTrue(verdict(night)["ok"])

    def test_after_a_system_code_no_search_is_needed(self):
        night = resent_night("processed", ("attempt", "23:00:01"), ("attempt", "23:10:00"), response="accepted")
        night.transcript[0]["disposition"] = "refused:2006"
        self.assertTrue(verdict(night)["ok"])


class WorkItems(unittest.TestCase):
    def withheld_night(self, state="MESSAGE_STATE_WORK_ITEM"):
        night = clean_night()
        night.transcript = without(night.transcript, kind="answer", mtdtchieu=C) + [answer("c2", C, 204, "withheld")]
        for event in night.transcript:
            if event["kind"] == "receive":
                event["answer_ids"] = [a for a in event["answer_ids"] if a != "c2"]
        night.providers["beta"] = without(without(night.providers["beta"], kind="feedback"), kind="ack")
        night.messages[C]["state"] = state
        return night

    def test_a_withheld_answer_makes_a_work_item(self):
        got = verdict(self.withheld_night())
        self.assertEqual((got["work_items"], got["unanswered"], got["ok"]), (1, 0, True))

    def test_a_withheld_answer_without_work_item(self):
        got = verdict(self.withheld_night("MESSAGE_STATE_ACKNOWLEDGED"))
        self.assertEqual((got["unanswered"], got["ok"]), (1, False))

    def test_a_work_item_that_nothing_explains(self):
        night = clean_night()
        night.messages[C]["state"] = "MESSAGE_STATE_WORK_ITEM"
        self.assertFalse(verdict(night)["ok"])

    def test_swallowed_makes_a_work_item(self):
        night = self.withheld_night()
        night.transcript = without(night.transcript, kind="answer", mtdtchieu=C)
        for event in night.transcript:
            if event["kind"] == "send" and event["mtdiep"] == C:
                event["disposition"] = "swallowed"
        self.assertTrue(verdict(night)["ok"])


class GivenUp(unittest.TestCase):
    def night(self, proof="p"):
        """B was taken back while the line was closed: it never arrived, and submitted again it is refused."""
        night = clean_night()
        night.transcript = without(without(night.transcript, kind="send", mtdiep=B), kind="answer", mtdtchieu=B)
        log = [line for line in night.providers["acme"] if line.get("gateway_mtdiep") != B or line["kind"] != "feedback"]
        base = {"id": "acme-2", "reference": "", "sha256": "s2"}
        night.providers["acme"] = without(log, kind="ack") + [
            dict(base, kind="withdrawal", gateway_mtdiep=B, proof_sha256=proof),
            dict(base, kind="rejection", rules=["intake.withdrawn"]), ack(2)]
        return night

    def test_a_withdrawn_message_is_neither_lost_nor_unanswered(self):
        got = verdict(self.night())
        self.assertEqual(got["why"], [])
        self.assertEqual((got["withdrawn"], got["lost"], got["unanswered"], got["ok"]), (1, 0, 0, True))

    def test_without_a_proof_it_is(self):
        got = verdict(self.night(proof=""))
        self.assertEqual((got["withdrawn"], got["lost"], got["unanswered"], got["ok"]), (0, 1, 1, False))

    def test_withdrawn_and_yet_arrived(self):
        night = self.night()
        night.transcript.append(send(B, "23:50:01", "dB"))
        self.assertIn("withdrawn, and yet", " ".join(verdict(night)["why"]))

    def test_voided_and_yet_accepted(self):
        for name, proof, good in (("acme-1", "p", False), ("acme-1", "", True), ("acme-9", "p", True)):
            night = clean_night()
            night.providers["acme"].append({"kind": "void", "id": name, "reference": "", "sha256": "s", "proof_sha256": proof})
            self.assertEqual(verdict(night)["ok"], good, (name, proof))


class Program(unittest.TestCase):
    def run_on(self, night):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "providers"))
            write = {"transcript.jsonl": night.transcript,
                     "events.jsonl": [{"provider": "x", "message": m} for m in night.messages.values()]}
            write.update({f"providers/{name}.jsonl": log for name, log in night.providers.items()})
            for name, rows in write.items():
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write("".join(json.dumps(row) + "\n" for row in rows))
            program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "audit.py")
            return subprocess.run([sys.executable, program, folder], capture_output=True, text=True, check=False)

    def test_exit_codes_and_last_line(self):
        good = self.run_on(clean_night())
        self.assertEqual((good.returncode, json.loads(good.stdout)["ok"]), (0, True), good.stderr)
        night = clean_night()
        night.transcript = without(night.transcript, kind="send", mtdiep=C)
        bad = self.run_on(night)
        self.assertEqual((bad.returncode, json.loads(bad.stdout)["lost"]), (1, 1))

    def test_missing_evidence(self):
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "audit.py")
        done = subprocess.run([sys.executable, program, "/nonexistent"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
