// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_text.hpp"

#include <gtest/gtest.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "support/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

TEST(DeckText, ReadsSectionsKeysAndComments) {
    const auto ini = read_ini(
        "# a comment\n; another\n\n[ run ]  # here too\nseed=3\n  folder = a b/c ; why\n[evo]\r\n"
        "founder = normal=x:0;reduce=y#z\r\nempty =\nempty2 = # nothing\n",
        "x.ini");
    ASSERT_TRUE(ini.problems.empty()) << all_of(ini.problems);
    ASSERT_EQ(ini.assignments.size(), 5U);
    EXPECT_EQ(ini.assignments[0].name, "run.seed");
    EXPECT_EQ(ini.assignments[0].value, "3");
    EXPECT_EQ(ini.assignments[0].where, "x.ini:5");
    EXPECT_EQ(ini.assignments[1].value, "a b/c");
    EXPECT_EQ(ini.assignments[2].name, "evo.founder");
    EXPECT_EQ(ini.assignments[2].value, "normal=x:0;reduce=y#z");
    EXPECT_EQ(ini.assignments[3].value, "");
    EXPECT_EQ(ini.assignments[4].value, "");
}

TEST(DeckText, EveryBadLineIsNamedWithItsNumber) {
    const auto ini = read_ini("seed = 1\n[run\nseed\n[run]\nseed = 1\nseed = 2\n= 3\nfolder = \"open\n[]\n", "x.ini");
    EXPECT_EQ(ini.problems.size(), 7U) << all_of(ini.problems);
    for (const char* place :
         {"x.ini:1: ", "x.ini:2: ", "x.ini:3: ", "x.ini:6: ", "x.ini:7: ", "x.ini:8: ", "x.ini:9: "}) {
        EXPECT_EQ(mentions(ini.problems, {place}), 1) << place;
    }
    EXPECT_EQ(mentions(ini.problems, {"run.seed = 2", "line 5"}), 1) << all_of(ini.problems);
    ASSERT_EQ(ini.assignments.size(), 1U);
}

TEST(DeckText, AKeyMayNotComeTwiceInTwoPartsOfASection) {
    const auto ini = read_ini("[a]\nx = 1\n[b]\nx = 1\n[a]\nx = 2\n", "x.ini");
    EXPECT_EQ(ini.problems.size(), 1U) << all_of(ini.problems);
}

TEST(DeckText, ValuesReadBackWhateverTheyContain) {
    for (const std::string value : {"", "plain", "a;b#c", "a ;b", "a #b", "# start", " blank ", "\"quoted\"",
                                    "back\\slash", "\" ; \\", "\"a, b\", c", "\"a, b\"", " \", \"b", "a = b", "[x]"}) {
        const auto ini = read_ini("[s]\nk = " + ini_value(value) + " # remark\n", "x.ini");
        ASSERT_EQ(ini.assignments.size(), 1U) << value;
        EXPECT_EQ(ini.assignments[0].value, value);
    }
}

