# SPDX-License-Identifier: MIT
# flexdnn_check_headers(<target> <include root> <headers> <libraries> [TOGETHER] [<option>...])
#
# Each header is compiled alone, and twice in a row, into an object of its own. All objects are then
# linked with one that includes every header: whatever is defined but not inline is in two of them, and
# the linker refuses it. TOGETHER compiles only that last one. The target is not part of `all`.
function(flexdnn_check_headers target root headers libraries)
  cmake_parse_arguments(PARSE_ARGV 4 arg TOGETHER "" "")
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${target}_sources)
  set(everything "")
  set(sources "")
  foreach(header IN LISTS headers)
    cmake_path(RELATIVE_PATH header BASE_DIRECTORY ${root})
    string(APPEND everything "#include <${header}>\n")
    if(NOT arg_TOGETHER)
      string(MAKE_C_IDENTIFIER ${header} name)
      file(CONFIGURE OUTPUT ${directory}/${name}.cpp CONTENT "#include <${header}>\n#include <${header}>\n")
      list(APPEND sources ${directory}/${name}.cpp)
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${directory}/everything.cpp CONTENT "${everything}int main() {}\n")

  add_library(${target}_alone OBJECT EXCLUDE_FROM_ALL ${directory}/everything.cpp ${sources})
  target_link_libraries(${target}_alone PUBLIC ${libraries})
  # After the build type's own -O3: nothing here runs, so that speed of compiling is all that counts.
  target_compile_options(${target}_alone PRIVATE -O0 ${arg_UNPARSED_ARGUMENTS})
  add_executable(${target} EXCLUDE_FROM_ALL)
  target_link_libraries(${target} PRIVATE ${target}_alone)
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
endfunction()
