#pragma once
// What is wrong with a window, said in both languages; CheckWindow (window.h) says the same as a Status. Pure.

#include "gateway/calendar/words.h"

namespace tvan {

// The first thing; empty: nothing is.
Words WhatIsWrong(const Window& window);

}  // namespace tvan
