// All kernels, as one module: what nvcc turns into kernels.ptx.
#include "attention.cu"
#include "attention_mma.cu"
#include "embed.cu"
#include "gemm.cu"
#include "linear.cu"
#include "linear_mma.cu"
#include "rope.cu"
#include "sampling.cu"
