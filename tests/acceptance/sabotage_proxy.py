#!/usr/bin/python3
"""A dishonest man in the middle, with certificates of the sandbox: what the audit must find out.

usage: sabotage_proxy.py KIND --sandbox DIR --listen PORT --upstream PORT --ready-file F

lose            acknowledges one business message to the gateway and swallows it, every time it comes
duplicate       sends one business message a second time, under a changed MTDiep
send_in_window  acknowledges one message and keeps it until the line `release` on standard input (inside the stop)
misroute        between the clients and the gateway: hands one provider's answer to another client

All but misroute stand between the gateway and the authority. Standard input: `arm` lets the mischief begin, `release`
see above; end of input ends the process. Says on standard output what it did.
"""
import argparse
import base64
import concurrent.futures
import http.client
import http.server
import os
import re
import ssl
import sys
import threading

MESSAGE = re.compile(rb'<(?:\w+:)?Message\s[^>]*MTDiep="([^"]+)"[^>]*>([^<]*)</(?:\w+:)?Message>')
RESULT = re.compile(rb'<(?:\w+:)?Result\s[^>]*/>')
EMPTY_RESPONSE = (b'<?xml version="1.0" encoding="UTF-8"?>\n<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">'
                  b'<S:Body><SendResponse xmlns="urn:tvan-gateway:authority-line:1">%s</SendResponse></S:Body></S:Envelope>')


def tell(text):
    print(text, flush=True)


def is_business(encoded):
    kind = re.search(rb"<MLTDiep>(-?\d+)</MLTDiep>", base64.b64decode(encoded))
    return kind is not None and kind.group(1) not in (b"999", b"-1")


def accepted(mtdiep):
    return b'<Result MTDiep="%s" Status="ACCEPTED"/>' % mtdiep


class Mischief:
    """One act of sabotage on the line; thread-safe."""

    def __init__(self, kind, forward):
        self.kind, self.forward = kind, forward
        self.lock = threading.Lock()
        self.armed = threading.Event()
        self.victim = self.kept = None

    def choose(self, body):
        """The victim, chosen once: the first business message after `arm`."""
        with self.lock:
            if self.victim is None and self.armed.is_set():
                for mtdiep, encoded in MESSAGE.findall(body):
                    if is_business(encoded):
                        self.victim = mtdiep
                        break
            return self.victim

    def send(self, path, headers, body):
        victim = self.choose(body)
        found = victim and next((m for m in MESSAGE.finditer(body) if m.group(1) == victim), None)
        if not found:
            return self.forward(path, headers, body)
        if self.kind == "duplicate":
            return self.duplicate(path, headers, body, found)
        if self.kind == "send_in_window":
            if self.kept is not None:  # only its first try is delayed
                return self.forward(path, headers, body)
            self.kept = (path, headers, MESSAGE.sub(lambda m: m.group(0) if m.group(1) == victim else b"", body))
        return self.without(path, headers, body, found)

    def without(self, path, headers, body, found):
        """The authority gets the rest; the gateway is told that all were taken."""
        tell(f"{self.kind}: took {found.group(1).decode()} and said ACCEPTED")
        order = [m.group(1) for m in MESSAGE.finditer(body)]
        if len(order) == 1:
            return 200, EMPTY_RESPONSE % accepted(found.group(1))
        status, answer = self.forward(path, headers, body.replace(found.group(0), b"", 1))
        results = RESULT.findall(answer)
        if status != 200 or len(results) != len(order) - 1:
            return status, answer
        results.insert(order.index(found.group(1)), accepted(found.group(1)))
        return 200, EMPTY_RESPONSE % b"".join(results)

    def duplicate(self, path, headers, body, found):
        status, answer = self.forward(path, headers, body)
        with self.lock:
            if self.kept is not None:
                return status, answer
            self.kept = True
        old = found.group(1)
        new = old[:-1] + (b"0" if old[-1:] != b"0" else b"1")
        document = base64.b64decode(found.group(2)).replace(old, new)
        begin, end = MESSAGE.search(body).start(), [m.end() for m in MESSAGE.finditer(body)][-1]
        only = found.group(0).replace(old, new, 1).replace(found.group(2), base64.b64encode(document), 1)
        self.forward(path, headers, body[:begin] + only + body[end:])
        tell(f"duplicate: sent {old.decode()} again as {new.decode()}")
        return status, answer

    def release(self):
        if self.kind == "send_in_window" and self.kept:
            try:
                self.forward(*self.kept)
            except (OSError, http.client.HTTPException):
                pass  # the authority resets connections inside its stop; it has logged what came
            tell(f"send_in_window: sent {self.victim.decode()} now")
        else:
            tell("nothing to release")


