"""Starts, kills and ends the processes of a sandbox: clock, simulated authority, gateway, and calls of tvanctl.

None outlives the driver that started it, whatever the driver dies of.
"""
import concurrent.futures
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
PRCTL = ctypes.PyDLL(None).prctl  # looked up before any fork
LAST_WORDS_S = 20  # for what a driver does between SIGTERM and its end
# The kernel takes the thread that forked for the parent. Drivers start programs in threads that are soon over; this one
# begins with the first program, on the cores of its caller, and lives as long as the driver.
STARTER = concurrent.futures.ThreadPoolExecutor(1, "starter")
waited_for = []  # programs in `run`


def start(arguments, **options):
    """subprocess.Popen of a program that the kernel kills when this driver ends, by whatever signal."""
    return STARTER.submit(start_here, arguments, options).result()


def start_here(arguments, options):
    driver = os.getpid()

    def die_with_driver():
        PRCTL(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != driver:  # it ended before the kernel was told
            os._exit(1)
    return subprocess.Popen(arguments, preexec_fn=die_with_driver, **options)


def run(arguments, **options):
    """subprocess.run of such a program."""
    with start(arguments, **options) as child:
        waited_for.append(child)
        try:
            out, err = child.communicate()
        finally:
            waited_for.remove(child)
    return subprocess.CompletedProcess(arguments, child.returncode, out, err)


def end_on_sigterm():
    """For drivers: SIGTERM ends them by way of their `finally`s, with exit code 143. What they wait for gets it too."""
    code = 128 + signal.SIGTERM

    def end(*_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, lambda *_: os._exit(code))  # a thread that waits for ever does not keep it
        signal.alarm(LAST_WORDS_S)
        for child in list(waited_for):
            child.send_signal(signal.SIGTERM)
        sys.exit(code)
    signal.signal(signal.SIGTERM, end)


def free_ports(count):
    """Loopback ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_for(what, condition, seconds=30.0, alive=lambda: True):
    """Polls in real time: processes say that they are ready by a file."""
    deadline = time.monotonic() + seconds
    while not condition():
        if not alive():
            raise RuntimeError(f"{what}: the process ended")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.01)


class Process:
    """One child; its standard error goes to LOGS/NAME.log, appended over restarts."""

    def __init__(self, name, arguments, logs, pipes=False, executable=None):
        self.name = name
        self.log_file = os.path.join(logs, name + ".log")
        with open(self.log_file, "ab") as log:
            pipe = subprocess.PIPE if pipes else None
            self.child = start(arguments, stdin=pipe or subprocess.DEVNULL, stdout=pipe or log, stderr=log, text=pipes,
                               bufsize=1 if pipes else -1, executable=executable)

    def alive(self):
        return self.child.poll() is None

    def kill(self):
        """SIGKILL: no chance to say good-bye."""
        self.child.kill()
        self.child.wait()

    def end(self, seconds=15):
        if not self.alive():
            return self.child.returncode
        self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise RuntimeError(f"{self.name} did not end within {seconds} s of SIGTERM") from None

    def last_words(self, lines=15):
        with open(self.log_file, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-lines:])


class Clock:
    """The driver of the shared clock page: virtual time moves only when told to, and only while all processes idle."""

    def __init__(self, bin_dir, page, start, logs):
        self.page = page
        self.process = Process("clock", [os.path.join(bin_dir, "tvan-clock"), "--file", page, "--start", start,
                                         "--settle-ms", "2", "--patience-s", "60"], logs, pipes=True)
        self.expect("ready")

    def expect(self, beginning):
        line = self.process.child.stdout.readline().rstrip("\n")
        if not line.startswith(beginning):
            raise RuntimeError(f"tvan-clock: {line or 'ended: ' + self.process.last_words()}")
        return line[len(beginning):].strip()

    def tell(self, command):
        self.process.child.stdin.write(command + "\n")
        self.process.child.stdin.flush()
        return self.expect("at")

    def now(self):
        return self.tell("now")

    def advance(self, seconds):
        return self.tell(f"advance {seconds}")

    def advance_to(self, text):
        return self.tell(f"advance-to {text}")

    def end(self):
        if self.process.alive():
            self.process.child.stdin.close()
        return self.process.end()


class Sandbox:
    """The folder of `tvanctl dev init`, and the programs that run on it."""

    def __init__(self, bin_dir, folder, run_folder, clock_spec="system"):
        self.bin_dir, self.folder, self.run, self.clock_spec = bin_dir, folder, run_folder, clock_spec
        self.logs = os.path.join(run_folder, "logs")
        os.makedirs(self.logs, exist_ok=True)
        self.ready_file = os.path.join(run_folder, "gateway.ready")
        self.redis = None  # the server that holds the store instead of a folder
        self.gateway = self.authority = None

    def program(self, name):
        return os.path.join(self.bin_dir, name)

    def init(self, *flags):
        self.ctl("dev", "init", self.folder, "--clock", self.clock_spec, *flags)

    def change_settings(self, changes):
        """[(what `dev init` wrote into gateway.yaml, what stands there instead)]"""
        file = os.path.join(self.folder, "gateway.yaml")
        with open(file, encoding="utf-8") as opened:
            text = opened.read()
        for old, new in changes:
            if old not in text:
                raise RuntimeError(f"{file}: no {old!r}")
            text = text.replace(old, new)
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)

    def pki(self, name):
        return os.path.join(self.folder, "pki", name)

    def ctl(self, *arguments, profile=None, expect=(0,)):
        command = [self.program("tvanctl")]
        if profile:
            command += ["--profile", os.path.join(self.folder, profile)]
        done = subprocess.run(command + list(arguments), capture_output=True, text=True, check=False)
        if done.returncode not in expect:
            raise RuntimeError(f"tvanctl {' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start_authority(self, port, *flags):
        contracts = () if "--contracts" in flags else ("--contracts", "V0109999999")
        port_file = os.path.join(self.run, "authority.port")
        if os.path.exists(port_file):
            os.remove(port_file)
        self.authority = Process("authority", [
            self.program("tvan-authority-sim"), "--cert", self.pki("authority-server.pem"),
            "--key", self.pki("authority-server.key"), "--client-ca", self.pki("authority-ca.pem"),
            "--sign-cert", self.pki("authority-sign.pem"), "--sign-key", self.pki("authority-sign.key"),
            "--trust", self.pki("sellers-ca.pem"), "--clock", self.clock_spec, *contracts,
            "--listen", f"127.0.0.1:{port}", "--port-file", port_file, *flags], self.logs)
        self.wait("tvan-authority-sim", self.authority, port_file)

    def start_gateway(self, store=None, *flags, begun=None):
        """`store`: folder of this run's data; the configuration is copied with its path. `begun` is called once the process
        is there, before it is ready."""
        if os.path.exists(self.ready_file):
            os.remove(self.ready_file)
        self.gateway = Process("gateway", [self.program("tvan-gateway"), "--config", self.config(store),
                                           "--ready-file", self.ready_file, *flags], self.logs)
        if begun:
            begun()
        self.wait("tvan-gateway", self.gateway, self.ready_file)
        with open(self.ready_file, encoding="utf-8") as file:
            return json.load(file)

    def config(self, store):
        original = os.path.join(self.folder, "gateway.yaml")
        if store is None:
            return original
        with open(original, encoding="utf-8") as file:
            text = file.read()
        copy = os.path.join(self.folder, "gateway.run.yaml")
        with open(copy, "w", encoding="utf-8") as file:
            file.write(text.replace("path: data\n", self.store_lines(store), 1))
        return copy

    def store_lines(self, folder):
        if self.redis is None:
            return f"path: {os.path.abspath(folder)}\n"
        return f"engine: redis\n  redis: {{server: \"unix:{self.redis.socket}\", gateway: g1}}\n"

    @staticmethod
    def wait(what, process, file):
        try:
            wait_for(what, lambda: os.path.exists(file) and os.path.getsize(file) > 0, alive=process.alive)
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{process.last_words()}") from None

    def end(self):
        for process in (self.gateway, self.authority):
            if process is not None and process.alive():
                process.end()
