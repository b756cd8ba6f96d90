// SPDX-License-Identifier: Apache-2.0
// The layout and the drawing of contact sheets: pixels tell.
#include "commands/sheet/contact_sheet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace transnet::test {
namespace {

using Color = std::array<int, 3>;
constexpr Color dark = {28, 28, 28};
constexpr Color white = {255, 255, 255};
constexpr Color red = {255, 0, 0};

Picture plain_picture(int width, int height, const Color& color) {
  Picture picture{0, width, height, {}};
  for (int i = 0; i < width * height; ++i) {
    for (const int value : color) picture.rgb.push_back(static_cast<std::uint8_t>(value));
  }
  return picture;
}

std::vector<command::SheetCell> cells(std::size_t count, const Picture& picture) {
  std::vector<command::SheetCell> cells;
  for (std::size_t i = 0; i < count; ++i) {
    cells.push_back({picture, std::to_string(i + 1), "00:00:01.000", "25", "1.00"});
  }
  return cells;
}

Color color_at(const Picture& page, int x, int y) {
  const auto* pixel = page.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * page.width + x);
  return {pixel[0], pixel[1], pixel[2]};
}

struct Box {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

/// The pixels of other colours than the background in a part of the page.
int ink_in(const Picture& page, const Box& box) {
  const auto background = color_at(page, 0, 0);
  int count = 0;
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) count += color_at(page, x, y) != background ? 1 : 0;
  }
  return count;
}

/// The smallest box with all pixels of a colour.
Box box_of(const Picture& page, const Color& color) {
  Box box{page.width, page.height, 0, 0};
  for (int y = 0; y < page.height; ++y) {
    for (int x = 0; x < page.width; ++x) {
      const auto* pixel = page.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * page.width + x);
      if (pixel[0] != color[0] || pixel[1] != color[1] || pixel[2] != color[2]) continue;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1), std::max(box.bottom, y + 1)};
    }
  }
  return box;
}

bool is_margin_blank(const Picture& page, int margin) {
  return ink_in(page, {0, 0, page.width, margin}) == 0 && ink_in(page, {0, 0, margin, page.height}) == 0 &&
         ink_in(page, {page.width - margin, 0, page.width, page.height}) == 0 &&
         ink_in(page, {0, page.height - margin, page.width, page.height}) == 0;
}

/// In a build without fonts, tests of letters are skipped.
class SheetText : public testing::Test {
 protected:
  void SetUp() override {
    if (!font_->has_letters()) GTEST_SKIP() << "no FreeType and fontconfig in this build, or no font in this system";
  }

  [[nodiscard]] Picture page(const std::string& name, std::vector<std::string> facts = {"00:00:10.000", "25 fps"}) {
    return draw_page(cells(6, plain_picture(240, 135, red)), {name, std::move(facts)}, {}, *font_, 135);
  }

  std::unique_ptr<command::SheetFont> font_ = command::make_sheet_font();
};

TEST_F(SheetText, TheHeaderIsAboveThePicturesAndTheLabelsAreBelow) {
  const auto drawn = page("film.mp4");
  const auto pictures = box_of(drawn, red);
  EXPECT_EQ(pictures.bottom - pictures.top, 135);
  EXPECT_GT(ink_in(drawn, {0, 0, drawn.width, pictures.top}), 500);
  EXPECT_GT(ink_in(drawn, {0, pictures.bottom, drawn.width, drawn.height}), 500);
  EXPECT_TRUE(is_margin_blank(drawn, 6));
}

TEST_F(SheetText, NamesDifferInPixels) {
  EXPECT_NE(page("film.mp4").rgb, page("firm.mp4").rgb);
  EXPECT_NE(page("one.mp4", {"24 fps"}).rgb, page("one.mp4", {"25 fps"}).rgb);
  EXPECT_EQ(page("film.mp4").rgb, page("film.mp4").rgb);
}

TEST_F(SheetText, ALongHeaderStaysOnThePage) {
  const std::string long_name(400, 'W');
  const auto short_page = page("W");
  const auto drawn = page(long_name, {std::string(400, 'M'), "25 fps"});
  EXPECT_EQ(drawn.width, short_page.width);
  EXPECT_TRUE(is_margin_blank(drawn, 6));
  EXPECT_EQ(box_of(drawn, red).bottom - box_of(drawn, red).top, 135) << "no text is on a picture";
}

TEST_F(SheetText, FactsThatDoNotFitIntoALineGoOnInTheNextOne) {
  command::SheetLayout layout;
  const auto height = [&](std::size_t pictures) {
    const auto drawn =
        draw_page(cells(pictures, plain_picture(240, 135, red)),
                  {"film.mp4", {"00:00:10.000", "1920×1080", "h264", "23.976 fps", "120 shots"}}, layout, *font_, 135);
    EXPECT_TRUE(is_margin_blank(drawn, 6));
    return box_of(drawn, red).top;
  };
  EXPECT_GT(height(1), height(6));
}

