"""Every header compiles alone, and twice, with the flags its room is built with (compile_commands.json).

Parsing gRPC costs seconds a header; two compilers at a time and -fsyntax-only keep the whole below a minute or two."""
import concurrent.futures
import json
import os
import shlex
import subprocess
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
            continue
        if word.startswith("-") and word not in DROPPED:
            kept.append(word)
        elif kept[-1] == "-isystem":
            kept.append(word)
    return kept


def commands(root, build):
    """folder → flags of a source compiled there."""
    path = os.path.join(build, "compile_commands.json") if build else ""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    found = {}
    for entry in entries:
        folder = os.path.relpath(os.path.dirname(entry["file"]), root)
        found.setdefault(folder, flags_of(entry["command"]))
    return found


def flags_for(header, known, root):
    folder = os.path.dirname(header)
    while folder:
        if folder in known:
            return known[folder]
        folder = os.path.dirname(folder)
    return ["g++", "-std=c++20", "-Wall", "-Wextra", "-I" + root]


def compile_alone(root, header, flags):
    source = f'#include "{header}"\n#include "{header}"\n'
    command = flags + ["-I" + root, "-Werror", "-fsyntax-only", "-x", "c++", "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, cwd=root)
    if done.returncode == 0:
        return None
    first = next((line for line in done.stderr.split("\n") if "error:" in line), done.stderr[:200])
    return f"{header}: does not compile alone: {first}"


def check(root):
    known = commands(root, os.environ.get("TVAN_BINARY_DIR"))
    headers = rule.files(root, FOLDERS, (".h",))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda h: compile_alone(root, h, flags_for(h, known, root)), headers)
    return [problem for problem in results if problem]


CASES = [
    ("a header with what it needs", {"gateway/x/a.h": "#pragma once\n#include <string>\nstruct A { std::string s; };\n"}, None),
    ("a header that leans on its users", {"gateway/x/a.h": "#pragma once\nstruct A { std::string s; };\n"}, "alone"),
    ("a header without its guard", {"gateway/x/a.h": "#include <string>\nstruct A { std::string s; };\n"}, "redefinition"),
    ("a header that includes what is not there", {"gateway/x/a.h": '#pragma once\n#include "gateway/x/b.h"\n'}, "b.h"),
]

if __name__ == "__main__":
    rule.main(check, CASES)
