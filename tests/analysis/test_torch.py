# SPDX-License-Identifier: Apache-2.0
"""``to_torch`` and ``from_torch``."""

import exported
import numpy as np
import pytest

import atnas_analysis
from atnas_analysis import Problem

try:
    import torch
except ImportError:  # a fixture says so
    torch = None


@pytest.fixture(autouse=True)
def packages(needed):
    needed("torch")
    needed("xxhash")


# Imported when they are called: without xxhash there is a fixture that says so.
def to_torch(*words):
    return atnas_analysis.to_torch(*words)


def from_torch(*words):
    return atnas_analysis.from_torch(*words)


@pytest.fixture(autouse=True)
def one_thread(packages):
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def probabilities_of(module, images):
    with torch.no_grad():
        return module(torch.from_numpy(images)).exp().numpy()


def trained(module, example):
    """A few steps on what the images are not taken for."""
    module.train()
    images = torch.from_numpy(example.images)
    labels = torch.from_numpy(example.probabilities.argmin(1))
    optimizer = torch.optim.SGD(module.parameters(), lr=0.05)
    for _ in range(3):
        optimizer.zero_grad()
        torch.nn.functional.nll_loss(module(images), labels).backward()
        optimizer.step()
    return module.eval()


@pytest.mark.parametrize("name", exported.NAMES)
def test_a_module_computes_what_the_program_does(examples, name):
    example = examples[name]
    module = to_torch(example.path)
    assert not module.training
    found = probabilities_of(module, example.images)
    assert np.abs(found - example.probabilities).max() <= exported.TOLERANCE


@pytest.mark.parametrize("name", ["metanas", "conv4", "cosine", "ensemble"])
def test_what_was_learned_comes_back(place, examples, tmp_path, name):
    example, path = examples[name], tmp_path / "net.h5"
    module = trained(to_torch(example.path), example)
    from_torch(module, example.path, path)
    found = exported.predicted(place, path)
    assert np.abs(found - probabilities_of(module, example.images)).max() <= exported.TOLERANCE
    assert np.abs(found - example.probabilities).max() > 10 * exported.TOLERANCE
    place.atnas("info", path)
    with atnas_analysis.open(example.path) as before, atnas_analysis.open(path) as after:
        assert after.figures == {} and not after.reproducible
        assert after.why_not_reproducible == "another program changed the weights"
        assert after.origin == {**before.origin, "changed_by": "atnas_analysis", "changed_from": before.digest}
        assert after.classes == before.classes and after.digest != before.digest


@pytest.mark.parametrize("place_of_damage", ["classes/names", "members/0/weights/values"])
def test_a_damaged_network_is_not_made_whole(runs, changed, tmp_path, place_of_damage):
    def damage(file):
        values = file[place_of_damage][()]
        values[0] = b"other" if values.dtype.kind == "S" else values[0] + 1
        file[place_of_damage][...] = values

    path = changed("net.h5", damage)
    with pytest.raises(Problem, match="is not what was written"):
        from_torch(to_torch(path), path, tmp_path / "q.h5")
    assert not (tmp_path / "q.h5").exists()


def test_reasons_of_before_stay(changed, tmp_path):
    from atnas_analysis.digest import write_contents, write_text

    def lose(file):
        file.attrs.modify("reproducible", np.int64(0))
        write_text(file, "why_not_reproducible", "a clock decided")
        write_contents(file)

    path = changed("net.h5", lose)
    for name in ("once.h5", "twice.h5"):
        from_torch(to_torch(path), path, tmp_path / name)
        path = tmp_path / name
        with atnas_analysis.open(path) as found:
            assert found.why_not_reproducible == "a clock decided; another program changed the weights"


def test_what_learned_nothing_comes_back_unchanged(examples, tmp_path):
    for name in ("darts", "ensemble"):
        from_torch(to_torch(examples[name].path), examples[name].path, tmp_path / "net.h5")
        with atnas_analysis.open(examples[name].path) as before, atnas_analysis.open(tmp_path / "net.h5") as after:
            for old, new in zip(before.members, after.members):
                assert np.array_equal(old.moments, new.moments)
                assert all(np.array_equal(block, new.weights[key]) for key, block in old.weights.items())


