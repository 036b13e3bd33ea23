// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_key.hpp"

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

const KeyText words{"a", "b", "", "for the test", OnRestart::frozen};

TEST(DeckKey, IntegersKeepToTheirRange) {
    const auto key = integer_key(
        words, [](Deck& d) -> int& { return d.meta.batch; }, between(1, 10));
    Deck deck;
    EXPECT_FALSE(key.set(deck, "10"));
    EXPECT_EQ(deck.meta.batch, 10);
    EXPECT_EQ(key.get(deck), "10");
    for (const char* text : {"", "x", "1.5", "1e3", " 3", "3 ", "0x3", "99999999999", "0", "11", "-1"}) {
        EXPECT_TRUE(key.set(deck, text)) << text;
    }
    EXPECT_EQ(deck.meta.batch, 10);
    EXPECT_EQ(key.set(deck, "11"), "it must be 1 ... 10");
    EXPECT_EQ(key.set(deck, "five"), "it is not an integer");
}

TEST(DeckKey, RealsAreFiniteAndReadBackExactly) {
    const auto key = real_key(
        words, [](Deck& d) -> double& { return d.meta.outer.rate; }, above(0));
    Deck deck;
    for (const char* text : {"nan", "inf", "0", "-1", "1e999", "0.1.2", "0,1", ""})
        EXPECT_TRUE(key.set(deck, text)) << text;
    for (const double value : {0.1, 1e-300, 1.0 / 3.0, 123456789.125}) {
        deck.meta.outer.rate = value;
        const auto text = key.get(deck);
        deck.meta.outer.rate = 0;
        EXPECT_FALSE(key.set(deck, text));
        EXPECT_EQ(deck.meta.outer.rate, value);
    }
    EXPECT_EQ(key.set(deck, "0"), "it must be > 0");
}

TEST(DeckKey, ChoicesAreSomeOfTheirNamesInOrder) {
    using enum evo::ObjectiveName;
    const auto key = choices_key<evo::ObjectiveName>(words, [](Deck & d) -> auto& { return d.evo.objectives; },
                                                     {{"fit", fitness}, {"cheap", macs}});
    Deck deck;
    EXPECT_EQ(key.type, "fit|cheap");
    EXPECT_EQ(key.get(deck), "fit");
    EXPECT_FALSE(key.set(deck, " cheap, fit "));
    EXPECT_EQ(deck.evo.objectives, (std::vector{macs, fitness}));
    EXPECT_EQ(key.get(deck), "cheap,fit");
    EXPECT_EQ(key.set(deck, "fit,dear"), "choices are fit,cheap");
    EXPECT_EQ(key.set(deck, "fit,cheap,fit"), "fit is there twice");
    EXPECT_EQ(key.set(deck, ""), "it needs at least one of fit,cheap");
    EXPECT_EQ(key.get(deck), "cheap,fit") << "what is wrong changes nothing";
}

TEST(DeckKey, DurationsAreSecondsOrClockTimes) {
    const auto key = duration_key(words, [](Deck& d) -> double& { return d.run.walltime; });
    Deck deck;
    const auto seconds = [&](const char* text) {
        EXPECT_FALSE(key.set(deck, text)) << text;
        return deck.run.walltime;
    };
    EXPECT_EQ(seconds("90"), 90);
    EXPECT_EQ(seconds("0.5"), 0.5);
    EXPECT_EQ(seconds("00:01:30"), 90);
    EXPECT_EQ(seconds("1:00:00"), 3600);
    EXPECT_EQ(seconds("48:00:01"), 172801);
    EXPECT_EQ(seconds("1-02:00:00"), 93600);
    EXPECT_EQ(key.get(deck), "93600");
    for (const char* text : {"-1", "1:30", "1:60:00", "1:00:60", "1:2:3:4", ":00:00", "1-2", "x", "1:00:-1", ""})
        EXPECT_TRUE(key.set(deck, text)) << text;
    EXPECT_EQ(deck.run.walltime, 93600);
}

