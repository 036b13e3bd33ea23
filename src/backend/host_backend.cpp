// SPDX-License-Identifier: Apache-2.0
#include "atnas/backend/host_backend.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <vector>

#include "host_parts.hpp"

namespace atnas::backend {

namespace {

constexpr std::size_t alignment = 64;

class HostBuffer final : public Buffer {
  public:
    HostBuffer(std::size_t count, Precision precision)
        : Buffer(zeroed(count, bytes_of(precision)), count, precision, MemoryKind::host) {}
    ~HostBuffer() override { ::operator delete (data(), std::align_val_t{alignment}); }

  private:
    static void* zeroed(std::size_t count, std::size_t element) {
        if (count > std::numeric_limits<std::ptrdiff_t>::max() / element) throw std::bad_array_new_length();
        // Never empty, so that every buffer has an address and a tensor in it counts as wanted.
        const std::size_t bytes = std::max(count * element, alignment);
        void* const data = ::operator new (bytes, std::align_val_t{alignment});
        std::memset(data, 0, bytes);
        return data;
    }
};

template <class T>
void adam_step(const AdamStep& step, const T* g, T* w, T* m, T* v, std::size_t count) {
    const T rate = step.rate;
    const T beta1 = step.beta1;
    const T beta2 = step.beta2;
    const T epsilon = step.epsilon;
    for (std::size_t i = 0; i < count; ++i) {
        m[i] = beta1 * m[i] + (T{1} - beta1) * g[i];
        v[i] = beta2 * v[i] + (T{1} - beta2) * g[i] * g[i];
        w[i] -= rate * m[i] / (std::sqrt(v[i]) + epsilon);
    }
}

template <class T>
void sgd_step(const SgdStep& step, const T* g, T* w, T* u, std::size_t count) {
    const T rate = step.rate;
    const T momentum = step.momentum;
    for (std::size_t i = 0; i < count; ++i) {
        u[i] = momentum * u[i] + g[i];
        w[i] -= rate * u[i];
    }
}

/// Eight interleaved partial sums, added pairwise: vectorises without reordering, so the result is the same everywhere.
template <class T>
double sum_of_squares(const T* x, std::size_t count) {
    constexpr std::size_t lanes = 8;
    std::array<double, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t k = 0; k < lanes; ++k) {
            const double value = x[i + k];
            sums[k] += value * value;
        }
    }
    for (std::size_t k = 0; i < count; ++i, ++k) sums[k] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    for (std::size_t width = lanes / 2; width > 0; width /= 2) {
        for (std::size_t k = 0; k < width; ++k) sums[k] += sums[k + width];
    }
    return sums[0];
}

}  // namespace

std::unique_ptr<Buffer> HostBackend::allocate(std::size_t count) {
    return std::make_unique<HostBuffer>(count, precision_);
}

void HostBackend::fill(Context&, Buffer& x, Range range, double value) {
    ATNAS_EXPECT(fits(x, precision_));
    with_type(precision_, [&]<class T>(T) { std::fill_n(part<T>(x, range), range.count, static_cast<T>(value)); });
}

void HostBackend::copy(Context&, const Buffer& from, std::size_t first, Buffer& to, Range range) {
    ATNAS_EXPECT(fits(from, precision_) && fits(to, precision_));
    with_type(precision_, [&]<class T>(T) {
        // memmove: both ranges may lie in one buffer.
        std::memmove(part<T>(to, range), part<T>(from, {first, range.count}), range.count * sizeof(T));
    });
}

void HostBackend::axpy(Context&, double a, const Buffer& x, std::size_t first, Buffer& y, Range range) {
    ATNAS_EXPECT(fits(x, precision_) && fits(y, precision_));
    with_type(precision_, [&]<class T>(T) {
        const T factor = static_cast<T>(a);
        const T* const from = part<T>(x, {first, range.count});
        T* const to = part<T>(y, range);
        for (std::size_t i = 0; i < range.count; ++i) to[i] += factor * from[i];
    });
}

void HostBackend::scale(Context&, Buffer& x, std::span<const ScaledRange> ranges) {
    ATNAS_EXPECT(fits(x, precision_));
    with_type(precision_, [&]<class T>(T) {
        for (const auto& [range, factor] : ranges) {
            const T by = factor;
            T* const values = part<T>(x, range);
            for (std::size_t i = 0; i < range.count; ++i) values[i] *= by;
        }
    });
}

void HostBackend::lerp(Context&, const Buffer& x, Buffer& y, std::span<const ScaledRange> ranges) {
    ATNAS_EXPECT(fits(x, precision_) && fits(y, precision_));
    with_type(precision_, [&]<class T>(T) {
        for (const auto& [range, factor] : ranges) {
            const T fresh = factor;
            const T kept = T{1} - fresh;
            const T* const from = part<T>(x, range);
            T* const to = part<T>(y, range);
            for (std::size_t i = 0; i < range.count; ++i) to[i] = kept * to[i] + fresh * from[i];
        }
    });
}

double HostBackend::squared_norm(Context&, const Buffer& x, std::span<const Range> ranges) {
    ATNAS_EXPECT(fits(x, precision_));
    double result = 0;
    with_type(precision_, [&]<class T>(T) {
        for (const Range& range : ranges) result += sum_of_squares(part<T>(x, range), range.count);
    });
    return result;
}

void HostBackend::adam(Context&, std::span<const AdamRange> ranges, const Buffer& gradient, Buffer& weights,
                       Buffer& first_moment, Buffer& second_moment) {
    ATNAS_EXPECT(fits(gradient, precision_) && fits(weights, precision_) && fits(first_moment, precision_) &&
                 fits(second_moment, precision_));
    with_type(precision_, [&]<class T>(T) {
        for (const auto& [range, step] : ranges)
            adam_step<T>(step, part<T>(gradient, range), part<T>(weights, range), part<T>(first_moment, range),
                         part<T>(second_moment, range), range.count);
    });
}

void HostBackend::sgd(Context&, const SgdStep& step, std::span<const Range> ranges, const Buffer& gradient,
                      Buffer& weights, Buffer& velocity) {
    ATNAS_EXPECT(fits(gradient, precision_) && fits(weights, precision_) && fits(velocity, precision_));
    with_type(precision_, [&]<class T>(T) {
        for (const Range& range : ranges)
            sgd_step<T>(step, part<T>(gradient, range), part<T>(weights, range), part<T>(velocity, range), range.count);
    });
}

std::unique_ptr<SegmentMap> HostBackend::map_segments(std::span<const Segment> segments) {
    return std::make_unique<HostSegments>(segments);
}

void HostBackend::gather(Context& context, const SegmentMap& map, const Buffer& shared, Buffer& local) {
    for (const Segment& s : segments_of(map)) copy(context, shared, s.shared, local, {s.local, s.count});
}

}  // namespace atnas::backend
