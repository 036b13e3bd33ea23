// The fixed tree over islands on GPUs: the bits of the MPI reducer (src/comm/gradient_reducer.cpp).
#include <algorithm>

#include "atnas/backend/factories.hpp"
#include "atnas/comm/island_map.hpp"
#include "bucket_sum.hpp"

namespace atnas::comm::nccl {
namespace {

/// Slices begin at multiples of 128 bytes, so that copies and messages of all ranks are aligned alike.
constexpr std::size_t slice_step = 32;

std::size_t slice_length(std::size_t count, int ranks) noexcept {
    const auto steps = static_cast<std::size_t>(ranks) * slice_step;
    return (count + steps - 1) / steps * slice_step;
}

/// A bucket of `count` elements cut into one slice of `length` per rank; the last ones may be shorter or empty.
struct Slices {
    std::size_t count;
    std::size_t length;

    std::size_t first(int rank) const noexcept { return std::min(count, length * static_cast<std::size_t>(rank)); }
    std::size_t size(int rank) const noexcept { return std::min(count, first(rank) + length) - first(rank); }
};

class OrderedSum final : public BucketSum {
  public:
    OrderedSum(const SumKit& kit, std::size_t bucket)
        : kit_(kit),
          block_(islands_of(kit.ranks.rank(), kit.ranks.size(), kit.islands)),
          rows_(kit.backend.allocate(static_cast<std::size_t>(kit.islands) * slice_length(bucket, kit.ranks.size()))),
          sums_(kit.nccl == nullptr ? nullptr
                                    : kit.backend.allocate(static_cast<std::size_t>(kit.ranks.size()) *
                                                           slice_length(bucket, kit.ranks.size()))) {}

    void queue(backend::Context& side, std::span<const backend::Buffer* const> mine, backend::Buffer& total,
               backend::Range range) override {
        const Slices slices{range.count, slice_length(range.count, kit_.ranks.size())};
        const int rank = kit_.ranks.rank();
        for (std::size_t i = 0; i < mine.size() && slices.size(rank) > 0; ++i)
            kit_.backend.copy(side, *mine[i], range.first + slices.first(rank), *rows_,
                              {row(block_.first + static_cast<int>(i), slices), slices.size(rank)});
        const auto stream = static_cast<cudaStream_t>(backend::cuda_stream_of(side));
        if (kit_.nccl != nullptr) exchange(mine, range.first, slices, stream);
        tree(side, 0, kit_.islands, slices);
        if (kit_.nccl == nullptr) {
            kit_.backend.copy(side, *rows_, 0, total, range);
            return;
        }
        // Slices are gathered in full length: what lies behind the end of the bucket is never looked at.
        kit_.nccl->all_gather(at(*rows_, 0), at(*sums_, 0), slices.length, stream);
        kit_.backend.copy(side, *sums_, 0, total, range);
    }

  private:
    /// Where the slice of an island begins in rows_.
    static std::size_t row(int island, const Slices& slices) noexcept {
        return static_cast<std::size_t>(island) * slices.length;
    }

    /// Sends every rank its slice of this rank's islands and fills the other islands' rows. In step k each rank sends
    /// to the k-th rank after it and hears from the k-th before, so that all cut the steps into the same groups.
    void exchange(std::span<const backend::Buffer* const> mine, std::size_t first, const Slices& slices,
                  cudaStream_t stream) {
        constexpr int most_messages = 2000;
        const int ranks = kit_.ranks.size();
        const int most_islands = (kit_.islands + ranks - 1) / ranks;
        const int steps_per_group = std::max(1, most_messages / (2 * most_islands));
        for (int begin = 1; begin < ranks; begin += steps_per_group) {
            sends_.clear();
            receives_.clear();
            for (int step = begin; step < std::min(ranks, begin + steps_per_group); ++step) {
                send_to((kit_.ranks.rank() + step) % ranks, mine, first, slices);
                receive_from((kit_.ranks.rank() + ranks - step) % ranks, slices);
            }
            if (!sends_.empty() || !receives_.empty()) kit_.nccl->exchange(sends_, receives_, stream);
        }
    }

    void send_to(int peer, std::span<const backend::Buffer* const> mine, std::size_t first, const Slices& slices) {
        if (slices.size(peer) == 0) return;
        // NCCL only reads what is sent; Message serves both directions.
        for (const backend::Buffer* island : mine)
            sends_.push_back(
                {peer, at(const_cast<backend::Buffer&>(*island), first + slices.first(peer)), slices.size(peer)});
    }

    void receive_from(int peer, const Slices& slices) {
        const std::size_t size = slices.size(kit_.ranks.rank());
        if (size == 0) return;
        const IslandBlock theirs = islands_of(peer, kit_.ranks.size(), kit_.islands);
        for (int island = theirs.first; island < theirs.first + theirs.count; ++island)
            receives_.push_back({peer, at(*rows_, row(island, slices)), size});
    }

    /// The row of lo becomes tree(lo, hi).
    void tree(backend::Context& side, int lo, int hi, const Slices& slices) {
        if (hi - lo == 1) return;
        const int mid = lo + (hi - lo + 1) / 2;
        tree(side, lo, mid, slices);
        tree(side, mid, hi, slices);
        if (const std::size_t size = slices.size(kit_.ranks.rank()); size > 0)
            kit_.backend.axpy(side, 1.0, *rows_, row(mid, slices), *rows_, {row(lo, slices), size});
    }

    SumKit kit_;
    IslandBlock block_;
    std::unique_ptr<backend::Buffer> rows_;  ///< by island: this rank's slice of the bucket
    std::unique_ptr<backend::Buffer> sums_;  ///< by rank: the summed slices
    std::vector<Message> sends_, receives_;
};

}  // namespace

std::unique_ptr<BucketSum> make_ordered_sum(const SumKit& kit, std::size_t bucket) {
    return std::make_unique<OrderedSum>(kit, bucket);
}

}  // namespace atnas::comm::nccl
