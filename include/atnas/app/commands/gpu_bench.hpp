// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What only a GPU has to say in a benchmark: how busy it is, and what reductions hide behind.

#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/backend/device_services.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/task.hpp"
#include "atnas/meta/adaptation.hpp"
#include "atnas/meta/task_shape.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::app {

/// A subnet and a task for it, which is done over and over.
struct BenchCase {
    space::NetworkOptions network;
    space::Genotype genotype;
    meta::TaskShape shape;
    meta::AdaptationOptions adaptation;
    data::Task task;
};

struct GpuFigures {
    // One task at a time.
    double kernel_seconds{0};  ///< per task; sum over operations, gaps inside of one included: an upper bound
    double gap_seconds{0};     ///< per task, between operations: the device waits for the host
    double busy_share{0};      ///< kernel time / both
    // With cuda.streams tasks in flight.
    double tasks_per_second{0};
    double busy_share_in_flight{0};  ///< share of the time in which any of the tasks was at work on the device
    // Reductions.
    double reduced_per_second{
        0};                  ///< bytes of meta-gradient summed per second of reduction, waiting for ranks included
    double hidden_share{0};  ///< of the reductions' time, behind the last backward pass; 0 with one rank
};

/// The parts of time in which a device was at work.
struct Busy {
    double seconds{0};  ///< at work on anything: what two streams do at a time counts once
    double span{0};     ///< from the first start to the last end
    double sum{0};      ///< of all operations
};
Busy busy_of(std::vector<backend::DeviceInterval> intervals);

/// \p seconds: about how long to try. \pre deck.runtime.backend is a GPU's. Collective.
GpuFigures measure_gpu(const BenchCase& c, const Deck& deck, backend::Backend& backend, double seconds,
                       const comm::Communicator& communicator);

}  // namespace atnas::app
