// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_reader.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "atnas/app/deck/deck_schema.hpp"
#include "atnas/app/deck/former_settings.hpp"
#include "atnas/app/deck/number_text.hpp"
#include "atnas/core/problem_list.hpp"

namespace atnas::app {
namespace {

/// As it is called today.
Assignment today(Assignment assignment) {
    const auto* const former = find_former(assignment.name, assignment.value);
    if (former == nullptr || former->name_today.empty()) return assignment;
    assignment.name = former->name_today;
    assignment.value = former->value_today;
    return assignment;
}

/// Sets keys one by one and remembers which could not be set.
class DeckBuilder {
  public:
    explicit DeckBuilder(std::vector<Problem>& problems) : problems_(problems) {}

    /// \p origin is how messages call where they come from.
    void apply(const std::vector<Assignment>& assignments, const std::string& origin, TextOf text_of) {
        ProblemList found;
        for (const auto& assignment : assignments) {
            const auto* former = find_former(assignment.name, assignment.value);
            if (former == nullptr)
                apply(assignment, found);
            else if (former->name_today.empty())
                apply(assignment, *former, text_of, found);
            else if (std::ranges::find(assignments, former->name_today, &Assignment::name) == assignments.end())
                apply(today(assignment), found);
            else
                found.add([&] { return said_twice(assignment, *former); });
        }
        for (auto& problem : std::move(found).take(origin)) problems_.push_back(std::move(problem));
    }

    Deck& deck() noexcept { return deck_; }

    /// Appends what does not fit together, unless it is about a key that was wrong by itself: its value is not the
    /// user's.
    void check_combinations() {
        for (auto& problem : problems_of(deck_)) {
            const std::string text = problem.text();
            const bool known = std::ranges::any_of(
                failed_, [&](const std::string& name) { return text.find(name) != std::string::npos; });
            if (!known) problems_.push_back(std::move(problem));
        }
    }

  private:
    void apply(const Assignment& assignment, const FormerSetting& former, TextOf text_of, ProblemList& found) {
        if (text_of == TextOf::checkpoint || former.reason.empty()) return;
        failed_.push_back(assignment.name);
        found.add([&] {
            return Problem{assignment.where + ": " + assignment.name + " = " + assignment.value,
                           std::string(former.reason), std::string(former.suggestion)};
        });
    }

    void apply(const Assignment& assignment, ProblemList& found) {
        const auto* key = find_key(assignment.name);
        if (key == nullptr) {
            failed_.push_back(assignment.name);
            return found.add([&] { return unknown_setting(assignment); });
        }
        // A value is one line of the deck that the checkpoint keeps.
        const bool one_line = assignment.value.find_first_of("\n\r") == std::string::npos;
        // HDF5 keeps attributes of up to 64 KiB.
        constexpr std::size_t longest = 60000;
        Complaint complaint = "it contains a line break";
        if (assignment.value.size() > longest)
            complaint = "it is longer than " + std::to_string(longest) + " bytes";
        else if (one_line)
            complaint = key->set(deck_, assignment.value);
        if (!complaint) return;
        failed_.push_back(assignment.name);
        const std::string unit = key->unit.empty() ? "" : ", unit: " + key->unit;
        found.add([&] {
            return Problem{assignment.where + ": " + assignment.name + " = " + excerpt(assignment.value), *complaint,
                           "expected " + key->type + (key->range.empty() ? "" : " " + key->range) + unit};
        });
    }

    static Problem said_twice(const Assignment& assignment, const FormerSetting& former) {
        const std::string today(former.name_today);
        return {assignment.where + ": " + assignment.name + " = " + assignment.value,
                "it is another name of " + today + ", which stands there as well", "keep " + today};
    }
    static Problem unknown_setting(const Assignment& assignment) {
        const std::string today(name_today(assignment.name));
        if (today.empty()) return unknown_key(assignment.name, assignment.value, assignment.where);
        return {assignment.where + ": " + assignment.name + " = " + excerpt(assignment.value),
                "it is another name of " + today + ", with the values true and false", "write " + today + " instead"};
    }

