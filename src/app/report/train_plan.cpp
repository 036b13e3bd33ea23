// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/train_plan.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atnas::app {

std::string text_of(const TrainPlan& p) {
    std::string text =
        fmt::format("images               {} to train, {} to validate and {} to test on, in {} classes\n", p.train,
                    p.validation, p.test, p.classes);
    text += fmt::format("changes of images    {}\n", p.changes);
    text += fmt::format("networks             {} of {} channels, from {}\n", p.kind, p.channels,
                        p.from == TrainFrom::scratch ? "scratch" : "the meta-network's weights");
    text +=
        p.search == TrainSearch::none
            ? std::string("search               none\n")
            : fmt::format("search               {} encodes, each trained for {} steps of {} images and judged on {}\n",
                          p.evaluations, p.trial_steps, p.trial_batch, p.trial_images);
    text += fmt::format("training             {}{} steps of {} images ({} epochs)\n", p.time > 0 ? "at most " : "",
                        p.steps, p.batch, p.epochs);
    if (p.time > 0) text += fmt::format("time                 {:.0f} s for everything\n", p.time);
    return text + fmt::format("run folder           {}\n", p.folder);
}

nlohmann::json json_of(const TrainPlan& p) {
    nlohmann::json plan{{"train_images", p.train},
                        {"validation_images", p.validation},
                        {"test_images", p.test},
                        {"classes", p.classes},
                        {"changes", p.changes},
                        {"kind", p.kind},
                        {"channels", p.channels},
                        {"from", name_of(p.from)},
                        {"search", name_of(p.search)},
                        {"steps", p.steps},
                        {"batch", p.batch},
                        {"epochs", p.epochs},
                        {"run_folder", p.folder}};
    if (p.search != TrainSearch::none)
        plan.update({{"evaluations", p.evaluations},
                     {"trial_steps", p.trial_steps},
                     {"trial_batch", p.trial_batch},
                     {"trial_images", p.trial_images}});
    if (p.time > 0) plan["time"] = p.time;
    return plan;
}

}  // namespace atnas::app
