#pragma once
/// \file
/// A rank with a GPU of its own, and islands whose values lie on it.

#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/island_map.hpp"

#include "../float_buffer.hpp"

namespace atnas::test {

/// Whether all ranks are to share the first GPU, for machines that have one (jobs/gpu_check).
inline bool shared_gpu() {
    return std::getenv("ATNAS_TEST_SHARED_GPU") != nullptr;
}

/// GPU number \p device of the process.
struct Gpu {
    explicit Gpu(int device)
        : backend(backend::make_backend(backend::BackendKind::cuda, backend::Precision::f32,
                                        {.device = device, .tf32 = {}, .algorithms = {}})),
          context(backend->make_context()) {}

    std::unique_ptr<backend::Buffer> upload(const std::vector<float>& values) {
        auto buffer = backend->allocate(values.size());
        write(*buffer, 0, values);
        return buffer;
    }
    void write(backend::Buffer& buffer, std::size_t first, std::span<const float> values) {
        if (!values.empty())
            backend->write(*context, backend::view(buffer, first, {1, 1, 1, static_cast<int>(values.size())}), values);
    }
    std::vector<float> download(backend::Buffer& buffer) {
        std::vector<float> values(buffer.size());
        backend->read(*context, backend::view(buffer, 0, {1, 1, 1, static_cast<int>(values.size())}),
                      std::span<float>(values));
        return values;
    }

    std::unique_ptr<backend::Backend> backend;
    std::unique_ptr<backend::Context> context;
};

/// This rank's islands with the values of island_values(), and a total that holds something else.
struct DeviceIslands {
    DeviceIslands(Gpu& gpu, const comm::Communicator& ranks, int islands, std::size_t size)
        : block(comm::islands_of(ranks.rank(), ranks.size(), islands)),
          total(gpu.upload(std::vector<float>(size, -1.0f))) {
        for (int i = 0; i < block.count; ++i) {
            owned.push_back(gpu.upload(island_values(block.first + i, size)));
            mine.push_back(owned.back().get());
        }
    }

    comm::IslandBlock block;
    std::unique_ptr<backend::Buffer> total;
    std::vector<std::unique_ptr<backend::Buffer>> owned;
    std::vector<const backend::Buffer*> mine;
};

}  // namespace atnas::test
