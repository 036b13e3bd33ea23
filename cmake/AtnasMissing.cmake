# SPDX-License-Identifier: Apache-2.0
# atnas_missing(NEEDED <text> FOUND <text> PACKAGES <Debian packages>... OR <text>)
# Notes a dependency that is missing or wrong; configure goes on to find the others.
function(atnas_missing)
  cmake_parse_arguments(arg "" "NEEDED;FOUND;OR" "PACKAGES" ${ARGN})
  list(JOIN arg_PACKAGES " " packages)
  # Indented lines come out of message() as they are.
  set_property(GLOBAL APPEND_STRING PROPERTY ATNAS_MISSING
               "\n  ${arg_NEEDED}\n    found:  ${arg_FOUND}\n    type:   apt-get install ${packages}\n    or:     ${arg_OR}\n")
  set_property(GLOBAL APPEND PROPERTY ATNAS_MISSING_PACKAGES ${arg_PACKAGES})
endfunction()

# Ends configure when anything was noted.
function(atnas_report_missing)
  get_property(missing GLOBAL PROPERTY ATNAS_MISSING)
  if(missing)
    get_property(packages GLOBAL PROPERTY ATNAS_MISSING_PACKAGES)
    list(REMOVE_DUPLICATES packages)
    list(JOIN packages " " packages)
    message(FATAL_ERROR "ATNAS needs what this machine lacks:\n${missing}\n"
                        "  All at once on Debian and Ubuntu: apt-get install ${packages}\n"
                        "  (or ./jobs/setup.sh, which installs everything ATNAS uses)\n")
  endif()
endfunction()
