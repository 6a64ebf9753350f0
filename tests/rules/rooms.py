"""Which room may include what: DESIGN section 4 as data. A room may always include its own folder.

An entry of `ours` is a folder, a single header, or FOLDER + "/*.h" for the headers that lie right in it (a port)."""

CORE = "gateway/core"
STORE_PORT = ["store/store.h", "store/coming_accept.h", "store/operations.h", "store/answers.h", "store/records.h",
              "store/recovery.h", "store/stages.h", "store/history.h", "store/record_store.h", "store/audit.h",
              "store/audit_verifier.h"]
STORE_INSIDE = "store/*.h"  # shared by the backends
PORTS = "adapters/*.h"
XML_PORT = "adapters/xml_document.h"
SIGNATURE_PORT = "adapters/signature.h"
LINE_PORT = ["adapters/authority_channel.h", "adapters/answer_search.h"]
PROTO = ["tvan", "proto"]  # generated headers (tvan/v1/…, tvan/admin/v1/…, tvan/config/v1/…), and helpers of the target

OURS = {
    "gateway/core": [],
    "gateway/intake": [CORE, "gateway/validate", "gateway/contract", "gateway/calendar", "gateway/seal", *STORE_PORT, *PROTO],
    "gateway/validate": [CORE, XML_PORT, SIGNATURE_PORT],
    "gateway/contract": [CORE, *STORE_PORT],
    "gateway/calendar": [CORE, *STORE_PORT],
    "gateway/dispatch": [CORE, "gateway/calendar", "gateway/contract", *STORE_PORT, *LINE_PORT],
    "gateway/feedback": [CORE, "gateway/validate", "gateway/contract", *STORE_PORT, *LINE_PORT, *PROTO],
    # Number, amount, date and counterparty stand in the payload only; sums are exact.
    "gateway/reconcile": [CORE, "gateway/seal", XML_PORT, "gateway/validate/decimal.h", *STORE_PORT],
    "gateway/seal": [CORE, SIGNATURE_PORT],
    "gateway/admin": ["gateway", *STORE_PORT, *PROTO],
    "gateway/app": ["gateway", "adapters", "store", "config", *PROTO],
    "adapters": [CORE],
    "adapters/soap": [CORE, *LINE_PORT, XML_PORT],
    "adapters/kafka": [CORE, *LINE_PORT],
    "adapters/xml": [CORE, XML_PORT],
    "adapters/signature": [CORE, SIGNATURE_PORT, XML_PORT],
    "adapters/webhook": [CORE, PORTS],
    "adapters/simulator": [CORE, PORTS, "adapters/xml", "adapters/signature", *PROTO],
    "store": [CORE],
    "store/rocksdb": [CORE, STORE_INSIDE],
    "store/redis": [CORE, STORE_INSIDE],
    "config": [CORE, *PROTO],
    # tvanctl restores and salvages stores at rest: it sees that one header of the embedded store, and no library.
    "ops/ctl": [CORE, "gateway/reconcile/csv.h", "gateway/reconcile/columns.h", "store/rocksdb/maintenance.h", "gateway/validate", "gateway/seal", "adapters/xml", "adapters/signature", XML_PORT, SIGNATURE_PORT,
                "config", *PROTO],
    "ops/load": [CORE, XML_PORT, SIGNATURE_PORT, "adapters/signature/pki.h", "ops/ctl/files.h", "ops/ctl/profile.h",
                 "ops/ctl/sample.h", *PROTO],
}

# Rooms of which the headers right in the folder are not also the insides of the folders below.
FLAT = {"adapters", "store"}

GRPC_ROOMS = {"gateway/intake", "gateway/feedback", "gateway/admin", "gateway/app", "ops/ctl", "ops/load"}
HTTP_ROOMS = {"adapters/soap", "adapters/webhook", "adapters/simulator", "gateway/admin"}
PROTO_ROOMS = {room for room, ours in OURS.items() if PROTO[0] in ours}

# First part of a third-party header → rooms that may include it.
THIRD_PARTY = {
    "spdlog": {"gateway/core"},
    "prometheus": {"gateway/core"},
    "grpcpp": GRPC_ROOMS,
    "grpc": GRPC_ROOMS,
    "google": PROTO_ROOMS,
    "libxml": {"adapters/xml", "adapters/signature"},  # xmlsec's own interface is made of libxml's types
    "xmlsec": {"adapters/signature"},
    "openssl": {"adapters/signature"},
    "sodium.h": {"adapters/signature", "store"},
    "boost": HTTP_ROOMS,
    "hiredis": {"store/redis"},
    "rocksdb": {"store/rocksdb"},
    "zstd.h": {"store"},
    "librdkafka": {"adapters/kafka"},
    "yaml-cpp": {"config"},
    "nlohmann": {"gateway/seal", "gateway/admin", "adapters/simulator", "ops/ctl", "ops/load"},  # JSON is read by these only
    "CLI": {"ops/ctl", "ops/load"},
}

# A file or two behind which a library stays, where the room itself is too wide.
BEHIND = {"spdlog": "gateway/core/log.cc", "prometheus": "gateway/core/metrics.cc"}
