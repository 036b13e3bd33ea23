#include "atnas/app/replica_backend.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "atnas/app/gpu_choice.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"

namespace atnas::app {
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

/// Nothing, with a warning, where one rank cannot use its GPU although it looks usable: in use by somebody who may have
/// it alone, or with libraries that lack a part. Collective.
std::unique_ptr<backend::Backend> try_cuda(const comm::Communicator& communicator,
                                           const backend::CudaOptions& options) {
    std::unique_ptr<backend::Backend> backend;
    std::string reason;
    try {
        backend = backend::make_backend(BackendKind::cuda, backend::Precision::f32, options);
    } catch (const std::exception& error) {
        reason = error.what();
    }
    const std::vector<std::string> reasons = communicator.all_gather_line(reason);
    const auto first = std::ranges::find_if(reasons, [](const std::string& text) { return !text.empty(); });
    if (first == reasons.end()) return backend;
    world_log().warn("backend auto: not cuda, because rank {} cannot use its GPU: {}", first - reasons.begin(), *first);
    return nullptr;
}

}  // namespace

std::unique_ptr<backend::Backend> make_replica_backend(const Deck& deck, const comm::Communicator& communicator,
                                                       backend::Profile profile) {
    const std::string& wanted = deck.runtime.backend;
    BackendKind kind = wanted == "auto" ? BackendKind::cuda : backend::backend_from_name(wanted);
    backend::CudaOptions options{0, deck.cuda.tf32, deck.cuda.algorithms, profile};
    if (kind == BackendKind::cuda) {
        const std::vector<RankGpus> ranks = gpus_of_ranks(communicator);
        const GpuChoice choice = choose_gpus(ranks);
        if (!choice.problem) {
            options.device = choice.devices[static_cast<std::size_t>(communicator.rank())];
        } else if (wanted == "auto") {
            say_why_not(*choice.problem, ranks);
            kind = BackendKind::onednn;
        } else {
            throw Error(ExitCode::bad_deck, *choice.problem);
        }
    }
    std::unique_ptr<backend::Backend> backend;
    if (wanted == "auto" && kind == BackendKind::cuda) {
        backend = try_cuda(communicator, options);
        if (!backend) kind = BackendKind::onednn;
    }
    if (!backend)
        comm::together(communicator, [&] { backend = backend::make_backend(kind, backend::Precision::f32, options); });
    return backend;
}

int lanes_of(const Deck& deck, const backend::Backend& backend) noexcept {
    return backend.kind() == BackendKind::cuda ? deck.cuda.streams : 1;
}

}  // namespace atnas::app
