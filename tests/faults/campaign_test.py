#!/usr/bin/python3
"""Of the kill campaign itself: its plan reaches every failpoint, and a gateway that forgets or loses does not pass.

usage: campaign_test.py plan | sabotage KIND BIN_DIR
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import types

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
CI_KILLS, CI_SEED = 10, 1  # of each policy: CMakeLists.txt


def failpoints():
    with open(os.path.join(HERE, "..", "..", "gateway", "core", "failpoint.h"), encoding="utf-8") as file:
        return re.findall(r'^    "([a-z0-9_]+\.[a-z]+)",', file.read(), re.M)


def check_plan():
    from campaign_plan import POLICIES, RANDOM, failpoint_share, plan
    names = failpoints()

    def reached(kills, seed):
        return {kill.where for policy in POLICIES for kill in plan(seed, policy, kills, names)} - {RANDOM}
    assert len(names) > 20 and reached(CI_KILLS, CI_SEED) == set(names)
    assert reached(4, CI_SEED) < set(names), "four kills a policy cannot reach all"
    for kills in (1, 2, 3, 12, 13, 100):
        for policy in POLICIES:
            kinds = plan(7, policy, kills, names)
            assert kinds == plan(7, policy, kills, names), "the seed decides"
            assert len(kinds) == kills and sum(kill.where != RANDOM for kill in kinds) == failpoint_share(kills)
            assert all(kill.where == RANDOM for kill in kinds if kill.in_stop)
    assert plan(7, "silent", 10, names) != plan(8, "silent", 10, names)


def check_combined():
    from campaign import combine
    one = {"ok": True, "kills": 2, "receipts": 500, "receipts_between_kills": 210,
           "failpoints": {"a.before": {"passes": 3, "kills": 1}}}
    both = combine(types.SimpleNamespace(seed=1), [one, {**one, "receipts": 700, "receipts_between_kills": 205}])
    assert both["ok"] and both["kills"] == 4 and both["receipts"] == 1200 and both["receipts_between_kills"] == 205
    assert not combine(types.SimpleNamespace(seed=1), [one, {**one, "ok": False}])["ok"]
    assert not combine(types.SimpleNamespace(seed=1), [one, {"ok": False, "failpoints": {}}])["ok"], "one that broke off"
    unhit = {**one, "failpoints": {"a.before": {"passes": 3, "kills": 0}}}
    assert not combine(types.SimpleNamespace(seed=1), [unhit, unhit])["ok"], "a failpoint that nobody died at"
    assert not combine(types.SimpleNamespace(seed=1), [])["ok"], "nothing was done"


def check_sabotage(kind, bin_dir):
    with tempfile.TemporaryDirectory(prefix="tvan-campaign-test-") as folder:
        done = subprocess.run(
            [sys.executable, "-B", os.path.join(HERE, "campaign.py"), "--bin-dir", bin_dir, "--sandbox", folder, "--policy",
             "reject_1002", "--kills", "2", "--receipts", "30", "--json", "--sabotage", kind],
            capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr)
    verdict = json.loads(done.stdout.strip().split("\n")[-1])
    assert done.returncode == 1 and verdict["ok"] is False
    if kind == "forget":
        assert "is not known any more" in done.stderr
    else:
        assert verdict["kills"] == 2 and verdict["lost"] == 1, "nothing else may be wrong"
        assert verdict["duplicated"] == 0 and verdict["misrouted"] == 0


def main():
    if sys.argv[1] == "plan":
        check_plan()
        check_combined()
    else:
        check_sabotage(*sys.argv[2:])


if __name__ == "__main__":
    main()
