// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What networks took images for, and how right that was where it is known.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "atnas/engine/calibration.hpp"
#include "atnas/engine/confusion.hpp"

namespace atnas::app {

/// How right predictions were.
struct PredictionScore {
    std::int64_t right{0};
    double accuracy{0};
    engine::Interval interval{};  ///< 95 %, of the accuracy
    double calibration_error{0};  ///< expected, 15 bins
    double loss{0};               ///< mean cross-entropy, nats; infinite where a probability was no number
};

struct Predictions {
    std::string network, network_digest, data;
    std::string data_digest;           ///< of the content of a data set; empty = the images are of none
    int members{1};                    ///< networks whose mean probabilities these are
    int query_copies{0};               ///< changed copies of each image that were asked for as well
    std::vector<std::string> classes;  ///< names, by label
    // By image.
    std::vector<std::string> names;
    std::vector<float> probabilities;  ///< [n, classes]
    std::vector<int> truth;            ///< labels; empty = not known
    // What follows from that: summarise().
    std::vector<int> label;      ///< the most probable class
    std::vector<float> entropy;  ///< nats
    std::optional<PredictionScore> score;
    std::optional<engine::Confusion> confusion;  ///< where it was asked for
    double seconds{0};                           ///< of predicting alone

    std::size_t images() const noexcept { return names.size(); }
    float probability(std::size_t image, std::size_t column) const {
        return probabilities[image * classes.size() + column];
    }
};

/// Sets what follows from probabilities and truth. \pre there is an image
void summarise(Predictions& predictions);

/// Which classes were taken for which. \pre truth is known, and what follows from it
engine::Confusion confusion_of(const Predictions& predictions);

/// For people, a few lines.
std::string text_of(const Predictions& predictions);
/// The figures, not those of single images.
nlohmann::json json_of(const Predictions& predictions);

/// With how many classes each has a column of its own.
inline constexpr std::size_t usual_columns = 20;
/// Whether each class has a column: where there are no more than usual_columns, or always.
enum class ClassColumns { usual, all };

/// CSV (RFC 4180, lines end with LF): a header, then for each image file, label, probability, entropy and, as told, the
/// probability of every class. Numbers have as many digits as tell floats apart.
void write_csv(std::ostream& stream, const Predictions& predictions, ClassColumns columns);

}  // namespace atnas::app
