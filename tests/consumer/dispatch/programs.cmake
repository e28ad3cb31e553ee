# SPDX-License-Identifier: MIT
# A program with an engine for each instruction set, and proof that it is sealed.
flexdnn_dispatch(tiny_everywhere NETWORK tiny HEADER ${CMAKE_CURRENT_LIST_DIR}/tiny.hpp
                 POLICY flexdnn::entropy_confidence<tiny>)
add_executable(uses_dispatch ${CMAKE_CURRENT_LIST_DIR}/uses_dispatch.cpp)
target_link_libraries(uses_dispatch PRIVATE tiny_everywhere)
add_test(NAME uses_dispatch COMMAND uses_dispatch)
if(TARGET tiny_everywhere_x86_64)
  find_package(Python3 REQUIRED)
  add_test(NAME sealed
           COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/sealed.py --forms 3 $<TARGET_FILE:tiny_everywhere>
                   $<TARGET_FILE:uses_dispatch>)
elseif(CMAKE_HOST_SYSTEM_NAME STREQUAL Linux AND CMAKE_HOST_SYSTEM_PROCESSOR STREQUAL x86_64)
  message(FATAL_ERROR "flexdnn_dispatch makes one form where it could make three")
endif()
