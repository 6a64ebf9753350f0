#!/usr/bin/python3
"""A maintenance night with three gateways that share one Redis: a primary, two replicas, three Sentinels.

Providers talk to all three gateways. Inside the stop the gateway that works the line is killed, later the primary, both
with SIGKILL under load; a Sentinel's failover makes a replica the new primary. At the end the same audit as ops/demo's
judges the evidence, and what the failover lost is counted from the receipts that providers hold.
"""
import json
import os
import shutil
import sys
import time
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from night import NIGHT, EVENING, Night, main  # noqa: E402
from processes import Process, free_ports, wait_for  # noqa: E402
from redis_servers import RedisServer, Sentinel  # noqa: E402

GATEWAYS = ("g1", "g2", "g3")
LEVEL = "flushed_replicated"
# Real time: a Sentinel looks that long at a primary that does not answer, and a gateway reconnects and starts anew.
FAILOVER_S = 60


class Member:
    """One of the gateways: its ports, its configuration, its process."""

    def __init__(self, name, sandbox):
        self.name, self.sandbox, self.process = name, sandbox, None
        self.provider, self.admin, self.http = free_ports(3)
        self.ready_file = os.path.join(sandbox.run, name + ".ready")

    def write(self, original, first_ports, store):
        text = original
        for old, new in zip(first_ports, (self.provider, self.admin, self.http)):
            text = text.replace(f"127.0.0.1:{old}\n", f"127.0.0.1:{new}\n")
        self.config = os.path.join(self.sandbox.folder, f"{self.name}.run.yaml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text.replace("path: data\n", store + f", gateway: {self.name}}}\n", 1))

    def start(self):
        if os.path.exists(self.ready_file):
            os.remove(self.ready_file)
        self.process = Process(self.name, [self.sandbox.program("tvan-gateway"), "--config", self.config, "--ready-file",
                                           self.ready_file], self.sandbox.logs)
        self.sandbox.wait("tvan-gateway " + self.name, self.process, self.ready_file)


