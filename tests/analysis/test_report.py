# SPDX-License-Identifier: Apache-2.0
"""The page of a run, and its figures."""

import html.parser
import json
import os
import re
import shutil
import subprocess
import time

import cli
import h5py
import numpy as np
import pytest

import atnas_analysis
from atnas_analysis.checkpoint import ADMISSIONS
from atnas_analysis.report.chart import Chart, Graph, Mark, Series, ticks
from atnas_analysis.report.figures import write_figures
from atnas_analysis.report.migrations import newest_migrants, routes, survivors
from atnas_analysis.report.page import charts_of
from atnas_analysis.report.source import Source
from atnas_analysis.report.svg import svg_chart
from atnas_analysis.report.svg_graph import Ring

VOID = {"meta", "link", "br", "img", "input"}


class Page(html.parser.HTMLParser):
    """Sections, what is loaded from elsewhere, and whether all that opens is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.sections, self.links, self.ids = [], [], [], []
        self.text = text
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values[key] for key in ("src", "href") if key in values]
        if tag == "section":
            self.sections.append(values["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def page_of(run, path, tmp_path, *words):
    outcome = run("report", path, "-o", tmp_path / "report.html", *words)
    assert outcome.code == 0, outcome.err
    return Page((tmp_path / "report.html").read_text(encoding="utf-8"))


def test_all_sections(run, runs, tmp_path):
    page = page_of(run, runs / "a", tmp_path)
    assert page.sections == ["run", "accuracy", "progress", "cells", "front", "operations", "lineage", "migrations",
                             "time"]
    figures = [name for name in page.ids if name.startswith("figure-")]
    assert {"figure-loss", "figure-fitness-best", "figure-front-macs", "figure-training", "figure-choices-normal",
            "figure-migrants", "figure-migration-routes", "figure-speed", "figure-phases", "figure-task-accuracy"} <= set(figures)
    assert len(page.ids) == len(set(page.ids))
    assert "Nothing to show yet" not in page.text


def test_it_needs_nothing_else(run, runs, tmp_path):
    page = page_of(run, runs / "a", tmp_path)
    assert all(link.startswith(("#", "data:")) for link in page.links)
    for target in (link[1:] for link in page.links if link.startswith("#")):
        assert target in page.ids
    text = page.text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|@import|url\(", text)


def test_its_figures_are_those_of_the_files(run, runs, tmp_path):
    page = page_of(run, runs / "a", tmp_path)
    with h5py.File(runs / "a/evaluation.h5") as file:
        assert "%.2f %% +- %.2f %%" % (100 * file.attrs["accuracy"], 100 * file.attrs["ci95"]) in page.text
    with h5py.File(runs / "a/latest.h5") as file:
        mean, islands = file["history/mean"][()], file["history/island"][()]
        assert file["provenance"].attrs["git_revision"].decode() in page.text
    chart = page.text.split('id="figure-fitness-mean"')[1]
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', chart).group(1))
    assert [series["n"] for series in data["s"]] == ["island 0", "island 1", "island 2"]
    assert len({mean[islands == island].tobytes() for island in range(3)}) == 3
    for island in range(3):
        assert data["s"][island]["y"] == pytest.approx(100 * mean[islands == island])


def test_differences_from_defaults(run, runs, tmp_path):
    page = page_of(run, runs / "b", tmp_path)
    with h5py.File(runs / "b/latest.h5") as file:
        count = file["deck/text"][0].decode().count("  # default ")
    assert "Differences from defaults: %d keys" % count in page.text and count > 20
    assert "<tr><td>run.seed</td><td>2</td><td>1</td></tr>" in page.text


def test_names_cannot_break_the_page(run, changed, tmp_path):
    evil = "</script><script>alert(1)</script>"

    def change(file):
        file["provenance"].attrs["command_line"] = np.bytes_(evil)
        file["deck"].attrs["data.source"] = np.bytes_(evil)

    page = page_of(run, changed("a/latest.h5", change), tmp_path)
    assert page.text.count("alert(1)") == 2 and evil not in page.text  # the command line, the sentence


def test_a_run_before_its_first_generation(run, place, tmp_path):
    place.search("young", "--run.iterations=1")
    page = page_of(run, place.folder / "young", tmp_path)
    assert "progress" in page.sections and "No evaluation lies" in page.text


def test_the_space_without_cells(run, place, tmp_path):
    place.search("plain", "--space.kind=conv4", "--data.strokes_size=16")
    page = page_of(run, place.folder / "plain", tmp_path)
    assert "there is nothing to draw" in page.text


def test_a_search_by_several_objectives(run, place, tmp_path):
    place.search("front", "--evo.objectives=fitness,macs")
    page = page_of(run, place.folder / "front", tmp_path)
    assert "figure-hypervolume" in page.ids and "front of the last generation" in page.text


def test_many_islands_are_a_band(run, changed, tmp_path):
    def change(file):
        history, generations, islands = file["history"], 300, 64
        records = generations * islands
        values = {"generation": np.repeat(np.arange(generations), islands), "iteration": np.arange(records),
                  "island": np.tile(np.arange(islands), generations), "best": np.linspace(0, 1, records),
                  "mean": np.linspace(0, 0.9, records), "spread": np.linspace(0, 0.1, records),
                  "encodes": np.full(records, 3),
                  "best_genotype": np.tile(history["best_genotype"][:1], (records, 1))}
        for name, value in values.items():
            del history[name]
            history[name] = value

    page = page_of(run, changed("a/latest.h5", change), tmp_path)
    assert "The band holds all 64 islands" in page.text and len(page.text) < 1_000_000


def test_a_training(run, place, tmp_path):
    """Which is stopped, for its folder is gone at its end."""
    command = [cli.program(), "train", "a/latest.h5", "--data=data.h5", "-o", "trained.h5", "--epochs=1000000",
               "--batch=4", "--micro-batch=4", "--search=none", "--walltime=1"]
    env = dict(os.environ, **cli.AS_ROOT, OMP_NUM_THREADS="1")
    done = subprocess.run(command, cwd=place.folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    assert done.returncode == cli.STOPPED, done.stderr
    assert "last checkpoint: step " in run("watch", place.folder / "trained.run", "--once").out
    with (place.folder / "trained.run/metrics.jsonl").open("a") as file:  # a twentieth may take longer than it has
        file.write(json.dumps({"phase": "training", "step": 9, "steps": 90, "loss": 1.0, "images_per_s": 7.0}) + "\n")
    page = page_of(run, place.folder / "trained.run", tmp_path)
    assert "<th>epochs</th><td>1e+06</td>" in page.text and "Differences from defaults:" not in page.text
    assert "begins as the meta-network's" in page.text
    assert page.sections == ["run", "loss", "time"] and "images per second" in page.text


def test_figures_for_a_paper(runs, tmp_path):
    source = Source.of(runs / "a")
    charts = {chart.slug: chart for chart in charts_of(source)}
    assert {"loss", "fitness-best", "front-macs", "choices-reduce", "migrants", "phases"} <= set(charts)
    write_figures(source, [charts["loss"], charts["training"]], tmp_path / "figures")
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert names == {f"{slug}.{ending}" for slug in ("loss", "training", "cell-normal", "cell-reduce")
                     for ending in ("png", "pdf", "svg")}
    pdf = (tmp_path / "figures/loss.pdf").read_bytes()
    assert b"/Type3" not in pdf and b"/FontFile2" in pdf
    assert "<text" not in (tmp_path / "figures/loss.svg").read_text()


def test_migrants_that_live(runs, changed):
    """Of the accepted ones whose encode is on the island they came to."""
    with atnas_analysis.open(runs / "a/latest.h5") as checkpoint:
        table = routes(checkpoint)
        assert table["migrants"].sum() == len(checkpoint.migrations)
        assert (table["live"] <= table["accepted"]).all() and (table["accepted"] <= table["migrants"]).all()

    def change(file):
        group = file["migrations"]
        genes = file["islands/genotypes"][()]
        other = (genes[1][0] + 1) % 2
        values = {"generation": [0] * 4, "from": [0, 0, 0, 1], "to": [1, 1, 1, 2], "admission": [0, 0, 1, 0],
                  "fitness": [0.5] * 4, "genotypes": [genes[1][0], other, genes[1][0], genes[2][1]]}
        for name, value in values.items():
            kind = group[name].dtype
            del group[name]
            group[name] = np.array(value, dtype=kind)

    path = changed("a/latest.h5", change)
    with atnas_analysis.open(path) as checkpoint:
        assert routes(checkpoint).to_numpy().tolist() == [[0, 1, 3, 2, 1], [1, 2, 1, 1, 1]]
    log = re.findall("<tr>(.*?)</tr>", newest_migrants(Source.of(path)))[1:]
    assert len(log) == 4 and "The newest migrants: 4 of 4" in newest_migrants(Source.of(path))
    assert [line.endswith("<td>lives</td>") for line in log].count(True) == 2
    with h5py.File(path) as file:
        last = [file["migrations/" + name][-1] for name in ("generation", "from", "to")]
    assert log[0].startswith("".join(f"<td>{value}</td>" for value in last))
    (drawn,) = (chart for chart in charts_of(Source.of(path)) if chart.slug == "migration-routes")
    assert drawn.edges == [(0, 1, (3, 2, 1)), (1, 2, (1, 1, 1))] and drawn.nodes == ["0", "1", "2"]
    text = svg_chart(drawn)
    assert "0 to 1: migrants: 3, accepted: 2, encode lives: 1" in text
    assert text.count('class="flow') == 6 and text.count('class="node"') == 3


def test_operations_at_each_place(runs):
    charts = {chart.slug: chart for chart in charts_of(Source.of(runs / "a"))}
    with h5py.File(runs / "a/latest.h5") as file:
        genes, births = file["individuals/genotypes"][()], file["individuals/birth"][()]
    # Four genes of a node: two inputs, two operations. Reduction cells come behind the three nodes of normal ones.
    for slug, gene in (("choices-normal-2a", 2), ("choices-normal-3b", 7), ("choices-reduce-4a", 22)):
        chart = charts[slug]
        for operation, series in enumerate(chart.series):
            shares = [100 * np.mean(genes[births == birth, gene] == operation) for birth in np.unique(births)]
            assert series.y == pytest.approx(shares), slug
        assert sum(series.y[0] for series in chart.series) == pytest.approx(100)


def test_spread_and_encodes_of_islands(runs, changed):
    charts = {chart.slug: chart for chart in charts_of(Source.of(runs / "a"))}
    with h5py.File(runs / "a/latest.h5") as file:
        of_first = file["history/island"][()] == 0
        spread, encodes = file["history/spread"][()][of_first], file["history/encodes"][()][of_first]
    assert charts["fitness-spread"].series[0].y == pytest.approx(100 * spread)
    assert charts["diversity-islands"].series[0].y == pytest.approx(encodes)

    def of_an_older_program(file):
        del file["history/spread"], file["history/encodes"]

    slugs = {chart.slug for chart in charts_of(Source.of(changed("a/latest.h5", of_an_older_program)))}
    assert "fitness-mean" in slugs and not slugs & {"fitness-spread", "diversity-islands"}


def test_counts_have_whole_ticks_and_all_fates_a_name(runs):
    charts = {chart.slug: chart for chart in charts_of(Source.of(runs / "a"))}
    assert [series.name for series in charts["migrants"].series] == list(ADMISSIONS)
    for slug in ("migrants", "diversity", "diversity-islands"):
        labels = re.findall(r'text-anchor="end">([^<]*)</text>', svg_chart(charts[slug]))
        assert labels and not any("." in label for label in labels)


def test_arrows_of_a_graph_end_at_nodes_and_do_not_cover_each_other():
    ring = Ring(Graph("x", "t", list("abcde"), [(0, 2, (4, 1)), (2, 0, (1, 0))], ("all", "some")))
    for start, end in ((0, 2), (2, 0), (3, 4)):
        begin, _, base, tip = ring.arrow(start, end)
        assert np.linalg.norm(begin - ring.node(start)) == pytest.approx(ring.radius)
        assert np.linalg.norm(tip - ring.node(end)) == pytest.approx(ring.radius + 1)
    assert np.linalg.norm(ring.arrow(0, 2)[1] - ring.arrow(2, 0)[1]) > 40
    assert ring.thickness(4) == 13 and ring.thickness(0) == 0
    crowd = Ring(Graph("x", "t", ["n"] * 48, [], ("all",)))
    assert np.linalg.norm(crowd.node(0) - crowd.node(1)) > 2 * crowd.radius * 0.99


def test_ancestors_of_the_best(run, changed, tmp_path):
    def change(file):
        del file["individuals"]  # as older programs wrote it
        group = file["islands"]
        group["id"][...] = np.arange(9).reshape(3, 3)
        group["parents"][...] = -1
        best = np.nanargmax(np.where(group["rounds"][()] == group["rounds"][()].max(), group["fitness"][()], -1))
        group["parents"][best // 3, best % 3] = [(best + 1) % 9, 77]

    page = page_of(run, changed("a/latest.h5", change), tmp_path)
    table = page.text.split("Ancestors of the best")[1].split("</table>")[0]
    rows = re.findall("<tr>(<td>.*?)</tr>", table)
    assert len(rows) == 3 and "<td>77</td>" in rows[2] and "is not in the file" in rows[2]
    assert re.search(r"\d+ of 24", rows[1])


def test_ancestors_that_are_gone_are_known(run, runs, tmp_path):
    page = page_of(run, runs / "a/latest.h5", tmp_path)
    table = page.text.split("Ancestors of the best")[1].split("</table>")[0]
    assert "is not in the file" not in table
    with atnas_analysis.open(runs / "a/latest.h5") as found:
        best, people = found.best, found.individuals.set_index("id")
        row = people.loc[best["id"]]
        while row["parent_a"] >= 0:
            row = people.loc[row["parent_a"]]
            assert f"<td>{row.name}</td>" in table
        assert set(people.index) - set(found.islands["id"]), "nobody has died"
    assert "individuals of before" in page.text


def test_gaps_and_single_points_of_charts():
    gaps = Series("a", np.arange(5), np.array([1.0, 2.0, np.nan, 3.0, 4.0]))
    assert svg_chart(Chart("x", "t", "x", "y", [gaps])).count("<polyline") == 2
    single = Series("a", np.array([3]), np.array([0.5]), Mark.LINE)
    assert svg_chart(Chart("x", "t", "x", "y", [single])).count("<circle") == 1
    nothing = Series("a", np.array([]), np.array([]))
    assert "Nothing to show yet" in svg_chart(Chart("x", "t", "x", "y", [nothing]))


def test_a_long_run_of_many_islands_is_a_small_page_soon(run, changed, tmp_path):
    """1,000 generations of 64 islands: as many migrants, and 20,000 individuals, all of different encodes."""
    generations, islands, kept = 1000, 64, 20000
    records = generations * islands
    draw = np.random.default_rng(5)

    def change(file):
        known = np.concatenate([file["individuals/genotypes"][()], file["islands/genotypes"][()].reshape(-1, 24)])

        def genotypes(count):
            nodes = [known[draw.integers(len(known), size=count), node:node + 4] for node in range(0, 24, 4)]
            return np.concatenate(nodes, axis=1)

        def fill(group, values):
            for name, value in values.items():
                del group[name]
                group[name] = value

        for name in list(file["islands"]):
            rows = file["islands"][name][()]
            fill(file["islands"], {name: np.resize(rows, (islands, *rows.shape[1:]))})
        generation, island = np.repeat(np.arange(generations), islands), np.tile(np.arange(islands), generations)
        fill(file["history"], {"generation": generation, "iteration": generation, "island": island,
                               "best": draw.random(records), "mean": draw.random(records),
                               "spread": draw.random(records) / 10, "encodes": draw.integers(1, 9, records),
                               "best_genotype": genotypes(records)})
        fill(file["migrations"], {"generation": generation, "from": island, "to": (island + 1) % islands,
                                  "admission": draw.integers(0, 3, records), "fitness": draw.random(records),
                                  "genotypes": genotypes(records)})
        people = {name: np.resize(rows[()], (kept, *rows.shape[1:])) for name, rows in file["individuals"].items()}
        fill(file["individuals"], {**people, "id": np.arange(kept) + 1000, "genotypes": genotypes(kept)})

    path = changed("a/latest.h5", change)
    began = time.monotonic()
    page = page_of(run, path, tmp_path)
    assert time.monotonic() - began < 20 and len(page.text) < 10_000_000
    assert "individuals of before" in page.text


def test_a_migrant_lives_once(changed):
    """Of two with one encode that an island accepted one after the other, the newest is who may live."""
    def change(file):
        for name in file["migrations"]:
            rows = file["migrations"][name][()]
            del file["migrations"][name]
            file["migrations"][name] = np.concatenate([rows[:1]] * 2)
        file["migrations/admission"][...] = 0
        file["islands/genotypes"][int(file["migrations/to"][0]), 0] = file["migrations/genotypes"][0]

    with atnas_analysis.open(changed("a/latest.h5", change)) as found:
        assert survivors(found).tolist() == [False, True]


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", [-1, 3, 1 << 40])
def test_migrants_of_islands_that_are_not(refused, changed, tmp_path, name, value):
    def change(file):
        file["migrations/" + name][0] = value

    refused("report", changed("a/latest.h5", change), "-o", tmp_path / "r.html", saying="/migrations/" + name)


def test_many_generations_keep_their_extremes(run, changed, tmp_path):
    """More than are drawn: the band holds every one, and a generation without a finite loss is a gap."""
    def change(file):
        history, generations, islands = file["history"], 1000, 10
        records = generations * islands
        best = np.full(records, 0.5)
        best[500 * islands] = 0.9
        best[600 * islands:610 * islands] = -1
        values = {"generation": np.repeat(np.arange(generations), islands), "iteration": np.arange(records),
                  "island": np.tile(np.arange(islands), generations), "best": best, "mean": best,
                  "spread": np.zeros(records), "encodes": np.full(records, 3),
                  "best_genotype": np.tile(history["best_genotype"][:1], (records, 1))}
        for name, value in values.items():
            del history[name]
            history[name] = value

    charts = {chart.slug: chart for chart in charts_of(Source.of(changed("a/latest.h5", change)))}
    band = next(series for series in charts["fitness-best"].series if series.mark is Mark.BAND)
    assert np.nanmax(band.high) == pytest.approx(90) and np.nanmin(band.y) == pytest.approx(50)
    assert "means" in charts["fitness-best"].note
    names = {slug: [series.name for series in charts[slug].series][-1] for slug in
             ("fitness-best", "fitness-spread", "diversity-islands")}
    assert names == {"fitness-best": "best island", "fitness-spread": "largest", "diversity-islands": "largest"}


def test_a_report_of_a_search_that_never_had_a_finite_loss(run, copy, tmp_path):
    folder = copy("a")
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    (folder / "metrics.jsonl").write_text("".join(
        json.dumps({**line, "loss": None, "tasks_per_s": None, "best_fitness": -1, "mean_fitness": None}) + "\n"
        for line in lines))
    page_of(run, folder, tmp_path)
    assert "-100.00 %" not in run("watch", folder, "--once").out


def test_labels_cannot_end_a_script():
    evil = Series("</script><b>", np.arange(2), np.arange(2), labels=["</script><b>"] * 2)
    text = svg_chart(Chart("x", "t", "x", "y", [evil, evil]))
    assert text.count("</script>") == 1 and "<b>" not in text


@pytest.mark.parametrize("low, high", [(0, 1), (-3.2, 7.9), (1e-7, 3e-7), (1e6, 1.1e6)])
def test_ticks_are_round_and_within(low, high):
    found = ticks(low, high)
    assert 3 <= len(found) <= 8 and low <= min(found) and max(found) <= high * (1 + 1e-9)
    assert len(set(np.round(np.diff(found) / (found[1] - found[0]), 6))) == 1


def test_the_page_replaces_a_former_one_whole(run, runs, tmp_path):
    (tmp_path / "report.html").write_text("old")
    page_of(run, runs / "a", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    shutil.rmtree(tmp_path)
