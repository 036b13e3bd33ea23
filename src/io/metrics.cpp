// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/metrics.hpp"

#include <cerrno>
#include <cstring>
#include <string>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "atnas/core/error.hpp"
#include "atnas/io/destination.hpp"

namespace atnas::io {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
    throw Error(ExitCode::bad_data, Problem{"cannot write " + path.string(), reason,
                                            "check that the folder exists, may be written to and has room"});
}

[[noreturn]] void refuse(const std::filesystem::path& path, int error) {
    refuse(path, std::strerror(error));
}

/// What a person or a file name put into a text need not be UTF-8; JSON must be.
std::string text_of(const nlohmann::json& document, int indent) {
    return document.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

/// A job that was killed may have left half a line at the end, which no reader could parse.
void drop_torn_line(std::FILE* file) {
    std::fseek(file, 0, SEEK_END);
    long end = std::ftell(file);
    const long length = end;
    while (end > 0) {
        std::fseek(file, end - 1, SEEK_SET);
        if (std::fgetc(file) == '\n') break;
        --end;
    }
    if (end < length && ::ftruncate(::fileno(file), end) != 0)
        return;  // then the torn line stays, as a line of its own
    std::fseek(file, 0, SEEK_END);
}

}  // namespace

MetricsFile::MetricsFile(const std::filesystem::path& path, OpenMode mode) : path_(path) {
    if (const std::string reason = obstacle(path); !reason.empty()) refuse(path, reason);  // opening a FIFO would wait
    file_.reset(std::fopen(path.c_str(), mode == OpenMode::fresh ? "w" : "a+"));
    if (!file_) refuse(path, errno);
    std::setvbuf(file_.get(), nullptr, _IONBF, 0);  // a line is one write, seen at once by whoever tails the file
    if (mode == OpenMode::append) drop_torn_line(file_.get());
}

void MetricsFile::append(const nlohmann::json& line) {
    const std::string text = text_of(line, -1);
    std::fseek(file_.get(), 0, SEEK_END);
    const long before = std::ftell(file_.get());
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size()) return;
    const int error = errno;
    // Whole lines only: what did fit goes again.
    if (before < 0 || ::ftruncate(::fileno(file_.get()), before) != 0) refuse(path_, errno);
    std::clearerr(file_.get());
    refuse(path_, error);
}

void write_json(const std::filesystem::path& path, const nlohmann::json& document, Links links) {
    const std::string text = text_of(document, 2);
    StagedFile staged(path, links);
    std::FILE* file = std::fopen(staged.path().c_str(), "w");
    if (file == nullptr) refuse(path, errno);
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const int error = errno;
    if (std::fclose(file) != 0) refuse(path, errno);
    if (!written) refuse(path, error);
    staged.publish();
}

}  // namespace atnas::io
