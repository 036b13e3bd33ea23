// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/checkpoint.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <regex>
#include <system_error>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/io/staged_file.hpp"

#include "checkpoint_layout.hpp"
#include "hdf5_detail.hpp"

namespace atnas::io {

namespace {

constexpr const char* latest = "latest.h5";

struct Found {
    long long iteration;
    std::filesystem::path path;
};

std::string file_name(std::int64_t iteration) {
    std::string digits = std::to_string(iteration);
    digits.insert(0, digits.size() < 8 ? 8 - digits.size() : 0, '0');
    return "checkpoint-" + digits + ".h5";
}

/// The iteration that a name stands for.
std::optional<long long> iteration_of(const std::filesystem::path& path) {
    static const std::regex pattern("checkpoint-([0-9]{8,18})\\.h5");
    const std::string name = path.filename().string();
    std::smatch match;
    if (!std::regex_match(name, match, pattern)) return std::nullopt;
    return std::stoll(match[1]);
}

/// The checkpoints of a folder, newest first; files that are still being written are not among them. Those of a later
/// iteration than the one that was \p written last come at the end: a restart from an older one has given them up.
std::vector<Found> list_checkpoints(const std::filesystem::path& folder, const std::filesystem::path& written) {
    std::vector<Found> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (const auto iteration = iteration_of(entry->path())) found.push_back({*iteration, entry->path()});
    }
    std::ranges::sort(found, std::greater(), &Found::iteration);
    if (const auto last = iteration_of(written))
        std::ranges::stable_partition(found, [&](const Found& candidate) { return candidate.iteration <= *last; });
    return found;
}

Unavailable out_of_memory(const std::filesystem::path& path) {
    return {ExitCode::bad_data,
            Problem{"cannot read " + path.string(), "it does not fit into memory", "use fewer ranks per machine"}};
}

/// Opens, reads and checks everything. Throws Error(bad_data).
CheckpointState read_whole(const std::filesystem::path& path) {
    const comm::Communicator alone;
    try {
        File file = File::open(path, alone, Access::serial);
        Contents contents;
        file.note_in(&contents);
        expect_type(file, checkpoint_type);
        CheckpointState state = read_state(file);
        state.path = path;
        state.digest = expect_contents(file, contents);
        expect_possible(state);
        return state;
    } catch (const std::bad_alloc&) {
        throw out_of_memory(path);
    } catch (const std::length_error&) {
        throw Error(ExitCode::bad_data, Problem{"cannot read " + path.string(), "it names impossible sizes", ""});
    }
}

/// Removes what killed jobs left half-written: it takes room that the next checkpoint may need.
void sweep(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> leftovers;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::filesystem::path name = staged_name(entry->path());
        if (name == latest || iteration_of(name)) leftovers.push_back(entry->path());
    }
    for (const std::filesystem::path& path : leftovers) std::filesystem::remove(path, error);
}

/// What MPI-IO may have kept to itself: whether the file on the disk is as long as it should be and ends as it should.
void expect_whole(const std::filesystem::path& path) {
    const comm::Communicator alone;
    expect_type(File::open(path, alone, Access::serial), checkpoint_type);
}

/// Whether a file looks whole: as long as it should be and complete. Its digests are not looked at.
bool looks_whole(const std::filesystem::path& path) {
    try {
        expect_whole(path);
        return true;
    } catch (const Error&) {
        return false;
    }
}

/// Keeps the newest \p keep that look whole, \p written among them. What does not look whole is left to people: it may
/// be of a newer version of this program. A file that cannot be removed is only worth a warning: the checkpoint itself
/// is safe.
void prune(const std::filesystem::path& folder, const std::filesystem::path& written, int keep) {
    int whole = 0;
    for (const Found& found : list_checkpoints(folder, written)) {
        if (!looks_whole(found.path) || ++whole <= keep) continue;
        std::error_code error;
        if (!std::filesystem::remove(found.path, error) && error) {
            world_log().warn("cannot remove the old checkpoint {} ({})", found.path.string(), error.message());
        }
    }
}

/// Throws UnknownVersion for a checkpoint of another version of this program: neither to be skipped as if it were
/// damaged, nor to be replaced.
void expect_known_versions(const std::filesystem::path& folder) {
    for (const Found& found : list_checkpoints(folder, {})) {
        try {
            expect_whole(found.path);
        } catch (const UnknownVersion& unknown) {
            Problem problem = unknown.problems().front();
            problem.suggestion += ", or move it away or take another run.folder";
            throw UnknownVersion(ExitCode::bad_data, problem);
        } catch (const Error&) {  // damaged: whoever reads it says so
        }
    }
}

