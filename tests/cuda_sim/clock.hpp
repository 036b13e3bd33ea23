// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What is known to come before what: vector clocks over streams (Lamport 1978, Mattern 1989).

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cuda_sim {

/// By number of a stream: so many of its items come before.
class Clock {
  public:
    std::uint64_t of(std::uint32_t stream) const noexcept { return stream < serials_.size() ? serials_[stream] : 0; }
    void raise(std::uint32_t stream, std::uint64_t serial) {
        if (stream >= serials_.size()) serials_.resize(stream + std::size_t{1});
        serials_[stream] = std::max(serials_[stream], serial);
    }
    void join(const Clock& other) {
        for (std::uint32_t stream = 0; stream < other.serials_.size(); ++stream) raise(stream, other.serials_[stream]);
    }

  private:
    std::vector<std::uint64_t> serials_{};
};

}  // namespace cuda_sim
