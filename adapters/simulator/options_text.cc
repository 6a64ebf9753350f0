#include "adapters/simulator/options.h"

namespace tvan::sim {

std::string ToString(DuplicatePolicy policy) {
  switch (policy) {
    case DuplicatePolicy::kReject1002:
      return "reject_1002";
    case DuplicatePolicy::kRepeatFirstAnswer:
      return "repeat_first_answer";
    case DuplicatePolicy::kSilent:
      return "silent";
    case DuplicatePolicy::kProcessAgain:
      break;
  }
  return "process_again";
}

std::string ToString(WindowMode mode) {
  if (mode == WindowMode::kReset) return "reset";
  return mode == WindowMode::kHtml502 ? "html502" : "closed_fault";
}

const std::vector<std::string>& FaultNames() {
  static const std::vector<std::string> names = {"html502",    "half_open", "busy",         "cut_after_processing",
                                                 "slow",       "swallow",   "system_2006",  "system_2003",
                                                 "unreadable", "no_999",    "withhold",     "answer_missing_first_read",
                                                 "doubled",    "late",      "out_of_order", "unknown_request"};
  return names;
}

std::string HelpText() {
  return R"(tvan-authority-sim: a simulated tax authority for sandboxes and tests (never for production).

It listens for SOAP over HTTPS with client certificates (adapters/soap/tvan_authority.wsdl), checks what arrives with
code of its own, answers 999 and then 202, 204 or 301 signed as the authority, keeps its announced stops, and injects
faults from a seed. Everything it sees and does goes into a transcript (adapters/simulator/TRANSCRIPT.md).

usage: tvan-authority-sim --cert F --key F --client-ca F --sign-cert F --sign-key F --trust F[,F] [options]

files (PEM)
  --cert F --key F          the server's TLS certificate and key
  --client-ca F             whom clients' certificates must come from
  --sign-cert F --sign-key F  the authority's own XML signature
  --trust F[,F]             whom sellers' certificates must come from; repeatable

running
  --listen HOST:PORT        default 127.0.0.1:0 (a free port)
  --port-file F             the port is written there once it listens
  --clock SPEC              system (default) or file:PATH, a shared clock page
  --transcript F            JSONL, appended; default: standard output
  --max-connections N       default 64
  --keep DIR                what arrived, byte for byte: DIR/<MTDiep>.xml (other bytes under one id: .<try>.xml)
  --keep-max-files N --keep-max-bytes N   its bounds, default 100000 and 4 GiB; what is not kept is said in the
                            transcript (not_kept) and by exit code 3
  --script F                lines of key=value with the names of these options without --, # for comments
  SIGTERM, SIGINT           report answers that have no 999 of the T-VAN, end cleanly
  SIGUSR1                   report them now

behaviour
  --seed N                  default 1; the same seed and messages give the same faults, delays and ids
  --duplicate-policy P      reject_1002 (default) | repeat_first_answer | silent | process_again
  --contracts C[:FROM[:TO]],…   T-VANs with a contract, by MNGui, dates YYYY-MM-DD half-open in +07:00:
                            not listed gives 2002, outside of the dates 2003; none given: all have one
  --window START/END[/reset|html502|closed_fault]   an announced stop, repeatable; RFC 3339 or local +07:00
  --ack-delay MS            until the 999 is there, default 200
  --answer-delay MS[..MS]   until the business answer is there, default 1000..2000

refusals by content (business codes are ours: no official table is known)
  --refuse-khhdon S[,S]     symbols that no registration knows: 200 → 204 LTBao 1, 203 → LTBao 3 for the invoice,
                            206 → LTBao 7, 300/303 → 301 with TTTNCCQT 2 for the invoice; MLoi 40102
  --stopped-mst M[,M]       taxpayers that must not use e-invoices: 200 → LTBao 1, 203, 206, 300, 303 → LTBao 9; 40105
  always: an invoice key filed under another MTDiep 40101, a cash-register code that is malformed 40103 or used 40104,
  an error notice without a reason 40106. Wrong envelopes get a 999: 1000, 1001, 2002, 2003, 2010, 2011.

faults, --faults NAME[@MST]=RATE[,…], rates 0..1, chosen per message by seed and MTDiep; @MST: of this taxpayer's
messages only, instead of the general rate
  request, first try:  html502  half_open  busy  cut_after_processing  slow (--slow-delay MS real time, default 3000)
  message, first try:  swallow  system_2006  system_2003  unreadable (answered by -1)
  answers:             no_999  withhold  answer_missing_first_read  doubled  late (--late-delay MS, default 1800000)
                       out_of_order  unknown_request

exit codes: 0 ended by a signal, 1 cannot start (port in use, file missing), 2 wrong usage, 3 ended by a signal, but
--keep could not keep everything
)";
}

}  // namespace tvan::sim
