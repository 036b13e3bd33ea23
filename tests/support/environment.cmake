# SPDX-License-Identifier: Apache-2.0
# atnas_device_environment: what tests on GPUs run under, real ones or simulated ones.
# atnas_test_environment: what all others run under; they do the same on every machine, for they see no GPU.
set(atnas_device_environment
    # One core per rank, as in production; several tests run at a time.
    OMP_NUM_THREADS=1
    # Open MPI in containers: as root, on fewer cores than ranks, unbound since tests run side by side, and without
    # reading the memory of other processes, which many containers forbid.
    OMPI_ALLOW_RUN_AS_ROOT=1
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    OMPI_MCA_rmaps_base_oversubscribe=1
    OMPI_MCA_hwloc_base_binding_policy=none
    OMPI_MCA_btl_vader_single_copy_mechanism=none
    OMPI_MCA_mpi_yield_when_idle=1
    # As the program does it (src/comm/communicator.cpp).
    OMPI_MCA_sharedfp=^sm
    PMIX_MCA_gds=hash
    # Open MPI 5 finds no way by TCP from a machine's network interface to itself.
    OMPI_MCA_btl_tcp_if_include=lo
    # What is said above, for Open MPI 5.
    OMPI_MCA_smsc=^cma
    PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
    PRTE_MCA_hwloc_default_binding_policy=none
    # Only sanitized builds read these. Open MPI keeps some memory to the end.
    LSAN_OPTIONS=suppressions=${CMAKE_CURRENT_LIST_DIR}/lsan.supp:print_suppressions=0
    UBSAN_OPTIONS=print_stacktrace=1
    # Its second of waiting at the end of a process is what a watchdog under test bites after.
    TSAN_OPTIONS=halt_on_error=1:atexit_sleep_ms=0)
set(atnas_test_environment ${atnas_device_environment} CUDA_VISIBLE_DEVICES=)

# atnas_simulate_devices(<tests>...): these run on the simulated device, whichever real GPUs the machine shows.
function(atnas_simulate_devices)
  set_property(TEST ${ARGN} APPEND PROPERTY ENVIRONMENT_MODIFICATION "CUDA_VISIBLE_DEVICES=unset:")
endfunction()

# atnas_find_simulated_libraries(<tests>...): their programs load the libraries of the simulated device.
function(atnas_find_simulated_libraries)
  set_property(TEST ${ARGN} APPEND PROPERTY ENVIRONMENT_MODIFICATION "LD_LIBRARY_PATH=path_list_prepend:${ATNAS_CUDA_SIM}")
endfunction()

# atnas_set_discovered(<program> <property> <values>...), once per program: a list, which gtest_discover_tests() cannot pass
# on. ctest reads this script after the tests of the program are known.
function(atnas_set_discovered program property)
  set(script ${CMAKE_CURRENT_BINARY_DIR}/${program}_properties.cmake)
  file(WRITE ${script} "foreach(test IN LISTS ${program}_TESTS)
  set_tests_properties(\${test} PROPERTIES ${property} \"${ARGN}\")
endforeach()
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
endfunction()
function(atnas_set_discovered_environment program)
  atnas_set_discovered(${program} ENVIRONMENT ${atnas_test_environment})
endfunction()
