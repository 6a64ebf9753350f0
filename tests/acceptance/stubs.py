"""gRPC stubs of the product's public protos, made at run time by protoc into a temporary folder."""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROTOS = ("tvan/v1/types.proto", "tvan/v1/calendar.proto", "tvan/v1/relay.proto", "tvan/v1/feedback.proto",
          "tvan/admin/v1/roles.proto", "tvan/admin/v1/admin.proto")


def load():
    """Generates the stubs, puts them on sys.path and imports them: (relay, relay_grpc, feedback, feedback_grpc, admin, …)."""
    folder = tempfile.mkdtemp(prefix="tvan-stubs-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    plugin = shutil.which("grpc_python_plugin")
    if plugin is None:
        raise SystemExit("grpc_python_plugin is missing: see ops/packages.txt (protobuf-compiler-grpc)")
    protos = os.path.join(ROOT, "proto")
    subprocess.run(["protoc", "-I", protos, f"--python_out={folder}", f"--grpc_out={folder}",
                    f"--plugin=protoc-gen-grpc={plugin}"] + [os.path.join(protos, p) for p in PROTOS], check=True)
    sys.path.insert(0, folder)
    from tvan.admin.v1 import admin_pb2, admin_pb2_grpc
    from tvan.v1 import feedback_pb2, feedback_pb2_grpc, relay_pb2, relay_pb2_grpc, types_pb2

    class Stubs:
        relay, relay_grpc = relay_pb2, relay_pb2_grpc
        feedback, feedback_grpc = feedback_pb2, feedback_pb2_grpc
        admin, admin_grpc = admin_pb2, admin_pb2_grpc
        types = types_pb2
    return Stubs
