// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/lock_file.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atnas/core/log.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/io/staged_file.hpp"

#include "descriptor.hpp"

namespace atnas::io {

namespace {

/// Of the open file, not of the process: other opening and closing of the same file does not end it. Network file
/// systems pass it on like the locks of fcntl.
struct flock whole_file() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

bool is_busy(int error) {
    return error == EAGAIN || error == EACCES;
}

std::string text_in(int file) {
    std::array<char, 512> text{};
    const ssize_t length = ::pread(file, text.data(), text.size(), 0);
    std::string found(text.data(), static_cast<std::size_t>(length > 0 ? length : 0));
    return found.substr(0, found.find('\n'));
}

/// The holder writes its name after it has the lock: for a moment there may be none.
std::string holder_in(int file) {
    const std::string text = text_in(file);
    return text.empty() ? "another process" : text;
}

std::string own_text() {
    std::string text =
        "process " + std::to_string(::getpid()) + " of " + user_name() + " on " + host_name() + " since " + utc_now();
    if (const char* job = std::getenv("SLURM_JOB_ID")) text += ", Slurm job " + std::string(job);
    return text + "\n";
}

/// Whether the open file is the one that has the name: its holder may have removed it meanwhile.
bool is_named(int file, const std::filesystem::path& path) {
    struct stat open {};
    struct stat named {};
    return ::fstat(file, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
           open.st_ino == named.st_ino;
}

std::string name_of(uid_t user) {
    const passwd* entry = ::getpwuid(user);
    return entry != nullptr ? entry->pw_name : "user " + std::to_string(user);
}

[[noreturn]] void refuse_lock(const std::filesystem::path& path, int error) {
    struct stat found {};
    if ((error == EACCES || error == EPERM) && ::lstat(path.c_str(), &found) == 0)
        throw Error(ExitCode::bad_data,
                    Problem{"cannot open the lock file " + path.string(),
                            "it is " + name_of(found.st_uid) + "'s: " + std::strerror(error),
                            "if no process of " + name_of(found.st_uid) + " writes there any more, remove it"});
    throw Error(ExitCode::bad_data, Problem{"cannot make the lock file " + path.string(), std::strerror(error),
                                            "check the disk, the folder and its permissions"});
}

/// Whoever may write to the folder must be able to lock there, whatever the umask of the one who came first.
void share_as_folder(int file, const std::filesystem::path& folder) {
    struct stat found {};
    if (::stat(folder.c_str(), &found) == 0 && ::fchmod(file, found.st_mode & 0666) != 0)
        world_log().debug("permissions of the lock in {}: {}", folder.string(), std::strerror(errno));
}

int open_lock(const std::filesystem::path& path) {
    while (true) {
        const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (made >= 0) {
            share_as_folder(made, folder_of(path));
            return made;
        }
        if (errno != EEXIST) refuse_lock(path, errno);
        const int found = ::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
        if (found >= 0) return found;
        if (errno != ENOENT) refuse_lock(path, errno);  // else its holder has just removed it
    }
}

void warn_without_locks(const std::filesystem::path& path, int error, const std::string& text) {
    world_log().warn("{} cannot be locked ({}): see to it that nobody else writes there{}", path.string(),
                     std::strerror(error), text.empty() ? "" : "; the last one was " + text);
}

}  // namespace

LockFile::LockFile(std::filesystem::path path, const std::string& what, ExitCode code, const Patience& patience)
    : path_(std::move(path)) {
    const auto end = std::chrono::steady_clock::now() + patience.longest;
    bool said = false;
    while (true) {
        Descriptor file(open_lock(path_));
        struct flock lock = whole_file();
        const bool locked = ::fcntl(file.get(), F_OFD_SETLK, &lock) == 0;
        if (!locked && is_busy(errno)) {
            const std::string holder = holder_in(file.get());
            if (std::chrono::steady_clock::now() >= end || (patience.cut_short && patience.cut_short()))
                throw Error(code, Problem{what + " is in use", "by " + holder,
                                          "wait for its end or choose another; if it cannot be running any more, "
                                          "remove " +
                                              path_.string()});
            if (!std::exchange(said, true))
                world_log().warn("{} is in use by {}: waiting for its end, {} s at most", what, holder,
                                 std::chrono::duration<double>(patience.longest).count());
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            continue;
        }
        if (!locked) warn_without_locks(path_, errno, text_in(file.get()));
        if (locked && !is_named(file.get(), path_)) continue;
        const std::string text = own_text();
        // A full disk is no reason: the lock holds without the text.
        if (::ftruncate(file.get(), 0) != 0 || ::pwrite(file.get(), text.data(), text.size(), 0) < 0)
            world_log().debug("{} says nothing: {}", path_.string(), std::strerror(errno));
        file_ = file.release();
        locked_ = locked;
        return;
    }
}

LockFile::~LockFile() {
    if (file_ < 0) return;
    // While it is locked: it is nobody else's yet, unless somebody removed it and another came.
    if (is_named(file_, path_)) ::unlink(path_.c_str());
    ::close(file_);
}

LockFile::LockFile(LockFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), locked_(other.locked_) {}

std::string holder_of(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file) return "";
    struct flock lock = whole_file();
    if (::fcntl(file.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return "";
    return holder_in(file.get());
}

std::vector<LockFile> hold(std::span<const Destination> outputs) {
    std::vector<LockFile> held;
    for (const Destination& output : outputs) {
        const std::filesystem::path target = target_of(output.path);
        held.emplace_back(target.parent_path() / ("." + target.filename().string() + ".lock"),
                          output.option + "=" + output.path.string(), ExitCode::bad_data);
        if (held.back().keeps_others_out()) remove_leftovers(target);
    }
    return held;
}

}  // namespace atnas::io
