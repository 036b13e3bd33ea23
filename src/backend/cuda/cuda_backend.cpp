// SPDX-License-Identifier: Apache-2.0
#include "cuda_backend.hpp"

#include <new>

#include <fmt/format.h>

#include "atnas/backend/factories.hpp"
#include "atnas/core/error.hpp"
#include "device.hpp"

namespace atnas::backend::cuda {
namespace {

int selected(int device) {
    check(cudaSetDevice(device), "cudaSetDevice");
    return device;
}

std::string machine_of(int device) {
    const cudaDeviceProp properties = properties_of(device);
    return fmt::format("cuDNN {}, compute capability {}.{}", cudnnGetVersion(), properties.major, properties.minor);
}

class CudaBuffer final : public Buffer {
  public:
    CudaBuffer(DevicePool& pool, std::size_t count)
        : Buffer(pool.take(bytes_for(count)), count, Precision::f32, MemoryKind::device), pool_(pool) {}
    ~CudaBuffer() override { pool_.give_back(data()); }

  private:
    static std::size_t bytes_for(std::size_t count) {
        if (count > std::size_t{1} << 40) throw std::bad_array_new_length();
        return count * sizeof(float);
    }
    DevicePool& pool_;
};

}  // namespace

CudaBackend::CudaBackend(const CudaOptions& options, ConvolutionLibrary library)
    : options_(options),
      id_(id_of(selected(options.device))),
      origin_(make_clock_event()),
      service_(std::make_unique<CudaContext>(pool_, workspace_, origin_, options)),
      kit_{*this, *service_, options_, library, algorithms_, workspace_, machine_of(options.device)} {
    // A GPU that only looks usable says so here.
    service_->prepare();
    check(cudaEventRecord(origin_.get(), service_->stream()), "cudaEventRecord");
    service_->finish();
}

CudaBackend::~CudaBackend() = default;

std::string CudaBackend::description() const {
    return fmt::format("{} {}, cuDNN {}{}", properties_of(options_.device).name, id_.pci_address, cudnnGetVersion(),
                       options_.tf32 == Tf32::yes ? ", TF32" : "");
}

std::unique_ptr<Buffer> CudaBackend::allocate(std::size_t count) {
    auto buffer = std::make_unique<CudaBuffer>(pool_, count);
    check(cudaMemsetAsync(buffer->data(), 0, count * sizeof(float), service_->stream()), "cudaMemsetAsync");
    service_->finish();
    return buffer;
}

std::unique_ptr<Op> CudaBackend::convolution(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) {
    return ready(make_convolution(kit_, spec, tensors));
}
std::unique_ptr<Op> CudaBackend::pool(const PoolSpec& spec, const PoolTensors& tensors) {
    return ready(make_pool(spec, tensors));
}
std::unique_ptr<Op> CudaBackend::norm(const NormSpec& spec, const NormTensors& tensors) {
    return ready(make_norm(kit_, spec, tensors));
}
std::unique_ptr<Op> CudaBackend::subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors) {
    return ready(make_subsample(spec, tensors));
}

}  // namespace atnas::backend::cuda

namespace atnas::backend {

std::unique_ptr<Backend> make_cuda_backend(const CudaOptions& options) {
    if (const std::string obstacle = cuda_obstacle(options.device); !obstacle.empty())
        throw Error(ExitCode::bad_deck, Problem{"backend 'cuda' cannot be used", obstacle,
                                                "choose backend 'auto', 'onednn' or 'reference'"});
    return std::make_unique<cuda::CudaBackend>(options);
}

}  // namespace atnas::backend
