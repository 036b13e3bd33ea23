// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/strokes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"

namespace atnas::data {
namespace {

// Coordinates are in the unit square until they are rasterised, x to the right and y down.
struct Point {
    float x{0};
    float y{0};
};
Point operator+(Point a, Point b) noexcept {
    return {a.x + b.x, a.y + b.y};
}
Point operator-(Point a, Point b) noexcept {
    return {a.x - b.x, a.y - b.y};
}
Point operator*(float factor, Point a) noexcept {
    return {factor * a.x, factor * a.y};
}

/// A quadratic Bezier curve: start, control, end.
using Curve = std::array<Point, 3>;

// The island field of the key tells the parts of the program apart.
constexpr std::uint32_t of_group = 0, of_class = 1, of_drawer = 2, of_drawing = 3, of_tremor = 4;

constexpr int primitives_per_group = 6;
constexpr int fewest_strokes = 2, most_strokes = 5;
constexpr int segments_per_curve = 12;
constexpr float margin = 0.15F;  ///< empty border that size, slant and tremor may run into
// How far drawings of one class differ, tuned so that 5-way 1-shot by the nearest neighbour in pixel space is about as
// hard as on Omniglot (the unit test holds the bounds).
constexpr float tremor = 0.08F;  ///< of the control points, per drawing
constexpr float drift = 0.07F;   ///< of a whole stroke, per drawing
constexpr float drawer_slant = 0.35F, drawing_slant = 0.2F;
constexpr float drawer_size = 0.25F, drawing_size = 0.2F;
constexpr float drawer_turn = 0.1F, drawing_turn = 0.1F;  ///< tangent of half the angle
constexpr float drawing_shift = 0.12F;
constexpr float thinnest_pen = 0.05F, thickest_pen = 0.08F;

float within(RandomStream& stream, float low, float high) noexcept {
    return low + (high - low) * stream.uniform();
}
/// Triangular in +-reach: mostly small, never far out, and without the logarithms of a normal.
float about_zero(RandomStream& stream, float reach) noexcept {
    const float first = stream.uniform();
    return reach * (first + stream.uniform() - 1);
}
Point about_origin(RandomStream& stream, float reach) noexcept {
    const float x = about_zero(stream, reach);
    return {x, about_zero(stream, reach)};
}

/// What the strokes of one alphabet are like: curves around the origin, inside +-0.5.
std::vector<Curve> make_primitives(std::uint64_t seed, int group) {
    RandomStream stream({seed, Purpose::strokes, of_group, 0, static_cast<std::uint32_t>(group)});
    std::vector<Curve> primitives;
    for (int i = 0; i < primitives_per_group; ++i) {
        // Scaled onto the border of the square: no stroke is a dot.
        Point end{within(stream, -1, 1), within(stream, 0.01F, 1)};
        end = (0.5F / std::max(std::abs(end.x), end.y)) * end;
        // Every second stroke is bent: its control point lies off the chord.
        const float bend = i % 2 == 0 ? 0.0F : within(stream, 0.4F, 1.2F) * (stream.chance(0.5) ? 1.0F : -1.0F);
        primitives.push_back({Point{-end.x, -end.y}, Point{-bend * end.y, bend * end.x}, end});
    }
    return primitives;
}

/// The program of one character: which strokes, where and how large.
std::vector<Curve> make_character(std::uint64_t seed, int index, std::span<const Curve> primitives) {
    RandomStream stream({seed, Purpose::strokes, of_class, 0, static_cast<std::uint32_t>(index)});
    std::vector<Curve> strokes;
    const int count = fewest_strokes + static_cast<int>(stream.index(most_strokes - fewest_strokes + 1));
    for (int i = 0; i < count; ++i) {
        Curve stroke = primitives[stream.index(static_cast<std::uint32_t>(primitives.size()))];
        const float size = within(stream, 0.5F, 0.9F);
        const float x = within(stream, 0.3F, 0.7F);
        const Point place{x, within(stream, 0.3F, 0.7F)};
        for (Point& point : stroke) {
            point = place + size * point;
            point.x = std::clamp(point.x, margin, 1 - margin);
            point.y = std::clamp(point.y, margin, 1 - margin);
        }
        strokes.push_back(stroke);
    }
    return strokes;
}

/// How one person writes, or deviates from that in one drawing.
struct Hand {
    float slant{0}, width{1}, height{1}, turn{0};
    float pen{0};
    Point shift{};