TEST(DeckKey, HalfOpenRange) {
    EXPECT_TRUE(below(0, 1).contain(0));
    EXPECT_FALSE(below(0, 1).contain(1));
    EXPECT_EQ(below(0, 1).text(), ">= 0 and < 1");
    EXPECT_EQ(between(0, 1).text(), "0 ... 1");
    EXPECT_EQ(at_least(2).text(), ">= 2");
    EXPECT_EQ(between(0.5, 1000000).text(), "0.5 ... 1000000");
    EXPECT_EQ(Bounds{}.text(), "");
}

TEST(DeckKey, SeedsHave64Bits) {
    const auto key = seed_key(words, [](Deck& d) -> std::uint64_t& { return d.run.seed; });
    Deck deck;
    EXPECT_FALSE(key.set(deck, "18446744073709551615"));
    EXPECT_EQ(deck.run.seed, 18446744073709551615U);
    EXPECT_TRUE(key.set(deck, "18446744073709551616"));
    EXPECT_TRUE(key.set(deck, "-1"));
}

TEST(DeckKey, ChoicesAreListed) {
    const auto key =
        choice_key<meta::Learner>(words, [](Deck& d) -> meta::Learner& { return d.meta.learner; },
                                  {{"fomaml", meta::Learner::fomaml}, {"reptile", meta::Learner::reptile}});
    Deck deck;
    EXPECT_EQ(key.type, "fomaml|reptile");
    EXPECT_FALSE(key.set(deck, "reptile"));
    EXPECT_EQ(deck.meta.learner, meta::Learner::reptile);
    EXPECT_EQ(key.get(deck), "reptile");
    EXPECT_EQ(key.set(deck, "Fomaml"), "choices are fomaml,reptile");
}

TEST(DeckKey, ListsMayBeEmptyButHaveNoEmptyPart) {
    const auto names = names_key(words, [](Deck& d) -> std::vector<std::string>& { return d.data.split.test; });
    const auto numbers = integers_key(words, [](Deck& d) -> std::vector<int>& { return d.space.cell.reductions; });
    Deck deck;
    EXPECT_FALSE(names.set(deck, "Greek , Japanese_(katakana)"));
    EXPECT_EQ(deck.data.split.test, (std::vector<std::string>{"Greek", "Japanese_(katakana)"}));
    EXPECT_EQ(names.get(deck), "Greek,Japanese_(katakana)");
    EXPECT_TRUE(names.set(deck, "Greek,,Latin"));
    EXPECT_TRUE(names.set(deck, "Greek,"));
    EXPECT_FALSE(names.set(deck, ""));
    EXPECT_TRUE(deck.data.split.test.empty());
    EXPECT_FALSE(numbers.set(deck, "0,2, 5"));
    EXPECT_EQ(deck.space.cell.reductions, (std::vector<int>{0, 2, 5}));
    EXPECT_TRUE(numbers.set(deck, "0,two"));
    EXPECT_FALSE(numbers.set(deck, ""));
    EXPECT_EQ(numbers.get(deck), "");
}

TEST(DeckKey, NamesInQuotesMayHoldCommas) {
    const auto names = names_key(words, [](Deck& d) -> std::vector<std::string>& { return d.data.split.test; });
    const std::vector<std::string> expected{"crane, bird", "dog", "the \"big\" one, too", "6\" pipe"};
    Deck deck;
    ASSERT_FALSE(names.set(deck, R"("crane, bird" , dog,"the ""big"" one, too",6" pipe)"));
    EXPECT_EQ(deck.data.split.test, expected);
    const std::string written = names.get(deck);
    EXPECT_EQ(written, R"("crane, bird",dog,"the ""big"" one, too",6" pipe)");
    ASSERT_FALSE(names.set(deck, "other"));
    ASSERT_FALSE(names.set(deck, written));
    EXPECT_EQ(deck.data.split.test, expected);
    for (const char* text : {R"("open)", R"("open,dog)", R"("a"b)", R"("a" "b")", R"("")", R"("a",)"}) {
        EXPECT_TRUE(names.set(deck, text)) << text;
    }
}

}  // namespace
}  // namespace atnas::app
