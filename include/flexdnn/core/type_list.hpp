// SPDX-License-Identifier: MIT
// type_list: a list of types, its concatenation and its elements, without folds or tuples.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace flexdnn {

template <class... Types>
struct type_list {
  static constexpr std::size_t size = sizeof...(Types);
};

namespace detail {

// Eight lists a step: a fold expression ends at 256 operands on Clang.
template <class... Lists>
struct joined;

template <>
struct joined<> {
  using type = type_list<>;
};

template <class... A>
struct joined<type_list<A...>> {
  using type = type_list<A...>;
};

template <class... A, class... B, class... Rest>
struct joined<type_list<A...>, type_list<B...>, Rest...> {
  using type = typename joined<type_list<A..., B...>, Rest...>::type;
};

template <class... A, class... B, class... C, class... D, class... E, class... F, class... G, class... H,
          class... Rest>
struct joined<type_list<A...>, type_list<B...>, type_list<C...>, type_list<D...>, type_list<E...>,
              type_list<F...>, type_list<G...>, type_list<H...>, Rest...> {
  using type = typename joined<type_list<A..., B..., C..., D..., E..., F..., G..., H...>, Rest...>::type;
};

template <std::size_t Index, class Type>
struct slot {
  using type = Type;
};

template <class Indices, class... Types>
struct slots;

template <std::size_t... Index, class... Types>
struct slots<std::index_sequence<Index...>, Types...> : slot<Index, Types>... {};

template <std::size_t Index, class Type>
slot<Index, Type> find_slot(const slot<Index, Type>&);

template <std::size_t Index, class List>
struct element_at;

template <std::size_t Index, class... Types>
struct element_at<Index, type_list<Types...>> {
  using type = typename decltype(find_slot<Index>(
      std::declval<slots<std::index_sequence_for<Types...>, Types...>>()))::type;
};

template <int Index, class List, class Otherwise>
struct element_or_at : element_at<static_cast<std::size_t>(Index), List> {};

template <int Index, class List, class Otherwise>
requires(Index < 0) struct element_or_at<Index, List, Otherwise> {
  using type = Otherwise;
};

}  // namespace detail

/// All elements of the lists, in order.
template <class... Lists>
using join = typename detail::joined<Lists...>::type;

/// Element number Index; one instantiation per list serves all its indices.
template <std::size_t Index, class List>
using element = typename detail::element_at<Index, List>::type;

/// Element number Index, or Otherwise where Index is negative.
template <int Index, class List, class Otherwise>
using element_or = typename detail::element_or_at<Index, List, Otherwise>::type;

}  // namespace flexdnn
