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

const std::vector<std::string>& FaultNames() {
  static const std::vector<std::string> names = {
      "html502",      "half_open",     "busy",         "cut_after_processing",
      "slow",         "swallow",       "system_2006",  "system_2003",
      "unreadable",   "no_999",        "withhold",     "answer_missing_first_read",
      "doubled",      "late",          "out_of_order", "unknown_request",
      "refuse_item",  "refuse_some",   "refuse_row",   "refuse_package",
      "unknown_mloi", "second_verdict"};
  return names;
}

std::string HelpText() {
  return R"(tvan-authority-sim: a simulated tax authority for sandboxes and tests (never for production).

It listens for SOAP over HTTPS with client certificates (adapters/soap/tvan_authority.wsdl), checks what arrives with
code of its own, answers 999 and then what the catalogue names (202, 204, 301, 102, 103 …), signed as the authority,
keeps its announced stops, and injects faults from a seed. Everything it sees and does goes into a transcript (adapters/simulator/TRANSCRIPT.md).

usage: tvan-authority-sim --cert F --key F --client-ca F --sign-cert F --sign-key F --trust F[,F] [options]

files (PEM)
  --cert F --key F          the server's TLS certificate and key
  --client-ca F             whom clients' certificates must come from
  --sign-cert F --sign-key F  the authority's own XML signature
  --rotate-at TIME --rotate-key F --rotate-certificate F   answers that are signed at TIME or later (RFC 3339 or local
                            +07:00) bear this signature instead
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
  --control F, SIGHUP       at each SIGHUP a whole new plan is read from F, in place of the one in force (see "the line
                            over time"); the transcript says control, ok or refused. F is not read before

behaviour
  --seed N                  default 1; the same seed and messages give the same faults, delays and ids
  --duplicate-policy P      reject_1002 (default) | repeat_first_answer | silent | process_again
  --contracts C[/FROM[/TO[/suspended]]],…   T-VANs with a contract, by MNGui; half-open in +07:00, YYYY-MM-DD or
                            local times (dates alone may stand between colons): not listed gives 2002, outside of the
                            dates 2003, suspended 2004; none given: all have one
  --ack-delay MS            until the 999 is there, default 200
  --answer-delay MS[..MS]   until the business answer is there, default 1000..2000, by seed; as long again from a 102
                            to its 103 or 104
  --package-delay MS[..MS]  the same for cash-register packages, at most 900000; default: as --answer-delay, and never
                            more than 15 minutes after the message came

the line over time: the plan, also in the file of --control. Times are RFC 3339 or local +07:00, half-open; a SPAN is
59, 59s, 500ms, 10m or 1h30m, all by --clock but where it says real time
  --window START/END[/MODE][/late=SPAN|/early=SPAN][/daily=DAYS][/verify=SPAN[:N]]   an announced stop, repeatable
      MODE reset (default) | refuse | html502 | closed_fault | half_open, as of --outage
      late, early           it really ends so much later or earlier than announced
      daily                 at the same time on so many days, 1..400
      verify                for so long after its real end it takes N messages a second (0 or none: probes and reading
                            only); what is too much is answered as --overload says
  --outage FROM/TO/MODE     unannounced, repeatable; Send, Receive and Probe alike
      reset                 requests are read, then the connection is reset
      refuse                connections are reset before any TLS; open ones as reset
      html502, closed_fault   HTML of something in front; a SOAP fault Closed
      half_open             requests are read and never answered
      flap:SPAN             down (as reset) and up by turns, each of half to one and a half SPAN, by seed; at most 1000
      slow:SPAN             served, but each response comes SPAN late, in real time: a call in flight holds virtual time
      lag:SPAN              served, but 999 and answers to what comes now are made SPAN later
      not_found             served, but no answer is shown that nobody was handed before
  --lie-not-found SPAN      so long after the real end of each stop and outage that closed the line, answers that were
                            due by then and that nobody was handed are not shown; newer ones are
  --capacity N[/s]          messages a second (our 999s are free), as many at once as of one second; default: no limit
  --overload fault | http503 | busy | 2006   what is too much gets, default fault: a SOAP fault Busy or HTTP 503 for the
                            whole request, or message by message status BUSY or a 999 with system code 2006
  --date-skew [-]SPAN       the Date header is ahead of its clock by this

answers, by the catalogue's follow-ups
  100: 102, 103   101: 102, 104   106: 205   211, 212: 213   300, 303, 304: 301, or 204 of the whole (304: 301)
  200, 201, 207, 208: 202, or 204 with LTBao 1   203, 209, 210: 204 with LTBao 2, 3, 9   206, 216: LTBao 2, 7, 9
  400, 401: LTBao 2, 4 (LBTHKXDau), 5 (petrol, LBTHXDau), 9. An accepted 103 carries the taxpayer's five characters
  of cash-register codes: those it has, else new ones. What is refused is not stored: its numbers may come again.

step 1, seven checks (business codes 401.. are ours: no official table is known)
  1 state of the tax code     --taxpayer-status M:SS[,…]: 00, 02, 04 are active (not listed: 00), others 40107
  2 fields of the data standard   a short list of its own, not for types of which the header alone is known: 40108
  3 stop of use               --stopped-mst M[,M]: all but declarations: 40105
  4 signature                 2011
  5 contract of the T-VAN     as --contracts, at the time when the result is due
  6 SLuong and the count      2010
  7 cash-register codes of a 206   malformed 40103; not of the taxpayer's own five characters 40109; used 40104.
      --cash-codes M:XXXXX[,…]: codes issued before. Without it a taxpayer to whom no 103 of this run issued any may
      use any that are nobody else's; with it, taxpayers that have none may use none
  Checks 1, 3 (and of a package 4, 5, 6) refuse the whole: 204 LTBao 9 (200: LTBao 1; 100, 101: 102 with THop 2 or 4).
  Checks 2 and 7 refuse items: 203 LTBao 3, 206 LTBao 7, 300 TTTNCCQT 2, 400 LTBao 4 or 5.
  Other types have 4 and 6 told by a 999, and so has everybody the contract when the message comes.
further refusals
  --refuse-khhdon S[,S]     symbols that no registration knows, item by item: 40102
  always, item by item: an invoice key filed under another MTDiep 40101, an error notice without a reason 40106, a seller
  other than the header's MST 40110, an invoice asking for a code that has one 40111.
  Wrong envelopes get a 999: 1000, 1001, 2002, 2003, 2004, 2010, 2011.

faults, --faults NAME[@MST]=RATE[,…], rates 0..1, chosen per message by seed and MTDiep; @MST: of this taxpayer's
messages only, instead of the general rate
  request, first try:  html502  half_open  busy  cut_after_processing  slow (--slow-delay MS real time, default 3000)
  message, first try:  swallow  system_2006  system_2003  unreadable (answered by -1)
  answers:             no_999  withhold  answer_missing_first_read  doubled  late (--late-delay MS, default 1800000)
                       out_of_order  unknown_request
  verdict:             refuse_item (one item, by seed; refuse_item#3: the third, if there is one)  refuse_some (some
                       items, never all)  refuse_row (of a summary table)  refuse_package (the whole): 40199, of a
                       declaration 9992   unknown_mloi (one item, a code of 5 digits that no list has)
                       second_verdict (a good answer, and --late-delay later a refusal of one item)
                       Items of a 101 are its delegates; of a 100 refuse_item is a 103 that refuses.

exit codes: 0 ended by a signal, 1 cannot start (port in use, file missing), 2 wrong usage, 3 ended by a signal, but
--keep could not keep everything
)";
}

}  // namespace tvan::sim
