# Compiler settings common to all targets, and the build types.
# Dev is what tests run on: -O1 compiles quickly and keeps lines.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1" CACHE STRING "" FORCE)
set(CMAKE_C_FLAGS_DEV "-O1 -g1" CACHE STRING "" FORCE)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Dev CACHE STRING "" FORCE)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wno-missing-field-initializers -fno-omit-frame-pointer)
include_directories(${CMAKE_SOURCE_DIR})

# A sanitizer build holds the rooms that link neither gRPC nor RocksDB: those libraries are not instrumented.
set(TVAN_ROOMS_ONLY OFF)
if(TVAN_SANITIZE)
  set(TVAN_ROOMS_ONLY ON)
  add_compile_options(-fsanitize=${TVAN_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TVAN_SANITIZE})
endif()
if(TVAN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # coverage of the rooms; the targets link libFuzzer themselves
endif()

find_program(TVAN_CCACHE ccache)
if(TVAN_CCACHE)
  # pch_defines,time_macros: what ccache needs to cache translation units that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 ${TVAN_CCACHE})
  add_compile_options(-fpch-preprocess)
endif()
