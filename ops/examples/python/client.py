#!/usr/bin/python3
"""A first client in Python (Debian: python3-grpcio, protobuf-compiler-grpc). Makes its stubs when it starts.

usage: client.py ENDPOINT CA CERTIFICATE KEY CURSOR_FILE COUNT FILE...
Submits each FILE (a TDiep), prints the receipt or the findings, then takes COUNT answers of the authority. A killed
connection costs nothing: the same bytes go again, and the stream goes on after the last acknowledged cursor.
"""
import os
import queue
import subprocess
import sys
import tempfile
import time

import grpc

PROTOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../proto")
TRY_AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DEADLINE_EXCEEDED)
with tempfile.TemporaryDirectory() as folder:  # the stubs; a real client makes them once
    subprocess.run(["protoc", f"-I{PROTOS}", f"--python_out={folder}", f"--grpc_out={folder}",
                    "--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin",
                    *[f"{PROTOS}/tvan/v1/{name}.proto" for name in ("types", "relay", "feedback")]], check=True)
    sys.path.insert(0, folder)
    from tvan.v1 import feedback_pb2, feedback_pb2_grpc, relay_pb2, relay_pb2_grpc


def submit(relay, file):
    """The same bytes as often as it takes: the gateway answers with the first receipt, nothing is filed twice."""
    request = relay_pb2.SubmitMessageRequest(request_id=os.path.basename(file)[:64])
    request.document.tdiep = open(file, "rb").read()
    pause = 0.2
    while True:
        try:
            return relay.SubmitMessage(request, timeout=20, wait_for_ready=True)
        except grpc.RpcError as error:
            if error.code() not in TRY_AGAIN:
                raise
            print("submit: try again,", error.code().name, flush=True)
            time.sleep(pause)
            pause = min(pause * 2, 10)


def follow(feedback, cursor_file, count):
    """Takes `count` answers; the cursor on disk is that of the last one dealt with."""
    request = feedback_pb2.StreamFeedbackRequest
    while count > 0:
        cursor = open(cursor_file, encoding="ascii").read() if os.path.exists(cursor_file) else ""
        outbox = queue.SimpleQueue()
        outbox.put(request(open=request.Open(cursor=cursor, credit=100)))
        try:
            for response in feedback.StreamFeedback(iter(outbox.get, None), wait_for_ready=True):
                if count > 0 and response.WhichOneof("content") == "item":
                    item = response.item  # here a real client stores item.authority_bytes, durably
                    print("answer", item.sequence, item.parsed.message_type, item.provider_mtdiep, flush=True)
                    with open(cursor_file, "w", encoding="ascii") as file:
                        file.write(item.cursor)
                    outbox.put(request(acknowledge=item.cursor))
                    outbox.put(request(credit=1))
                    count -= 1
                elif count == 0 and response.position.acknowledged == item.cursor:
                    return  # our last acknowledgement has arrived
        except grpc.RpcError as error:
            if error.code() not in TRY_AGAIN:
                raise
            print("stream: go on after", cursor or "the beginning", flush=True)
            time.sleep(0.2)
        finally:
            outbox.put(None)


def main(endpoint, ca, certificate, key, cursor_file, count, *files):
    pem = [open(name, "rb").read() for name in (ca, key, certificate)]
    options = [("grpc.max_receive_message_length", 32 << 20)]
    with grpc.secure_channel(endpoint, grpc.ssl_channel_credentials(*pem), options=options) as channel:
        for file in files:
            response = submit(relay_pb2_grpc.RelayServiceStub(channel), file)
            print("receipt", response.receipt.gateway_mtdiep or response.rejection, flush=True)
        follow(feedback_pb2_grpc.FeedbackServiceStub(channel), cursor_file, int(count))


main(*sys.argv[1:])
