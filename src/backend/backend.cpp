// SPDX-License-Identifier: Apache-2.0
#include "atnas/backend/backend.hpp"

#include "atnas/backend/factories.hpp"
#include "atnas/backend/visible_gpus.hpp"
#include "atnas/core/error.hpp"

namespace atnas::backend {

std::string_view name_of(BackendKind kind) noexcept {
    switch (kind) {
        case BackendKind::reference:
            return "reference";
        case BackendKind::onednn:
            return "onednn";
        case BackendKind::cuda:
            return "cuda";
    }
    return "unknown";
}

void Backend::wait(Context&, Context&) {}

void Backend::finish(Context&) {}

std::string cuda_obstacle(int device) {
    const VisibleGpus seen = visible_gpus();
    if (seen.gpus.empty()) return seen.obstacle;
    const auto number = static_cast<std::size_t>(device);
    if (number >= seen.gpus.size())
        return "there is no GPU number " + std::to_string(device) + ", this process sees " +
               std::to_string(seen.gpus.size());
    return seen.gpus[number].obstacle;
}

std::unique_ptr<Backend> make_backend(BackendKind kind, Precision precision, const CudaOptions& cuda) {
    if (kind == BackendKind::reference) return make_reference_backend(precision);
    if (precision != Precision::f32) {
        throw Error(ExitCode::bad_deck, Problem{"backend '" + std::string(name_of(kind)) + "' has no float64",
                                                "it computes in float32 only", "use backend 'reference' for float64"});
    }
    return kind == BackendKind::onednn ? make_onednn_backend() : make_cuda_backend(cuda);
}

BackendKind backend_from_name(const std::string& name) {
    constexpr BackendKind kinds[] = {BackendKind::cuda, BackendKind::onednn, BackendKind::reference};
    std::vector<std::string> known;
    for (const BackendKind kind : kinds) {
        if (name == name_of(kind)) return kind;
        known.emplace_back(name_of(kind));
    }
    const std::string nearest = nearest_word(name, known);
    throw Error(ExitCode::bad_deck, Problem{"unknown backend '" + name + "'", "known are cuda, onednn and reference",
                                            nearest.empty() ? "use 'onednn'" : "did you mean '" + nearest + "'?"});
}

}  // namespace atnas::backend
