"""A sandbox on the real clock for tests: authority, gateway, contracts of acme and beta; ends its own processes."""
import os
import shutil
import tempfile

from processes import Sandbox, free_ports
from traffic import PARTIES

BIN_DIR = os.environ.get("TVAN_BIN_DIR", "")


class Live:
    def __init__(self, settings="dispatch:\n  in_doubt_settle: 1s\nfeedback:\n  poll: 200ms\n"):
        self.folder = tempfile.mkdtemp(prefix="tvan-live-")
        self.sandbox = Sandbox(BIN_DIR, os.path.join(self.folder, "sandbox"), os.path.join(self.folder, "run"))
        self.settings = settings

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        self.ports = free_ports(4)
        names = ("--provider-port", "--admin-port", "--http-port", "--line-port")
        self.sandbox.init(*[t for name, port in zip(names, self.ports) for t in (name, str(port))])
        with open(os.path.join(self.sandbox.folder, "gateway.yaml"), "a", encoding="utf-8") as file:
            file.write("\n" + self.settings)
        self.sandbox.start_authority(self.ports[3], "--transcript", os.path.join(self.folder, "transcript.jsonl"),
                                     "--ack-delay", "50", "--answer-delay", "100..300")
        self.sandbox.start_gateway()
        for name in ("acme", "beta"):
            mst, sellers = PARTIES[name]
            self.ctl("contract", "add", name, "--tax-code", mst, "--certificate", self.sandbox.pki(name + ".pem"),
                     "--from", "2020-01-01", profile="operator")
            self.ctl("mandate", "add", name, "--mst", ",".join(sellers), "--from", "2020-01-01", profile="operator")

    def ctl(self, *arguments, profile=None, expect=(0,)):
        return self.sandbox.ctl(*arguments, profile=profile, expect=expect)

    def make(self, *flags):
        done = self.ctl("dev", "make", "--sandbox", self.sandbox.folder, "--out", os.path.join(self.folder, "messages"), *flags)
        return done.split()

    def restart_gateway(self):
        self.sandbox.gateway.kill()
        self.sandbox.start_gateway()

    def __exit__(self, *_):
        for process in (self.sandbox.gateway, self.sandbox.authority):
            if process is not None and process.alive():
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
