// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/train_progress.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/core/contract.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/run_folder.hpp"

namespace atnas::app {
namespace {

double loss_of(const TrialFigures& f) {
    return f.fitness > 0 ? -std::log(f.fitness) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

int stretch_ending(int step, int steps) {
    ATNAS_EXPECT(0 < step && step <= steps);
    constexpr int reports = 20;
    const int every = (steps + reports - 1) / reports;
    return step % every == 0 || step == steps ? (step - 1) % every + 1 : 0;
}

std::string text_of(const TrialFigures& f) {
    return fmt::format("search: {}/{} encodes tried, the best {}: {}", f.tried, f.evaluations,
                       f.fitness > 0 ? fmt::format("has a loss of {:.4f} on images held out", loss_of(f))
                                     : std::string("has no finite loss"),
                       f.encode);
}

std::string text_of(const StretchFigures& f) {
    return fmt::format("step {}/{}  epoch {:.1f}  loss {:.4f}  {:.0f} images/s  {:.0f} s left", f.step, f.steps,
                       f.epoch, f.loss, f.images_per_second, f.left);
}

nlohmann::json json_of(const TrialFigures& f) {
    return {{"phase", "search"},  {"encodes", f.tried}, {"evaluations", f.evaluations},
            {"loss", loss_of(f)}, {"encode", f.encode}, {"seconds", f.seconds}};
}

nlohmann::json json_of(const StretchFigures& f) {
    return {{"phase", "training"},
            {"step", f.step},
            {"steps", f.steps},
            {"epoch", f.epoch},
            {"loss", f.loss},
            {"rate", f.rate},
            {"images_per_s", f.images_per_second},
            {"seconds", f.seconds}};
}

void TrainProgress::start(const std::filesystem::path& folder, io::OpenMode mode) {
    on_root(communicator_, [&] { metrics_ = std::make_unique<io::MetricsFile>(io::metrics_path(folder), mode); });
}

void TrainProgress::report(const TrialFigures& figures) {
    write(text_of(figures), json_of(figures));
}

void TrainProgress::report(const StretchFigures& figures) {
    write(text_of(figures), json_of(figures));
}

void TrainProgress::write(const std::string& text, const nlohmann::json& line) {
    world_log().info("{}", text);
    on_root(communicator_, [&] { metrics_->append(line); });
}

}  // namespace atnas::app
