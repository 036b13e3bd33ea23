// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/import_list.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/core/problem_list.hpp"
#include "atnas/data/csv.hpp"
#include "atnas/data/member_path.hpp"

namespace atnas::data {
namespace {

namespace fs = std::filesystem;

using Pixels = std::vector<std::uint8_t>;

/// Contents of a file. Throws Error(bad_data): \p what cannot be read.
std::vector<std::uint8_t> contents_of(const fs::path& path, const std::string& what) {
    const auto fail = [&](const std::string& why, const std::string& suggestion) {
        throw Error(ExitCode::bad_data, {"cannot read " + what, why, suggestion});
    };
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) fail("there is no file " + printable(path.string()), "check the path");
    if (!fs::is_regular_file(status)) fail(printable(path.string()) + " is no file", "check the path");
    if (const auto size = fs::file_size(path, error); !error && size > most_image_bytes)
        fail("it is larger than " + std::to_string(most_image_bytes) + " bytes", "check the path");
    std::ifstream stream(path, std::ios::binary);
    std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream.is_open() || stream.bad()) fail("the file cannot be opened", "check its permissions");
    return bytes;
}

class ListReader {
  public:
    ListReader(const fs::path& list, const ImportOptions& options) : list_(list), options_(options) {}

    void read() {
        const std::string name = "the list " + list_.string();
        const auto bytes = contents_of(list_, name);
        const auto records = parse_csv({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);
        for (std::size_t i = is_header(records) ? 1 : 0; i < records.size(); ++i) take(records[i]);
    }

    /// By class, then by name.
    const std::map<std::string, std::map<std::string, Pixels>>& classes() const noexcept { return classes_; }
    const std::vector<Problem>& bad() const noexcept { return bad_; }
    std::vector<std::string> lost_classes() const {
        std::vector<std::string> lost;
        for (const std::string& label : labels_)
            if (!classes_.contains(label)) lost.push_back(label);
        return lost;
    }

  private:
    fs::path place_of(const std::string& file) const { return list_.parent_path() / file; }

    /// Whether the first record names columns.
    bool is_header(const std::vector<CsvRecord>& records) const {
        if (records.empty() || records.front().fields.size() < 2) return false;
        const auto& first = records.front().fields;
        std::error_code ignored;
        if (ending_of({first[0]}) == Ending::image || fs::exists(place_of(first[0]), ignored)) return false;
        return std::none_of(records.begin() + 1, records.end(), [&](const CsvRecord& record) {
            return record.fields.size() > 1 && record.fields[1] == first[1];
        });
    }

    void take(const CsvRecord& record) {
        const std::string where = fmt::format("line {} of {}", record.line, list_.string());
        const auto refuse = [&](const std::string& reason, const std::string& suggestion) {
            bad_.push_back({where, reason, suggestion});
        };
        if (record.fields.size() < 2) return refuse("it has no second column", "write FILE,LABEL in each line");
        const std::string& file = record.fields[0];
        const std::string label = printable(record.fields[1]);
        if (file.empty() || label.empty())
            return refuse(file.empty() ? "the file has no name" : "the label is empty",
                          "write FILE,LABEL in each line");
        labels_.insert(label);
        const std::string name = printable(file);
        if (const auto [before, is_new] = lines_.emplace(name, record.line); !is_new)
            return refuse(fmt::format("{} stands in line {}, too", name, before->second), "keep one of them");
        const std::string what = "image " + name + " (" + where + ")";
        try {
            const auto bytes = contents_of(place_of(file), what);
            classes_[label][name] = fitted(decode_bitmap(bytes, options_.channels, what), options_).samples;
        } catch (const Error& error) {
            const Problem& problem = error.problems().front();
            bad_.push_back({"cannot read " + what, problem.reason, problem.suggestion});
        }
    }

    const fs::path& list_;
    const ImportOptions& options_;
    std::map<std::string, std::map<std::string, Pixels>> classes_;
    std::map<std::string, std::size_t> lines_;  ///< by image
    std::set<std::string> labels_;
    std::vector<Problem> bad_;
};

}  // namespace

ImageSet import_list(const fs::path& list, const ImportOptions& options, ImportReport& report) {
    report = {};
    expect_valid(options);
    ListReader reader(list, options);
    reader.read();
    if (options.bad_images == BadImages::fail && !reader.bad().empty()) {
        constexpr std::size_t most_named = 20;
        ProblemList problems(most_named);
        for (const Problem& problem : reader.bad()) problems.add([&] { return problem; });
        throw Error(ExitCode::bad_data, std::move(problems).take(list.string()));
    }
    for (const Problem& problem : reader.bad()) report.skipped.push_back(problem.problem + ": " + problem.reason);
    report.lost_classes = reader.lost_classes();
    if (reader.classes().empty())
        throw Error(ExitCode::bad_data, {"cannot import " + list.string(),
                                         reader.bad().empty() ? "it names no image" : "every image in it is bad",
                                         "write FILE,LABEL in each line"});
    ImageSet set;
    set.shape = {options.channels, options.height, options.width};
    set.source = list.string();
    set.group_names.emplace_back("all");
    for (const auto& [label, images] : reader.classes()) {
        set.class_names.push_back(label);
        set.group_of_class.push_back(0);
        set.first_of_class.push_back(static_cast<std::int64_t>(set.image_names.size()));
        for (const auto& [name, pixels] : images) {
            set.image_names.push_back(name);
            set.pixels.insert(set.pixels.end(), pixels.begin(), pixels.end());
        }
    }
    set.first_of_class.push_back(static_cast<std::int64_t>(set.image_names.size()));
    set.validate();
    report.images = set.images();
    report.constant = constant_images(set);
    return set;
}

}  // namespace atnas::data
