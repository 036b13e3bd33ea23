# SPDX-License-Identifier: Apache-2.0
# atnas_layer(<name> [PUBLIC <targets>...] [PRIVATE <targets>...])
# One static library per layer, atnas_<name>, from the .cpp files under src/<name>/; other layers are named by their target.
function(atnas_layer name)
  cmake_parse_arguments(arg "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp
       ${PROJECT_SOURCE_DIR}/src/${name}/*.cu)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  # not_compiled.cpp stands in for the rest of its folder.
  foreach(feature cuda nccl)
    string(TOUPPER ${feature} upper)
    set(feature_sources ${sources})
    list(FILTER feature_sources INCLUDE REGEX "/${feature}/")
    if(ATNAS_HAS_${upper})
      list(FILTER feature_sources INCLUDE REGEX "/not_compiled\\.cpp$")
    else()
      list(FILTER feature_sources EXCLUDE REGEX "/not_compiled\\.cpp$")
    endif()
    list(REMOVE_ITEM sources ${feature_sources})
  endforeach()
  add_library(atnas_${name} STATIC ${sources})
  target_include_directories(atnas_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include)
  target_link_libraries(atnas_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} atnas_flags)
endfunction()
