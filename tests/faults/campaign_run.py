#!/usr/bin/python3
"""A kill campaign under one duplicate policy: gateway, simulated authority and providers as real processes, virtual time.

Each round: at least --receipts receipts, then more messages while the gateway is killed by SIGKILL, at a failpoint or at
any moment; it is started again, and the receipts that its providers hold are looked for. At the end time runs until
nothing is open, and tests/acceptance/audit.py judges the evidence. Called by campaign.py, which explains the rest.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import timedelta

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from campaign_world import ACCEPTANCE, LATE_S, START, World  # noqa: E402
from campaign_load import Corpus, Submitting, Ticker  # noqa: E402
from campaign_plan import POLICIES, RANDOM, ROUNDS_A_STOP, plan  # noqa: E402
from processes import end_on_sigterm, wait_for  # noqa: E402

SABOTAGE = ("forget", "lose")
FINAL_STATES = {"answered", "partly_accepted", "refused", "withdrawn", "work_item"}
SETTLE_S = 30  # dispatch.in_doubt_settle of `dev init --rehearsal`
LOOK_AGAIN = 40  # older receipts that are looked for after a restart, beside all of the last round


class Broken(Exception):
    """The gateway did not keep a promise: no use to go on killing it."""


class Campaign:
    def __init__(self, arguments):
        self.arguments = arguments
        self.dice = random.Random(f"{arguments.seed}/{arguments.policy}/looks")
        self.world = World(arguments)
        self.ticker = self.corpus = None
        self.kills, self.looked, self.complaints = [], 0, []  # kills: (Kill, receipts since the one before)
        self.began = time.monotonic()

    def tell(self, text):
        print(f"{time.monotonic() - self.began:6.1f} s  {self.arguments.policy}: {text}", file=sys.stderr, flush=True)

    def set_up(self):
        self.world.start()
        self.corpus = Corpus(self.world.sandbox, os.path.join(self.world.run, "messages"), self.arguments.seed,
                             START.isoformat()[:19], self.arguments.receipts)
        self.ticker = Ticker(self.world.clock, lambda: self.world.sandbox.gateway.alive())

    # --- one round
    def play(self):
        kills = plan(self.arguments.seed, self.arguments.policy, self.arguments.kills, self.world.page.places)
        for kill in kills:
            self.round(kill, last=kill is kills[-1])

    def round(self, kill, last):
        base, zone = self.corpus.take(last)
        had = self.world.receipts()
        stop = self.world.stops()[(kill.number - 1) // ROUNDS_A_STOP] if kill.in_stop else None
        if stop:
            self.world.advance_to(stop[0] - timedelta(minutes=2))
        with self.ticker:
            Submitting(self.world.providers, base).join()
        if stop:
            self.world.advance_to(stop[0] + timedelta(minutes=1))
        elif kill.rest:
            self.world.clock.advance(kill.rest)
        between = self.world.receipts() - had
        self.kill_and_rise(kill, Submitting(self.world.providers, zone))
        self.kills.append((kill, between))
        found = self.look_again(between)
        if stop:
            self.world.advance_to(stop[1] + timedelta(seconds=1))
        where = kill.where if kill.where == RANDOM else f"{kill.where}:{kill.count}"
        self.tell(f"kill {kill.number}/{self.arguments.kills} at {where}{' in the stop' if stop else ''}"
                  f"{' and again while starting' if kill.again else ''}, {between} receipts since the last, up again in "
                  f"{self.world.restarts[-1]:.1f} s, {found} receipts found again")

    def kill_and_rise(self, kill, submitting):
        with self.ticker:
            self.die(kill, submitting)
        if self.arguments.sabotage == "forget":
            self.forget(kill)
        if kill.down:
            self.world.clock.advance(kill.down)
        if kill.again:
            self.world.start_and_kill(kill.again)
        self.world.start_gateway()
        with self.ticker:
            submitting.join()

    def die(self, kill, submitting):
        gateway, page = self.world.sandbox.gateway, self.world.page
        if kill.where == RANDOM:
            time.sleep(kill.delay)
            return gateway.kill()
        page.arm(kill.where, kill.count)
        for _ in range(10):
            try:
                wait_for(kill.where, lambda: not gateway.alive(), 5)
                break
            except RuntimeError:  # not enough work for it: more messages
                submitting.add(self.corpus.more())
        if gateway.alive():
            raise RuntimeError(f"the gateway did not die at {kill.where}:{kill.count}")
        return None

    def forget(self, kill):
        """Sabotage: the store of the kill before comes back, as if what was flushed since had not been."""
        store, kept = self.world.store, os.path.join(self.world.run, "kept")
        if kill.number > 1:
            shutil.rmtree(store)
            shutil.copytree(kept, store)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(store, kept)

    def look_again(self, between):
        """After a restart: all receipts of this round and some older ones are there, and no message without a receipt."""
        looked = 0
        for provider in self.world.providers.values():
            held = list(provider.receipts)
            fresh, older = held[-between:], held[:-between]
            for digest in fresh + self.dice.sample(older, min(LOOK_AGAIN, len(older))):
                looked += 1
                if not provider.has_again(digest):
                    self.complaints.append(f"{provider.name}: the receipt of {digest} is not known any more")
        self.looked += looked
        stored = sum(int(stage["count"]) for stage in self.world.queue()["stages"])
        if stored != self.world.receipts():
            self.complaints.append(f"{stored} messages are stored, {self.world.receipts()} have a receipt")
        if self.complaints:
            raise Broken(self.complaints[-1])
        return looked

    # --- the end
    def drain(self):
        """Time runs until every message is final or a work item, and all is delivered."""
        open_ones = 1
        for _ in range(200):
            self.world.clock.advance(120)
            open_ones = sum(int(stage["count"]) for stage in self.world.queue()["stages"]
                            if stage["name"].lower() not in FINAL_STATES)
            if open_ones == 0:
                break
        self.world.clock.advance(2 * LATE_S)  # answers that come late, our own 999s
        if open_ones:
            self.complaints.append(f"{open_ones} messages never came to an end")
        wait_for("delivery of all answers",
                 lambda: all(int(c["count"]) == 0 for c in self.world.queue()["undelivered"]), 30)

    def audit(self):
        done = subprocess.run([sys.executable, "-B", os.path.join(ACCEPTANCE, "audit.py"), self.world.evidence, "--settle",
                               str(SETTLE_S)], capture_output=True, text=True, check=False)
        if done.returncode == 2:
            raise RuntimeError(done.stderr)
        self.complaints += [line for line in done.stderr.split("\n") if line]
        return json.loads(done.stdout.strip().split("\n")[-1])

    def verdict(self):
        audit, page = self.audit(), self.world.page
        points = {name: dict(zip(("passes", "kills"), page.counts(name))) for name in page.places}
        fewest = min((between for _, between in self.kills), default=0)
        self.complain_about(points, fewest)
        audit.pop("ok")
        return {"policy": self.arguments.policy, "seed": self.arguments.seed, "kills": len(self.kills),
                "random": sum(kill.where == RANDOM for kill, _ in self.kills),
                "while_starting": sum(kill.again > 0 for kill, _ in self.kills), "receipts_between_kills": fewest,
                "receipts_found_again": self.looked, **audit, "restart_s": round(max(self.world.restarts), 2),
                "failpoints": points, "ok": not self.complaints}

    def complain_about(self, points, fewest):
        """A campaign that did less than it says is no success."""
        idle = sorted(name for name, count in points.items() if not count["passes"])
        planned = sum(kill.where != RANDOM for kill, _ in self.kills)
        killed = sum(count["kills"] for count in points.values())
        wrong = {f"never passed: {', '.join(idle)}": idle, f"only {fewest} receipts between two kills":
                 fewest < self.arguments.receipts, f"{len(self.kills)} kills of {self.arguments.kills}":
                 len(self.kills) < self.arguments.kills, f"{killed} deaths at failpoints of {planned}": killed != planned}
        self.complaints += [text for text, is_wrong in wrong.items() if is_wrong]

    def close(self):
        for part in (self.ticker, self.corpus, self.world):
            if part is not None:
                part.close()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin-dir", required=True)
    parser.add_argument("--sandbox", required=True, help="folder of certificates and keys; made if missing")
    parser.add_argument("--policy", choices=POLICIES, required=True)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--receipts", type=int, default=200, help="at least so many between two kills")
    parser.add_argument("--sabotage", choices=SABOTAGE)
    parser.add_argument("--evidence", help="folder that keeps store, logs and what the audit read")
    return parser.parse_args()


def main():
    end_on_sigterm()
    campaign = Campaign(parse())
    try:
        campaign.set_up()
        try:
            campaign.play()
            campaign.tell("the kills are over; time runs until nothing is open")
            campaign.drain()
        except Broken as broken:
            campaign.tell(f"broken: {broken}")
        campaign.world.collect()
        verdict = campaign.verdict()
    except BaseException:
        sys.stderr.writelines(campaign.world.last_words())
        raise
    finally:
        campaign.close()
    for complaint in campaign.complaints[:20]:
        campaign.tell(complaint)
    campaign.tell("judged")
    print(json.dumps(verdict, separators=(",", ":")), flush=True)
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
