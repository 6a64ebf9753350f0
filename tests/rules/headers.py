"""Every header compiles alone, and twice, with the flags its room is built with (compile_commands.json).

Parsing gRPC costs seconds a header, so what passed is remembered in the build folder until one of its files changes."""
import concurrent.futures
import json
import os
import shlex
import subprocess
import tempfile
import rule

FOLDERS = rule.ROOMS + ("tests",)
DROPPED_WITH_VALUE = {"-o", "-c", "-MF", "-MT", "-MQ", "-include", "-Xclang"}
DROPPED = {"-MD", "-MMD", "-Winvalid-pch", "-fpch-preprocess"}


def flags_of(command):
    words = shlex.split(command)
    start = next((i for i, w in enumerate(words) if os.path.basename(w).startswith(("c++", "g++", "clang++"))), 0)
    kept, skip = [words[start]], False
    for word in words[start + 1:]:
        if skip or word in DROPPED_WITH_VALUE:
            skip = not skip and word in DROPPED_WITH_VALUE
        elif kept[-1] == "-isystem":
            kept[-1] = "-isystem" + word
        elif word.startswith("-") and word not in DROPPED:
            kept.append(word)
    return kept


def commands(root, build):
    """folder → flags of what is compiled there; of several targets in one folder, with all their include paths."""
    path = os.path.join(build, "compile_commands.json")
    if not build or not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    found = {}
    for entry in entries:
        flags = flags_of(entry["command"])
        known = found.setdefault(os.path.relpath(os.path.dirname(entry["file"]), root), flags)
        known += [f for f in flags if f.startswith(("-I", "-isystem")) and f not in known]
    return found


def flags_for(header, known, root, build):
    folder = os.path.dirname(header)
    while folder and folder not in known:
        folder = os.path.dirname(folder)
    flags = known.get(folder, ["g++", "-std=c++20", "-Wall", "-Wextra"])
    return flags + ["-I" + root, "-isystem" + os.path.join(build, "generated")]


def fingerprint(paths):
    """What says that nothing has changed: the size and time of each file."""
    return {p: [os.stat(p).st_size, os.stat(p).st_mtime_ns] for p in paths if os.path.exists(p)}


def compile_alone(root, header, flags, passed):
    """A problem or None; `passed` keeps what a header that passed was made of, so that it is not compiled again."""
    before = passed.get(header)
    if before and before["flags"] == flags and fingerprint(before["files"]) == before["files"]:
        return None
    passed.pop(header, None)
    source = f'#include "{header}"\n#include "{header}"\n'
    with tempfile.NamedTemporaryFile("r", suffix=".d") as used:
        command = flags + ["-Werror", "-fsyntax-only", "-MMD", "-MF", used.name, "-x", "c++", "-"]
        done = subprocess.run(command, input=source, capture_output=True, text=True, cwd=root)
        files = [os.path.join(root, w) for w in used.read().replace("\\\n", " ").split()[1:] if w != "-"]
    if done.returncode == 0:
        passed[header] = {"flags": flags, "files": fingerprint(files)}
        return None
    first = next((line for line in done.stderr.split("\n") if "error:" in line), done.stderr[:200])
    return f"{header}: does not compile alone: {first}"


def check(root):
    build = os.environ.get("TVAN_BINARY_DIR", "") if root == rule.ROOT else ""
    memory = os.path.join(build, "headers_that_compile_alone.json") if build else os.devnull
    known, passed = commands(root, build), {}
    if build and os.path.exists(memory):
        with open(memory, encoding="utf-8") as file:
            passed = json.load(file)
    headers = rule.files(root, FOLDERS, (".h",))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda h: compile_alone(root, h, flags_for(h, known, root, build), passed), headers))
    with open(memory, "w", encoding="utf-8") as file:
        json.dump(passed, file)
    return [problem for problem in results if problem]


CASES = [
    ("a header with what it needs", {"gateway/x/a.h": "#pragma once\n#include <string>\nstruct A { std::string s; };\n"}, None),
    ("a header that leans on its users", {"gateway/x/a.h": "#pragma once\nstruct A { std::string s; };\n"}, "alone"),
    ("a header without its guard", {"gateway/x/a.h": "#include <string>\nstruct A { std::string s; };\n"}, "redefinition"),
    ("a header that includes what is not there", {"gateway/x/a.h": '#pragma once\n#include "gateway/x/b.h"\n'}, "b.h"),
]

if __name__ == "__main__":
    rule.main(check, CASES)
