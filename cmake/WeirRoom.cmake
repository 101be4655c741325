# weir_library(NAME FOLDER... LIBS lib...): a static library of all sources
# below the folders. weir_test(NAME FOLDER... LIBS lib...): a GoogleTest
# program of all *_test.cpp (and helpers) below the folders, registered with
# CTest under the label LABEL (default: quick).
function(_weir_sources out)
  set(found)
  foreach(folder ${ARGN})
    file(GLOB_RECURSE here CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp")
    list(APPEND found ${here})
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

function(weir_library name)
  cmake_parse_arguments(A "" "" "FOLDERS;LIBS" ${ARGN})
  _weir_sources(sources ${A_FOLDERS})
  if(NOT sources)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${A_LIBS})
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC ${A_LIBS})
endfunction()

function(weir_test name)
  cmake_parse_arguments(A "" "LABEL" "FOLDERS;LIBS" ${ARGN})
  if(NOT A_LABEL)
    set(A_LABEL quick)
  endif()
  _weir_sources(sources ${A_FOLDERS})
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ${A_LIBS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE WEIR_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES LABELS ${A_LABEL} TIMEOUT 600)
endfunction()

# A target with a precompiled header does without ccache: an object that was
# made with another state of that header would be a crash, not an error.
function(weir_without_ccache name)
  set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
endfunction()
