// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/one_shot_runs.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

#include "atnas/core/error.hpp"
#include "atnas/core/problem_list.hpp"
#include "atnas/data/archive_reader.hpp"
#include "atnas/data/image_collector.hpp"
#include "atnas/data/image_sources.hpp"
#include "atnas/data/member_path.hpp"
#include "atnas/data/pixel_values.hpp"

namespace atnas::data {
namespace {

namespace fs = std::filesystem;

using Pixels = ImageCollector::Pixels;
using Images = std::map<MemberPath, const Pixels*>;

const std::string labels_file = "class_labels.txt";
constexpr std::size_t most_text_bytes = std::size_t{16} << 20;

/// What lies in the folder of a run.
struct RunFiles {
    Images training, test;
    std::string labels;
};
using Runs = std::map<MemberPath, RunFiles>;

/// Everything that is wrong with an archive, each with the place where it is.
class Findings {
  public:
    void add(const std::string& problem, const std::string& reason, const std::string& suggestion = {}) {
        problems_.add([&] { return Problem{problem, reason, suggestion}; });
    }
    void throw_if_any(const fs::path& source) && {
        if (auto found = std::move(problems_).take(source.string()); !found.empty())
            throw Error(ExitCode::bad_data, std::move(found));
    }

  private:
    ProblemList problems_{20};
};

MemberPath joined(MemberPath folder, const MemberPath& path) {
    folder.insert(folder.end(), path.begin(), path.end());
    return folder;
}

Runs runs_of(const std::map<MemberPath, Pixels>& images, Findings& findings) {
    Runs runs;
    for (const auto& [path, pixels] : images) {
        const std::string& folder = path[path.size() - 2];
        if (folder != "training" && folder != "test") {
            findings.add("image " + text_of(path) + " lies in neither training nor test",
                         "the images of a run lie in RUN/training and RUN/test", "move it or leave it out");
            continue;
        }
        RunFiles& run = runs[MemberPath(path.begin(), path.end() - 2)];
        (folder == "test" ? run.test : run.training)[path] = &pixels;
    }
    return runs;
}

void read_labels_from_archive(const fs::path& source, Runs& runs, Findings& findings) {
    ArchiveReader reader(source);
    while (reader.next()) {
        const MemberPath path = parse_member_path(reader.name());
        if (path.empty() || path.back() != labels_file || reader.kind() != MemberKind::file) continue;
        const auto run = runs.find(MemberPath(path.begin(), path.end() - 1));
        if (run == runs.end()) continue;
        const auto bytes = reader.read(most_text_bytes);
        if (!reader.damage().empty())
            findings.add("cannot read " + text_of(path), reader.damage(), "give a whole archive");
        run->second.labels.assign(bytes.begin(), bytes.end());
    }
}

void read_labels_from_folder(const fs::path& source, Runs& runs) {
    for (auto& [folder, run] : runs) {
        fs::path path = source;
        for (const std::string& part : folder) path /= part;
        std::ifstream stream(path / labels_file, std::ios::binary);
        run.labels.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
}

/// Which class every item shows, by the lines of the run's labels.
class Labels {
  public:
    Labels(const MemberPath& folder, const RunFiles& run, Findings& findings)
        : folder_(folder), run_(run), findings_(findings) {
        int number = 0;
        for (const auto& [path, pixels] : run.training) class_of_file_[path] = number++;
        std::istringstream lines(run.labels);
        for (std::string line; std::getline(lines, line);) read(line);
    }

    const std::map<MemberPath, int>& of_items() const noexcept { return of_items_; }

  private:
    void read(const std::string& line) {
        std::istringstream words(line);
        std::string item, shown, more;
        if (!(words >> item)) return;
        if (!(words >> shown) || words >> more) return refuse(line, "it is not an item and its class");
        const MemberPath item_path = among(run_.test, item);
        const MemberPath class_path = among(class_of_file_, shown);
        if (item_path.empty()) return refuse(line, item + " is no image of its folder test");
        if (class_path.empty()) return refuse(line, shown + " is no image of its folder training");
        if (!of_items_.emplace(item_path, class_of_file_.at(class_path)).second) refuse(line, item + " is there twice");
    }
    /// That path among \p files, from the folder that holds the run or from the top; empty where it names none.
    template <class Files>
    MemberPath among(const Files& files, const std::string& word) const {
        const MemberPath path = parse_member_path(word);
        for (const MemberPath& above : {MemberPath(folder_.begin(), folder_.end() - (folder_.empty() ? 0 : 1)), {}})
            if (const MemberPath found = joined(above, path); files.contains(found)) return found;
        return {};
    }
    void refuse(const std::string& line, const std::string& why) {
        findings_.add(text_of(joined(folder_, {labels_file})) + ": \"" + excerpt(printable(line)) + "\"",
                      printable(why), "a line is RUN/test/ITEM.png RUN/training/CLASS.png");
    }

    const MemberPath& folder_;
    const RunFiles& run_;
    Findings& findings_;
    std::map<MemberPath, int> class_of_file_, of_items_;
};

void add(const Pixels& pixels, int label, LabelledImages& images) {
    append_values(pixels, images.images);
    images.labels.push_back(label);
}

OneShotRun run_of(const MemberPath& folder, const RunFiles& files, Findings& findings) {
    OneShotRun run{text_of(folder), {}};
    bool whole = true;
    const auto expect = [&](bool holds, const std::string& what, const char* reason) {
        if (!holds)
            findings.add("run \"" + run.name + "\" has " + what, reason, "add what is missing, or leave the run out");
        whole = whole && holds;
    };
    const std::size_t classes = files.training.size();
    expect(classes >= 2, std::to_string(classes) + " image(s) in training", "a task has 2 classes or more");
    expect(!files.test.empty(), "no image in test", "nothing can be judged");
    expect(!files.labels.empty(), "no " + labels_file, "it says which class an item shows");
    if (!whole) return run;
    run.task.way = static_cast<int>(files.training.size());
    for (const auto& [path, pixels] : files.training) add(*pixels, run.task.support.count(), run.task.support);
    const Labels labels(folder, files, findings);
    for (const auto& [path, pixels] : files.test) {
        const auto shown = labels.of_items().find(path);
        if (shown == labels.of_items().end())
            findings.add("nothing says which class " + text_of(path) + " shows",
                         "it has no line in the " + labels_file + " of its run",
                         "add a line RUN/test/ITEM.png RUN/training/CLASS.png");
        else
            add(*pixels, shown->second, run.task.query);
    }
    return run;
}

}  // namespace

std::vector<OneShotRun> read_one_shot_runs(const fs::path& source, const ImportOptions& options) {
    ImageCollector collector(options);
    collect_images(source, collector);
    collector.expect_none_bad(source.string());
    Findings findings;
    Runs files = runs_of(collector.images(), findings);
    if (files.empty())
        findings.add("there is no run in " + source.string(), "a run is a folder with training and test",
                     "name the folder or archive that holds the runs");
    if (fs::is_directory(source))
        read_labels_from_folder(source, files);
    else
        read_labels_from_archive(source, files, findings);
    std::vector<OneShotRun> runs;
    for (const auto& [folder, run] : files) runs.push_back(run_of(folder, run, findings));
    std::move(findings).throw_if_any(source);
    return runs;
}

Digest digest_of(std::span<const OneShotRun> runs) noexcept {
    Digest digest;
    std::uint64_t part = 0;
    const auto add = [&](const LabelledImages& images) {
        digest += Digest::of(std::as_bytes(std::span(images.images)), ++part);
        digest += Digest::of(std::as_bytes(std::span(images.labels)), ++part);
    };
    for (const OneShotRun& run : runs) {
        add(run.task.support);
        add(run.task.query);
    }
    return digest;
}

}  // namespace atnas::data
