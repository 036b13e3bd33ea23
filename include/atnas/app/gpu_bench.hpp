#pragma once
/// \file
/// What only a GPU has to say in a benchmark: how busy it is, and what reductions hide behind.

#include "atnas/app/deck.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/episode.hpp"
#include "atnas/meta/meta_learner.hpp"
#include "atnas/nn/plan.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::app {

/// A subnet and a task for it, which is done over and over.
struct BenchCase {
    space::NetworkOptions network;
    space::Genotype genotype;
    nn::TaskShape task;
    meta::InnerLoop loop;
    data::Episode episode;
};

struct GpuFigures {
    double kernel_seconds{0};      ///< per task; sum over operations, gaps inside of one included: an upper bound
    double gap_seconds{0};         ///< per task, between operations: the device waits for the host
    double busy_share{0};          ///< kernel time / both
    double tasks_per_second{0};    ///< with cuda.streams tasks in flight
    double reduced_per_second{0};  ///< bytes of meta-gradient summed per second of reduction on the device
    double hidden_share{0};        ///< of the reduction's time, behind the last backward pass; 0 with one rank
};

/// \p seconds: about how long to try. \pre deck.runtime.backend is a GPU's. Collective.
GpuFigures measure_gpu(const BenchCase& c, Deck deck, backend::Backend& backend, double seconds,
                       const comm::Communicator& communicator);

}  // namespace atnas::app
