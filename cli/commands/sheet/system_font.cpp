// SPDX-License-Identifier: Apache-2.0
// The system's fonts, by fontconfig and FreeType.
#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <cstddef>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

#include "commands/sheet/sheet_font.hpp"

namespace command {
namespace {

template <auto free_function>
struct Freed {
  template <typename T>
  void operator()(T* object) const noexcept {
    static_cast<void>(free_function(object));
  }
};
using FontLibrary = std::unique_ptr<std::remove_pointer_t<FT_Library>, Freed<FT_Done_FreeType>>;
using FontFace = std::unique_ptr<std::remove_pointer_t<FT_Face>, Freed<FT_Done_Face>>;
using FontPattern = std::unique_ptr<FcPattern, Freed<FcPatternDestroy>>;
using FontCharacters = std::unique_ptr<FcCharSet, Freed<FcCharSetDestroy>>;

struct FontFile {
  std::string path;
  int index = 0;  // of the font in the file

  friend bool operator==(const FontFile&, const FontFile&) = default;
};

/// The file of the sans serif font that suits the character best; the path is empty if there is none.
FontFile find_font(char32_t character) {
  const FontPattern wanted(FcPatternCreate());
  const FontCharacters characters(FcCharSetCreate());
  if (!wanted || !characters) return {};
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("sans-serif"));
  FcPatternAddBool(wanted.get(), FC_OUTLINE, FcTrue);
  FcCharSetAddChar(characters.get(), character);
  FcPatternAddCharSet(wanted.get(), FC_CHARSET, characters.get());
  FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult result = FcResultNoMatch;
  const FontPattern found(FcFontMatch(nullptr, wanted.get(), &result));
  FcChar8* path = nullptr;
  int index = 0;
  if (!found || FcPatternGetString(found.get(), FC_FILE, 0, &path) != FcResultMatch) return {};
  FcPatternGetInteger(found.get(), FC_INDEX, 0, &index);
  return {reinterpret_cast<const char*>(path), index};
}

/// Marks of direction and joiners, which say how neighbours look.
bool is_invisible(char32_t character) noexcept {
  const auto is_in = [character](char32_t first, char32_t last) { return character >= first && character <= last; };
  return character == 0xAD || is_in(0x200B, 0x200F) || is_in(0x202A, 0x202E) || is_in(0x2060, 0x206F) ||
         is_in(0xFE00, 0xFE0F) || character == 0xFEFF || is_in(0xE0000, 0xE0FFF);
}

/// The visible characters of valid UTF-8.
std::vector<char32_t> visible_characters(std::string_view text) {
  std::vector<char32_t> characters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) {
      if (!characters.empty()) characters.back() = (characters.back() << 6U) | (byte & 0x3FU);
    } else {
      characters.push_back(byte < 0x80U ? byte : byte < 0xE0U ? byte & 0x1FU : byte < 0xF0U ? byte & 0x0FU : byte & 7U);
    }
  }
  std::erase_if(characters, is_invisible);
  return characters;
}

class SystemFont : public SheetFont {
 public:
  SystemFont(FontLibrary library, FontFace face, FontFile file) : library_(std::move(library)) {
    fonts_.push_back({std::move(file), std::move(face)});
  }

  [[nodiscard]] bool has_letters() const noexcept override { return true; }

  [[nodiscard]] int width(std::string_view text, int size_px) override {
    int width_px = 0;
    for (const auto character : visible_characters(text)) {
      if (const auto* glyph = render(character, size_px)) width_px += advance_of(*glyph);
    }
    return width_px;
  }

  void write(std::string_view text, int size_px, int left, int top, const InkPixel& ink) override {
    const int baseline = top + size_px * 4 / 5;
    for (const auto character : visible_characters(text)) {
      const auto* glyph = render(character, size_px);
      if (glyph == nullptr) continue;
      const auto& bitmap = glyph->bitmap;
      const bool is_grey = bitmap.pixel_mode == FT_PIXEL_MODE_GRAY && bitmap.pitch >= 0;
      for (unsigned y = 0; is_grey && y < bitmap.rows; ++y) {
        const auto* row = bitmap.buffer + static_cast<std::size_t>(y) * static_cast<std::size_t>(bitmap.pitch);
        for (unsigned x = 0; x < bitmap.width; ++x) {
          if (row[x] == 0) continue;
          ink(left + glyph->bitmap_left + static_cast<int>(x), baseline - glyph->bitmap_top + static_cast<int>(y),
              row[x]);
        }
      }
      left += advance_of(*glyph);
    }
  }

 private:
  struct Font {
    FontFile file;
    FontFace face;
  };

  static int advance_of(const FT_GlyphSlotRec& glyph) {
    constexpr FT_Pos unit = 64;  // of a pixel
    return static_cast<int>((glyph.advance.x + unit / 2) / unit);
  }

  /// Null if the font's file is damaged.
  const FT_GlyphSlotRec* render(char32_t character, int size_px) {
    auto* first = fonts_.front().face.get();
    auto* face = face_of(character);
    if (const auto* glyph = render(face, FT_Get_Char_Index(face, character), size_px)) return glyph;
    return render(first, 0, size_px);  // the box of missing characters
  }

  static const FT_GlyphSlotRec* render(FT_Face face, FT_UInt glyph, int size_px) {
    const int em_px = size_px * 4 / 5;
    if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(em_px)) != 0) return nullptr;
    // Fonts of emoji have coloured bitmaps of one size, which would not fit.
    if (FT_Load_Glyph(face, glyph, FT_LOAD_RENDER | FT_LOAD_NO_BITMAP | FT_LOAD_TARGET_LIGHT) != 0) return nullptr;
    return face->glyph;
  }

  /// The face that has the character, otherwise the first one.
  FT_Face face_of(char32_t character) {
    if (FT_Get_Char_Index(fonts_.front().face.get(), character) != 0) return fonts_.front().face.get();
    const auto [known, is_new] = others_.try_emplace(character, 0);
    if (is_new) known->second = find_other(character);
    return fonts_[known->second].face.get();
  }

  /// The number of a further font that has the character; 0 = none.
  std::size_t find_other(char32_t character) {
    constexpr std::size_t most_fonts = 8;  // a name may have any characters
    auto file = find_font(character);
    const auto has = [character](const FontFace& face) { return FT_Get_Char_Index(face.get(), character) != 0; };
    for (std::size_t i = 1; i < fonts_.size(); ++i) {
      if (fonts_[i].file == file) return has(fonts_[i].face) ? i : 0;
    }
    FT_Face face = nullptr;
    if (fonts_.size() == most_fonts || FT_New_Face(library_.get(), file.path.c_str(), file.index, &face) != 0) return 0;
    FontFace owned(face);
    if (!has(owned)) return 0;
    fonts_.push_back({std::move(file), std::move(owned)});
    return fonts_.size() - 1;
  }

  FontLibrary library_;  // outlives the faces
  std::vector<Font> fonts_;
  std::map<char32_t, std::size_t> others_;  // characters that the first font does not have
};

}  // namespace

std::unique_ptr<SheetFont> open_system_font() {
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) return nullptr;
  FontLibrary owned_library(library);
  auto file = find_font(U'0');
  FT_Face face = nullptr;
  if (file.path.empty() || FT_New_Face(library, file.path.c_str(), file.index, &face) != 0) return nullptr;
  return std::make_unique<SystemFont>(std::move(owned_library), FontFace(face), std::move(file));
}

}  // namespace command
