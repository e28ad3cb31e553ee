# SPDX-License-Identifier: MIT
# flexdnn_import_onnx, the importer behind examples/import_onnx, where ONNX and protobuf are found. Included at
# the top, so that the packages' imported targets are known to examples and tests alike.
if(NOT CMAKE_CROSSCOMPILING)  # a tool of the machine that builds
  find_package(Protobuf QUIET)
  if(Protobuf_FOUND)
    find_package(ONNX CONFIG QUIET)
  endif()
endif()
if(TARGET onnx AND TARGET onnx_proto)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cpp)
  add_library(flexdnn_import_onnx STATIC EXCLUDE_FROM_ALL ${sources})
  target_include_directories(flexdnn_import_onnx PUBLIC ${PROJECT_SOURCE_DIR}/examples)
  target_link_libraries(flexdnn_import_onnx PUBLIC flexdnn::io PRIVATE onnx onnx_proto flexdnn_strict)
  target_compile_options(flexdnn_import_onnx PRIVATE $<$<CONFIG:Release>:-O1>)  # it runs for seconds at most
  # As one file: 8 s of CPU time (GCC), 27 s file by file, most of it the same headers.
  set_target_properties(flexdnn_import_onnx PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
else()
  message(STATUS "FlexDNN: no import_onnx; it needs ONNX and protobuf "
                 "(Debian: apt-get install libonnx-dev libprotobuf-dev)")
endif()
