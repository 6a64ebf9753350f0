#!/usr/bin/python3
"""One maintenance night of the authority, played with the shipped programs in virtual time.

Providers acme and beta submit signed 200, 203, 206 and 300 before, during and after the stop 00:00-03:45; gamma's
contract has expired; a signature is broken; an MTDiep is used again for other bytes. The gateway is killed with SIGKILL
inside the stop and started again; meanwhile the authority changes the certificate that it signs with. The backlog drains after 03:45, every answer reaches its provider. At the end
tests/acceptance/audit.py, which links nothing of the product, judges the evidence.
"""
import argparse
import concurrent.futures
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import stubs as stub_maker  # noqa: E402
from processes import Clock, Process, Sandbox, end_on_sigterm, free_ports, wait_for  # noqa: E402
from provider import Document, Provider  # noqa: E402
from redis_servers import RedisServer  # noqa: E402
from traffic import PARTIES, Traffic  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
EVENING, NIGHT = "2026-11-20", "2026-11-21"
STOP, OPEN = f"{NIGHT}T00:00:00+07:00", f"{NIGHT}T03:45:00+07:00"
ROTATION = f"{NIGHT}T02:00:00+07:00"
POLICIES = ("reject_1002", "repeat_first_answer", "silent", "process_again")
SABOTAGE = ("lose", "duplicate", "misroute", "send_in_window")
FINAL_STATES = {"answered", "partly_accepted", "refused", "withdrawn", "work_item"}


