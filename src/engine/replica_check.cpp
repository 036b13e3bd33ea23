// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/replica_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/error.hpp"

namespace atnas::engine {

void expect_equal_replicas(Digest own, const comm::Communicator& communicator) {
    const std::uint64_t value = own.value();
    const auto bytes = communicator.all_gather(std::as_bytes(std::span(&value, 1)));
    std::vector<std::uint64_t> values(bytes.size() / sizeof value);
    std::memcpy(values.data(), bytes.data(), bytes.size());
    std::vector<std::string> different;
    for (std::size_t rank = 0; rank < values.size(); ++rank) {
        if (values[rank] != values[0]) different.push_back(std::to_string(rank));
    }
    if (different.empty()) return;
    throw Error(ExitCode::failed,
                {fmt::format("the weights of rank(s) {} differ from those of rank 0", fmt::join(different, ", ")),
                 "replicas must be equal: suspect memory, network or the MPI library",
                 "go on with --restart=latest, away from the host of that rank"});
}

bool expect_equal_replicas(supernet::Supernet& network, meta::OuterOptimizer& optimizer,
                           const comm::Communicator& communicator) {
    bool finite = true;
    const auto digest = [&](backend::Buffer& buffer) {
        const std::vector<float> values = nn::download(network.backend(), network.context(), buffer);
        finite = finite && std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
        return Digest::of(std::as_bytes(std::span(values)));
    };
    Digest own = digest(network.weights().values());
    for (const auto& [name, moment] : optimizer.moments()) own += digest(*moment);
    expect_equal_replicas(own, communicator);
    return finite;
}

}  // namespace atnas::engine
