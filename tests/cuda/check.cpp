// SPDX-License-Identifier: Apache-2.0
#include "backend/cuda/check.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::backend::cuda {
namespace {

/// What check() says of a result; empty when it says nothing.
template <class Result>
std::string said_of(Result result, const char* call) {
    try {
        check(result, call);
    } catch (const Error& error) {
        EXPECT_EQ(ExitCode::failed, error.code());
        return error.what();
    }
    return {};
}

void expect_part(const std::string& text, const std::string& part) {
    EXPECT_NE(std::string::npos, text.find(part)) << "'" << part << "' is not in: " << text;
}

TEST(Check, SuccessIsSilent) {
    EXPECT_EQ("", said_of(cudaSuccess, "cudaMalloc"));
    EXPECT_EQ("", said_of(CUDNN_STATUS_SUCCESS, "cudnnCreate"));
    EXPECT_EQ("", said_of(CUBLAS_STATUS_SUCCESS, "cublasCreate"));
}

TEST(Check, NamesTheCallAndTheLibrarysReason) {
    const std::string cuda = said_of(cudaErrorLaunchFailure, "cudaStreamSynchronize");
    expect_part(cuda, "cudaStreamSynchronize failed");
    expect_part(cuda, "cudaErrorLaunchFailure");
    expect_part(cuda, "--restart=latest");
    const std::string dnn = said_of(CUDNN_STATUS_BAD_PARAM, "cudnnPoolingForward");
    expect_part(dnn, "cudnnPoolingForward failed");
    expect_part(dnn, "CUDNN_STATUS_BAD_PARAM");
    const std::string blas = said_of(CUBLAS_STATUS_EXECUTION_FAILED, "cublasSgemm");
    expect_part(blas, "cublasSgemm failed");
    expect_part(blas, cublasGetStatusString(CUBLAS_STATUS_EXECUTION_FAILED));
}

TEST(Check, OutOfMemorySaysWhatToMakeSmaller) {
    const std::string text = said_of(cudaErrorMemoryAllocation, "cudaMalloc");
    expect_part(text, "cudaMalloc failed");
    expect_part(text, "cuda.streams");
}

}  // namespace
}  // namespace atnas::backend::cuda
