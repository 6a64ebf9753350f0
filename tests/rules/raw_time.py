"""No raw timer, sleep or clock outside gateway/core (DESIGN section 5, "Time").

The named exception: deadlines of sockets, TLS and gRPC, in the rooms that speak on the network, on a line that says
`// real deadline: <why>` (or right below a line that is such a comment)."""
import re
import rooms
import rule

NETWORK = rooms.GRPC_ROOMS | rooms.HTTP_ROOMS
REAL = re.compile(r"//\s*real deadline: \S")

ALWAYS = re.compile("|".join([
    r"\bsleep_(for|until)\b", r"\b(u|nano|clock_nano)sleep\s*\(", r"(?<![\w.>])sleep\s*\(",
    r"\b(steady|deadline|system|high_resolution|waitable)_timer\b", r"\b(basic_)?waitable_timer\b",
    r"\b(timerfd_create|timer_create|setitimer|alarm)\s*\(", r"\bpthread_cond_(timed|clock)wait\b",
    r"[.>]wait_(for|until)\s*\(", r"\btry_(lock|acquire)_(for|until)\s*\(", r"\b(localtime|mktime)(_r)?\s*\(",
]))
DEADLINE = re.compile("|".join([
    r"\b(system|steady|high_resolution|utc)_clock\s*::\s*now\b", r"\bexpires_(after|at)\s*\(", r"\bset_deadline\s*\(",
    r"(?<![\w.>])time\s*\(\s*(nullptr|NULL|0|&\w+)\s*\)", r"\b(gettimeofday|clock_gettime|timespec_get|gpr_now)\s*\(",
    r"\bstd\s*::\s*clock\s*\(",
]))


def in_network_room(path):
    return any(path.startswith(room + "/") for room in NETWORK)


def line_problem(path, code, said):
    hit = ALWAYS.search(code)
    if hit:
        return f"'{hit.group().strip()}' outside gateway/core: use Clock"
    hit = DEADLINE.search(code)
    if not hit:
        return None
    if in_network_room(path) and said:
        return None
    return f"'{hit.group().strip()}' outside gateway/core: use Clock, or say '// real deadline: <why>' in a network room"


def check(root):
    problems = []
    for path in rule.files(root, rule.ROOMS, (".h", ".cc")):
        if path.startswith("gateway/core/"):
            continue
        text = rule.read(root, path)
        lines = text.split("\n")
        for number, code in enumerate(rule.without_comments(text, keep_strings=False).split("\n")):
            above = lines[number - 1] if number and lines[number - 1].lstrip().startswith("//") else ""
            problem = line_problem(path, code, REAL.search(lines[number]) or REAL.search(above))
            if problem:
                problems.append(f"{path}:{number + 1}: {problem}")
    return problems


def case(name, line, expected, path="gateway/dispatch/a.cc"):
    return name, {path: f"// std::this_thread::sleep_for(1s)\nconst char* s = \"usleep(1)\";\n{line}\n"}, expected


SOAP = "adapters/soap/a.cc"
CASES = [
    case("comments and strings are not code", "int a = 0;", None),
    case("the clock's own wait", "clock.WaitUntil(cv, lock, at, ready);", None),
    case("core is free", "std::this_thread::sleep_for(x);", None, "gateway/core/a.cc"),
    case("an expiry in the line's room that says why", "s.expires_after(x);  // real deadline: a socket", None, SOAP),
    case("the same under its comment", "// real deadline: a socket\ns.expires_after(x);", None, SOAP),
    case("the same without why", "s.expires_after(x);  // real deadline:", "expires_after", SOAP),
    case("the same without saying", "s.expires_after(x);", "expires_after", SOAP),
    case("the same in a room without network", "s.expires_after(x);  // real deadline: a socket", "expires_after"),
    case("a gRPC deadline", "auto d = std::chrono::system_clock::now() + x;  // real deadline: a call", None, "ops/ctl/a.cc"),
    case("a sleep that calls itself real", "std::this_thread::sleep_for(x);  // real deadline: no", "sleep_for", SOAP),
] + [case("raw: " + line, line, "outside gateway/core") for line in (
    "std::this_thread::sleep_until(x);", "usleep(5);", "nanosleep(&t, nullptr);", "sleep(1);",
    "auto n = std::chrono::steady_clock::now();", "auto n = system_clock ::now();", "boost::asio::steady_timer t(io);",
    "asio::deadline_timer t(io);", "auto n = time(nullptr);", "auto n = std::time(NULL);", "gettimeofday(&t, nullptr);",
    "clock_gettime(CLOCK_REALTIME, &t);", "alarm(3);", "cv.wait_for(lock, x);", "future->wait_until(x);",
    "mutex.try_lock_for(x);", "auto t = localtime(&n);")]

if __name__ == "__main__":
    rule.main(check, CASES)
