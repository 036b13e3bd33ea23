// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/episode_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"

namespace atnas::data {
namespace {

int turns_of(Rotations rotations) noexcept {
    return rotations == Rotations::quarter ? 4 : 1;
}

/// \p count distinct numbers of 0 .. total-1 in random order into \p chosen: Floyd's algorithm (Bentley and Floyd, "A
/// sample of brilliance", CACM 30, 1987), which touches nothing of size total, then a shuffle.
void draw_distinct(RandomStream& stream, int total, int count, std::vector<int>& chosen) {
    ATNAS_EXPECT(0 <= count && count <= total);
    chosen.clear();
    for (int last = total - count; last < total; ++last) {
        const int candidate = static_cast<int>(stream.index(static_cast<std::uint32_t>(last) + 1));
        const bool taken = std::find(chosen.begin(), chosen.end(), candidate) != chosen.end();
        chosen.push_back(taken ? last : candidate);
    }
    for (std::size_t i = chosen.size(); i > 1; --i) {
        std::swap(chosen[i - 1], chosen[stream.index(static_cast<std::uint32_t>(i))]);
    }
}

/// Turns one plane counter-clockwise by quarter turns into rows that are \p stride apart. \pre square unless turn is
/// even
template <class Sample, class Convert>
void turn_plane(const std::uint8_t* from, int height, int width, int turn, Sample* to, int stride, Convert convert) {
    // The source pixel of target (row, column) is at start + row * down + column * right.
    const std::ptrdiff_t w = width;
    const std::ptrdiff_t size = w * height;
    std::ptrdiff_t start = 0;
    std::ptrdiff_t down = w;
    std::ptrdiff_t right = 1;
    if (turn == 1) start = w - 1, down = -1, right = w;
    if (turn == 2) start = size - 1, down = -w, right = -1;
    if (turn == 3) start = size - w, down = 1, right = -w;
    for (int row = 0; row < height; ++row, to += stride) {
        const std::uint8_t* pixel = from + start + row * down;
        if (right == 1) {  // apart, because only this is a vector loop
            for (int column = 0; column < width; ++column) to[column] = convert(pixel[column]);
        } else {
            for (int column = 0; column < width; ++column) to[column] = convert(pixel[column * right]);
        }
    }
}

/// Where target pixels come from: source = matrix (target - centre) + offset.
struct InverseAffine {
    float xx, xy, yx, yy, x0, y0;
};

InverseAffine draw_affine(RandomStream& stream, const Jitter& jitter, int height, int width) {
    const auto symmetric = [&](float reach) { return reach * (2 * stream.uniform() - 1); };
    const double angle = symmetric(jitter.rotation) * std::numbers::pi / 180;
    const float shear = symmetric(jitter.shear);
    const float scale = 1 + symmetric(jitter.scale);
    const float shift_x = symmetric(jitter.translation);
    const float shift_y = symmetric(jitter.translation);
    const auto cosine = static_cast<float>(std::cos(angle));
    const auto sine = static_cast<float>(std::sin(angle));
    // Forward: scale, shear in x, turn, shift. Its matrix is scale * turn * shear; the shear and the turn have
    // determinant 1.
    InverseAffine inverse{};
    inverse.xx = (cosine + shear * sine) / scale;
    inverse.xy = (sine - shear * cosine) / scale;
    inverse.yx = -sine / scale;
    inverse.yy = cosine / scale;
    const float centre_x = static_cast<float>(width - 1) / 2;
    const float centre_y = static_cast<float>(height - 1) / 2;
    inverse.x0 = centre_x - inverse.xx * (centre_x + shift_x) - inverse.xy * (centre_y + shift_y);
    inverse.y0 = centre_y - inverse.yx * (centre_x + shift_x) - inverse.yy * (centre_y + shift_y);
    return inverse;
}

/// Bilinear; zero outside. \p padded is [height + 2][width + 2] with a border of zeros: no neighbour needs a test.
float sample_at(const std::uint8_t* padded, int height, int width, float x, float y) noexcept {
    const float from_left = std::clamp(x + 1, 0.0F, static_cast<float>(width + 1));
    const float from_top = std::clamp(y + 1, 0.0F, static_cast<float>(height + 1));
    const int column = std::min(static_cast<int>(from_left), width);
    const int row = std::min(static_cast<int>(from_top), height);
    const float to_right = from_left - static_cast<float>(column);
    const float to_bottom = from_top - static_cast<float>(row);
    const std::uint8_t* const top = padded + static_cast<std::ptrdiff_t>(row) * (width + 2) + column;
    const std::uint8_t* const bottom = top + width + 2;
    const float upper = (1 - to_right) * top[0] + to_right * top[1];
    const float lower = (1 - to_right) * bottom[0] + to_right * bottom[1];
    return ((1 - to_bottom) * upper + to_bottom * lower) / 255.0F;
}

/// Writes the images of one task one after the other.
class ImageWriter {
  public:
    ImageWriter(const ImageSet& images, const Jitter& jitter, const RandomKey& key)
        : images_(images), jitter_(jitter), stream_({key.seed, Purpose::augment, key.island, key.iteration, key.item}) {
        const auto [channels, height, width] = images_.shape;
        if (jitter_.active())
            padded_.resize(static_cast<std::size_t>(height + 2) * static_cast<std::size_t>(width + 2));
    }

