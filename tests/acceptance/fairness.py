"""Fairness between providers: while two or more are backlogged in a class, each window of 1000 sends of that class gives
them equal shares, within a tenth.

A send is an attempt up to the one that stood: one that the line refused was its provider's turn all the same, though the
message went back to its queue. Backlogged is who has a message that
was accepted, and waited for no other, before the window began, and is not sent when it ends: whoever has so few that all
of them go at once wants no more. What those send is left out of the shares.
"""
import collections

from evidence import when

WINDOW = 1000
STEP_S = 1.0  # how often the gateway looks again at what waited for another message
TOLERANCE = 0.10


def sends_of(message):
    """[(time, order, it stood)]"""
    sends, attempts = [], [e for e in message["events"] if e["kind"] in ("attempt", "not_sent")]
    for event, following in zip(attempts, attempts[1:] + [None]):
        if event["kind"] == "attempt":
            refused = following is not None and following["kind"] == "not_sent"
            sends.append((when(event["time"]), int(event.get("sequence") or 0), not refused))
            if not refused:
                break
    return sends


class ClassShares:
    """The sends of one class, one by one, in a window that goes over them."""

    def __init__(self, ready):
        self.ready = sorted(ready)  # (time, provider)
        self.next_ready = 0
        self.waits = collections.Counter()  # were there when the window began, and are not sent yet
        self.window = collections.deque()   # (time, provider)
        self.counts = collections.Counter()

    def send(self, at, provider, stood):
        self.waits[provider] -= stood
        self.window.append((at, provider))
        self.counts[provider] += 1
        if len(self.window) > WINDOW:
            self.counts[self.window.popleft()[1]] -= 1
        while self.next_ready < len(self.ready) and self.ready[self.next_ready][0] <= self.window[0][0]:
            self.waits[self.ready[self.next_ready][1]] += 1
            self.next_ready += 1

    def worst(self):
        """(who is farthest off its share, by how much of it), of the window as it is; None: nothing to judge."""
        backlogged = [p for p, n in self.waits.items() if n > 0] if len(self.window) == WINDOW else []
        if len(backlogged) < 2:
            return None
        share = sum(self.counts[p] for p in backlogged) / len(backlogged)
        provider = max(backlogged, key=lambda p: abs(self.counts[p] - share))
        return provider, (self.counts[provider] - share) / share if share else float("inf")


def judge(audit):
    """(windows judged, the farthest share in percent off, windows that are unfair)"""
    sends, ready = collections.defaultdict(list), collections.defaultdict(list)
    for name, message in audit.evidence.messages.items():
        provider, cls, turns = audit.owners.get(name, ("",))[0], message["message_class"], sends_of(message)
        if turns and provider:
            begun = max([when(message["accepted_at"])] + [audit.ended(p) + STEP_S for p in audit.parents(name)])
            ready[cls].append((min(begun, turns[0][0]), provider))
            sends[cls] += [(at, order, provider, stood) for at, order, stood in turns]
    judged, worst, unfair = 0, 0.0, 0
    for cls in sends:
        windows, farthest, bad = judge_class(cls, sorted(sends[cls]), ready[cls], audit.wrong)
        judged, unfair, worst = judged + windows, unfair + bad, max(worst, farthest)
    return judged, round(100 * worst, 1), unfair


def judge_class(cls, sends, ready, wrong):
    shares = ClassShares(ready)
    judged, farthest, bad = 0, 0.0, 0
    for number, (at, _, provider, stood) in enumerate(sends, 1):
        shares.send(at, provider, stood)
        found = shares.worst()
        if found is None:
            continue
        judged += 1
        farthest = max(farthest, abs(found[1]))
        if abs(found[1]) > TOLERANCE:
            bad += 1
            if bad <= 3:
                wrong(f"{cls}: {found[0]} got {100 * found[1]:+.0f} % of its share of the 1000 sends up to number {number}")
    return judged, farthest, bad
