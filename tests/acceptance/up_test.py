#!/usr/bin/python3
"""What ops/up starts: the printed commands work as they stand, it stops cleanly, and starts again with its data.

usage: up_test.py BIN_DIR
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from processes import wait_for  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


def start(bin_dir, folder):
    process = subprocess.Popen([sys.executable, os.path.join(HERE, "up.py"), "--bin-dir", bin_dir, "--sandbox",
                                os.path.join(folder, "up"), "--free-ports", "--once"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            return process, [text.split("#")[0].strip() for text in lines if text.startswith("  ")]
    raise AssertionError("".join(lines))


def shell(folder, exports, command):
    done = subprocess.run(["bash", "-c", f"{exports}\n{command}"], cwd=folder, capture_output=True, text=True, check=False)
    print(f"$ {command}\n{done.stdout}{done.stderr}")
    return done


def command_like(commands, text):
    return next(command for command in commands if text in command)


def stop(process):
    process.stdin.close()
    assert process.wait(30) == 0, process.stdout.read()
    process.stdout.close()


def main():
    with tempfile.TemporaryDirectory(prefix="tvan-up-") as folder:
        process, commands = start(sys.argv[1], folder)
        exports = command_like(commands, "export ")
        for text in (" submit ", " keys ", " queue", " status --list", " dev make ", " window add"):
            done = shell(folder, exports, command_like(commands, text.strip()))
            assert done.returncode == 0, text
        wait_for("an answer", lambda: " 204 " in shell(folder, exports, "tvanctl feedback").stdout, 60)
        stop(process)
        process, commands = start(sys.argv[1], folder)
        listed = shell(folder, command_like(commands, "export "), "tvanctl status --list")
        assert "ANSWERED" in listed.stdout, "the data of the first start are gone"
        exports = command_like(commands, "export ")
        made = shell(folder, exports, "tvanctl dev make --sign --number 4711 --out again && tvanctl submit again/*.xml")
        assert made.returncode == 0, made
        wait_for("an answer after the second start", lambda: shell(
            folder, exports, "tvanctl status --list").stdout.count("ANSWERED") == 2, 60)
        stop(process)


if __name__ == "__main__":
    main()