def test_a_file_can_be_replaced(examples, tmp_path):
    path = tmp_path / "net.h5"
    path.write_bytes(examples["zero"].path.read_bytes())
    from_torch(trained(to_torch(path), examples["zero"]), path, path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.h5"]
    with atnas_analysis.open(path) as opened:
        assert opened.origin["changed_by"] == "atnas_analysis"


@pytest.mark.parametrize("name", ["proto", "cosine"])
def test_features_of_a_meta_network(place, examples, tmp_path, name):
    """Adapted by no steps, a network is the meta-network with the head that its features make of the labelled images,
    which normalise each other."""
    run, path = f"run-{name}/latest.h5", tmp_path / "net.h5"
    place.atnas("adapt", run, "--data=task.h5", "--steps=0", "--search=none", f"--network={path}")
    module = to_torch(place.folder / run)
    assert module.training and not module.classifies and not module.classes
    with torch.no_grad():
        features = module(torch.from_numpy(examples[name].images)).numpy()
    means = features.reshape(3, 5, -1).mean(1)
    if name == "proto":
        logits = -np.square(features[:, None] - means).sum(2)
    else:
        logits = features @ (np.sqrt(10) * means / np.linalg.norm(means, axis=1, keepdims=True)).T
    found = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    assert np.abs(found - exported.predicted(place, path)).max() <= exported.TOLERANCE


def test_encodes_of_a_meta_network(runs, tmp_path):
    with atnas_analysis.open(runs / "a/latest.h5") as checkpoint:
        encode = checkpoint.islands["encode"].iloc[-1]
        assert to_torch(checkpoint, encode).encodes == [encode]
        assert checkpoint.iteration == 12  # it was left open
    assert to_torch(runs / "a", encode).encodes == [encode]
    with pytest.raises(Problem, match="is not of the space"):
        to_torch(runs / "a", "conv4")


def test_a_meta_network_comes_back(place, examples, runs, tmp_path):
    path, copy = place.folder / "run-proto/latest.h5", tmp_path / "taught.h5"
    module = to_torch(path)
    from_torch(module, path, copy)
    with atnas_analysis.open(path) as before, atnas_analysis.open(copy) as after:
        used = set(module.members[0].blocks())
        for name, block in before.weights.items():  # the averaged weights are the module's
            assert np.array_equal(block, after.weights[name]) or name in used
        assert np.array_equal(before.array("/optimizer/average"), after.array("/optimizer/average"))
        assert after.why_not_reproducible == "another program changed the weights" and not after.reproducible
    images = torch.from_numpy(examples["proto"].images)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.05)
    for _ in range(3):
        optimizer.zero_grad()
        module(images).square().mean().backward()
        optimizer.step()
    from_torch(module, path, copy)
    again = to_torch(copy)
    with torch.no_grad():
        assert np.abs(again(images).numpy() - module(images).numpy()).max() == 0
    place.atnas("info", copy)
    found = []
    for file in (path, copy):
        place.atnas("evaluate", file, "--tasks=20", "--seed=7", f"--output={tmp_path}/e.h5")
        with atnas_analysis.open(tmp_path / "e.h5") as evaluation:
            found.append(evaluation.tasks["accuracy"].to_numpy())
    assert not np.array_equal(*found)


def test_modules_of_another_shape(examples, runs, tmp_path):
    path = tmp_path / "net.h5"
    module = to_torch(examples["zero"].path)
    for file, words, code in ((examples["proto"].path, "is not of", 2), (runs / "a", "is not of", 2),
                              (runs / "data.h5", "holds no network", 4)):
        with pytest.raises(Problem, match=words) as caught:
            from_torch(module, file, path)
        assert caught.value.code == code
    with pytest.raises(Problem, match="no module of to_torch"):
        from_torch(torch.nn.Linear(2, 3), examples["zero"].path, path)
    module.members[0].layers["head"] = torch.nn.Linear(7, 3)
    with pytest.raises(Problem, match="head/own0 are of another size"):
        from_torch(module, examples["zero"].path, path)
    assert not list(tmp_path.iterdir())


def test_weights_that_are_not_finite(examples, tmp_path):
    module = to_torch(examples["linear"].path)
    with torch.no_grad():
        next(module.parameters()).fill_(float("nan"))
    with pytest.raises(Problem, match="not finite"):
        from_torch(module, examples["linear"].path, tmp_path / "net.h5")
    assert not list(tmp_path.iterdir())
