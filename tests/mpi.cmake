# SPDX-License-Identifier: Apache-2.0
# tests/mpi/<name>.cpp belongs to the layer that has <name>.hpp in include/atnas/<layer>; one program per layer, run on 1, 2
# and 3 ranks.
file(GLOB sources CONFIGURE_DEPENDS mpi/*.cpp)
set(layers "")
foreach(source IN LISTS sources)
  cmake_path(GET source STEM name)
  file(GLOB_RECURSE header ${PROJECT_SOURCE_DIR}/include/atnas/${name}.hpp)
  if(header)
    list(GET header 0 header)
    string(REGEX REPLACE "^.*/include/atnas/([a-z]+)/.*$" "\\1" layer ${header})
  else()
    set(layer app)
  endif()
  list(APPEND layers ${layer})
  list(APPEND sources_of_${layer} ${source})
endforeach()
list(REMOVE_DUPLICATES layers)

function(atnas_add_mpi_test name ranks)
  add_test(NAME ${name} COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS mpi TIMEOUT 300 PROCESSORS ${ranks}
                                          ENVIRONMENT "${atnas_test_environment}")
endfunction()

foreach(layer IN LISTS layers)
  atnas_test_program(test_mpi_${layer} ${layer} atnas_mpi_test_support ${sources_of_${layer}})
  foreach(ranks 1 2 3)
    atnas_add_mpi_test(mpi.${layer}.n${ranks} ${ranks} $<TARGET_FILE:test_mpi_${layer}>)
  endforeach()
endforeach()
atnas_add_mpi_test(mpi.comm.n4 4 $<TARGET_FILE:test_mpi_comm> --gtest_filter=MpiReducer.*:TaskCounters*)
atnas_add_mpi_test(mpi.engine.n4 4 $<TARGET_FILE:test_mpi_engine> --gtest_filter=WorkList*:Migration*)

# Reductions between GPUs, one per rank: mpi.nccl.* on the simulated device, gpu.nccl.* on real ones, skipped where there
# are fewer. Tests that need the simulator skip themselves on real ones, which is no reason to skip the rest.
if(ATNAS_HAS_NCCL)
  file(GLOB sources CONFIGURE_DEPENDS mpi/nccl/*.cpp)
  atnas_test_program(test_mpi_nccl comm atnas_mpi_test_support ${sources})
  # Found at run time.
  add_dependencies(test_mpi_nccl cuda_sim_cudart cuda_sim_cudnn cuda_sim_cublas cuda_sim_nccl)
  foreach(ranks 1 2 3)
    atnas_add_mpi_test(mpi.nccl.n${ranks} ${ranks} $<TARGET_FILE:test_mpi_nccl>)
    set_tests_properties(
      mpi.nccl.n${ranks}
      PROPERTIES LABELS "mpi;cuda"
                 FAIL_REGULAR_EXPRESSION "SKIPPED"
                 ENVIRONMENT "${atnas_device_environment};ATNAS_SIM_DEVICES=4;ATNAS_SIM_NCCL_ABORT=collective")
    atnas_simulate_devices(mpi.nccl.n${ranks})
    atnas_find_simulated_libraries(mpi.nccl.n${ranks})
  endforeach()
  # Two ranks on one GPU, as jobs/gpu_check tries it on machines that have no more: NCCL takes them for two hosts.
  atnas_add_mpi_test(mpi.nccl.one_gpu 2 sh -c "NCCL_HOSTID=\$OMPI_COMM_WORLD_RANK exec $<TARGET_FILE:test_mpi_nccl>")
  set_tests_properties(
    mpi.nccl.one_gpu
    PROPERTIES LABELS "mpi;cuda"
               FAIL_REGULAR_EXPRESSION "SKIPPED"
               ENVIRONMENT
               "${atnas_device_environment};ATNAS_SIM_DEVICES=1;ATNAS_SIM_NCCL_ABORT=collective;ATNAS_TEST_SHARED_GPU=1")
  atnas_simulate_devices(mpi.nccl.one_gpu)
  atnas_find_simulated_libraries(mpi.nccl.one_gpu)
  foreach(ranks 2 3)
    atnas_add_mpi_test(gpu.nccl.n${ranks} ${ranks} $<TARGET_FILE:test_mpi_nccl>)
    set_tests_properties(gpu.nccl.n${ranks} PROPERTIES LABELS gpu RUN_SERIAL TRUE SKIP_REGULAR_EXPRESSION
                                                       "no GPU for every rank" ENVIRONMENT "${atnas_device_environment}")
  endforeach()
endif()

# The main program of the MPI tests is itself put to the test: it must not pass when a rank fails, hangs or runs nothing.
add_executable(mpi_test_main_subject support/mpi_test_main_subject.cpp)
target_link_libraries(mpi_test_main_subject PRIVATE atnas_mpi_test_support atnas_flags)
add_test(NAME support.mpi_test_main COMMAND ${ATNAS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/support/test_mpi_test_main.py
                                            ${MPIEXEC_EXECUTABLE} $<TARGET_FILE:mpi_test_main_subject>)
set_tests_properties(support.mpi_test_main PROPERTIES LABELS support TIMEOUT 120 PROCESSORS 2
                                                      ENVIRONMENT "${atnas_test_environment}")
