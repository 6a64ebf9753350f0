"""What the rules share: finding files, reading C++ without its comments, and the command line of a rule.

A rule is a function check(root) -> list of problems, and a list of planted cases that show that it can fail."""
import argparse
import os
import re
import subprocess
import sys
import tempfile

HOME = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HOME))
ROOMS = ("gateway", "adapters", "store", "config", "ops/ctl", "ops/load")
SKIPPED_FOLDERS = {".git", "build", "sandbox", "node_modules", "__pycache__"}

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<raw>[^()\s\\]{0,16})\(.*?\)(?P=raw)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)


def files(root, folders=("",), endings=("",)):
    """Paths below the folders that git would keep (all of them where there is no git), sorted."""
    found = set()
    for folder in folders:
        for where, names, plain in os.walk(os.path.join(root, folder)):
            names[:] = [n for n in names if n not in SKIPPED_FOLDERS]
            found.update(os.path.relpath(os.path.join(where, p), root) for p in plain)
    if os.path.exists(os.path.join(root, ".git")):
        try:
            listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                    capture_output=True, text=True, check=True).stdout.split("\0")
            found &= set(listed)
        except (OSError, subprocess.CalledProcessError):
            pass
    return sorted(f for f in found if f.endswith(tuple(endings)))


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def without_comments(text, keep_strings=True):
    """The same text with comments (and contents of literals, if asked) blanked; lines keep their numbers."""
    def blank(match):
        token = match.group()
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        return token if keep_strings else token[0] + re.sub(r"[^\n]", " ", token[1:-1]) + token[-1]
    return _TOKEN.sub(blank, text)


def plant(root, planted):
    for path, text in planted.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)


def self_test(check, cases):
    """Each case is (name, files, expected): expected None means no problem, else a part of the one problem."""
    failures = 0
    for name, planted, expected in cases:
        with tempfile.TemporaryDirectory() as root:
            plant(root, planted)
            problems = check(root)
        good = not problems if expected is None else len(problems) == 1 and expected in problems[0]
        failures += not good
        print(("ok    " if good else "WRONG ") + name + ("" if good else f": {problems}"))
    return failures


def main(check, cases, write=None):
    options = argparse.ArgumentParser()
    options.add_argument("--root", default=ROOT)
    options.add_argument("--self-test", action="store_true", help="show that the rule fails on planted violations")
    if write:
        options.add_argument("--write", action="store_true", help="write the generated file")
    chosen = options.parse_args()
    if chosen.self_test:
        sys.exit(1 if self_test(check, cases) else 0)
    if write and chosen.write:
        write(chosen.root)
    problems = check(chosen.root)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s)")
    sys.exit(1 if problems else 0)
