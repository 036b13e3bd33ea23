// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/destination.hpp"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.hpp"

namespace atnas::io {

namespace {

bool same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// What stands there instead of a file.
std::string kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "it is a folder";
    if (S_ISFIFO(mode)) return "it is a FIFO";
    if (S_ISSOCK(mode)) return "it is a socket";
    if (S_ISREG(mode)) return "";
    return "it is a device";
}

/// What the program prints goes there and would be lost.
bool is_standard_stream(const struct stat& file) {
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
        struct stat found {};
        if (::fstat(stream, &found) == 0 && same(found, file)) return true;
    }
    return false;
}

/// Permissions do not say everything (root, quotas, /proc): a file that has no name, or at once none any more.
int try_to_make_a_file(const std::filesystem::path& folder) {
#ifdef O_TMPFILE
    if (Descriptor(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600))) return 0;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return errno;
#endif
    std::string name = (folder / ".atnas-XXXXXX").string();
    if (!Descriptor(::mkstemp(name.data()))) return errno;
    ::unlink(name.c_str());
    return 0;
}

std::string obstacle_in(const std::filesystem::path& folder) {
    const std::string name = "the folder " + folder.string();
    struct stat found {};
    if (::stat(folder.c_str(), &found) != 0)
        return errno == ENOENT ? name + " does not exist" : name + ": " + std::strerror(errno);
    if (!S_ISDIR(found.st_mode)) return folder.string() + " is not a folder";
    const int error = try_to_make_a_file(folder);
    return error == 0 ? "" : "no files can be made in " + name + ": " + std::strerror(error);
}

/// One name for each file, whatever it was called.
std::filesystem::path identity(const std::filesystem::path& path) {
    const std::filesystem::path target = target_of(path);
    std::error_code ignored;
    return std::filesystem::weakly_canonical(folder_of(target), ignored) / target.filename();
}

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
    struct stat first {};
    struct stat second {};
    if (::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0) return same(first, second);
    return identity(a) == identity(b);
}

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::path top = std::filesystem::canonical(folder, error);
    if (error) return false;
    for (std::filesystem::path step = folder_of(identity(path));; step = step.parent_path()) {
        if (step == top) return true;
        if (step == step.parent_path()) return false;
    }
}

/// Whether some name below the folder is one of the file's: links may lead out of the folder.
bool is_linked_from(const std::filesystem::path& path, const std::filesystem::path& folder) {
    struct stat wanted {};
    if (::stat(path.c_str(), &wanted) != 0) return false;
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        struct stat found {};
        if (::stat(entry->path().c_str(), &found) == 0 && same(found, wanted)) return true;
    }
    return false;
}

/// In a sticky folder only the owners of a file and of the folder may replace it, whatever its permissions.
bool is_kept_by_sticky_folder(const struct stat& file, const std::filesystem::path& folder) {
    struct stat found {};
    if (::stat(folder.c_str(), &found) != 0 || (found.st_mode & S_ISVTX) == 0) return false;
    const uid_t user = ::geteuid();
    return user != 0 && user != file.st_uid && user != found.st_uid;
}

/// Neither a file nor a folder, or where the program prints.
bool is_special(const std::filesystem::path& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || S_ISDIR(found.st_mode)) return false;
    return !S_ISREG(found.st_mode) || is_standard_stream(found);
}

std::string clash(const std::filesystem::path& output, const Origin& input) {
    std::error_code ignored;
    const std::string text = input.what + " " + input.path.string();
    if (!std::filesystem::is_directory(input.path, ignored))
        return is_same_file(output, input.path) ? "it is " + text : "";
    if (!std::filesystem::exists(output, ignored) || !input.reads(target_of(output))) return "";
    return lies_in(output, input.path) || is_linked_from(output, input.path) ? "it is a file of " + text : "";
}

bool is_in_coming(const std::filesystem::path& path, const std::filesystem::path& coming) {
    std::error_code ignored;
    if (coming.empty() || std::filesystem::exists(coming, ignored)) return false;
    return std::filesystem::weakly_canonical(folder_of(path), ignored) ==
           std::filesystem::weakly_canonical(coming, ignored);
}

}  // namespace

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

std::filesystem::path target_of(const std::filesystem::path& path) {
    std::filesystem::path target = path;
    constexpr int most_links = 40;  // as the system counts
    for (int link = 0; link < most_links; ++link) {
        std::error_code error;
        const std::filesystem::path next = std::filesystem::read_symlink(target, error);
        if (error) break;
        target = target.parent_path() / next;
    }
    return target;
}

std::string obstacle(const std::filesystem::path& path) {
    if (!path.has_filename()) return "it names a folder";
    const std::filesystem::path target = target_of(path);
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0) {
        if (std::string kind = kind_of(found.st_mode); !kind.empty()) return kind;
        if (is_standard_stream(found)) return "what the program prints goes there";
        if ((found.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) return "it is read-only";
        if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) return std::strerror(errno);
        if (is_kept_by_sticky_folder(found, folder_of(target)))
            return "it is somebody else's in a folder where only owners may replace files (sticky)";
    } else if (errno != ENOENT) {
        return std::strerror(errno);
    }
    constexpr std::size_t most = NAME_MAX - 16;  // a temporary name has that much more (io/staged_file.hpp)
    if (target.filename().string().size() > most) return "its name is longer than " + std::to_string(most) + " bytes";
    return obstacle_in(folder_of(target));
}

std::string folder_obstacle(const std::filesystem::path& folder) {
    std::filesystem::path there = folder.lexically_normal();
    if (!there.has_filename()) there = folder_of(there);
    while (true) {
        struct stat found {};
        if (::lstat(there.c_str(), &found) == 0 || (errno != ENOENT && errno != ENOTDIR)) return obstacle_in(there);
        there = folder_of(there);
    }
}

std::vector<Problem> destination_problems(std::span<const Destination> outputs, std::span<const Origin> inputs,
                                          const std::filesystem::path& coming) {
    std::vector<Problem> problems;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const Destination& output = outputs[i];
        const auto complain = [&](const std::string& why) {
            if (!why.empty())
                problems.push_back({output.option + "=" + output.path.string() + " cannot be written", why,
                                    is_special(output.path) ? "give " + output.option + " the name of a plain file"
                                                            : "choose another " + output.option});
        };
        if (!is_in_coming(output.path, coming)) complain(obstacle(output.path));
        std::string reason;  // one file may be several inputs: a link and its target
        for (const Origin& input : inputs)
            if (reason.empty()) reason = clash(output.path, input);
        complain(reason);
        for (const Destination& other : outputs.first(i))
            if (is_same_file(output.path, other.path)) complain(other.option + " names it, too");
    }
    return problems;
}

}  // namespace atnas::io
