// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/adapted_network.hpp"

#include "atnas/engine/stored_weights.hpp"
#include "atnas/meta/tasks_in_flight.hpp"

namespace atnas::engine {

io::NetworkRecord adapted_network(meta::TaskEvaluator& evaluator, const space::Genotype& encode,
                                  const data::Task& task) {
    supernet::Supernet& supernet = evaluator.plans().supernet();
    io::NetworkRecord record{encode, supernet.space().to_text(encode), {}, {}, {}};
    meta::TasksInFlight in_flight(supernet);
    meta::TaskPlan& plan = evaluator.queue(encode, task, in_flight.next());
    in_flight.started([&] {
        for (const nn::NamedValues& block : plan.adapted_weights()) {
            record.manifest.push_back({block.name, record.weights.size(), extents_of(block.shape)});
            record.weights.insert(record.weights.end(), block.values.begin(), block.values.end());
        }
        record.moments = plan.normalising_moments();
    });
    in_flight.finish();
    return record;
}

}  // namespace atnas::engine
