// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the tests of reductions add up: items of a work list, shared out over ranks in several ways, and their sum.

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"

namespace atnas::test {

inline constexpr int items = 11;

/// Values of very different size, so that every order of a sum of floats rounds in its own way.
inline std::vector<float> item_values(int item, std::size_t size) {
    std::vector<float> values(size);
    std::uint32_t state = 12345u + 977u * static_cast<std::uint32_t>(item);
    for (float& value : values) {
        state = state * 1664525u + 1013904223u;
        const float mantissa = 1.0f + static_cast<float>(state >> 9) / 8388608.0f;
        state = state * 1664525u + 1013904223u;
        value = std::ldexp((state & 1u) != 0 ? mantissa : -mantissa, static_cast<int>(state >> 28) - 8);
    }
    return values;
}

/// The words of the sum of all items, the flag included.
inline std::vector<std::int64_t> words_of_all(std::size_t size) {
    std::vector<std::int64_t> words(size + 1);
    for (int item = 0; item < items; ++item) {
        const std::vector<float> values = item_values(item, size);
        for (std::size_t i = 0; i < size; ++i) words[i] += *backend::fixed_point(values[i], 0x1p18f);
    }
    return words;
}

/// By item, who computes it.
using Shares = std::function<int(int item)>;
/// In turn, in blocks, and all of them on the last rank.
inline std::vector<Shares> ways_to_share(int ranks) {
    return {[ranks](int item) { return item % ranks; }, [ranks](int item) { return item * ranks / items; },
            [ranks](int) { return ranks - 1; }};
}

/// A backend with a context, to make and read sums with.
struct Replica {
    explicit Replica(std::unique_ptr<backend::Backend> made)
        : backend(std::move(made)), context(backend->make_context()) {}

    /// The sum of the items that \p shares gives to \p rank.
    std::unique_ptr<backend::ExactSum> sum_of(const Shares& shares, int rank, std::size_t size) {
        auto sum = backend->allocate_sum(size, items);
        for (int item = 0; item < items; ++item) {
            if (shares(item) != rank) continue;
            const auto buffer = backend->allocate(size);
            backend->write(*context, backend::view(*buffer, 0, {1, 1, 1, static_cast<int>(size)}),
                           std::span<const float>(item_values(item, size)));
            backend->accumulate(*context, *buffer, 0, *sum, {0, size});
            backend->finish(*context);
        }
        return sum;
    }
    std::vector<std::int64_t> words(const backend::ExactSum& sum) {
        std::vector<std::int64_t> result(sum.words());
        backend->read_words(*context, sum, 0, result);
        return result;
    }
    void raise_flag(backend::ExactSum& sum) {
        const std::int64_t flag = 1;
        backend->write_words(*context, sum, sum.size(), std::span(&flag, 1));
    }

    std::unique_ptr<backend::Backend> backend;
    std::unique_ptr<backend::Context> context;
};

/// As values, up to what sums of floats in any order may differ by.
inline bool near(std::span<const std::int64_t> words, std::span<const std::int64_t> expected) {
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (!(std::abs(std::ldexp(static_cast<double>(words[i] - expected[i]), -backend::sum_fraction_bits)) < 1e-3))
            return false;
    return words.size() == expected.size();
}

}  // namespace atnas::test
