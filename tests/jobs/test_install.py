# SPDX-License-Identifier: Apache-2.0
"""jobs/install: the Spack recipe with stand-ins for Spack, and the Apptainer definition by what it says. Neither tool is
needed."""

import re
import subprocess
import sys
import types
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSTALL = ROOT / "jobs" / "install"
CMAKE = "".join(path.read_text() for path in (ROOT / "CMakeLists.txt", *sorted((ROOT / "cmake").glob("*.cmake"))))
# Debian's package of a library, and Spack's.
SPACK_NAMES = {
    "libopenmpi-dev": "mpi", "libhdf5-openmpi-dev": "hdf5", "libboost-program-options-dev": "boost",
    "libdnnl-dev": "onednn", "librandom123-dev": "random123", "libspdlog-dev": "spdlog", "libfmt-dev": "fmt",
    "nlohmann-json3-dev": "nlohmann-json", "libarchive-dev": "libarchive", "libstb-dev": "stb", "libxxhash-dev": "xxhash",
    "libgtest-dev": "googletest", "python3-h5py": "py-h5py", "python3-numpy": "py-numpy", "python3-xxhash": "py-xxhash",
}


def options_of_the_build():
    return set(re.findall(r"^\s*(?:option|set)\((ATNAS_\w+) [^\n]*(?:\"|ON|OFF|CACHE)", CMAKE, re.M))


class Recorder:
    """What the words of a recipe say: directives as (name, words, named words)."""

    def __init__(self):
        self.said = []

    def directive(self, name):
        return lambda *words, **named: self.said.append((name, words, named))

    def first(self, name):
        return [words[0] for said, words, _ in self.said if said == name]


class When:
    """with when("+x"): ..."""

    def __init__(self, condition):
        self.condition = condition

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


class Spec:
    """A specification with some variants on."""

    def __init__(self, on):
        self.on = on
        self.variants = {"cuda_arch": types.SimpleNamespace(value=("80", "90"))}

    def __getitem__(self, name):
        return types.SimpleNamespace(prefix="/spack/" + name)

    def satisfies(self, text):
        return all(name in self.on for name in re.findall(r"\+(\w+)", text))


def recipe(name):
    """The class of a recipe, and what it declared."""
    recorder = Recorder()
    package = types.ModuleType("spack.package")
    for word in ("license", "version", "variant", "depends_on", "conflicts", "generator"):
        setattr(package, word, recorder.directive(word))
    package.when = When

    class Base:
        def __init__(self, on=(), run_tests=False):
            self.spec, self.run_tests = Spec(on), run_tests

        def define(self, option, value):
            return "-D%s=%s" % (option, value)

        def define_from_variant(self, option, variant):
            return self.define(option, variant in self.spec.on)

    modules = {"spack": types.ModuleType("spack"), "spack.package": package}
    for module, names in (("cmake", ["CMakePackage"]), ("cuda", ["CudaPackage"]), ("generic", ["Package"])):
        of_builds = types.ModuleType("spack_repo.builtin.build_systems." + module)
        for base in names:
            setattr(of_builds, base, Base if base != "CudaPackage" else type("CudaPackage", (), {}))
        modules[of_builds.__name__] = of_builds
    for parent in ("spack_repo", "spack_repo.builtin", "spack_repo.builtin.build_systems"):
        modules[parent] = types.ModuleType(parent)
    before = dict(sys.modules)
    sys.modules.update(modules)
    try:
        path = INSTALL / "spack" / "packages" / name / "package.py"
        space = {"__name__": name}
        exec(compile(path.read_text(), str(path), "exec"), space)
    finally:
        for module in modules:
            sys.modules.pop(module)
        sys.modules.update({module: before[module] for module in modules if module in before})
    return space[name.capitalize()], recorder


class Spack(unittest.TestCase):
    def test_variants_are_options_of_the_build(self):
        atnas, said = recipe("atnas")
        known = options_of_the_build()
        self.assertIn("ATNAS_NATIVE", known)
        of_cuda = {"cuda"}  # CudaPackage's
        variants = {*said.first("variant"), *of_cuda}
        base = set(atnas().cmake_args())
        for variant in variants:
            on = {variant, "cuda"} if variant == "nccl" else {variant}
            args = atnas(on, run_tests=True).cmake_args()
            self.assertTrue(set(args) - base, variant)
            for arg in args:
                option = re.match(r"-D(\w+)=", arg).group(1)
                if option.startswith("ATNAS_"):
                    self.assertIn(option, known)
                else:
                    self.assertIn(option, CMAKE)
            self.assertIn("-DATNAS_TESTS=True", args)
        self.assertIn("-DCMAKE_CUDA_ARCHITECTURES=('80', '90')", atnas({"cuda"}).cmake_args())

    def test_every_library_is_a_dependency(self):
        _, said = recipe("atnas")
        needed = {re.split(r"[@+ ~]", spec)[0] for spec in said.first("depends_on")}
        setup = (ROOT / "jobs" / "setup.sh").read_text()
        packages = re.search(r"^required=\((.*?)\)", setup, re.M | re.S).group(1).split()
        libraries = [name for name in packages if name.startswith(("lib", "nlohmann")) or re.match("python3-", name)]
        self.assertGreater(len(libraries), 10)
        for library in libraries:
            self.assertIn(SPACK_NAMES.get(library, library), needed)
        self.assertIn("cmake@3.25:", said.first("depends_on"))
        self.assertIn("cmake_minimum_required(VERSION 3.25)", CMAKE)

    def test_stb(self):
        _, said = recipe("stb")
        self.assertEqual(said.first("version"), ["master"])
        self.assertIn("namespace: atnas", (INSTALL / "spack" / "repo.yaml").read_text())


class Apptainer(unittest.TestCase):
    def setUp(self):
        text = (INSTALL / "atnas.def").read_text()
        parts = re.split(r"^%(\w+)$", text, flags=re.M)
        self.header, self.sections = parts[0], dict(zip(parts[1::2], parts[2::2]))

    def test_sections(self):
        self.assertRegex(self.header, r"(?m)^Bootstrap: docker\nFrom: debian:12$")
        known = {"files", "post", "environment", "runscript", "test", "help"}
        self.assertEqual(set(self.sections), known)
        for name in known - {"files", "help"}:
            found = subprocess.run(["sh", "-n"], input=self.sections[name], text=True, capture_output=True)
            self.assertEqual(found.returncode, 0, found.stderr)

    def test_files_are_there_and_are_enough(self):
        pairs = [line.split() for line in self.sections["files"].splitlines() if line.strip()]
        for source, place in pairs:
            self.assertTrue((ROOT / source).exists(), source)
            self.assertEqual(place, "/opt/atnas/" + source)
        # Whatever of the tree the build or the installation names.
        given = {source for source, _ in pairs}
        installed = re.search(r"install\(FILES (LICENSE[^)]*?) DESTINATION", CMAKE).group(1).split()
        folders = re.findall(r"add_subdirectory\((\w+)\)", (ROOT / "CMakeLists.txt").read_text())
        self.assertLessEqual({*installed, *folders, "include", "cmake", "inputs", "jobs"} - {"tests"}, given)

    def test_packages_come_from_the_set_up(self):
        post = self.sections["post"]
        self.assertIn("\n    jobs/setup.sh\n", post)
        self.assertNotIn("apt", post)
        known = options_of_the_build()
        options = re.findall(r"-D(ATNAS_\w+)=", post)
        self.assertTrue(options)
        for option in options:
            self.assertIn(option, known)
        self.assertRegex((ROOT / "CMakePresets.json").read_text(), '"name": "release"')


if __name__ == "__main__":
    unittest.main()
