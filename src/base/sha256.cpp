// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"

#include <algorithm>
#include <bit>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace transnet::base {
namespace {

using State = std::array<std::uint32_t, 8>;
constexpr std::size_t block_bytes = 64;

// Of the cube roots of the first 64 primes.
alignas(16) constexpr std::array<std::uint32_t, 64> constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

void add_block(State& state, const unsigned char* block) noexcept {
  std::array<std::uint32_t, 64> words{};
  for (std::size_t i = 0; i < 16; ++i) {
    const unsigned char* const at = block + 4 * i;
    words[i] = std::uint32_t{at[0]} << 24U | std::uint32_t{at[1]} << 16U | std::uint32_t{at[2]} << 8U | at[3];
  }
  for (std::size_t i = 16; i < words.size(); ++i) {
    const auto early = words[i - 15];
    const auto late = words[i - 2];
    words[i] = words[i - 16] + (std::rotr(early, 7) ^ std::rotr(early, 18) ^ early >> 3U) + words[i - 7] +
               (std::rotr(late, 17) ^ std::rotr(late, 19) ^ late >> 10U);
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto first =
        h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + words[i];
    const auto second = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
  }
  const State sums{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += sums[i];
}

#if defined(__x86_64__)
using Words = std::uint32_t __attribute__((vector_size(16)));

__m128i add_words(__m128i a, __m128i b) noexcept {
  return std::bit_cast<__m128i>(std::bit_cast<Words>(a) + std::bit_cast<Words>(b));
}

bool has_instructions() noexcept {
  unsigned int a = 0;
  unsigned int b = 0;
  unsigned int c = 0;
  unsigned int d = 0;
  constexpr unsigned int sha = 1U << 29U;
  return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & sha) != 0;
}

__attribute__((target("sha,sse4.1"))) void add_blocks_by_instructions(State& state, const unsigned char* blocks,
                                                                      std::size_t count) noexcept {
  const auto load = [](const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); };
  const auto [a, b, c, d, e, f, g, h] = std::bit_cast<std::array<int, 8>>(state);
  __m128i abef = _mm_set_epi32(a, b, e, f);
  __m128i cdgh = _mm_set_epi32(c, d, g, h);
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (; count > 0; --count, blocks += block_bytes) {
    const __m128i abef_before = abef;
    const __m128i cdgh_before = cdgh;
    __m128i words[4];  // NOLINT(modernize-avoid-c-arrays): std::array drops the type's attributes
    for (std::size_t i = 0; i < 4; ++i) words[i] = _mm_shuffle_epi8(load(blocks + 16 * i), big_endian);
    for (std::size_t round = 0; round < 64; round += 16) {
      for (std::size_t i = 0; i < 4; ++i) {
        if (round > 0) {
          const __m128i last = words[(i + 3) % 4];
          const __m128i middle = _mm_alignr_epi8(last, words[(i + 2) % 4], 4);
          words[i] = _mm_sha256msg2_epu32(add_words(_mm_sha256msg1_epu32(words[i], words[(i + 1) % 4]), middle), last);
        }
        const __m128i sums = add_words(words[i], load(&constants[round + 4 * i]));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sums);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sums, 0x0e));
      }
    }
    abef = add_words(abef, abef_before);
    cdgh = add_words(cdgh, cdgh_before);
  }
  const auto first = std::bit_cast<std::array<std::uint32_t, 4>>(abef);
  const auto second = std::bit_cast<std::array<std::uint32_t, 4>>(cdgh);
  state = {first[3], first[2], second[3], second[2], first[1], first[0], second[1], second[0]};
}
#else
bool has_instructions() noexcept { return false; }
#endif

}  // namespace

Sha256::Sha256(bool may_use_instructions) noexcept
    : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
      uses_instructions_(may_use_instructions && has_instructions()) {}

void Sha256::add_blocks(const unsigned char* blocks, std::size_t count) noexcept {
#if defined(__x86_64__)
  if (uses_instructions_) return add_blocks_by_instructions(state_, blocks, count);
#endif
  for (; count > 0; --count, blocks += block_bytes) add_block(state_, blocks);
}

void Sha256::add(std::span<const unsigned char> bytes) noexcept {
  if (const std::size_t held = bytes_ % block_bytes; held > 0) {
    const auto part = bytes.first(std::min(bytes.size(), block_bytes - held));
    std::ranges::copy(part, rest_.begin() + static_cast<std::ptrdiff_t>(held));
    bytes_ += part.size();
    bytes = bytes.subspan(part.size());
    if (bytes_ % block_bytes == 0 && !part.empty()) add_blocks(rest_.data(), 1);
  }
  if (bytes.empty()) return;
  add_blocks(bytes.data(), bytes.size() / block_bytes);
  std::ranges::copy(bytes.last(bytes.size() % block_bytes), rest_.begin());
  bytes_ += bytes.size();
}

std::string Sha256::hexadecimal() {
  const std::uint64_t bits = bytes_ * 8;
  std::array<unsigned char, block_bytes + 8> end{0x80};  // zeros that fill a block up to the length
  const std::size_t zeros = (2 * block_bytes - 9 - bytes_ % block_bytes) % block_bytes;
  for (std::size_t i = 0; i < 8; ++i) end[1 + zeros + i] = static_cast<unsigned char>(bits >> (56 - 8 * i));
  add(std::span(end).first(1 + zeros + 8));
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto word : state_) {
    for (unsigned int shift = 32; shift > 0; shift -= 4) text += digits[word >> (shift - 4) & 15U];
  }
  return text;
}

std::string sha256_of(std::string_view bytes) {
  Sha256 hash;
  hash.add({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
  return hash.hexadecimal();
}

}  // namespace transnet::base
