// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Memory a backend computes on. Nothing outside backend/ and comm/ looks into it.

#include <cstddef>

#include "atnas/space/shape.hpp"

namespace atnas::backend {

enum class Precision { f32, f64 };
enum class MemoryKind { host, device };
/// plain: NCHW, dense. native: whatever the backend is fastest with (padding and blocking included).
enum class Layout { plain, native };

using space::Shape;

/// A flat array owned by the caller, in the backend's memory, 64-byte aligned, zero when created.
class Buffer {
  public:
    virtual ~Buffer() = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    std::size_t size() const noexcept { return size_; }  ///< elements
    Precision precision() const noexcept { return precision_; }
    MemoryKind memory() const noexcept { return memory_; }
    void* data() noexcept { return data_; }
    const void* data() const noexcept { return data_; }

  protected:
    Buffer(void* data, std::size_t size, Precision precision, MemoryKind memory) noexcept
        : data_(data), size_(size), precision_(precision), memory_(memory) {}

  private:
    void* data_;
    std::size_t size_;
    Precision precision_;
    MemoryKind memory_;
};

/// A view: shape, layout, place. Does not own. A tensor without data stands for "not wanted" in the argument structs.
struct Tensor {
    Shape shape{};
    Layout layout{Layout::plain};
    void* data{nullptr};

    explicit operator bool() const noexcept { return data != nullptr; }
};

inline std::size_t bytes_of(Precision precision) noexcept {
    return precision == Precision::f64 ? sizeof(double) : sizeof(float);
}

/// Elements [first, first + shape.count()) of a buffer as a plain tensor.
inline Tensor view(Buffer& buffer, std::size_t first, const Shape& shape) noexcept {
    return {shape, Layout::plain, static_cast<std::byte*>(buffer.data()) + first * bytes_of(buffer.precision())};
}

/// Entries [first, first + count) of a plain tensor's first dimension.
inline Tensor rows(const Tensor& tensor, Precision precision, int first, int count) noexcept {
    Shape shape = tensor.shape;
    shape.n = count;
    const std::size_t skipped = shape.count() / static_cast<std::size_t>(count) * static_cast<std::size_t>(first);
    return {shape, Layout::plain, static_cast<std::byte*>(tensor.data) + skipped * bytes_of(precision)};
}

}  // namespace atnas::backend
