#!/usr/bin/python3
"""Makes the dictionaries that short records are packed with (store/pack.h): N.zdict from N.txt, always the same bytes.

usage: make.py            makes what is missing
       make.py --check    fails unless every N.zdict is what its N.txt makes, and the newest still knows the field tables
       make.py --names    prints the section [names] for a new N.txt, from config/profiles
       make.py --table    prints what the newest saves on the messages of tests/data/foreign, by level

A dictionary that was released never changes: stored records name it and cannot be read without it. So what goes into it is
kept here as text and does not follow the field tables by itself; README.md says when and how to make another."""
import ctypes
import os
import re
import sys
import time

HOME = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HOME))
MOST_BYTES = 64 << 10
FIRST_ID = 0x8000  # ids below are zstd's own; the id of version N is FIRST_ID + N
LEVEL = 3          # the entropy tables are tuned for it
FILLS = 24         # samples of each shape


# --- the text: what messages have in common
def sections(text):
    out, name = {}, None
    for line in text.split("\n"):
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
            out[name] = []
        elif line and not line.startswith("# "):
            out[name].append(line.replace("\\n", "\n"))
    return out


HOLE = re.compile(r"\{([dxbw])(\d+)\}|\{\d+\*|\*\}")
INNERMOST = re.compile(r"\{(\d+)\*((?:(?!\{\d+\*).)*?)\*\}", re.S)


def content(parts):
    """The rarest first: what stands near the end is named in fewer bits."""
    bare = [HOLE.sub("", shape) for shape in parts["shapes"]]
    return "".join(parts["names"] + parts["base64"] + [" ".join(parts["words"])] + bare).encode()


# --- samples: shapes with their holes filled, for the statistics of what the dictionary does not hold
class Dice:
    """The same everywhere and for ever, which no library promises."""
    def __init__(self, seed):
        self.state = seed

    def below(self, end):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        return (self.state >> 33) % end

    def letters(self, alphabet, count):
        return "".join(alphabet[self.below(len(alphabet))] for _ in range(count))


BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def fill(shape, words, dice):
    while INNERMOST.search(shape):
        shape = INNERMOST.sub(lambda m: m[2] * (1 + dice.below(int(m[1]))), shape, count=1)

    def one(match):
        kind, count = match[1], int(match[2])
        if kind == "d":
            return str(1 + dice.below(9)) + dice.letters("0000123456789", count - 1)
        if kind == "x":
            return dice.letters("0123456789ABCDEF", count)
        if kind == "b":
            return dice.letters(BASE64, count)
        return " ".join(words[dice.below(len(words))] for _ in range(count))
    return HOLE.sub(one, shape).encode()


def samples(parts):
    return [fill(shape, parts["words"], Dice(seed * 1000 + place))
            for seed in range(FILLS) for place, shape in enumerate(parts["shapes"])]


# --- zstd
class Zdict(ctypes.Structure):
    _fields_ = [("level", ctypes.c_int), ("notifications", ctypes.c_uint), ("id", ctypes.c_uint)]


def library():
    zstd = ctypes.CDLL("libzstd.so.1")
    size = ctypes.c_size_t
    zstd.ZDICT_finalizeDictionary.restype = size
    zstd.ZDICT_finalizeDictionary.argtypes = [ctypes.c_char_p, size, ctypes.c_char_p, size, ctypes.c_char_p,
                                              ctypes.POINTER(size), ctypes.c_uint, Zdict]
    for name in ("ZSTD_createCDict", "ZSTD_createCCtx"):
        getattr(zstd, name).restype = ctypes.c_void_p
    zstd.ZSTD_createCDict.argtypes = [ctypes.c_char_p, size, ctypes.c_int]
    zstd.ZSTD_compress_usingCDict.restype = size
    zstd.ZSTD_compress_usingCDict.argtypes = [ctypes.c_void_p, ctypes.c_char_p, size, ctypes.c_char_p, size, ctypes.c_void_p]
    return zstd


