#pragma once
/// \file
/// A host buffer without a backend, and the sum that the ordered reducer promises, computed in one place.

#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "atnas/backend/tensor.hpp"

namespace atnas::test {

class FloatBuffer final : public backend::Buffer {
  public:
    explicit FloatBuffer(std::vector<float> values)
        : FloatBuffer(std::make_unique<std::vector<float>>(std::move(values))) {}
    std::vector<float>& values() { return *values_; }

  private:
    explicit FloatBuffer(std::unique_ptr<std::vector<float>> values)
        : Buffer(values->data(), values->size(), backend::Precision::f32, backend::MemoryKind::host),
          values_(std::move(values)) {}
    std::unique_ptr<std::vector<float>> values_;
};

/// Values of very different size, so that every order of summation rounds in its own way.
inline std::vector<float> island_values(int island, std::size_t size) {
    std::vector<float> values(size);
    std::uint32_t state = 12345u + 977u * static_cast<std::uint32_t>(island);
    for (float& value : values) {
        state = state * 1664525u + 1013904223u;
        const float mantissa = 1.0f + static_cast<float>(state >> 9) / 8388608.0f;
        state = state * 1664525u + 1013904223u;
        value = std::ldexp((state & 1u) != 0 ? mantissa : -mantissa, static_cast<int>(state >> 28) - 8);
    }
    return values;
}

/// tree(lo, hi) of comm/gradient_reducer.hpp for one element.
inline float tree_sum(const std::vector<std::vector<float>>& islands, std::size_t element, std::size_t lo,
                      std::size_t hi) {
    if (hi - lo == 1) return islands[lo][element];
    const std::size_t mid = lo + (hi - lo + 1) / 2;
    return tree_sum(islands, element, lo, mid) + tree_sum(islands, element, mid, hi);
}

inline std::vector<float> tree_sum(int islands, std::size_t size) {
    std::vector<std::vector<float>> values;
    for (int island = 0; island < islands; ++island) values.push_back(island_values(island, size));
    std::vector<float> total(size);
    for (std::size_t i = 0; i < size; ++i) total[i] = tree_sum(values, i, 0, values.size());
    return total;
}

inline std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
    std::vector<std::uint32_t> bits;
    for (float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
    return bits;
}

}  // namespace atnas::test
