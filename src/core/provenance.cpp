// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/provenance.hpp"

#include <array>
#include <ctime>

#include <pwd.h>
#include <unistd.h>

#include "atnas/core/config.hpp"
#include "atnas/core/shell_text.hpp"

namespace atnas {

std::string host_name() {
    std::array<char, 256> name{};
    // The last byte stays 0: a name that is too long may come back without its end.
    if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

std::string user_name() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
        return found->pw_name;
    // Containers often run under a number without a name.
    return std::to_string(geteuid());
}

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), length};
}

std::string version() {
    return std::string(config::version);
}

Provenance make_provenance(const std::vector<std::string>& command_line, int ranks) {
    return {
        {"version", version()},
        {"git_revision", std::string(config::git_revision)},
        {"compiler", std::string(config::compiler)},
        {"build_type", std::string(config::build_type)},
        {"host", host_name()},
        {"user", user_name()},
        {"started", utc_now()},
        {"command_line", shell_text(command_line)},
        {"ranks", std::to_string(ranks)},
    };
}

}  // namespace atnas