/// What latest.h5 points to, else the newest one that is whole.
std::filesystem::path find_newest(const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::path linked = std::filesystem::read_symlink(folder / latest, error);
    if (!error && !std::filesystem::exists(folder / latest, error)) {
        world_log().warn("{} points to {}, which is not there: looking for the newest whole checkpoint",
                         (folder / latest).string(), linked.string());
    }
    for (const Found& candidate : list_checkpoints(folder, linked)) {
        try {
            read_whole(candidate.path);
            return candidate.path;
        } catch (const Unavailable&) {  // it may be the newest whole one: an older one would be the wrong answer
            throw;
        } catch (const Error& damage) {
            world_log().warn("skipping a damaged checkpoint: {}", damage.what());
        }
    }
    throw Error(ExitCode::restart_refused,
                Problem{"there is no whole checkpoint in " + folder.string(), "restart = latest asks for one",
                        "start without a restart, or name the folder or the file"});
}

}  // namespace

std::filesystem::path write_checkpoint(const std::filesystem::path& folder, const CheckpointState& state, int keep,
                                       const comm::Communicator& communicator) {
    ATNAS_EXPECT(keep >= 1);
    ATNAS_EXPECT(state.counters.count("iteration") == 1);
    const std::filesystem::path path = folder / file_name(state.counters.at("iteration"));
    const TableSizes sizes = table_sizes(state, communicator);
    const std::uint64_t bound = size_bound(state, sizes);

    // On the first rank only: it removes the temporary file if anything fails on the way.
    std::optional<StagedFile> staged;
    comm::on_root(communicator, [&] {
        std::error_code ignored;  // what stands in the way is found when the file is created
        std::filesystem::create_directories(folder, ignored);
        sweep(folder);
        staged.emplace(path, Links::replace);
    });
    const std::filesystem::path temporary = communicator.broadcast(staged ? staged->path().string() : "", 0);
    File file = File::create(temporary, communicator, Access::collective, bound);
    try {
        Contents contents;
        file.note_in(&contents);
        write_type(file, checkpoint_type);
        write_state(file, state, sizes, communicator);
        write_contents(file, contents);
        write_completion(file);
    } catch (const std::exception& error) {  // out of memory: the other ranks wait inside a collective write
        give_up(temporary, "cannot write " + path.string() + " (" + error.what() + ")");
    }
    file.close();
    comm::on_root(communicator, [&] {
        expect_whole(staged->path());
        ATNAS_ENSURE(std::filesystem::file_size(staged->path()) <= bound);
        staged->publish();
        move_link(folder / latest, path.filename());
        prune(folder, path, keep);
    });
    return path;
}

CheckpointState read_checkpoint(const std::filesystem::path& path, const comm::Communicator& communicator) {
    CheckpointState state;
    comm::on_root(communicator, [&] { state = read_whole(path); });
    try {
        share_state(state, communicator);
    } catch (const std::bad_alloc&) {
        throw out_of_memory(path);
    }
    return state;
}

bool holds_checkpoints(const std::filesystem::path& folder) {
    if (!list_checkpoints(folder, {}).empty()) return true;
    std::error_code ignored;  // a link by itself holds nothing
    return std::filesystem::symlink_status(folder / latest, ignored).type() == std::filesystem::file_type::regular;
}

std::filesystem::path find_checkpoint(const std::filesystem::path& folder, const std::string& request,
                                      const comm::Communicator& communicator) {
    std::string found;
    comm::on_root(communicator, [&] {
        expect_known_versions(folder);
        if (request == "latest") {
            found = find_newest(folder).string();
            return;
        }
        std::error_code ignored;
        if (!std::filesystem::exists(request, ignored)) {
            const std::filesystem::path linked = std::filesystem::read_symlink(request, ignored);
            throw Error(
                ExitCode::restart_refused,
                Problem{"there is no checkpoint " + request,
                        linked.empty() ? "no such file" : "it points to " + linked.string() + ", which is not there",
                        "check the name, or say latest"});
        }
        found = request;
    });
    return communicator.broadcast(found, 0);
}

}  // namespace atnas::io