    std::vector<Problem>& problems_;
    Deck deck_{};
    std::vector<std::string> failed_;
};

/// Keys given twice on the command line.
void check_repetition(const std::vector<Assignment>& overrides, std::vector<Problem>& problems) {
    std::map<std::string, std::string> first;
    ProblemList found;
    for (const auto& given : overrides) {
        const auto [place, is_new] = first.emplace(given.name, given.value);
        if (is_new) continue;
        found.add([&] {
            return Problem{given.where + ": " + excerpt(given.name) + " = " + excerpt(given.value),
                           "it was already given as " + excerpt(place->second), "keep one of them"};
        });
    }
    for (auto& problem : std::move(found).take("command line")) problems.push_back(std::move(problem));
}

}  // namespace

Deck collect_deck(const DeckSources& sources, std::vector<Problem>& problems) {
    auto text = read_ini(sources.text, sources.origin);
    problems.insert(problems.end(), text.problems.begin(), text.problems.end());
    check_repetition(sources.overrides, problems);
    DeckBuilder builder(problems);
    builder.apply(text.assignments, sources.origin, sources.text_of);
    builder.apply(sources.overrides, "command line", TextOf::user);
    builder.check_combinations();
    Deck deck = builder.deck();
    if (deck.run.folder.empty()) deck.run.folder = std::filesystem::path("runs") / sources.name;
    deck.space.way = deck.task.way;
    return deck;
}

std::vector<Problem> problems_alone(std::span<const Assignment> overrides) {
    std::vector<Problem> problems;
    for (const Assignment& given : overrides) {
        DeckSources alone;
        alone.overrides = {given};
        std::vector<Problem> found;
        collect_deck(alone, found);
        const auto about_it = [&](const Problem& problem) { return problem.problem.starts_with(given.where + ": "); };
        std::ranges::copy_if(found, std::back_inserter(problems), about_it);
    }
    return problems;
}

Deck make_deck(const DeckSources& sources) {
    std::vector<Problem> problems;
    Deck deck = collect_deck(sources, problems);
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
    return deck;
}

namespace {

template <class File>
Deck deck_in(const File& stored, const std::vector<Assignment>& overrides) {
    DeckSources sources;
    sources.origin = stored.path.string();
    sources.text = stored.deck_text;
    sources.text_of = TextOf::checkpoint;
    sources.overrides = overrides;
    return make_deck(sources);
}

/// Of every inner step, in the checkpoint: neither their number nor their start can change.
bool has_learned_rates(const Deck& deck) {
    return deck.meta.learner == meta::Learner::meta_sgd;
}

}  // namespace

Deck stored_deck(const io::CheckpointState& stored, const std::vector<Assignment>& overrides) {
    return deck_in(stored, overrides);
}

Deck stored_deck(const io::NetworkFile& stored, const std::vector<Assignment>& overrides) {
    return deck_in(stored, overrides);
}

std::vector<std::string> changed_keys(const Deck& deck,
                                      const std::vector<std::pair<std::string, std::string>>& stored) {
    // Outside of [run], where none has.
    static constexpr std::array<std::string_view, 6> without_effect{
        "runtime.stall_limit", "runtime.work", "cuda.streams", "meta.skip_limit", "data.source", "task.query_copies"};
    std::vector<std::string> changes;
    const bool length_matters = deck.meta.outer.schedule != meta::Schedule::constant || deck.evo.finalists.until < 1;
    for (const auto& [name, value] : stored) {
        const auto* key = find_key(name);
        if (key == nullptr || key->on_restart == OnRestart::frozen || key->get(deck) == value) continue;
        if (has_learned_rates(deck) && name == "meta.inner_rate") continue;  // they began with the one of then
        const bool results_depend = (key->section != "run" || (key->key == "iterations" && length_matters)) &&
                                    std::ranges::find(without_effect, name) == without_effect.end();
        if (results_depend) changes.push_back(name + ": " + value + " -> " + key->get(deck));
    }
    return changes;
}

std::vector<Problem> restart_problems(const Deck& deck,
                                      const std::vector<std::pair<std::string, std::string>>& stored) {
    std::vector<Problem> problems;
    for (const auto& [stored_name, stored_value] : stored) {
        const auto [name, value, where] = today({stored_name, stored_value, {}});
        const auto* key = find_key(name);
        if (key == nullptr) continue;
        if (key->on_restart != OnRestart::frozen && !(has_learned_rates(deck) && name == "meta.inner_steps")) continue;
        const std::string mine = key->get(deck);
        if (mine == value) continue;
        problems.push_back({name + " = " + mine, "the checkpoint was made with " + value + " and depends on it",
                            "restore the value or start a new search in another run.folder"});
    }
    return problems;
}

}  // namespace atnas::app