    void write(std::int64_t image, int turn, float* target) {
        const auto [channels, height, width] = images_.shape;
        const std::uint8_t* source = images_.pixels.data() + static_cast<std::size_t>(image) * images_.image_size();
        // One distortion for all channels of an image.
        const InverseAffine affine = jitter_.active() ? draw_affine(stream_, jitter_, height, width) : InverseAffine{};
        for (int channel = 0; channel < channels; ++channel, source += plane(), target += plane()) {
            if (!jitter_.active()) {
                turn_plane(source, height, width, turn, target, width,
                           [](std::uint8_t v) { return static_cast<float>(v) / 255.0F; });
                continue;
            }
            turn_plane(source, height, width, turn, padded_.data() + width + 3, width + 2,
                       [](std::uint8_t v) { return v; });
            distort(affine, target);
        }
    }

  private:
    std::size_t plane() const noexcept {
        return static_cast<std::size_t>(images_.shape.height) * static_cast<std::size_t>(images_.shape.width);
    }

    void distort(const InverseAffine& affine, float* target) const noexcept {
        for (int row = 0; row < images_.shape.height; ++row) {
            for (int column = 0; column < images_.shape.width; ++column) {
                const auto x = static_cast<float>(column);
                const auto y = static_cast<float>(row);
                *target++ =
                    sample_at(padded_.data(), images_.shape.height, images_.shape.width,
                              affine.xx * x + affine.xy * y + affine.x0, affine.yx * x + affine.yy * y + affine.y0);
            }
        }
    }

