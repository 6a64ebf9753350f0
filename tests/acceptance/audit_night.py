"""What the audit asserts of a maintenance night beyond every day (EVIDENCE.md, "A maintenance night").

Everything is read from the transcript and from what was exported: event logs, versions of windows, versions of the
phases. Times are seconds since 1970. A version says nothing of the instant at which it was written: both it and the one
before it are taken as true then, because many things happen at one instant of virtual time.
"""
import bisect
import collections

import fairness
from evidence import when

GRACE_S = 2.0  # what arrives later than this after a stop came while it was closed
SENDING = {"OPEN", "DRAINING", "RAMPING"}
NAMES_INVOICES, REGISTERS = {300, 303}, {100, 101}
ENDS = {"answer", "work_item", "withdrawn", "resolved"}
OVERDUE, BEFORE_DEADLINE_S = "dispatch.parent_overdue", 1800  # a wait ends half an hour before the child's own deadline
VIETNAM_S, DAY_S = 7 * 3600, 86400
ALL = "every class"
INSTANT = 1e-6


def merged(spans):
    """Half-open spans, in order; those that touch, or all but touch, are one."""
    result = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1] + 2 * INSTANT:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def inside(spans, at, grace=0.0):
    found = bisect.bisect_right(spans, (at, float("inf"))) - 1
    return found >= 0 and spans[found][0] + grace <= at < spans[found][1]


def closures(transcript):
    """When the authority was really closed: from each start to the time when the line was opened again."""
    spans = {}
    for event in transcript:
        if event["kind"] in ("window_open", "window_change", "window_close"):
            over = event["time"] if event["kind"] == "window_close" else event["end"]
            spans[event["window"] if "window" in event else 0, event["start"]] = (when(event["start"]), when(over))
    return merged(spans.values())


def closed_by_windows(versions):
    """class -> spans in which the windows, as they stood then, said closed. ALL: those that close every class."""
    by_id = collections.defaultdict(list)
    for version in versions:
        by_id[version["id"]].append(version)
    spans = collections.defaultdict(list)
    for known in by_id.values():
        known.sort(key=lambda version: int(version["version"]))
        for version, following in zip(known, known[1:] + [None]):
            if version.get("cancelled") or version.get("unverified"):
                continue
            if version.get("recurrence"):
                raise ValueError(f"{version['id']}: a recurring window cannot be judged")
            begin = max(when(version["start"]), when(version["changed_at"]) + INSTANT)
            end = when(version.get("ended_at") or version["end"])
            end = min(end, when(following["changed_at"])) if following else end
            for cls in version.get("message_classes") or [ALL]:
                spans[cls].append((begin, end))
    return {cls: merged(spans[cls] + spans[ALL]) for cls in [ALL, *spans]}


class Phases:
    """The written phases of the line, class by class."""

    def __init__(self, versions):
        rows = sorted(versions, key=lambda version: int(version["epoch"]))
        self.times = [when(row["at"]) for row in rows]
        self.classes = [{c["message_class"]: c["phase"].removeprefix("LINE_PHASE_") for c in row["classes"]} for row in rows]

    def at(self, cls, at):
        """The phases that the class may have been in at that instant."""
        first = max(0, bisect.bisect_left(self.times, at) - 1)
        return {row.get(cls, "OPEN") for row in self.classes[first:bisect.bisect_right(self.times, at)]} or {"OPEN"}

    def spans(self, phase):
        """(begin, end) while any class was in the phase; they may be one instant."""
        found, last = [], None
        for index, (begin, end) in enumerate(zip(self.times, self.times[1:] + [float("inf")])):
            if phase in self.classes[index].values():
                found[-1:] = [(found[-1][0], end)] if last == index - 1 and found else found[-1:] + [(begin, end)]
                last = index
        return found

    def starts(self, phase):
        before = [{}] + self.classes
        return [at for at, row, old in zip(self.times, self.classes, before)
                if any(now == phase and old.get(cls) != phase for cls, now in row.items())]


