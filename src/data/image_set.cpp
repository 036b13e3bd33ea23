// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_set.hpp"

#include <unordered_set>

#include "atnas/core/error.hpp"

namespace atnas::data {
namespace {

class Findings {
  public:
    void expect(bool holds, const std::string& problem, const std::string& reason) {
        if (!holds) problems_.push_back({"image set: " + problem, reason, {}});
    }
    void throw_if_any() const {
        if (!problems_.empty()) throw Error(ExitCode::bad_data, problems_);
    }

  private:
    std::vector<Problem> problems_;
};

std::string figure(const char* name, std::size_t value) {
    return std::string(name) + " " + std::to_string(value);
}

void check_unique(const std::vector<std::string>& names, const char* what, Findings& findings) {
    std::unordered_set<std::string> seen;
    for (const auto& name : names) {
        findings.expect(!name.empty(), std::string("a ") + what + " has no name", "names are how splits refer to it");
        if (!name.empty() && !seen.insert(name).second) {
            findings.expect(false, std::string(what) + " " + name + " appears twice", "names must be unique");
        }
    }
}

/// Classes must tile the images: 0 = first < next < ... = last.
void check_ranges(const ImageSet& set, Findings& findings) {
    const auto& first = set.first_of_class;
    findings.expect(first.size() == set.class_names.size() + 1, figure("first_of_class has", first.size()) + " entries",
                    figure("it needs one more than the classes,", set.class_names.size()));
    findings.expect(!first.empty() && first.front() == 0, "first_of_class does not start at 0", "image 0 has a class");
    for (std::size_t c = 0; c + 1 < first.size(); ++c) {
        if (first[c] >= first[c + 1]) {
            findings.expect(false, figure("class", c) + " has no image", "first_of_class must increase");
        }
    }
}

void check_groups(const ImageSet& set, Findings& findings) {
    findings.expect(set.group_of_class.size() == set.class_names.size(),
                    figure("group_of_class has", set.group_of_class.size()) + " entries",
                    figure("it needs one per class, of", set.class_names.size()));
    for (std::size_t c = 0; c < set.group_of_class.size(); ++c) {
        const auto group = set.group_of_class[c];
        if (group < 0 || static_cast<std::size_t>(group) >= set.group_names.size()) {
            findings.expect(false, figure("class", c) + " is in group " + std::to_string(group),
                            figure("the number of groups is", set.group_names.size()));
        }
    }
}

}  // namespace

void ImageSet::validate() const {
    Findings findings;
    const bool has_shape = shape.channels > 0 && shape.height > 0 && shape.width > 0;
    findings.expect(has_shape,
                    "shape " + std::to_string(shape.channels) + " x " + std::to_string(shape.height) + " x " +
                        std::to_string(shape.width),
                    "channels, height and width must be positive");
    findings.expect(!class_names.empty(), "there is no class", "nothing can be learned from it");
    check_ranges(*this, findings);
    check_groups(*this, findings);
    check_unique(class_names, "class", findings);
    check_unique(group_names, "group", findings);

    const auto count = static_cast<std::size_t>(images() < 0 ? 0 : images());
    if (has_shape) {  // by division, because a product of damaged figures may overflow
        findings.expect(pixels.size() / image_size() == count && pixels.size() % image_size() == 0,
                        figure("there are", pixels.size()) + " pixels",
                        figure("that does not fit", count) + " images of " + std::to_string(image_size()));
    }
    findings.expect(image_names.empty() || image_names.size() == count,
                    figure("there are", image_names.size()) + " image names", figure("the number of images is", count));
    findings.throw_if_any();
}

}  // namespace atnas::data
