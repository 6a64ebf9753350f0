"""Every reason of the code is in ops/REASONS.d/*.md, and the other way round; ops/REASONS.md is generated from those.

    python3 tests/rules/reasons.py --write     writes ops/REASONS.md"""
import os
import re
import rule

HEAD = """# Reasons

Every failure of the product has one of these stable reasons: in errors to providers, in `tvanctl`, in the log and in
metrics. This page is generated from `ops/REASONS.d/` by `python3 tests/rules/reasons.py --write`; a test compares it
with the code both ways.

| reason | seen by | meaning | what to do | cần làm gì |
|---|---|---|---|---|
"""
LITERAL = re.compile(r'(?<!operator)"([^"\n]*)"_reason\b')
FORM = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")


def used(root):
    """reason → first place of use, and the problems met."""
    places, problems = {}, []
    for path in rule.files(root, ("gateway", "adapters", "store", "config", "ops"), (".h", ".cc")):
        text = rule.without_comments(rule.read(root, path))
        for match in LITERAL.finditer(text):
            place = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
            if FORM.match(match.group(1)):
                places.setdefault(match.group(1), place)
            else:
                problems.append(f"{place}: reason '{match.group(1)}' is not of the form room.what")
    return places, problems


def listed(root):
    """reason → its row, and the problems met."""
    rows, problems = {}, []
    for path in rule.files(root, ("ops/REASONS.d",), (".md",)):
        for number, line in enumerate(rule.read(root, path).split("\n"), 1):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not line.startswith("|") or cells[0] == "reason" or set(cells[0]) <= set("-: "):
                continue
            reason = cells[0].strip("`")
            if len(cells) != 5 or not all(cells):
                problems.append(f"{path}:{number}: a row has five cells, none empty")
            elif reason in rows:
                problems.append(f"{path}:{number}: '{reason}' is listed twice")
            rows.setdefault(reason, "| " + " | ".join([reason] + cells[1:]) + " |")
    return rows, problems


def generated(root):
    rows, _ = listed(root)
    return HEAD + "".join(rows[reason] + "\n" for reason in sorted(rows))


def write(root):
    with open(os.path.join(root, "ops/REASONS.md"), "w", encoding="utf-8") as file:
        file.write(generated(root))


def check(root):
    places, problems = used(root)
    rows, more = listed(root)
    problems += more
    problems += [f"{places[r]}: reason '{r}' is missing in ops/REASONS.d" for r in sorted(set(places) - set(rows))]
    problems += [f"ops/REASONS.d: '{r}' is used nowhere" for r in sorted(set(rows) - set(places))]
    index = os.path.join(root, "ops/REASONS.md")
    if not os.path.exists(index) or rule.read(root, "ops/REASONS.md") != generated(root):
        problems.append("ops/REASONS.md is not what reasons.py --write makes of ops/REASONS.d")
    return problems


def case(name, expected, code='"a.b"_reason', rows=("a.b | operator | m | d | l",), index=None):
    part = "| reason | seen by | meaning | what to do | cần làm gì |\n|---|---|---|---|---|\n"
    part += "".join(f"| {row} |\n" for row in rows)
    made = HEAD + "".join(f"| {row} |\n" for row in sorted(set(rows)))
    source = f'// "only.comment"_reason\nconstexpr Reason operator""_reason(const char*);\nauto r = {code};\n'
    return name, {"gateway/x/a.cc": source, "ops/REASONS.d/x.md": part, "ops/REASONS.md": index or made}, expected


CASES = [
    case("code and list agree", None),
    case("a reason that is not listed", "'a.c' is missing", code='f("a.b"_reason, "a.c"_reason)'),
    case("a listed reason that is not used", "'a.c' is used nowhere",
         rows=("a.b | operator | m | d | l", "a.c | operator | m | d | l")),
    case("a reason of another form", "not of the form", code='f("a.b"_reason, "Bad"_reason)'),
    case("a row without advice", "five cells", rows=("a.b | operator | m | d | ",),
         index=HEAD + "| a.b | operator | m | d |  |\n"),
    case("a row listed twice", "listed twice", rows=("a.b | operator | m | d | l", "a.b | operator | m | d | l")),
    case("an index that is out of date", "--write", index=HEAD),
]

if __name__ == "__main__":
    rule.main(check, CASES, write)
