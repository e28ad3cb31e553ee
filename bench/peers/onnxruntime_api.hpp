// SPDX-License-Identifier: MIT
// The part of ONNX Runtime's C interface that we call. Its package holds no header, but the interface is a
// table of function pointers that only grows at its end, so that a name is a number for good.
#pragma once

#include <cstddef>
#include <cstdint>

namespace flexdnn::bench::ort {

struct status;  // null: all is well
struct env;
struct session;
struct session_options;
struct memory_info;
struct value;

/// Functions that we do not call.
template <std::size_t Count>
using others = void* [Count];

struct api {
  others<2> from_0;
  const char* (*error_message)(const status*);                       // 2 GetErrorMessage
  status* (*create_env)(int severity, const char* log_name, env**);  // 3 CreateEnv
  others<4> from_4;
  status* (*create_session)(const env*, const void* model, std::size_t bytes, const session_options*,
                            session**);  // 8 CreateSessionFromArray
  status* (*run)(session*, const void* run_options, const char* const* input_names,
                 const value* const* inputs, std::size_t input_count, const char* const* output_names,
                 std::size_t output_count, value** outputs);  // 9 Run
  status* (*create_options)(session_options**);               // 10 CreateSessionOptions
  others<2> from_11;
  status* (*set_execution_mode)(session_options*, int);  // 13 SetSessionExecutionMode
  others<9> from_14;
  status* (*set_optimization)(session_options*, int level);  // 23 SetSessionGraphOptimizationLevel
  status* (*set_threads)(session_options*, int);             // 24 SetIntraOpNumThreads
  status* (*set_operator_threads)(session_options*, int);    // 25 SetInterOpNumThreads
  others<23> from_26;
  status* (*create_tensor)(const memory_info*, void* data, std::size_t bytes, const std::int64_t* extents,
                           std::size_t rank, int type, value**);  // 49 CreateTensorWithDataAsOrtValue
  others<19> from_50;
  status* (*create_memory_info)(int allocator, int memory, memory_info**);  // 69 CreateCpuMemoryInfo
  others<23> from_70;
  void (*release_status)(status*);            // 93 ReleaseStatus
  void (*release_memory_info)(memory_info*);  // 94 ReleaseMemoryInfo
  void (*release_session)(session*);          // 95 ReleaseSession
  void (*release_value)(value*);              // 96 ReleaseValue
  others<3> from_97;
  void (*release_options)(session_options*);  // 100 ReleaseSessionOptions
};
static_assert(offsetof(api, release_options) == 100 * sizeof(void*));

/// What OrtGetApiBase returns. A library gives the table of any version up to its own.
struct api_base {
  const api* (*get)(std::uint32_t version);
  const char* (*version)();
};

constexpr std::uint32_t api_version = 1;  // the first has all of the above
constexpr int errors = 3, sequential = 0, all_optimizations = 99, float_type = 1, device_allocator = 0,
              default_memory = 0;

}  // namespace flexdnn::bench::ort
