#pragma once
/// \file
/// The two ways to sum one bucket over all islands.

#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "nccl_communicator.hpp"

namespace atnas::comm::nccl {

/// What the sums work on.
struct SumKit {
    const Communicator& ranks;
    backend::Backend& backend;
    NcclCommunicator* nccl;  ///< null with one rank
    int islands;
};

/// Queues sums on a context; memory is allocated once.
class BucketSum {
  public:
    virtual ~BucketSum() = default;
    /// total[range] = sum over all islands of all ranks. \p range is the same on all ranks.
    virtual void queue(backend::Context& side, std::span<const backend::Buffer* const> mine, backend::Buffer& total,
                       backend::Range range) = 0;
};

/// The tree over islands, each rank summing one slice of the bucket. \param bucket elements of the longest range
std::unique_ptr<BucketSum> make_ordered_sum(const SumKit& kit, std::size_t bucket);
/// The rank's own sum, then ncclAllReduce.
std::unique_ptr<BucketSum> make_fast_sum(const SumKit& kit);

/// The ranges of a flat vector in the order in which they are summed: the weights, cut at multiples of \p bucket, from
/// the last range to the first; then what follows the weights, cut alike.
std::vector<backend::Range> buckets_of(std::size_t weights, std::size_t size, std::size_t bucket);

inline float* at(backend::Buffer& buffer, std::size_t first) noexcept {
    return static_cast<float*>(buffer.data()) + first;
}

}  // namespace atnas::comm::nccl
