#!/usr/bin/env bash
# Regenerates dev.m1.cuda.bindings from the CUDA headers; see README.md beside this file.
#
#   JEXTRACT=/path/to/jextract CUDA_INCLUDE=/usr/local/cuda/include CUBLAS_INCLUDE=…/nvidia/cu13/include generate.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${JEXTRACT:?the jextract command}" "${CUDA_INCLUDE:?folder of cuda.h}" "${CUBLAS_INCLUDE:?folder of cublasLt.h}"
out=../src/main/java
package=$out/dev/m1/cuda/bindings

find "$package" -name '*.java' ! -name package-info.java -delete 2>/dev/null || true
$JEXTRACT -I "$CUDA_INCLUDE" @cuda.args --output "$out" "$CUDA_INCLUDE/cuda.h"
$JEXTRACT -I "$CUDA_INCLUDE" -I "$CUBLAS_INCLUDE" @cublas.args --output "$out" "$CUBLAS_INCLUDE/cublasLt.h"

# jextract 23 and newer call a method that Java 22 does not have yet.
find "$package" -name '*.java' -exec sed -i \
    's/SYMBOL_LOOKUP\.findOrThrow(\("[^"]*"\))/SYMBOL_LOOKUP.find(\1).orElseThrow(() -> new UnsatisfiedLinkError(\1))/' {} +
