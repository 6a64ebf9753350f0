#!/usr/bin/python3
"""The audit of a night: says from the evidence alone whether the gateway kept its promises.

usage: audit.py EVIDENCE_DIR [--settle SECONDS]

Reads transcript.jsonl (what the authority saw and did), providers/*.jsonl (what each provider sent and got) and
events.jsonl (exported event logs); links no code of the product. Prints what is wrong, one line each, on standard
error, and one line of JSON on standard output. Exit code 0: ok, 1: not ok, 2: the evidence cannot be read.
"""
import argparse
import collections
import gc
import json
import sys

import audit_night
from evidence import Evidence, when

SYSTEM_CODES = {"-1", "2002", "2003", "2004", "2005", "2006", "2012"}
DUPLICATE_CODES = {"1002"}
FINAL_TYPES = {103, 104, 202, 204, 205, 213, 301, -1}
PROCESSED = ("processed", "processed_again")
GRACE_S = 2.0  # a send whose bytes arrive later than this after the stop is inside the window


def is_final(mltdiep, refused, mloi):
    """The last answers of every type; a 102 is one if it refuses the declaration, a 999 if it refuses the message
    itself."""
    if mltdiep == 999:
        return refused and mloi not in SYSTEM_CODES | DUPLICATE_CODES
    return mltdiep in FINAL_TYPES or (mltdiep == 102 and refused)


def refuses(item):
    """What a 999 or a 102 says in the provider's own copy of it."""
    return item["thop"] in ("2", "4") if item["mltdiep"] == 102 else item["tttnhan"] == "1"


def takes_effect(send):
    """The authority dealt with the message itself: it is not lost any more."""
    what = send["disposition"]
    if what.startswith("refused:"):
        return what.split(":", 1)[1] not in SYSTEM_CODES | DUPLICATE_CODES
    return what in PROCESSED or what == "unreadable"


def known_without_effect(send):
    """The sender was told that nothing happened, so sending again needs no search."""
    system = send["disposition"].startswith("refused:") and send["disposition"].split(":", 1)[1] in SYSTEM_CODES
    return system or send["response"].startswith(("status:", "fault:"))


