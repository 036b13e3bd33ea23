// SPDX-License-Identifier: Apache-2.0
/// \file
/// Matrix products of the simulated cuBLAS.

#include <cublas_v2.h>

#include "sim_test.hpp"

namespace cuda_sim::test {
namespace {

void check(cublasStatus_t status) {
    ASSERT_EQ(status, CUBLAS_STATUS_SUCCESS) << cublasGetStatusString(status);
}

class Blas : public SimTest {};

class Handle {
  public:
    Handle() {
        check(cublasCreate(&handle_));
        check(cublasSetStream(handle_, stream.get()));
    }
    ~Handle() { check(cublasDestroy(handle_)); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    cublasHandle_t get() const noexcept { return handle_; }
    const Stream stream{};

  private:
    cublasHandle_t handle_{};
};

constexpr int m = 3, n = 4, k = 5;
constexpr int lda = 7, ldb = 6, ldc = 5;

float element(const std::vector<float>& matrix, bool transposed, int leading, int row, int column) {
    if (transposed) std::swap(row, column);
    return matrix[static_cast<std::size_t>(column * leading + row)];
}

TEST_F(Blas, ProductsInColumnMajorOrder) {
    const Handle handle;
    const auto a = sample(lda * 5), b = sample(ldb * 5, 0.7f), c = sample(ldc * n, 0.3f);
    const Array a_d(a), b_d(b), c_d(c);
    const float alpha = 1.5f, beta = 0.5f;
    for (const bool ta : {false, true}) {
        for (const bool tb : {false, true}) {
            c_d.write(c);
            check(cublasSgemm(handle.get(), ta ? CUBLAS_OP_T : CUBLAS_OP_N, tb ? CUBLAS_OP_T : CUBLAS_OP_N, m, n, k,
                              &alpha, a_d.data(), lda, b_d.data(), ldb, &beta, c_d.data(), ldc));
            handle.stream.wait();
            const auto got = c_d.read();
            for (int j = 0; j < n; ++j) {
                for (int i = 0; i < ldc; ++i) {
                    const auto place = static_cast<std::size_t>(j * ldc + i);
                    float sum = 0.0f;
                    for (int p = 0; p < k; ++p) sum += element(a, ta, lda, i, p) * element(b, tb, ldb, p, j);
                    // Rows between m and ldc are left alone.
                    EXPECT_NEAR(got[place], i < m ? alpha * sum + beta * c[place] : c[place], 1e-5f);
                }
            }
        }
    }
}

TEST_F(Blas, BetaZeroDoesNotReadTheResult) {
    const Handle handle;
    const Array a(std::vector<float>{2}), b(std::vector<float>{3}), c(1);
    const float alpha = 1.0f, beta = 0.0f;
    check(cublasSgemm(handle.get(), CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &alpha, a.data(), 1, b.data(), 1, &beta,
                      c.data(), 1));
    handle.stream.wait();
    EXPECT_EQ(c.read(), std::vector<float>{6.0f});
}

TEST_F(Blas, RefusesAndChecks) {
    const Handle handle;
    const Array a(20), b(20), c(20);
    const float one = 1.0f;
    const auto gemm = [&](int leading, const float* left, float* to) {
        return cublasSgemm(handle.get(), CUBLAS_OP_N, CUBLAS_OP_N, m, n, k, &one, left, leading, b.data(), k, &one, to,
                           m);
    };
    EXPECT_EQ(gemm(2, a.data(), c.data()), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_DEATH(static_cast<void>(gemm(5, a.data(), c.data())), "cublasSgemm: A is to be 92 bytes of device memory");
    EXPECT_DEATH(static_cast<void>(gemm(3, a.data(), a.data())), "cublasSgemm: A and C share memory");
    static float host[20];
    EXPECT_DEATH(static_cast<void>(gemm(3, host, c.data())), "is pageable host memory");
}

TEST_F(Blas, WorkspacesAreScribbledOn) {
    const Handle handle;
    const Array a(std::vector<float>{2}), b(std::vector<float>{3}), c(1), workspace(std::vector<float>(64, 1.0f));
    EXPECT_EQ(cublasSetWorkspace(handle.get(), workspace.data() + 1, 64), CUBLAS_STATUS_INVALID_VALUE);
    check(cublasSetWorkspace(handle.get(), workspace.data(), workspace.bytes()));
    const float one = 1.0f, zero = 0.0f;
    check(cublasSgemm(handle.get(), CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, a.data(), 1, b.data(), 1, &zero, c.data(),
                      1));
    handle.stream.wait();
    EXPECT_TRUE(std::isnan(workspace.read()[0]));
}

TEST_F(Blas, ADestroyedHandleIsAViolation) {
    const Stream stream;
    EXPECT_DEATH(
        {
            cublasHandle_t handle{};
            check(cublasCreate(&handle));
            check(cublasDestroy(handle));
            static_cast<void>(cublasSetStream(handle, stream.get()));
        },
        "cublasSetStream: the cuBLAS handle is already destroyed");
}

TEST_F(Blas, AStreamOfAnotherDeviceIsAViolation) {
    const Handle handle;
    cuda_sim::test::check(cudaSetDevice(1));
    const Stream elsewhere;
    cuda_sim::test::check(cudaSetDevice(0));
    EXPECT_DEATH(static_cast<void>(cublasSetStream(handle.get(), elsewhere.get())),
                 "cublasSetStream: the stream belongs to another device");
}

TEST_F(Blas, AHandleWithoutAStreamIsAViolation) {
    EXPECT_DEATH(
        {
            cublasHandle_t handle{};
            check(cublasCreate(&handle));
            const Array a(1);
            const Array c(1);
            const float one = 1.0f;
            check(cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, a.data(), 1, a.data(), 1, &one, c.data(),
                              1));
        },
        "cublasSgemm: work on the default stream");
}

}  // namespace
}  // namespace cuda_sim::test
