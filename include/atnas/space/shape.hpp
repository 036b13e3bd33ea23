// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Extents of values and windows.

#include <cstddef>

namespace atnas::space {

/// Height and width.
struct Extent {
    int h{1};
    int w{1};
    bool operator==(const Extent&) const = default;
};

/// Images or samples, channels, height, width.
struct Shape {
    int n{1};
    int c{1};
    int h{1};
    int w{1};

    /// Elements, without any padding a layout may add.
    std::size_t count() const noexcept {
        return static_cast<std::size_t>(n) * static_cast<std::size_t>(c) * static_cast<std::size_t>(h) *
               static_cast<std::size_t>(w);
    }
    bool operator==(const Shape&) const = default;
};

/// Output size of a window along one axis: (in + 2 pad - dilation (kernel - 1) - 1) / stride + 1; 0 where it does not
/// fit.
int window_output(int in, int kernel, int stride, int pad, int dilation) noexcept;

}  // namespace atnas::space
