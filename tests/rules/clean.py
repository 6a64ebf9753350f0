"""The repository speaks of the product alone: no paths of a workplace, no private keys."""
import re
import rule

# Written in pieces, so that this file does not hold what it looks for.
WORKPLACE = re.compile(r"(?<![\w.}-])/(" + "wo" + "rk/|" + "tmp/" + "brief|" + "tmp/" + "bin/)")
PRIVATE_KEY = re.compile("-----BEGIN " + r"[A-Z ]*PRIVATE KEY-----\s+(?:[\w-]+:[^\n]*\n\s*)*[A-Za-z0-9+/=]{32}")


def check(root):
    problems = []
    for path in rule.files(root):
        text = rule.read(root, path)
        for pattern, what in ((WORKPLACE, "a path of a workplace"), (PRIVATE_KEY, "a private key")):
            for match in pattern.finditer(text):
                problems.append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}")
    return problems


def case(name, text, expected):
    return name, {"ops/a.txt": text}, expected


KEY = "-----BEGIN " + "EC PRIVATE KEY-----\n" + "A" * 64 + "\n"
CASES = [
    case("a path of the product", "cd gateway/wo" + "rk/ and the.wo" + "rk/", None),
    case("a path of a workplace", "cd /wo" + "rk/main", "a path of a workplace"),
    case("a path of a brief", "see /tmp/" + "brief/A.md", "a path of a workplace"),
    case("a key's marker that a program looks for", KEY.split("\n")[0] + '"', None),
    case("a private key", KEY, "a private key"),
    case("a public key", KEY.replace("PRIVATE", "PUBLIC"), None),
]

if __name__ == "__main__":
    rule.main(check, CASES)
