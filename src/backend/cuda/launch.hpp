// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How kernels are started from plain C++: checked, with arguments of the kernel's own types.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>

#include "check.hpp"
#include "kernels/block.hpp"

namespace atnas::backend::cuda {

/// Blocks for \p count elements, one per thread; kernels stride over the grid, so a bound does no harm.
inline unsigned blocks_for(std::size_t count) noexcept {
    constexpr std::size_t most = 4096;
    return static_cast<unsigned>(std::clamp<std::size_t>((count + block_threads - 1) / block_threads, 1, most));
}

/// Queues \p kernel with \p blocks blocks of threads. \p name: for the message when that fails.
template <class... Parameters, class... Arguments>
void launch_blocks(cudaStream_t stream, unsigned blocks, const char* name, void (*kernel)(Parameters...),
                   const Arguments&... arguments) {
    std::tuple<std::remove_cv_t<Parameters>...> values(arguments...);
    std::apply(
        [&](auto&... value) {
            std::array<void*, sizeof...(Parameters)> pointers{const_cast<void*>(static_cast<const void*>(&value))...};
            const cudaError_t result = cudaLaunchKernel(reinterpret_cast<const void*>(kernel), dim3(blocks),
                                                        dim3(block_threads), pointers.data(), 0, stream);
            if (result != cudaSuccess) check(result, (std::string("cudaLaunchKernel of ") + name).c_str());
        },
        values);
}

/// Queues \p kernel over \p count elements; nothing where there are none.
template <class... Parameters, class... Arguments>
void launch(cudaStream_t stream, std::size_t count, const char* name, void (*kernel)(Parameters...),
            const Arguments&... arguments) {
    if (count > 0) launch_blocks(stream, blocks_for(count), name, kernel, arguments...);
}

}  // namespace atnas::backend::cuda
