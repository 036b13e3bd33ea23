# SPDX-License-Identifier: Apache-2.0
"""What open() gives for files of every kind, held against what h5py sees in them."""

import json
import re

import h5py
import numpy as np
import pytest

import atnas_analysis
from atnas_analysis.live_view import live_view


def test_a_checkpoint(runs):
    path = runs / "a/latest.h5"
    with atnas_analysis.open(path) as found, h5py.File(path) as raw:
        assert isinstance(found, atnas_analysis.Checkpoint)
        assert found.iteration == 12 and found.counters["generation"] == 6
        assert found.deck["evo.islands"] == "3" and found.deck["task.way"] == "3"
        assert found.reproducible and not found.trains
        assert found.provenance["version"] and "digest" not in found.provenance
        assert found.islands["island"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
        row = found.islands.iloc[4]  # the second of island 1
        assert row["island"] == 1 and row["id"] == raw["islands/id"][1, 1]
        assert [row["parent_a"], row["parent_b"]] == raw["islands/parents"][1, 1].tolist()
        assert row["macs"] == raw["islands/macs"][1, 1]
        assert found.islands.attrs["docs"]["memory"].startswith("bytes")
        fitness = raw["islands/fitness"][()]
        assert found.best["fitness"] == np.nanmax(fitness)
        assert len(found.history) == 18 and set(found.history["island"]) == {0, 1, 2}
        assert len(found.iteration_loss) == 12
        assert len(found.migrations) == len(raw["migrations/from"])
        assert set(found.migrations["admission"]) <= {"accepted", "already there", "not better"}
        assert found.front.empty


def test_everybody_who_was_judged(runs, changed):
    with atnas_analysis.open(runs / "a/latest.h5") as found:
        known = found.individuals.set_index("id")
        assert known.index.is_unique and (known["birth"].diff().dropna() >= 0).all()
        assert known["birth"].max() == 5 and (known[known["birth"] == 0]["parent_a"] == -1).all()
        born = known[known["birth"] > 0]
        assert len(born) and set(born["parent_a"]) <= set(known.index)
        judged = found.islands.dropna(subset=["fitness"])
        assert set(judged["id"]) <= set(known.index)
        # The best of the first generation: as it was then, whatever it was judged later.
        first = found.history[found.history["generation"] == 0].set_index("island")["best"]
        assert known[known["birth"] == 0].groupby("island")["fitness"].max().tolist() == first.tolist()
        row = judged.iloc[0]
        assert known.loc[row["id"], "encode"] == row["encode"] and known.loc[row["id"], "macs"] == row["macs"]
    older = changed("a/latest.h5", lambda file: file.pop("individuals"))
    with atnas_analysis.open(older) as found:
        assert found.individuals.empty


def test_why_not_reproducible(runs, changed):
    def lose(file):
        file.attrs["reproducible"] = 0
        file.attrs["why_not_reproducible"] = np.bytes_("a clock decided")

    with atnas_analysis.open(runs / "a/latest.h5") as found:
        assert found.why_not_reproducible == ""
    with atnas_analysis.open(changed("a/latest.h5", lose)) as found:
        assert found.why_not_reproducible == "a clock decided"


def test_the_history(place, changed):
    place.search("alone", "--migration.topology=none")
    with atnas_analysis.open(place.folder / "alone/latest.h5") as found:
        founders = found.individuals[found.individuals["birth"] == 0]  # all who live in the first generation
        for row in found.history.head(3).itertuples():
            living = founders[founders["island"] == row.island]
            assert len(living) == 3 and row.generation == 0
            assert row.best == living["fitness"].max() and row.mean == pytest.approx(living["fitness"].mean())
            assert row.spread == pytest.approx(np.std(living["fitness"].astype(float)))
            assert row.encodes == living["encode"].nunique()
        assert found.history["spread"].max() > 0

    def of_an_older_program(file):
        del file["history/spread"], file["history/encodes"]

    with atnas_analysis.open(changed("a/latest.h5", of_an_older_program)) as found:
        assert found.history["spread"].isna().all() and (found.history["encodes"] == 0).all()


def test_what_of_the_deck_is_not_the_default(runs, changed):
    for name in ("b/latest.h5", "net.h5"):
        file = atnas_analysis.open(runs / name)
        changes = {key: (value, default) for key, value, default in file.deck_changes}
        assert changes["task.way"] == ("3", "5") and "meta.beta1" not in changes, name
        assert changes["run.checkpoint_every"] == ("4", "200") and changes["run.folder"][1] == "", name
        lines = re.findall(r"^(\w+) = (.*)  # default (.*)$", "\n".join(file.array("/deck/text")), re.M)
        assert [(key.split(".")[1], value) for key, (value, _) in changes.items()] == [line[:2] for line in lines], name
        assert all(value != default for value, default in changes.values()), name
    assert ("run.seed", "2", "1") in atnas_analysis.open(runs / "b/latest.h5").deck_changes
    assert "run.seed" not in [key for key, *_ in atnas_analysis.open(runs / "a/latest.h5").deck_changes]

    def of_an_older_program(file):
        text = file["deck/text"][0].decode()
        del file["deck/text"]
        text = "\n".join(line.split("  # default")[0] for line in text.splitlines())
        file["deck/text"] = np.array([(text + '\n[data]\nsource = "x  # default y"\n').encode()])

    assert atnas_analysis.open(changed("a/latest.h5", of_an_older_program)).deck_changes == []


def test_encodes_are_those_of_the_program(runs):
    found = atnas_analysis.open(runs / "a")
    last = found.metrics.iloc[-1]
    with found.latest() as checkpoint:
        newest = checkpoint.history["generation"] == last["generation"]
        best = checkpoint.history[newest]["best"].idxmax()
        assert checkpoint.texts(checkpoint.history_genotypes)[best] == last["encode"]
        for genes, text in zip(checkpoint.genotypes.reshape(9, -1), checkpoint.islands["encode"]):
            assert str(atnas_analysis.Genotype.parse(text)) == text
            assert len(genes) == len(checkpoint.space.genes)


def test_how_often_operations_were_trained(runs):
    with atnas_analysis.open(runs / "a/latest.h5") as found, h5py.File(runs / "a/latest.h5") as raw:
        counts = raw["training/counts"][()]
        genes = found.space.genes
        row = found.training[(found.training["gene"] == "reduction node 3 operation b")
                             & (found.training["operation"] == "conv_3x3")]
        assert row["tasks"].item() == counts[genes.index("reduction node 3 operation b"), 4]
        # Each task trains one operation at every place.
        assert (found.training.groupby("gene")["tasks"].sum() == found.counters["tasks"]).all()


def test_weights_by_name(runs):
    with atnas_analysis.open(runs / "a/latest.h5") as found, h5py.File(runs / "a/latest.h5") as raw:
        total = sum(block.size for block in found.weights.values())
        assert total == len(raw["weights/values"]) == sum(np.prod(found.weights.shape(n)) for n in found.weights)
        name = list(found.weights)[3]
        offset = raw["weights/manifest/offsets"][3]
        assert found.weights[name].ravel()[0] == raw["weights/values"][offset]


def test_an_evaluation(runs):
    with atnas_analysis.open(runs / "a/evaluation.h5") as found:
        assert isinstance(found, atnas_analysis.Evaluation)
        assert len(found.tasks) == 20 and found.confusion is None
        again = atnas_analysis.Interval.of(found.tasks["accuracy"])
        assert again.mean == pytest.approx(found.accuracy.mean) and again.half == pytest.approx(found.accuracy.half)
        assert found.results[0].kind == "3-way 1-shot" and not found.results[0].seen
        assert str(atnas_analysis.Genotype.parse(found.encode)) == found.encode


def test_an_evaluation_of_several_kinds_with_confusion(place):
    place.evaluate("b", "--tasks-of=3x1,2x2", "--confusion", output="kinds.h5")
    with atnas_analysis.open(place.folder / "b/kinds.h5") as found:
        assert [result.kind for result in found.results] == ["3-way 1-shot", "2-way 2-shot"]
        assert len(found.tasks) == 40 and set(found.tasks["kind"]) == {"3x1", "2x2"}
        assert found.confusion.index.equals(found.confusion.columns)
    (place.folder / "b/kinds.h5").unlink()


def test_a_data_set(runs):
    with atnas_analysis.open(runs / "data.h5") as found:
        assert isinstance(found, atnas_analysis.DataSet)
        assert found.classes["images"].tolist() == [4, 4, 4] and found.shape == (12, 1, 12, 12)
        assert found.images(found.classes["name"][1]).shape == (4, 1, 12, 12)
        with pytest.raises(KeyError):
            found.images("nobody")


def test_a_network(runs):
    with atnas_analysis.open(runs / "net.h5") as found:
        assert isinstance(found, atnas_analysis.Network)
        assert found.made_by == "adapt" and len(found.classes) == 3 and found.image["width"] == 12
        assert found.origin["checkpoint"] == "a/latest.h5"
        member = found.members[0]
        assert str(member.genotype) == member.encode == str(found.genotype)
        assert sum(block.size for block in member.weights.values()) > 0 and len(member.moments) > 0


def test_predictions(runs):
    with atnas_analysis.open(runs / "answers.h5") as found:
        assert isinstance(found, atnas_analysis.Predictions)
        assert np.allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
        assert [found.classes[label] for label in found.images["label"]] == found.images["class"].tolist()
        assert len(found.images) == 12 and 0 <= found.figures["accuracy"] <= 1
        assert (found.images["label"] == found.images["truth"]).mean() == pytest.approx(found.figures["accuracy"])


def test_a_scaling_table(tmp_path):
    path = tmp_path / "table.h5"
    with h5py.File(path, "w") as file:
        file.attrs.update({"atnas.filetype": np.bytes_("atnas-scaling"), "atnas.version": np.int64(2)})
        file["points/deck"] = np.array([b"quickstart"])
        file["points/ranks"] = np.array([2])
        file.attrs["complete"] = np.int64(1)
    with atnas_analysis.open(path) as found:
        assert found.points.to_dict("records") == [{"deck": "quickstart", "ranks": 2}]


def test_a_run_folder(runs):
    found = atnas_analysis.open(runs / "a")
    assert [path.name for path in found.checkpoints] == [f"checkpoint-{n:08}.h5" for n in (4, 8, 12)]
    assert [evaluation.path.name for evaluation in found.evaluations()] == ["evaluation.h5"]
    assert found.summary()["iterations"] == 12
    raw = [json.loads(line) for line in (runs / "a/metrics.jsonl").read_text().splitlines()]
    assert found.metrics["best_fitness"].tolist() == [line["best_fitness"] for line in raw]


def test_the_newest_checkpoint_moves_on(copy):
    found = atnas_analysis.open(copy("a"))
    (found.path / "latest.h5").unlink()
    (found.path / "latest.h5").symlink_to("checkpoint-00000004.h5")
    with found.latest() as first:
        (found.path / "latest.h5").unlink()
        (found.path / "latest.h5").symlink_to("checkpoint-00000012.h5")
        (found.path / "checkpoint-00000004.h5").unlink()
        assert first.iteration == 4 and len(first.iteration_loss) == 4  # still readable
        with found.latest() as second:
            assert second.iteration == 12


def test_metrics_of_a_run_that_goes_on(copy):
    path = copy("a/metrics.jsonl")
    lines = path.read_text().splitlines()
    again = json.dumps({**json.loads(lines[2]), "loss": 0.25})
    path.write_text("\n".join([*lines[:4], again]) + "\n" + lines[4][:40])  # a restart, and half a line
    found = atnas_analysis.read_metrics(path)
    assert found["generation"].tolist() == [0, 1, 2]
    assert found["loss"][2] == 0.25 and found["loss"][1] == json.loads(lines[1])["loss"]


def test_stale_lines_of_metrics_go(tmp_path):
    """A restart from generation 2 writes its line again; those after it were of a future that did not come."""
    path = tmp_path / "metrics.jsonl"
    rows = [{"generation": g, "loss": loss} for g, loss in ((0, 0.9), (1, 0.8), (2, 0.7), (3, 0.6), (2, 0.5))]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = atnas_analysis.read_metrics(path)
    assert found["generation"].tolist() == [0, 1, 2] and found["loss"].tolist() == [0.9, 0.8, 0.5]


def train_lines(searched, trained):
    """Lines as ``atnas train`` writes them; FORMAT.md describes them."""
    lines = [{"phase": "search", "encodes": n, "evaluations": 30, "loss": None, "encode": "conv4", "seconds": 1.0}
             for n in searched]
    lines += [{"phase": "training", "step": n, "steps": 100, "epoch": n / 10, "loss": 1.5, "rate": 0.1,
               "images_per_s": 70.0, "seconds": 2.0} for n in trained]
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_metrics_of_a_training(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text(train_lines((10, 20, 30), (5, 10, 15)) + train_lines((), (10,)))
    found = atnas_analysis.read_metrics(path)
    assert found["phase"].tolist() == ["search"] * 3 + ["training"] * 2
    assert found["step"].tolist()[3:] == [5, 10]
    for searched, trained, told in (((10, 20), (), "20 encodes tried of 30"), ((30,), (5, 10), "step 10 of 100")):
        path.write_text(train_lines(searched, trained))
        assert told in live_view(tmp_path)
    assert "70 images/s" in live_view(tmp_path)


def test_a_checkpoint_that_goes_while_it_is_looked_for(copy, monkeypatch):
    """The link moves on and its old target is removed between looking and opening."""
    found = atnas_analysis.open(copy("a"))
    link, opened = found.path / "latest.h5", []
    link.unlink()
    link.symlink_to("checkpoint-00000004.h5")

    def opening(path):
        if not opened:
            link.unlink()
            link.symlink_to("checkpoint-00000012.h5")
            path.unlink()
        opened.append(path.name)
        return atnas_analysis.Checkpoint(path)

    monkeypatch.setattr("atnas_analysis.run_folder.Checkpoint", opening)
    with found.latest() as checkpoint:
        assert checkpoint.iteration == 12 and len(opened) == 2


def test_odd_files_in_a_run_folder(copy):
    found = atnas_analysis.open(copy("a"))
    (found.path / "notes.h5").write_text("no HDF5")
    assert [evaluation.path.name for evaluation in found.evaluations()] == ["evaluation.h5"]


def test_a_training_that_has_not_begun(changed):
    path = changed("a/latest.h5", lambda file: file["counters"].attrs.create("train_phase", np.int64(0)))
    with atnas_analysis.open(path) as found:
        assert found.trains


def best_of(path):
    with atnas_analysis.open(path) as found:
        return found.best["id"]


def test_who_is_the_best(changed):
    def racing(file):  # the second was judged by fewer tasks, the third is the larger of two equals
        islands = file["islands"]
        islands["fitness"][...] = 0.1
        islands["fitness"][0] = [0.6, 0.9, 0.6]
        islands["rounds"][...] = 2
        islands["rounds"][0, 1] = 1
        islands["macs"][0] = [200, 50, 100]
        islands["id"][0] = [900, 901, 902]

    def slow(file):
        racing(file)
        file["deck"].attrs["evo.max_latency"] = np.bytes_("10")
        file["islands/latency"][...] = 5.0
        file["islands/latency"][0, 2] = 11.0

    assert best_of(changed("a/latest.h5", racing)) == 902
    assert best_of(changed("a/latest.h5", slow)) == 900
