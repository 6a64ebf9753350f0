"""A header has at most 120 lines, a source at most 400; above 250 a source is named, for somebody to split."""
import rule

HEADER, SOURCE, NAMED = 120, 400, 250


def check(root):
    problems = []
    for path in rule.files(root, ("gateway", "adapters", "store", "config", "ops", "tests"), (".h", ".cc")):
        lines = rule.read(root, path).count("\n")
        limit = HEADER if path.endswith(".h") else SOURCE
        if lines > limit:
            problems.append(f"{path}: {lines} lines, at most {limit}")
        elif lines > NAMED:
            print(f"note: {path}: {lines} lines, better below {NAMED}")
    return problems


def case(name, path, lines, expected):
    return name, {path: "\n" * lines}, expected


CASES = [
    case("a header at its limit", "gateway/x/a.h", 120, None),
    case("a header one longer", "gateway/x/a.h", 121, "at most 120"),
    case("a source at its limit", "gateway/x/a.cc", 400, None),
    case("a source one longer", "gateway/x/a.cc", 401, "at most 400"),
]

if __name__ == "__main__":
    rule.main(check, CASES)
