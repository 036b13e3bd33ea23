// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/free_memory.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <string>

namespace atnas::engine {
namespace {

namespace fs = std::filesystem;

constexpr double no_limit = std::numeric_limits<double>::infinity();

/// What a control group says, by the version of the interface.
struct GroupFiles {
    const char* limit;
    const char* used;
    std::array<const char*, 2> cached;  ///< in memory.stat: what the system gives back when memory is needed
};

constexpr GroupFiles version_1{
    "memory.limit_in_bytes", "memory.usage_in_bytes", {"total_inactive_file", "total_active_file"}};
constexpr GroupFiles version_2{"memory.max", "memory.current", {"inactive_file", "active_file"}};

/// Nothing where there is no such file, or where it says "max".
std::optional<double> number_in(const fs::path& file) {
    std::ifstream text(file);
    double number = 0;
    if (text >> number) return number;
    return std::nullopt;
}

/// The number behind \p name in a file of names and numbers, 0 without.
double number_of(const std::string& name, const fs::path& file) {
    std::ifstream lines(file);
    std::string word, rest;
    double number = 0;
    while (lines >> word >> number) {
        if (word == name) return number;
        std::getline(lines, rest);
    }
    return 0;
}

double left_in(const fs::path& group, const GroupFiles& files) {
    const auto limit = number_in(group / files.limit);
    const auto used = number_in(group / files.used);
    if (!limit || !used) return no_limit;
    double left = *limit - *used;
    for (const char* name : files.cached) left += number_of(name, group / "memory.stat");
    return std::max(0.0, left);
}

/// In a group and in all that it is part of. \p name: "/slurm/job_7/step_0", below \p mounted.
double left_up_from(const fs::path& mounted, const fs::path& name, const GroupFiles& files) {
    double left = left_in(mounted, files);
    fs::path group = mounted;
    for (const fs::path& part : name.relative_path()) {
        group /= part;
        left = std::min(left, left_in(group, files));
    }
    return left;
}

}  // namespace

std::optional<double> free_memory(const fs::path& root) {
    double left = no_limit;
    if (const double kib = number_of("MemAvailable:", root / "proc/meminfo"); kib > 0) left = 1024 * kib;
    std::ifstream groups(root / "proc/self/cgroup");
    // number:controllers:name; version 2 has number 0 and no controllers.
    for (std::string line; std::getline(groups, line);) {
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const fs::path name = line.substr(second + 1);
        if (controllers.empty())
            left = std::min(left, left_up_from(root / "sys/fs/cgroup", name, version_2));
        else if (("," + controllers + ",").find(",memory,") != std::string::npos)
            left = std::min(left, left_up_from(root / "sys/fs/cgroup/memory", name, version_1));
    }
    if (left == no_limit) return {};
    return left;
}

}  // namespace atnas::engine
