// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/prediction_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "atnas/app/report/confusion_report.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::app {
namespace {

using Shape = std::vector<std::uint64_t>;

std::uint64_t size_bound(const Predictions& p) {
    std::size_t longest = 1;
    std::size_t bytes = std::size_t{1} << 20;
    for (const std::string& name : p.names) longest = std::max(longest, name.size());
    bytes += p.names.size() * (longest + 32) + 5 * p.probabilities.size();
    for (const std::string& name : p.classes) longest = std::max(longest, name.size());
    if (p.confusion) bytes += app::size_bound(*p.confusion);
    return bytes + p.classes.size() * longest;
}

void write_numbers(io::File& file, const std::string& name, const std::vector<int>& values) {
    const std::vector<std::int64_t> wide(values.begin(), values.end());
    file.write<std::int64_t>(name, wide, Shape{wide.size()});
}

void write_hdf5(const std::filesystem::path& path, const Predictions& p, const Provenance& provenance) {
    const comm::Communicator alone;
    io::StagedFile staged(path);
    io::File file = io::File::create(staged.path(), alone, io::Access::serial, size_bound(p));
    io::write_type(file, io::predictions_type);
    file.attribute("/", "network", p.network);
    file.attribute("/", "network_digest", p.network_digest);
    file.attribute("/", "data", p.data);
    if (!p.data_digest.empty()) file.attribute("/", "data_digest", p.data_digest);
    file.attribute("/", "members", std::int64_t{p.members});
    file.attribute("/", "query_copies", std::int64_t{p.query_copies});
    if (p.score) {
        file.attribute("/", "accuracy", p.score->accuracy);
        file.attribute("/", "accuracy_low", p.score->interval.low);
        file.attribute("/", "accuracy_high", p.score->interval.high);
        file.attribute("/", "calibration_error", p.score->calibration_error);
        file.attribute("/", "loss", p.score->loss);
    }
    io::write_provenance(file, provenance);
    file.write_strings("/classes/names", p.classes);
    file.write_strings("/images/names", p.names);
    write_numbers(file, "/images/label", p.label);
    if (!p.truth.empty()) write_numbers(file, "/images/truth", p.truth);
    if (p.confusion) write_confusion(file, "/confusion/", *p.confusion);
    file.write<float>("/images/entropy", p.entropy, Shape{p.entropy.size()});
    file.write<float>("/probabilities", p.probabilities, Shape{p.images(), p.classes.size()});
    io::write_completion(file);
    file.close();
    staged.publish();
}

void write_text(const std::filesystem::path& path, const Predictions& p, ClassColumns columns) {
    io::StagedFile staged(path);
    std::ofstream stream(staged.path(), std::ios::binary);
    errno = 0;
    if (stream) write_csv(stream, p, columns);
    stream.close();
    if (!stream)
        throw Error(ExitCode::bad_data, {"cannot write " + path.string(), std::strerror(errno == 0 ? EIO : errno),
                                         "check the disk and the folder"});
    staged.publish();
}

}  // namespace

void write_predictions(const std::filesystem::path& path, const Predictions& predictions, ClassColumns columns,
                       const Provenance& provenance) {
    if (path.extension() == ".h5")
        write_hdf5(path, predictions, provenance);
    else
        write_text(path, predictions, columns);
}

}  // namespace atnas::app
