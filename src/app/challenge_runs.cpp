// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/challenge_runs.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/data/pixel_values.hpp"

namespace atnas::app {
namespace {

/// As that of an image set.
double brightness(std::span<const data::OneShotRun> runs) {
    double sum = 0;
    std::size_t count = 0;
    for (const data::OneShotRun& run : runs) {
        const std::vector<float>& images = run.task.support.images;
        sum = std::accumulate(images.begin(), images.end(), sum);
        count += images.size();
    }
    return sum / static_cast<double>(count);
}

/// A data set does not say whether it was imported with dark and light swapped. Of drawings the pixels do.
void expect_same_ink(const ChallengeOptions& options, double runs, double images) {
    constexpr double too_different = 0.5;  // photographs differ by less, drawings in ink by more
    if (std::abs(runs - images) < too_different) return;
    const bool inverted = options.invert == data::Invert::yes;
    throw Error(ExitCode::bad_data,
                {fmt::format("the images of {} are {} and those of the data set {}", options.runs.string(),
                             runs > images ? "light" : "dark", runs > images ? "dark" : "light"),
                 fmt::format("mean values are {:.2f} and {:.2f}", runs, images),
                 inverted ? "leave out --invert" : "add --invert, if the data set was imported with it"});
}

/// A linear head has as many outputs as classes.
void expect_heads(std::span<const data::OneShotRun> runs, const space::NetworkOptions& network) {
    if (network.head != space::Head::linear) return;
    for (const data::OneShotRun& run : runs)
        if (run.task.way != network.way)
            throw Error(ExitCode::bad_deck,
                        {fmt::format("run {} has {} classes, with space.head = linear", run.name, run.task.way),
                         fmt::format("the linear head has as many outputs as task.way = {}", network.way),
                         "choose a checkpoint of that way, or of another head"});
}

}  // namespace

std::vector<data::OneShotRun> load_runs(const ChallengeOptions& options, const data::ImageSet& images,
                                        const space::NetworkOptions& network, const comm::Communicator& communicator) {
    std::vector<data::OneShotRun> runs;
    comm::together(communicator, [&] {
        const auto& [channels, height, width] = images.shape;
        runs = data::read_one_shot_runs(
            options.runs, {.height = height, .width = width, .channels = channels, .invert = options.invert});
        expect_same_ink(options, brightness(runs), data::brightness(images.pixels));
        expect_heads(runs, network);
    });
    return runs;
}

}  // namespace atnas::app
