// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/devices_command.hpp"

#include <iostream>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/backend/visible_gpus.hpp"
#include "atnas/engine/gpu_choice.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {
namespace {

std::string text_of(const backend::VisibleGpus& seen) {
    if (seen.gpus.empty()) return fmt::format("no GPU: {}\n", seen.obstacle);
    std::vector<backend::DeviceId> ids;
    for (const backend::Gpu& gpu : seen.gpus) ids.push_back(gpu.id);
    const std::set<std::string> shared = engine::shared_addresses(ids);
    std::string text;
    for (std::size_t i = 0; i < seen.gpus.size(); ++i) {
        const backend::Gpu& gpu = seen.gpus[i];
        text += fmt::format("GPU {}: {}, {}, {:.1f} GiB, {}\n", i, gpu.name, engine::label_of(gpu.id, shared),
                            static_cast<double>(gpu.memory) / (1 << 30),
                            gpu.obstacle.empty() ? "usable" : "not usable: " + gpu.obstacle);
    }
    return text;
}

nlohmann::json document_of(const backend::VisibleGpus& seen) {
    auto gpus = nlohmann::json::array();
    for (const backend::Gpu& gpu : seen.gpus)
        gpus.push_back({{"name", gpu.name},
                        {"pci_address", gpu.id.pci_address},
                        {"uuid", gpu.id.uuid},
                        {"memory_bytes", gpu.memory},
                        {"usable", gpu.obstacle.empty()},
                        {"obstacle", gpu.obstacle}});
    return {{"gpus", gpus}, {"obstacle", seen.obstacle}};
}

}  // namespace

OptionTable DevicesCommand::table() {
    OptionTable table;
    table.summary = "the GPUs of this machine: number, name, PCI address, memory, usable or why not";
    table.add(OptionGroup::output, {json_row(options_.json)});
    table.example = "atnas devices --json=devices.json";
    return table;
}

CommandFiles DevicesCommand::files() const {
    return {given({{"--json", options_.json}}), {}};
}

ExitCode DevicesCommand::run(const Invocation& invocation) {
    const auto held = hold_outputs(*this, invocation.communicator);
    on_root(invocation.communicator, [&] {
        const backend::VisibleGpus seen = backend::visible_gpus();
        std::cout << text_of(seen);
        if (!options_.json.empty()) io::write_json(options_.json, document_of(seen));
    });
    return ExitCode::done;
}

}  // namespace atnas::app
