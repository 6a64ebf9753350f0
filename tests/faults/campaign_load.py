"""What a kill campaign submits, and the virtual time that runs meanwhile."""
import concurrent.futures
import os
import shutil
import threading
import time

from campaign_world import PROVIDERS
from traffic import Traffic


class Corpus:
    """Signed messages, those of the next round made while this one runs."""

    def __init__(self, sandbox, folder, seed, when, receipts):
        self.traffic = Traffic(sandbox, folder, seed)
        self.folder, self.when = folder, when
        # phase(size) makes 3 * size + 3 documents for each of the two providers
        self.base_size, self.zone_size = max(1, -(-receipts // 6)), max(1, receipts // 30)
        self.maker = concurrent.futures.ThreadPoolExecutor(1)
        self.next = self.order()

    def order(self):
        return self.maker.submit(lambda: (self.make(self.base_size), self.make(self.zone_size)))

    def make(self, size):
        """provider -> documents; a notice comes after its invoice."""
        made = {name: sorted(self.traffic.phase(name, self.when, size), key=lambda d: d.type == 300) for name in PROVIDERS}
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        return made

    def take(self, last):
        """(what is submitted before the kill is prepared, what is on its way when it comes)"""
        made = self.next.result()
        self.next = None if last else self.order()
        return made

    def more(self):
        return self.maker.submit(self.make, self.zone_size).result()

    def close(self):
        self.maker.shutdown(cancel_futures=True)


class Ticker:
    """`with ticker:` virtual time runs on in steps, in a thread of its own, while `may_run` says so; outside it stands."""

    STEP_S = 5

    def __init__(self, clock, may_run):
        self.clock, self.may_run = clock, may_run
        self.lock, self.running, self.over = threading.Lock(), threading.Event(), False
        self.error = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            self.running.wait()
            if self.over:
                return
            with self.lock:
                if not self.running.is_set():
                    continue
                try:
                    if self.may_run():
                        self.clock.advance(self.STEP_S)
                except (RuntimeError, OSError, ValueError) as error:
                    self.error = error
                    return
            time.sleep(0.001)  # whoever wants the lock gets it

    def __enter__(self):
        self.running.set()

    def __exit__(self, *_):
        """Time stands still now."""
        self.running.clear()
        with self.lock:
            if self.error:
                raise self.error

    def close(self):
        self.over = True
        self.running.set()


class Submitting:
    """Both providers submit at the same time."""

    def __init__(self, providers, documents):
        self.providers, self.jobs = providers, []
        self.pool = concurrent.futures.ThreadPoolExecutor()
        self.add(documents)

    def add(self, documents):
        self.jobs += [self.pool.submit(self.providers[name].submit_many, batch) for name, batch in documents.items()]

    def join(self):
        for job in self.jobs:
            job.result()
        self.pool.shutdown()