class NightAudit:
    """`wrong` takes what is wrong, one line each."""

    def __init__(self, evidence, owners, wrong):
        self.evidence, self.owners, self.wrong = evidence, owners, wrong
        self.settings = evidence.night
        self.phases = Phases(evidence.phases)
        self.closed = closed_by_windows(evidence.windows)
        self.probes = sorted(when(e["time"]) for e in evidence.of_kind("probe") if e["disposition"] == "ok")
        self.first_arrival, self.names, self.filers, self.registrations = {}, {}, collections.defaultdict(set), {}
        for send in evidence.of_kind("send"):
            self.first_arrival.setdefault(send["mtdiep"], when(send["arrived"]))
            if send["invoice_keys"]:
                self.learn_keys(send)
        for name, message in evidence.messages.items():
            if message["message_type"] in REGISTERS:
                self.registrations.setdefault(message["mst"], []).append(name)
        self.attempts = sorted((when(e["time"]), name) for name, message in evidence.messages.items()
                               for e in message["events"] if e["kind"] == "attempt")

    def learn_keys(self, send):
        if send["mltdiep"] in NAMES_INVOICES:
            self.names[send["mtdiep"]] = send["invoice_keys"]
        else:
            for key in send["invoice_keys"]:
                self.filers[key].add(send["mtdiep"])

    def class_of(self, name):
        return self.evidence.messages[name]["message_class"]

    # --- closed means closed
    def attempts_while_closed(self):
        bad = 0
        for at, name in self.attempts:
            cls = self.class_of(name)
            by_window = inside(self.closed.get(cls, self.closed[ALL]), at)
            by_record = self.phases.at(cls, at) <= {"CLOSED", "DOWN"}
            if by_window or by_record:
                bad += 1
                self.wrong(f"{name}: an attempt was recorded at {at:.6f}, closed by {'a window' if by_window else 'record'}")
        return bad

    def bytes_while_closed(self):
        """Of any kind: connections, probes, reading and our own 999s too."""
        bad = 0
        for event in self.evidence.transcript:
            if event["kind"] in ("connect", "probe", "send", "receive", "ack999") and event["disposition"] != "missing":
                at = when(event.get("arrived") or event["time"])
                if inside(self.closed[ALL], at, GRACE_S + INSTANT):
                    bad += 1
                    self.wrong(f"{event['kind']} at {event.get('arrived') or event['time']}: more than 2 s after the stop")
        return bad

    # --- verifying
    def sends_in_verifying(self):
        """(canaries, other sends). A canary is of a listed class, and there is a green probe for each. At the instant of
        the opening nothing else leaves either: a ramp begins with no message saved."""
        canaries, other = 0, 0
        for begin, end in self.phases.spans("VERIFYING"):
            sent = 0
            for at, name in self.between(self.attempts, begin, end):
                if "VERIFYING" not in self.phases.at(self.class_of(name), at):
                    continue
                sent += 1
                if self.class_of(name) in self.settings["canary_classes"] and self.green_between(begin, at) >= sent:
                    canaries += 1
                else:
                    other += 1
                    self.wrong(f"{name}: sent at {at:.6f}, while the line was verified, and no canary")
        return canaries, other

    def opened_without_green(self):
        bad = 0
        for begin, end in self.phases.spans("VERIFYING"):
            if end in self.phases.starts("RAMPING") and not self.green_between(begin, end):
                bad += 1
                self.wrong(f"the line was opened at {end:.6f} without a green probe since {begin:.6f}")
        return bad

    def green_between(self, begin, end):
        return bisect.bisect_right(self.probes, end) - bisect.bisect_left(self.probes, begin)

    @staticmethod
    def between(rows, begin, end):
        """Of sorted tuples that begin with a time; both ends are meant."""
        return rows[bisect.bisect_left(rows, (begin,)):bisect.bisect_left(rows, (end + INSTANT / 2,))]

    # --- the ramp
    def too_fast(self):
        """Seconds that are a second one in a row above the set capacity, or above the ramp by more than a second's worth."""
        arrivals = sorted(when(send["arrived"]) for send in self.evidence.of_kind("send"))
        return self.above_capacity() + sum(self.above_ramp(arrivals, begin) for begin in self.phases.starts("RAMPING"))

    def above_capacity(self):
        limits, counts = {}, collections.Counter()
        for send in self.evidence.of_kind("send"):
            second = int(when(send["arrived"]))
            counts[second] += 1
            limits[second] = min(self.settings["max_per_s"], float(send.get("capacity") or "inf"))
        above = {s for s, count in counts.items() if count > limits[s] + max(1, limits[s] / 10)}
        twice = sorted(s for s in above if s - 1 in above)
        for second in twice:
            self.wrong(f"{counts[second]} messages in second {second}, the second one above {limits[second]} a second")
        return len(twice)

    def above_ramp(self, arrivals, begin):
        start, growth, most = (self.settings[k] for k in ("ramp_start_per_s", "ramp_growth_per_s", "max_per_s"))
        first, allowed = bisect.bisect_left(arrivals, begin), 0.0
        for second in range(1, int((most - start) / growth) + 2):
            rate = min(most, start + growth * second)
            allowed += (rate + min(most, start + growth * (second - 1))) / 2
            came = bisect.bisect_left(arrivals, begin + second) - first
            if came > allowed + rate + 1:
                self.wrong(f"{came} messages within {second} s of the opening at {begin:.6f}, the ramp allows {allowed:.0f}")
                return 1
        return 0

    # --- order
    def parents(self, name):
        """Messages accepted before this one that it must wait for."""
        message = self.evidence.messages[name]
        found = {parent for key in self.names.get(name, ()) for parent in self.filers[key]}
        found |= set(self.registrations.get(message["mst"], ()))
        return [p for p in found if p in self.evidence.messages and
                int(self.evidence.messages[p]["acceptance"]) < int(message["acceptance"])]

    def waited_in_vain(self, name, until):
        """It was let go for its own deadline's sake: the gateway says so, and the earliest one there is was near."""
        message = self.evidence.messages[name]
        says = any(e["kind"] == "released" and e["reason"] == OVERDUE for e in message["events"])
        accepted = when(message["accepted_at"])
        midnight = accepted - (accepted + VIETNAM_S) % DAY_S + DAY_S
        return says and until >= midnight - BEFORE_DEADLINE_S

    def ended(self, name):
        message = self.evidence.messages[name]
        kinds = ENDS | {"acknowledged"} if message["state"] == "MESSAGE_STATE_REFUSED" else ENDS
        return min((when(e["time"]) for e in message["events"] if e["kind"] in kinds), default=float("inf"))

    def out_of_order(self):
        bad, first = 0, {}
        for at, name in self.attempts:
            first.setdefault(name, at)
        for name, begun in first.items():
            for parent in self.parents(name):
                early = begun < self.ended(parent)
                arrived = self.first_arrival.get(name, float("inf")) < self.first_arrival.get(parent, float("-inf"))
                if (early or arrived) and not self.waited_in_vain(name, begun):
                    bad += 1
                    self.wrong(f"{name}: sent before {parent}, which it depends on, had come to its end")
        return bad

    def report(self):
        canaries, other = self.sends_in_verifying()
        windows, worst, unfair = fairness.judge(self)
        result = {
            "stops": len(self.closed[ALL]), "attempts_while_closed": self.attempts_while_closed(),
            "bytes_while_closed": self.bytes_while_closed(), "verifications": len(self.phases.spans("VERIFYING")),
            "canaries": canaries, "sent_in_verifying": other, "opened_without_green": self.opened_without_green(),
            "ramps": len(self.phases.starts("RAMPING")), "too_fast": self.too_fast(),
            "dependents": sum(bool(self.parents(name)) for name in self.evidence.messages),
            "out_of_order": self.out_of_order(), "fair_windows": windows, "worst_share_percent": worst, "unfair": unfair}
        for key, least in self.settings["at_least"].items():
            if result.get(key, 0) < least:
                self.wrong(f"{key}: only {result.get(key, 0)}, which proves nothing; {least} are wanted")
        return result
