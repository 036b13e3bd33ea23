# SPDX-License-Identifier: Apache-2.0
"""Configure must end with what was needed, what was found and what to type when a dependency is missing or wrong.

usage: test_dependencies.py CMAKE SOURCE_DIR
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

CMAKE, SOURCE_DIR = sys.argv.pop(1), sys.argv.pop(1)
needs_nvcc = unittest.skipUnless(shutil.which("nvcc"), "no nvcc here")


class Dependencies(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def configure(self, *options, **environment):
        result = subprocess.run([CMAKE, "-G", "Ninja", "-S", SOURCE_DIR, "-B", str(self.folder / "build"), *options],
                                env=dict(os.environ, **environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True)
        return result.returncode, result.stdout

    def refused(self, needed, found, typed, *options, **environment):
        code, text = self.configure(*options, **environment)
        self.assertNotEqual(code, 0, text)
        for part in ("ATNAS needs what this machine lacks", needed, f"found:  {found}", f"apt-get install {typed}"):
            self.assertIn(part, text)
        self.assertFalse((self.folder / "build" / "build.ninja").exists())
        self.assertFalse((self.folder / "build" / "Makefile").exists())
        return text

    def test_everything_there(self):
        code, text = self.configure()
        self.assertEqual(code, 0, text)
        self.assertNotIn("lacks", text)

    def test_no_mpi(self):
        text = self.refused("MPI 3 or newer", "nothing", "libopenmpi-dev openmpi-bin",
                            "-DCMAKE_DISABLE_FIND_PACKAGE_MPI=ON")
        self.assertIn("-DMPI_C_COMPILER=", text)
        self.assertNotIn("oneDNN", text, "what is there must not be complained about")

    def test_serial_hdf5(self):
        include = self.folder / "serial"
        include.mkdir()
        (include / "H5pubconf.h").write_text('/* #undef H5_HAVE_PARALLEL */\n#define H5_VERSION "1.10.7"\n')
        (include / "libhdf5.a").write_text("")
        (include / "hdf5-openmpi.pc").write_text(
            f"Name: hdf5\nDescription: serial\nVersion: 1.10.7\nLibs: -L{include} -lhdf5\nCflags: -I{include}\n")
        text = self.refused("HDF5 built with MPI", "HDF5 1.10.7 built without MPI", "libhdf5-openmpi-dev",
                            PKG_CONFIG_PATH=str(include))
        self.assertIn(str(include / "H5pubconf.h"), text, "names the place")
        self.assertIn("HDF5_ROOT", text)

    def test_old_onednn(self):
        include = self.folder / "old" / "include"
        include.mkdir(parents=True)
        (include / "dnnl.h").write_text("")
        (include / "dnnl_version.h").write_text(
            "#define DNNL_VERSION_MAJOR 2\n#define DNNL_VERSION_MINOR 5\n#define DNNL_VERSION_PATCH 4\n")
        text = self.refused("oneDNN 2.6 or newer", f"oneDNN 2.5.4 in {include}", "libdnnl-dev",
                            f"-DONEDNN_ROOT={self.folder / 'old'}")
        self.assertIn("ONEDNN_ROOT", text)

    def test_without_cuda(self):
        for options, said in ((["-DATNAS_CUDA=OFF"], "no (ATNAS_CUDA=OFF)"),
                              (["-DCMAKE_CUDA_COMPILER=NOTFOUND"], "no (the CUDA toolkit 12 or newer: no nvcc)")):
            code, text = self.configure(*options)
            self.assertEqual(code, 0, text)
            self.assertIn("Backend cuda: " + said, text)
            self.assertIn("Reductions by NCCL: no (the cuda backend: it is not built)", text)
            self.assertNotIn("/cuda/check.cpp.o", (self.folder / "build" / "build.ninja").read_text())
            self.assertIn("/cuda/not_compiled.cpp.o", (self.folder / "build" / "build.ninja").read_text())
            shutil.rmtree(self.folder / "build")

    def test_cuda_asked_for_and_missing(self):
        self.refused("the CUDA toolkit 12 or newer (for ATNAS_CUDA=ON)", "no nvcc", "nvidia-cuda-toolkit", "-DATNAS_CUDA=ON",
                     "-DCMAKE_CUDA_COMPILER=NOTFOUND")

    def test_nccl_asked_for_without_cuda(self):
        self.refused("the cuda backend (for ATNAS_NCCL=ON)", "it is not built", "libnccl-dev", "-DATNAS_CUDA=OFF", "-DATNAS_NCCL=ON")

    def headers(self, name, text):
        """A folder with this header alone."""
        folder = self.folder / ("with_" + name)
        folder.mkdir()
        (folder / name).write_text(text)
        return folder

    def too_old(self, option, report, needed, found, typed, *options, **environment):
        """Done without by AUTO, an error by ON; both name what was found."""
        code, text = self.configure(*options, **environment)
        self.assertEqual(code, 0, text)
        self.assertIn(f"{report}: no ({needed}: {found}", text)
        shutil.rmtree(self.folder / "build")
        self.refused(f"{needed} (for {option}=ON)", found, typed, f"-D{option}=ON", *options, **environment)
        shutil.rmtree(self.folder / "build")

    @needs_nvcc
    def test_versions_are_named(self):
        code, text = self.configure()
        self.assertEqual(code, 0, text)
        self.assertRegex(text, r"Backend cuda: CUDA \d+\.\d+.* for .*, cuDNN \d+\.\d+\.\d+ \(.*\), cuBLAS \(.*\)")
        self.assertRegex(text, r"Reductions by NCCL: NCCL \d+\.\d+\.\d+ \(")

    @needs_nvcc
    def test_old_toolkit(self):
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "nvcc").write_text('#!/bin/sh\ncase "$*" in *--version*) echo "Cuda compilation tools, release 11.8, V11.8.89" ;; '
                                    '*) exec %s "$@" ;; esac\n' % shutil.which("nvcc"))
        (tools / "nvcc").chmod(0o755)
        self.too_old("ATNAS_CUDA", "Backend cuda", "the CUDA toolkit 12 or newer", "CUDA 11.8.89 of ", "nvidia-cuda-toolkit",
                     PATH=f"{tools}:{os.environ['PATH']}")

    @needs_nvcc
    def test_old_cudnn(self):
        folder = self.headers("cudnn_version.h", "#define CUDNN_MAJOR 8\n#define CUDNN_MINOR 9\n#define CUDNN_PATCHLEVEL 7\n")
        self.too_old("ATNAS_CUDA", "Backend cuda", "cuDNN 9 or newer", f"cuDNN 8.9.7 in {folder}", "libcudnn9-dev-cuda",
                     f"-DCUDNN_INCLUDE_DIR={folder}")

    @needs_nvcc
    def test_old_nccl(self):
        folder = self.headers("nccl.h", "#define NCCL_MAJOR 2\n#define NCCL_MINOR 13\n#define NCCL_PATCH 4\n")
        self.too_old("ATNAS_NCCL", "Reductions by NCCL", "NCCL 2.14 or newer", f"NCCL 2.13.4 in {folder}", "libnccl-dev",
                     f"-DNCCL_INCLUDE_DIR={folder}")

    @needs_nvcc
    def test_without_nccl(self):
        code, text = self.configure("-DATNAS_NCCL=OFF")
        self.assertEqual(code, 0, text)
        self.assertIn("Backend cuda: CUDA", text)
        self.assertIn("Reductions by NCCL: no (ATNAS_NCCL=OFF)", text)
        ninja = (self.folder / "build" / "build.ninja").read_text()
        self.assertIn("/nccl/not_compiled.cpp.o", ninja)
        self.assertNotIn("/nccl/nccl_reducer.cpp.o", ninja)
        self.assertIn("/cuda/cuda_backend.cpp.o", ninja)

    def test_all_at_once(self):
        headers = ";".join({os.environ[name + "_INCLUDE_DIR"] for name in ("RANDOM123", "STB", "XXHASH")})
        packages = ("Boost", "LibArchive", "spdlog", "nlohmann_json", "GTest")
        text = self.refused("Boost.Program_options", "nothing", "libboost-program-options-dev",
                            *(f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in packages),
                            f"-DCMAKE_IGNORE_PATH={headers}")
        for name in ("libarchive-dev", "libspdlog-dev", "nlohmann-json3-dev", "librandom123-dev", "libstb-dev",
                     "libxxhash-dev", "libgtest-dev"):
            self.assertIn(f"apt-get install {name}", text)
        together = next(line for line in text.splitlines() if "All at once" in line)
        for name in ("libboost-program-options-dev", "libarchive-dev", "libstb-dev", "libgtest-dev"):
            self.assertIn(name, together)


if __name__ == "__main__":
    unittest.main()
