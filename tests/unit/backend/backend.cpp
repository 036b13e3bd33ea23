// SPDX-License-Identifier: Apache-2.0
#include "atnas/backend/backend.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"
#include "atnas/core/error.hpp"

namespace atnas::backend {
namespace {

/// The message of the Error(bad_deck) that \p call throws.
std::string refusal(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
}

TEST(BackendNames, GoBothWays) {
    for (const BackendKind kind : {BackendKind::reference, BackendKind::onednn, BackendKind::cuda})
        EXPECT_EQ(backend_from_name(std::string(name_of(kind))), kind);
}

TEST(BackendNames, UnknownNameSaysWhatWasMeant) {
    const std::string message = refusal([] { backend_from_name("onednm"); });
    EXPECT_NE(message.find("'onednm'"), std::string::npos) << message;
    EXPECT_NE(message.find("did you mean 'onednn'"), std::string::npos) << message;
    EXPECT_NE(refusal([] { backend_from_name("abacus"); }).find("'onednn'"), std::string::npos);
    refusal([] { backend_from_name(""); });
}

/// What all ranks agree on is nothing that one process could say.
TEST(BackendNames, AutoIsNone) {
    refusal([] { backend_from_name("auto"); });
}

TEST(MakeBackend, ReferenceInBothPrecisions) {
    for (const Precision precision : {Precision::f32, Precision::f64}) {
        const auto made = make_backend(BackendKind::reference, precision);
        EXPECT_EQ(made->precision(), precision);
        EXPECT_NE(made->description().find("reference"), std::string::npos);
        EXPECT_EQ(made->storage({2, 3, 5, 7}, Layout::native), 210u);
    }
}

TEST(MakeBackend, DoubleExistsInReferenceOnly) {
    for (const BackendKind kind : {BackendKind::onednn, BackendKind::cuda}) {
        const std::string message = refusal([&] { make_backend(kind, Precision::f64); });
        EXPECT_NE(message.find(std::string(name_of(kind))), std::string::npos) << message;
        EXPECT_NE(message.find("float64"), std::string::npos) << message;
    }
}

TEST(MakeBackend, MissingBackendNamesItselfAndTheOthers) {
    try {
        make_backend(BackendKind::cuda);
        GTEST_SKIP() << "cuda is compiled in and usable here";
    } catch (const Error& error) {
        const std::string message = error.what();
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        EXPECT_NE(message.find("'cuda'"), std::string::npos) << message;
        EXPECT_NE(message.find("reference"), std::string::npos) << message;
    }
}

}  // namespace
}  // namespace atnas::backend
