// SPDX-License-Identifier: MIT
// The peer ONNX Runtime: its shared library, loaded at run time, reads our graph as an ONNX model.
#include <dlfcn.h>

#include <array>
#include <flexdnn/kernels/transpose.hpp>
#include <stdexcept>

#include "floats.hpp"
#include "onnx_model.hpp"
#include "onnxruntime_api.hpp"
#include "peer.hpp"

namespace flexdnn::bench {

namespace {

const ort::api* api = nullptr;
ort::env* environment = nullptr;  // one for the process

void require(ort::status* failure) {
  if (failure == nullptr) return;
  const std::string message = api->error_message(failure);
  api->release_status(failure);
  throw std::runtime_error("ONNX Runtime: " + message);
}

template <class Object>
using handle = std::unique_ptr<Object, void (*)(Object*)>;

/// What one of the table's constructors makes, in the hands of what releases it.
template <class Object, class... Parameters, class... Arguments>
handle<Object> made(void (*release)(Object*), ort::status* (*create)(Parameters...), Arguments... arguments) {
  Object* object = nullptr;
  require(create(arguments..., &object));
  return {object, release};
}

handle<ort::session> make_session(const graph& g) {
  const auto options = made(api->release_options, api->create_options);
  require(api->set_threads(options.get(), 1));
  require(api->set_operator_threads(options.get(), 1));
  require(api->set_execution_mode(options.get(), ort::sequential));
  require(api->set_optimization(options.get(), ort::all_optimizations));
  const std::string model = onnx_model(g);
  return made(api->release_session, api->create_session, environment, static_cast<const void*>(model.data()),
              model.size(), options.get());
}

class onnxruntime_runner : public runner {
 public:
  onnxruntime_runner(const graph& g, std::span<const float> frame)
      : session_(make_session(g)),
        frame_(frame.size()),
        result_(g.result().size()),
        result_shape_(g.result()),
        input_(tensor(frame_, g.frame(), 4)),
        output_(tensor(result_, result_shape_, g.operations.back().kind == operation_kind::dense ? 2 : 4)) {
    to_channels_first(g.frame(), frame.data(), frame_.data());
  }

  void run() override {
    const char *in_name = "v0", *out_name = "result";
    const ort::value* in = input_.get();
    ort::value* out = output_.get();
    require(api->run(session_.get(), nullptr, &in_name, &in, 1, &out_name, 1, &out));
  }

  std::vector<float> output() override {
    std::vector<float> last(result_.size());
    to_channels_last(result_shape_, result_.data(), last.data());
    return last;
  }

 private:
  static handle<ort::value> tensor(floats& numbers, const shape& s, std::size_t rank) {
    const auto memory =
        made(api->release_memory_info, api->create_memory_info, ort::device_allocator, ort::default_memory);
    const std::array<std::int64_t, 4> extents{1, s.channels, s.height, s.width};
    return made(api->release_value, api->create_tensor, static_cast<const ort::memory_info*>(memory.get()),
                static_cast<void*>(numbers.data()), numbers.size() * sizeof(float), extents.data(), rank,
                ort::float_type);
  }

  handle<ort::session> session_;
  floats frame_, result_;  ///< planar
  shape result_shape_;
  handle<ort::value> input_, output_;
};

std::string open_onnxruntime(const std::string& library) {
  if (library.empty()) throw std::runtime_error("no --onnxruntime FILE says where libonnxruntime.so.1 is");
  void* opened = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) throw std::runtime_error(dlerror());
  void* entry = dlsym(opened, "OrtGetApiBase");
  if (entry == nullptr) throw std::runtime_error(library + " has no OrtGetApiBase");
  const ort::api_base* base = reinterpret_cast<const ort::api_base* (*)()>(entry)();
  api = base->get(ort::api_version);
  if (api == nullptr) throw std::runtime_error(library + " no longer gives the interface of version 1");
  require(api->create_env(ort::errors, "bench", &environment));
  return std::string("ONNX Runtime ") + base->version();
}

std::unique_ptr<runner> make_onnxruntime(const graph& g, std::span<const float> frame) {
  return std::make_unique<onnxruntime_runner>(g, frame);
}

[[maybe_unused]] const bool added = add_peer({"onnxruntime", &open_onnxruntime, &make_onnxruntime});

}  // namespace

}  // namespace flexdnn::bench
