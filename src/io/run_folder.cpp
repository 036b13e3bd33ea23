// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/run_folder.hpp"

#include <system_error>

#include "atnas/io/destination.hpp"

namespace atnas::io {

namespace {

constexpr const char* advice = "choose a folder that you may write to";

std::string text_of(const std::filesystem::path& folder) {
    return "run.folder = " + folder.string();
}

std::filesystem::path lock_path(const std::filesystem::path& folder) {
    return folder / ".lock";
}

/// Those of the folder and the ones above it that are not there, the deepest first.
std::vector<std::filesystem::path> missing(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    std::error_code ignored;
    std::filesystem::path step = folder.lexically_normal();
    if (!step.has_filename()) step = step.parent_path();
    for (; !step.empty() && !std::filesystem::exists(step, ignored); step = step.parent_path()) found.push_back(step);
    return found;
}

}  // namespace

MadeFolder::MadeFolder(const std::filesystem::path& folder, const std::string& what) : made_(missing(folder)) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw Error(ExitCode::bad_data, Problem{what + " cannot be made", error.message(), advice});
}

MadeFolder::~MadeFolder() {
    std::error_code error;
    for (const std::filesystem::path& folder : made_) std::filesystem::remove(folder, error);
}

RunFolder::RunFolder(const std::filesystem::path& folder, const Patience& patience)
    : made_(folder, text_of(folder)), lock_(lock_path(folder), text_of(folder), ExitCode::stopped, patience) {}

std::vector<Problem> run_folder_problems(const std::filesystem::path& folder) {
    if (const std::string reason = folder_obstacle(folder); !reason.empty())
        return {{text_of(folder) + " cannot be used", reason, advice}};
    std::error_code ignored;
    if (!std::filesystem::exists(folder, ignored)) return {};
    const std::filesystem::path metrics = metrics_path(folder);
    if (const std::string reason = obstacle(metrics); !reason.empty())
        return {{metrics.string() + " cannot be written", reason, "choose another run.folder"}};
    return {};
}

std::string user_of_run_folder(const std::filesystem::path& folder) {
    return holder_of(lock_path(folder));
}

std::filesystem::path metrics_path(const std::filesystem::path& folder) {
    return folder / "metrics.jsonl";
}

}  // namespace atnas::io
