# SPDX-License-Identifier: Apache-2.0
# CUDA, cuDNN, cuBLAS and NCCL, all optional. Sets ATNAS_HAS_CUDA and ATNAS_HAS_NCCL, defines atnas_cuda and atnas_nccl,
# and says what was found. ATNAS_CUDA and ATNAS_NCCL: AUTO takes what is there, ON makes a lack an error, OFF does without.
set(ATNAS_CUDA AUTO CACHE STRING "The cuda backend: AUTO, ON or OFF")
set(ATNAS_NCCL AUTO CACHE STRING "Reductions by NCCL: AUTO, ON or OFF")
set_property(CACHE ATNAS_CUDA ATNAS_NCCL PROPERTY STRINGS AUTO ON OFF)
set(ATNAS_HAS_CUDA OFF)
set(ATNAS_HAS_NCCL OFF)
set(atnas_cuda_report "no (ATNAS_CUDA=OFF)")
set(atnas_nccl_report "no (ATNAS_NCCL=OFF)")

# atnas_cuda_lack(<option> <report variable> NEEDED <text> FOUND <text> PACKAGES <names> OR <text>)
function(atnas_cuda_lack option report)
  cmake_parse_arguments(lack "" "NEEDED;FOUND;OR" "PACKAGES" ${ARGN})
  set(${report} "no (${lack_NEEDED}: ${lack_FOUND})" PARENT_SCOPE)
  if(${option} STREQUAL "ON")
    atnas_missing(NEEDED "${lack_NEEDED} (for ${option}=ON)" FOUND "${lack_FOUND}" PACKAGES ${lack_PACKAGES}
                  OR "${lack_OR}, or -D${option}=AUTO")
  endif()
endfunction()

# atnas_version_in(<result> <header> <prefix> <parts>...): the version that the header states in macros <prefix>_<part>; 0 where
# it does not, or is not there.
function(atnas_version_in result header prefix)
  set(numbers "")
  if(EXISTS ${header})
    file(READ ${header} text)
    foreach(part IN LISTS ARGN)
      if(text MATCHES "define ${prefix}_${part} +([0-9]+)")
        list(APPEND numbers ${CMAKE_MATCH_1})
      endif()
    endforeach()
  endif()
  list(JOIN numbers "." version)
  if(NOT numbers)
    set(version 0)
  endif()
  set(${result} ${version} PARENT_SCOPE)
endfunction()

if(ATNAS_CUDA)
  if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
    # Binaries for A100 and H100, and PTX for whatever comes later.
    set(CMAKE_CUDA_ARCHITECTURES 80-real 90-real 90-virtual)
  endif()
  # The shared runtime: the same program runs with the simulated device of the tests.
  set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    get_filename_component(atnas_cuda_bin ${CMAKE_CUDA_COMPILER} DIRECTORY)
    find_package(CUDAToolkit QUIET)
    find_path(CUDNN_INCLUDE_DIR cudnn.h HINTS ${CUDAToolkit_INCLUDE_DIRS})
    find_library(CUDNN_LIBRARY cudnn HINTS ${CUDAToolkit_LIBRARY_DIR} ${atnas_cuda_bin}/../lib)
    find_library(CUBLAS_LIBRARY cublas HINTS ${CUDAToolkit_LIBRARY_DIR} ${atnas_cuda_bin}/../lib)
    find_library(CUDART_LIBRARY cudart HINTS ${CUDAToolkit_LIBRARY_DIR} ${atnas_cuda_bin}/../lib)
    set(cudnn_version 0)
    set(atnas_cudnn_found "no cudnn.h or libcudnn")
    if(CUDNN_INCLUDE_DIR AND CUDNN_LIBRARY)
      atnas_version_in(cudnn_version ${CUDNN_INCLUDE_DIR}/cudnn_version.h CUDNN MAJOR MINOR PATCHLEVEL)
      set(atnas_cudnn_found "cuDNN ${cudnn_version} in ${CUDNN_INCLUDE_DIR}")
    endif()
    if(NOT CUDAToolkit_FOUND OR CUDAToolkit_VERSION VERSION_LESS 12)
      atnas_cuda_lack(
        ATNAS_CUDA atnas_cuda_report NEEDED "the CUDA toolkit 12 or newer"
        FOUND "CUDA ${CUDAToolkit_VERSION} of ${CMAKE_CUDA_COMPILER}" PACKAGES nvidia-cuda-toolkit
        OR "-DCMAKE_CUDA_COMPILER=/path/to/nvcc -DCUDAToolkit_ROOT=/path/to/cuda")
    elseif(cudnn_version VERSION_LESS 9)
      atnas_cuda_lack(ATNAS_CUDA atnas_cuda_report NEEDED "cuDNN 9 or newer" FOUND "${atnas_cudnn_found}"
                      PACKAGES libcudnn9-dev-cuda-${CUDAToolkit_VERSION_MAJOR}
                      OR "-DCUDNN_INCLUDE_DIR=... -DCUDNN_LIBRARY=...")
    elseif(NOT CUBLAS_LIBRARY OR NOT CUDART_LIBRARY)
      atnas_cuda_lack(
        ATNAS_CUDA atnas_cuda_report NEEDED "cuBLAS and the CUDA runtime as shared libraries"
        FOUND "CUDA ${CUDAToolkit_VERSION} without them" PACKAGES nvidia-cuda-toolkit
        OR "-DCUBLAS_LIBRARY=... -DCUDART_LIBRARY=...")
    else()
      set(ATNAS_HAS_CUDA ON)
    endif()
  else()
    atnas_cuda_lack(ATNAS_CUDA atnas_cuda_report NEEDED "the CUDA toolkit 12 or newer" FOUND "no nvcc"
                    PACKAGES nvidia-cuda-toolkit OR "-DCMAKE_CUDA_COMPILER=/path/to/nvcc")
  endif()
