// SPDX-License-Identifier: Apache-2.0
#include "room.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atnas/core/error.hpp"
#include "atnas/io/destination.hpp"

#include "descriptor.hpp"

namespace atnas::io {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason, const std::string& suggestion) {
    throw Error(ExitCode::bad_data, Problem{"cannot write " + path.string(), reason, suggestion});
}

std::string megabytes(std::uint64_t bytes) {
    return std::to_string(bytes / 1000000 + 1) + " MB";
}

/// fallocate beyond the end of the file; 0 or an errno.
int set_aside(int file, std::uint64_t bytes) noexcept {
#ifdef FALLOC_FL_KEEP_SIZE
    while (::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) != 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
#else
    static_cast<void>(file);
    static_cast<void>(bytes);
    return EOPNOTSUPP;
#endif
}

int write_zeros(int file, std::uint64_t bytes) {
    const std::vector<char> zeros(std::min<std::uint64_t>(bytes, 1 << 20), '\0');
    for (std::uint64_t done = 0; done < bytes;) {
        const ssize_t written = ::write(file, zeros.data(), std::min<std::uint64_t>(zeros.size(), bytes - done));
        if (written < 0 && errno != EINTR) return errno;
        done += static_cast<std::uint64_t>(std::max<ssize_t>(written, 0));
    }
    // Quotas of network file systems show when the data leaves this machine.
    return ::fsync(file) == 0 ? 0 : errno;
}

}  // namespace

void expect_writable(const std::filesystem::path& path) {
    const std::filesystem::path folder = folder_of(path);
    const std::string suggestion = "name a folder that exists and that you may write to";
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
        refuse(path, "there is no folder " + folder.string(), suggestion);
    }
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    if (!file) refuse(path, std::strerror(errno), suggestion);
}

void expect_allowed(const std::filesystem::path& path, std::uint64_t bytes) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || bytes <= limit.rlim_cur) return;
    std::error_code ignored;
    if (std::filesystem::file_size(path, ignored) == 0) std::filesystem::remove(path, ignored);
    refuse(path, "it needs " + megabytes(bytes) + ", files may have " + std::to_string(limit.rlim_cur) + " bytes here",
           "raise the limit (ulimit -f)");
}

void expect_room(const std::filesystem::path& path, std::uint64_t bytes) {
    if (bytes == 0) return;
    int error = 0;
    {
        const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        struct stat status {};
        if (!file || ::fstat(file.get(), &status) != 0) refuse(path, std::strerror(errno), "");
        error = set_aside(file.get(), bytes);
        if ((error == EOPNOTSUPP || error == ENOSYS) && status.st_size == 0) error = write_zeros(file.get(), bytes);
        // Given back: what else is made when the file is opened needs room, too.
        if (::ftruncate(file.get(), status.st_size) != 0 && error == 0) error = errno;
    }
    if (error == 0 || error == EOPNOTSUPP || error == ENOSYS) return;
    std::error_code ignored;
    if (std::filesystem::file_size(path, ignored) == 0) std::filesystem::remove(path, ignored);
    refuse(path, "it needs " + megabytes(bytes) + ": " + std::strerror(error), "make room or write to another disk");
}

void reserve(const std::filesystem::path& path, std::uint64_t bytes) noexcept {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file && bytes > 0) set_aside(file.get(), bytes);
}

void trim(const std::filesystem::path& path) noexcept {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) return;
    // A truncation to the present size frees the blocks behind it; failing means that they stay, nothing worse.
    if (::ftruncate(file.get(), status.st_size) != 0) return;
}

}  // namespace atnas::io
