// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/replica_backend.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"
#include "atnas/engine/gpu_choice.hpp"

namespace atnas::engine {
namespace {

using backend::BackendKind;

bool has_usable(const RankGpus& rank) {
    return std::ranges::any_of(rank.seen.gpus, [](const backend::Gpu& gpu) { return gpu.obstacle.empty(); });
}

void say_why_not(const Problem& problem, const std::vector<RankGpus>& ranks) {
    const std::string text = fmt::format("backend auto: not cuda, because {}", problem.reason);
    if (std::ranges::any_of(ranks, has_usable))
        world_log().warn("{}; GPUs stay idle: {}", text, problem.suggestion);
    else
        world_log().info(text);
}

}  // namespace

std::unique_ptr<backend::Backend> make_replica_backend(const ReplicaOptions& options,
                                                       const comm::Communicator& communicator) {
    const std::string& wanted = options.backend;
    BackendKind kind = wanted == "auto" ? BackendKind::cuda : backend::backend_from_name(wanted);
    backend::CudaOptions cuda = options.cuda;
    if (kind == BackendKind::cuda) {
        const std::vector<RankGpus> ranks = gpus_of_ranks(communicator);
        const GpuChoice choice = choose_gpus(ranks);
        if (!choice.problem) {
            cuda.device = choice.devices[static_cast<std::size_t>(communicator.rank())];
        } else if (wanted == "auto") {
            say_why_not(*choice.problem, ranks);
            kind = BackendKind::onednn;
        } else {
            throw Error(ExitCode::bad_deck, *choice.problem);
        }
    }
    const auto make = [&](BackendKind which) {
        std::unique_ptr<backend::Backend> backend;
        comm::together(communicator, [&] { backend = backend::make_backend(which, backend::Precision::f32, cuda); });
        return backend;
    };
    if (wanted != "auto" || kind != BackendKind::cuda) return make(kind);
    try {
        return make(kind);
    } catch (const Error& error) {
        // In use by somebody who has it alone, or with libraries that lack a part.
        world_log().warn("backend auto: not cuda, because a GPU only looks usable: {}", error.what());
        return make(BackendKind::onednn);
    }
}

int lanes_of(const ReplicaOptions& options, backend::Backend& backend) noexcept {
    return backend.services() != nullptr ? options.streams : 1;
}

}  // namespace atnas::engine
