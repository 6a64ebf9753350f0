#!/usr/bin/python3
"""What a driver started ends with it, also when it is killed; what a thread of its started outlives the thread."""
import os
import signal
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from processes import Process, end_on_sigterm, run, wait_for  # noqa: E402


def drive(folder):
    """A driver: prints the ids of a program that a short thread started and of one that it waits for."""
    end_on_sigterm()
    begun = []
    thread = threading.Thread(target=lambda: begun.append(Process("sleeper", ["sleep", "300"], folder)))
    thread.start()
    task = f"/proc/self/task/{thread.native_id}"
    thread.join()
    wait_for("the thread's end", lambda: not os.path.exists(task))
    print(begun[0].child.pid, flush=True)
    try:
        run(["sh", "-c", "echo $$; exec sleep 300"])
    finally:
        print("finally", flush=True)


def gone(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def check(folder, what, code, last_words):
    driver = subprocess.Popen([sys.executable, "-B", __file__, "drive", folder], stdout=subprocess.PIPE, text=True)
    programs = [int(driver.stdout.readline()) for _ in range(2)]
    try:
        assert not any(map(gone, programs)), "a program ended with the thread that started it"
        driver.send_signal(what)
        assert driver.wait(60) == code, f"{what.name}: {driver.returncode}"
        for pid in programs:
            wait_for(f"{what.name}: the end of {pid}", lambda: gone(pid))  # noqa: B023
        assert driver.stdout.read() == last_words
    finally:
        for pid in filter(lambda pid: not gone(pid), [driver.pid, *programs]):
            os.kill(pid, signal.SIGKILL)
        driver.wait()
        driver.stdout.close()


def main():
    if sys.argv[1:2] == ["drive"]:
        return drive(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="tvan-processes-") as folder:
        check(folder, signal.SIGKILL, -signal.SIGKILL, "")
        check(folder, signal.SIGTERM, 128 + signal.SIGTERM, "finally\n")
    return None


if __name__ == "__main__":
    sys.exit(main())
