# SPDX-License-Identifier: Apache-2.0
# Defines atnas_hdf5: parallel HDF5. Finding the serial one beside an MPI program is the classic mistake, so whatever was
# found is asked for H5_HAVE_PARALLEL.
set(HDF5_PREFER_PARALLEL ON)
set(atnas_hdf5_link "")
set(atnas_hdf5_include "")

# A place the user named counts more than the distribution's.
if(NOT HDF5_ROOT AND NOT DEFINED ENV{HDF5_ROOT} AND NOT HDF5_DIR)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    # Debian's names for the builds on top of each MPI library.
    pkg_search_module(ATNAS_HDF5 QUIET hdf5-openmpi hdf5-mpich hdf5_parallel)
    if(ATNAS_HDF5_FOUND)
      set(atnas_hdf5_link ${ATNAS_HDF5_LINK_LIBRARIES})
      set(atnas_hdf5_include ${ATNAS_HDF5_INCLUDE_DIRS})
    endif()
  endif()
endif()
if(NOT atnas_hdf5_link)
  find_package(HDF5 QUIET COMPONENTS C)
  if(HDF5_FOUND)
    # Files, not targets: whoever uses the installed libraries need not find HDF5 in the same way.
    foreach(library IN LISTS HDF5_C_LIBRARIES)
      if(TARGET ${library})
        get_target_property(library ${library} LOCATION)
      endif()
      list(APPEND atnas_hdf5_link ${library})
    endforeach()
    set(atnas_hdf5_include ${HDF5_C_INCLUDE_DIRS})
  endif()
endif()

set(found "nothing")
set(parallel OFF)
if(atnas_hdf5_link)
  # A header of pkg-config's that lies in a default folder is not listed.
  find_file(ATNAS_HDF5_CONFIG NAMES H5pubconf.h H5pubconf-64.h HINTS ${atnas_hdf5_include} NO_CACHE)
  set(version "of unknown version")
  if(ATNAS_HDF5_CONFIG)
    file(STRINGS ${ATNAS_HDF5_CONFIG} lines REGEX "define H5_(HAVE_PARALLEL|VERSION) ")
    foreach(line IN LISTS lines)
      if(line MATCHES "H5_VERSION +\"([0-9.]+)")
        set(version ${CMAKE_MATCH_1})
      elseif(line MATCHES "H5_HAVE_PARALLEL +1")
        set(parallel ON)
      endif()
    endforeach()
  endif()
  set(found "HDF5 ${version} built without MPI (${ATNAS_HDF5_CONFIG})")
endif()

if(parallel)
  add_library(atnas_hdf5 INTERFACE)
  target_link_libraries(atnas_hdf5 INTERFACE ${atnas_hdf5_link})
  target_include_directories(atnas_hdf5 SYSTEM INTERFACE ${atnas_hdf5_include})
else()
  atnas_missing(
    NEEDED "HDF5 built with MPI (parallel HDF5)"
    FOUND "${found}"
    PACKAGES libhdf5-openmpi-dev pkg-config
    OR "-DHDF5_ROOT=/path/to/parallel/hdf5, or the environment variable HDF5_ROOT")
endif()
