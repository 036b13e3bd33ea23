// SPDX-License-Identifier: Apache-2.0
#include "hdf5_detail.hpp"

#include <algorithm>
#include <system_error>

#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"

namespace atnas::io {

std::string hdf5_reason() {
    std::string reason;
    const auto take = [](unsigned depth, const H5E_error2_t* entry, void* text) -> herr_t {
        if (depth == 0 && entry->desc != nullptr) *static_cast<std::string*>(text) = entry->desc;
        return 1;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take, &reason);
    // "file write failed: time = ..., filename = ..., errno = 28, error message = 'No space left on device', buf = ..."
    const std::string mark = "error message = '";
    if (const std::size_t quote = reason.find(mark); quote != std::string::npos) {
        const std::size_t first = quote + mark.size();
        reason = reason.substr(0, reason.find(':')) + ": " + reason.substr(first, reason.find('\'', first) - first);
    }
    std::replace(reason.begin(), reason.end(), '\n', ' ');
    return reason.empty() ? "HDF5 gives no reason" : reason;
}

void silence_hdf5() noexcept {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Handle text_type(std::size_t length) {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "cannot describe a text to HDF5");
    H5Tset_size(type.get(), std::max<std::size_t>(length, 1));
    H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

std::string padded(std::span<const std::string> texts) {
    std::size_t length = 1;
    for (const std::string& text : texts) length = std::max(length, text.size());
    std::string block(length * texts.size(), '\0');
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i].copy(block.data() + i * length, length);
    return block;
}

void give_up(const std::filesystem::path& path, const std::string& reason) noexcept {
    try {
        local_log().error("{}; the job ends, older files are untouched", reason);
        local_log().flush();
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    } catch (...) {  // the message is lost, the job must end all the same
    }
    comm::abort_job(static_cast<int>(ExitCode::bad_data));
}

}  // namespace atnas::io
