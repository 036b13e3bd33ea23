// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/topology.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/evo/edge_list.hpp"
#include "atnas/evo/migration_stream.hpp"

namespace atnas::evo {

namespace {

/// What was found as a topology returns it.
std::vector<int> neat(std::vector<int> targets, int island) {
    std::ranges::sort(targets);
    const auto repeated = std::ranges::unique(targets);
    targets.erase(repeated.begin(), repeated.end());
    std::erase(targets, island);
    return targets;
}

std::vector<int> all_others(int island, int islands) {
    std::vector<int> others(static_cast<std::size_t>(islands));
    std::iota(others.begin(), others.end(), 0);
    return neat(std::move(others), island);
}

class Isolated final : public Topology {
  public:
    std::vector<int> targets(int, const MigrationRound&) const override { return {}; }
};

class Ring final : public Topology {
  public:
    std::vector<int> targets(int island, const MigrationRound& round) const override {
        ATNAS_EXPECT(island >= 0 && island < round.islands);
        return neat({(island + 1) % round.islands}, island);
    }
};

class Torus final : public Topology {
  public:
    std::vector<int> targets(int island, const MigrationRound& round) const override {
        ATNAS_EXPECT(island >= 0 && island < round.islands);
        int rows = 1;
        for (int divisor = 1; divisor * divisor <= round.islands; ++divisor) {
            if (round.islands % divisor == 0) rows = divisor;
        }
        const int columns = round.islands / rows;
        const int row = island / columns;
        const int column = island % columns;
        return neat({row * columns + (column + 1) % columns, (row + 1) % rows * columns + column}, island);
    }
};

class FullyConnected final : public Topology {
  public:
    std::vector<int> targets(int island, const MigrationRound& round) const override {
        ATNAS_EXPECT(island >= 0 && island < round.islands);
        return all_others(island, round.islands);
    }
};

class Random final : public Topology {
  public:
    explicit Random(int degree) : degree_(degree) { ATNAS_EXPECT(degree >= 1); }

    std::vector<int> targets(int island, const MigrationRound& round) const override {
        ATNAS_EXPECT(island >= 0 && island < round.islands);
        std::vector<int> others = all_others(island, round.islands);
        RandomStream random = migration_stream(
            {.seed = round.seed, .choice = MigrationChoice::targets, .island = island, .generation = round.generation});
        const std::size_t count = std::min(static_cast<std::size_t>(degree_), others.size());
        for (std::size_t i = 0; i < count; ++i)
            std::swap(others[i], others[i + random.index(static_cast<std::uint32_t>(others.size() - i))]);
        others.resize(count);
        return neat(std::move(others), island);
    }

  private:
    int degree_;
};

class Edges final : public Topology {
  public:
    explicit Edges(const std::string& text) {
        std::vector<Problem> problems;
        edges_ = read_edges(text, std::numeric_limits<int>::max(), problems);
        ATNAS_EXPECT(problems.empty());
    }

    std::vector<int> targets(int island, const MigrationRound& round) const override {
        ATNAS_EXPECT(island >= 0 && island < round.islands);
        std::vector<int> found;
        for (const Edge& edge : edges_) {
            if (edge.from == island) found.push_back(edge.to);
        }
        return neat(std::move(found), island);
    }

  private:
    std::vector<Edge> edges_;
};

}  // namespace

std::vector<Problem> problems_of(const TopologyOptions& options, int islands) {
    std::vector<Problem> problems;
    if (options.kind == TopologyKind::random && islands > 1 && options.degree >= islands) {
        problems.push_back({"degree = " + std::to_string(options.degree),
                            "there are only " + std::to_string(islands - 1) + " other islands", "lower it"});
    }
    if (options.kind == TopologyKind::edges) {
        if (read_edges(options.edges, islands, problems).empty() && problems.empty())
            problems.push_back({"edges is empty", "topology = edges sends along them alone", "write e.g. 0>1 1>0"});
    }
    return problems;
}

std::unique_ptr<Topology> make_topology(const TopologyOptions& options) {
    switch (options.kind) {
        case TopologyKind::none:
            break;
        case TopologyKind::ring:
            return std::make_unique<Ring>();
        case TopologyKind::torus:
            return std::make_unique<Torus>();
        case TopologyKind::full:
            return std::make_unique<FullyConnected>();
        case TopologyKind::random:
            return std::make_unique<Random>(options.degree);
        case TopologyKind::edges:
            return std::make_unique<Edges>(options.edges);
    }
    return std::make_unique<Isolated>();
}

}  // namespace atnas::evo
