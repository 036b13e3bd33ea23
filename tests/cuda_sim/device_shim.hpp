#pragma once
/// \file
/// Included in front of every .cu file that is compiled for the host: the part of CUDA C++ that the kernels use.
/// Blocks run one after another, so that what a block shares can be static.

#include <cuda_runtime_api.h>

#include <cmath>
#include <cstdint>

// Words of the CUDA language, which C++ only lets a macro take away.
#undef __global__
#undef __device__
#undef __host__
#undef __shared__
#undef __forceinline__
#undef __launch_bounds__
#define __global__
#define __device__
#define __host__
#define __shared__ [[gnu::section("cuda_shared")]] static
#define __forceinline__ inline
#define __launch_bounds__(...)

namespace cuda_sim {

/// Set by the simulator before it runs a thread; only one thread runs at a time.
extern uint3 thread_index;
extern uint3 block_index;
extern dim3 block_size;
extern dim3 grid_size;
/// Returns when every thread of the block has come here.
void barrier();

}  // namespace cuda_sim

// Built-in variables of the language.
inline const uint3& threadIdx = cuda_sim::thread_index;
inline const uint3& blockIdx = cuda_sim::block_index;
inline const dim3& blockDim = cuda_sim::block_size;
inline const dim3& gridDim = cuda_sim::grid_size;
inline void __syncthreads() {
    cuda_sim::barrier();
}

// NOLINTBEGIN: names of the CUDA Math API.
using std::isfinite;
using std::isinf;
using std::isnan;
inline float rsqrtf(float x) {
    return 1.0f / std::sqrt(x);
}
inline double rsqrt(double x) {
    return 1.0 / std::sqrt(x);
}
inline float __fdividef(float x, float y) {
    return x / y;
}
inline float __fmul_rn(float x, float y) {
    return x * y;
}
inline float __fadd_rn(float x, float y) {
    return x + y;
}
inline float __fsub_rn(float x, float y) {
    return x - y;
}
inline float __fdiv_rn(float x, float y) {
    return x / y;
}
inline float __fsqrt_rn(float x) {
    return std::sqrt(x);
}
inline float __fmaf_rn(float x, float y, float z) {
    return std::fma(x, y, z);
}
inline double __dadd_rn(double x, double y) {
    return x + y;
}
inline double __dmul_rn(double x, double y) {
    return x * y;
}
inline float __expf(float x) {
    return std::exp(x);
}
inline float __logf(float x) {
    return std::log(x);
}
template <class T>
T __ldg(const T* pointer) {
    return *pointer;
}
template <class T>
T min(T a, T b) {
    return b < a ? b : a;
}
template <class T>
T max(T a, T b) {
    return a < b ? b : a;
}
/// Only one thread runs at a time.
template <class T>
T atomicAdd(T* to, T value) {
    const T old = *to;
    *to += value;
    return old;
}
template <class T>
T atomicMax(T* to, T value) {
    const T old = *to;
    if (old < value) *to = value;
    return old;
}
template <class T>
T atomicOr(T* to, T value) {
    const T old = *to;
    *to |= value;
    return old;
}
template <class T>
T atomicExch(T* to, T value) {
    const T old = *to;
    *to = value;
    return old;
}
// NOLINTEND
