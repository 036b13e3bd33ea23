// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the program left behind, reported at exit.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "diagnostics.hpp"
#include "memory.hpp"
#include "stream.hpp"

namespace cuda_sim {
namespace {

constexpr int leak_exit_code = 99;

std::map<std::string, int>& resources() {
    static auto* counts = new std::map<std::string, int>;
    return *counts;
}

/// exit() calls this after the destructors of the program's static objects, which may free things.
void report(int, void*) {
    const std::lock_guard lock(device_lock());
    const char* mode = std::getenv("ATNAS_SIM_LEAKS");
    // Nothing can be freed on a lost device.
    if ((mode != nullptr && std::strcmp(mode, "allow") == 0) || device_error() != cudaSuccess) return;
    auto left = resources();
    left["device memory"] = static_cast<int>(live_allocations(Place::device));
    left["pinned host memory"] = static_cast<int>(live_allocations(Place::pinned));
    left["stream"] = static_cast<int>(streams().size());
    left["event"] = static_cast<int>(events().size());
    std::fflush(nullptr);
    bool leaked = false;
    for (const auto& [kind, count] : left) {
        if (count == 0) continue;
        std::fprintf(stderr, "cuda_sim: leaked at exit: %s, %d\n", kind.c_str(), count);
        leaked = true;
    }
    if (leaked) _exit(leak_exit_code);
}

// When the library is loaded: functions registered first are called last.
[[maybe_unused]] const int registered = on_exit(report, nullptr);

}  // namespace

void count_resource(const char* kind, int change) {
    const std::lock_guard lock(device_lock());
    resources()[kind] += change;
}

}  // namespace cuda_sim
