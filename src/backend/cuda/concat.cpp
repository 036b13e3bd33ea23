#include "context.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

std::size_t row_bytes(const Tensor& tensor) noexcept {
    return bytes_of(tensor) / static_cast<std::size_t>(tensor.shape.n);
}

/// The channels of one image lie together: a part is a column of a matrix with one row per image.
class Concat final : public Op {
  public:
    explicit Concat(const ConcatTensors& tensors) : t_(tensors) {
        ATNAS_EXPECT(t_.y && !t_.x.empty());
        ATNAS_EXPECT(t_.dx.empty() || t_.dx.size() == t_.x.size());
    }

    void forward(Context& context) override {
        std::size_t first = 0;
        for (const Tensor& x : t_.x) {
            copy_rows(context, x.data, row_bytes(x), static_cast<std::byte*>(t_.y.data) + first, row_bytes(t_.y), x);
            first += row_bytes(x);
        }
    }

    void backward(Context& context) override {
        if (!t_.dy) return;
        std::size_t first = 0;
        for (std::size_t k = 0; k < t_.dx.size(); ++k) {
            const Tensor& dx = t_.dx[k];
            if (dx)
                copy_rows(context, static_cast<const std::byte*>(t_.dy.data) + first, row_bytes(t_.dy), dx.data,
                          row_bytes(dx), dx);
            first += row_bytes(t_.x[k]);
        }
    }

  private:
    static void copy_rows(Context& context, const void* from, std::size_t from_pitch, void* to, std::size_t to_pitch,
                          const Tensor& part) {
        check(cudaMemcpy2DAsync(to, to_pitch, from, from_pitch, row_bytes(part), static_cast<std::size_t>(part.shape.n),
                                cudaMemcpyDeviceToDevice, cuda(context).stream()),
              "cudaMemcpy2DAsync on the device");
    }

    ConcatTensors t_;
};

}  // namespace

std::unique_ptr<Op> make_concat(const ConcatTensors& tensors) {
    return std::make_unique<Concat>(tensors);
}

}  // namespace atnas::backend::cuda