def make(version, text):
    zstd, parts = library(), sections(text)
    inside, examples = content(parts), samples(parts)
    sizes = (ctypes.c_size_t * len(examples))(*map(len, examples))
    out = ctypes.create_string_buffer(MOST_BYTES)
    made = zstd.ZDICT_finalizeDictionary(out, len(out), inside, len(inside), b"".join(examples), sizes, len(examples),
                                         Zdict(LEVEL, 0, FIRST_ID + version))
    if zstd.ZSTD_isError(ctypes.c_size_t(made)):
        sys.exit(f"make.py: zstd makes no dictionary of {version}.txt")
    if not out.raw[:made].endswith(inside):
        sys.exit(f"make.py: {version}.txt is longer than {MOST_BYTES} bytes")
    return out.raw[:made]


def versions():
    return sorted(int(name[:-4]) for name in os.listdir(HOME) if re.fullmatch(r"[1-9]\d*\.txt", name))


def read(name):
    with open(os.path.join(HOME, name), "rb") as file:
        return file.read()


def made_of(version):
    return make(version, read(f"{version}.txt").decode())


# --- the field tables
def objects():
    """The element paths of each object of each profile, in the order of the tables."""
    out, folder = {}, os.path.join(ROOT, "config", "profiles")
    for profile in sorted(os.listdir(folder)):
        table = os.path.join(folder, profile, "fields.tsv")
        if not os.path.exists(table):
            continue
        with open(table, encoding="utf-8") as file:
            for row in list(file)[1:]:
                name, path = row.split("\t")[:2]
                steps = tuple(path.split("/"))
                if all(re.fullmatch(r"\w+", step) for step in steps) and steps not in out.setdefault((profile, name), []):
                    out[profile, name].append(steps)
    return out


def names():
    """Each object as an empty document: a row's element begins, and ends where the next row is not inside it."""
    out = []
    for paths in objects().values():
        text, open_now = "", ()
        for path in paths + [()]:
            common = len(os.path.commonprefix([open_now, path]))
            text += "".join(f"</{name}>" for name in reversed(open_now[common:]))
            text += "".join(f"<{name}>" for name in path[common:])
            open_now = path
        if text not in out:
            out.append(text)
    return out


def elements():
    return {name for paths in objects().values() for path in paths for name in path}


def check():
    problems = [f"{v}.zdict is not what {v}.txt makes: a released dictionary never changes (README.md)"
                for v in versions() if not os.path.exists(os.path.join(HOME, f"{v}.zdict")) or read(f"{v}.zdict") != made_of(v)]
    newest, now = read(f"{versions()[-1]}.zdict"), elements()
    unknown = sorted(n for n in now if f"{n}>".encode() not in newest)
    if len(unknown) * 10 > len(now):
        problems.append(f"{len(unknown)} of {len(now)} elements of the field tables are not in the newest dictionary; "
                        f"make another (README.md): {' '.join(unknown)}")
    return problems


def table():
    zstd, folder = library(), os.path.join(ROOT, "tests", "data", "foreign")
    messages = [open(os.path.join(folder, n), "rb").read() for n in sorted(os.listdir(folder)) if n.endswith(".xml")]
    newest = read(f"{versions()[-1]}.zdict")
    context, out = zstd.ZSTD_createCCtx(), ctypes.create_string_buffer(1 << 20)
    for level in (-1, 1, 3, 5, 7, 9, 12):
        for what, dictionary in (("without", b""), ("with", newest)):
            cdict = zstd.ZSTD_createCDict(dictionary, len(dictionary), level)
            began, rounds = time.process_time(), 50
            for _ in range(rounds):
                packed = sum(zstd.ZSTD_compress_usingCDict(context, out, len(out), m, len(m), cdict) for m in messages)
            each = (time.process_time() - began) / rounds / len(messages) * 1e6
            print(f"level {level:2} {what:8} {sum(map(len, messages)) / len(messages):6.0f} -> {packed / len(messages):6.0f} bytes"
                  f" {each:6.1f} us")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit("\n".join(check()) or None)
    elif sys.argv[1:] == ["--names"]:
        print("\n".join(names()))
    elif sys.argv[1:] == ["--table"]:
        table()
    else:
        for v in versions():
            if not os.path.exists(os.path.join(HOME, f"{v}.zdict")):
                with open(os.path.join(HOME, f"{v}.zdict"), "wb") as made_file:
                    made_file.write(made_of(v))
