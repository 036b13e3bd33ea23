// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_list.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/data/pixel_values.hpp"

namespace atnas::data {

ImageList::ImageList(const ImageSet& set, std::vector<std::int64_t> images, std::vector<int> labels)
    : set_(&set), images_(std::move(images)), labels_(std::move(labels)) {
    ATNAS_EXPECT(images_.size() == labels_.size());
    ATNAS_EXPECT(std::ranges::all_of(images_, [&](std::int64_t i) { return 0 <= i && i < set.images(); }));
    ATNAS_EXPECT(std::ranges::all_of(labels_, [](int label) { return label >= 0; }));
}

ImageList::ImageList(const ImageSet& set, std::span<const std::string> classes) : set_(&set) {
    std::map<std::string, int> label_of;
    for (std::size_t c = 0; c < classes.size(); ++c) label_of.emplace(classes[c], static_cast<int>(c));
    std::vector<Problem> problems;
    for (std::size_t c = 0; c < set.class_names.size(); ++c) {
        const auto known = label_of.find(set.class_names[c]);
        if (known == label_of.end()) {
            problems.push_back({"class '" + set.class_names[c] + "' of the images to test on",
                                "there is no such class among those to learn",
                                "both data sets must name their classes alike"});
            continue;
        }
        for (std::int64_t i = set.first_of_class[c]; i < set.first_of_class[c + 1]; ++i) {
            images_.push_back(i);
            labels_.push_back(known->second);
        }
    }
    if (!problems.empty()) throw Error(ExitCode::bad_data, std::move(problems));
}

std::vector<float> ImageList::pixels(std::size_t first, std::size_t count) const {
    ATNAS_EXPECT(first + count <= images_.size());
    const std::size_t size = set_->image_size();
    std::vector<float> values;
    values.reserve(count * size);
    for (std::size_t n = first; n < first + count; ++n)
        append_values(std::span(set_->pixels).subspan(static_cast<std::size_t>(images_[n]) * size, size), values);
    return values;
}

ImageList ImageList::first(std::size_t count) const {
    const auto some = [&](const auto& all) {
        return std::vector(all.begin(),
                           std::next(all.begin(), static_cast<std::ptrdiff_t>(std::min(count, all.size()))));
    };
    return {*set_, some(images_), some(labels_)};
}

}  // namespace atnas::data
