// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The one table of an individual's fields: messages between ranks, checkpoints, the checks at a restart and the table
/// of arrays in analysis/FORMAT.md follow it. A new field is a member of Individual and a row in
/// individual_fields.cpp.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "atnas/evo/individual.hpp"

namespace atnas::evo {

/// The numbers that a field consists of: one, or those of an array.
template <class T>
std::span<T> elements_of(T& value) noexcept {
    return {&value, 1};
}
template <class T, std::size_t N>
std::span<T> elements_of(std::array<T, N>& values) noexcept {
    return values;
}
template <class T, std::size_t N>
std::span<const T> elements_of(const std::array<T, N>& values) noexcept {
    return values;
}

/// Where a field of type Field lies, and which values its elements may have. NaN stands for "not evaluated yet" in any
/// field of floating-point numbers.
template <class Field>
struct FieldValues {
    using Element = std::remove_cvref_t<decltype(elements_of(std::declval<Field&>())[0])>;
    static constexpr std::size_t count = sizeof(Field) / sizeof(Element);
    static constexpr bool is_array = !std::is_arithmetic_v<Field>;

    Field Individual::*place;
    Element low{0};
    Element high{std::numeric_limits<Element>::max()};
};

struct IndividualField {
    std::string_view name;     ///< of the array in a checkpoint: /islands/<name>
    std::string_view unit;     ///< may be empty
    std::string_view meaning;  ///< one line
    std::variant<FieldValues<double>, FieldValues<std::int64_t>, FieldValues<Parents>> values;
};

/// All fields but the genotype, whose length and legal values the search space knows. In the order of the arrays in a
/// checkpoint.
std::span<const IndividualField> individual_fields() noexcept;

/// Calls \p work(field, values) for each of them, values being its FieldValues.
template <class Work>
void for_each_field(Work&& work) {
    for (const IndividualField& field : individual_fields())
        std::visit([&](const auto& values) { work(field, values); }, field.values);
}

}  // namespace atnas::evo
