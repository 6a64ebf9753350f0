"""Each failpoint of gateway/core/failpoint.h is passed in exactly one place of the product."""
import re
import rule

LIST = "gateway/core/failpoint.h"
NAME = re.compile(r'^\s*"([a-z0-9_]+\.[a-z]+)",', re.M)
PASS = re.compile(r'\bPass\("([^"]*)"_failpoint\)')


def check(root):
    names = NAME.findall(rule.without_comments(rule.read(root, LIST)))
    places = {}
    for path in rule.files(root, rule.ROOMS, (".h", ".cc")):
        for name in PASS.findall(rule.without_comments(rule.read(root, path))):
            places.setdefault(name, []).append(path)
    problems = [f"{LIST}: {name} is passed {len(places.get(name, []))} times: {', '.join(places.get(name, []))}"
                for name in names if len(places.get(name, [])) != 1]
    problems += [f"{places[name][0]}: {name} is not in {LIST}" for name in sorted(set(places) - set(names))]
    return problems if names else [f"{LIST}: no names found"]


LISTED = 'names = {\n    "settle.before",  // not stored\n    "settle.after",\n};\n'
BEFORE, AFTER = 'Pass("settle.before"_failpoint);\n', 'Pass("settle.after"_failpoint);\n'


def case(name, code, expected, listed=LISTED):
    return name, {LIST: listed, "gateway/dispatch/a.cc": code}, expected


CASES = [
    case("each once", BEFORE + AFTER, None),
    case("one is missing", BEFORE, "settle.after is passed 0 times"),
    case("one is in a comment", BEFORE + "// " + AFTER, "settle.after is passed 0 times"),
    case("one stands twice", BEFORE + AFTER + AFTER, "settle.after is passed 2 times"),
    case("one is not listed", BEFORE + AFTER + 'Pass("x.after"_failpoint);', "x.after is not in"),
    case("an empty list", BEFORE, "no names found", ""),
]

if __name__ == "__main__":
    rule.main(check, CASES)
