#!/usr/bin/python3
"""tvanctl against a real gateway: every command, and every exit code with its twin."""
import datetime
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from live import BIN_DIR, Live  # noqa: E402
from processes import free_ports, wait_for  # noqa: E402


class Tvanctl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.live = Live().__enter__()
        cls.addClassCleanup(cls.live.__exit__)

    def run_ctl(self, *arguments, profile=None, code=0, stdin=None):
        command = [os.path.join(BIN_DIR, "tvanctl")]
        if profile:
            command += ["--profile", os.path.join(self.live.sandbox.folder, profile)]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TVAN")}
        done = subprocess.run(command + list(arguments), capture_output=True, text=True, check=False, input=stdin,
                              env=environment)
        self.assertEqual(done.returncode, code, (arguments, done.stdout, done.stderr))
        return done.stdout + done.stderr

    def sample(self, *flags):
        return self.live.make("--sign", *flags)[0]

    def broken(self, file):
        with open(file, "rb") as opened:
            data = opened.read()
        with open(file + ".broken", "wb") as out:
            out.write(data.replace(b"<TgTTTBSo>110000<", b"<TgTTTBSo>990000<", 1))
        return file + ".broken"

    def test_submit_and_receipt(self):
        file, other = self.sample("--number", "1"), self.sample("--number", "2")
        self.assertIn("accepted", self.run_ctl("submit", "--save-receipt", file, profile="acme"))
        self.assertIn("the first receipt", self.run_ctl("submit", file, profile="acme"))
        keys = os.path.join(self.live.folder, "keys.json")
        with open(keys, "w", encoding="utf-8") as out:
            out.write(self.run_ctl("keys", profile="acme"))
        jws = file + ".receipt.jws"
        self.assertIn("VALID", self.run_ctl("receipt", "verify", jws, "--keys", keys, "--document", file))
        self.assertIn("NOT VALID", self.run_ctl("receipt", "verify", jws, "--keys", keys, "--document", other, code=2))
        with open(jws, encoding="utf-8") as opened:
            text = opened.read()
        self.run_ctl("receipt", "verify", "-", "--keys", keys, stdin=text + "\n")
        forged = text[:-5] + ("A" if text[-5] != "A" else "B") + text[-4:]
        self.assertIn("NOT VALID", self.run_ctl("receipt", "verify", "-", "--keys", keys, stdin=forged, code=2))

    def test_rejections_in_both_languages(self):
        bad = self.broken(self.sample("--number", "11"))
        self.assertIn("signature.digest", self.run_ctl("submit", bad, profile="acme", code=2))
        english, vietnamese = (self.run_ctl("--lang", lang, "check", bad, profile="acme", code=2) for lang in ("en", "vi"))
        self.assertNotEqual(english, vietnamese)
        answer = json.loads(self.run_ctl("--json", "submit", bad, profile="acme", code=2))
        errors = [f["rule_id"] for f in answer["rejection"]["findings"] if f["severity"] == "SEVERITY_ERROR"]
        self.assertEqual(errors, ["signature.digest"])

    def test_check_stores_nothing(self):
        file = self.sample("--number", "21", "--mtdiep", "0100000011-check-only")
        self.assertIn("would be accepted", self.run_ctl("check", file, profile="acme"))
        self.assertIn("NOT SEEN", self.run_ctl("status", "0100000011-check-only", profile="acme", code=2))

    def test_every_type_signed_afterwards(self):
        seller = self.live.sandbox.pki("sellers/0101234501")
        for message_type in ("200", "203", "206", "300"):
            plain = self.live.make("--type", message_type, "--number", "31", "--name", "plain-" + message_type)[0]
            self.run_ctl("check", plain, profile="acme", code=2)
            self.run_ctl("sign", plain, "--sign-key", seller + ".key", "--sign-cert", seller + ".pem", "--out", plain + ".signed")
            self.run_ctl("check", plain + ".signed", profile="acme")
        self.run_ctl("sign", __file__, "--sign-key", seller + ".key", "--sign-cert", seller + ".pem", code=1)

    def test_bare_hdon(self):
        bare = self.sample("--bare", "--number", "41", "--name", "bare")
        self.run_ctl("submit", bare, profile="acme", code=2)  # no type, no reference
        self.run_ctl("submit", bare, "--type", "203", "--reference", "order-41", profile="acme")
        self.assertIn("order-41", self.run_ctl("status", "--reference", "order-41", profile="acme"))

    def test_answers_arrive_and_are_acknowledged(self):
        file = self.sample("--number", "51", "--provider", "beta")
        answer = json.loads(self.run_ctl("--json", "submit", file, profile="beta"))
        gateway_id = answer["receipt"]["gateway_mtdiep"]

        def final():
            seen = json.loads(self.run_ctl("--json", "status", gateway_id, "--gateway", profile="beta"))
            return seen["message"]["state"] == "MESSAGE_STATE_ANSWERED"
        wait_for("a final answer", final, 30)
        save = os.path.join(self.live.folder, "answers")
        listed = self.run_ctl("--json", "feedback", "--ack", "--save", save, profile="beta").strip().split("\n")
        kinds = {json.loads(line)["parsed"]["message_type"] for line in listed}
        self.assertIn(204, kinds)
        self.assertTrue(any(name.endswith("-204.authority.xml") for name in os.listdir(save)))
        self.assertNotIn("sequence", self.run_ctl("--json", "feedback", profile="beta"))  # all acknowledged
        shown = self.run_ctl("message", "show", gateway_id, profile="operator")
        for event in ("accepted", "attempt", "sent", "answer"):
            self.assertIn(event, shown)
        key = "0202345601;1;K" + answer["receipt"]["accepted_at"][2:4] + "TAA;51"
        self.assertIn(gateway_id, self.run_ctl("status", key, profile="beta"))
        self.run_ctl("status", gateway_id, "--gateway", profile="acme", code=2)  # a foreign message is not seen

    def verify(self, jws, kind, code=0):
        keys = os.path.join(self.live.folder, "keys.json")
        with open(keys, "w", encoding="utf-8") as out:
            out.write(self.run_ctl("keys", profile="acme"))
        return self.run_ctl("receipt", "verify", jws, "--keys", keys, "--kind", kind, code=code)

    def test_void(self):
        proof, name = os.path.join(self.live.folder, "void.jws"), "0100000011-given-up"
        file = self.sample("--number", "71", "--mtdiep", name)
        self.assertIn("VOIDED", self.run_ctl("message", "void", name, "--save-proof", proof, profile="acme"))
        self.assertIn("ALREADY_VOIDED", self.run_ctl("message", "void", name, profile="acme"))
        self.assertIn("intake.voided", self.run_ctl("submit", file, profile="acme", code=2))
        self.assertIn("VALID proof of a void", self.verify(proof, "void"))
        self.assertIn("NOT VALID", self.verify(proof, "receipt", code=2))
        self.run_ctl("submit", self.sample("--number", "72", "--mtdiep", name + "-2"), profile="acme")
        self.assertIn("SEEN", self.run_ctl("message", "void", name + "-2", profile="acme", code=2))
        self.assertIn("intake.bad_request", self.run_ctl("message", "void", "two words", profile="acme", code=2))

    def test_withdraw(self):
        proof, name = os.path.join(self.live.folder, "withdrawal.jws"), "0100000011-taken-back"
        file = self.sample("--type", "300", "--number", "81", "--mtdiep", name)
        now = datetime.datetime.now(datetime.timezone.utc)
        self.run_ctl("window", "add", "no-notices", "--start", (now - datetime.timedelta(hours=1)).isoformat(), "--end",
                     (now + datetime.timedelta(hours=1)).isoformat(), "--class", "ERROR_NOTICE", profile="operator")
        self.run_ctl("submit", file, profile="acme")
        self.assertIn("NOT_SEEN", self.run_ctl("message", "withdraw", name, profile="beta", code=2))
        self.assertIn("WITHDRAWN", self.run_ctl("message", "withdraw", name, "--save-proof", proof, profile="acme"))
        self.assertIn("ALREADY_WITHDRAWN", self.run_ctl("message", "withdraw", name, profile="acme"))
        self.assertIn("intake.withdrawn", self.run_ctl("submit", file, profile="acme", code=2))
        self.assertIn("WITHDRAWN", self.run_ctl("status", name, profile="acme"))
        self.assertIn("VALID proof of a withdrawal", self.verify(proof, "withdrawal"))
        self.run_ctl("window", "cancel", "no-notices", profile="operator")

    def saved_keys(self):
        keys = os.path.join(self.live.folder, "keys.json")
        with open(keys, "w", encoding="utf-8") as out:
            out.write(self.run_ctl("keys", profile="acme"))
        return keys

    def touched(self, file, old, new):
        """A copy beside its file, one change apart."""
        with open(file, "rb") as opened:
            data = opened.read()
        self.assertIn(old, data)
        copy = os.path.join(os.path.dirname(file), "touched-" + os.path.basename(file))
        with open(copy, "wb") as out:
            out.write(data.replace(old, new, 1))
        return copy

    def test_snapshot(self):
        self.run_ctl("submit", self.sample("--number", "91"), profile="acme")
        keys = self.saved_keys()
        done = json.loads(self.run_ctl("--json", "snapshot", "take", profile="operator"))
        self.assertIn(done["name"], self.run_ctl("snapshot", "list", profile="operator"))
        file = os.path.join(done["folder"], done["name"] + ".csv")
        self.assertIn("VALID", self.run_ctl("snapshot", "verify", file, "--keys", keys))
        self.assertIn("NOT VERIFIED", self.run_ctl("snapshot", "show", file))
        self.assertIn("0 not", self.run_ctl("snapshot", "diff", file, file))
        with open(file, encoding="utf-8") as opened:
            self.assertIn("110000,VND", opened.read())
        copy = self.touched(file, b"110000,VND", b"990000,VND")
        for ending in ("json", "jws"):
            shutil.copy(file[:-3] + ending, copy[:-3] + ending)
        self.assertIn("NOT VALID", self.run_ctl("snapshot", "verify", copy, "--keys", keys, code=2))
        self.live.ctl("snapshot", "compare", file, "--keys", keys, profile="operator", expect=(0, 2))
        self.run_ctl("snapshot", "verify", file + ".none", "--keys", keys, code=1)

    def test_a_stop_leaves_a_snapshot(self):
        now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7)))
        end = (now + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
        self.run_ctl("window", "add", "no-tables", "--start", now.strftime("%Y-%m-%dT%H:%M:%S"), "--end", end, "--class",
                     "SUMMARY", profile="operator")
        wait_for("the snapshot of the stop",
                 lambda: "main_no-tables_" in self.run_ctl("snapshot", "list", profile="operator"), 60)
        self.run_ctl("window", "cancel", "no-tables", profile="operator")
        name, = (line.split()[0] for line in self.run_ctl("snapshot", "list", profile="operator").splitlines()
                 if line.startswith("main_no-tables_"))
        file = os.path.join(self.live.sandbox.folder, "snapshots", name)
        self.assertIn("VALID", self.run_ctl("snapshot", "verify", file, "--keys", self.saved_keys()))

    def export(self, file):
        self.assertIn("is complete", self.run_ctl("buffer", "export", "--provider", "acme", "--out", file, profile="operator"))
        return self.run_ctl("buffer", "verify", file, "--keys", self.saved_keys(), "--ids")

    def test_buffer(self):
        name, out = "0100000011-handed-over", os.path.join(self.live.folder, "acme.handover")
        now = datetime.datetime.now(datetime.timezone.utc)
        self.run_ctl("window", "add", "held-notices", "--start", (now - datetime.timedelta(hours=1)).isoformat(), "--end",
                     (now + datetime.timedelta(hours=1)).isoformat(), "--class", "ERROR_NOTICE", profile="operator")
        self.run_ctl("submit", self.sample("--type", "300", "--number", "95", "--mtdiep", name), profile="acme")
        self.assertIn("provider_mtdiep\t" + name, self.export(out))
        self.assertEqual(os.stat(out).st_mode & 0o777, 0o600)
        self.run_ctl("buffer", "export", "--provider", "acme", "--out", out, profile="operator", code=2)
        with open(out, "rb") as opened:
            whole = opened.read()
        with open(out + ".cut", "wb") as cut:
            cut.write(whole[:-20])
        self.assertIn("NOT VALID", self.run_ctl("buffer", "verify", out + ".cut", "--keys", self.saved_keys(), code=2))
        self.assertIn(name, self.export(out + ".cut"))  # goes on where it ends
        copy = self.touched(out, b'"provider":"acme"', b'"provider":"beta"')
        self.assertIn("NOT VALID", self.run_ctl("buffer", "verify", copy, "--keys", self.saved_keys(), code=2))
        self.assertIn("WITHDRAWN", self.run_ctl("message", "withdraw", name, profile="acme"))
        self.assertNotIn(name, self.export(out + ".later"))
        self.run_ctl("window", "cancel", "held-notices", profile="operator")
        self.run_ctl("buffer", "export", "--provider", "nobody", "--out", out + ".none", profile="operator", code=2)

    def test_identity(self):
        file = self.sample("--provider", "gamma", "--number", "61")
        self.assertIn("UNAUTHENTICATED", self.run_ctl("submit", file, profile="gamma", code=4))
        self.live.ctl("contract", "add", "gamma", "--tax-code", "0100000033", "--certificate",
                      self.live.sandbox.pki("gamma.pem"), "--from", "2020-01-01", "--to", "2020-02-01", profile="operator")
        self.assertIn("contract.provider_expired", self.run_ctl("submit", file, profile="gamma", code=2))

    def test_nobody_there(self):
        port, = free_ports(1)
        self.assertIn("UNAVAILABLE", self.run_ctl("--endpoint", f"127.0.0.1:{port}", "keys", profile="acme", code=3))

    def test_usage(self):
        self.run_ctl(code=1)
        self.run_ctl("submit", code=1)
        self.run_ctl("queue", profile="acme", code=1)
        self.run_ctl("submit", "/nonexistent", profile="acme", code=1)
        self.run_ctl("queue", profile="nobody", code=1)
        self.run_ctl("--help")

    def test_contracts(self):
        self.assertIn("acme", self.run_ctl("contract", "list", profile="operator"))
        self.assertIn("0100000011", self.run_ctl("contract", "show", "acme", profile="operator"))
        self.run_ctl("contract", "show", "nobody", profile="operator", code=2)
        self.assertIn("0101234502", self.run_ctl("mandate", "list", "acme", profile="operator"))
        self.run_ctl("contract", "add", "Not A Name", "--tax-code", "0100000011", "--certificate", "ab" * 32, "--from",
                     "2020-01-01", profile="operator", code=2)

    def window(self, *words, **options):
        return self.run_ctl("window", *words, profile="operator", **options)

    def test_windows(self):
        added = self.window("add", "far-away", "--start", "2099-01-01T00:00:00", "--end", "2099-01-01T03:45:00", "--reason",
                            "upgrade", "--weekday", "Thứ Sáu")
        self.assertIn("2099-01-01T03:45:00+07:00", added)
        self.assertIn("2099-01-01 is a Thursday, the notice says Thứ Sáu", added)
        self.window("add", "backwards", "--start", "2099-01-02T00:00:00", "--end", "2099-01-01T00:00:00", code=2)
        self.assertIn("announced", self.window("list"))
        extend = ("extend", "far-away", "--by", "1h")
        change = "end: 2099-01-01T03:45 -> 2099-01-01T04:45"
        self.assertIn(change, self.window(*extend, "--preview"))
        self.assertIn("T03:45:00", self.window("show", "far-away"))
        self.assertIn(change, self.window(*extend))
        self.assertIn("upgrade", self.window("history", "far-away"))
        self.assertIn("cancelled", self.window("cancel", "far-away"))
        self.window("cancel", "never-was", code=2)

    def test_one_day_of_a_window_that_repeats(self):
        self.window("add", "nightly", "--start", "2098-12-31T00:00:00", "--end", "2098-12-31T03:45:00", "--daily", "--until",
                    "2099-02-01", "--our-contact", "Lan;trưởng ca;lan@example.vn;0900000001")
        extended = self.window("extend", "nightly/2099-01-05", "--until", "2099-01-05T05:00:00")
        self.assertIn("nightly-20990105", extended)
        self.assertIn("except: none -> 2099-01-05", extended)
        self.window("extend", "nightly", "--by", "1h", code=1)
        self.window("except", "nightly", "2099-01-06")
        file = os.path.join(self.live.folder, "windows.yaml")
        self.window("export", file)
        self.assertIn("nothing changes", self.window("import", file, "--yes"))
        self.window("cancel", "nightly")
        self.window("cancel", "nightly-20990105")

    def test_a_file_of_windows_goes_in_whole_or_not_at_all(self):
        file = os.path.join(self.live.folder, "night.yaml")
        good = "windows:\n  - {id: file-1, start: 2099-03-01T00:00:00, end: 2099-03-01T03:45:00}\n"
        with open(file, "w", encoding="utf-8") as out:
            out.write(good + "  - {id: file-2, start: 2099-03-01T02:00:00, ends: never}\n")
        problems = self.window("import", file, "--yes", code=1)
        self.assertIn("night.yaml:3:46: windows[1].ends: unknown key", problems)
        self.assertNotIn("file-1", self.window("list"))
        with open(file, "w", encoding="utf-8") as out:
            out.write(good + "  - {id: file-2, start: 2099-03-01T02:00:00, end: 2099-03-01T05:00:00, unverified: true}\n")
        self.assertIn("file-1: new", self.window("import", file, code=1))
        self.assertNotIn("file-1", self.window("list"))
        self.assertIn("file-2: new", self.window("import", file, "--yes"))
        self.assertIn("verified: no -> yes", self.window("verify", "file-2", "--source", "1234/TCT"))
        self.assertIn("it overlaps file-1", self.window("preview", "file-2"))
        for name in ("file-1", "file-2"):
            self.window("cancel", name)

    def test_our_own_maintenance_has_a_budget_and_wants_notice(self):
        start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=7)
        add = ("add", "disks", "--kind", "own", "--class", "SUMMARY", "--start", start.isoformat(), "--end",
               (start + datetime.timedelta(hours=2)).isoformat())
        self.assertIn("30 days are due", self.window(*add, code=2))
        self.assertIn("new; announced", self.window(*add, "--accept-warnings"))
        budget = json.loads(self.run_ctl("--json", "window", "budget", str(start.year), profile="operator"))
        self.assertEqual(budget["planned"], "7200s")
        self.window("cancel", "disks")

    def test_the_line(self):
        self.assertIn("line main", self.run_ctl("line", "show", "--history", "5", profile="operator"))
        reason = ("--reason", "asked for by nobody at all")
        self.run_ctl("line", "open", *reason, profile="operator", code=1)
        self.assertIn("calendar.not_verifying",
                      self.run_ctl("line", "open", "--break-glass", *reason, profile="operator", code=2))
        mode = ("line", "mode", "summary", "refuse_new", *reason)
        self.assertIn("SUMMARY: hold -> refuse_new", self.run_ctl(*mode, "--preview", profile="operator"))
        self.assertNotIn("refuse_new", self.run_ctl("line", "mode", profile="operator"))
        self.run_ctl(*mode, profile="operator")
        self.assertIn("refuse_new", self.run_ctl("line", "mode", profile="operator"))
        self.run_ctl("line", "mode", "summary", "hold", *reason, profile="operator")

    def test_roles_and_the_audit_of_what_they_did(self):
        self.assertIn("approver: approver", self.run_ctl("whoami", profile="approver"))
        self.run_ctl("line", "mode", "summary", "hold", "--reason", "a viewer tries", profile="viewer", code=4)
        listed = self.run_ctl("--json", "audit", "list", "--kind", "operator_act", "--author", "viewer", profile="viewer")
        entry = json.loads(listed.splitlines()[0])
        self.assertTrue(entry["id"].startswith("refused_call/"), entry)
        self.assertIn("admin.role", self.run_ctl("audit", "show", entry["sequence"], profile="viewer"))
        known = self.run_ctl("audit", "verify", profile="viewer").split("--known ")[1].strip()
        self.run_ctl("audit", "verify", "--known", known, profile="viewer")
        self.run_ctl("audit", "verify", "--known", known.split(":")[0] + ":" + "0" * 64, profile="viewer", code=2)

    def test_operators_questions(self):
        self.assertIn("line", self.run_ctl("queue", profile="operator"))
        self.assertIn("stages", json.loads(self.run_ctl("--json", "queue", profile="operator")))
        self.run_ctl("message", "list", profile="operator")
        self.run_ctl("message", "show", "V0109999999" + "0" * 32, profile="operator", code=2)
        self.run_ctl("parked", profile="operator")
        self.run_ctl("message", "rejected", "--provider", "acme", profile="operator")
        self.run_ctl("resolve", "V0109999999" + "0" * 32, "resend", "--reason", "test", profile="operator", code=2)


if __name__ == "__main__":
    unittest.main()
