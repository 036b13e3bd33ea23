// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/nccl_reducer.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "atnas/backend/device_services.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "nccl_communicator.hpp"
#include "patience.hpp"
#include "timed_event.hpp"

namespace atnas::comm {
namespace {

using nccl::TimedEvent;

/// The ranges of \p size words in the order in which they are summed: the weights, cut at multiples of \p bucket, from
/// the last range to the first; then what follows the weights, cut alike.
std::vector<backend::Range> buckets_of(std::size_t weights, std::size_t size, std::size_t bucket) {
    std::vector<backend::Range> ranges;
    for (std::size_t first = 0; first < weights; first += bucket)
        ranges.push_back({first, std::min(bucket, weights - first)});
    std::reverse(ranges.begin(), ranges.end());
    for (std::size_t first = weights; first < size; first += bucket)
        ranges.push_back({first, std::min(bucket, size - first)});
    return ranges;
}

class NcclReducer final : public GradientReducer {
  public:
    NcclReducer(const Communicator& communicator, backend::Backend& backend, const NcclOptions& options)
        : backend_(backend), device_(*backend.services()), options_(options), side_(backend.make_context()) {
        ATNAS_EXPECT(options.bucket > 0);
        if (communicator.size() > 1) nccl_.emplace(communicator, options.timeout_seconds);
    }

    ~NcclReducer() override {
        // Buckets that other ranks may never join must not keep the stream, for which the context waits.
        if (begun() && nccl_) nccl_->abort();
    }

    bool overlaps() const noexcept override { return nccl_.has_value(); }

    void ready(backend::Context& context, std::size_t first) override {
        ATNAS_EXPECT(begun());
        if (!nccl_) return;
        // In the first reduction NCCL connects the ranks, for which it waits for them: in finish(), where all come.
        if (!connected_) return;
        prepare();
        if (stage_ == Stage::begun) origin_.record(stream_of(context));
        if (stage_ != Stage::final) stage_ = Stage::announced;
        std::size_t end = next_;
        while (end < buckets_.size() && is_weights(buckets_[end]) && buckets_[end].range.first >= first) ++end;
        queue_until(end, context);
        if (first == 0 && stage_ != Stage::final) {
            final_.record(stream_of(context));
            stage_ = Stage::final;
        }
    }

    void finish(backend::Context& context) override {
        ATNAS_EXPECT(begun());
        if (!nccl_) return end();
        const Stopwatch watch;
        prepare();
        own_work_.record(stream_of(context));
        queue_until(buckets_.size(), context);
        wait_for_buckets();
        backend_.wait(context, *side_);
        for (const Bucket& bucket : buckets_) {
            figures_.bytes += bucket.range.count * word_bytes();
            figures_.device_seconds += bucket.done.seconds_since(bucket.started);
            figures_.hidden_seconds += hidden(bucket);
        }
        figures_.waited_seconds += watch.seconds();
        next_ = 0;
        stage_ = Stage::begun;
        connected_ = true;
        end();
    }

    ReductionFigures figures() const override { return figures_; }

  private:
    struct Bucket {
        backend::Range range;
        TimedEvent started{};
        TimedEvent done{};
    };

    cudaStream_t stream_of(backend::Context& context) const noexcept {
        return static_cast<cudaStream_t>(device_.stream(context));
    }
    bool is_weights(const Bucket& bucket) const noexcept { return bucket.range.first < options_.weights; }

    /// Seconds of a bucket's sum in which gradients were still being computed.
    double hidden(const Bucket& bucket) const {
        if (stage_ != Stage::final) return 0.0;
        const double computed = final_.seconds_since(origin_);
        const double started = bucket.started.seconds_since(origin_);
        return std::clamp(computed - started, 0.0, bucket.done.seconds_since(bucket.started));
    }

    /// Cuts the vector, whose length is only known now.
    void prepare() {
        const std::size_t size = sum().words();
        ATNAS_EXPECT(sum().memory() == backend::MemoryKind::device && options_.weights <= size);
        if (size == size_) return;
        ATNAS_EXPECT(next_ == 0);
        buckets_.clear();
        for (const backend::Range& range : buckets_of(options_.weights, size, options_.bucket))
            buckets_.push_back(Bucket{range});
        if (options_.reduction == Reduction::fast) floats_ = backend_.allocate(size);
        size_ = size;
    }

    std::size_t word_bytes() const noexcept {
        return options_.reduction == Reduction::exact ? sizeof(std::int64_t) : sizeof(float);
    }

    /// sum[range] = sum over all ranks.
    void queue(const backend::Range& range) {
        cudaStream_t const stream = stream_of(*side_);
        if (options_.reduction == Reduction::exact)
            return nccl_->all_reduce(sum().data() + range.first, range.count, stream);
        const backend::ScaledRange itself{range, 1.0f};
        backend_.to_floats(*side_, sum(), std::span(&itself, 1), *floats_);
        nccl_->all_reduce(static_cast<float*>(floats_->data()) + range.first, range.count, stream);
        backend_.from_floats(*side_, *floats_, sum(), range);
    }

    void queue_until(std::size_t end, backend::Context& context) {
        if (next_ >= end) return;
        backend_.wait(*side_, context);
        for (; next_ < end; ++next_) {
            Bucket& bucket = buckets_[next_];
            bucket.started.record(stream_of(*side_));
            queue(bucket.range);
            bucket.done.record(stream_of(*side_));
        }
    }

    /// The host only polls: the device would wait for a dead rank for ever.
    void wait_for_buckets() {
        if (buckets_.empty()) return;
        // This rank's own work does not count as waiting for others.
        for (nccl::Patience unlimited(0); !own_work_.reached(); unlimited.pause()) expect_healthy();
        nccl::Patience patience(options_.timeout_seconds);
        while (!buckets_.back().done.reached()) {
            expect_healthy();
            if (patience.over()) {
                nccl_->abort();
                throw Error(ExitCode::failed,
                            {fmt::format("the reduction waited {:.1f} s for the other ranks", patience.seconds()),
                             "one of them is stuck or much slower, or the network between the GPUs is dead",
                             "look at the other ranks' messages; --restart=latest goes on from the newest checkpoint, "
                             "and runtime.stall_limit is the limit"});
            }
            patience.pause();
        }
        expect_healthy();
    }

    void expect_healthy() { nccl_->expect_healthy(); }

    backend::Backend& backend_;
    backend::DeviceServices& device_;
    NcclOptions options_;
    std::unique_ptr<backend::Context> side_;
    std::unique_ptr<backend::Buffer> floats_;     ///< fast: the sum as it travels
    std::optional<nccl::NcclCommunicator> nccl_;  ///< goes first: it ends what side_ would wait for
    std::vector<Bucket> buckets_;                 ///< in the order of summation
    std::size_t size_{0};                         ///< of the vector that buckets_ cut
    std::size_t next_{0};                         ///< bucket to be queued
    TimedEvent own_work_;
    /// How far the gradients are: announced with the first ready(), from which on times are measured; final with the
    /// first that says so of all weights.
    enum class Stage { begun, announced, final } stage_{Stage::begun};
    TimedEvent origin_, final_;
    bool connected_{false};
    ReductionFigures figures_;
};

}  // namespace

bool nccl_compiled() noexcept {
    return true;
}

std::unique_ptr<GradientReducer> make_nccl_reducer(const Communicator& communicator, backend::Backend& backend,
                                                   const NcclOptions& options) {
    ATNAS_EXPECT(backend.services() != nullptr);
    return std::make_unique<NcclReducer>(communicator, backend, options);
}

}  // namespace atnas::comm
