# SPDX-License-Identifier: Apache-2.0
# Sets ATNAS_PYTHON: a Python 3 that has h5py, numpy and xxhash, which is not always the first one on PATH.
function(atnas_python_has_modules result candidate)
  execute_process(COMMAND ${candidate} -c "import h5py, numpy, xxhash" RESULT_VARIABLE code OUTPUT_QUIET ERROR_QUIET)
  if(NOT code EQUAL 0)
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()
find_program(ATNAS_PYTHON NAMES python3 VALIDATOR atnas_python_has_modules)
if(NOT ATNAS_PYTHON)
  atnas_missing(
    NEEDED "Python 3 with h5py, numpy and xxhash (only with ATNAS_TESTS=ON)"
    FOUND "no python3 that can import them"
    PACKAGES python3-h5py python3-numpy python3-xxhash
    OR "-DATNAS_PYTHON=/path/to/python3, or -DATNAS_TESTS=OFF")
endif()
