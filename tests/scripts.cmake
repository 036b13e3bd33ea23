# SPDX-License-Identifier: Apache-2.0
# Tests that are scripts. Exit code 77 means skipped, the reason is in the output.

# The source tree: layers, style, documents, licence.
add_test(NAME tree.layers COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/layers.py ${PROJECT_SOURCE_DIR})
add_test(NAME tree.layers_self_test COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/layers.py --self-test)
add_test(NAME tree.style COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/style.py ${PROJECT_SOURCE_DIR})
add_test(NAME tree.documents COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/documents.py ${PROJECT_SOURCE_DIR})
add_test(NAME tree.documents_self_test COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/documents.py --self-test)
add_test(NAME tree.licence COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/licence.py ${PROJECT_SOURCE_DIR})
add_test(NAME tree.licence_self_test COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/licence.py --self-test)
set_tests_properties(
  tree.layers tree.layers_self_test tree.style tree.documents tree.documents_self_test tree.licence tree.licence_self_test
  PROPERTIES LABELS tree TIMEOUT 120 SKIP_RETURN_CODE 77)

# The fuzz targets, briefly; they are built for it, which takes the longest.
add_test(NAME fuzz.corpus COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/run.py ${PROJECT_SOURCE_DIR}
                                  ${PROJECT_BINARY_DIR}/fuzz)
set_tests_properties(fuzz.corpus PROPERTIES LABELS fuzz TIMEOUT 1800 PROCESSORS 2 SKIP_RETURN_CODE 77 ENVIRONMENT
                                            "${atnas_test_environment}")

# What configure says when a dependency is missing or wrong.
add_test(NAME configure.dependencies
         COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/configure/test_dependencies.py ${CMAKE_COMMAND}
                 ${PROJECT_SOURCE_DIR})
set_tests_properties(
  configure.dependencies
  PROPERTIES LABELS configure TIMEOUT 900 ENVIRONMENT
             "RANDOM123_INCLUDE_DIR=${RANDOM123_INCLUDE_DIR};STB_INCLUDE_DIR=${STB_INCLUDE_DIR};XXHASH_INCLUDE_DIR=${XXHASH_INCLUDE_DIR}")

# What is installed, and a program that is built with it.
set(flags "")
if(ATNAS_SANITIZE)
  set(flags -fsanitize=${ATNAS_SANITIZE})
endif()
add_test(NAME configure.package
         COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/configure/test_package.py ${CMAKE_COMMAND}
                 ${PROJECT_BINARY_DIR} "${flags}")
set_tests_properties(configure.package PROPERTIES LABELS configure TIMEOUT 600)

# What test_stop.py puts between the program and MPI.
add_library(flip_bit MODULE support/flip_bit.cpp)
target_link_libraries(flip_bit PRIVATE atnas_mpi atnas_flags)

# What test_predict.py makes its networks with.
add_executable(make_network support/make_network.cpp)
target_link_libraries(make_network PRIVATE atnas_app atnas_flags)

# The program on the command line: tests/app/test_*.py, each gets the program in ATNAS_BIN. Sanitized programs do not look
# for leaks at their end, when MPI's plug-ins with their own leaks can no longer be told apart; the MPI tests do it earlier.
function(atnas_add_program_test name script)
  add_test(NAME ${name} COMMAND ${ATNAS_PYTHON} ${script})
  set_tests_properties(
    ${name}
    PROPERTIES TIMEOUT 1800 SKIP_RETURN_CODE 77 ENVIRONMENT
               "${atnas_test_environment};ASAN_OPTIONS=detect_leaks=0;ATNAS_BIN=$<TARGET_FILE:atnas>;ATNAS_MPIEXEC=${MPIEXEC_EXECUTABLE};ATNAS_FLIP_BIT=$<TARGET_FILE:flip_bit>;ATNAS_MAKE_NETWORK=$<TARGET_FILE:make_network>;ATNAS_SOURCE_DIR=${PROJECT_SOURCE_DIR};ATNAS_MANUAL=${PROJECT_BINARY_DIR}/manual"
               ${ARGN})
endfunction()

if(TARGET atnas)
  file(GLOB scripts CONFIGURE_DEPENDS app/test_*.py)
  foreach(script IN LISTS scripts)
    cmake_path(GET script STEM name)
    string(REGEX REPLACE "^test_" "" name ${name})
    atnas_add_program_test(app.${name} ${script} LABELS app)
  endforeach()
  # In minutes: `ctest -LE slow` leaves them out.
  set_tests_properties(app.kill app.stop app.deck_keys app.train_faults PROPERTIES LABELS "app;slow")
  # When something happens in a run matters to these: with -j2 nothing else runs beside them. Most others have one rank at
  # work most of the time, or ranks that may wait.
  set_tests_properties(app.bad_runs app.kill app.restart app.stop app.submit app.train_faults PROPERTIES PROCESSORS 2)
  # What takes longest starts first.
  set_tests_properties(app.deck_keys app.outputs app.search PROPERTIES COST 100)

  # The Python package of analysis/, by the Python that jobs/setup.sh made. Skipped without it, but a failure where CI is set.
  atnas_add_program_test(analysis.package ${CMAKE_CURRENT_SOURCE_DIR}/analysis/run.py LABELS analysis TIMEOUT 600)

  # Across simulated hosts.
  atnas_add_program_test(network.hosts ${CMAKE_CURRENT_SOURCE_DIR}/network/test_hosts.py LABELS network TIMEOUT 600
                         RUN_SERIAL TRUE)

  # Jobs in a real Slurm, which the test starts; for root, and where slurm-wlm and munge are installed. Skipped elsewhere,
  # but a failure where CI is set.
  atnas_add_program_test(slurm.jobs ${CMAKE_CURRENT_SOURCE_DIR}/slurm/test_slurm.py LABELS slurm TIMEOUT 900 RUN_SERIAL
                         TRUE)
endif()

# A fresh machine of another release, in a folder; for root, with debootstrap and a package mirror. Skipped elsewhere, but a
# failure where CI is set.
add_test(NAME fresh.debian_13 COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/fresh/test_fresh_machine.py trixie)
set_tests_properties(fresh.debian_13 PROPERTIES LABELS "fresh;slow" TIMEOUT 6000 RUN_SERIAL TRUE SKIP_RETURN_CODE 77)

# What lies in jobs/: tests/jobs/test_*.py.
file(GLOB scripts CONFIGURE_DEPENDS jobs/test_*.py)
foreach(script IN LISTS scripts)
  cmake_path(GET script STEM name)
  string(REGEX REPLACE "^test_" "" name ${name})
  add_test(NAME jobs.${name} COMMAND ${ATNAS_PYTHON} ${script})
  set_tests_properties(jobs.${name} PROPERTIES LABELS jobs TIMEOUT 300 SKIP_RETURN_CODE 77)
endforeach()
# A bundle is packed from this build and run on the simulated device; its own steps have limits.
if(ATNAS_HAS_NCCL AND TARGET atnas)
  set_tests_properties(
    jobs.gpu_bundle PROPERTIES TIMEOUT 900 PROCESSORS 2 ENVIRONMENT
                                                        "ATNAS_BUILD=${PROJECT_BINARY_DIR};ATNAS_CUDA_SIM=${ATNAS_CUDA_SIM}")
endif()
