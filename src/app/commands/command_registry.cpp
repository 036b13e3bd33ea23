// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/command_registry.hpp"

#include <vector>

#include "atnas/app/commands/adapt_command.hpp"
#include "atnas/app/commands/bench_command.hpp"
#include "atnas/app/commands/devices_command.hpp"
#include "atnas/app/commands/evaluate_command.hpp"
#include "atnas/app/commands/import_command.hpp"
#include "atnas/app/commands/info_command.hpp"
#include "atnas/app/commands/predict_command.hpp"
#include "atnas/app/commands/search_command.hpp"
#include "atnas/app/commands/train_command.hpp"

namespace atnas::app {
namespace {

template <class C>
std::unique_ptr<Command> make() {
    return std::make_unique<C>();
}

}  // namespace

OptionTable table_of(const CommandRow& row, Command& command) {
    OptionTable table = command.table();
    table.command = row.name;
    return table;
}

std::span<const CommandRow> command_registry() {
    static const std::vector<CommandRow> rows{
        {"import", "images -> one HDF5 data set", make<ImportCommand>},
        {"search", "meta-train a supernet and evolve its subnets", make<SearchCommand>},
        {"evaluate", "few-shot accuracy of a checkpoint on unseen classes; accuracy of a network",
         make<EvaluateCommand>},
        {"train", "learn a whole classification data set from a meta-network", make<TrainCommand>},
        {"adapt", "an architecture and weights for a task of a few labelled images", make<AdaptCommand>},
        {"predict", "what a network of adapt or train takes images for", make<PredictCommand>},
        {"info", "what is in a file", make<InfoCommand>},
        {"bench", "speed of this machine", make<BenchCommand>},
        {"devices", "the GPUs of this machine", make<DevicesCommand>},
    };
    return rows;
}

}  // namespace atnas::app
