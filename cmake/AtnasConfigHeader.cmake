# SPDX-License-Identifier: Apache-2.0
# Script (cmake -P): writes <build>/include/atnas/core/config.hpp, touching it only when its contents change.
# It runs at every build because the git revision may have moved since configure.
# Needs SOURCE_DIR, BINARY_DIR, ATNAS_VERSION, ATNAS_COMPILER, ATNAS_BUILD_TYPE.
set(ATNAS_GIT_REVISION unknown)
find_program(GIT_EXECUTABLE git)
if(GIT_EXECUTABLE AND EXISTS ${SOURCE_DIR}/.git)
  execute_process(
    COMMAND ${GIT_EXECUTABLE} describe --always --dirty --abbrev=12 --exclude=*
    WORKING_DIRECTORY ${SOURCE_DIR}
    OUTPUT_VARIABLE revision
    OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET)
  if(revision)
    set(ATNAS_GIT_REVISION ${revision})
  endif()
endif()
configure_file(${SOURCE_DIR}/include/atnas/core/config.hpp.in ${BINARY_DIR}/include/atnas/core/config.hpp @ONLY)
