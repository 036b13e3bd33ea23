#include "atnas/io/staged_file.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "atnas/core/error.hpp"

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

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

std::filesystem::path temporary_name(const std::filesystem::path& path) {
    return path.parent_path() / ("." + path.filename().string() + ".partial");
}

StagedFile::StagedFile(std::filesystem::path path) : final_(std::move(path)), temporary_(temporary_name(final_)) {}

StagedFile::~StagedFile() {
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
}

void StagedFile::publish() {
    flush_to_disk(temporary_);
    std::error_code error;
    std::filesystem::rename(temporary_, final_, error);
    if (error) refuse(final_, error.message());
    flush_to_disk(folder_of(final_));
}

void move_link(const std::filesystem::path& link, const std::filesystem::path& target) {
    const std::filesystem::path temporary = temporary_name(link);
    std::error_code error;
    std::filesystem::remove(temporary, error);
    std::filesystem::create_symlink(target, temporary, error);
    if (!error) std::filesystem::rename(temporary, link, error);
    if (error) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        refuse(link, error.message());
    }
    flush_to_disk(folder_of(link));
}

}  // namespace atnas::io
