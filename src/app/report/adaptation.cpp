// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/adaptation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

std::string row(const char* what, const FoldFigures& figures) {
    return fmt::format("{:<26}{:>8.4f}{:>11.2f} %{:>12}{:>12}  {}\n", what, figures.result.fitness(),
                       100 * figures.result.accuracy, figures.parameters, figures.macs, figures.encode);
}

nlohmann::json json_of(const FoldFigures& figures) {
    return {{"encode", figures.encode},     {"fitness", figures.result.fitness()},
            {"loss", figures.result.loss},  {"accuracy", figures.result.accuracy},
            {"params", figures.parameters}, {"macs", figures.macs}};
}

}  // namespace

std::string search_name(evo::Kind kind) {
    return kind == evo::Kind::fixed ? "none" : kind == evo::Kind::random ? "random" : "islands";
}

std::string text_of(const AdaptationReport& r) {
    const std::string per_class =
        r.fewest == r.most ? fmt::format("{}", r.most) : fmt::format("{} ... {}", r.fewest, r.most);
    std::string text = fmt::format("{}: {} classes of {} image(s); {} fold(s), {} inner steps, {} statistics\n", r.data,
                                   r.classes, per_class, r.folds, r.steps, meta::name_of(r.statistics));
    text += fmt::format("{:<26}{:>8}{:>13}{:>12}{:>12}\n", "", "fitness", "held out", "parameters", "MACs");
    text += row("weights alone", r.first);
    if (r.search == evo::Kind::fixed) return text + fmt::format("no search; {:.1f} s in all\n", r.seconds);
    text += row("weights and architecture", r.found);
    text += "The latter was chosen on these folds: its figures are optimistic.\n";
    if (r.cautious && !r.best.empty())
        text += r.found.encode == r.first.encode ? "The search found none that is better.\n"
                : r.best.front().encode == r.first.encode
                    ? "It is not better beyond luck, so the former is kept (--caution=none takes the latter).\n"
                    : "It is better beyond luck and is taken.\n";
    for (const FoldFigures& best : r.best)
        if (r.best.size() > 1) text += row(&best == &r.best.front() ? "members" : "", best);
    return text + fmt::format("{} encodes judged in {} generations{}: {:.1f} s of search, {:.1f} s in all\n",
                              r.evaluations, r.generations,
                              r.timed ? ", within a time: another run may judge others" : "", r.search_seconds,
                              r.seconds);
}

std::string plan_of(const AdaptationReport& r) {
    return fmt::format(
        "data        {}: {} images in {} classes, {} ... {} per class\n"
        "adaptation  {} inner steps, {} statistics\n"
        "search      {}, {}\n",
        r.data, r.images, r.classes, r.fewest, r.most, r.steps, meta::name_of(r.statistics), search_name(r.search),
        r.budget.empty() ? "the checkpoint's best encode as it is" : r.budget + " at most");
}

nlohmann::json plan_json_of(const AdaptationReport& r) {
    nlohmann::json plan{{"data", r.data},
                        {"data_digest", r.data_digest},
                        {"checkpoint", r.checkpoint},
                        {"classes", r.classes},
                        {"images", r.images},
                        {"images_per_class", {r.fewest, r.most}},
                        {"steps", r.steps},
                        {"statistics", meta::name_of(r.statistics)},
                        {"search", search_name(r.search)},
                        {"seed", r.seed},
                        {"cautious", r.cautious},
                        {"reproducible", r.reproducibility.holds()},
                        {"why_not_reproducible", r.reproducibility.reasons()}};
    if (!r.budget.empty()) plan["budget"] = r.budget;
    return plan;
}

nlohmann::json json_of(const AdaptationReport& r) {
    nlohmann::json document = plan_json_of(r);
    document.update({{"folds", r.folds},
                     {"weights_alone", json_of(r.first)},
                     {"found", json_of(r.found)},
                     {"evaluations", r.evaluations},
                     {"generations", r.generations},
                     {"search_seconds", r.search_seconds},
                     {"seconds", r.seconds},
                     {"members", nlohmann::json::array()}});
    for (const FoldFigures& best : r.best) document["members"].push_back(json_of(best));
    return document;
}

std::map<std::string, double> figures_of(const AdaptationReport& r) {
    return {{"fold_fitness", r.best.front().result.fitness()},
            {"fold_accuracy", r.best.front().result.accuracy},
            {"weights_alone_fold_fitness", r.first.result.fitness()},
            {"weights_alone_fold_accuracy", r.first.result.accuracy},
            {"evaluations", static_cast<double>(r.evaluations)},
            {"search_seconds", r.search_seconds}};
}

}  // namespace atnas::app
