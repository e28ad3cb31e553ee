# SPDX-License-Identifier: MIT
# flexdnn_embed(<name> COMMAND <program> [<argument>...] [DEPENDS <file>...] [SOURCE])
#
# Defines a library <name>: weights as constants, which a program links with and includes as "<name>.hpp".
# <program> (a target, or the path of one that runs on this machine) writes them: it is run in the folder where
# the files belong, and calls flexdnn::embed with that name. It runs again when it or a DEPENDS file has changed.
# Files are <name>.S and <name>.bin or, with SOURCE, <name>.cpp (embedded_form::source), which is compiled with
# the options of the program that links with the library.
macro(flexdnn_embed name)
  set(flexdnn_embed_arguments ${ARGN})
  if(NOT "SOURCE" IN_LIST flexdnn_embed_arguments)
    enable_language(ASM)  # here, because a function may not
  endif()
  flexdnn_add_embedded(${name} ${ARGN})
endmacro()

function(flexdnn_add_embedded name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SOURCE" "" "COMMAND;DEPENDS")
  if(NOT arg_COMMAND OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "flexdnn_embed(${name}): wanted COMMAND <program> [<argument>...] [DEPENDS <file>...] "
                        "[SOURCE], got ${ARGN}")
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/flexdnn_embed/${name})
  file(MAKE_DIRECTORY ${folder})
  set(files ${folder}/${name}.hpp)
  if(arg_SOURCE)
    list(APPEND files ${folder}/${name}.cpp)
  else()
    list(APPEND files ${folder}/${name}.S ${folder}/${name}.bin)
  endif()
  # CMake makes sure that a target is built before it runs, but alone it does not run it again.
  list(GET arg_COMMAND 0 program)
  if(TARGET ${program})
    list(APPEND arg_DEPENDS ${program})
  endif()
  add_custom_command(OUTPUT ${files} COMMAND ${arg_COMMAND} DEPENDS ${arg_DEPENDS} WORKING_DIRECTORY ${folder}
                     COMMENT "Packing ${name}" VERBATIM)

  if(arg_SOURCE)
    add_custom_target(${name}_files DEPENDS ${files})
    add_library(${name} INTERFACE)
    add_dependencies(${name} ${name}_files)
    target_sources(${name} INTERFACE ${folder}/${name}.cpp)
  else()
    add_library(${name} STATIC ${files})
    set_source_files_properties(${folder}/${name}.S PROPERTIES OBJECT_DEPENDS ${folder}/${name}.bin)
    target_include_directories(${name} PRIVATE ${folder})
  endif()
  target_include_directories(${name} INTERFACE ${folder})
  target_link_libraries(${name} INTERFACE flexdnn::flexdnn)
endfunction()
