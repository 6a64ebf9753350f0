"""A solution provider: submits, retries, listens, acknowledges, and keeps its own log of what it sent and got.

The log (EVIDENCE.md) is written from the bytes that this client sent and received, by its own cuts of them.
"""
import hashlib
import json
import os
import re
import threading
import time
from datetime import datetime, timezone

import grpc


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def text_of(tag, data):
    """The first <tag>text</tag> of the bytes, or ''."""
    found = re.search(b"<" + tag + rb"(?:\s[^>]*)?>([^<]*)</" + tag + b">", data)
    return found.group(1).decode() if found else ""


def signer_of(data):
    """Of the last certificate in the bytes; '' if there is none. In a 202 the seller's stands before the authority's."""
    found = re.findall(rb"<(?:\w+:)?X509Certificate>([^<]*)<", data)
    return sha256(b"".join(found[-1].split())) if found else ""


def dlieu_of(data):
    begin, end = data.find(b"<DLieu"), data.rfind(b"</DLieu>")
    return data[begin:end + len(b"</DLieu>")] if begin >= 0 and end >= 0 else b""


class Document:
    """What is submitted: a whole TDiep, or a bare HDon under a client_reference."""

    def __init__(self, data, reference=""):
        self.data, self.reference = data, reference
        self.type = 203 if reference else int(text_of(b"MLTDiep", data) or 0)
        self.id = "" if reference else text_of(b"MTDiep", data)
        payload = b"<DLieu>" + data + b"</DLieu>" if reference else dlieu_of(data)
        self.facts = {"id": self.id, "reference": reference, "sha256": sha256(data)}
        self.dlieu_sha256 = sha256(payload)

    @staticmethod
    def read(file, reference=""):
        with open(file, "rb") as opened:
            return Document(opened.read(), reference)


