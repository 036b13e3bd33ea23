// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_key.hpp"

namespace atnas::app {

void add_task_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    using data::WithinGroup;
    keys.push_back(integer_key(
        {"task", "way", "classes", "of a task", frozen}, [](Deck & d) -> auto& { return d.task.way; },
        between(2, 10000)));
    keys.push_back(integer_key(
        {"task", "shot", "images", "labelled ones per class", frozen}, [](Deck & d) -> auto& { return d.task.shot; },
        between(1, 10000)));
    keys.push_back(integer_key(
        {"task", "query", "images", "per class, to be told apart", frozen},
        [](Deck & d) -> auto& { return d.task.query; }, between(1, 10000)));
    keys.push_back(flag_key<WithinGroup>(
        {"task", "within_group", "", "all classes of a task from one group (alphabet)", frozen},
        [](Deck & d) -> auto& { return d.task.within_group; }, WithinGroup::no, WithinGroup::yes));
    keys.push_back(
        choice_key<meta::Statistics>({"task", "statistics", "",
                                      "whose means and variances normalise a query image: its own set's, the "
                                      "support's, those of both, or averages over training tasks",
                                      frozen},
                                     [](Deck & d) -> auto& { return d.task.statistics; },
                                     {{"query", meta::Statistics::query},
                                      {"support", meta::Statistics::support},
                                      {"joint", meta::Statistics::joint},
                                      {"running", meta::Statistics::running}}));
    keys.push_back(integer_key(
        {"task", "statistics_tasks", "tasks", "that task.statistics = running averages over for a subnet", may_change},
        [](Deck & d) -> auto& { return d.task.statistics_tasks; }, between(1, 1000)));
    keys.push_back(integer_key(
        {"task", "support_copies", "images",
         "copies of each support image, changed as training images are (data.jitter_* and others), that join it where "
         "individuals are judged and in `atnas evaluate`",
         may_change},
        [](Deck & d) -> auto& { return d.task.support_copies; }, between(0, 1000)));
    keys.push_back(integer_key(
        {"task", "query_copies", "images",
         "copies of each query image, changed likewise, in `atnas evaluate`, and of each image that `atnas predict` is "
         "asked for: the mean of the probabilities for the image and its copies counts",
         may_change},
        [](Deck & d) -> auto& { return d.task.query_copies; }, between(0, 1000)));
    keys.push_back(integer_key(
        {"task", "train_shot", "images", "labelled ones per class in training tasks; 0 = task.shot", may_change},
        [](Deck & d) -> auto& { return d.task.train_shot; }, between(0, 10000)));
    keys.push_back(integer_key(
        {"task", "train_way", "classes", "of training tasks; 0 = task.way; not with the linear head", may_change},
        [](Deck & d) -> auto& { return d.task.train_way; }, between(0, 10000)));
    keys.push_back(integer_key(
        {"task", "train_query", "images", "per class, to be told apart in training tasks; 0 = task.query", may_change},
        [](Deck & d) -> auto& { return d.task.train_query; }, between(0, 10000)));
}

}  // namespace atnas::app
