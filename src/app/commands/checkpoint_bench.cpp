// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/checkpoint_bench.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/run_folder.hpp"

namespace atnas::app {
namespace {

/// Of several writes the fastest counts: where memory is given to a virtual machine at its first use, that can cost
/// more than the disk.
constexpr int rounds = 4;

constexpr const char* moments[] = {"first_moment", "second_moment"};

/// Numbers that no file system can compress: a few random ones, rotated.
std::vector<float> noise(std::size_t count, std::uint32_t item) {
    RandomStream random({.seed = 1, .purpose = Purpose::bench, .item = item});
    std::vector<float> block(65537);
    for (float& x : block) x = random.normal();
    std::vector<float> values(count);
    for (std::size_t first = 0; first < count; first += block.size())
        std::copy_n(block.begin(), std::min(block.size(), count - first),
                    values.begin() + static_cast<std::ptrdiff_t>(first));
    return values;
}

io::CheckpointState big_state(std::uint64_t bytes, const comm::Communicator& communicator) {
    const std::size_t weights = std::max<std::size_t>(bytes / (3 * sizeof(float)), 1);
    io::CheckpointState state;
    state.counters = {{"iteration", 0}};
    state.manifest = {{"weights", 0, {weights}}};
    state.block_steps = {0};
    state.weights = noise(weights, 0);
    for (const char* name : moments) state.optimizer[name] = noise(weights, state.optimizer.size() + 1);
    state.populations.assign(static_cast<std::size_t>(communicator.size()), {evo::Individual{.id = 0}});
    return state;
}

/// Asks the operating system to forget what it remembers of the file, so that it comes from the disk.
void forget(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// A folder that was not there before, removed at the end. One process.
class TemporaryFolder {
  public:
    explicit TemporaryFolder(const std::filesystem::path& parent)
        : parent_(parent, "--folder=" + parent.string()), path_((parent / "bench-checkpoint-XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr)
            throw Error(ExitCode::bad_data, {"--folder=" + parent.string() + " cannot be used", std::strerror(errno),
                                             "choose a folder that you may write to"});
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::string& path() const noexcept { return path_; }

  private:
    io::MadeFolder parent_;
    std::string path_;
};

}  // namespace

CheckpointTimes time_checkpoint(const std::filesystem::path& folder, std::uint64_t bytes,
                                const comm::Communicator& communicator) {
    std::optional<TemporaryFolder> temporary;
    on_root(communicator, [&] { temporary.emplace(folder); });
    const std::filesystem::path place = communicator.broadcast(temporary ? temporary->path() : "", 0);
    const io::CheckpointState state = big_state(bytes, communicator);

    CheckpointTimes times{};
    std::filesystem::path path;
    for (int round = 0; round < rounds; ++round) {
        on_root(communicator, [&] { std::filesystem::remove(path); });
        communicator.barrier();
        const Stopwatch writing;
        path = io::write_checkpoint(place, state, 1, communicator);
        const double seconds = communicator.max(writing.seconds());
        times.write = round == 0 ? seconds : std::min(times.write, seconds);
    }
    on_root(communicator, [&] {
        times.bytes = std::filesystem::file_size(path);
        forget(path);
    });
    communicator.barrier();
    const Stopwatch reading;
    const io::CheckpointState back = io::read_checkpoint(path, communicator);
    times.read = communicator.max(reading.seconds());
    together(communicator, [&] {
        if (same(back.weights, state.weights) && std::ranges::all_of(moments, [&](const char* name) {
                return same(back.optimizer.at(name), state.optimizer.at(name));
            }))
            return;
        throw Error(ExitCode::bad_data, {path.string() + " does not give back what was written", "", ""});
    });
    return times;
}

}  // namespace atnas::app
