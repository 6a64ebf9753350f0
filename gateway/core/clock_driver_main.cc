// tvan-clock: makes a clock page and drives it by commands on stdin (CLOCK_PAGE.md). For demos and tests only.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "gateway/core/clock_page.h"

namespace tvan {
namespace {

struct Arguments {
  std::string file;
  std::string start;
  double settle_ms = 3;
  double patience_s = 20;
};

bool ParseNumber(std::string_view text, double& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(out) && out >= 0 && out < 1e9;
}

bool SetArgument(std::string_view name, std::string_view value, Arguments& to) {
  if (name == "--file") return to.file = value, !value.empty();
  if (name == "--start") return to.start = value, !value.empty();
  if (name == "--settle-ms") return ParseNumber(value, to.settle_ms);
  if (name == "--patience-s") return ParseNumber(value, to.patience_s);
  return false;
}

bool ParseArguments(int argc, char** argv, Arguments& to) {
  for (int i = 1; i < argc; i += 2)
    if (i + 1 >= argc || !SetArgument(argv[i], argv[i + 1], to)) return false;
  return !to.file.empty() && !to.start.empty();
}

Span Seconds(double seconds) { return Span(std::llround(seconds * 1e6)); }

std::string Answer(const Status& moved, const ClockDriver& driver) {
  if (moved.ok()) return "at " + FormatTime(driver.Now());
  if (moved.reason() == "clock.stuck"_reason) return "stuck: " + moved.message();
  return "error: " + moved.ToString();
}

std::string Run(std::string_view line, const Arguments& arguments, ClockDriver& driver) {
  const size_t space = line.find(' ');
  const std::string_view command = line.substr(0, space);
  const std::string_view argument = space == std::string_view::npos ? "" : line.substr(space + 1);
  Result<Time> target = driver.Now();
  if (command == "advance-to") {
    target = ParseTime(argument);
  } else if (command == "advance") {
    double seconds = 0;
    if (!ParseNumber(argument, seconds)) return "error: advance takes seconds";
    target = driver.Now() + Seconds(seconds);
  } else if (command == "now") {
    return Answer({}, driver);
  } else {
    return "error: commands are advance-to TIME, advance SECONDS, now, quit";
  }
  if (!target.ok()) return "error: " + target.status().ToString();
  return Answer(driver.AdvanceTo(*target, Seconds(arguments.settle_ms / 1e3), Seconds(arguments.patience_s)), driver);
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!ParseArguments(argc, argv, arguments)) {
    std::cerr << "usage: tvan-clock --file PATH --start TIME [--settle-ms 3] [--patience-s 20]\n";
    return 2;
  }
  const auto start = ParseTime(arguments.start);
  const auto driver = start.ok() ? ClockDriver::Create(arguments.file, *start) : start.status();
  if (!driver.ok()) {
    std::cerr << "tvan-clock: " << driver.status().ToString() << '\n';
    return 2;
  }
  std::cout << "ready" << std::endl;
  std::string line;
  while (std::getline(std::cin, line) && line != "quit") std::cout << Run(line, arguments, **driver) << std::endl;
  return 0;
}

}  // namespace
}  // namespace tvan

int main(int argc, char** argv) { return tvan::Main(argc, argv); }
