# Flags that every target of Weir is built with.
#
# One configuration (release) serves ./dev run and ./dev test, so that a
# newcomer's two cores build everything once. Actor, adapter and node code is
# compiled at -O1: it is message passing, and -O2 costs a third more compile
# time for nothing that can be measured. Hot code (storage/) asks for -O2 or
# -O3 in its own CMakeLists. No debug information: it saves a third again;
# the dev preset has it.
option(WEIR_FUZZ "build the fuzzers of tests/fuzz with libFuzzer" OFF)
set(WEIR_SANITIZE "" CACHE STRING "value of -fsanitize, empty for none")

set(CMAKE_CXX_FLAGS_RELEASE "-O1")
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
if(WEIR_FUZZ) # optimised: executions are what counts; every file tells libFuzzer where it has been
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

add_compile_options(
  $<$<COMPILE_LANGUAGE:CXX>:-Wall> $<$<COMPILE_LANGUAGE:CXX>:-Wextra> $<$<COMPILE_LANGUAGE:CXX>:-Werror>
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>)
add_compile_definitions(CAF_ENABLE_TYPE_ID_CHECKS)
add_link_options(-fuse-ld=lld)
# ccache can only cache what includes a precompiled header with this.
add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)

if(WEIR_SANITIZE)
  # null: CAF 0.17.6 forms a null reference when it spawns without arguments.
  add_compile_options(-fsanitize=${WEIR_SANITIZE} -fno-sanitize=null -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WEIR_SANITIZE})
endif()