TEST(DeckText, AListMayBeginWithANameInQuotes) {
    struct Case {
        const char* text;
        const char* value;
    };
    for (const auto& [text, value] :
         std::initializer_list<Case>{{R"("Japanese, old", Greek)", R"("Japanese, old", Greek)"},
                                     {R"("Japanese, old", "Kana, new"  # why)", R"("Japanese, old", "Kana, new")"},
                                     {R"("a #b, c" , d)", R"("a #b, c" , d)"},
                                     {R"("a "" b", c ;d)", R"("a "" b", c)"},
                                     {R"("\"Japanese, old\"")", R"("Japanese, old")"},
                                     {R"("Japanese, old")", "Japanese, old"}}) {
        const auto ini = read_ini(std::string("[s]\nk = ") + text + "\n", "x.ini");
        ASSERT_EQ(ini.assignments.size(), 1U) << text << all_of(ini.problems);
        EXPECT_EQ(ini.assignments[0].value, value);
    }
    for (const char* text : {R"("a" b, c)", R"("a", "b)", R"("a, b)", R"("a" "b", c)"})
        EXPECT_EQ(read_ini(std::string("[s]\nk = ") + text + "\n", "x.ini").problems.size(), 1U) << text;
}

TEST(DeckText, AByteOrderMarkIsNoPartOfTheText) {
    const auto ini = read_ini("\xEF\xBB\xBF[run]\r\nseed = 3\r\n", "x.ini");
    EXPECT_TRUE(ini.problems.empty()) << all_of(ini.problems);
    ASSERT_EQ(ini.assignments.size(), 1U);
    EXPECT_EQ(ini.assignments[0].value, "3");
}

TEST(DeckText, OtherEncodingsAreNamed) {
    for (const std::string text : {"\xFF\xFE[\0r\0", "\xFE\xFF\0[\0r"}) {
        const auto ini = read_ini(text, "x.ini");
        EXPECT_EQ(ini.problems.size(), 1U);
        EXPECT_EQ(mentions(ini.problems, {"x.ini", "UTF-16", "UTF-8"}), 1) << all_of(ini.problems);
    }
    const auto ini = read_ini(std::string("[run]\nse\0ed = 3\n", 16), "x.ini");
    EXPECT_EQ(ini.problems.size(), 1U);
    EXPECT_EQ(mentions(ini.problems, {"x.ini", "zero byte", "line 2"}), 1) << all_of(ini.problems);
}

TEST(DeckText, LongLinesAreQuotedInPart) {
    const std::string much(5'000'000, 'x');
    for (const std::string& text :
         {"[run]\n" + much, "[" + much, "[run]\nseed = \"" + much, "[" + much + "]\nseed = 1"}) {
        const auto ini = read_ini(text, "x.ini");
        ASSERT_EQ(ini.problems.size(), 1U);
        EXPECT_LT(ini.problems[0].text().size(), 400U);
        EXPECT_NE(ini.problems[0].text().find("xxx... (500000"), std::string::npos) << ini.problems[0].text();
    }
}

/// A name is made of section and key: a long section must not be stored with every key of it.
TEST(DeckText, LongSectionsAreCut) {
    const auto ini = read_ini("[" + std::string(5'000'000, 'x') + "]\na = 1\nb = 2\n", "x.ini");
    ASSERT_EQ(ini.assignments.size(), 2U);
    EXPECT_LT(ini.assignments[0].name.size(), 2000U);
}

TEST(DeckText, OfManyBadLinesTheFirstAreListed) {
    std::string text = "[run]\n";
    for (int i = 0; i < 1000; ++i) text += "nonsense\n";
    const auto ini = read_ini(text, "x.ini");
    EXPECT_EQ(ini.problems.size(), 51U);
    EXPECT_EQ(mentions(ini.problems, {"x.ini", "and 950 more"}), 1) << all_of(ini.problems);
}

Deck unusual_deck() {
    Deck deck;
    deck.run.folder = "some folder/a ;b #c";
    deck.run.seed = 18446744073709551615U;
    deck.data.split.test = {"Greek", "Japanese_(katakana)"};
    deck.data.augment.jitter.scale = 0.1F;
    deck.meta.outer.rate = 1.0 / 3.0;
    deck.space.cell.reductions = {};
    deck.space.cell.cells = 2;
    return deck;
}

TEST(DeckText, EffectiveTextReadsBackToTheSameDeck) {
    const Deck deck = unusual_deck();
    for (const auto& text : {effective_text(deck), commented_text(deck)}) {
        DeckSources sources;
        sources.text = text;
        std::vector<Problem> problems;
        const Deck again = collect_deck(sources, problems);
        EXPECT_TRUE(problems.empty()) << all_of(problems);
        EXPECT_EQ(deck_pairs(again), deck_pairs(deck));
        EXPECT_EQ(effective_text(again), effective_text(deck));
    }
}

TEST(DeckText, EffectiveTextSaysWhatIsNotTheDefault) {
    EXPECT_EQ(effective_text(Deck{}).find('#'), std::string::npos);
    Deck deck;
    deck.run.seed = 5;
    deck.space.cell.cells = 2;
    deck.data.source = "a # b.h5";
    deck.data.split.test = {"Greek"};
    const auto text = effective_text(deck);
    const auto line = [](const std::string& words) { return "\n" + words + "\n"; };
    EXPECT_NE(text.find(line("seed = 5  # default 1")), std::string::npos) << text;
    EXPECT_NE(text.find(line("source = \"a # b.h5\"  # default strokes")), std::string::npos) << text;
    EXPECT_NE(text.find(line("test = Greek  # default empty")), std::string::npos) << text;
    EXPECT_NE(text.find(line("batch = 8")), std::string::npos) << text;
}

TEST(DeckText, CommentedTextExplainsEveryKey) {
    const auto text = commented_text(Deck{});
    EXPECT_NE(text.find("[meta]\n"), std::string::npos);
    EXPECT_NE(text.find("inner_rate = 0.1\n"), std::string::npos);
    EXPECT_NE(text.find("# integer, images, 1 ... 10000; default 15; frozen on restart\nquery = 15\n"),
              std::string::npos);
    EXPECT_NE(text.find("# fomaml|maml|meta_sgd|anil|reptile; default fomaml"), std::string::npos);
}

}  // namespace
}  // namespace atnas::app
