// SPDX-License-Identifier: Apache-2.0
#include "architectures.hpp"

#include <charconv>
#include <sstream>
#include <string_view>
#include <system_error>

namespace atnas::backend::cuda {
namespace {

bool one_runs_on(const std::string& architecture, ComputeCapability device) {
    int number = 0;
    const char* end = architecture.data() + architecture.size();
    const auto [stop, error] = std::from_chars(architecture.data(), end, number);
    // A name that configure could not resolve says nothing; what is not there the first kernel will say.
    if (error != std::errc()) return true;
    const ComputeCapability built{number / 10, number % 10};
    const std::string_view rest(stop, end);
    const bool same_major = device.major == built.major;
    // Of one version alone, or of its family.
    if (rest.starts_with("a")) return same_major && device.minor == built.minor;
    const bool binary = same_major && device.minor >= built.minor;
    if (rest.starts_with("f") || rest == "-real") return binary;
    return binary || device.major > built.major;
}

}  // namespace

bool runs_on(const std::string& architectures, ComputeCapability device) {
    std::istringstream list(architectures);
    for (std::string architecture; list >> architecture;)
        if (one_runs_on(architecture, device)) return true;
    return false;
}

}  // namespace atnas::backend::cuda