endif()

if(ATNAS_HAS_CUDA)
  enable_language(CUDA)
  # Names as the lists that they stand for: the program says by them which devices it runs on.
  foreach(name native all all-major)
    string(TOUPPER "CMAKE_CUDA_ARCHITECTURES_${name}" list)
    string(REPLACE "-" "_" list "${list}")
    if("${CMAKE_CUDA_ARCHITECTURES}" STREQUAL "${name}" AND ${list})
      set(CMAKE_CUDA_ARCHITECTURES ${${list}})
    endif()
  endforeach()
  # CMake 3.25 does not know that nvcc speaks C++20.
  if(NOT DEFINED CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
  endif()
  add_library(atnas_cuda INTERFACE)
  target_include_directories(atnas_cuda SYSTEM INTERFACE ${CUDAToolkit_INCLUDE_DIRS} ${CUDNN_INCLUDE_DIR})
  target_link_libraries(atnas_cuda INTERFACE ${CUDNN_LIBRARY} ${CUBLAS_LIBRARY} ${CUDART_LIBRARY})
  set(atnas_cuda_report "CUDA ${CUDAToolkit_VERSION} for ${CMAKE_CUDA_ARCHITECTURES}, cuDNN ${cudnn_version} \
(${CUDNN_LIBRARY}), cuBLAS (${CUBLAS_LIBRARY})")
  if(ATNAS_NCCL)
    find_path(NCCL_INCLUDE_DIR nccl.h HINTS ${CUDAToolkit_INCLUDE_DIRS})
    find_library(NCCL_LIBRARY nccl HINTS ${CUDAToolkit_LIBRARY_DIR} ${atnas_cuda_bin}/../lib)
    set(nccl_version 0)
    set(atnas_nccl_found "no nccl.h or libnccl")
    if(NCCL_INCLUDE_DIR AND NCCL_LIBRARY)
      atnas_version_in(nccl_version ${NCCL_INCLUDE_DIR}/nccl.h NCCL MAJOR MINOR PATCH)
      set(atnas_nccl_found "NCCL ${nccl_version} in ${NCCL_INCLUDE_DIR}")
    endif()
    # The first with communicators that do not block.
    if(nccl_version VERSION_GREATER_EQUAL 2.14)
      set(ATNAS_HAS_NCCL ON)
      add_library(atnas_nccl INTERFACE)
      target_include_directories(atnas_nccl SYSTEM INTERFACE ${NCCL_INCLUDE_DIR})
      target_link_libraries(atnas_nccl INTERFACE ${NCCL_LIBRARY} atnas_cuda)
      set(atnas_nccl_report "NCCL ${nccl_version} (${NCCL_LIBRARY})")
    else()
      atnas_cuda_lack(ATNAS_NCCL atnas_nccl_report NEEDED "NCCL 2.14 or newer" FOUND "${atnas_nccl_found}"
                      PACKAGES libnccl-dev OR "-DNCCL_INCLUDE_DIR=... -DNCCL_LIBRARY=...")
    endif()
  endif()
elseif(ATNAS_NCCL)
  atnas_cuda_lack(ATNAS_NCCL atnas_nccl_report NEEDED "the cuda backend" FOUND "it is not built" PACKAGES libnccl-dev OR
                  "-DATNAS_CUDA=ON")
endif()
message(STATUS "Backend cuda: ${atnas_cuda_report}")
message(STATUS "Reductions by NCCL: ${atnas_nccl_report}")
