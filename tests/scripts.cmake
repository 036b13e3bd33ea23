# Tests that are scripts. Exit code 77 means skipped, the reason is in the output.

# The source tree: layers and style.
add_test(NAME tree.layers COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/layers.py ${PROJECT_SOURCE_DIR})
add_test(NAME tree.layers_self_test COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/layers.py --self-test)
add_test(NAME tree.style COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/style.py ${PROJECT_SOURCE_DIR})
set_tests_properties(tree.layers tree.layers_self_test tree.style PROPERTIES LABELS tree TIMEOUT 120 SKIP_RETURN_CODE 77)

# What configure says when a dependency is missing or wrong.
add_test(NAME configure.dependencies
         COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/configure/test_dependencies.py ${CMAKE_COMMAND}
                 ${PROJECT_SOURCE_DIR})
set_tests_properties(
  configure.dependencies
  PROPERTIES LABELS configure TIMEOUT 300 ENVIRONMENT
             "RANDOM123_INCLUDE_DIR=${RANDOM123_INCLUDE_DIR};STB_INCLUDE_DIR=${STB_INCLUDE_DIR};XXHASH_INCLUDE_DIR=${XXHASH_INCLUDE_DIR}")

# The program on the command line: tests/app/test_*.py, each gets the program in ATNAS_BIN. Sanitized programs do not look
# for leaks at their end, when MPI's plug-ins with their own leaks can no longer be told apart; the MPI tests do it earlier.
file(GLOB scripts CONFIGURE_DEPENDS app/test_*.py)
foreach(script IN LISTS scripts)
  if(NOT TARGET atnas)
    break()
  endif()
  cmake_path(GET script STEM name)
  string(REGEX REPLACE "^test_" "" name ${name})
  add_test(NAME app.${name} COMMAND ${ATNAS_PYTHON} ${script})
  set_tests_properties(
    app.${name}
    PROPERTIES LABELS app TIMEOUT 1800 PROCESSORS 2 SKIP_RETURN_CODE 77 ENVIRONMENT
               "${atnas_test_environment};ASAN_OPTIONS=detect_leaks=0;ATNAS_BIN=$<TARGET_FILE:atnas>;ATNAS_MPIEXEC=${MPIEXEC_EXECUTABLE};ATNAS_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
  )
endforeach()
