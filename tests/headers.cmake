# SPDX-License-Identifier: Apache-2.0
# Every public header compiles alone: it includes what it uses, and including it twice does no harm.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/atnas/*.hpp)
set(sources "")
foreach(header IN LISTS headers)
  cmake_path(RELATIVE_PATH header BASE_DIRECTORY ${PROJECT_SOURCE_DIR}/include OUTPUT_VARIABLE path)
  string(REPLACE "/" "_" name ${path})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${path}\"\n#include \"${path}\"\n")
  list(APPEND sources ${source})
endforeach()
add_library(atnas_headers_alone OBJECT ${sources})
target_link_libraries(atnas_headers_alone PRIVATE atnas_app atnas_flags)
