#include "atnas/comm/gradient_reducer.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "atnas/comm/island_map.hpp"
#include "atnas/core/contract.hpp"

#include "mpi_check.hpp"

namespace atnas::comm {

namespace {

using backend::Buffer;

const float* values_of(const Buffer& buffer) noexcept {
    return static_cast<const float*>(buffer.data());
}
float* values_of(Buffer& buffer) noexcept {
    return static_cast<float*>(buffer.data());
}

void expect_fitting([[maybe_unused]] std::span<const Buffer* const> mine, [[maybe_unused]] const Buffer& total,
                    [[maybe_unused]] int islands) noexcept {
    ATNAS_EXPECT(mine.size() == static_cast<std::size_t>(islands));
    ATNAS_EXPECT(total.memory() == backend::MemoryKind::host && total.precision() == backend::Precision::f32);
    ATNAS_EXPECT(std::all_of(mine.begin(), mine.end(), [&](const Buffer* buffer) {
        return buffer != nullptr && buffer != &total && buffer->size() == total.size() &&
               buffer->memory() == backend::MemoryKind::host && buffer->precision() == backend::Precision::f32;
    }));
}

/// Elements [begin, end) of the flat vector.
struct Slice {
    std::size_t begin;
    std::size_t end;
    std::size_t size() const noexcept { return end - begin; }
};

Slice slice_of(int rank, int ranks, std::size_t size) noexcept {
    const auto r = static_cast<std::size_t>(rank);
    const auto n = static_cast<std::size_t>(ranks);
    return {size / n * r + std::min(r, size % n), size / n * (r + 1) + std::min(r + 1, size % n)};
}

class OrderedReducer final : public GradientReducer {
  public:
    OrderedReducer(const Communicator& communicator, int islands)
        : communicator_(communicator),
          block_(islands_of(communicator.rank(), communicator.size(), islands)),
          rows_(static_cast<std::size_t>(islands)) {
        int depth = 0;
        while ((1 << depth) < islands) ++depth;
        scratch_.resize(static_cast<std::size_t>(depth) * tile);
    }

    void finish(backend::Context& /*context*/) override {
        expect_fitting(mine(), total(), block_.count);
        const std::size_t size = total().size();
        const Slice own = slice_of(communicator_.rank(), communicator_.size(), size);
        collect(mine(), size, own);
        for (std::size_t begin = own.begin; begin < own.end; begin += tile) {
            const std::size_t length = std::min(tile, own.end - begin);
            tree(0, rows_.size(), begin - own.begin, length, values_of(total()) + begin, scratch_.data());
        }
        spread(total());
        end();
    }

  private:
    /// Points rows_ at this rank's slice of every island, sending and receiving the slices of islands held elsewhere.
    void collect(std::span<const Buffer* const> mine, std::size_t size, Slice own) {
        for (int i = 0; i < block_.count; ++i) {
            rows_[static_cast<std::size_t>(block_.first + i)] =
                values_of(*mine[static_cast<std::size_t>(i)]) + own.begin;
        }
        if (communicator_.size() == 1) return;
        received_.resize((rows_.size() - mine.size()) * own.size());
        requests_.clear();
        float* place = received_.data();
        for (int peer = 0; peer < communicator_.size(); ++peer) {
            if (peer == communicator_.rank()) continue;
            const IslandBlock theirs = islands_of(peer, communicator_.size(), static_cast<int>(rows_.size()));
            for (int island = theirs.first; island < theirs.first + theirs.count; ++island) {
                check_mpi(MPI_Irecv(place, mpi_count(own.size(), "reducing gradients"), MPI_FLOAT, peer, island,
                                    communicator_.handle(), &requests_.emplace_back()),
                          "MPI_Irecv");
                rows_[static_cast<std::size_t>(island)] = place;
                place += own.size();
            }
        }
        for (int step = 1; step < communicator_.size(); ++step) {
            const int peer = (communicator_.rank() + step) % communicator_.size();
            const Slice theirs = slice_of(peer, communicator_.size(), size);
            for (int i = 0; i < block_.count; ++i) {
                check_mpi(MPI_Isend(values_of(*mine[static_cast<std::size_t>(i)]) + theirs.begin,
                                    mpi_count(theirs.size(), "reducing gradients"), MPI_FLOAT, peer, block_.first + i,
                                    communicator_.handle(), &requests_.emplace_back()),
                          "MPI_Isend");
            }
        }
        check_mpi(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE),
                  "MPI_Waitall");
    }

