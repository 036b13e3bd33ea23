// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/make_reducer.hpp"

#include "atnas/backend/device_services.hpp"
#include "atnas/comm/mpi_reducer.hpp"
#include "atnas/comm/nccl_reducer.hpp"
#include "atnas/comm/own_devices.hpp"
#include "atnas/core/log.hpp"

namespace atnas::app {

std::unique_ptr<comm::GradientReducer> make_reducer(const Deck& deck, const comm::Communicator& communicator,
                                                    backend::Backend& backend, std::size_t weights) {
    const comm::Reduction reduction = deck.runtime.reduction;
    const backend::DeviceServices* const device = backend.services();
    if (device == nullptr) return comm::make_mpi_reducer(communicator, backend, reduction);
    const bool slices = comm::share_gpus(communicator, device->id());
    if (slices && comm::nccl_compiled())
        world_log().info("ranks have slices of one GPU, which NCCL does not know: reductions go over host memory");
    if (slices || !comm::nccl_compiled()) return comm::make_mpi_reducer(communicator, backend, reduction);
    comm::expect_own_devices(communicator, device->id());
    comm::NcclOptions options;
    options.reduction = reduction;
    options.weights = weights;
    options.bucket = comm::bucket_for(weights);
    // Before the watchdog, which knows less about what hangs.
    options.timeout_seconds = 0.8 * deck.runtime.stall_limit;
    return comm::make_nccl_reducer(communicator, backend, options);
}

}  // namespace atnas::app
