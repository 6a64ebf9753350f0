#!/usr/bin/python3
"""Kills the gateway again and again under load, and has an audit say whether anything was lost, doubled or misrouted.

The gateway dies by SIGKILL, at failpoints before and after each durable step (gateway/core/failpoint.h) and at random
moments, with at least 200 receipts between two kills, against a simulated authority that loses 999s, answers late, cuts
connections and says that it is overloaded. After each restart the receipts that the providers hold are looked for; at
the end of each policy's run tests/acceptance/audit.py, which links nothing of the product, judges what the authority saw
and what the providers got. The seed decides messages, faults, failpoints and delays; how the threads of real processes
fall is not repeatable.

Last line of standard output: one JSON object. Exit code 0: nothing wrong, 1: something is, or the campaign broke off.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import campaign_report  # noqa: E402
from campaign_plan import POLICIES, failpoint_share  # noqa: E402
from campaign_run import SABOTAGE  # noqa: E402
from processes import end_on_sigterm, run  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SUMS = ("kills", "random", "while_starting", "submitted", "receipts", "receipts_found_again", "answered", "unanswered", "work_items", "lost",
        "duplicated", "misrouted", "reprocessed", "sent_in_window")


def parse():
    parser = argparse.ArgumentParser(prog="ops/campaign", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=40, help="in all, divided among the policies (default 40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policy", choices=POLICIES, help="this one only; default: all four")
    parser.add_argument("--receipts", type=int, default=200, help="at least so many between two kills (default 200)")
    parser.add_argument("--json", action="store_true", help="no table, the JSON line alone")
    parser.add_argument("--report", metavar="FILE", help="writes a report in Markdown")
    parser.add_argument("--jobs", type=int, default=2, help="policies at a time (default 2)")
    parser.add_argument("--evidence", metavar="DIR", help="keeps logs, stores and what the audit read, a folder a policy")
    parser.add_argument("--sabotage", choices=SABOTAGE, help="must end with ok=false. forget: after a kill the store of the "
                        "kill before comes back; lose: a proxy acknowledges a message and drops it")
    parser.add_argument("--bin-dir", required=True, help="where the programs are (ops/campaign builds and names it)")
    parser.add_argument("--sandbox", required=True, help="folder for certificates and keys; made if missing")
    return parser.parse_args()


def command(arguments):
    """What repeats this campaign."""
    flags = ["--kills", str(arguments.kills), "--seed", str(arguments.seed)]
    for name in ("policy", "sabotage"):
        if getattr(arguments, name):
            flags += ["--" + name, getattr(arguments, name)]
    if arguments.receipts != 200:
        flags += ["--receipts", str(arguments.receipts)]
    return "ops/campaign " + " ".join(flags)


def shares(arguments):
    """policy -> kills"""
    if arguments.policy:
        return {arguments.policy: arguments.kills}
    return {policy: arguments.kills // 4 + (index < arguments.kills % 4) for index, policy in enumerate(POLICIES)
            if arguments.kills // 4 + (index < arguments.kills % 4) > 0}


def run_policy(arguments, policy, kills):
    """The verdict of one policy's run; one that broke off has `error` instead of counts."""
    call = [sys.executable, "-B", os.path.join(HERE, "campaign_run.py"), "--bin-dir", arguments.bin_dir, "--sandbox",
            os.path.join(arguments.sandbox, policy), "--policy", policy, "--kills", str(kills), "--seed",
            str(arguments.seed), "--receipts", str(arguments.receipts)]
    if arguments.sabotage:
        call += ["--sabotage", arguments.sabotage]
    if arguments.evidence:
        call += ["--evidence", os.path.join(os.path.abspath(arguments.evidence), policy)]
    started = time.monotonic()
    done = run(call, stdout=subprocess.PIPE, text=True)
    try:
        verdict = json.loads(done.stdout.strip().split("\n")[-1])
    except ValueError:
        verdict = {"policy": policy, "ok": False, "error": f"broke off with exit code {done.returncode}", "failpoints": {}}
    verdict["seconds"] = round(time.monotonic() - started, 1)
    return verdict


def combine(arguments, runs):
    total = {"kills": 0, "seed": arguments.seed}
    total.update({key: sum(run.get(key, 0) for run in runs) for key in SUMS})
    total["receipts_between_kills"] = min((run.get("receipts_between_kills", 0) for run in runs), default=0)
    names = {name for run in runs for name in run["failpoints"]}
    killed = {name for run in runs for name, count in run["failpoints"].items() if count["kills"]}
    total["failpoints"], total["failpoints_killed_at"] = len(names), len(killed)
    missed = sorted(names - killed)
    if missed and sum(failpoint_share(run.get("kills", 0)) for run in runs) >= len(names):
        total["failpoints_missed"] = missed
    total["ok"] = all(run["ok"] for run in runs) and bool(runs) and "failpoints_missed" not in total
    return total


def main():
    arguments = parse()
    end_on_sigterm()
    print(f"campaign: {command(arguments)}", file=sys.stderr, flush=True)
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max(1, arguments.jobs)) as pool:
        runs = list(pool.map(lambda share: run_policy(arguments, *share), shares(arguments).items()))
    total = combine(arguments, runs)
    report = campaign_report.text(command(arguments), arguments, runs, total, time.monotonic() - started)
    if arguments.report:
        with open(arguments.report, "w", encoding="utf-8") as file:
            file.write(report)
    if not arguments.json:
        print(report)
    print(f"campaign: {'OK' if total['ok'] else 'NOT OK'}; again: {command(arguments)}", file=sys.stderr, flush=True)
    print(json.dumps(total, separators=(",", ":")), flush=True)
    return 0 if total["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
