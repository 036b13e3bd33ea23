// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/train_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

std::string text_of(const engine::ImageScore& score) {
    const engine::Interval interval = score.interval();
    return fmt::format("{:.2f} % of {} images (95 % interval {:.2f} ... {:.2f} %)", 100 * score.accuracy(),
                       score.images, 100 * interval.low, 100 * interval.high);
}

}  // namespace

std::string text_of(const TrainFigures& figures) {
    std::string text = fmt::format("encode {}\n{} parameters, {:.2f} million multiply-adds per image\n", figures.encode,
                                   figures.parameters, 1e-6 * static_cast<double>(figures.macs));
    text += fmt::format("test accuracy {}, validation {}\n", text_of(figures.test), text_of(figures.validation));
    text += fmt::format(
        "search {:.1f} s ({} encodes tried), training {:.1f} s ({:.1f} epochs, {:.0f} images/s), "
        "test {:.1f} s\n",
        figures.search_seconds, figures.evaluations, figures.training_seconds, figures.epochs,
        figures.images_per_second, figures.test_seconds);
    return text;
}

std::map<std::string, double> file_figures(const TrainFigures& figures) {
    return {{"accuracy", figures.test.accuracy()},
            {"accuracy_low", figures.test.interval().low},
            {"accuracy_high", figures.test.interval().high},
            {"loss", figures.test.loss},
            {"test_images", static_cast<double>(figures.test.images)},
            {"validation_accuracy", figures.validation.accuracy()},
            {"validation_loss", figures.validation.loss},
            {"parameters", static_cast<double>(figures.parameters)},
            {"macs", static_cast<double>(figures.macs)},
            {"inherited", figures.inherited},
            {"evaluations", static_cast<double>(figures.evaluations)},
            {"best_trial", figures.best_trial},
            {"steps", static_cast<double>(figures.steps)},
            {"epochs", figures.epochs},
            {"search_seconds", figures.search_seconds},
            {"training_seconds", figures.training_seconds},
            {"test_seconds", figures.test_seconds},
            {"images_per_second", figures.images_per_second}};
}

nlohmann::json json_of(const TrainFigures& figures) {
    nlohmann::json report = file_figures(figures);
    report["encode"] = figures.encode;
    for (const char* count : {"test_images", "parameters", "macs", "evaluations", "steps"})
        report[count] = static_cast<std::int64_t>(report[count].get<double>());
    return report;
}

}  // namespace atnas::app
