"""Real redis-server processes for drivers: on unix sockets in the run's folder, with what a gateway asks of them.

The package redis-tools holds the server's whole program as redis-check-rdb, which looks at its own name; so no service
of the machine is installed or touched.
"""
import os
import socket

from processes import Process, wait_for

PROGRAMS = ("/usr/bin/redis-server", "/usr/bin/redis-check-rdb")
FLUSHED = ("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", "")


def program():
    return next(p for p in PROGRAMS if os.path.exists(p))


def call(path, *words, seconds=5.0):
    """One command to the server behind a unix socket; its whole answer, as it stands on the wire."""
    text = f"*{len(words)}\r\n" + "".join(f"${len(w.encode())}\r\n{w}\r\n" for w in words)
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(seconds)
        link.connect(path)
        link.sendall(text.encode())
        return link.recv(65536).decode(errors="replace")


class RedisServer(Process):
    """One server; its files stay in its folder, so that one started again on it goes on where the last one ended."""

    def __init__(self, folder, logs, *flags, name="redis", port=0):
        os.makedirs(folder, exist_ok=True)
        self.name, self.folder, self.logs, self.port, self.flags = name, folder, logs, port, flags
        self.socket = os.path.join(folder, "redis.sock")
        self.start()

    def start(self, *more):
        if os.path.exists(self.socket):
            os.remove(self.socket)
        Process.__init__(self, self.name, ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket",
                                           self.socket, "--dir", self.folder, *FLUSHED, *self.flags, *more], self.logs,
                         executable=program())
        wait_for("redis-server", self.answers, alive=self.alive)

    def call(self, *words):
        """As `call`; no answer is ''."""
        try:
            return call(self.socket, *words)
        except OSError:
            return ""

    def answers(self):
        return self.call("PING").startswith("+PONG")


class Sentinel(Process):
    """One Sentinel that watches the primary "tvan" on a loopback port, with a majority of two."""

    def __init__(self, folder, logs, port, primary_port, name="sentinel", down_after_ms=2000):
        os.makedirs(folder, exist_ok=True)
        self.port, self.socket = port, os.path.join(folder, "sentinel.sock")
        settings = os.path.join(folder, "sentinel.conf")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f"""port {port}
bind 127.0.0.1
dir {folder}
unixsocket {self.socket}
sentinel monitor tvan 127.0.0.1 {primary_port} 2
sentinel down-after-milliseconds tvan {down_after_ms}
sentinel failover-timeout tvan 10000
sentinel parallel-syncs tvan 2
""")
        super().__init__(name, ["redis-server", settings, "--sentinel"], logs, executable=program())
        wait_for("Sentinel", lambda: self.call("PING").startswith("+PONG"), alive=self.alive)

    call = RedisServer.call

    def knows(self, replicas, others):
        text = self.call("SENTINEL", "master", "tvan").split("\r\n")
        facts = dict(zip(text[2::4], text[4::4]))
        return facts.get("num-slaves") == str(replicas) and facts.get("num-other-sentinels") == str(others)
