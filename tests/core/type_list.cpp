// SPDX-License-Identifier: MIT
// type_list: concatenation and elements of lists longer than Clang's folds.
#include <flexdnn/core/type_list.hpp>

#include <doctest/doctest.h>

using namespace flexdnn;

namespace {

template <int>
struct item {};
template <class Indices>
struct items;
template <int... I>
struct items<std::integer_sequence<int, I...>> {
  using type = type_list<item<I>...>;
};
template <int Count>
using list = typename items<std::make_integer_sequence<int, Count>>::type;

template <class... Types>
join<type_list<Types>...> single(type_list<Types...>);

}  // namespace

TEST_CASE("join keeps order, empty lists vanish") {
  static_assert(std::is_same_v<join<>, type_list<>>);
  static_assert(std::is_same_v<join<type_list<>, list<3>, type_list<>, type_list<int>>,
                               type_list<item<0>, item<1>, item<2>, int>>);
  CHECK(std::is_same_v<decltype(single(list<400>{})), list<400>>);
}

TEST_CASE("elements of 400") {
  static_assert(std::is_same_v<element<0, list<400>>, item<0>>);
  static_assert(std::is_same_v<element<399, list<400>>, item<399>>);
  static_assert(std::is_same_v<element_or<-1, list<400>, void>, void>);
  CHECK(std::is_same_v<element_or<257, list<400>, void>, item<257>>);
}
