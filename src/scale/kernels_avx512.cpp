// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET avx512
#include "scale/avx512_vector.hpp"

namespace transnet::scale {
namespace avx512 {

struct MultiplyAdd {
  static __m512i add(__m512i sum, __m512i a, __m512i b) { return _mm512_add_epi32(sum, _mm512_madd_epi16(a, b)); }
};

}  // namespace avx512

constinit const Kernels avx512_kernels = avx512::VectorKernels<avx512::Avx512Vector<avx512::MultiplyAdd>>::table();

}  // namespace transnet::scale
