# SPDX-License-Identifier: Apache-2.0
# Everything ATNAS needs from elsewhere. What is missing or wrong is collected and reported together at the end: what was
# needed, what was found, what to type. Targets defined here: atnas_mpi, atnas_hdf5, atnas_onednn, atnas_random123,
# atnas_stb, atnas_xxhash.
include(AtnasMissing)

# MPI, the C interface.
find_package(MPI QUIET COMPONENTS C)
if(MPI_C_FOUND AND MPI_C_VERSION VERSION_GREATER_EQUAL 3)
  add_library(atnas_mpi INTERFACE)
  target_link_libraries(atnas_mpi INTERFACE MPI::MPI_C)
  # The deprecated C++ bindings of Open MPI would otherwise ask for a library of their own.
  target_compile_definitions(atnas_mpi INTERFACE OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
else()
  set(found "nothing")
  if(MPI_C_FOUND)
    set(found "MPI ${MPI_C_VERSION} (${MPI_C_COMPILER})")
  endif()
  atnas_missing(
    NEEDED "MPI 3 or newer, C interface"
    FOUND "${found}"
    PACKAGES libopenmpi-dev openmpi-bin
    OR "-DMPI_C_COMPILER=/path/to/mpicc, or load your site's MPI module first")
endif()

include(AtnasFindHdf5)
# Fuzz targets compute nothing and read no command line.
if(NOT ATNAS_FUZZ)
  # oneDNN computes with the compiler's OpenMP threads, whose number ATNAS sets.
  find_package(OpenMP QUIET COMPONENTS CXX)
  if(NOT TARGET OpenMP::OpenMP_CXX)
    atnas_missing(
      NEEDED "OpenMP"
      FOUND "a compiler without it (${CMAKE_CXX_COMPILER})"
      PACKAGES g++
      OR "-DCMAKE_CXX_COMPILER=/path/to/another/compiler")
  endif()
  include(AtnasFindOneDnn)
  include(AtnasFindCuda)

  find_package(Boost QUIET CONFIG COMPONENTS program_options)
  if(NOT TARGET Boost::program_options)
    set(found "nothing")
    if(Boost_DIR)
      set(found "Boost ${Boost_VERSION} in ${Boost_DIR} without Program_options")
    endif()
    atnas_missing(
      NEEDED "Boost.Program_options"
      FOUND "${found}"
      PACKAGES libboost-program-options-dev
      OR "-DBoost_DIR=/path/to/lib/cmake/Boost-x.y.z")
  endif()
endif()

find_package(LibArchive QUIET)
if(NOT TARGET LibArchive::LibArchive)
  atnas_missing(
    NEEDED "libarchive"
    FOUND "nothing"
    PACKAGES libarchive-dev
    OR "-DLibArchive_INCLUDE_DIR=/path/to/include -DLibArchive_LIBRARY=/path/to/libarchive.so")
endif()

find_package(spdlog QUIET)
if(NOT TARGET spdlog::spdlog)
  atnas_missing(
    NEEDED "spdlog"
    FOUND "nothing"
    PACKAGES libspdlog-dev
    OR "-Dspdlog_DIR=/path/to/lib/cmake/spdlog")
endif()

find_package(nlohmann_json QUIET)
if(NOT TARGET nlohmann_json::nlohmann_json)
  atnas_missing(
    NEEDED "nlohmann-json"
    FOUND "nothing"
    PACKAGES nlohmann-json3-dev
    OR "-Dnlohmann_json_DIR=/path/to/cmake/nlohmann_json")
endif()

# Header-only packages without a CMake target of their own.
function(atnas_header_package target variable header needed package)
  find_path(${variable} ${header})
  if(${variable})
    add_library(${target} INTERFACE)
    target_include_directories(${target} SYSTEM INTERFACE ${${variable}})
  else()
    atnas_missing(
      NEEDED "${needed}"
      FOUND "no ${header}"
      PACKAGES ${package}
      OR "-D${variable}=/path/to/the/folder/above/${header}")
  endif()
endfunction()
atnas_header_package(atnas_random123 RANDOM123_INCLUDE_DIR Random123/philox.h "Random123" librandom123-dev)
atnas_header_package(atnas_stb STB_INCLUDE_DIR stb/stb_image.h "stb_image" libstb-dev)

# xxHash comes without a CMake package in most distributions.
find_path(XXHASH_INCLUDE_DIR xxhash.h)
find_library(XXHASH_LIBRARY xxhash)
if(XXHASH_INCLUDE_DIR AND XXHASH_LIBRARY)
  add_library(atnas_xxhash INTERFACE)
  target_include_directories(atnas_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
  target_link_libraries(atnas_xxhash INTERFACE ${XXHASH_LIBRARY})
else()
  set(found "no xxhash.h")
  if(XXHASH_INCLUDE_DIR)
    set(found "${XXHASH_INCLUDE_DIR}/xxhash.h, no libxxhash")
  endif()
  atnas_missing(
    NEEDED "xxHash 0.8 or newer"
    FOUND "${found}"
    PACKAGES libxxhash-dev
    OR "-DXXHASH_INCLUDE_DIR=/path/to/include -DXXHASH_LIBRARY=/path/to/libxxhash.so")
endif()

if(ATNAS_TESTS AND NOT ATNAS_FUZZ)
  find_package(GTest QUIET)
  if(NOT TARGET GTest::gtest)
    atnas_missing(
      NEEDED "GoogleTest (only with ATNAS_TESTS=ON)"
      FOUND "nothing"
      PACKAGES libgtest-dev
      OR "-DGTest_DIR=/path/to/lib/cmake/GTest, or -DATNAS_TESTS=OFF")
  endif()
  include(AtnasFindPython)
endif()

atnas_report_missing()
