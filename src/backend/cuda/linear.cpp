// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"
#include "kernels/head.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

enum class Keep { no, yes };  ///< what is in the place of the result

/// cuBLAS counts by columns: a row-major matrix is the transposed one to it. Hence y' = w x', dx' = w' dy' and
/// dw' = x' dy, where ' is what cuBLAS reads without a transposition.
class Linear final : public Op {
  public:
    explicit Linear(const LinearTensors& tensors)
        : t_(tensors), images_(t_.x.shape.n), features_(t_.x.shape.c), classes_(t_.y.shape.c) {
        ATNAS_EXPECT(t_.x && t_.weight && t_.y);
        ATNAS_EXPECT((t_.weight.shape == Shape{classes_, features_, 1, 1}));
    }

    void forward(Context& context) override {
        if (t_.bias)
            launch(cuda(context).stream(), t_.y.shape.count(), "repeat_row", repeat_row, floats(t_.bias), floats(t_.y),
                   classes_, t_.y.shape.count());
        multiply(context, {CUBLAS_OP_T, features_, t_.weight}, {CUBLAS_OP_N, features_, t_.x}, features_,
                 {CUBLAS_OP_N, classes_, t_.y}, images_, t_.bias ? Keep::yes : Keep::no);
    }

    void backward(Context& context) override {
        if (!t_.dy) return;
        if (t_.dx)
            multiply(context, {CUBLAS_OP_N, features_, t_.weight}, {CUBLAS_OP_N, classes_, t_.dy}, classes_,
                     {CUBLAS_OP_N, features_, t_.dx}, images_, Keep::no);
        if (t_.dweight)
            multiply(context, {CUBLAS_OP_N, features_, t_.x}, {CUBLAS_OP_T, classes_, t_.dy}, images_,
                     {CUBLAS_OP_N, features_, t_.dweight}, classes_, Keep::no);
        if (t_.dbias)
            launch(cuda(context).stream(), static_cast<std::size_t>(classes_), "sum_rows", sum_rows, floats(t_.dy),
                   images_, classes_, floats(t_.dbias));
    }

  private:
    /// As cuBLAS reads it: \p rows is the distance of its columns.
    struct Matrix {
        cublasOperation_t operation;
        int rows;
        const Tensor& tensor;
    };

    /// c = a b, or c += a b; c has \p columns columns, \p inner are summed over.
    static void multiply(Context& context, const Matrix& a, const Matrix& b, int inner, const Matrix& c, int columns,
                         Keep keep) {
        check(
            cublasSgemm(cuda(context).blas(), a.operation, b.operation, c.rows, columns, inner, &one, floats(a.tensor),
                        a.rows, floats(b.tensor), b.rows, keep == Keep::yes ? &one : &zero, floats(c.tensor), c.rows),
            "cublasSgemm");
    }

    LinearTensors t_;
    int images_, features_, classes_;
};

}  // namespace

std::unique_ptr<Op> make_linear(const LinearTensors& tensors) {
    return std::make_unique<Linear>(tensors);
}

}  // namespace atnas::backend::cuda
