#include <algorithm>

#include "atnas/core/timer.hpp"
#include "context.hpp"
#include "device.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// Rows and columns that keep every multiprocessor busy; small where there are few.
int side_for_this_device() {
    constexpr int many_multiprocessors = 16;
    int device = 0;
    check(cudaGetDevice(&device), "cudaGetDevice");
    return properties_of(device).multiProcessorCount >= many_multiprocessors ? 4096 : 256;
}

Event make_clock() {
    return make<Event>(cudaEventCreateWithFlags, "cudaEventCreateWithFlags", cudaEventDefault);
}

}  // namespace

double measure_peak(Backend& backend, Context& context, double seconds) {
    CudaContext& on = cuda(context);
    const int side = side_for_this_device();
    const auto elements = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    const auto a = backend.allocate(elements), b = backend.allocate(elements), c = backend.allocate(elements);
    // Of ones: multiplying zeros draws less power, and the clock rises.
    backend.fill(context, *a, {0, elements}, 1.0);
    backend.fill(context, *b, {0, elements}, 1.0);
    const Event begin = make_clock(), end = make_clock();
    const auto multiply = [&] {
        check(cudaEventRecord(begin.get(), on.stream()), "cudaEventRecord");
        check(cublasSgemm(on.blas(), CUBLAS_OP_N, CUBLAS_OP_N, side, side, side, &one,
                          static_cast<const float*>(a->data()), side, static_cast<const float*>(b->data()), side, &zero,
                          static_cast<float*>(c->data()), side),
              "cublasSgemm");
        check(cudaEventRecord(end.get(), on.stream()), "cudaEventRecord");
        check(cudaEventSynchronize(end.get()), "cudaEventSynchronize");
        float milliseconds = 0.0f;
        check(cudaEventElapsedTime(&milliseconds, begin.get(), end.get()), "cudaEventElapsedTime");
        return std::max(static_cast<double>(milliseconds) / 1e3, 1e-9);
    };
    // The first one loads the kernel.
    multiply();
    double best = 0.0;
    for (const Stopwatch whole; best == 0.0 || whole.seconds() < seconds;)
        best = std::max(best, 2e-9 * side * side * side / multiply());
    return best;
}

}  // namespace atnas::backend::cuda
