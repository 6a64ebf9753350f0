"""The sandbox of a benchmark: gateway, simulated authority and echo server as they are shipped, on two cores."""
import json
import os
import platform
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "acceptance"))
from processes import Process, Sandbox, free_ports, run, wait_for  # noqa: E402
from traffic import PARTIES  # noqa: E402

PROVIDER = "acme"
# Nothing waits for a human's patience: answers are polled at once, a window's end is no ramp.
SETTINGS = {"dispatch.ramp_start_per_s": "100000", "dispatch.ramp_growth_per_s": "100000", "dispatch.max_per_s": "100000",
            "feedback.poll": "50ms", "calendar.drain_before": "0s"}


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def pin(cores):
    """This process and all its children run on so many cores; answers which."""
    mine = sorted(os.sched_getaffinity(0))[:cores]
    os.sched_setaffinity(0, mine)
    return mine


def with_settings(text, settings):
    """gateway.yaml with `section.key: value` put in; a section that is not there yet is added."""
    for name, value in settings.items():
        section, key = name.split(".", 1)
        line = f"  {key}: {value}\n"
        head = f"\n{section}:\n"
        text = text.replace(head, head + line, 1) if head in text else f"{text}\n{section}:\n{line}"
    return text


def disk_bytes(folder):
    """What the files of a folder take on the disk; RocksDB may remove one meanwhile."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(where, name)).st_blocks * 512
            except FileNotFoundError:
                pass
    return total


def describe():
    """What a figure is worth nothing without."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory_kb = int(file.readline().split()[1])
    return {"cpu": model, "cores_of_machine": os.cpu_count(), "memory_gb": round(memory_kb / 2 ** 20, 1),
            "kernel": platform.release(), "load_before": round(os.getloadavg()[0], 2)}


class Machine:
    """Owns the processes and the folder of one run. The sandbox's keys and the corpora stay from one run to the next."""

    def __init__(self, bin_dir, folder, settings):
        self.bin_dir, self.folder = bin_dir, os.path.abspath(folder)
        self.run = os.path.join(self.folder, "run")
        shutil.rmtree(self.run, ignore_errors=True)
        self.sandbox = Sandbox(bin_dir, self.folder, self.run)
        self.store = os.path.join(self.run, "data")
        self.settings = dict(SETTINGS, **settings)
        self.echo = None

    def prepare(self):
        """Certificates, configuration with free ports."""
        self.ports = free_ports(4)
        names = ("--provider-port", "--admin-port", "--http-port", "--line-port")
        self.sandbox.init(*[text for name, port in zip(names, self.ports) for text in (name, str(port))])
        file = os.path.join(self.folder, "gateway.yaml")
        with open(file, encoding="utf-8") as opened:
            text = opened.read()
        with open(file, "w", encoding="utf-8") as out:
            out.write(with_settings(text, self.settings))

    def start_authority(self):
        self.sandbox.start_authority(self.ports[3], "--transcript", "/dev/null", "--ack-delay", "20",
                                     "--answer-delay", "50..150")

    def start_gateway(self):
        self.sandbox.start_gateway(self.store)
        mst, _ = PARTIES[PROVIDER]
        self.ctl("contract", "add", PROVIDER, "--tax-code", mst, "--certificate", self.sandbox.pki(PROVIDER + ".pem"),
                 "--from", "2020-01-01", "--reason", "benchmark")

    def enter_mandates(self, sellers):
        for at in range(0, len(sellers), 500):
            self.ctl("mandate", "add", PROVIDER, "--mst", ",".join(sellers[at:at + 500]), "--from", "2020-01-01",
                     "--reason", "benchmark")

    def close_line(self):
        """The authority announces a stop that began a minute ago: what comes in is kept."""
        now = time.time()
        form = lambda t: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))  # noqa: E731
        self.ctl("window", "add", "bench", "--start", form(now - 60), "--end", form(now + 86400), "--reason", "benchmark")
        wait_for("a closed line", lambda: self.queue()["lines"][0]["phase"] == "closed", 30)

    def open_line(self):
        self.ctl("window", "cancel", "bench", "--reason", "benchmark")

    def ctl(self, *arguments):
        return self.sandbox.ctl(*arguments, profile="operator")

    def queue(self):
        return json.loads(self.ctl("queue", "--json"))

    def waiting(self):
        """Messages that have not left yet."""
        return sum(int(depth.get("messages", 0)) for depth in self.queue().get("queues", []))

    def load(self, *arguments, expect_ok=True):
        """Runs tvan-load; answers its JSON."""
        command = [os.path.join(self.bin_dir, "tvan-load"), *arguments, "--sandbox", self.folder,
                   "--profile", os.path.join(self.folder, PROVIDER)]
        done = run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode == 2 or not done.stdout.strip() or (expect_ok and done.returncode != 0):
            raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}")
        return json.loads(done.stdout.strip().split("\n")[-1])

    def watch(self):
        processes = {"tvan-gateway": self.sandbox.gateway, "tvan-authority-sim": self.sandbox.authority,
                     "tvan-bench-echo": self.echo}
        return [text for name, process in processes.items() if process is not None and process.alive()
                for text in ("--watch", f"{name}={process.child.pid}")]

    def start_echo(self, answer_bytes):
        port_file = os.path.join(self.run, "echo.port")
        self.echo = Process("echo", [os.path.join(self.bin_dir, "tvan-bench-echo"), "--port-file", port_file,
                                     "--cert", self.sandbox.pki("server.pem"), "--key", self.sandbox.pki("server.key"),
                                     "--client-ca", self.sandbox.pki("ca.pem"), "--answer-bytes", str(answer_bytes)],
                            self.sandbox.logs)
        self.sandbox.wait("tvan-bench-echo", self.echo, port_file)
        with open(port_file, encoding="utf-8") as file:
            return int(file.read())

    def end(self):
        self.sandbox.end()
        if self.echo is not None:
            self.echo.end()
        shutil.rmtree(self.store, ignore_errors=True)
