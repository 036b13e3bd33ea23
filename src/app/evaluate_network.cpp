// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/evaluate_network.hpp"

#include <set>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/app/deck/option_table.hpp"

namespace atnas::app {
namespace {

constexpr const char* data_key = "data.source";

bool is_of_prediction(const Assignment& key) {
    return lists_key(keys_of_prediction(), key.name);
}

/// "--steps" of a short name, "--meta.eval_steps" of a key.
std::string option_of(const Assignment& key) {
    return key.where.starts_with("--") ? key.where : "--" + key.name;
}

/// Given options that are about a checkpoint, in alphabetical order.
std::set<std::string> of_checkpoints(const EvaluateOptions& options) {
    std::set<std::string> names(options.of_drawn_tasks.begin(), options.of_drawn_tasks.end());
    names.erase("--confusion");
    if (!options.encode.empty()) names.insert("--encode");
    if (!options.challenge.runs.empty()) names.insert("--runs");
    for (const Assignment& key : options.overrides)
        if (key.name != data_key && !is_of_prediction(key)) names.insert(option_of(key));
    return names;
}

std::filesystem::path data_of(const EvaluateOptions& options) {
    std::filesystem::path data;
    for (const Assignment& key : options.overrides)
        if (key.name == data_key) data = key.value;
    return data;
}

}  // namespace

std::vector<Problem> network_problems(const EvaluateOptions& options) {
    std::vector<Problem> problems;
    if (data_of(options).empty())
        problems.push_back(
            {"command line: --data is missing",
             fmt::format("{} is a network, which is judged by labelled images", options.checkpoint.string()),
             "add --data=IMAGES"});
    if (const auto names = of_checkpoints(options); !names.empty())
        problems.push_back(
            {fmt::format("{} beside the network {}", fmt::join(names, ", "), options.checkpoint.string()),
             "such options are about few-shot tasks for a checkpoint of a search",
             "leave them out: --data, --invert, --confusion, --output, --json, task.query_copies, what "
             "changes copies (data.flip and others), and keys of [runtime] and [cuda] can be given"});
    return problems;
}

PredictOptions labelled_prediction(const EvaluateOptions& options) {
    PredictOptions prediction;
    prediction.network = options.checkpoint;
    prediction.data = data_of(options);
    prediction.images.invert = options.challenge.invert;
    prediction.labelled = Labelled::required;
    prediction.confusions = options.confusions;
    prediction.output = options.output;
    prediction.json = options.json;
    for (const Assignment& key : options.overrides)
        if (is_of_prediction(key)) prediction.overrides.push_back(key);
    return prediction;
}

}  // namespace atnas::app
