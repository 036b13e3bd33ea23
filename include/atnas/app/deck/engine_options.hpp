// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a deck tells the objects of the engine.

#include "atnas/app/deck/deck.hpp"
#include "atnas/engine/generation.hpp"
#include "atnas/engine/meta_training.hpp"
#include "atnas/engine/migration.hpp"
#include "atnas/engine/replica_reducer.hpp"
#include "atnas/io/network_file.hpp"

namespace atnas::app {

engine::MetaNetworkOptions network_options(const Deck& deck);
/// What the networks of a file are. \p deck is the file's.
space::NetworkOptions network_of(const io::NetworkFile& file, const Deck& deck);
/// What a rank computes with: the keys of [runtime] and [cuda] that say it.
engine::ReplicaOptions replica_options(const Deck& deck, backend::Profile profile = backend::Profile::no);
engine::ReducerOptions reducer_options(const Deck& deck);
/// How a subnet learns a task in fitness and evaluation.
meta::AdaptationOptions judged_adaptation(const Deck& deck);
engine::MetaTrainingOptions training_options(const Deck& deck);
engine::GenerationOptions generation_options(const Deck& deck);
engine::MigrationOptions migration_options(const Deck& deck);

}  // namespace atnas::app
