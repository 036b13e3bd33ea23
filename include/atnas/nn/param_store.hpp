// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// All shared weights in one buffer, and arrays laid out like it.

#include <cstdint>
#include <memory>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/manifest.hpp"

namespace atnas::nn {

class ParamStore {
  public:
    /// Draws the initial values: a function of (seed, block) alone.
    ParamStore(backend::Backend& backend, backend::Context& context, Manifest manifest, std::uint64_t seed);

    const Manifest& manifest() const noexcept { return manifest_; }
    std::size_t size() const noexcept { return manifest_.size(); }
    backend::Range range(BlockId id) const { return {manifest_.block(id).offset, manifest_.block(id).shape.count()}; }
    backend::Buffer& values() noexcept { return *values_; }
    const backend::Buffer& values() const noexcept { return *values_; }
    /// Begins to keep an average of the values beside them, which is the values so far; what becomes of it is the
    /// caller's.
    void keep_average(backend::Context& context);
    /// Laid out like the values; null where none is kept.
    backend::Buffer* average() noexcept { return average_.get(); }
    /// A zeroed array in the layout of the weights.
    std::unique_ptr<backend::Buffer> make_like() const { return backend_.allocate(size()); }
    /// A sum of at most \p addends such arrays, \p extra elements longer.
    std::unique_ptr<backend::ExactSum> make_sum(std::size_t addends, std::size_t extra = 0) const {
        return backend_.allocate_sum(size() + extra, addends);
    }

  private:
    friend class AveragedValues;

    backend::Backend& backend_;
    Manifest manifest_;
    std::unique_ptr<backend::Buffer> values_;
    std::unique_ptr<backend::Buffer> average_;
};

/// Host copies of flat arrays, for checkpoints and tests.
std::vector<float> download(backend::Backend& backend, backend::Context& context, backend::Buffer& buffer);
void upload(backend::Backend& backend, backend::Context& context, std::span<const float> values,
            backend::Buffer& buffer);

}  // namespace atnas::nn
