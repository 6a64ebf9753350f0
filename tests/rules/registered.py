"""Every *_test.cc below tests/ is named in the CMakeLists.txt of its folder or of a folder above."""
import os
import re
import rule


def check(root):
    problems = []
    for path in rule.files(root, ("tests",), ("_test.cc",)):
        folder, named = os.path.dirname(path), False
        while folder and not named:
            lists = os.path.join(folder, "CMakeLists.txt")
            if os.path.exists(os.path.join(root, lists)):
                text = re.sub(r"#[^\n]*", "", rule.read(root, lists))
                named = os.path.relpath(path, folder) in re.split(r"[\s()\"]+", text)
            folder = os.path.dirname(folder)
        if not named:
            problems.append(f"{path}: no CMakeLists.txt names this test")
    return problems


def case(name, lists, expected, where="tests/unit/x/CMakeLists.txt"):
    return name, {"tests/unit/x/a_test.cc": "", where: lists}, expected


CASES = [
    case("a named test", "tvan_test(x_test SOURCES a_test.cc)", None),
    case("a test named from above", "tvan_test(x_test SOURCES unit/x/a_test.cc)", None, "tests/CMakeLists.txt"),
    case("a test that nobody names", "tvan_test(x_test SOURCES b_test.cc)", "names this test"),
    case("a test named in a comment", "# a_test.cc\n", "names this test"),
    case("a longer name is another test", "tvan_test(x_test SOURCES aa_test.cc)", "names this test"),
]

if __name__ == "__main__":
    rule.main(check, CASES)
