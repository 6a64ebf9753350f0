"""Every #include follows the arrows of rooms.py; third-party headers stay in their rooms."""
import os
import re
import rooms
import rule

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]', re.M)
SYSTEM = re.compile(r"^([a-z_0-9]+|c[a-z]+)$")  # the standard library: no slash, no ending
POSIX = re.compile(r"^((sys|linux|netinet|arpa|net|asm)/.*|[a-z_0-9]+)\.h$")


def room_of(path):
    folder = os.path.dirname(path)
    while folder:
        if folder in rooms.OURS and not (folder in rooms.FLAT and folder != os.path.dirname(path)):
            return folder
        folder = os.path.dirname(folder)
    return None


def allowed(entry, header):
    if entry.endswith("/*.h"):
        return os.path.dirname(header) == entry[:-4]
    return header == entry or header.startswith(entry + "/")


def ours_problem(room, header):
    if header.startswith(room + "/") and not (room in rooms.FLAT and os.path.dirname(header) != room):
        return None
    if any(allowed(entry, header) for entry in rooms.OURS[room]):
        return None
    return f"{room} may not include \"{header}\" (rooms.py)"


def third_party_problem(room, path, header):
    first = header.split("/")[0]
    if first in rooms.THIRD_PARTY:
        if room not in rooms.THIRD_PARTY[first]:
            return f"<{header}> does not belong in {room} (rooms.py)"
        if path != rooms.BEHIND.get(first, path):
            return f"<{header}> stays behind {rooms.BEHIND[first]}"
        return None
    return None if SYSTEM.match(header) or POSIX.match(header) else f"<{header}> is no header that rooms.py knows"


def check(root):
    problems = []
    for path in rule.files(root, rule.ROOMS, (".h", ".cc")):
        room = room_of(path)
        if room is None:
            problems.append(f"{path}: lies in no room of rooms.py")
            continue
        text = rule.without_comments(rule.read(root, path))
        for match in INCLUDE.finditer(text):
            kind, header = match.groups()
            third = kind == "<" or header.split("/")[0] in rooms.THIRD_PARTY
            problem = third_party_problem(room, path, header) if third else ours_problem(room, header)
            if problem:
                problems.append(f"{path}:{text.count(chr(10), 0, match.start(1)) + 1}: {problem}")
    return problems


def case(name, path, include, expected):
    return name, {path: f"#pragma once\n// #include <grpcpp/grpcpp.h>\n#include {include}\n"}, expected


CASES = [
    case("core may use the standard library", "gateway/core/a.h", "<string>", None),
    case("core may use POSIX", "gateway/core/a.cc", "<sys/mman.h>", None),
    case("core may not use the store", "gateway/core/a.h", '"store/store.h"', "gateway/core may not include"),
    case("contract may use the store's port", "gateway/contract/a.h", '"store/store.h"', None),
    case("contract may not use the port's insides", "gateway/contract/a.h", '"store/kv.h"', "may not include"),
    case("a store may use them", "store/rocksdb/a.h", '"store/kv.h"', None),
    case("contract may not use a store", "gateway/contract/a.h", '"store/rocksdb/x.h"', "may not include"),
    case("contract may not use dispatch", "gateway/contract/a.h", '"gateway/dispatch/x.h"', "may not include"),
    case("app may use all", "gateway/app/a.cc", '"store/rocksdb/x.h"', None),
    case("validate may use the XML port", "gateway/validate/a.cc", '"adapters/xml_document.h"', None),
    case("validate may not use its implementation", "gateway/validate/a.cc", '"adapters/xml/x.h"', "may not include"),
    case("a header without its path is refused", "gateway/validate/a.cc", '"a.h"', "may not include"),
    case("the ports may use core", "adapters/signature.h", '"gateway/core/ids.h"', None),
    case("the ports may not use an implementation", "adapters/signature.h", '"adapters/xml/x.h"', "may not include"),
    case("intake may use gRPC", "gateway/intake/a.cc", "<grpcpp/grpcpp.h>", None),
    case("dispatch may not use gRPC", "gateway/dispatch/a.cc", "<grpcpp/grpcpp.h>", "does not belong"),
    case("quotes do not hide a library", "gateway/dispatch/a.cc", '"rocksdb/db.h"', "does not belong"),
    case("spdlog stays behind its file", "gateway/core/log.cc", "<spdlog/logger.h>", None),
    case("spdlog in another file of core", "gateway/core/a.cc", "<spdlog/logger.h>", "stays behind"),
    case("an unknown library", "gateway/core/a.cc", "<curl/curl.h>", "no header that rooms.py knows"),
    case("a folder that is no room", "gateway/novel/a.cc", "<string>", "lies in no room"),
]

if __name__ == "__main__":
    rule.main(check, CASES)
