// SPDX-License-Identifier: Apache-2.0
// Exact sums on the device.
#include "atnas/backend/exact_sum.hpp"

#include <algorithm>
#include <new>

#include "cuda_backend.hpp"
#include "kernels/exact_sum.hpp"
#include "launch.hpp"
#include "parts.hpp"

namespace atnas::backend::cuda {
namespace {

static_assert(sizeof(long long) == sizeof(std::int64_t));

class CudaSum final : public ExactSum {
  public:
    CudaSum(DevicePool& pool, std::size_t size, std::size_t addends)
        : ExactSum(static_cast<std::int64_t*>(pool.take(bytes_for(size))), size, addends, MemoryKind::device),
          pool_(pool) {}
    ~CudaSum() override { pool_.give_back(data()); }

  private:
    static std::size_t bytes_for(std::size_t size) {
        if (size > std::size_t{1} << 40) throw std::bad_array_new_length();
        return (size + 1) * sizeof(std::int64_t);
    }
    DevicePool& pool_;
};

/// Words that travel at a time.
constexpr std::size_t piece = std::size_t{1} << 19;

/// Calls transfer(words, staging) piece by piece.
template <class Word, class Transfer>
void in_pieces(CudaContext& on, std::span<Word> words, Transfer transfer) {
    for (std::size_t first = 0; first < words.size(); first += piece) {
        const auto part = words.subspan(first, std::min(piece, words.size() - first));
        transfer(first, part, static_cast<std::int64_t*>(on.staging().take(part.size_bytes())));
    }
}

}  // namespace

std::unique_ptr<ExactSum> CudaBackend::allocate_sum(std::size_t count, std::size_t addends) {
    auto sum = std::make_unique<CudaSum>(pool_, count, addends);
    clear(*service_, *sum);
    service_->finish();
    return sum;
}

void CudaBackend::clear(Context& context, ExactSum& sum) {
    CudaContext& on = cuda(context);
    on.timed([&] {
        check(cudaMemsetAsync(sum.data(), 0, sum.words() * sizeof(std::int64_t), on.stream()), "cudaMemsetAsync");
    });
}

void CudaBackend::accumulate(Context& context, const Buffer& x, std::size_t first, ExactSum& sum, Range range) {
    ATNAS_EXPECT(range.first + range.count <= sum.size());
    CudaContext& on = cuda(context);
    on.timed([&] {
        launch(on.stream(), range.count, "accumulate", cuda::accumulate, part(x, {first, range.count}), words_of(sum),
               range.first, range.count);
    });
}

void CudaBackend::from_floats(Context& context, const Buffer& from, ExactSum& sum, Range range) {
    ATNAS_EXPECT(range.first + range.count <= sum.words());
    launch(cuda(context).stream(), range.count, "from_floats", cuda::from_floats, part(from, range),
           words_of(sum).elements + range.first, range.count);
}

void CudaBackend::read_words(Context& context, const ExactSum& from, std::size_t first, std::span<std::int64_t> words) {
    ATNAS_EXPECT(first + words.size() <= from.words());
    CudaContext& on = cuda(context);
    in_pieces(on, words, [&](std::size_t begin, std::span<std::int64_t> part, std::int64_t* staged) {
        check(cudaMemcpyAsync(staged, from.data() + first + begin, part.size_bytes(), cudaMemcpyDeviceToHost,
                              on.stream()),
              "cudaMemcpyAsync from the device");
        on.staging().queued(on.stream());
        on.finish();
        std::copy_n(staged, part.size(), part.begin());
    });
}

void CudaBackend::write_words(Context& context, ExactSum& to, std::size_t first, std::span<const std::int64_t> words) {
    ATNAS_EXPECT(first + words.size() <= to.words());
    CudaContext& on = cuda(context);
    in_pieces(on, words, [&](std::size_t begin, std::span<const std::int64_t> part, std::int64_t* staged) {
        std::ranges::copy(part, staged);
        check(
            cudaMemcpyAsync(to.data() + first + begin, staged, part.size_bytes(), cudaMemcpyHostToDevice, on.stream()),
            "cudaMemcpyAsync to the device");
        on.staging().queued(on.stream());
    });
}

}  // namespace atnas::backend::cuda
