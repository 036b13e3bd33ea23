// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The result of `atnas evaluate`: figures, text, JSON and the HDF5 file (filetype "atnas-evaluation", see
/// analysis/FORMAT.md).

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "atnas/core/provenance.hpp"
#include "atnas/data/split.hpp"
#include "atnas/io/checkpoint.hpp"

namespace atnas::app {

/// What was evaluated, and on what: enough to do it again.
struct EvaluationOrigin {
    std::uint64_t seed{0};          ///< of the tasks
    std::string split;              ///< train, validation, test or all
    std::string data, data_digest;  ///< data set: as the deck names it, and its content
    int classes{0};                 ///< of that split
    int seen_classes{0};            ///< of these, how many the search used, to train or to choose encodes by
    std::string checkpoint, checkpoint_digest;  ///< path, and attribute digest
    std::int64_t iteration{0};                  ///< of the checkpoint
};

struct Evaluation {
    EvaluationOrigin origin;
    std::vector<double> task_accuracy;  ///< 0 .. 1, in task order
    std::vector<double> task_loss;      ///< mean query cross-entropy
    double accuracy{0};                 ///< mean over tasks
    double ci95{0};  ///< half width of the 95 % interval of the mean, normal approximation; NaN of a single task
    int way{0}, shot{0}, query{0};
    int steps{0};  ///< inner steps
    bool transductive{true};
    std::string encode;
    std::int64_t parameters{0}, macs{0};
};

/// Classes of \p role that the search behind \p stored used: by their names, of \p now. For validation tasks those it
/// chose encodes by count as well, as for test tasks.
int seen_classes(const io::DataRecord& now, data::Role role, const io::DataRecord& stored);

/// Throws Error(bad_deck) where accuracy on these classes would not be that on unseen ones: of the data set that the
/// search learned from, test classes that it used, or validation classes that it trained on.
void expect_unseen(const io::DataRecord& now, data::Role role, const io::DataRecord& stored);

/// Fills accuracy and ci95 from the tasks. \pre at least one task
void summarise(Evaluation& evaluation);

std::string text_of(const Evaluation& evaluation);
nlohmann::json json_of(const Evaluation& evaluation);
/// Written under a temporary name and renamed. One process. Throws Error(bad_data).
void write_evaluation(const std::filesystem::path& path, const Evaluation& evaluation, const Provenance& provenance);

}  // namespace atnas::app
