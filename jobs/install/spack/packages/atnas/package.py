# SPDX-License-Identifier: Apache-2.0
"""ATNAS for Spack 1.0 or newer. Not tried with Spack: see jobs/install/README.md."""

from spack_repo.builtin.build_systems.cmake import CMakePackage
from spack_repo.builtin.build_systems.cuda import CudaPackage

from spack.package import *


class Atnas(CMakePackage, CudaPackage):
    """Searches neural architectures across few-shot tasks: a supernet and island evolution, on MPI."""

    license("Apache-2.0")

    # The working tree: `spack install` after `spack develop --path ATNAS atnas@main`.
    version("main")

    variant("native", default=False, description="Tune for the processor that builds, beyond Spack's target")
    variant("contracts", default=False, description="Keep contracts in optimised builds")
    variant("nccl", default=True, when="+cuda", description="Reductions by NCCL")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")

    depends_on("mpi@3:")
    depends_on("hdf5+mpi")
    depends_on("onednn@2.6: cpu_runtime=omp")
    depends_on("boost+program_options")
    depends_on("libarchive")
    depends_on("spdlog cxxstd=20")
    depends_on("fmt")
    depends_on("nlohmann-json")
    depends_on("random123")
    depends_on("stb")
    depends_on("xxhash@0.8:")

    depends_on("googletest", type="test")
    depends_on("python", type="test")
    depends_on("py-h5py", type="test")
    depends_on("py-numpy", type="test")
    depends_on("py-xxhash", type="test")

    with when("+cuda"):
        depends_on("cuda@12:")
        depends_on("cudnn@9:")
        depends_on("nccl@2.14:", when="+nccl")
        conflicts("cuda_arch=none", msg="say which GPUs: cuda_arch=80,90")

    generator("ninja")

    def cmake_args(self):
        """What the variants say, as options of CMakeLists.txt."""
        args = [
            self.define_from_variant("ATNAS_NATIVE", "native"),
            self.define_from_variant("ATNAS_CONTRACTS", "contracts"),
            self.define_from_variant("ATNAS_CUDA", "cuda"),
            self.define("ATNAS_NCCL", self.spec.satisfies("+cuda+nccl")),
            self.define("ATNAS_TESTS", self.run_tests),
            self.define("HDF5_ROOT", self.spec["hdf5"].prefix),
            self.define("ONEDNN_ROOT", self.spec["onednn"].prefix),
        ]
        if self.spec.satisfies("+cuda"):
            args.append(self.define("CMAKE_CUDA_ARCHITECTURES", self.spec.variants["cuda_arch"].value))
        return args