    /// Slant, size and turn about the middle of the square. The turn is by 2 atan(turn), without trigonometry.
    Point apply(Point point) const noexcept {
        const Point centred = point - Point{0.5F, 0.5F};
        const Point shaped{width * (centred.x - slant * centred.y), height * centred.y};
        const float norm = 1 + turn * turn;
        const float cosine = (1 - turn * turn) / norm;
        const float sine = 2 * turn / norm;
        return Point{0.5F, 0.5F} + shift +
               Point{cosine * shaped.x - sine * shaped.y, sine * shaped.x + cosine * shaped.y};
    }
};

Hand make_hand(std::uint64_t seed, int drawer, int index) {
    RandomStream person({seed, Purpose::strokes, of_drawer, 0, static_cast<std::uint32_t>(drawer)});
    Hand hand;
    hand.slant = about_zero(person, drawer_slant);
    hand.width = 1 + about_zero(person, drawer_size);
    hand.height = 1 + about_zero(person, drawer_size);
    hand.turn = about_zero(person, drawer_turn);
    hand.pen = within(person, thinnest_pen, thickest_pen);
    // A drawing's own numbers are those of its class (item) and drawer (iteration); its tremor comes from another
    // address.
    RandomStream moment(
        {seed, Purpose::strokes, of_drawing, static_cast<std::uint32_t>(drawer), static_cast<std::uint32_t>(index)});
    hand.slant += about_zero(moment, drawing_slant);
    hand.width += about_zero(moment, drawing_size);
    hand.height += about_zero(moment, drawing_size);
    hand.turn += about_zero(moment, drawing_turn);
    hand.shift = about_origin(moment, drawing_shift);
    return hand;
}

float distance_to_segment(Point point, Point a, Point b) noexcept {
    const Point along = b - a;
    const Point to = point - a;
    const float length = along.x * along.x + along.y * along.y;
    const float at = length > 0 ? std::clamp((to.x * along.x + to.y * along.y) / length, 0.0F, 1.0F) : 0.0F;
    const Point off = to - at * along;
    return std::sqrt(off.x * off.x + off.y * off.y);
}

/// Ink of a round pen along a segment, in pixels: full inside the radius, falling to none over one pixel around it.
void ink_segment(Point a, Point b, float radius, int size, std::span<std::uint8_t> image) {
    const float reach = radius + 0.5F;
    const auto first = [&](float low) { return std::clamp(static_cast<int>(low - reach), 0, size - 1); };
    const auto last = [&](float high) { return std::clamp(static_cast<int>(high + reach), 0, size - 1); };
    for (int row = first(std::min(a.y, b.y)); row <= last(std::max(a.y, b.y)); ++row) {
        for (int column = first(std::min(a.x, b.x)); column <= last(std::max(a.x, b.x)); ++column) {
            const Point centre{static_cast<float>(column) + 0.5F, static_cast<float>(row) + 0.5F};
            const float ink = std::clamp(reach - distance_to_segment(centre, a, b), 0.0F, 1.0F);
            auto& pixel = image[static_cast<std::size_t>(row) * static_cast<std::size_t>(size) +
                                static_cast<std::size_t>(column)];
            pixel = std::max(pixel, static_cast<std::uint8_t>(ink * 255 + 0.5F));
        }
    }
}

void draw(std::span<const Curve> strokes, const Hand& hand, RandomStream& shaking, int size,
          std::span<std::uint8_t> image) {
    const auto scale = static_cast<float>(size);
    for (Curve stroke : strokes) {
        const Point moved = about_origin(shaking, drift);
        for (Point& point : stroke) point = scale * hand.apply(point + moved + about_origin(shaking, tremor));
        Point from = stroke[0];
        for (int i = 1; i <= segments_per_curve; ++i) {
            const float t = static_cast<float>(i) / segments_per_curve;
            const Point to = (1 - t) * (1 - t) * stroke[0] + 2 * t * (1 - t) * stroke[1] + t * t * stroke[2];
            ink_segment(from, to, hand.pen * scale / 2, size, image);
            from = to;
        }
    }
}

void check_options(const StrokesOptions& options) {
    std::vector<Problem> problems;
    const auto expect = [&](bool holds, const char* name, int value, const char* range) {
        if (!holds) problems.push_back({std::string("strokes: ") + name + " = " + std::to_string(value), range, {}});
    };
    expect(options.classes >= 1, "classes", options.classes, "there must be at least 1");
    expect(options.classes_per_group >= 1, "classes_per_group", options.classes_per_group, "there must be at least 1");
    expect(options.images_per_class >= 1, "images_per_class", options.images_per_class, "there must be at least 1");
    expect(options.size >= 8 && options.size <= 1024, "size", options.size, "it must be in 8 .. 1024 pixels");
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
}

std::string numbered(const char* word, int number) {
    const std::string digits = std::to_string(number);
    return word + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

}  // namespace

ImageSet make_strokes(const StrokesOptions& options) {
    check_options(options);
    ImageSet set;
    set.shape = {1, options.size, options.size};
    set.source = "strokes, seed " + std::to_string(options.seed);
    const std::size_t images =
        static_cast<std::size_t>(options.classes) * static_cast<std::size_t>(options.images_per_class);
    set.pixels.resize(images * set.image_size());
    set.first_of_class.push_back(0);

    std::vector<Curve> primitives;
    std::span<std::uint8_t> blank(set.pixels);
    for (int c = 0; c < options.classes; ++c) {
        const int group = c / options.classes_per_group;
        if (c % options.classes_per_group == 0) {
            primitives = make_primitives(options.seed, group);
            set.group_names.push_back(numbered("alphabet", group));
        }
        const auto strokes = make_character(options.seed, c, primitives);
        for (int i = 0; i < options.images_per_class; ++i) {
            const Hand hand = make_hand(options.seed, i, c);
            RandomStream shaking({options.seed, Purpose::strokes, of_tremor, static_cast<std::uint32_t>(i),
                                  static_cast<std::uint32_t>(c)});
            draw(strokes, hand, shaking, options.size, blank.first(set.image_size()));
            blank = blank.subspan(set.image_size());
        }
        set.class_names.push_back(set.group_names.back() + "/" + numbered("character", c % options.classes_per_group));
        set.group_of_class.push_back(group);
        set.first_of_class.push_back(set.first_of_class.back() + options.images_per_class);
    }
    return set;
}

}  // namespace atnas::data
