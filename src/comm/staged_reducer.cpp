#include "atnas/comm/staged_reducer.hpp"

#include <climits>
#include <span>
#include <vector>

#include "atnas/core/contract.hpp"
#include "atnas/core/timer.hpp"

namespace atnas::comm {
namespace {

using backend::Buffer;

/// Host memory that the MPI reducers take.
class HostBuffer final : public Buffer {
  public:
    explicit HostBuffer(std::size_t size) : HostBuffer(std::make_unique<std::vector<float>>(size)) {}
    std::span<float> values() noexcept { return *values_; }

  private:
    explicit HostBuffer(std::unique_ptr<std::vector<float>> values)
        : Buffer(values->data(), values->size(), backend::Precision::f32, backend::MemoryKind::host),
          values_(std::move(values)) {}
    std::unique_ptr<std::vector<float>> values_;
};

backend::Tensor whole(Buffer& buffer) noexcept {
    ATNAS_EXPECT(buffer.size() <= INT_MAX && buffer.precision() == backend::Precision::f32);
    return backend::view(buffer, 0, {1, 1, 1, static_cast<int>(buffer.size())});
}

class StagedReducer final : public GradientReducer {
  public:
    StagedReducer(const Communicator& communicator, backend::Backend& backend, int islands, ReductionOrder order)
        : backend_(backend), host_(make_host_reducer(communicator, islands, order)) {}

    void finish(backend::Context& context) override {
        const Stopwatch watch;
        make_room();
        for (std::size_t i = 0; i < mine().size(); ++i) {
            // A tensor has no way to say that it is only read from.
            auto& island = const_cast<Buffer&>(*mine()[i]);
            backend_.read(context, whole(island), islands_[i]->values());
        }
        host_->sum(context, {island_views_.data(), mine().size()}, *sum_);
        backend_.write(context, whole(total()), std::span<const float>(sum_->values()));
        figures_.bytes += total().size() * sizeof(float);
        figures_.waited_seconds += watch.seconds();
        end();
    }

    ReductionFigures figures() const override { return figures_; }

  private:
    void make_room() {
        if (sum_ && sum_->size() == total().size() && islands_.size() == mine().size()) return;
        islands_.clear();
        island_views_.clear();
        for (std::size_t i = 0; i < mine().size(); ++i)
            island_views_.push_back(islands_.emplace_back(std::make_unique<HostBuffer>(total().size())).get());
        sum_ = std::make_unique<HostBuffer>(total().size());
    }

    backend::Backend& backend_;
    std::unique_ptr<GradientReducer> host_;
    std::vector<std::unique_ptr<HostBuffer>> islands_;
    std::vector<const Buffer*> island_views_;
    std::unique_ptr<HostBuffer> sum_;
    ReductionFigures figures_;
};

}  // namespace

std::unique_ptr<GradientReducer> make_staged_reducer(const Communicator& communicator, backend::Backend& backend,
                                                     int islands, ReductionOrder order) {
    return std::make_unique<StagedReducer>(communicator, backend, islands, order);
}

}  // namespace atnas::comm