class Provider:
    RETRY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DEADLINE_EXCEEDED,
             grpc.StatusCode.CANCELLED, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)

    # Of an endpoint with several addresses: calls go round, and the certificate is that of each.
    SEVERAL = (("grpc.lb_policy_name", "round_robin"), ("grpc.ssl_target_name_override", "localhost"))

    def __init__(self, stubs, name, sandbox, endpoint, log_folder, patience_s=60.0):
        self.stubs, self.name, self.patience_s = stubs, name, patience_s
        os.makedirs(log_folder, exist_ok=True)
        self.log_file = open(os.path.join(log_folder, name + ".jsonl"), "a", encoding="utf-8")
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.last_cursor, self.last_sequence, self.reconnects = "", 0, 0
        self.receipts = {}  # SHA-256 of the submitted bytes -> (gateway MTDiep, SHA-256 of the receipt)
        self.thread = self.call = None
        self.channel = grpc.secure_channel(endpoint, self.credentials(sandbox, name), options=[
            ("grpc.max_receive_message_length", 64 << 20), ("grpc.initial_reconnect_backoff_ms", 50),
            ("grpc.max_reconnect_backoff_ms", 200), *self.SEVERAL])
        self.relay = stubs.relay_grpc.RelayServiceStub(self.channel)
        self.feedback = stubs.feedback_grpc.FeedbackServiceStub(self.channel)

    @staticmethod
    def credentials(sandbox, name):
        def read(file):
            with open(sandbox.pki(file), "rb") as opened:
                return opened.read()
        return grpc.ssl_channel_credentials(read("ca.pem"), read(name + ".key"), read(name + ".pem"))

    def log(self, kind, **facts):
        with self.lock:
            line = {"time": datetime.now(timezone.utc).isoformat(), "kind": kind}
            line.update(facts)
            self.log_file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self.log_file.flush()

    # --- handing in
    def request(self, document):
        message = self.stubs.relay.Document()
        if document.reference:
            message.hdon, message.message_type = document.data, document.type
            message.client_reference = document.reference
        else:
            message.tdiep = document.data
        return self.stubs.relay.SubmitMessageRequest(request_id=document.facts["sha256"], document=message)

    def submit(self, document):
        """Submits, the same bytes again after a broken call; answers the response."""
        deadline = time.monotonic() + self.patience_s
        pause = 0.05
        while True:
            self.log("submit", **document.facts, dlieu_sha256=document.dlieu_sha256, type=document.type)
            try:
                # wait_for_ready: a call that waits also drives the reconnect; one that fails at once does not.
                response = self.relay.SubmitMessage(self.request(document), timeout=20, wait_for_ready=True)
            except grpc.RpcError as error:
                self.log("error", **document.facts, code=error.code().name)
                if error.code() not in self.RETRY or time.monotonic() > deadline:
                    raise
                time.sleep(pause)
                pause = min(pause * 2, 0.5)
                continue
            self.log_outcome(document, response)
            return response

    def submit_many(self, documents, window=64):
        """Submits on SubmitMessages streams, up to `window` in flight; what a broken stream left open goes on the next
        one, until every document has an outcome."""
        left = {document.facts["sha256"]: document for document in documents}
        deadline = time.monotonic() + self.patience_s
        while left:
            before = len(left)
            try:
                self.one_submit_stream(left, window)
            except grpc.RpcError as error:
                if error.code() not in self.RETRY or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            if len(left) < before:
                deadline = time.monotonic() + self.patience_s

    def one_submit_stream(self, left, window):
        """Takes out of `left` what got an outcome."""
        room, over, flying = threading.Semaphore(window), threading.Event(), {}

        def requests():
            for name, document in list(left.items()):
                room.acquire()
                if over.is_set():
                    return
                flying[name] = document
                self.log("submit", **document.facts, dlieu_sha256=document.dlieu_sha256, type=document.type)
                yield self.request(document)
        try:
            for response in self.relay.SubmitMessages(requests(), timeout=60, wait_for_ready=True):
                document = flying.pop(response.request_id)
                if response.WhichOneof("outcome") == "error":
                    self.log("error", **document.facts, code=response.error.reason)
                else:
                    self.log_outcome(document, response)
                    left.pop(response.request_id)
                room.release()
        except grpc.RpcError as error:
            for document in list(flying.values()):
                self.log("error", **document.facts, code=error.code().name)
            raise
        finally:
            over.set()
            room.release()

    # --- asking
    def has_again(self, digest):
        """Whether the gateway still has the message behind a receipt, and the same receipt."""
        gateway_mtdiep, receipt = self.receipts[digest]
        answer = self.relay.GetMessage(self.stubs.relay.GetMessageRequest(gateway_mtdiep=gateway_mtdiep), timeout=20,
                                       wait_for_ready=True)
        return (answer.seen == self.stubs.relay.GetMessageResponse.SEEN and answer.message.sha256 == digest and
                sha256(answer.message.receipt.jws.encode()) == receipt)

    def log_outcome(self, document, response):
        if response.WhichOneof("outcome") == "receipt":
            receipt = response.receipt
            self.receipts[document.facts["sha256"]] = receipt.gateway_mtdiep, sha256(receipt.jws.encode())
            self.log("receipt", **document.facts, gateway_mtdiep=receipt.gateway_mtdiep,
                     accepted_at=receipt.accepted_at.ToJsonString(), already_accepted=response.already_accepted,
                     jws_sha256=sha256(receipt.jws.encode()))
        else:
            self.log("rejection", **document.facts, rules=[f.rule_id for f in response.rejection.findings])

    def withdraw(self, document):
        """Takes an accepted document back; answers the response, which has a proof or says why not."""
        make = self.stubs.relay.WithdrawMessageRequest
        response = self.relay.WithdrawMessage(
            make(client_reference=document.reference) if document.reference else make(provider_mtdiep=document.id),
            timeout=20, wait_for_ready=True)
        self.log("withdrawal", **document.facts, gateway_mtdiep=response.message.gateway_mtdiep,
                 proof_sha256=sha256(response.proof.jws.encode()) if response.HasField("proof") else "")
        return response

    def void(self, document):
        """Gives up the id of a document that no receipt came for; answers the response."""
        make = self.stubs.relay.VoidMessageRequest
        response = self.relay.VoidMessage(
            make(client_reference=document.reference) if document.reference else make(provider_mtdiep=document.id),
            timeout=20, wait_for_ready=True)
        self.log("void", **document.facts,
                 proof_sha256=sha256(response.proof.jws.encode()) if response.HasField("proof") else "")
        return response

    # --- listening
    def listen(self):
        self.thread = threading.Thread(target=self.listen_until_stopped, daemon=True)
        self.thread.start()

    def listen_until_stopped(self):
        while not self.stopping.is_set():
            try:
                self.one_stream()
            except grpc.RpcError as error:
                if not self.stopping.is_set() and error.code() not in self.RETRY:
                    self.log("error", id="", reference="", sha256="", code=error.code().name)
                self.last_cursor = self.safe_cursor(error) or self.last_cursor
            self.reconnects += 1
            self.stopping.wait(0.1)

    @staticmethod
    def safe_cursor(error):
        """Where to go on when the store lives another life, from the error's ErrorInfo; '' if it says nothing of that."""
        details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        found = re.search(rb"resume_cursor\x12.([0-9a-f]{32}:\d+)", details, re.DOTALL)
        return found.group(1).decode() if found else ""

    def one_stream(self):
        wake, outbox = threading.Condition(), []
        opening = self.stubs.feedback.StreamFeedbackRequest()
        opening.open.cursor, opening.open.credit = self.last_cursor, 100
        outbox.append(opening)
        over = []

        def requests():
            while True:
                with wake:
                    wake.wait_for(lambda: outbox or over)
                    if not outbox:
                        return
                    request = outbox.pop(0)
                yield request

        self.call = self.feedback.StreamFeedback(requests(), wait_for_ready=True)
        try:
            for response in self.call:
                if response.WhichOneof("content") == "item":
                    answers = self.take(response.item)
                    with wake:
                        outbox.extend(answers)
                        wake.notify()
        finally:
            with wake:
                over.append(True)
                wake.notify()

    def take(self, item):
        """Writes the item down first, acknowledges it afterwards."""
        data = item.authority_bytes
        self.log("feedback", cursor=item.cursor, sequence=item.sequence, answer_id=item.answer_id,
                 authority_sha256=sha256(data), mltdiep=int(text_of(b"MLTDiep", data) or 0),
                 mtdtchieu=text_of(b"MTDTChieu", data), tttnhan=text_of(b"TTTNhan", data), mloi=text_of(b"MLoi", data),
                 thop=text_of(b"THop", data),
                 names=sorted({m.decode() for m in re.findall(rb"V(?:\d{10}|\d{13})[0-9A-F]{32}", data)}),
                 gateway_mtdiep=item.gateway_mtdiep, provider_mtdiep=item.provider_mtdiep,
                 rewrapped_mtdtchieu=text_of(b"MTDTChieu", item.rewrapped_bytes), signature=item.signature,
                 signer_sha256=signer_of(data))
        self.last_cursor, self.last_sequence = item.cursor, item.sequence
        self.log("ack", cursor=item.cursor, sequence=item.sequence)
        make = self.stubs.feedback.StreamFeedbackRequest
        return [make(acknowledge=item.cursor), make(credit=1)]

    def close(self):
        self.stopping.set()
        if self.call is not None:
            self.call.cancel()
        if self.thread is not None:
            self.thread.join(5)
        self.channel.close()
        self.log_file.close()
