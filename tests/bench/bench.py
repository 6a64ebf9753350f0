#!/usr/bin/python3
"""Measures the gateway on two cores, the load generator and the simulated authority included; behind ops/bench.

What the figures mean, and what the bound is: BENCHMARKS.md."""
import argparse
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from machine import Machine, describe, disk_bytes, pin, say  # noqa: E402
from processes import end_on_sigterm  # noqa: E402

CORES = 2


def parse():
    parser = argparse.ArgumentParser(prog="ops/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="the result as one JSON object, on the last line")
    parser.add_argument("--intake-only", action="store_true", help="the line is closed: accepting into the buffer only")
    parser.add_argument("--backlog", type=int, metavar="N", help="buffer N messages (10000, 100000, 1000000), then drain")
    parser.add_argument("--drain-seconds", type=float, default=float("inf"), metavar="S",
                        help="with --backlog: look at the drain for that long at most (default: until nothing waits)")
    parser.add_argument("--messages", type=int, default=40000, help="measured (default %(default)s)")
    parser.add_argument("--warmup", type=int, default=4000, help="before that, not measured (default %(default)s)")
    parser.add_argument("--mode", choices=("stream", "unary"), default="stream")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--in-flight", type=int, default=64, help="on all connections together (default %(default)s)")
    parser.add_argument("--rate", type=float, help="messages a second, an open loop; default: a closed loop")
    parser.add_argument("--bytes", type=int, default=8192, help="size of a message, about (default %(default)s)")
    parser.add_argument("--key", choices=("rsa", "ec"), default="rsa", help="of the sellers")
    parser.add_argument("--sellers", type=int, default=100)
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help="of gateway.yaml")
    parser.add_argument("--bin-dir", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--sandbox", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help=argparse.SUPPRESS)  # tests: short calibrations
    return parser.parse_args()


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.cores = pin(CORES)
        self.machine_facts = describe()
        self.machine = Machine(arguments.bin_dir, arguments.sandbox, dict(s.split("=", 1) for s in arguments.set))
        self.corpus_flags = ["--sellers", str(arguments.sellers), "--bytes", str(arguments.bytes), "--key", arguments.key]
        per_connection = max(1, arguments.in_flight // arguments.connections)
        self.loop_flags = ["--mode", arguments.mode, "--connections", str(arguments.connections),
                           "--in-flight", str(per_connection)]
        if arguments.rate:
            self.loop_flags += ["--rate", str(arguments.rate)]

    def make_corpus(self, count):
        say(f"corpus: {count} messages of {self.arguments.bytes} bytes, {self.arguments.key} keys")
        self.corpus = self.machine.load("make", *self.corpus_flags, "--count", str(count))
        if self.corpus["made"]:
            say(f"  signed {self.corpus['made']} at {self.corpus['made_per_s']}/s")

    def start(self, authority, closed):
        if authority:
            self.machine.start_authority()
        self.machine.start_gateway()
        self.machine.enter_mandates(self.corpus["sellers"])
        if closed:
            self.machine.close_line()

    def run_load(self, count, warmup, skip=0, extra=()):
        return self.machine.load("run", *self.corpus_flags, *self.loop_flags, "--count", str(count), "--warmup",
                                 str(warmup), "--skip", str(skip), *self.machine.watch(), *extra)

    def check_store(self, accepted):
        """The store's own counter must say what the receipts say."""
        said = int(self.machine.queue().get("accepted_total", 0))
        if said != accepted:
            raise RuntimeError(f"{accepted} receipts, but the store says {said} accepted")

    def measure(self):
        total = self.arguments.messages + self.arguments.warmup
        self.start(authority=not self.arguments.intake_only, closed=self.arguments.intake_only)
        say("line closed: accepting only" if self.arguments.intake_only else "line open: accepting, sending, answers")
        loaded = self.run_load(total, self.arguments.warmup,
                               extra=() if self.arguments.intake_only else ("--feedback",))
        self.check_store(loaded["accepted"])
        return loaded

    # --- calibration, in the same run, after the programs that were measured have ended
    def calibrate(self, answer_bytes):
        costs = self.parts()
        port = self.machine.start_echo(int(answer_bytes))
        count = min(self.corpus["messages"], 2000 if self.arguments.quick else 44000)
        echo = self.machine.load("run", *self.corpus_flags, *self.loop_flags[:6], "--echo", "--endpoint",
                                 f"127.0.0.1:{port}", "--count", str(count), "--warmup", str(count // 10),
                                 *self.machine.watch())
        costs["grpc_mtls_ack_per_s"] = echo["accepted_per_s"]
        costs["grpc_mtls_ack_us"] = echo["cpu_us_per_message"]
        return costs

    def parts(self):
        say("calibration: signature engine, floor, fdatasync, gRPC over mTLS")
        command = [os.path.join(self.arguments.bin_dir, "tvan-bench-calibrate"), "--corpus", self.corpus["folder"],
                   "--trust", self.machine.sandbox.pki("sellers-ca.pem"), "--disk", self.machine.run,
                   "--benchmark_format=json", "--benchmark_min_time=" + ("0.02" if self.arguments.quick else "2")]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"tvan-bench-calibrate: {done.stdout}{done.stderr}")
        results = {one["name"].split("/")[0]: one for one in json.loads(done.stdout)["benchmarks"]}
        cost = lambda name: None if results[name].get("error_occurred") else round(results[name]["cpu_time"], 2)  # noqa: E731
        return {"verify_engine_us": cost("verify_engine"), "parse_c14n_sha_rsa_us": cost("parse_c14n_sha_rsa"),
                "fdatasync_per_s": round(1e6 / results["fdatasync"]["real_time"], 1)}

    def signatures(self):
        """Engines, caches and threads against libxml2 and OpenSSL alone, and their ratios."""
        say("signatures: engines, caches, threads")
        command = [os.path.join(self.arguments.bin_dir, "tvan-bench-signature"), "--json"]
        done = subprocess.run(command + (["--quick"] if self.arguments.quick else []), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"tvan-bench-signature: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    # --- a backlog: the cost of a message on top of ever more others
    def backlog(self):
        goal = self.arguments.backlog
        self.start(authority=True, closed=True)
        stages, done, size = [], 0, min(10000, goal)
        while done < goal:
            stages.append(self.stage(size - done, done))
            done, size = size, min(size * 10, goal)
        self.check_store(done)
        first, last = stages[0], stages[-1]
        return {"stages": stages, "drain": self.drain(done),
                "last_against_first": {"rss_mb": round(last["rss_mb"] - first["rss_mb"], 1),
                                       "gateway_cpu": self.ratio(last, first, "gateway_cpu_us_per_message"),
                                       "accepted_per_s": self.ratio(last, first, "accepted_per_s")}}

    @staticmethod
    def ratio(last, first, name):
        return round(last[name] / first[name], 3) if first[name] else None

    def stage(self, count, skip):
        """`count` more; measured are the last 9 000 of them, so that stages compare at their depth."""
        say(f"backlog: from {skip} to {skip + count}")
        loaded = self.run_load(count, max(count - 9000, count // 10), skip)
        gateway = loaded["processes"]["tvan-gateway"]
        at_once = gateway["rss_kb_end"]
        time.sleep(3)  # what is written in the background comes to rest
        figures = {"buffered": skip + count, "accepted_per_s": loaded["accepted_per_s"], "p50_ms": loaded["p50_ms"],
                   "p99_ms": loaded["p99_ms"], "cpu_us_per_message": loaded["cpu_us_per_message"],
                   "gateway_cpu_us_per_message": gateway["cpu_us_per_message"], "rss_mb": round(at_once / 1024, 1),
                   "rss_mb_settled": round(self.resident_kb() / 1024, 1),
                   "disk_mb": round(disk_bytes(self.machine.store) / 2 ** 20, 1),
                   "disk_bytes_per_message": round(disk_bytes(self.machine.store) / (skip + count))}
        say(json.dumps(figures))
        return figures

    def resident_kb(self):
        with open(f"/proc/{self.machine.sandbox.gateway.child.pid}/statm", encoding="utf-8") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024

    def drain(self, count):
        say(f"drain: {count} messages")
        began, most = time.monotonic(), 0
        self.machine.open_line()
        left = count
        while left > 0 and time.monotonic() - began < self.arguments.drain_seconds:
            time.sleep(0.5)
            left, most = self.machine.waiting(), max(most, self.resident_kb())
            if time.monotonic() - began > 60 + count / 50:
                raise RuntimeError(f"the backlog does not drain: {left} of {count} wait")
        took = time.monotonic() - began
        return {"messages": count - left, "left": left, "seconds": round(took, 1),
                "per_s": round((count - left) / took, 1), "rss_mb_most": round(most / 1024, 1)}

    def settings(self):
        a = self.arguments
        return {"line": "closed" if a.intake_only or a.backlog else "open", "cores": len(self.cores), "mode": a.mode,
                "loop": "open" if a.rate else "closed", "rate_per_s": a.rate, "connections": a.connections,
                "in_flight": a.in_flight, "messages": a.backlog or a.messages, "warmup": 0 if a.backlog else a.warmup,
                "message_bytes": self.corpus["first_bytes"], "message_type": 203, "sellers": a.sellers,
                "signature": "RSA-2048" if a.key == "rsa" else "ECDSA P-256",
                "engine": "own C14N and OpenSSL, xmlsec1 for rare shapes",
                "durability": "FLUSHED_LOCAL", "tls": "mutual", "gateway_settings": dict(self.machine.settings),
                **self.machine_facts}

    def result(self):
        if self.arguments.backlog:
            self.make_corpus(self.arguments.backlog)
            return dict(self.backlog(), settings=self.settings())
        self.make_corpus(self.arguments.messages + self.arguments.warmup)
        loaded = self.measure()
        self.machine.sandbox.end()
        costs = self.calibrate(loaded["answer_bytes_mean"])
        bound = self.bound(costs)
        out = {name: loaded.get(name) for name in ("accepted_per_s", "p50_ms", "p99_ms", "answered_per_s",
                                                   "cpu_us_per_message")}
        out.update(calibration=costs, ratio_to_bound=round(loaded["accepted_per_s"] / bound, 3) if bound else None,
                   bound_per_s=round(bound, 1) if bound else None, signatures=self.signatures(),
                   settings=self.settings())
        out["load"] = {name: loaded[name] for name in ("sent", "accepted", "backpressure", "p90_ms", "p999_ms", "max_ms",
                                                       "window_s", "processes", "answer_bytes_mean")}
        return out

    @staticmethod
    def bound(costs):
        """Messages a second if the cores did nothing else than verify once and carry message and answer."""
        if not costs["verify_engine_us"] or not costs["grpc_mtls_ack_us"]:
            return None
        return CORES * 1e6 / (costs["verify_engine_us"] + costs["grpc_mtls_ack_us"])


def show(value, name="", indent=""):
    if isinstance(value, dict):
        print(f"{indent}{name}:" if name else "", flush=True)
        for key, inner in value.items():
            show(inner, key, indent + "  ")
    else:
        print(f"{indent}{name:<26} {value}")


def main():
    arguments = parse()
    end_on_sigterm()
    bench = Bench(arguments)
    try:
        bench.machine.prepare()
        result = bench.result()
    except RuntimeError as error:
        print(f"ops/bench: {error}", file=sys.stderr)
        return 1
    finally:
        bench.machine.end()
    show(result)
    if arguments.json:
        print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
