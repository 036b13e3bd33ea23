# SPDX-License-Identifier: Apache-2.0
"""``atnas-analysis export`` and digests."""

import json
import sys

import exported
import h5py
import numpy as np
import pytest

import atnas_analysis
from atnas_analysis.space import CELLS, OPERATIONS, Genotype
from atnas_analysis.subnet import subnets_of

needs_onnx = pytest.mark.usefixtures("onnx")


@pytest.fixture
def onnx(needed):
    for name in ("onnx", "onnxruntime"):
        needed(name)


def session(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def test_the_examples_have_all_operations():
    for preset, operations in OPERATIONS.items():
        genotypes = [Genotype.parse(words[0].removeprefix("--encode=")) for name, words in exported.TRAINED.items()
                     if name.startswith(preset)]
        for cell in CELLS:
            used = {edge.operation for genotype in genotypes for node in genotype.cells[cell] for edge in node}
            assert used == set(operations)


@needs_onnx
@pytest.mark.parametrize("name", exported.NAMES)
def test_onnx_computes_what_the_program_does(run, examples, tmp_path, name):
    example, path = examples[name], tmp_path / "net.onnx"
    outcome = run("export", example.path, f"--onnx={path}")
    assert outcome.code == 0, outcome.err
    opened = session(path)
    for images, probabilities in ((example.images, example.probabilities),
                                  (example.images[:1], example.probabilities[:1])):
        found, = opened.run(None, {"images": images})
        assert found.shape == probabilities.shape and found.dtype == np.float32
        assert np.abs(found - probabilities).max() <= exported.TOLERANCE


@needs_onnx
def test_onnx_says_what_it_is(run, examples, tmp_path):
    example, path = examples["ensemble"], tmp_path / "net.onnx"
    assert run("export", example.path, f"--onnx={path}").code == 0
    opened = session(path)
    assert opened.get_inputs()[0].shape == ["n", *example.images.shape[1:]]
    assert opened.get_outputs()[0].name == "probabilities"
    about = opened.get_modelmeta().custom_metadata_map
    with atnas_analysis.open(example.path) as network:
        assert json.loads(about["classes"]) == network.classes
        assert json.loads(about["encodes"]) == [member.encode for member in network.members]
        assert about["digest"] == network.digest


def features_of(run, path, *words):
    outcome = run("export", *words, f"--onnx={path}")
    assert outcome.code == 0, outcome.err
    normalised = "normalised by those of" if any("--images" in str(word) for word in words) else "normalise each other"
    assert str(path) in outcome.out and normalised in outcome.out
    return session(path)


def softmax(logits):
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    return exponentials / exponentials.sum(1, keepdims=True)


@needs_onnx
@pytest.mark.parametrize("name", ["proto", "cosine", "ensemble"])
def test_a_meta_network_computes_what_the_program_does(place, run, examples, tmp_path, name):
    """Without a step the program takes the weights as they are and the statistics of the labelled images."""
    from atnas_analysis.batch_moments import normalised_by

    checkpoint, net, data = place.folder / f"run-{name}", tmp_path / "net.h5", place.folder / "task.h5"
    place.atnas("adapt", checkpoint / "latest.h5", f"--data={data}", f"--network={net}", "--search=none", "--steps=0")
    images, answers = examples[name].images, exported.predicted(place, net)
    with atnas_analysis.open(net) as network, atnas_analysis.open(data) as labelled:
        member = network.members[0]
        encode, moments = member.encode, member.moments
        weight, bias = (member.weights[f"head/own{i}"].reshape(3, -1) for i in range(2))
        with atnas_analysis.open(checkpoint).latest() as opened:
            found = normalised_by(subnets_of(opened, encode)[0], labelled).moments
    assert np.abs(np.concatenate([both.ravel() for both in found]) - moments).max() <= exported.TOLERANCE

    def probabilities(model, images):
        features, = model.run(["features"], {"images": images})
        return softmax(features @ weight.T + bias[:, 0])

    by_images = features_of(run, tmp_path / "i.onnx", checkpoint, f"--encode={encode}", f"--images={data}")
    about = by_images.get_modelmeta().custom_metadata_map
    assert json.loads(about["encodes"]) == [encode] and about["normalised_by"] == "images"
    for count in (len(images), 1):
        assert np.abs(probabilities(by_images, images[:count]) - answers[:count]).max() <= exported.TOLERANCE
    by_batch = features_of(run, tmp_path / "b.onnx", checkpoint, f"--encode={encode}")
    assert by_batch.get_modelmeta().custom_metadata_map["normalised_by"] == "batch"
    assert np.abs(probabilities(by_batch, images) - answers).max() <= exported.TOLERANCE
    assert np.abs(probabilities(by_batch, images[:1]) - answers[:1]).max() > exported.TOLERANCE


@needs_onnx
def test_without_images_a_module_computes_the_same(needed, place, run, examples, tmp_path):
    needed("torch")
    import torch

    images = examples["linear"].images
    for name, output in (("linear", "logits"), ("zero", "features")):
        path = place.folder / f"run-{name}/latest.h5"
        with torch.no_grad():
            expected = atnas_analysis.to_torch(path).members[0](torch.from_numpy(images)).numpy()
        found, = features_of(run, tmp_path / "net.onnx", path).run([output], {"images": images})
        assert np.abs(found - expected).max() <= exported.TOLERANCE * np.abs(expected).max()


@needs_onnx
def test_images_that_do_not_fit(run, refused, place, examples, runs, tmp_path):
    words = ("export", place.folder / "run-proto", f"--onnx={tmp_path}/net.onnx")
    for images, reason in (("data.h5", "atnas import"), ("answers.h5", "is no data set"), ("a", "is no data set"),
                           ("none.h5", "No such file")):
        refused(*words, f"--images={runs}/{images}", saying=reason)
    refused(*words, "--encode=conv4", saying="is not of the space")
    refused("export", runs / "data.h5", words[2], f"--images={runs}/data.h5", saying="holds no network")
    for word, reason in ((f"--images={runs}/data.h5", "does not take --images"),
                         ("--encode=conv4", "encodes of its own")):
        outcome = run("export", examples["zero"].path, words[2], word)
        assert outcome.code == 2 and reason in outcome.err
    assert not list(tmp_path.iterdir())


@needs_onnx
def test_a_data_set_without_images(refused, place, examples, tmp_path):
    path = tmp_path / "data.h5"
    for count, reason in ((None, "there are no /images"), (0, "has no images")):
        path.write_bytes((place.folder / "task.h5").read_bytes())
        with h5py.File(path, "r+") as file:
            shape = file["images"].shape
            del file["images"]
            if count is not None:
                file["images"] = np.zeros((count, *shape[1:]), np.uint8)
        refused("export", place.folder / "run-proto", f"--onnx={tmp_path}/net.onnx", f"--images={path}", saying=reason)


def test_a_missing_package(run, runs, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.delitem(sys.modules, "atnas_analysis.onnx_model", raising=False)
    outcome = run("export", runs / "net.h5", f"--onnx={tmp_path}/net.onnx")
    assert outcome.code == 2 and "pip install 'atnas-analysis[onnx]'" in outcome.err
    assert len(outcome.err.splitlines()) == 1 and not list(tmp_path.iterdir())


def test_pytorch_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "atnas_analysis.torch_module", raising=False)
    monkeypatch.delattr(atnas_analysis, "torch_module", raising=False)
    with pytest.raises(ImportError, match=r"pip install 'atnas-analysis\[torch\]'"):
        atnas_analysis.to_torch("net.h5")


def test_no_network(refused, runs, copy, tmp_path):
    for name, words in (("data.h5", "holds no network"), ("answers.h5", "holds no network"),
                        ("none.h5", "No such file")):
        refused("export", runs / name, f"--onnx={tmp_path}/net.onnx", saying=words)
    path = copy("net.h5")
    path.write_bytes(path.read_bytes()[:-9])
    refused("export", path, f"--onnx={tmp_path}/net.onnx", saying="is damaged")
    assert not (tmp_path / "net.onnx").exists()


def test_bad_words(run, runs):
    assert run("export", runs / "net.h5").code == 2


@needs_onnx
def test_a_place_that_cannot_be_written(refused, runs, tmp_path):
    refused("export", runs / "net.h5", f"--onnx={tmp_path}/no/net.onnx", saying="cannot write")


def set_deck(key, value):
    return lambda file: file["deck"].attrs.create(key, np.bytes_(value))


def shorten(file, name):
    values = file[name][()]
    del file[name]
    file[name] = values[:-1]


def shorter_moments(file):
    shorten(file, "members/0/moments")


def fewer_classes(file):
    shorten(file, "classes/names")


def other_name(file):
    names = file["members/0/weights/manifest/names"]
    names[list(names[()]).index(b"head/own0")] = b"head/own7"


@pytest.mark.parametrize("change, words", [
    (shorter_moments, "another size"),
    (other_name, "no weights head/own0"),
    (fewer_classes, "head/own0 are of the shape"),
    (set_deck("space.channels", "5"), "another size"),
    (set_deck("space.channels", "many"), "space.channels of its deck is many"),
    (set_deck("space.channels", "\u00b2".encode()), "space.channels of its deck is \u00b2"),
    (set_deck("space.reductions", "1;2"), "space.reductions of its deck"),
    (set_deck("space.head", "crown"), "the head crown is not known"),
    (set_deck("space.kind", "cube"), "cannot be decoded"),
    (lambda file: file["deck"].attrs.pop("space.stem"), "has no space.stem"),
    (lambda file: file["image"].attrs.pop("width"), "there is no width"),
    (lambda file: file["image"].attrs.modify("width", np.int64(0)), "is damaged"),
    (lambda file: file.pop("members"), "no /members/0"),
])
def test_parts_that_do_not_fit(refused, changed, tmp_path, change, words):
    refused("export", changed("net.h5", change), f"--onnx={tmp_path}/net.onnx", saying=words)


def test_encodes_of_a_checkpoint(runs):
    with atnas_analysis.open(runs / "a/latest.h5") as checkpoint:
        other = checkpoint.islands["encode"].iloc[-1]
        assert str(subnets_of(checkpoint)[0].genotype) == checkpoint.best.encode
        assert str(subnets_of(checkpoint, other)[0].genotype) == other
        for encode in ("conv4", "normal=conv_3x3:0+conv_3x3:1;reduce=conv_3x3:0+conv_3x3:1",
                       other.replace("_3x3", "_9x9")):
            with pytest.raises(atnas_analysis.Problem, match="is not of the space"):
                subnets_of(checkpoint, encode)


def test_a_training_is_no_network(refused, changed, tmp_path):
    path = changed("a/latest.h5", lambda file: file["counters"].attrs.create("train_phase", 1))
    refused("export", path, f"--onnx={tmp_path}/net.onnx", saying="training that has not ended")


def test_an_unknown_space_without_genes(refused, examples, changed, tmp_path):
    path = changed(examples["conv4"].path.name, set_deck("space.kind", "conv5"))
    refused("export", path, f"--onnx={tmp_path}/net.onnx", saying="the space conv5 is not known")


def test_a_network_has_one_encode(runs):
    with atnas_analysis.open(runs / "net.h5") as network, pytest.raises(atnas_analysis.Problem) as caught:
        subnets_of(network, "conv4")
    assert caught.value.code == 2


@pytest.mark.parametrize("name", ["a/latest.h5", "net.h5"])
def test_digests_are_those_of_the_program(needed, runs, name):
    needed("xxhash")
    from atnas_analysis.digest import contents_of

    with h5py.File(runs / name) as file:
        assert contents_of(file) == list(file["contents"].asstr())


def test_contents_are_written_as_the_program_does(needed, changed, runs, place):
    needed("xxhash")
    from atnas_analysis.digest import write_contents

    path = changed("net.h5", write_contents)
    with h5py.File(runs / "net.h5") as before, h5py.File(path) as after:
        assert after.attrs["digest"] == before.attrs["digest"]
        assert after["contents"].dtype == before["contents"].dtype
    place.atnas("info", path)
