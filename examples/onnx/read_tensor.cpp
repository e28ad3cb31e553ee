// SPDX-License-Identifier: MIT
// Reads one TensorProto: raw bytes or typed fields, half precision widened.
#include "read_tensor.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace examples::onnx {

namespace {

using proto = ::onnx::TensorProto;

/// IEEE binary16 to float.
float widen(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const auto mantissa = static_cast<float>(half & 1023);
  const float sign = (half & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 31) return mantissa > 0.0F ? NAN : sign * INFINITY;
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(mantissa + 1024.0F, exponent - 25);
}

/// Elements of a type in raw bytes (little endian) or in the field that holds it.
template <class Element, class Field, class Convert, class Out>
void read_elements(const std::string& raw, const Field& field, std::size_t count, Convert convert,
                   std::vector<Out>& out) {
  static_assert(std::endian::native == std::endian::little);
  const std::size_t got = raw.empty() ? static_cast<std::size_t>(field.size()) : raw.size() / sizeof(Element);
  if (got != count || (!raw.empty() && raw.size() % sizeof(Element) != 0)) {
    throw refusal("holds " + std::to_string(got) + " numbers, its extents want " + std::to_string(count));
  }
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Element element{};
    if (raw.empty()) {
      element = static_cast<Element>(field.Get(static_cast<int>(i)));
    } else {
      std::memcpy(&element, raw.data() + i * sizeof element, sizeof element);
    }
    out.push_back(static_cast<Out>(convert(element)));
  }
}

}  // namespace

std::string name_of_type(int type) {
  if (!::onnx::TensorProto_DataType_IsValid(type)) return "unknown";
  return ::onnx::TensorProto_DataType_Name(static_cast<::onnx::TensorProto_DataType>(type));
}

tensor read_tensor(const proto& from) {
  constexpr std::uint64_t most = std::uint64_t{1} << 31;
  tensor t;
  t.type_name = name_of_type(from.data_type());
  t.origin = from.name();
  t.shape.assign(from.dims().begin(), from.dims().end());
  std::uint64_t count = 1;
  for (const std::int64_t extent : t.shape) {
    if (extent < 0 || static_cast<std::uint64_t>(extent) > most ||
        (count *= static_cast<std::uint64_t>(extent)) > most) {
      throw refusal("extents " + text_of(t.shape) + " are out of range");
    }
  }
  if (from.data_location() == proto::EXTERNAL) {
    throw refusal("its data lie in another file, which is not supported: save the model as one file");
  }
  const auto same = [](auto x) { return x; };
  const std::string& raw = from.raw_data();
  const auto size = static_cast<std::size_t>(count);
  switch (from.data_type()) {
    case proto::FLOAT:
      read_elements<float>(raw, from.float_data(), size, same, t.reals);
      break;
    case proto::FLOAT16:
      read_elements<std::uint16_t>(raw, from.int32_data(), size, widen, t.reals);
      break;
    case proto::INT64:
      t.type = tensor::kind::integer;
      read_elements<std::int64_t>(raw, from.int64_data(), size, same, t.integers);
      break;
    case proto::INT32:
      t.type = tensor::kind::integer;
      read_elements<std::int32_t>(raw, from.int32_data(), size, same, t.integers);
      break;
    default:
      t.type = tensor::kind::other;
  }
  return t;
}

}  // namespace examples::onnx
