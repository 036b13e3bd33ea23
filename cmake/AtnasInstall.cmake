# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` copies besides the program (src/CMakeLists.txt) and the libraries (AtnasLayer.cmake): headers, the
# CMake package that finds both, decks, the analysis scripts, the licence.
include(CMakePackageConfigHelpers)
install(DIRECTORY include/atnas ${PROJECT_BINARY_DIR}/include/atnas DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.hpp")

# find_package(atnas): a target for each layer, atnas::core ... atnas::app.
set(atnas_package ${CMAKE_INSTALL_LIBDIR}/cmake/atnas)
# Libraries whose places are known to this build are part of the package; the others are found anew.
foreach(library mpi hdf5 onednn random123 stb xxhash cuda nccl)
  if(TARGET atnas_${library})
    install(TARGETS atnas_${library} EXPORT atnas)
  endif()
endforeach()
install(EXPORT atnas NAMESPACE atnas:: DESTINATION ${atnas_package} FILE atnasTargets.cmake)
configure_package_config_file(cmake/atnasConfig.cmake.in ${PROJECT_BINARY_DIR}/atnasConfig.cmake
                              INSTALL_DESTINATION ${atnas_package} NO_SET_AND_CHECK_MACRO)
# Until 1.0.0 headers may change with every minor version.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/atnasConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/atnasConfig.cmake ${PROJECT_BINARY_DIR}/atnasConfigVersion.cmake
        DESTINATION ${atnas_package})

foreach(folder inputs analysis)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_DATADIR}/atnas PATTERN "__pycache__" EXCLUDE)
  endif()
endforeach()
install(FILES LICENSE README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})

# An environment module, which names the place that --prefix says.
set(atnas_module ${CMAKE_INSTALL_DATADIR}/modulefiles/atnas/${PROJECT_VERSION})
install(
  CODE "set(PROJECT_VERSION \"${PROJECT_VERSION}\")
set(CMAKE_INSTALL_BINDIR \"${CMAKE_INSTALL_BINDIR}\")
set(CMAKE_INSTALL_MANDIR \"${CMAKE_INSTALL_MANDIR}\")
set(module \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${atnas_module}\")
configure_file(\"${PROJECT_SOURCE_DIR}/cmake/modulefile.in\" \"\${module}\" @ONLY)
message(STATUS \"Installing: \${module}\")")
