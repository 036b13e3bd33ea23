// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/train_plan.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

/// Images held out that judge an encode.
std::int64_t judges(const TrainPlan& p) {
    return std::min<std::int64_t>(p.options.trial_images, p.validation);
}

std::string recipe_of(const TrainOptions& o) {
    const meta::OuterOptions& outer = o.optimizer;
    std::string text =
        fmt::format("{}, rate {}, weight decay {}", outer.kind == meta::OptimizerKind::sgd ? "sgd" : "adamw",
                    outer.rate, outer.weight_decay);
    for (const auto& [name, value] :
         {std::pair{"average", outer.average}, std::pair{"label smoothing", o.label_smoothing},
          std::pair{"mixup", o.mixup}, std::pair{"drop path", o.drop_path}})
        if (value != 0) text += fmt::format(", {} {}", name, value);
    return text;
}

}  // namespace

std::string text_of(const TrainPlan& p) {
    const TrainOptions& o = p.options;
    std::string text =
        fmt::format("images               {} to train, {} to validate and {} to test on, in {} classes\n", p.train,
                    p.validation, p.test, p.classes);
    text += fmt::format("changes of images    {}\n", p.changes);
    text += fmt::format("networks             {} of {} channels, from {}\n", p.kind, p.channels,
                        o.from == TrainFrom::scratch ? "scratch" : "the meta-network's weights");
    text += fmt::format("size                 {} parameters, {:.2f} million multiply-adds per image{}\n", p.parameters,
                        1e-6 * static_cast<double>(p.macs), o.search == TrainSearch::none ? "" : ", before the search");
    text +=
        o.search == TrainSearch::none
            ? std::string("search               none\n")
            : fmt::format("search               {} encodes, each trained for {} steps of {} images and judged on {}\n",
                          o.evaluations, o.trial_steps, o.micro_batch, judges(p));
    text += fmt::format("training             {}{} steps of {} images ({} epochs)\n", o.time > 0 ? "at most " : "",
                        p.steps, o.batch, o.epochs);
    text += fmt::format("recipe               {}\n", recipe_of(o));
    if (o.time > 0) text += fmt::format("time                 {:.0f} s for everything\n", o.time);
    return text + fmt::format("run folder           {}\n", p.folder);
}

nlohmann::json json_of(const TrainPlan& p) {
    nlohmann::json plan{{"train_images", p.train}, {"validation_images", p.validation},
                        {"test_images", p.test},   {"classes", p.classes},
                        {"changes", p.changes},    {"kind", p.kind},
                        {"channels", p.channels},  {"parameters", p.parameters},
                        {"macs", p.macs},          {"steps", p.steps},
                        {"run_folder", p.folder}};
    if (p.options.search != TrainSearch::none) plan["trial_images"] = judges(p);
    if (p.options.time > 0) plan["time"] = p.options.time;
    for (const auto& [name, value] : settings_of(p.options)) plan["settings"][name] = value;
    return plan;
}

}  // namespace atnas::app
