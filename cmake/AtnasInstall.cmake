# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` copies: the program (src/CMakeLists.txt), headers, decks, the analysis scripts, the licence.
install(DIRECTORY include/atnas ${PROJECT_BINARY_DIR}/include/atnas DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.hpp")
foreach(folder inputs analysis)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_DATADIR}/atnas PATTERN "__pycache__" EXCLUDE)
  endif()
endforeach()
install(FILES LICENSE README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
