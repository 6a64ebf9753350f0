#!/usr/bin/python3
"""Kills what a cluster is made of, again and again under load: gateways, the primary, replicas; and cuts connections.

One night as ops/cluster plays it, before, inside and after the stop, with a fault of the seed's choice in the middle of each
batch of messages. What was killed is started again, a primary as a replica of the new one. The audit judges as ever, and
no receipt may be lost: the level is FLUSHED_REPLICATED, and one process is killed at a time. How the threads of real
processes fall is not repeatable; messages, faults and their order are.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "acceptance"))
from cluster import FAILOVER_S, Cluster  # noqa: E402
from night import EVENING, NIGHT, main  # noqa: E402
from processes import wait_for  # noqa: E402

FAULTS = ("kill_owner", "kill_other", "kill_primary", "kill_replica", "cut_connections")
TIMES = [f"{EVENING}T{t}:00+07:00" for t in ("22:50", "23:10", "23:30", "23:50")] + [
    f"{NIGHT}T{t}:00+07:00" for t in ("00:10", "01:30", "03:00", "03:44", "04:00", "04:30")]


class ClusterCampaign(Cluster):
    def play_the_stop(self):
        faults = []
        for when in TIMES:
            if not faults:
                faults = self.random.sample(FAULTS, len(FAULTS))
            self.fault = faults.pop()
            self.phase(when, self.fault.replace("_", " "), kill=True)
        self.show_queue()

    def kill(self):
        getattr(self, self.fault)()
        self.kills_done += 1

    def kill_other(self):
        owner = self.owner()
        victim = next(m for m in self.members if m is not owner)
        victim.process.kill()
        self.tell(f"{victim.name} is killed (SIGKILL)")
        if victim is self.members[-1]:
            self.use(owner or self.members[0])
        victim.start()

    def kill_primary(self):
        old = self.primary
        super().kill_primary()
        self.primary = next(r for r in self.replicas if "role:master" in r.call("INFO", "replication"))
        self.replicas.remove(self.primary)
        self.replicas.append(old)
        old.start("--replicaof", "127.0.0.1", str(self.primary.port))
        self.await_replicas()

    def kill_replica(self):
        victim = self.random.choice(self.replicas)
        victim.kill()
        self.tell(f"{victim.name}, a replica, is killed (SIGKILL)")
        victim.start("--replicaof", "127.0.0.1", str(self.primary.port))
        self.await_replicas()

    def cut_connections(self):
        for _ in range(5):
            self.primary.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        self.tell("every connection to the primary was cut, five times")
        wait_for("an owner of the line", self.owner, FAILOVER_S)


if __name__ == "__main__":
    sys.exit(main(ClusterCampaign))
