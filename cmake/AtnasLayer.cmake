# SPDX-License-Identifier: Apache-2.0
# atnas_layer(<name> [PUBLIC <targets>...] [PRIVATE <targets>...])
# One static library per layer, atnas_<name>, installed as atnas::<name>, from the .cpp files under src/<name>/; other layers are named by their target.
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
  target_compile_features(atnas_${name} PUBLIC cxx_std_20)
  target_include_directories(
    atnas_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                         $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  # Flags are those of this build; who uses the installed library has flags of their own.
  target_link_libraries(atnas_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:atnas_flags>)
  set_target_properties(atnas_${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS atnas_${name} EXPORT atnas ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()
