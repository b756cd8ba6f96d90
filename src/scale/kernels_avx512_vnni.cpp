// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET avx512_vnni
#include "scale/avx512_vector.hpp"

namespace transnet::scale {
namespace avx512_vnni {

struct MultiplyAdd {
  static __m512i add(__m512i sum, __m512i a, __m512i b) { return _mm512_dpwssd_epi32(sum, a, b); }
};

}  // namespace avx512_vnni

constinit const Kernels avx512_vnni_kernels =
    avx512_vnni::VectorKernels<avx512_vnni::Avx512Vector<avx512_vnni::MultiplyAdd>>::table();

}  // namespace transnet::scale
