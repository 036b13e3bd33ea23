# SPDX-License-Identifier: Apache-2.0
"""What `cmake --install` leaves is a CMake package: a small program outside of this tree is built against it and run.

usage: test_package.py CMAKE BUILD_DIR CXX_FLAGS
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

CMAKE, BUILD_DIR, CXX_FLAGS = sys.argv.pop(1), sys.argv.pop(1), sys.argv.pop(1)
STAND_INS = pathlib.Path(__file__).parent / "modules.tcl"
PROGRAM = pathlib.Path(__file__).parent / "package"


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        # Installed and moved, as archives of a site are.
        cls.called(CMAKE, "--install", BUILD_DIR, "--prefix", str(cls.folder / "first"))
        (cls.folder / "first").rename(cls.folder / "atnas")

    @staticmethod
    def called(*words, code=0):
        result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if (result.returncode == 0) != (code == 0):
            raise AssertionError(f"{' '.join(words)} ended with {result.returncode}\n{result.stdout}")
        return result.stdout

    def configured(self, change=(), code=0):
        """Configures the program, with a text of its CMakeLists.txt replaced by another."""
        place = self.folder / self.id()
        shutil.copytree(PROGRAM, place)
        lists = place / "CMakeLists.txt"
        if change:
            self.assertIn(change[0], lists.read_text())
            lists.write_text(lists.read_text().replace(*change))
        text = self.called(CMAKE, "-G", "Ninja", "-S", str(place), "-B", str(place / "build"),
                           f"-DCMAKE_PREFIX_PATH={self.folder / 'atnas'}", "-DCMAKE_BUILD_TYPE=Release",
                           f"-DCMAKE_CXX_FLAGS={CXX_FLAGS}", code=code)
        return place, text

    def test_a_program_is_built_and_runs(self):
        place, _ = self.configured()
        self.called(CMAKE, "--build", str(place / "build"))
        program = str(place / "build" / "count_macs")
        text = self.called(program, "og_v2", "16")
        found = re.fullmatch(r"(\d+) parameters, (\d+) MACs\n", text)
        self.assertTrue(found, text)
        self.assertAlmostEqual(int(found.group(2)), 9.4e6, delta=0.05e6, msg="as the unit test CostModel.MetaNasMacs")
        self.assertIn("no_such_operation", self.called(program, "normal=no_such_operation:0", "16", code=2))

    @unittest.skipUnless(shutil.which("tclsh"), "no tclsh here")
    def test_the_environment_module_names_the_place(self):
        place = str(self.folder / "first")
        modules = list((self.folder / "atnas/share/modulefiles/atnas").iterdir())
        self.assertEqual(len(modules), 1)
        self.assertTrue(modules[0].read_text().startswith("#%Module"))
        said = self.called("tclsh", str(STAND_INS), str(modules[0])).splitlines()
        self.assertIn(f"setenv ATNAS_ROOT {place}", said)
        self.assertIn(f"prepend-path PATH {place}/bin", said)
        self.assertIn(f"prepend-path MANPATH {place}/share/man", said)
        self.assertIn("append-path MANPATH {}", said)
        self.assertIn(f"prepend-path CMAKE_PREFIX_PATH {place}", said)
        self.assertIn("conflict atnas", said)
        self.assertTrue(any(line.startswith(f"module-whatis {{ATNAS {modules[0].name}: ") for line in said), said)
        self.assertTrue((self.folder / "atnas/bin/atnas").exists(), "first/ became atnas/")

    def test_manual_and_completion_are_there(self):
        share = self.folder / "atnas/share"
        self.assertTrue((share / "man/man1/atnas-search.1").is_file())
        self.assertTrue((share / "bash-completion/completions/atnas").is_file())

    def test_nothing_refers_to_the_build(self):
        for path in (self.folder / "atnas").rglob("*.cmake"):
            self.assertNotIn(BUILD_DIR, path.read_text(), path)

    def test_every_layer_has_a_target(self):
        layers = "core space backend nn data supernet meta evo comm io engine app".split()
        line = "target_link_libraries(count_macs PRIVATE atnas::space)"
        self.configured((line, line + "\nforeach(layer %s)\n  if(NOT TARGET atnas::${layer})\n    message(FATAL_ERROR "
                         "\"no ${layer}\")\n  endif()\nendforeach()\n" % " ".join(layers)))

    def test_another_version_is_refused(self):
        _, text = self.configured(("atnas 0.1 ", "atnas 0.2 "), code=1)
        self.assertIn('requested version "0.2"', text)

    def test_a_project_without_c_is_told_so(self):
        _, text = self.configured(("LANGUAGES C CXX", "LANGUAGES CXX"), code=1)
        self.assertIn("LANGUAGES C CXX", " ".join(text.split()))


if __name__ == "__main__":
    unittest.main()
