"""The processes of a kill campaign: clock, simulated authority, gateway, providers, and the proxy of a sabotage."""
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta

HERE = os.path.dirname(os.path.abspath(__file__))
ACCEPTANCE = os.path.join(os.path.dirname(HERE), "acceptance")
sys.path.insert(0, ACCEPTANCE)
import stubs as stub_maker  # noqa: E402
from campaign_plan import ROUNDS_A_STOP  # noqa: E402
from failpoint_page import FailpointPage  # noqa: E402
from processes import Clock, Process, Sandbox, free_ports  # noqa: E402
from provider import Provider  # noqa: E402
from traffic import PARTIES  # noqa: E402

PROVIDERS = ("acme", "beta")
START = datetime.fromisoformat("2026-11-20T08:00:00+07:00")
EVERY, STOP_AFTER, STOP_LONG = timedelta(hours=4), timedelta(minutes=25), timedelta(minutes=20)  # the authority's stops
FAULTS = ("no_999=0.05,answer_missing_first_read=0.05,doubled=0.05,late=0.04,out_of_order=0.05,unknown_request=0.03,"
          "withhold=0.005,swallow=0.005,unreadable=0.005,cut_after_processing=0.02,slow=0.005,html502=0.02,busy=0.02,"
          "system_2006=0.005,system_2003=0.005")
# What `tvanctl dev init --rehearsal` writes, and what stands there in a campaign.
HASTE = (("ramp_start_per_s: 5\n", "ramp_start_per_s: 500\n  ramp_growth_per_s: 500\n"), ("t1_silent: 3m", "t1_silent: 1m"),
         ("t2_resend: 10m", "t2_resend: 4m"), ("t_999_only: 45m", "t_999_only: 10m"), ("poll: 20s", "poll: 30s"))
LATE_S = 300


class World:
    def __init__(self, arguments):
        self.arguments = arguments
        self.run = tempfile.mkdtemp(prefix="tvan-campaign-")
        self.evidence = os.path.join(self.run, "evidence")
        self.store = os.path.join(self.run, "store")
        self.page_file = os.path.join(self.run, "failpoints")
        self.sandbox = Sandbox(arguments.bin_dir, os.path.abspath(arguments.sandbox), self.run,
                               "file:" + os.path.join(self.run, "clock.page"))
        self.clock = self.page = self.proxy = None
        self.providers, self.restarts = {}, []  # restarts: seconds that each start took

    def start(self):
        os.makedirs(os.path.join(self.evidence, "providers"))
        provider, admin, http, line, front = free_ports(5)
        lose = self.arguments.sabotage == "lose"
        self.clock = Clock(self.arguments.bin_dir, self.sandbox.clock_spec[5:], START.isoformat(), self.sandbox.logs)
        self.sandbox.init("--provider-port", str(provider), "--admin-port", str(admin), "--http-port", str(http),
                          "--line-port", str(front if lose else line), "--rehearsal")
        # Fewer steps of the virtual clock: by a slow ramp messages would go one by one, and long clocks mean many polls.
        self.sandbox.change_settings(HASTE)
        self.start_authority(line)
        if lose:
            self.start_proxy(front, line)
        self.start_gateway()
        self.page = FailpointPage(self.page_file)
        self.enter_contracts(provider)

    def stops(self):
        """(start, end) of the authority's stops."""
        count = -(-self.arguments.kills // ROUNDS_A_STOP)
        starts = [START + EVERY * number + STOP_AFTER for number in range(count)]
        return [(start, start + STOP_LONG) for start in starts]

    def start_authority(self, port):
        windows = [flag for start, end in self.stops()
                   for flag in ("--window", f"{start.isoformat()}/{end.isoformat()}/html502")]
        self.sandbox.start_authority(
            port, "--transcript", os.path.join(self.evidence, "transcript.jsonl"), "--seed", str(self.arguments.seed),
            "--duplicate-policy", self.arguments.policy, "--late-delay", str(LATE_S * 1000), "--slow-delay", "300", "--faults",
            "" if self.arguments.sabotage else FAULTS, *windows)

    def start_gateway(self):
        began = time.monotonic()
        self.sandbox.start_gateway(self.store, "--failpoint-page", self.page_file)
        self.restarts.append(time.monotonic() - began)

    def start_and_kill(self, delay):
        """SIGKILL so many seconds after the start began: while the store is opened, recovered, or first used."""
        killer = threading.Timer(delay, lambda: self.sandbox.gateway.kill())
        try:
            self.sandbox.start_gateway(self.store, "--failpoint-page", self.page_file, begun=killer.start)
        except RuntimeError:  # it ended before it was ready
            pass
        killer.join()

    def start_proxy(self, listen, upstream):
        ready = os.path.join(self.run, "proxy.ready")
        self.proxy = Process("proxy", [sys.executable, os.path.join(ACCEPTANCE, "sabotage_proxy.py"), "lose", "--sandbox",
                                       self.sandbox.folder, "--listen", str(listen), "--upstream", str(upstream),
                                       "--ready-file", ready], self.sandbox.logs, pipes=True)
        Sandbox.wait("sabotage proxy", self.proxy, ready)
        self.proxy.child.stdin.write("arm\n")
        self.proxy.child.stdin.flush()

    def enter_contracts(self, port):
        stubs = stub_maker.load()
        because = ("--reason", "campaign")
        for name in PROVIDERS:
            mst, sellers = PARTIES[name]
            self.operator("contract", "add", name, "--tax-code", mst, "--certificate", self.sandbox.pki(name + ".pem"),
                          "--from", "2026-01-01", *because)
            self.operator("mandate", "add", name, "--mst", ",".join(sellers), "--from", "2026-01-01", *because)
            self.providers[name] = Provider(stubs, name, self.sandbox, f"127.0.0.1:{port}",
                                            os.path.join(self.evidence, "providers"))
            self.providers[name].listen()
        for number, (start, end) in enumerate(self.stops(), 1):
            self.operator("window", "add", f"stop-{number}", "--start", start.isoformat(), "--end", end.isoformat(),
                          "--source", "campaign", *because)

    def operator(self, *arguments):
        return self.sandbox.ctl(*arguments, profile="operator")

    def queue(self):
        return json.loads(self.operator("queue", "--json"))

    def receipts(self):
        return sum(len(provider.receipts) for provider in self.providers.values())

    def advance_to(self, when):
        if datetime.fromisoformat(self.clock.now()) < when:
            self.clock.advance_to(when.isoformat())

    def collect(self):
        """Writes what the audit reads, ends gateway and authority."""
        with open(os.path.join(self.evidence, "events.jsonl"), "w", encoding="utf-8") as file:
            file.write(self.operator("message", "export", "--json"))
        for provider in self.providers.values():
            provider.close()
        self.sandbox.end()

    def last_words(self):
        for name in ("gateway", "authority"):
            log = os.path.join(self.sandbox.logs, name + ".log")
            if os.path.exists(log):
                with open(log, encoding="utf-8", errors="replace") as file:
                    yield f"--- {name}\n" + "".join(file.readlines()[-25:])

    def close(self):
        for provider in self.providers.values():
            provider.stopping.set()
        for process in (self.sandbox.gateway, self.sandbox.authority, self.proxy, self.clock and self.clock.process):
            if process is not None and process.alive():
                process.kill()
        if self.arguments.evidence:
            shutil.copytree(self.run, self.arguments.evidence, dirs_exist_ok=True)
        shutil.rmtree(self.run, ignore_errors=True)
