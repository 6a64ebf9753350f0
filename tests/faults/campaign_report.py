"""The report of a kill campaign, in Markdown."""
import os
import platform
import subprocess
from datetime import datetime, timezone

COLUMNS = (("policy", "policy"), ("kills", "kills"), ("random", "of these at random moments"), ("while_starting", "more, while starting"),
           ("receipts", "receipts"),
           ("receipts_between_kills", "fewest receipts between two kills"), ("receipts_found_again", "receipts found again"),
           ("answered", "answered"), ("work_items", "work items"), ("unanswered", "unanswered"), ("lost", "lost"),
           ("duplicated", "duplicated"), ("misrouted", "misrouted"), ("reprocessed", "reprocessed"), ("seconds", "seconds"),
           ("ok", "ok"))
ABOUT = """\
* A **kill** is SIGKILL: at a failpoint (the gateway's own thread raises it there) or at a moment that nobody chose, while
  both providers submit, messages go up and answers come. One in ten lies in a stop of the authority. **more, while
  starting**: the gateway that came up after a kill was killed once more within half a second, not counted among the kills.
* **receipts found again**: after each restart every receipt of the round and some older ones were asked for by MTDiep; the
  message and the very same receipt had to be there, and as many messages in the store as receipts were given.
* **lost**: receipted, never dealt with by the authority, which did not itself swallow it. **duplicated**: processed under
  two MTDieps, sent with other bytes, or sent again without a recorded search and settle time. **misrouted**: an answer that
  reached somebody else. **work items** are exactly the messages whose answer the simulated authority withheld or swallowed.
* **reprocessed**: second processings of one MTDiep by an authority that processes duplicates again: what no relay can rule
  out when a connection breaks before the response. Counted apart, and only under `process_again` can it be anything but 0.
"""


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("\n")[-1]
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def machine(arguments):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) // (1 << 20)
    here = os.path.dirname(os.path.abspath(__file__))
    commit = first_line("git", "-C", here, "describe", "--always", "--dirty", "--abbrev=12")
    return [f"* machine: {os.cpu_count()} cores, {model}, {memory} GB, {platform.system()} {platform.release()}",
            f"* store: {first_line('df', '--output=fstype', os.environ.get('TMPDIR', '/tmp'))} on the local disk, "
            "flushed_local",
            f"* program: {first_line(os.path.join(arguments.bin_dir, 'tvan-gateway'), '--version')}, commit {commit}"]


def table(header, rows):
    return [f"| {' | '.join(header)} |", "|" + "---|" * len(header)] + [f"| {' | '.join(map(str, row))} |" for row in rows]


def cell(run, key):
    value = run.get(key, "–")
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def failpoint_table(runs):
    names = list(dict.fromkeys(name for run in runs for name in run["failpoints"]))
    header = ["failpoint", "passes", "kills"]
    return table(header, [[f"`{name}`"] + [sum(run["failpoints"].get(name, {}).get(what, 0) for run in runs)
                                           for what in header[1:]] for name in names])


def text(command, arguments, runs, total, seconds):
    verdict = "nothing was lost, duplicated or misrouted" if total["ok"] else "NOT OK"
    rows = [[cell(run, key) for key, _ in COLUMNS] for run in runs]
    rows.append([{"policy": "all", "seconds": round(seconds, 1)}.get(key, cell(total, key)) for key, _ in COLUMNS])
    lines = ["# Kill campaign", "", f"Verdict: **{verdict}**; {total['kills']} kills, {total['receipts']} receipts.", "",
             f"Again: `{command}`", "", f"* date: {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC",
             f"* seed: {arguments.seed}", *machine(arguments), "", "## By duplicate policy of the authority", "",
             *table([name for _, name in COLUMNS], rows), ""]
    for run in runs:
        if "error" in run:
            lines += [f"`{run['policy']}` {run['error']}.", ""]
    lines += ["## By failpoint", "", *failpoint_table(runs), "", "## What the words mean", "", ABOUT]
    return "\n".join(lines)
