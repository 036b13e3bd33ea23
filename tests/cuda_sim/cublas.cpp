// SPDX-License-Identifier: Apache-2.0
/// \file
/// The part of cuBLAS that the program uses, in column-major order as documented.

#include <cublas_v2.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "device.hpp"
#include "handle_table.hpp"
#include "tf32.hpp"

namespace {

using namespace cuda_sim;

struct Handle {
    int device;
    cudaStream_t stream{nullptr};
    cublasMath_t math{CUBLAS_DEFAULT_MATH};
    Operand workspace{nullptr, 0};
};

HandleTable<cublasHandle_t, Handle>& handles() {
    static auto* table = new HandleTable<cublasHandle_t, Handle>("cuBLAS handle", 0x7001);
    return *table;
}

/// One call of cuBLAS: holds the library's lock. If status is no success, return it.
struct Call {
    explicit Call(const char* call_name) : lock(library_lock()), name(call_name) {
        log_call(name);
        int error = 0;
        if (injected(name, error)) {
            status = static_cast<cublasStatus_t>(error);
        } else if (device_error() == cudaErrorNoDevice || device_error() == cudaErrorInsufficientDriver) {
            status = CUBLAS_STATUS_NOT_INITIALIZED;
        } else if (device_error() != cudaSuccess) {
            status = CUBLAS_STATUS_EXECUTION_FAILED;
        }
    }
    bool refused() const noexcept { return status != CUBLAS_STATUS_SUCCESS; }
    static std::recursive_mutex& library_lock() {
        static auto* instance = new std::recursive_mutex;
        return *instance;
    }

    std::unique_lock<std::recursive_mutex> lock;
    const char* name;
    cublasStatus_t status{CUBLAS_STATUS_SUCCESS};
};

/// A column-major matrix, transposed or not.
struct Matrix {
    const float* data;
    std::ptrdiff_t row_stride;
    std::ptrdiff_t column_stride;
    float at(std::ptrdiff_t row, std::ptrdiff_t column) const {
        return data[row * row_stride + column * column_stride];
    }
};

/// What a matrix of \p rows x \p columns occupies with leading dimension \p leading.
Operand extent(const float* data, int rows, int columns, int leading) {
    if (rows == 0 || columns == 0) return {data, 0};
    const auto elements =
        static_cast<std::size_t>(leading) * static_cast<std::size_t>(columns - 1) + static_cast<std::size_t>(rows);
    return {data, elements * sizeof(float)};
}

/// Calls note(address, bytes) for the columns of a matrix, without what lies between them.
template <class Note>
void for_columns(const float* data, int rows, int columns, int leading, Note note) {
    for (int column = 0; column < columns; ++column) {
        note(data + static_cast<std::ptrdiff_t>(column) * leading, static_cast<std::size_t>(rows) * sizeof(float));
    }
}

void multiply(int m, int n, int k, float alpha, const Matrix& a, const Matrix& b, float beta, float* c, int ldc) {
    for (int column = 0; column < n; ++column) {
        for (int row = 0; row < m; ++row) {
            // A device sums in a tree; sums in double stand between all of them.
            double sum = 0.0;
            for (int i = 0; i < k; ++i) sum += static_cast<double>(a.at(row, i)) * b.at(i, column);
            float& to = c[row + static_cast<std::ptrdiff_t>(column) * ldc];
            const auto value = static_cast<float>(sum);
            to = beta == 0.0f ? alpha * value : alpha * value + beta * to;
        }
    }
}

}  // namespace

