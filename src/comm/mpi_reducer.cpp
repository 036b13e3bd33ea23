// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/mpi_reducer.hpp"

#include <climits>
#include <cstdint>
#include <span>
#include <vector>

#include "atnas/core/contract.hpp"
#include "atnas/core/timer.hpp"

#include "sum_in_pieces.hpp"

namespace atnas::comm {
namespace {

using backend::Buffer;
using backend::ExactSum;
using backend::MemoryKind;

backend::Tensor whole(Buffer& buffer) noexcept {
    ATNAS_EXPECT(buffer.size() <= INT_MAX && buffer.precision() == backend::Precision::f32);
    return backend::view(buffer, 0, {1, 1, 1, static_cast<int>(buffer.size())});
}

class MpiReducer final : public GradientReducer {
  public:
    MpiReducer(const Communicator& communicator, backend::Backend& backend, Reduction reduction)
        : communicator_(communicator), backend_(backend), reduction_(reduction) {}

    void finish(backend::Context& context) override {
        if (communicator_.size() > 1) {
            const Stopwatch watch;
            if (reduction_ == Reduction::exact)
                sum_words(context);
            else
                sum_floats(context);
            figures_.waited_seconds += watch.seconds();
        }
        end();
    }

    ReductionFigures figures() const override { return figures_; }

  private:
    void sum_words(backend::Context& context) {
        ExactSum& words = sum();
        figures_.bytes += words.words() * sizeof(std::int64_t);
        if (words.memory() == MemoryKind::host)
            return sum_in_pieces(communicator_.handle(), std::span(words.data(), words.words()), MPI_INT64_T);
        staged_words_.resize(words.words());
        backend_.read_words(context, words, 0, staged_words_);
        sum_in_pieces(communicator_.handle(), std::span(staged_words_), MPI_INT64_T);
        backend_.write_words(context, words, 0, staged_words_);
    }

    void sum_floats(backend::Context& context) {
        const backend::Range all{0, sum().words()};
        if (!floats_ || floats_->size() != all.count) floats_ = backend_.allocate(all.count);
        const backend::ScaledRange itself{all, 1.0f};
        backend_.to_floats(context, sum(), std::span(&itself, 1), *floats_);
        if (floats_->memory() == MemoryKind::host) {
            sum_in_pieces(communicator_.handle(), std::span(static_cast<float*>(floats_->data()), all.count),
                          MPI_FLOAT);
        } else {
            staged_floats_.resize(all.count);
            backend_.read(context, whole(*floats_), std::span(staged_floats_));
            sum_in_pieces(communicator_.handle(), std::span(staged_floats_), MPI_FLOAT);
            backend_.write(context, whole(*floats_), std::span<const float>(staged_floats_));
        }
        backend_.from_floats(context, *floats_, sum(), all);
        figures_.bytes += all.count * sizeof(float);
    }

    const Communicator& communicator_;
    backend::Backend& backend_;
    Reduction reduction_;
    std::vector<std::int64_t> staged_words_;  ///< of device memory
    std::unique_ptr<Buffer> floats_;
    std::vector<float> staged_floats_;  ///< of device memory
    ReductionFigures figures_;
};

}  // namespace

std::unique_ptr<GradientReducer> make_mpi_reducer(const Communicator& communicator, backend::Backend& backend,
                                                  Reduction reduction) {
    return std::make_unique<MpiReducer>(communicator, backend, reduction);
}

}  // namespace atnas::comm