    /// out = tree(lo, hi) over \p length elements from \p begin on; \p scratch has a tile for every level below.
    void tree(std::size_t lo, std::size_t hi, std::size_t begin, std::size_t length, float* out, float* scratch) {
        if (hi - lo == 1) {
            std::memcpy(out, rows_[lo] + begin, length * sizeof(float));
            return;
        }
        const std::size_t mid = lo + (hi - lo + 1) / 2;
        tree(lo, mid, begin, length, out, scratch);
        const float* right = rows_[mid] + begin;
        if (hi - mid > 1) {
            tree(mid, hi, begin, length, scratch, scratch + tile);
            right = scratch;
        }
        for (std::size_t i = 0; i < length; ++i) out[i] += right[i];
    }

    void spread(Buffer& total) {
        if (communicator_.size() == 1) return;
        mpi_count(total.size(), "spreading the summed gradient");
        counts_.clear();
        places_.clear();
        for (int rank = 0; rank < communicator_.size(); ++rank) {
            const Slice slice = slice_of(rank, communicator_.size(), total.size());
            counts_.push_back(static_cast<int>(slice.size()));
            places_.push_back(static_cast<int>(slice.begin));
        }
        check_mpi(MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, values_of(total), counts_.data(), places_.data(),
                                 MPI_FLOAT, communicator_.handle()),
                  "MPI_Allgatherv");
    }

    /// Elements summed at a time: small enough that the partial sums of all levels stay in the cache.
    static constexpr std::size_t tile = 2048;

    const Communicator& communicator_;
    IslandBlock block_;
    std::vector<const float*> rows_;  ///< by island: this rank's slice
    std::vector<float> scratch_;
    std::vector<float> received_;
    std::vector<MPI_Request> requests_;
    std::vector<int> counts_;
    std::vector<int> places_;
};

class FastReducer final : public GradientReducer {
  public:
    FastReducer(const Communicator& communicator, int islands)
        : communicator_(communicator), count_(islands_of(communicator.rank(), communicator.size(), islands).count) {}

    void finish(backend::Context& /*context*/) override {
        expect_fitting(mine(), total(), count_);
        const std::size_t size = total().size();
        float* out = values_of(total());
        std::memcpy(out, values_of(*mine().front()), size * sizeof(float));
        for (const Buffer* buffer : mine().subspan(1)) {
            const float* in = values_of(*buffer);
            for (std::size_t i = 0; i < size; ++i) out[i] += in[i];
        }
        for (std::size_t begin = 0; communicator_.size() > 1 && begin < size; begin += piece) {
            check_mpi(MPI_Allreduce(MPI_IN_PLACE, out + begin, static_cast<int>(std::min(piece, size - begin)),
                                    MPI_FLOAT, MPI_SUM, communicator_.handle()),
                      "MPI_Allreduce");
        }
        end();
    }

  private:
    static constexpr std::size_t piece = piece_bytes / sizeof(float);

    const Communicator& communicator_;
    int count_;
};

}  // namespace

void GradientReducer::begin(std::span<const Buffer* const> mine, Buffer& total) {
    ATNAS_EXPECT(!begun() && !mine.empty());
    mine_.assign(mine.begin(), mine.end());
    total_ = &total;
}

void GradientReducer::ready(backend::Context& /*context*/, std::size_t /*first*/) {
    ATNAS_EXPECT(begun());
}

void GradientReducer::sum(backend::Context& context, std::span<const Buffer* const> mine, Buffer& total) {
    begin(mine, total);
    finish(context);
}

std::unique_ptr<GradientReducer> make_host_reducer(const Communicator& communicator, int islands,
                                                   ReductionOrder order) {
    return order == ReductionOrder::ordered ? make_ordered_reducer(communicator, islands)
                                            : make_fast_reducer(communicator, islands);
}

std::unique_ptr<GradientReducer> make_ordered_reducer(const Communicator& communicator, int islands) {
    return std::make_unique<OrderedReducer>(communicator, islands);
}

std::unique_ptr<GradientReducer> make_fast_reducer(const Communicator& communicator, int islands) {
    return std::make_unique<FastReducer>(communicator, islands);
}

}  // namespace atnas::comm
