// SPDX-License-Identifier: Apache-2.0
// Exact sums in host memory.
#include "atnas/backend/exact_sum.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "host_parts.hpp"

namespace atnas::backend {
namespace {

class HostSum final : public ExactSum {
  public:
    HostSum(std::size_t size, std::size_t addends)
        : HostSum(std::make_unique<std::vector<std::int64_t>>(size + 1), addends) {}

  private:
    HostSum(std::unique_ptr<std::vector<std::int64_t>> words, std::size_t addends)
        : ExactSum(words->data(), words->size() - 1, addends, MemoryKind::host), words_(std::move(words)) {}
    std::unique_ptr<std::vector<std::int64_t>> words_;
};

/// Words [first, first + count), the flag included.
template <class Sum>
auto words_of(Sum& sum, Range range) noexcept {
    ATNAS_EXPECT(sum.memory() == MemoryKind::host);
    ATNAS_EXPECT(range.first <= sum.words() && range.count <= sum.words() - range.first);
    return std::span(sum.data() + range.first, range.count);
}

/// sum += x; whether all of it fits. What does not is left out.
template <class T>
bool add(const T* x, T limit, std::span<std::int64_t> sum) noexcept {
    bool all_fit = true;
    for (std::size_t i = 0; i < sum.size(); ++i) {
        const bool fits = std::fabs(x[i]) < limit;
        const T value = fits ? x[i] : T{0};
        // A product with a power of two is exact, so that this rounds once, as fixed_point() does.
        const auto addend = static_cast<std::uint64_t>(std::llrint(value * T{0x1p44}));
        sum[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum[i]) + addend);
        all_fit = all_fit && fits;
    }
    return all_fit;
}

}  // namespace

std::unique_ptr<ExactSum> HostBackend::allocate_sum(std::size_t count, std::size_t addends) {
    return std::make_unique<HostSum>(count, addends);
}

void HostBackend::clear(Context&, ExactSum& sum) {
    std::ranges::fill(words_of(sum, {0, sum.words()}), 0);
}

void HostBackend::accumulate(Context&, const Buffer& x, std::size_t first, ExactSum& sum, Range range) {
    ATNAS_EXPECT(fits(x, precision_) && range.first + range.count <= sum.size());
    with_type(precision_, [&]<class T>(T) {
        if (!add(part<T>(x, {first, range.count}), T{sum.limit()}, words_of(sum, range))) sum.data()[sum.size()] = 1;
    });
}

void HostBackend::accumulate(Context& context, const SegmentMap& map, const Buffer& local, ExactSum& sum) {
    for (const Segment& s : segments_of(map)) accumulate(context, local, s.local, sum, {s.shared, s.count});
}

void HostBackend::to_floats(Context&, const ExactSum& sum, std::span<const ScaledRange> ranges, Buffer& to) {
    ATNAS_EXPECT(fits(to, precision_));
    with_type(precision_, [&]<class T>(T) {
        for (const auto& [range, factor] : ranges) {
            const T by = T{factor} * T{0x1p-44};
            const auto words = words_of(sum, range);
            T* const values = part<T>(to, range);
            for (std::size_t i = 0; i < words.size(); ++i) values[i] = static_cast<T>(words[i]) * by;
        }
    });
}

void HostBackend::from_floats(Context&, const Buffer& from, ExactSum& sum, Range range) {
    ATNAS_EXPECT(fits(from, precision_));
    with_type(precision_, [&]<class T>(T) {
        const T* const values = part<T>(from, range);
        const auto words = words_of(sum, range);
        for (std::size_t i = 0; i < words.size(); ++i) words[i] = std::llrint(values[i] * T{0x1p44});
    });
}

void HostBackend::read_words(Context&, const ExactSum& from, std::size_t first, std::span<std::int64_t> words) {
    std::ranges::copy(words_of(from, {first, words.size()}), words.begin());
}

void HostBackend::write_words(Context&, ExactSum& to, std::size_t first, std::span<const std::int64_t> words) {
    std::ranges::copy(words, words_of(to, {first, words.size()}).begin());
}

}  // namespace atnas::backend
