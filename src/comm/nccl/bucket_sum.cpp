#include "bucket_sum.hpp"

#include <algorithm>

#include "atnas/backend/factories.hpp"

namespace atnas::comm::nccl {
namespace {

class FastSum final : public BucketSum {
  public:
    explicit FastSum(const SumKit& kit) : kit_(kit) {}

    void queue(backend::Context& side, std::span<const backend::Buffer* const> mine, backend::Buffer& total,
               backend::Range range) override {
        kit_.backend.copy(side, *mine.front(), range.first, total, range);
        for (const backend::Buffer* island : mine.subspan(1))
            kit_.backend.axpy(side, 1.0, *island, range.first, total, range);
        if (kit_.nccl != nullptr)
            kit_.nccl->all_reduce(at(total, range.first), range.count,
                                  static_cast<cudaStream_t>(backend::cuda_stream_of(side)));
    }

  private:
    SumKit kit_;
};

}  // namespace

std::unique_ptr<BucketSum> make_fast_sum(const SumKit& kit) {
    return std::make_unique<FastSum>(kit);
}

std::vector<backend::Range> buckets_of(std::size_t weights, std::size_t size, std::size_t bucket) {
    std::vector<backend::Range> ranges;
    for (std::size_t first = 0; first < weights; first += bucket)
        ranges.push_back({first, std::min(bucket, weights - first)});
    std::reverse(ranges.begin(), ranges.end());
    for (std::size_t first = weights; first < size; first += bucket)
        ranges.push_back({first, std::min(bucket, size - first)});
    return ranges;
}

}  // namespace atnas::comm::nccl
