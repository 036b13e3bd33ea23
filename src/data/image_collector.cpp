// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_collector.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "atnas/core/problem_list.hpp"
#include "atnas/data/bitmap.hpp"

namespace atnas::data {
namespace {

/// The path that a link inside the tree leads to; nothing when it leaves the tree.
std::optional<MemberPath> target_path(const MemberPath& link, const std::string& target) {
    if (target.empty() || target.front() == '/') return std::nullopt;
    MemberPath path(link.begin(), link.end() - 1);
    for (auto& part : parse_member_path(target)) {
        if (part != "..") {
            path.push_back(std::move(part));
        } else if (path.empty()) {
            return std::nullopt;
        } else {
            path.pop_back();
        }
    }
    return path;
}

/// Whether \p tree has a key at \p path or below.
template <class Tree, class KeyOf>
bool holds(const Tree& tree, const MemberPath& path, KeyOf key_of) {
    const auto next = tree.lower_bound(path);
    if (next == tree.end()) return false;
    const MemberPath& key = key_of(*next);
    return key.size() >= path.size() && std::equal(path.begin(), path.end(), key.begin());
}

}  // namespace

ImageCollector::ImageCollector(const ImportOptions& options, Folders folders) : options_(options), folders_(folders) {
    expect_valid(options);
}

bool ImageCollector::wants(const MemberPath& path) {
    return !path.empty() && !is_hidden(path) && ending_of(path) != Ending::other;
}

void ImageCollector::add(const MemberPath& path, const std::vector<std::uint8_t>& file) {
    if (ending_of(path) == Ending::none && !is_png_or_jpeg(file)) return pass_over(path);
    if (folders_ == Folders::required && path.size() < 2) {
        return refuse(path, "it lies in no folder, and an image's folder is its class",
                      "move it into a folder, or skip bad images");
    }
    if (leads_upwards(path)) {
        return refuse(path, "its path leads out of its folder (..)", "pack it with a plain path, or skip bad images");
    }
    try {
        Bitmap image = fitted(decode_bitmap(file, options_.channels, text_of(path)), options_);
        bad_.erase(path);
        if (!images_.insert_or_assign(path, std::move(image.samples)).second) repeated_.insert(path);
    } catch (const Error& error) {
        const Problem& problem = error.problems().front();
        refuse(path, problem.reason, problem.suggestion);
    }
}

void ImageCollector::refuse(const MemberPath& path, const std::string& reason, const std::string& suggestion) {
    images_.erase(path);
    bad_[path] = {{"cannot read image " + text_of(path), reason, suggestion}, {path.begin(), path.end() - 1}};
}

void ImageCollector::refuse_folder(const MemberPath& path, const std::string& reason, const std::string& suggestion) {
    bad_[path] = {{"cannot read the images of " + text_of(path), reason, suggestion}, path};
}

void ImageCollector::judge_links() {
    const auto first = [](const auto& entry) -> const MemberPath& { return entry.first; };
    const auto self = [](const MemberPath& path) -> const MemberPath& { return path; };
    for (const auto& [path, target] : links_) {
        if (path.empty() || is_hidden(path)) continue;
        const auto leads_to = target_path(path, target);
        const bool to_images = leads_to && (holds(images_, *leads_to, first) || holds(bad_, *leads_to, first));
        const std::string reason = "it is a link to " + printable(target);
        const std::string suggestion = "put the files themselves there, or skip bad images";
        if (ending_of(path) == Ending::image) {
            refuse(path, reason, suggestion);
        } else if (to_images) {
            refuse_folder(path, reason, suggestion);
        } else if (ending_of(path) == Ending::none && !(leads_to && holds(passed_over_, *leads_to, self))) {
            refuse_folder(path, reason + ", where nothing is", suggestion);
        }
    }
}

void ImageCollector::expect_none_bad(const std::string& source) const {
    constexpr std::size_t most_named = 20;
    ProblemList problems(most_named);
    for (const auto& [path, found] : bad_) problems.add([&problem = found.problem] { return problem; });
    if (!bad_.empty()) throw Error(ExitCode::bad_data, std::move(problems).take(source));
}

std::int64_t ImageCollector::passed_over() const {
    return std::count_if(passed_over_.begin(), passed_over_.end(),
                         [](const MemberPath& path) { return !path.empty() && !is_hidden(path); });
}

std::set<MemberPath> ImageCollector::lost_folders() const {
    std::set<MemberPath> lost;
    for (const auto& [path, bad] : bad_) {
        if (!bad.folder.empty()) lost.insert(bad.folder);
    }
    for (const auto& [path, pixels] : images_) lost.erase(MemberPath(path.begin(), path.end() - 1));
    return lost;
}

}  // namespace atnas::data
