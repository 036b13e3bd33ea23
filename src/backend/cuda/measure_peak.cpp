// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "atnas/core/timer.hpp"
#include "context.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// Products of square matrices, timed on the device.
class Products {
  public:
    Products(Backend& backend, Context& context, int side)
        : on_(cuda(context)),
          side_(side),
          a_(backend.allocate(elements())),
          b_(backend.allocate(elements())),
          c_(backend.allocate(elements())) {
        // Of ones: multiplying zeros draws less power, and the clock rises.
        backend.fill(context, *a_, {0, elements()}, 1.0);
        backend.fill(context, *b_, {0, elements()}, 1.0);
        // The first product loads the kernel.
        once();
    }

    double flops() const noexcept { return 2.0 * side_ * side_ * side_; }
    /// Seconds of one product.
    double once() {
        check(cudaEventRecord(begin_.get(), on_.stream()), "cudaEventRecord");
        check(cublasSgemm(on_.blas(), CUBLAS_OP_N, CUBLAS_OP_N, side_, side_, side_, &one,
                          static_cast<const float*>(a_->data()), side_, static_cast<const float*>(b_->data()), side_,
                          &zero, static_cast<float*>(c_->data()), side_),
              "cublasSgemm");
        check(cudaEventRecord(end_.get(), on_.stream()), "cudaEventRecord");
        check(cudaEventSynchronize(end_.get()), "cudaEventSynchronize");
        float milliseconds = 0.0f;
        check(cudaEventElapsedTime(&milliseconds, begin_.get(), end_.get()), "cudaEventElapsedTime");
        return std::max(static_cast<double>(milliseconds) / 1e3, 1e-9);
    }

  private:
    std::size_t elements() const noexcept { return static_cast<std::size_t>(side_) * static_cast<std::size_t>(side_); }

    CudaContext& on_;
    int side_;
    std::unique_ptr<Buffer> a_, b_, c_;
    Event begin_{make_clock_event()}, end_{make_clock_event()};
};

}  // namespace

double measure_peak(Backend& backend, Context& context, double seconds) {
    constexpr int largest_side = 4096;  // keeps every multiprocessor of a large GPU busy
    constexpr double products_wanted = 10.0;
    double best = 0.0;
    const Stopwatch whole;
    // Small ones first: on a slow device the largest would take longer than all that was asked for.
    for (int side = 256;; side *= 2) {
        Products products(backend, context, side);
        const double once = products.once();
        best = std::max(best, products.flops() / once / 1e9);
        constexpr double growth = 8.0;  // of the work from one side to the next
        if (side < largest_side && growth * products_wanted * once < seconds) continue;
        while (whole.seconds() < seconds) best = std::max(best, products.flops() / products.once() / 1e9);
        return best;
    }
}

}  // namespace atnas::backend::cuda
