# SPDX-License-Identifier: MIT
# flexdnn_dispatch(<name> NETWORK <type> HEADER <file> [POLICY <type>] [ISA <level>...])
#
# Defines a library <name>: the engine of NETWORK once for each instruction set, of which a program that links with it
# and includes "<name>.hpp" uses the best that its machine has: <name> is then a class, a flexdnn::dispatched.
# HEADER declares network and policy; POLICY is always_last unless told. ISA: any of x86-64-v2, x86-64-v3 and
# x86-64-v4, by default the last two; x86-64 is always there. Include directories, definitions and options of <name>
# count for its translation units too.
#
# Each translation unit becomes one sealed object with a single global symbol. Otherwise linkers would keep one copy of
# an inline function that several have, and a machine without AVX might be given the one with. Sealing needs GNU ld and
# objcopy, and a GCC or Clang for x86-64 ELF; elsewhere there is one form, as the compiler's options say.
function(flexdnn_dispatch name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "NETWORK;HEADER;POLICY" "ISA")
  set(levels x86-64 x86-64-v2 x86-64-v3 x86-64-v4)
  if(NOT DEFINED arg_ISA)
    set(arg_ISA x86-64-v3 x86-64-v4)
  endif()
  if(NOT arg_NETWORK OR NOT arg_HEADER OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "flexdnn_dispatch(${name}): wanted NETWORK <type> HEADER <file> [POLICY <type>] "
                        "[ISA <level>...], got ${ARGN}")
  endif()
  foreach(level IN LISTS arg_ISA)
    if(NOT level IN_LIST levels)
      message(FATAL_ERROR "flexdnn_dispatch(${name}): ISA is ${level}, wanted some of ${levels}")
    endif()
  endforeach()
  if(NOT arg_POLICY)
    set(arg_POLICY flexdnn::always_last)
  endif()

  set(forms)
  flexdnn_find_sealer(sealer)
  if(sealer)
    foreach(level IN LISTS levels)  # in ascending order
      if(level STREQUAL x86-64 OR level IN_LIST arg_ISA)
        string(REPLACE - _ form ${level})
        list(APPEND forms ${form})
      endif()
    endforeach()
  else()
    set(forms as_compiled)
    message(STATUS "FlexDNN: ${name} has one form, as the compiler's options say; more take GCC or Clang for "
                   "x86-64 ELF, and binutils (ld --force-group-allocation, objcopy)")
  endif()

  # A header that is a file here is found by those who link with the library, any other on their include path.
  cmake_path(ABSOLUTE_PATH arg_HEADER OUTPUT_VARIABLE header)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/flexdnn_dispatch/${name})
  add_library(${name} STATIC)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC flexdnn::io)
  target_include_directories(${name} INTERFACE ${folder})
  if(EXISTS ${header})
    cmake_path(GET header PARENT_PATH beside)
    target_include_directories(${name} PUBLIC ${beside})
    cmake_path(GET header FILENAME arg_HEADER)
  endif()

  list(TRANSFORM forms PREPEND ${name}_ OUTPUT_VARIABLE tables)
  list(JOIN tables ", " declared)
  list(JOIN tables ", &" listed)
  file(CONFIGURE OUTPUT ${folder}/${name}.hpp CONTENT [[
// @name@: @arg_NETWORK@ for the best instruction set of the machine that it runs on. Written by flexdnn_dispatch.
#pragma once

#include <flexdnn/io/dispatched.hpp>

#include "@arg_HEADER@"

extern "C" const flexdnn::engine_functions @declared@;
struct @name@_forms {
  static constexpr const flexdnn::engine_functions* all[] = {&@listed@};
};
using @name@ = flexdnn::dispatched<@arg_NETWORK@, @arg_POLICY@, @name@_forms>;
]] @ONLY)
  foreach(form IN LISTS forms)
    flexdnn_add_form(${name} ${form} ${folder})
  endforeach()
endfunction()

# Compiles one form of the library that flexdnn_dispatch is defining, and seals it unless it is the only one.
function(flexdnn_add_form name form folder)
  set(table ${name}_${form})
  file(CONFIGURE OUTPUT ${folder}/${table}.cpp CONTENT [[
// @table@: @arg_NETWORK@ for one instruction set. Written by flexdnn_dispatch.
#include <flexdnn/engine/engine_functions.hpp>

#include "@arg_HEADER@"

extern "C" const flexdnn::engine_functions @table@;
constinit const flexdnn::engine_functions @table@ =
    flexdnn::functions_of<@arg_NETWORK@, @arg_POLICY@>(flexdnn::isa::@form@);
]] @ONLY)
  add_library(${table} OBJECT ${folder}/${table}.cpp)
  foreach(property INCLUDE_DIRECTORIES COMPILE_DEFINITIONS COMPILE_OPTIONS COMPILE_FEATURES)
    set_property(TARGET ${table} PROPERTY ${property} $<TARGET_PROPERTY:${name},${property}>)
  endforeach()
  if(form STREQUAL as_compiled)
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:${table}>)
    return()
  endif()
  string(REPLACE _v -v march ${form})
  string(REPLACE x86_64 x86-64 march ${march})
  # ld -r takes machine code; objcopy leaves GCC's unique symbols global, and .llvm_addrsig counts symbols that sealing
  # renumbers.
  target_compile_options(${table} PRIVATE -march=${march} -fno-lto $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  set(sealed ${folder}/${table}.o)
  add_custom_command(OUTPUT ${sealed} DEPENDS ${table} $<TARGET_OBJECTS:${table}>
                     COMMAND ${FLEXDNN_LD} -r --force-group-allocation -o ${sealed}.open $<TARGET_OBJECTS:${table}>
                     COMMAND ${CMAKE_OBJCOPY} --keep-global-symbol=${table} --remove-section=.llvm_addrsig
                             ${sealed}.open ${sealed}
                     COMMENT "Sealing ${table}" VERBATIM)
  target_sources(${name} PRIVATE ${sealed})
endfunction()

# Whether objects can be sealed here; sets FLEXDNN_LD to the linker that does.
function(flexdnn_find_sealer found)
  set(${found} FALSE PARENT_SCOPE)
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" OR NOT CMAKE_SIZEOF_VOID_P EQUAL 8
     OR NOT CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang)$" OR NOT CMAKE_CXX_COMPILER_ABI STREQUAL ELF)
    return()
  endif()
  # Not CMAKE_LINKER: for Clang that may be LLD, which lacks the option. A cross compiler's is beside its objcopy.
  string(REGEX REPLACE "objcopy$" "ld" beside "${CMAKE_OBJCOPY}")
  find_program(FLEXDNN_LD NAMES ${beside}.bfd ld.bfd ${beside} ld DOC "GNU ld, which seals objects")
  if(NOT FLEXDNN_LD OR NOT CMAKE_OBJCOPY)
    return()
  endif()
  execute_process(COMMAND ${FLEXDNN_LD} --help OUTPUT_VARIABLE help ERROR_QUIET)
  if(help MATCHES force-group-allocation)
    set(${found} TRUE PARENT_SCOPE)
  endif()
endfunction()
