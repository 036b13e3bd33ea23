// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/replica_reducer.hpp"

#include "atnas/backend/device_services.hpp"
#include "atnas/comm/mpi_reducer.hpp"
#include "atnas/comm/nccl_reducer.hpp"
#include "atnas/comm/own_devices.hpp"
#include "atnas/core/log.hpp"

namespace atnas::engine {

std::unique_ptr<comm::GradientReducer> make_replica_reducer(const ReducerOptions& options,
                                                            const comm::Communicator& communicator,
                                                            backend::Backend& backend, std::size_t weights) {
    const backend::DeviceServices* const device = backend.services();
    if (device == nullptr) return comm::make_mpi_reducer(communicator, backend, options.reduction);
    const bool slices = comm::share_gpus(communicator, device->id());
    if (slices && comm::nccl_compiled())
        world_log().info("ranks have slices of one GPU, which NCCL does not know: reductions go over host memory");
    if (slices || !comm::nccl_compiled()) return comm::make_mpi_reducer(communicator, backend, options.reduction);
    comm::expect_own_devices(communicator, device->id());
    comm::NcclOptions nccl;
    nccl.reduction = options.reduction;
    nccl.weights = weights;
    nccl.bucket = comm::bucket_for(weights);
    nccl.timeout_seconds = options.timeout_seconds;
    return comm::make_nccl_reducer(communicator, backend, nccl);
}

}  // namespace atnas::engine
