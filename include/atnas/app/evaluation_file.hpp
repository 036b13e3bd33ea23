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

namespace atnas::app {

struct Evaluation {
    std::vector<double> task_accuracy;  ///< 0 .. 1, in task order
    std::vector<double> task_loss;      ///< mean query cross-entropy
    double accuracy{0};                 ///< mean over tasks
    double ci95{0};                     ///< half width of the 95 % interval of the mean, normal approximation
    int way{0}, shot{0}, query{0};
    int steps{0};  ///< inner steps
    bool transductive{true};
    std::string encode;
    std::int64_t parameters{0}, macs{0};
};

/// Fills accuracy and ci95 from the tasks. \pre at least one task
void summarise(Evaluation& evaluation);

std::string text_of(const Evaluation& evaluation);
nlohmann::json json_of(const Evaluation& evaluation);
/// Written under a temporary name and renamed. One process. Throws Error(bad_data).
void write_evaluation(const std::filesystem::path& path, const Evaluation& evaluation, const Provenance& provenance);

}  // namespace atnas::app
