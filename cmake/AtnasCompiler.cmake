# SPDX-License-Identifier: Apache-2.0
# Flags of every target, ccache when present, the header that holds what the build knows.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()

find_program(ATNAS_CCACHE ccache)
if(ATNAS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The place of the source tree is no part of what is looked up: every clone finds what another one compiled.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${ATNAS_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()

add_library(atnas_flags INTERFACE)
# Of the host's compiler; nvcc has other names for most of them.
function(atnas_host_flags)
  foreach(flag ${ARGN})
    target_compile_options(atnas_flags INTERFACE $<$<COMPILE_LANGUAGE:C,CXX>:${flag}>)
  endforeach()
endfunction()
atnas_host_flags(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
# GCC 12 sees overlaps in std::string that are not there (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  atnas_host_flags(-Wno-restrict)
endif()
# One result on every optimisation level: products and sums are only fused where the code says so.
# Nobody reads errno after a square root, and loops with one vectorise only without it.
atnas_host_flags(-ffp-contract=off -fno-math-errno)
if(ATNAS_WERROR)
  atnas_host_flags(-Werror)
  target_compile_options(atnas_flags INTERFACE $<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings>)
endif()
if(ATNAS_NATIVE)
  atnas_host_flags(-march=native)
endif()
if(ATNAS_SANITIZE)
  atnas_host_flags(-fsanitize=${ATNAS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(atnas_flags INTERFACE -fsanitize=${ATNAS_SANITIZE})
endif()
if(ATNAS_CONTRACTS)
  atnas_host_flags(-UNDEBUG)
endif()

# include/atnas/core/config.hpp in the build folder: now, so that everything can include it, and at every build.
set(atnas_config_command
    ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DBINARY_DIR=${PROJECT_BINARY_DIR}
    -DATNAS_VERSION=${PROJECT_VERSION} "-DATNAS_COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
    -DATNAS_BUILD_TYPE=${CMAKE_BUILD_TYPE} -P ${PROJECT_SOURCE_DIR}/cmake/AtnasConfigHeader.cmake)
execute_process(COMMAND ${atnas_config_command} COMMAND_ERROR_IS_FATAL ANY)
add_custom_target(
  atnas_config
  COMMAND ${atnas_config_command}
  BYPRODUCTS ${PROJECT_BINARY_DIR}/include/atnas/core/config.hpp
  COMMENT "Recording the git revision"
  VERBATIM)
