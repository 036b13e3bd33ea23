# SPDX-License-Identifier: Apache-2.0
# Defines atnas_onednn: oneDNN 2.6 or newer, 3.x included. Not through its own CMake package, which on Debian insists on
# OpenCL headers that a CPU program has no use for.
foreach(root IN ITEMS "${ONEDNN_ROOT}" "$ENV{ONEDNN_ROOT}" "$ENV{DNNLROOT}")
  if(root)
    # A place the user named is not silently replaced by the distribution's.
    set(places PATHS ${root} NO_DEFAULT_PATH)
    break()
  endif()
endforeach()
find_path(ONEDNN_INCLUDE_DIR NAMES dnnl.h ${places} PATH_SUFFIXES include)
find_library(ONEDNN_LIBRARY NAMES dnnl ${places} PATH_SUFFIXES lib lib64 lib/${CMAKE_LIBRARY_ARCHITECTURE})

set(found "nothing")
set(onednn_version 0)
if(ONEDNN_INCLUDE_DIR)
  foreach(header oneapi/dnnl/dnnl_version.h dnnl_version.h)
    if(EXISTS ${ONEDNN_INCLUDE_DIR}/${header})
      file(READ ${ONEDNN_INCLUDE_DIR}/${header} text)
      set(numbers "")
      foreach(part MAJOR MINOR PATCH)
        if(text MATCHES "define DNNL_VERSION_${part} +([0-9]+)")
          list(APPEND numbers ${CMAKE_MATCH_1})
        endif()
      endforeach()
      if(numbers)
        list(JOIN numbers "." onednn_version)
        break()
      endif()
    endif()
  endforeach()
  set(found "oneDNN ${onednn_version} in ${ONEDNN_INCLUDE_DIR}")
  if(NOT ONEDNN_LIBRARY)
    string(APPEND found " without libdnnl")
  endif()
endif()

if(ONEDNN_LIBRARY AND onednn_version VERSION_GREATER_EQUAL 2.6)
  add_library(atnas_onednn INTERFACE)
  target_include_directories(atnas_onednn SYSTEM INTERFACE ${ONEDNN_INCLUDE_DIR})
  target_link_libraries(atnas_onednn INTERFACE ${ONEDNN_LIBRARY})
else()
  atnas_missing(
    NEEDED "oneDNN 2.6 or newer"
    FOUND "${found}"
    PACKAGES libdnnl-dev
    OR "-DONEDNN_ROOT=/path/to/onednn, or the environment variable ONEDNN_ROOT")
endif()
