# cmake -DFOLDER=store/dictionary -DVERSIONS=1,2 -DOUT=dictionaries.cc -P embed.cmake
# Writes the dictionaries into one C++ source.
string(REPLACE "," ";" versions "${VERSIONS}")
set(arrays "")
set(cases "")
foreach(version ${versions})
  file(READ "${FOLDER}/${version}.zdict" bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "const unsigned char k${version}[] = {\n${bytes}};\n")
  string(APPEND cases "    case ${version}:\n      return {reinterpret_cast<const char*>(k${version}), sizeof k${version}};\n")
endforeach()
file(WRITE "${OUT}" "// Made from store/dictionary by embed.cmake.
#include \"store/dictionaries.h\"

namespace tvan {
namespace {

${arrays}
}  // namespace

std::string_view DictionaryBytes(uint32_t version) {
  switch (version) {
${cases}    default:
      return {};
  }
}

}  // namespace tvan
")