class Audit:
    def __init__(self, evidence, settle_s):
        self.evidence = evidence
        self.settle_s = settle_s
        self.violations = []
        self.sends = collections.defaultdict(list)  # MTDiep of the authority hop -> send events
        for send in evidence.of_kind("send"):
            self.sends[send["mtdiep"]].append(send)
        self.windows = audit_night.closures(evidence.transcript)
        self.read_providers()

    def wrong(self, text):
        self.violations.append(text)

    def read_providers(self):
        self.submits, self.receipts, self.rejections, self.owners = {}, {}, set(), {}
        self.withdrawn, self.voided = set(), set()  # with a proof in the provider's hand: MTDieps of ours; its own ids
        for provider, log in self.evidence.providers.items():
            for line in log:
                if line["kind"] == "submit":
                    self.submits[self.key(provider, line)] = line
                elif line["kind"] == "receipt":
                    self.take_receipt(provider, line)
                elif line["kind"] == "rejection":
                    self.rejections.add(self.key(provider, line))
                elif line["kind"] == "withdrawal" and line["proof_sha256"]:
                    self.withdrawn.add(line["gateway_mtdiep"])
                elif line["kind"] == "void" and line["proof_sha256"]:
                    self.voided.add((provider, line["id"], line["reference"]))

    @staticmethod
    def key(provider, line):
        return provider, line["id"], line["reference"], line["sha256"]

    def take_receipt(self, provider, line):
        key = self.key(provider, line)
        first = self.receipts.setdefault(key, line)
        if first["jws_sha256"] != line["jws_sha256"]:
            self.wrong(f"{provider} {line['id']}: two different receipts for the same submit")
        owner = self.owners.setdefault(line["gateway_mtdiep"], key)
        if owner != key:
            self.wrong(f"{line['gateway_mtdiep']} was given to two submits: {owner[:3]} and {key[:3]}")

    # --- what was handed in
    def check_submits(self):
        by_id = collections.defaultdict(set)
        for provider, name, reference, digest in self.receipts:
            by_id[provider, name, reference].add(digest)
        for name, digests in by_id.items():
            if len(digests) > 1:
                self.wrong(f"{name}: receipts for {len(digests)} different documents")
        for key in self.submits:
            if key not in self.receipts and key not in self.rejections:
                self.wrong(f"{key[:3]}: submitted, neither receipt nor rejection")
            taken_back = key in self.receipts and self.receipts[key]["gateway_mtdiep"] in self.withdrawn
            if key in self.receipts and key in self.rejections and not taken_back:
                self.wrong(f"{key[:3]}: both receipt and rejection for the same bytes")
        for key in self.receipts:
            if key[:3] in self.voided:
                self.wrong(f"{key[:3]}: voided, and yet accepted")

    def held_in_window(self):
        return sum(any(start <= when(line["accepted_at"]) < end for start, end in self.windows)
                   for line in self.receipts.values())

    def sent_in_window(self):
        count = 0
        for sends in self.sends.values():
            for send in sends:
                arrived = when(send["arrived"])
                if any(start + GRACE_S < arrived < end for start, end in self.windows):
                    count += 1
                    self.wrong(f"{send['mtdiep']}: arrived at {send['arrived']}, inside the window")
        return count

    # --- what became of it at the authority
    def withheld(self):
        """Receipted messages that arrived and for which the authority itself kept back every final answer."""
        handed_out = {a for event in self.evidence.of_kind("receive") for a in event["answer_ids"]}
        kept_back = {mtdiep for mtdiep, sends in self.sends.items()
                     if any(send["disposition"] == "swallowed" for send in sends)}
        answered = {mtdiep for mtdiep, sends in self.sends.items()
                    if any(send["disposition"] == "unreadable" for send in sends)}
        for answer in self.evidence.of_kind("answer"):
            if not is_final(answer["mltdiep"], answer["result"] == "refused", answer["mloi"]):
                continue
            if answer["disposition"] == "withheld":
                kept_back.add(answer["mtdtchieu"])
            elif answer["answer_id"] in handed_out:
                answered.add(answer["mtdtchieu"])
        return {mtdiep for mtdiep in kept_back - answered if mtdiep in self.owners}

    def work_items(self):
        return {mtdiep for mtdiep, message in self.evidence.messages.items()
                if message["state"] == "MESSAGE_STATE_WORK_ITEM" and mtdiep in self.owners}

    def check_work_items(self, withheld, work_items):
        for mtdiep in sorted(withheld - work_items):
            state = self.evidence.messages.get(mtdiep, {}).get("state", "not exported")
            self.wrong(f"{mtdiep}: its answer was withheld, but it is no work item ({state})")
        for mtdiep in sorted(work_items - withheld):
            self.wrong(f"{mtdiep}: a work item, but the authority withheld nothing")

    def lost(self, withheld):
        gone = [mtdiep for mtdiep in self.owners
                if mtdiep not in withheld | self.withdrawn and not any(takes_effect(send) for send in self.sends[mtdiep])]
        for mtdiep in gone:
            self.wrong(f"{mtdiep} of {self.owners[mtdiep][:3]}: receipted, never dealt with by the authority")
        return len(gone)

    def check_withdrawn(self):
        for mtdiep in sorted(self.withdrawn):
            if self.sends[mtdiep]:
                self.wrong(f"{mtdiep}: withdrawn, and yet it arrived at the authority")

    def duplicated(self):
        count = 0
        by_content = collections.defaultdict(set)
        for mtdiep, sends in list(self.sends.items()):
            for send in sends:
                if send["disposition"] in PROCESSED:
                    by_content[send["dlieu_sha256"]].add(mtdiep)
        for digest, ids in by_content.items():
            if len(ids) > 1:
                count += 1
                self.wrong(f"DLieu {digest} was processed under {len(ids)} MTDieps: {', '.join(sorted(ids))}")
        for mtdiep, sends in list(self.sends.items()):
            count += self.other_bytes(mtdiep, sends) + self.blind_resends(mtdiep, sends)
        return count

    def other_bytes(self, mtdiep, sends):
        if mtdiep not in self.owners:
            self.wrong(f"{mtdiep}: arrived at the authority, but no provider has a receipt for it")
            return 0
        submitted = self.submits.get(self.owners[mtdiep], {}).get("dlieu_sha256")
        bad = [send for send in sends if send["dlieu_sha256"] != submitted and send["disposition"] != "closed"]
        changed = {send["message_sha256"] for send in sends}
        if bad:
            self.wrong(f"{mtdiep}: DLieu at the authority is not the one that was submitted")
        if len(changed) > 1:
            self.wrong(f"{mtdiep}: was sent with {len(changed)} different bytes")
        return int(bool(bad) or len(changed) > 1)

    def blind_resends(self, mtdiep, sends):
        if len(sends) < 2:
            return 0
        events = self.evidence.messages.get(mtdiep, {}).get("events", [])
        attempts = [when(e["time"]) for e in events if e["kind"] == "attempt"]
        searches = [when(e["time"]) for e in events if e["kind"] == "searched"]
        own = self.attempts_of(sends, attempts)
        blind = 0
        for index, send in enumerate(sends[1:], 1):
            needs_search = not all(known_without_effect(s) for s in sends[:index])
            if own[index] < 0 or own[index - 1] < 0:
                blind += 1
                self.wrong(f"{mtdiep}: arrival {index + 1} without an attempt of its own")
            elif needs_search and not self.searched(attempts, searches, own[index - 1], own[index]):
                blind += 1
                self.wrong(f"{mtdiep}: arrival {index + 1} without a recorded search and settle time")
        return int(blind > 0)

    @staticmethod
    def attempts_of(sends, attempts):
        """For each arrival the index of its own attempt, the latest that fits, from the last one back; -1: none."""
        own, limit = [-1] * len(sends), len(attempts)
        for index in range(len(sends) - 1, -1, -1):
            limit = min(limit, sum(t <= when(sends[index]["arrived"]) for t in attempts)) - 1
            own[index] = max(limit, -1)
            limit = max(limit, 0)
        return own

    def searched(self, attempts, searches, previous, attempt):
        return any(attempts[previous] <= s <= attempts[attempt] - self.settle_s + 0.001 for s in searches)

    # --- what came back
    def check_feedback(self):
        """(answered gateway MTDieps, misrouted count)"""
        made = {answer["answer_sha256"] for answer in self.evidence.of_kind("answer")}
        answered, misrouted = set(), 0
        for provider, log in self.evidence.providers.items():
            items = [line for line in log if line["kind"] == "feedback"]
            self.check_sequence(provider, items)
            for item in items:
                fault = self.routing_fault(provider, item, made)
                if fault:
                    misrouted += 1
                    self.wrong(f"{provider} item {item['sequence']}: {fault}")
                elif is_final(item["mltdiep"], refuses(item), item["mloi"]):
                    answered.add(self.subject(item))
        return answered, misrouted

    def check_sequence(self, provider, items):
        seen = {}
        for item in items:
            if seen.setdefault(item["sequence"], item["answer_id"]) != item["answer_id"]:
                self.wrong(f"{provider}: two different items with sequence {item['sequence']}")
        missing = set(range(1, max(seen, default=0) + 1)) - set(seen)
        if missing:
            self.wrong(f"{provider}: feedback items missing: {sorted(missing)[:10]}")
        acknowledged = max((line["sequence"] for line in self.evidence.providers[provider]
                            if line["kind"] == "ack"), default=0)
        if acknowledged < max(seen, default=0):
            self.wrong(f"{provider}: items after {acknowledged} were never acknowledged")

    @staticmethod
    def subject(item):
        """The message an answer speaks of, by the authority's own bytes; a -1 names it only in HSGoc."""
        if item["mtdtchieu"]:
            return item["mtdtchieu"]
        return item["gateway_mtdiep"] if item["gateway_mtdiep"] in item["names"] else ""

    def routing_fault(self, provider, item, made):
        if item["authority_sha256"] not in made:
            return "not an answer that the authority made"
        subject = self.subject(item)
        owner = self.owners.get(subject)
        if owner is None:
            return f"an answer to {subject or 'nothing'}, which no provider has a receipt for"
        if owner[0] != provider:
            return f"an answer to {subject}, which belongs to {owner[0]}"
        echoes = {owner[1]} if owner[1] else {"", owner[2]}  # a bare HDon has a reference instead of an MTDiep
        if item["provider_mtdiep"] != owner[1] or item["rewrapped_mtdtchieu"] not in echoes:
            return f"an answer to {owner[1:3]} that says {item['provider_mtdiep']} / {item['rewrapped_mtdtchieu']}"
        return ""

    def report(self):
        self.check_submits()
        withheld, work_items = self.withheld(), self.work_items()
        self.check_work_items(withheld, work_items)
        answered, misrouted = self.check_feedback()
        self.check_withdrawn()
        open_ones = sorted(set(self.owners) - answered - self.withdrawn - (withheld & work_items))
        for mtdiep in open_ones:
            self.wrong(f"{mtdiep} of {self.owners[mtdiep][:3]}: no final answer reached its provider")
        result = {
            "submitted": len(self.submits), "receipts": len(self.receipts), "rejected": len(self.rejections),
            "held_in_window": self.held_in_window(), "sent_in_window": self.sent_in_window(),
            "answered": len(answered & set(self.owners)), "unanswered": len(open_ones), "misrouted": misrouted,
            "lost": self.lost(withheld), "duplicated": self.duplicated(),
            "reprocessed": sum(s["disposition"] == "processed_again" for sends in self.sends.values() for s in sends),
            "work_items": len(work_items), "withdrawn": len(self.withdrawn),
        }
        if self.evidence.night:
            result.update(audit_night.NightAudit(self.evidence, self.owners, self.wrong).report())
        result["ok"] = not self.violations and bool(self.submits)
        return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--settle", type=float, default=30.0, help="settle time of the gateway in seconds")
    arguments = parser.parse_args()
    gc.disable()  # all of the evidence is kept to the end
    try:
        audit = Audit(Evidence.load(arguments.folder), arguments.settle)
        result = audit.report()
    except (OSError, ValueError, KeyError) as error:
        print(f"audit: the evidence cannot be read: {error!r}", file=sys.stderr)
        return 2
    for violation in audit.violations:
        print(f"audit: {violation}", file=sys.stderr)
    print(json.dumps(result, separators=(",", ":")))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
