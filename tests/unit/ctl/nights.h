#pragma once
// Five moments around one stop, as the gateway would tell them: for the tests of the night's screen and of the runbook.

#include <string>

#include "tvan/admin/v1/night.pb.h"

namespace tvan::ctl {

admin::v1::Night QuietNight();         // three days ahead: a notice is not confirmed, the sheet is not sent
admin::v1::Night DrainingNight();      // 19 minutes before the stop, and it will fall short
admin::v1::Night ClosedNight();        // in the middle; nobody is on call from four on
admin::v1::Night VerifyingRedNight();  // the check's time is over, the probes are red
admin::v1::Night RampingNight();       // catching up
admin::v1::Night UnknownNight();       // the gateway says nothing but its line

void SetTime(const char* local, google::protobuf::Timestamp* out);

}  // namespace tvan::ctl