// Each of these is one character or a few that no font, or another font, may have.
TEST_F(SheetText, AnyNameIsDrawn) {
  for (const std::string name :
       {"日本語の映画.mp4", "фильм.mp4", "فيلم.mp4", "👨‍👩‍👧‍👦🎬.mp4", "\"quoted\" 'name'.mp4",
        "a\u202Eb.mp4", "\U0010FFFF\uFFFD.mp4", "e\u0301\u0301\u0301.mp4", ""}) {
    const auto drawn = page(name);
    EXPECT_TRUE(is_margin_blank(drawn, 6)) << name;
    EXPECT_EQ(box_of(drawn, red).bottom - box_of(drawn, red).top, 135) << name;
    const auto pictures = box_of(drawn, red);
    EXPECT_GT(ink_in(drawn, {0, 0, drawn.width, pictures.top}), 300) << name;
  }
}

TEST_F(SheetText, ATextThatIsTooWideKeepsItsBeginningAndItsEnd) {
  const std::string name = "a long name of a film, which has éè in it.mp4";
  EXPECT_EQ(fitted_text(*font_, name, 20, 2000), name);
  for (int width = 0; width < font_->width(name, 20); width += 7) {
    const auto fitted = fitted_text(*font_, name, 20, width);
    EXPECT_LE(font_->width(fitted, 20), width);
    if (fitted.empty()) continue;
    const auto ellipsis = fitted.find("…");
    ASSERT_NE(ellipsis, std::string::npos);
    EXPECT_TRUE(name.starts_with(fitted.substr(0, ellipsis))) << fitted;
    EXPECT_TRUE(name.ends_with(fitted.substr(ellipsis + 3))) << fitted;
  }
  EXPECT_EQ(fitted_text(*font_, "abc", 20, font_->width("…", 20) - 1), "");
}

TEST_F(SheetText, IsAsHighAsItsSize) {
  for (const int size : {12, 16, 33, 100}) {
    int top = size;
    int bottom = 0;
    font_->write("Ågj|", size, 0, 0, [&](int /*x*/, int y, std::uint8_t /*ink*/) {
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
    });
    EXPECT_GE(top, -1) << size;
    EXPECT_LE(bottom, size + 1) << size;
    EXPECT_GT(bottom - top, size / 2) << size;
  }
}

TEST(GlyphFont, WritesDigitsOfItsOwn) {
  const auto font = command::make_glyph_font();
  EXPECT_FALSE(font->has_letters());
  const auto drawn = [&font](const std::string& text) {
    std::vector<std::string> rows(7, std::string(5, ' '));
    font->write(text, 8, 0, 0, [&rows](int x, int y, std::uint8_t ink) {
      rows.at(static_cast<std::size_t>(y)).at(static_cast<std::size_t>(x)) = ink == 255 ? '#' : '?';
    });
    return rows;
  };
  EXPECT_THAT(drawn("4"), testing::ElementsAre("   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "));
  std::vector<std::vector<std::string>> shapes;
  for (const char character : std::string("0123456789:.-")) shapes.push_back(drawn(std::string(1, character)));
  std::ranges::sort(shapes);
  EXPECT_EQ(std::ranges::unique(shapes).size(), 0U) << "different characters look different";
  EXPECT_EQ(font->width("00:00", 16), 2 * (5 * 6 - 1)) << "twice as large";
}

// A command without fonts has numbers and times, and no header.
TEST(ContactSheet, WithoutLettersHasNumbersBelowThePictures) {
  const auto font = command::make_glyph_font();
  const auto page =
      draw_page(cells(2, plain_picture(240, 135, red)), {"film.mp4", {"25 fps"}}, {.columns = 2}, *font, 135);
  const auto pictures = box_of(page, red);
  EXPECT_EQ(color_at(page, 0, 0), dark);
  EXPECT_EQ(pictures.top, 8) << "a gap";
  EXPECT_GT(ink_in(page, {0, pictures.bottom, page.width, page.height}), 300);
  EXPECT_EQ(page.width, 2 * 240 + 3 * 8);
}

TEST(ContactSheet, PicturesAreInRowsFromTheLeft) {
  const auto font = command::make_glyph_font();
  auto thumbnails = cells(5, plain_picture(120, 68, red));
  thumbnails[3].picture = plain_picture(60, 40, {0, 0, 255});
  const auto page = draw_page(thumbnails, {}, {.columns = 3, .width = 120}, *font, 68);
  EXPECT_EQ(page.width, 3 * 120 + 4 * 4);
  const auto blue = box_of(page, {0, 0, 255});
  EXPECT_EQ(blue.left, 4 + 30) << "in the middle of the first cell of the second row";
  EXPECT_EQ(blue.right - blue.left, 60);
  const auto reds = box_of(page, red);
  EXPECT_EQ(reds.left, 4);
  EXPECT_EQ(reds.right, page.width - 4);
  EXPECT_GT(blue.top, 4 + 68);
}

