# cmake -DFILE=functions.lua -DOUT=functions.cc -P embed.cmake
# Writes the Redis Functions into one C++ source as a raw string.
file(READ "${FILE}" content)
file(WRITE "${OUT}" "// Made from store/redis/functions.lua by embed.cmake.\n#include \"store/redis/functions.h\"\n\nnamespace tvan {\n\nstd::string_view RedisFunctions() {\n  return R\"lua(${content})lua\";\n}\n\n}  // namespace tvan\n")