    const ImageSet& images_;
    const Jitter& jitter_;
    RandomStream stream_;
    std::vector<std::uint8_t> padded_;  ///< one turned plane in a border of zeros
};

void check_figures(const ImageSet& images, const EpisodeOptions& options, std::vector<Problem>& problems) {
    const auto expect = [&](bool holds, const std::string& problem, const char* reason) {
        if (!holds) problems.push_back({"task: " + problem, reason, {}});
    };
    expect(options.way >= 2, "way = " + std::to_string(options.way), "a task needs at least 2 classes");
    expect(options.shot >= 1, "shot = " + std::to_string(options.shot), "a class needs at least 1 support image");
    expect(options.query >= 1, "query = " + std::to_string(options.query), "a class needs at least 1 query image");
    expect(options.rotations == Rotations::none || images.shape.height == images.shape.width,
           "rotations of images of " + std::to_string(images.shape.height) + " x " + std::to_string(images.shape.width),
           "a quarter turn needs square images");
    const Jitter& jitter = options.jitter;
    for (const float value : {jitter.rotation, jitter.shear, jitter.scale, jitter.translation}) {
        expect(std::isfinite(value) && value >= 0, "jitter of " + std::to_string(value), "it must be at least 0");
    }
    expect(!(jitter.scale >= 1), "jitter.scale = " + std::to_string(jitter.scale), "it must be less than 1");
}

void check_images(const ImageSet& images, std::span<const int> classes, const EpisodeOptions& options,
                  std::vector<Problem>& problems) {
    const auto count = [&](int c) {
        const auto index = static_cast<std::size_t>(c);
        return images.first_of_class[index + 1] - images.first_of_class[index];
    };
    const std::int64_t needed = std::int64_t{options.shot} + options.query;
    const auto poor = std::count_if(classes.begin(), classes.end(), [&](int c) { return count(c) < needed; });
    if (poor == 0) return;
    const int first = *std::find_if(classes.begin(), classes.end(), [&](int c) { return count(c) < needed; });
    problems.push_back({"task: shot + query = " + std::to_string(needed) + " images per class, but class " +
                            images.class_names[static_cast<std::size_t>(first)] + " has " +
                            std::to_string(count(first)),
                        std::to_string(poor) + " of " + std::to_string(classes.size()) + " classes have too few",
                        "lower shot or query"});
}

}  // namespace

EpisodeSampler::EpisodeSampler(const ImageSet& images, std::span<const int> classes, const EpisodeOptions& options)
    : images_(images), options_(options) {
    ATNAS_EXPECT(std::all_of(classes.begin(), classes.end(), [&](int c) { return c >= 0 && c < images.classes(); }));
    std::vector<Problem> problems;
    check_figures(images, options, problems);
    check_images(images, classes, options, problems);

    std::map<int, std::vector<int>> groups;
    for (const int c : classes) {
        const bool within = options.within_group == WithinGroup::yes;
        groups[within ? images.group_of_class[static_cast<std::size_t>(c)] : 0].push_back(c);
    }
    const auto turns = static_cast<std::size_t>(turns_of(options.rotations));
    std::size_t most = 0;
    for (auto& [group, pool] : groups) {
        most = std::max(most, pool.size() * turns);
        if (options.way > 0 && pool.size() * turns >= static_cast<std::size_t>(options.way))
            pools_.push_back(std::move(pool));
    }
    if (pools_.empty() && options.way > 0) {
        const bool within = options.within_group == WithinGroup::yes;
        problems.push_back({"task: way = " + std::to_string(options.way),
                            std::string(within ? "the largest group has " : "there are only ") + std::to_string(most) +
                                (turns > 1 ? " classes, rotations counted" : " classes"),
                            within ? "lower way, or allow classes of several groups" : "lower way"});
    }
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
}

void EpisodeSampler::sample(const RandomKey& key, Task& task) const {
    RandomStream stream(key);
    ImageWriter writer(images_, options_.jitter, key);
    const auto& pool = pools_[stream.index(static_cast<std::uint32_t>(pools_.size()))];
    const int turns = turns_of(options_.rotations);
    const auto way = static_cast<std::size_t>(options_.way);
    const auto shot = static_cast<std::size_t>(options_.shot);
    const auto query = static_cast<std::size_t>(options_.query);
    const std::size_t size = images_.image_size();

    draw_distinct(stream, static_cast<int>(pool.size()) * turns, options_.way, task.classes);
    task.way = options_.way;
    task.rotations.resize(way);
    const auto make_room = [&](LabelledImages& samples, std::size_t per_class) {
        samples.images.resize(way * per_class * size);
        samples.labels.resize(way * per_class);
        for (std::size_t i = 0; i < samples.labels.size(); ++i) samples.labels[i] = static_cast<int>(i / per_class);
    };
    make_room(task.support, shot);
    make_room(task.query, query);

    std::vector<int> chosen;
    chosen.reserve(shot + query);
    float* support = task.support.images.data();
    float* queries = task.query.images.data();
    for (std::size_t label = 0; label < way; ++label) {
        const int drawn = task.classes[label];
        const int turn = task.rotations[label] = drawn % turns;
        const auto c = static_cast<std::size_t>(task.classes[label] = pool[static_cast<std::size_t>(drawn / turns)]);
        const std::int64_t first = images_.first_of_class[c];
        draw_distinct(stream, static_cast<int>(images_.first_of_class[c + 1] - first), options_.shot + options_.query,
                      chosen);
        for (std::size_t i = 0; i < shot; ++i, support += size) writer.write(first + chosen[i], turn, support);
        for (std::size_t i = shot; i < shot + query; ++i, queries += size)
            writer.write(first + chosen[i], turn, queries);
    }
}

}  // namespace atnas::data
