"""Reads the evidence of one run: the authority's transcript, the providers' own logs, the exported event logs.

Nothing here knows the gateway's code: times, ids and digests are compared as text. Formats:
adapters/simulator/TRANSCRIPT.md, tests/acceptance/EVIDENCE.md.
"""
import json
import os
from datetime import datetime


def when(text):
    """An RFC 3339 time with any offset as seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def read_jsonl(path):
    """Every whole line; a torn last line (a kill) is left out, a torn line before the last one is an error."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line))
        except ValueError:
            if number != len(lines):
                raise ValueError(f"{path}:{number}: not JSON") from None
    return rows


class Evidence:
    """transcript: list of events; providers: name -> list of log lines; messages: gateway_mtdiep -> exported message.
    Of a maintenance night also night: its settings; windows, phases: versions that were exported."""

    def __init__(self, transcript, providers, messages, night=None, windows=(), phases=()):
        self.transcript = transcript
        self.providers = providers
        self.messages = messages
        self.night, self.windows, self.phases = night, list(windows), list(phases)

    @staticmethod
    def load(folder):
        transcript = read_jsonl(os.path.join(folder, "transcript.jsonl"))
        logs = os.path.join(folder, "providers")
        providers = {name[:-6]: read_jsonl(os.path.join(logs, name))
                     for name in sorted(os.listdir(logs)) if name.endswith(".jsonl")}
        exported = read_jsonl(os.path.join(folder, "events.jsonl"))
        messages = {row["message"]["gateway_mtdiep"]: row["message"] for row in exported}
        night = os.path.join(folder, "night.json")
        if not os.path.exists(night):
            return Evidence(transcript, providers, messages)
        with open(night, encoding="utf-8") as file:
            settings = json.load(file)
        return Evidence(transcript, providers, messages, settings,
                        *(read_jsonl(os.path.join(folder, name + ".jsonl")) for name in ("windows", "phases")))

    def of_kind(self, kind):
        return [event for event in self.transcript if event["kind"] == kind]
