// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Keeps what an import takes, and why it does not take the rest.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/data/member_path.hpp"

namespace atnas::data {

/// Whether images that lie in no folder are taken: they have no class.
enum class Folders { required, any };

/// Takes files one by one and keeps the images among them, resized. Every image that is not kept has its reason in
/// bad(). Of images with the same path the last counts, the path is in repeated().
class ImageCollector {
  public:
    using Pixels = std::vector<std::uint8_t>;

    struct Bad {
        Problem problem;
        MemberPath folder;  ///< the class it belongs to, or would be; empty where there is none
    };

    /// \p options must outlive the collector. Throws Error(bad_deck): size or channels.
    explicit ImageCollector(const ImportOptions& options, Folders folders = Folders::required);

    /// Whether a file of that path has to be read.
    static bool wants(const MemberPath& path);

    void add(const MemberPath& path, const std::vector<std::uint8_t>& file);
    void refuse(const MemberPath& path, const std::string& reason, const std::string& suggestion);
    /// Remembers that something which is no image lies at \p path.
    void pass_over(const MemberPath& path) { passed_over_.insert(path); }
    /// A link that is not followed. \p target is relative to the folder of the link. Whether images are lost by it is
    /// known when everything else was seen: see judge_links().
    void add_link(const MemberPath& path, const std::string& target) { links_[path] = target; }
    /// Refuses the links that are images by their ending, that lead to images or to folders of images, and those
    /// without an ending whose target is not at hand.
    void judge_links();
    /// Refuses a folder (a link to one) whose images cannot be reached.
    void refuse_folder(const MemberPath& path, const std::string& reason, const std::string& suggestion);

    const std::map<MemberPath, Pixels>& images() const noexcept { return images_; }
    const std::map<MemberPath, Bad>& bad() const noexcept { return bad_; }
    /// Throws Error(bad_data) with a line for each bad image of \p source, up to 20.
    void expect_none_bad(const std::string& source) const;
    /// Paths at which another image was before.
    const std::set<MemberPath>& repeated() const noexcept { return repeated_; }
    /// How many files that are no images were seen. Hidden ones do not count.
    std::int64_t passed_over() const;
    /// Folders of which no image is left.
    std::set<MemberPath> lost_folders() const;

  private:
    const ImportOptions& options_;
    Folders folders_;
    std::map<MemberPath, Pixels> images_;
    std::map<MemberPath, Bad> bad_;
    std::set<MemberPath> repeated_;
    std::map<MemberPath, std::string> links_;
    std::set<MemberPath> passed_over_;
};

/// What the import of \p source has to say once everything was added; images and constant are left to the caller.
/// Throws Error(bad_data): there is no image, or a bad one and they are not skipped.
ImportReport report_of(const ImageCollector& collector, const std::filesystem::path& source,
                       const ImportOptions& options);

}  // namespace atnas::data