class LineProxy:
    """TLS on both sides, HTTP/1.1 POST only."""

    def __init__(self, kind, sandbox, listen, upstream):
        def pki(name):
            return os.path.join(sandbox, "pki", name)
        self.upstream = upstream
        self.own = threading.local()
        self.client = ssl.create_default_context(cafile=pki("authority-ca.pem"))
        self.client.load_cert_chain(pki("line.pem"), pki("line.key"))
        self.mischief = Mischief(kind, self.forward)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize, disable_nagle_algorithm = 1 << 16, True  # one packet an answer

            def do_POST(self):
                proxy.handle(self)

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pki("authority-server.pem"), pki("authority-server.key"))
        context.load_verify_locations(pki("authority-ca.pem"))
        context.verify_mode = ssl.CERT_REQUIRED
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", listen), Handler)
        self.server.daemon_threads = True
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def forward(self, path, headers, body):
        """By a connection of this thread's own, kept for its next request."""
        connection = getattr(self.own, "connection", None)
        if connection is None:
            connection = http.client.HTTPSConnection("localhost", self.upstream, context=self.client, timeout=30)
            self.own.connection = connection
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            self.own.date = response.getheader("Date")
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self.own.connection = None
            raise

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name: handler.headers[name] for name in ("Content-Type", "SOAPAction") if handler.headers[name]}
        try:
            act = self.mischief.send if MESSAGE.search(body) else self.forward
            status, answer = act(handler.path, headers, body)
        except (OSError, http.client.HTTPException):
            handler.close_connection = True  # as the authority did with us
            return
        handler.send_response_only(status)
        if getattr(self.own, "date", None):  # the authority's: ours is of another clock
            handler.send_header("Date", self.own.date)
        handler.send_header("Content-Type", "text/xml; charset=utf-8")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    def arm(self):
        self.mischief.armed.set()

    def release(self):
        self.mischief.release()


class ClientProxy:
    """gRPC on both sides; knows every provider's key, as only a sandbox can."""

    def __init__(self, sandbox, listen, upstream):
        import grpc
        import stubs
        self.grpc, self.feedback = grpc, stubs.load().feedback
        self.armed, self.lock = threading.Event(), threading.Lock()
        self.taken = self.source = None
        self.done = False

        def pki(name):
            with open(os.path.join(sandbox, "pki", name), "rb") as file:
                return file.read()
        self.channels = {name: grpc.secure_channel(f"localhost:{upstream}", grpc.ssl_channel_credentials(
            pki("ca.pem"), pki(name + ".key"), pki(name + ".pem"))) for name in ("acme", "beta", "gamma")}
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(32))
        self.server.add_generic_rpc_handlers((self.handler(),))
        self.server.add_secure_port(f"127.0.0.1:{listen}", grpc.ssl_server_credentials(
            [(pki("server.key"), pki("server.pem"))], pki("ca.pem"), require_client_auth=True))
        self.server.start()

    def handler(self):
        proxy, grpc = self, self.grpc

        class Generic(grpc.GenericRpcHandler):
            def service(self, details):
                if details.method.endswith(("/StreamFeedback", "/SubmitMessages")):
                    return grpc.stream_stream_rpc_method_handler(
                        lambda requests, context: proxy.stream(details.method, requests, context))
                return grpc.unary_unary_rpc_method_handler(
                    lambda request, context: proxy.unary(details.method, request, context))
        return Generic()

    @staticmethod
    def caller(context):
        return context.auth_context()["x509_common_name"][0].decode()

    def pass_on(self, error, context):
        context.set_trailing_metadata([(k, v) for k, v in error.trailing_metadata() or () if k.endswith("-bin")])
        context.abort(error.code(), error.details())

    def unary(self, method, request, context):
        try:
            return self.channels[self.caller(context)].unary_unary(method)(request, timeout=30)
        except self.grpc.RpcError as error:
            return self.pass_on(error, context)

    def stream(self, method, requests, context):
        name = self.caller(context)
        call = self.channels[name].stream_stream(method)(requests)
        context.add_callback(call.cancel)
        try:
            for response in call:
                yield self.mangle(name, response) if method.endswith("/StreamFeedback") else response
        except self.grpc.RpcError as error:
            self.pass_on(error, context)

    def mangle(self, name, data):
        """One business answer is copied over the next item of another provider."""
        response = self.feedback.StreamFeedbackResponse.FromString(data)
        if response.WhichOneof("content") != "item" or not self.armed.is_set():
            return data
        with self.lock:
            if self.taken is None and response.item.parsed.message_type != 999:
                self.taken, self.source = self.feedback.FeedbackItem.FromString(response.item.SerializeToString()), name
            elif self.taken is not None and not self.done and name != self.source:
                stolen = self.taken
                stolen.cursor, stolen.sequence = response.item.cursor, response.item.sequence
                response.item.CopyFrom(stolen)
                self.done = True
                tell(f"misroute: gave an answer of {self.source} to {name}")
        return response.SerializeToString()

    def arm(self):
        self.armed.set()

    def release(self):
        tell("nothing to release")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["lose", "duplicate", "send_in_window", "misroute"])
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--listen", type=int, required=True)
    parser.add_argument("--upstream", type=int, required=True)
    parser.add_argument("--ready-file", required=True)
    arguments = parser.parse_args()
    ports = (arguments.sandbox, arguments.listen, arguments.upstream)
    proxy = ClientProxy(*ports) if arguments.kind == "misroute" else LineProxy(arguments.kind, *ports)
    with open(arguments.ready_file, "w", encoding="utf-8") as file:
        file.write("ready\n")
    for line in sys.stdin:
        if line.strip() == "arm":
            proxy.arm()
            tell("armed")
        elif line.strip() == "release":
            proxy.release()


if __name__ == "__main__":
    main()