class Night:
    FAULTS = ("no_999=0.2,answer_missing_first_read=0.08,doubled=0.08,late=0.25,out_of_order=0.08,unknown_request=0.05,"
              "withhold=0.04,swallow=0.04,cut_after_processing=0.04,html502=0.04,busy=0.04,system_2006=0.02,system_2003=0.02")
    SETTINGS = ()  # changes of what `dev init` wrote

    def __init__(self, arguments):
        self.arguments = arguments
        self.random = random.Random(arguments.seed)
        self.run = tempfile.mkdtemp(prefix="tvan-night-")
        self.evidence = os.path.join(self.run, "evidence")
        os.makedirs(os.path.join(self.evidence, "providers"))
        self.page = os.path.join(self.run, "clock.page")
        self.sandbox = Sandbox(arguments.bin_dir, os.path.abspath(arguments.sandbox), self.run, "file:" + self.page)
        self.clock = self.proxy = None
        self.providers, self.kills_done, self.rejected = {}, 0, []

    # --- telling
    def tell(self, text):
        stamp = self.clock.now()[11:16] if self.clock else "     "
        print(f"{stamp}  {text}", flush=True)

    # --- setting up
    def set_up(self):
        provider, admin, http, line, front = free_ports(5)
        sabotage = self.arguments.sabotage
        self.line_port = front if sabotage and sabotage != "misroute" else line
        self.clock = Clock(self.arguments.bin_dir, self.page, f"{EVENING}T22:30:00+07:00", self.sandbox.logs)
        flags = ["--provider-port", str(provider), "--admin-port", str(admin), "--http-port", str(http),
                 "--line-port", str(self.line_port), "--rehearsal"]
        self.sandbox.init(*flags, *(["--force"] if self.arguments.fresh else []))
        self.sandbox.change_settings(self.SETTINGS)
        if self.arguments.store == "redis":
            self.sandbox.redis = RedisServer(os.path.join(self.run, "redis"), self.sandbox.logs)
        self.sandbox.start_authority(
            line, "--transcript", os.path.join(self.evidence, "transcript.jsonl"), "--seed", str(self.arguments.seed),
            "--duplicate-policy", self.arguments.policy, "--late-delay", "1200000",
            "--faults", self.arguments.faults, *self.line_flags(), *self.keep_flags())
        self.start_gateway()
        self.provider_port = front if sabotage == "misroute" else provider
        if sabotage:
            self.start_proxy(sabotage, front, provider if sabotage == "misroute" else line)
        self.connect_providers()
        self.tell(f"authority, gateway and clock are up; duplicate policy {self.arguments.policy}, seed {self.arguments.seed}")

    def line_flags(self):
        """What the authority's line is like over the night."""
        return ["--window", f"{STOP}/{OPEN}/html502", "--rotate-at", ROTATION,
                "--rotate-key", self.sandbox.pki("authority-sign-next.key"),
                "--rotate-certificate", self.sandbox.pki("authority-sign-next.pem")]

    def start_gateway(self):
        self.sandbox.start_gateway(os.path.join(self.run, "store"))

    def start_proxy(self, kind, listen, upstream):
        ready = os.path.join(self.run, "proxy.ready")
        self.proxy = Process("proxy", [sys.executable, os.path.join(HERE, "sabotage_proxy.py"), kind, "--sandbox",
                                       self.sandbox.folder, "--listen", str(listen), "--upstream", str(upstream),
                                       "--ready-file", ready], self.sandbox.logs, pipes=True)
        Sandbox.wait("sabotage proxy", self.proxy, ready)

    def keep_flags(self):
        return ["--keep", os.path.join(self.evidence, "arrived")] if self.arguments.keep_arrived else []

    def connect_providers(self):
        stubs = stub_maker.load()
        for name in PARTIES:
            self.providers[name] = Provider(stubs, name, self.sandbox, self.endpoint(),
                                            os.path.join(self.evidence, "providers"))

    def endpoint(self):
        return f"127.0.0.1:{self.provider_port}"

    def enter_contracts(self):
        for name, (mst, sellers) in PARTIES.items():
            until = ["--to", "2026-11-01"] if name == "gamma" else []
            self.operator("contract", "add", name, "--tax-code", mst, "--certificate", self.sandbox.pki(name + ".pem"),
                          "--from", "2026-01-01", *until, "--reason", "demo")
            self.operator("mandate", "add", name, "--mst", ",".join(sellers), "--from", "2026-01-01", "--reason", "demo")
        self.enter_window()
        self.tell("contracts of acme, beta and gamma (expired on 1 November) entered; stop 00:00-03:45 entered")
        for provider in ("acme", "beta"):
            self.providers[provider].listen()

    def enter_window(self):
        self.operator("window", "add", "upgrade-1", "--start", STOP, "--end", OPEN, "--reason", "upgrade of the authority",
                      "--source", "notice of the authority")

    def operator(self, *arguments):
        return self.sandbox.ctl(*arguments, profile="operator")

    # --- acts
    def submit_all(self, documents, kills=()):
        """documents: [(provider, Document)], a few at a time, as real clients do. `kills`: the gateway dies after so
        many outcomes, while the rest is on its way."""
        lock, done, left = threading.Lock(), [0], sorted(kills)

        def one(job):
            outcome = self.providers[job[0]].submit(job[1])
            with lock:
                done[0] += 1
                if left and done[0] >= left[0]:
                    left.pop(0)
                    self.kill()
            return outcome
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(one, documents))
        return sum(o.WhichOneof("outcome") == "receipt" for o in outcomes)

    def batch(self, when):
        documents = [(name, d) for name in ("acme", "beta") for d in self.traffic.phase(name, when, self.arguments.size)]
        self.random.shuffle(documents)
        # A notice follows its invoice, as it does in life.
        return sorted(documents, key=lambda job: job[1].type == 300)

    def phase(self, when, text, kill=False):
        self.advance_to(when)
        documents = self.batch(when[:19])
        receipts = self.submit_all(documents, [len(documents) // 2] if kill else ())
        self.tell(f"{text}: {len(documents)} messages, {receipts} receipts")

    def advance_to(self, when):
        self.clock.advance_to(when)

    def kill(self):
        self.sandbox.gateway.kill()
        self.kills_done += 1
        self.start_gateway()

    def bad_ones(self, when):
        """gamma's contract, a broken signature, an MTDiep used again."""
        expired = Document.read(self.traffic.make("gamma", 203, when)[0])
        good = Document.read(self.traffic.make("acme", 203, when)[0])
        broken = Document(Document.read(self.traffic.make("beta", 203, when)[0]).data.replace(
            b"<TgTTTBSo>110000<", b"<TgTTTBSo>990000<", 1))
        again = Document.read(self.traffic.make("acme", 203, when, 1, 1, "--mtdiep", good.id, "--name", "again")[0])
        self.submit_all([("acme", good)])
        for name, document, what in (("gamma", expired, "gamma's contract has expired"),
                                     ("beta", broken, "beta: one digit changed after signing"),
                                     ("acme", again, "acme: an MTDiep used again for other bytes")):
            response = self.providers[name].submit(document)
            findings = response.rejection.findings
            self.rejected.append(bool(findings))
            self.tell(f"refused: {what}")
            for finding in findings[:3]:
                print(f"         {finding.rule_id}: {finding.text_en}")
        assert all(self.rejected), "a message that must be refused got a receipt"

    def play(self):
        self.traffic = Traffic(self.sandbox, os.path.join(self.run, "messages"), self.arguments.seed)
        self.enter_contracts()
        self.phase(f"{EVENING}T22:40:00+07:00", "evening traffic")
        if self.arguments.sabotage not in (None, "send_in_window"):
            self.order_proxy("arm")
        self.bad_ones(f"{EVENING}T22:40:00")
        if self.arguments.kills:
            self.play_with_kills()
        else:
            self.play_the_stop()
        self.drain()

    def play_the_stop(self):
        self.phase(f"{EVENING}T23:40:00+07:00", "last hour before the stop")
        if self.arguments.sabotage == "send_in_window":
            self.order_proxy("arm")
        self.phase(f"{EVENING}T23:56:00+07:00", "draining")
        self.advance_to(f"{NIGHT}T00:30:00+07:00")
        if self.arguments.sabotage == "send_in_window":
            self.order_proxy("release")
        self.tell("the authority is closed")
        self.show_queue()
        self.phase(f"{NIGHT}T01:10:00+07:00", "inside the stop, gateway killed (SIGKILL) and started again", kill=True)
        self.phase(f"{NIGHT}T03:30:00+07:00", "shortly before the end")
        self.show_queue()
        self.advance_to(f"{NIGHT}T03:50:00+07:00")
        self.tell("the authority is open again, ramping")
        self.phase(f"{NIGHT}T04:20:00+07:00", "early morning")

    def play_with_kills(self):
        """SIGKILL at random moments: half of them while messages come in, half while they go out and answers come."""
        times = [f"{EVENING}T{t}:00+07:00" for t in ("23:10", "23:57")] + [
            f"{NIGHT}T{t}:00+07:00" for t in ("00:20", "03:44", "03:58", "04:30")]
        for index, when in enumerate(times):
            quota = self.arguments.kills * (index + 1) // len(times) - self.kills_done
            documents = self.batch(self.clock.now()[:19])
            inside = quota // 2 if self.random.random() < 0.5 else (quota + 1) // 2
            receipts = self.submit_all(documents, [self.random.randrange(1, len(documents)) for _ in range(inside)])
            self.advance_under_kills(when, quota - inside)
            self.tell(f"under load: {len(documents)} messages, {receipts} receipts, {self.kills_done} kills so far")

    def advance_under_kills(self, when, count):
        """Time runs on while the gateway dies at moments of real time that nobody chose."""
        delays = [self.random.uniform(0.0, 0.5) for _ in range(count)]
        killer = threading.Thread(target=lambda: [(time.sleep(delay), self.kill()) for delay in delays])
        killer.start()
        self.advance_to(when)
        killer.join()
        self.advance_to(when)

    def order_proxy(self, order):
        self.proxy.child.stdin.write(order + "\n")
        self.proxy.child.stdin.flush()
        line = self.proxy.child.stdout.readline().strip()
        self.tell(f"sabotage proxy: {line}")

    def queue(self):
        return json.loads(self.operator("queue", "--json"))

    def show_queue(self):
        queue = self.queue()
        waiting = sum(int(q["messages"]) for q in queue["queues"])
        self.tell(f"{waiting} messages wait; line {', '.join(line['phase'] for line in queue['lines'])}")

    def drain(self):
        """Lets time run until every message is final or a work item, then until all is delivered."""
        for _ in range(36):
            self.clock.advance(600)
            open_ones = sum(int(s["count"]) for s in self.queue()["stages"] if s["name"].lower() not in FINAL_STATES)
            if open_ones == 0:
                break
        self.clock.advance(1200)  # answers that come late, our own 999s
        self.tell("nothing is open any more" if open_ones == 0 else f"{open_ones} messages are still open")

        def delivered():
            return all(int(c["count"]) == 0 for c in self.queue()["undelivered"])
        wait_for("delivery of all answers", delivered, 20)

    # --- judging
    def collect(self):
        with open(os.path.join(self.evidence, "events.jsonl"), "w", encoding="utf-8") as file:
            file.write(self.operator("message", "export", "--json"))
        for provider in self.providers.values():
            provider.close()
        self.sandbox.end()

    def audit(self):
        done = subprocess.run([sys.executable, os.path.join(HERE, "audit.py"), self.evidence, "--settle", "30"],
                              capture_output=True, text=True, check=False)
        if done.returncode == 2:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout.strip().split("\n")[-1]), done.stderr.rstrip()

    def table(self):
        rows = [("provider", "submitted", "receipts", "rejected", "retries", "answers", "reconnects")]
        for name in self.providers:
            with open(os.path.join(self.evidence, "providers", name + ".jsonl"), encoding="utf-8") as file:
                log = [json.loads(line) for line in file]

            def distinct(kind):
                return len({(line["id"], line["reference"], line["sha256"]) for line in log if line["kind"] == kind})
            rows.append((name, distinct("submit"), distinct("receipt"), distinct("rejection"),
                         sum(line["kind"] == "error" for line in log), sum(line["kind"] == "feedback" for line in log),
                         max(0, self.providers[name].reconnects - 1)))
        widths = [max(len(str(row[i])) for row in rows) + 2 for i in range(len(rows[0]))]
        print("\n" + "\n".join("".join(str(c).ljust(w) for c, w in zip(row, widths)).rstrip() for row in rows) + "\n")

    def close(self):
        for provider in self.providers.values():
            provider.stopping.set()
        for process in (self.sandbox.gateway, self.sandbox.authority, self.proxy, self.clock and self.clock.process,
                        self.sandbox.redis):
            if process is not None and process.alive():
                process.kill()
        if self.arguments.evidence:
            self.keep_evidence(os.path.abspath(self.arguments.evidence))
        shutil.rmtree(self.run, ignore_errors=True)

    def keep_evidence(self, folder):
        """Replaces what an earlier night left in `folder`."""
        parts = {name: os.path.join(self.evidence, name) for name in os.listdir(self.evidence)}
        parts.update(submitted=os.path.join(self.run, "messages"), logs=self.sandbox.logs)
        os.makedirs(folder, exist_ok=True)
        for name, source in parts.items():
            target = os.path.join(folder, name)
            if os.path.isdir(source):
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(source, target)
            elif os.path.exists(source):
                shutil.copyfile(source, target)


def parse(kind):
    parser = argparse.ArgumentParser(description=sys.modules[kind.__module__].__doc__.splitlines()[0])
    parser.add_argument("--bin-dir", required=True, help="where the programs are")
    parser.add_argument("--sandbox", required=True, help="folder of certificates and keys; made if missing")
    parser.add_argument("--fresh", action="store_true", help="new certificates and keys")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policy", choices=POLICIES, default="reject_1002", help="what the authority does with duplicates")
    parser.add_argument("--kills", type=int, default=0, help="SIGKILL at so many random moments under load")
    parser.add_argument("--store", choices=("rocksdb", "redis"), default="rocksdb", help="redis: a server is started for it")
    parser.add_argument("--size", type=int, default=2, help="messages of each type, provider and phase")
    parser.add_argument("--faults", default=kind.FAULTS, help="of the simulated authority; '' for none")
    parser.add_argument("--sabotage", choices=SABOTAGE, help="put a dishonest proxy in between; must end with ok=false")
    parser.add_argument("--evidence", help="folder that keeps transcript, providers' logs, event logs and program logs")
    parser.add_argument("--keep-arrived", action="store_true", help="the evidence also holds the messages that arrived, "
                        "for ops/verify-arrived (the authority stores them)")
    parser.add_argument("--json", action="store_true", help="the verdict as JSON on the last line")
    return parser.parse_args()


def main(kind=Night):
    arguments = parse(kind)
    started = time.monotonic()
    end_on_sigterm()
    night = kind(arguments)
    try:
        night.set_up()
        night.play()
        night.collect()
        verdict, complaints = night.audit()
        night.table()
    except BaseException:
        for log in sorted(glob.glob(os.path.join(night.sandbox.logs, "*.log"))):
            with open(log, encoding="utf-8", errors="replace") as file:
                sys.stderr.write(f"--- {os.path.basename(log)}\n" + "".join(file.readlines()[-25:]))
        raise
    finally:
        night.close()
    if complaints:
        print(complaints)
    print(f"one night in {time.monotonic() - started:.1f} s, {night.kills_done or 0} kills; the audit says "
          f"{'OK' if verdict['ok'] else 'NOT OK'}", flush=True)
    if arguments.json:
        print(json.dumps(verdict, separators=(",", ":")), flush=True)
    else:
        print("\n".join(f"  {key:<16}{value}" for key, value in verdict.items()), flush=True)
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