extern "C" {

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
    Call call("cublasCreate");
    if (call.refused()) return call.status;
    if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    int device = 0;
    cudaGetDevice(&device);
    *handle = handles().add(std::make_shared<Handle>(Handle{device}));
    count_resource("cuBLAS handle", 1);
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
    Call call("cublasDestroy");
    if (call.refused()) return call.status;
    handles().remove(handle, call.name);
    count_resource("cuBLAS handle", -1);
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
    Call call("cublasSetStream");
    if (call.refused()) return call.status;
    const auto target = handles().get(handle, call.name);
    if (device_of(stream) != target->device) violation("cublasSetStream: the stream belongs to another device");
    target->stream = stream;
    // Documented: the workspace falls back to the library's own.
    target->workspace = {nullptr, 0};
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
    Call call("cublasSetMathMode");
    if (call.refused()) return call.status;
    handles().get(handle, call.name)->math = mode;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, std::size_t bytes) {
    Call call("cublasSetWorkspace");
    if (call.refused()) return call.status;
    const auto target = handles().get(handle, call.name);
    if (reinterpret_cast<std::uintptr_t>(workspace) % 256 != 0) return CUBLAS_STATUS_INVALID_VALUE;
    if (bytes > 0) expect_device(workspace, bytes, call.name, "workspace");
    target->workspace = {workspace, bytes};
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSgemm_v2(cublasHandle_t handle, cublasOperation_t op_a, cublasOperation_t op_b, int m, int n,
                              int k, const float* alpha, const float* a, int lda, const float* b, int ldb,
                              const float* beta, float* c, int ldc) {
    Call call("cublasSgemm");
    if (call.refused()) return call.status;
    const auto target = handles().get(handle, call.name);
    const bool plain_a = op_a == CUBLAS_OP_N;
    const bool plain_b = op_b == CUBLAS_OP_N;
    const int rows_a = plain_a ? m : k;
    const int rows_b = plain_b ? k : n;
    if (m < 0 || n < 0 || k < 0 || lda < std::max(1, rows_a) || ldb < std::max(1, rows_b) || ldc < std::max(1, m) ||
        alpha == nullptr || beta == nullptr) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
    const Operand operand_a = extent(a, rows_a, plain_a ? k : m, lda);
    const Operand operand_b = extent(b, rows_b, plain_b ? n : k, ldb);
    const Operand result = extent(c, m, n, ldc);
    const Operand workspace = target->workspace;
    if (k > 0) {
        expect_device(a, operand_a.bytes, call.name, "A");
        expect_device(b, operand_b.bytes, call.name, "B");
    }
    expect_device(c, result.bytes, call.name, "C");
    expect_apart(operand_a, result, call.name, "A and C");
    expect_apart(operand_b, result, call.name, "B and C");
    for (const auto& operand : {operand_a, operand_b, result}) {
        expect_apart(workspace, operand, call.name, "the workspace and a matrix");
    }
    const bool tf32 = (target->math & 0xf) == CUBLAS_TF32_TENSOR_OP_MATH;
    enqueue(target->stream, call.name,
            [=, factor = *alpha, rest = *beta] {
                // A part of it is enough to show that nobody can keep anything there, and takes no time.
                const auto used = std::min(workspace.bytes, std::size_t{64} << 10);
                note_write(workspace.pointer, used);
                if (used > 0) std::memset(const_cast<void*>(workspace.pointer), 0xff, used);
                const auto reads = [](const void* column, std::size_t bytes) { note_read(column, bytes); };
                for_columns(a, rows_a, plain_a ? k : m, lda, reads);
                for_columns(b, rows_b, plain_b ? n : k, ldb, reads);
                if (rest != 0.0f) for_columns(c, m, n, ldc, reads);
                for_columns(c, m, n, ldc, note_write);
                std::vector<float> rounded_a, rounded_b;
                if (tf32) {
                    rounded_a = rounded_to_tf32(a, operand_a.bytes / sizeof(float));
                    rounded_b = rounded_to_tf32(b, operand_b.bytes / sizeof(float));
                }
                const Matrix left{tf32 ? rounded_a.data() : a, plain_a ? 1 : lda, plain_a ? lda : 1};
                const Matrix right{tf32 ? rounded_b.data() : b, plain_b ? 1 : ldb, plain_b ? ldb : 1};
                multiply(m, n, k, factor, left, right, rest, c, ldc);
            },
            {operand_a, operand_b, result, workspace});
    return CUBLAS_STATUS_SUCCESS;
}

const char* cublasGetStatusString(cublasStatus_t status) {
    switch (status) {
        case CUBLAS_STATUS_SUCCESS:
            return "the operation completed successfully";
        case CUBLAS_STATUS_NOT_INITIALIZED:
            return "the library was not initialized";
        case CUBLAS_STATUS_ALLOC_FAILED:
            return "the resource allocation failed";
        case CUBLAS_STATUS_INVALID_VALUE:
            return "an unsupported value or parameter was passed to the function";
        case CUBLAS_STATUS_EXECUTION_FAILED:
            return "the function failed to launch on the GPU";
        default:
            return "an error of cuBLAS";
    }
}

}  // extern "C"
