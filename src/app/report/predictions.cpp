// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/predictions.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/report/confusion_report.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/data/csv.hpp"

namespace atnas::app {

void summarise(Predictions& p) {
    ATNAS_EXPECT(p.images() > 0 && p.probabilities.size() == p.images() * p.classes.size());
    p.label.clear();
    p.entropy.clear();
    for (std::size_t image = 0; image < p.images(); ++image) {
        const auto row = std::span(p.probabilities).subspan(image * p.classes.size(), p.classes.size());
        p.label.push_back(static_cast<int>(engine::most_probable(row)));
        p.entropy.push_back(static_cast<float>(engine::entropy(row)));
    }
    p.score.reset();
    if (p.truth.empty()) return;
    ATNAS_EXPECT(p.truth.size() == p.images());
    PredictionScore score;
    const auto count = static_cast<std::int64_t>(p.images());
    for (std::size_t image = 0; image < p.images(); ++image) score.right += p.label[image] == p.truth[image] ? 1 : 0;
    score.accuracy = static_cast<double>(score.right) / static_cast<double>(count);
    score.interval = engine::wilson_interval(score.right, count);
    score.calibration_error = engine::calibration_error(p.probabilities, p.truth);
    score.loss = engine::mean_cross_entropy(p.probabilities, p.truth);
    p.score = score;
}

engine::Confusion confusion_of(const Predictions& p) {
    ATNAS_EXPECT(p.truth.size() == p.label.size() && !p.truth.empty());
    std::vector<int> classes(p.classes.size());
    std::iota(classes.begin(), classes.end(), 0);
    engine::Confusion confusion(classes);
    confusion.add({classes, p.truth, p.label});
    return confusion;
}

std::string text_of(const Predictions& p) {
    std::string text = fmt::format(
        "{} images of {} told apart into {} classes by {} network{} of {}, {}{:.0f} images/s\n", p.images(), p.data,
        p.classes.size(), p.members, p.members == 1 ? "" : "s", p.network,
        p.query_copies > 0 ? fmt::format("the mean answer for an image and {} copies, ", p.query_copies) : "",
        static_cast<double>(p.images()) / std::max(p.seconds, 1e-9));
    if (p.score)
        text += fmt::format(
            "accuracy {:.2f} % (95 % interval {:.2f} ... {:.2f} %), expected calibration error {:.2f} % (15 bins), "
            "mean cross-entropy {:.4f}\n",
            100 * p.score->accuracy, 100 * p.score->interval.low, 100 * p.score->interval.high,
            100 * p.score->calibration_error, p.score->loss);
    if (p.confusion) text += text_of(*p.confusion, p.classes, "images");
    return text;
}

nlohmann::json json_of(const Predictions& p) {
    auto counts = nlohmann::json::object();
    for (std::size_t label = 0; label < p.classes.size(); ++label)
        counts[p.classes[label]] = std::ranges::count(p.label, static_cast<int>(label));
    nlohmann::json document{{"network", p.network},
                            {"network_digest", p.network_digest},
                            {"data", p.data},
                            {"images", p.images()},
                            {"classes", p.classes},
                            {"members", p.members},
                            {"query_copies", p.query_copies},
                            {"predicted", std::move(counts)},
                            {"seconds", p.seconds}};
    if (!p.data_digest.empty()) document["data_digest"] = p.data_digest;
    if (!p.score) return document;
    document["accuracy"] = p.score->accuracy;
    document["right"] = p.score->right;
    document["interval95"] = {p.score->interval.low, p.score->interval.high};
    document["calibration_error"] = p.score->calibration_error;
    document["loss"] = p.score->loss;  // not a number becomes null
    if (p.confusion) document["confusion"] = json_of(*p.confusion, p.classes);
    return document;
}

void write_csv(std::ostream& stream, const Predictions& p, ClassColumns columns) {
    const bool all = columns == ClassColumns::all || p.classes.size() <= usual_columns;
    stream << "file,label,probability,entropy";
    if (all)
        for (const std::string& name : p.classes) stream << ',' << data::csv_field(name);
    stream << '\n';
    for (std::size_t image = 0; image < p.images(); ++image) {
        const auto label = static_cast<std::size_t>(p.label[image]);
        stream << data::csv_field(p.names[image]) << ',' << data::csv_field(p.classes[label])
               << fmt::format(",{},{}", p.probability(image, label), p.entropy[image]);
        if (all)
            for (std::size_t c = 0; c < p.classes.size(); ++c) stream << fmt::format(",{}", p.probability(image, c));
        stream << '\n';
    }
}

}  // namespace atnas::app