class Cluster(Night):
    def set_up(self):
        self.lost_by_failover, self.failovers = 0, 0
        super().set_up()

    # --- three gateways where the demo has one
    def start_gateway(self):
        self.start_redis()
        folder = self.sandbox.folder
        with open(os.path.join(folder, "gateway.yaml"), encoding="utf-8") as file:
            original = file.read()
        ports = [original.split(f"{room}:\n  listen: 127.0.0.1:", 1)[1].split("\n", 1)[0]
                 for room in ("provider_api", "admin_api", "http")]
        sentinels = ", ".join(f'"127.0.0.1:{s.port}"' for s in self.sentinels)
        store = (f"engine: redis\n  durability: {LEVEL}\n  redis: {{sentinels: [{sentinels}], primary_name: tvan")
        self.members = [Member(name, self.sandbox) for name in GATEWAYS]
        for member in self.members:
            member.write(original, ports, store)
            member.start()
        self.use(self.members[-1])

    def use(self, member):
        """Operators talk to this gateway."""
        shutil.copyfile(os.path.join(self.sandbox.folder, "profiles", "operator.yaml"),
                        os.path.join(self.run, "operator.original"))
        with open(os.path.join(self.run, "operator.original"), encoding="utf-8") as file:
            lines = [line if not line.startswith("endpoint:") else f'endpoint: "127.0.0.1:{member.admin}"\n'
                     for line in file]
        with open(os.path.join(self.sandbox.folder, "profiles", "operator.yaml"), "w", encoding="utf-8") as out:
            out.writelines(lines)

    def endpoint(self):
        return "ipv4:" + ",".join(f"127.0.0.1:{member.provider}" for member in self.members)

    # --- Redis
    def start_redis(self):
        ports = free_ports(6)
        flags = ("--min-replicas-to-write", "1", "--min-replicas-max-lag", "5", "--repl-diskless-sync-delay", "0")

        def make(i):
            return RedisServer(os.path.join(self.run, f"redis{i}"), self.sandbox.logs, *flags, name=f"redis{i}", port=ports[i])
        self.primary = make(0)
        self.replicas = [make(i) for i in (1, 2)]
        for replica in self.replicas:
            replica.call("REPLICAOF", "127.0.0.1", str(ports[0]))
        self.await_replicas()
        self.sentinels = [Sentinel(os.path.join(self.run, f"sentinel{i}"), self.sandbox.logs, ports[3 + i], ports[0],
                                   name=f"sentinel{i}") for i in range(3)]
        wait_for("the Sentinels", lambda: all(s.knows(replicas=2, others=2) for s in self.sentinels))
        self.tell("a primary, two replicas and three Sentinels are up")

    def await_replicas(self):
        wait_for("the replicas", lambda: all("master_link_status:up" in r.call("INFO", "replication") for r in self.replicas),
                 FAILOVER_S)

    def owner(self):
        for member in self.members:
            if member.process.alive() and self.metric(member, "tvan_line_owner") == 1:
                return member
        return None

    def all_serve(self):
        return all(self.metric(member, "tvan_serving") == 1 for member in self.members)

    @staticmethod
    def metric(member, name):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{member.http}/metrics", timeout=5) as page:
                lines = page.read().decode().splitlines()
        except OSError:
            return None
        return next((float(line.split()[-1]) for line in lines if line.startswith(name + " ")), None)

    # --- the night
    def kill(self):
        """First the gateway that works the line, later the primary."""
        self.kill_owner() if self.kills_done == 0 else self.kill_primary()
        self.kills_done += 1

    def kill_owner(self):
        victim = self.owner() or self.members[0]
        victim.process.kill()
        self.tell(f"{victim.name}, which worked the line, is killed (SIGKILL)")
        if victim is self.members[-1]:
            self.use(self.members[0])
        wait_for("another owner of the line", self.owner, FAILOVER_S)
        self.tell(f"{self.owner().name} works the line")
        victim.start()

    def kill_primary(self):
        began = time.monotonic()
        self.primary.kill()
        self.tell("the primary is killed (SIGKILL)")
        self.failovers += 1
        wait_for("a new primary", lambda: any("role:master" in r.call("INFO", "replication") for r in self.replicas),
                 FAILOVER_S)
        wait_for("an owner of the line", self.owner, FAILOVER_S)
        self.tell(f"a replica is the primary, {self.owner().name} works the line, "
                  f"{time.monotonic() - began:.1f} s after the kill")
        wait_for("all gateways to serve", self.all_serve, FAILOVER_S,
                 alive=lambda: all(member.process.alive() for member in self.members))

    def play_the_stop(self):
        self.phase(f"{EVENING}T23:40:00+07:00", "last hour before the stop")
        self.advance_to(f"{NIGHT}T00:30:00+07:00")
        self.tell("the authority is closed")
        self.phase(f"{NIGHT}T01:10:00+07:00", "inside the stop, the line's gateway is killed", kill=True)
        self.show_queue()
        self.phase(f"{NIGHT}T02:10:00+07:00", "inside the stop, the primary is killed", kill=True)
        self.show_queue()
        self.advance_to(f"{NIGHT}T03:50:00+07:00")
        self.tell("the authority is open again, ramping")
        self.phase(f"{NIGHT}T04:20:00+07:00", "early morning")

    # --- judging
    def collect(self):
        exported = self.operator("message", "export", "--json")
        with open(os.path.join(self.evidence, "events.jsonl"), "w", encoding="utf-8") as file:
            file.write(exported)
        held = {mtdiep for provider in self.providers.values() for mtdiep, _ in provider.receipts.values()}
        self.lost_by_failover = sum(mtdiep not in exported for mtdiep in held)
        for provider in self.providers.values():
            provider.close()
        for member in self.members:
            member.process.end()
        self.sandbox.end()

    def audit(self):
        verdict, complaints = super().audit()
        ok = verdict.pop("ok") and self.lost_by_failover == 0
        return {**verdict, "level": LEVEL.upper(), "lost_by_failover": self.lost_by_failover, "ok": ok}, complaints

    def close(self):
        for process in [*getattr(self, "sentinels", []), *getattr(self, "replicas", []), getattr(self, "primary", None),
                        *(member.process for member in getattr(self, "members", []))]:
            if process is not None and process.alive():
                process.kill()
        super().close()


if __name__ == "__main__":
    sys.exit(main(Cluster))