TEST(ContactSheet, ThemesHaveColoursOfTheirOwn) {
  const auto font = command::make_sheet_font();
  const auto thumbnails = cells(1, plain_picture(240, 135, red));
  const auto light = draw_page(thumbnails, {"film.mp4", {}}, {.theme = command::SheetTheme::light}, *font, 135);
  EXPECT_EQ(color_at(light, 0, 0), white);
  int darkest = 255;
  for (const auto value : light.rgb) darkest = std::min<int>(darkest, value);
  EXPECT_LT(darkest, 60);
  const auto usual = draw_page(thumbnails, {"film.mp4", {}}, {}, *font, 135);
  EXPECT_EQ(color_at(usual, 0, 0), dark);
}

// ISO 216 and ANSI, at 300 pixels per inch.
TEST(ContactSheet, PagesHaveTheSizeOfThePaper) {
  const auto font = command::make_sheet_font();
  const auto pixels = [](double inches) { return static_cast<int>(inches * 300 + 0.5); };
  struct Case {
    command::SheetPaper paper;
    double width_in;
    double height_in;
  };
  for (const auto& [paper, width_in, height_in] : {Case{command::SheetPaper::a4, 297 / 25.4, 210 / 25.4},
                                                   {command::SheetPaper::a3, 420 / 25.4, 297 / 25.4},
                                                   {command::SheetPaper::letter, 11, 8.5}}) {
    for (const int columns : {1, 6}) {
      const command::SheetLayout layout{.columns = columns, .paper = paper};
      const int width = thumbnail_width(layout);
      for (const int height :
           {std::min(width * 9 / 16, most_thumbnail_height(layout)), most_thumbnail_height(layout)}) {
        const command::SheetHeader header{"film.mp4", {"00:01:00.000", "25 fps"}};
        const int rows = rows_of_page(layout, header, *font, height, 65500);
        const auto count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
        const auto page = draw_page(cells(count, plain_picture(64, 36, red)), header, layout, *font, height);
        EXPECT_EQ(page.width, pixels(width_in));
        EXPECT_EQ(page.height, pixels(height_in));
        EXPECT_TRUE(is_margin_blank(page, 100));
        const auto pictures = box_of(page, red);
        EXPECT_LE(pictures.bottom, page.height - 100);
        EXPECT_GT(pictures.right - pictures.left, (columns - 1) * width + 64) << "small pictures are enlarged";
        EXPECT_TRUE(columns == 1 || rows > 1);
      }
    }
    EXPECT_EQ(command::thumbnail_width({.columns = 100, .paper = paper}), 0);
  }
}

// Two rows of 16:9 are slightly too high for A4 with two columns: half of the page would be blank.
TEST(ContactSheet, RowsFillThePaper) {
  const auto font = command::make_sheet_font();
  const command::SheetHeader header{"film.mp4", {"25 fps"}};
  for (const auto paper : {command::SheetPaper::a4, command::SheetPaper::letter}) {
    for (const int columns : {2, 5}) {
      const command::SheetLayout layout{.columns = columns, .paper = paper};
      const int wanted = std::min(thumbnail_width(layout) * 9 / 16, most_thumbnail_height(layout));
      const int height = fitted_height(layout, header, *font, wanted);
      EXPECT_LE(height, wanted);
      EXPECT_GT(height, wanted * 3 / 4);
      const int rows = rows_of_page(layout, header, *font, height, 65500);
      const auto count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
      const auto page = draw_page(cells(count, plain_picture(64, 36, red)), header, layout, *font, height);
      EXPECT_TRUE(is_margin_blank(page, 100)) << columns;
      EXPECT_LT(page.height - box_of(page, red).bottom, wanted + 400) << "room for less than a row, " << columns;
    }
  }
  const command::SheetLayout two{.columns = 2, .paper = command::SheetPaper::a4};
  const int height = fitted_height(two, header, *font, thumbnail_width(two) * 9 / 16);
  EXPECT_EQ(rows_of_page(two, header, *font, height, 65500), 2);
  EXPECT_EQ(command::fitted_height({}, header, *font, 135), 135) << "without paper";
}

TEST(ContactSheet, RowsKeepToTheSideAndToMemory) {
  const auto font = command::make_sheet_font();
  EXPECT_EQ(command::rows_of_page({}, {}, *font, 135, 65500), 50) << "as many as asked for";
  const command::SheetLayout tall{.columns = 1, .rows = 1000};
  const int rows = rows_of_page(tall, {}, *font, 240, 16383);
  const auto page =
      draw_page(cells(static_cast<std::size_t>(rows), plain_picture(240, 240, red)), {}, tall, *font, 240);
  EXPECT_LE(page.height, 16383);
  EXPECT_GT(page.height, 16383 - 300);
  const command::SheetLayout large{.columns = 4, .rows = 1000, .width = 4096};
  EXPECT_EQ(rows_of_page(large, {}, *font, 4096, 1'000'000), 1);
}

}  // namespace
}  // namespace transnet::test
