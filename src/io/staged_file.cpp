// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/staged_file.hpp"

#include <cerrno>
#include <cstring>
#include <functional>
#include <random>
#include <regex>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "atnas/core/error.hpp"
#include "atnas/io/destination.hpp"

#include "descriptor.hpp"

namespace atnas::io {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
    throw Error(ExitCode::bad_data, Problem{"cannot write " + path.string(), reason, "check the disk and the folder"});
}

void flush_to_disk(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    // Folders of some network file systems cannot be flushed (EINVAL); there is nothing to wait for then.
    if (!file || (::fsync(file.get()) != 0 && errno != EINVAL)) refuse(path, std::strerror(errno));
}

/// Makes something under a temporary name of its own. \p make returns 0 or an errno.
std::filesystem::path made_beside(const std::filesystem::path& path,
                                  const std::function<int(const std::filesystem::path&)>& make) {
    constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    constexpr int tries = 100;
    std::random_device random;  // other machines write there, too: no two may draw the same
    int error = EEXIST;
    for (int i = 0; i < tries && error == EEXIST; ++i) {
        std::string draw;
        for (int letter = 0; letter < 6; ++letter) draw += letters[random() % (sizeof(letters) - 1)];
        const auto name = path.parent_path() / ("." + path.filename().string() + "." + draw + ".partial");
        error = make(name);
        if (error == 0) return name;
    }
    refuse(path, std::strerror(error));
}

std::filesystem::path empty_file_beside(const std::filesystem::path& path) {
    return made_beside(path, [](const std::filesystem::path& name) {
        return Descriptor(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) ? 0 : errno;
    });
}

std::optional<std::filesystem::perms> permissions_of(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::file_status found = std::filesystem::status(path, error);
    if (error || !std::filesystem::exists(found)) return {};
    return found.permissions();
}

}  // namespace

StagedFile::StagedFile(const std::filesystem::path& path, Links links)
    : final_(links == Links::follow ? target_of(path) : path) {
    if (links == Links::follow) {
        if (const std::string reason = obstacle(path); !reason.empty()) refuse(path, reason);
        permissions_ = permissions_of(final_);
    }
    temporary_ = empty_file_beside(final_);
    std::error_code ignored;
    // Nobody reads in it what is not to be read afterwards.
    if (permissions_)
        std::filesystem::permissions(
            temporary_, *permissions_ | std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
            ignored);
}

StagedFile::~StagedFile() {
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
}

void StagedFile::publish() {
    flush_to_disk(temporary_);
    std::error_code error;
    // Some network file systems refuse it: no reason to lose the result.
    if (permissions_) std::filesystem::permissions(temporary_, *permissions_, error);
    std::filesystem::rename(temporary_, final_, error);
    if (error) refuse(final_, error.message());
    flush_to_disk(folder_of(final_));
}

std::filesystem::path staged_name(const std::filesystem::path& temporary) {
    // Without the letters: as older versions of this program called them.
    static const std::regex pattern("\\.(.+?)(\\.[a-z0-9]{6})?\\.partial");
    const std::string name = temporary.filename().string();
    std::smatch match;
    return std::regex_match(name, match, pattern) ? match[1].str() : "";
}

void remove_leftovers(const std::filesystem::path& path) {
    std::vector<std::filesystem::path> leftovers;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder_of(path), error), end; !error && entry != end;
         entry.increment(error)) {
        if (staged_name(entry->path()) == path.filename()) leftovers.push_back(entry->path());
    }
    for (const std::filesystem::path& leftover : leftovers) std::filesystem::remove(leftover, error);
}

void move_link(const std::filesystem::path& link, const std::filesystem::path& target) {
    const std::filesystem::path temporary = made_beside(link, [&](const std::filesystem::path& name) {
        return ::symlink(target.c_str(), name.c_str()) == 0 ? 0 : errno;
    });
    std::error_code error;
    std::filesystem::rename(temporary, link, error);
    if (error) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        refuse(link, error.message());
    }
    flush_to_disk(folder_of(link));
}

}  // namespace atnas::io
