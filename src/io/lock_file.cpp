#include "atnas/io/lock_file.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
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

int open_lock(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file >= 0) return file;
    throw Error(ExitCode::bad_data, Problem{"cannot make the lock file " + path.string(), std::strerror(errno),
                                            "check the disk, the folder and its permissions"});
}

void warn_without_locks(const std::filesystem::path& path, int error, const std::string& text) {
    world_log().warn("{} cannot be locked ({}): see to it that nobody else writes there{}", path.string(),
                     std::strerror(error), text.empty() ? "" : "; the last one was " + text);
}

}  // namespace

LockFile::LockFile(std::filesystem::path path, const std::string& what, ExitCode code) : path_(std::move(path)) {
    while (true) {
        Descriptor file(open_lock(path_));
        struct flock lock = whole_file();
        const bool locked = ::fcntl(file.get(), F_OFD_SETLK, &lock) == 0;
        if (!locked && is_busy(errno))
            throw Error(code, Problem{what + " is in use", "by " + holder_in(file.get()),
                                      "wait for its end or choose another; if it cannot be running any more, remove " +
                                          path_.string()});
        if (!locked) warn_without_locks(path_, errno, text_in(file.get()));
        if (locked && !is_named(file.get(), path_)) continue;
        const std::string text = own_text();
        // A full disk is no reason: the lock holds without the text.
        if (::ftruncate(file.get(), 0) != 0 || ::pwrite(file.get(), text.data(), text.size(), 0) < 0)
            world_log().debug("{} says nothing: {}", path_.string(), std::strerror(errno));
        file_ = file.release();
        return;
    }
}

LockFile::~LockFile() {
    if (file_ < 0) return;
    // While it is locked: it is nobody else's yet.
    ::unlink(path_.c_str());
    ::close(file_);
}

LockFile::LockFile(LockFile&& other) noexcept : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

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
        remove_leftovers(target);
    }
    return held;
}

}  // namespace atnas::io
