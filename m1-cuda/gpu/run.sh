#!/usr/bin/env bash
# Everything that needs a GPU, in one call:
#
#   run.sh prepare               on a machine with a JDK and Maven: puts classes, libraries and a Java run-time image into .gpu/
#   run.sh [all|STAGE …]         on the machine with the GPU (no Java, no network)
#   run.sh --dry-run [STAGE …]   the same on the emulated driver, with a tiny model and short runs
#
# Stages, in the order of "all":
#   build      ptxas takes the committed PTX for every supported device
#   tests      core's contract, goldens and batch invariance on the device
#   bandwidth  how fast memory can be read, cold: the floor under a decode step
#   compare    logits and greedy ids of synthetic checkpoints beside transformers' in float32
#   measure    decoding (greedy, sampled, without tensor cores, with a separate KV append,
#              with dependent launches), prompts, loading, the host's share of a step
#   prefill    goldens and what remains of batch invariance with M1_CUDA_PREFILL, and prompts by the kernels and by cuBLASLt
#   products   all matrix products of a step alone, by tokens and family of kernels: with peer, the cost of batch invariance
#   attention  the attention of a step alone, on tensor cores and without: prompts, and decoding in long contexts
#   peer       transformers (bfloat16, sdpa, static cache, CUDA graph) and cuBLAS on the same checkpoints
#   sanitize   the contract under compute-sanitizer; slow, so it is only run when it is named
#
# Java comes from JAVA_HOME or .gpu/jre.tgz. Results: m1-bench/results/<device>/<date>-<commit>.json, or $OUT/ where that is set.
# SIZES="0.5b 1.5b 7b" chooses the shapes; 32b has no checkpoint (64 GB), so it takes part in measure, products and attention alone.
# SECONDS_LIMIT=540 says when to start no further stage. Where a call may take ten minutes:
#   run.sh build tests bandwidth; SIZES=7b run.sh compare measure products attention peer; SIZES=7b run.sh prefill; SIZES="0.5b 1.5b" run.sh compare measure peer;
#   SIZES=32b run.sh measure products attention
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
carried=$root/.gpu
dry=
if [ "${1:-}" = --dry-run ]; then
    dry=1
    shift
fi

prepare() {
    local jdk=${JAVA_HOME:-}
    [ -x "$jdk/bin/jlink" ] || { echo "run.sh: set JAVA_HOME to a JDK 22 or newer" >&2; exit 1; }
    mkdir -p "$carried/lib" "$carried/classes"
    (cd "$root" && mvn -B -q -pl m1-core,m1-cuda test-compile dependency:build-classpath \
        -Dmdep.outputFile="$carried/path" -Dmdep.pathSeparator=:)
    tr : '\n' <"$carried/path" | grep '\.jar$' | sort -u | xargs -I{} cp {} "$carried/lib/"
    for part in m1-core/target/classes m1-cuda/target/classes m1-cuda/target/test-classes; do
        cp -r "$root/$part/." "$carried/classes/"
    done
    rm -f "$carried"/classes/module-info.class
    printf '%s\n' dev.m1.cpu.CpuDecoderProvider dev.m1.cuda.CudaDecoderProvider \
        >"$carried/classes/META-INF/services/dev.m1.spi.DecoderProvider"
    "$jdk/bin/jlink" --add-modules java.base,java.logging,java.management,java.xml,jdk.incubator.vector,jdk.jfr,jdk.unsupported \
        --strip-debug --no-header-files --no-man-pages --compress zip-6 --output "$carried/jre"
    tar -C "$carried" -czf "$carried/jre.tgz" jre
    rm -rf "$carried/jre"
    du -sh "$carried"
}

if [ "${1:-}" = prepare ]; then
    prepare
    exit
fi

stages=${*:-all}
[ "$stages" = all ] && stages="build tests bandwidth compare measure prefill products attention peer"
work=${WORK:-$(mktemp -d)}
out=${OUT:-$work/out}
mkdir -p "$out" "$work"
limit=${SECONDS_LIMIT:-540}
failed=

if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
else
    tar -C "$work" -xzf "$carried/jre.tgz"
    java=$work/jre/bin/java
fi
[ -d "$carried/classes" ] || { echo "run.sh: $carried/classes is missing: run 'run.sh prepare' first" >&2; exit 1; }
python=${PYTHON:-python3}
device=real
sizes=${SIZES:-0.5b 1.5b 7b}
repeats=5
extent=full
if [ -n "$dry" ]; then
    device=emulated
    sizes=tiny
    repeats=1
    extent=small
fi
heap=${HEAP:-8g}

run_java() {
    # shellcheck disable=SC2086
    (cd "$root/m1-cuda" && "$java" -Xmx"$heap" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
        $cublas -Dm1.test.device="$device" -cp "$carried/classes:$carried/lib/*" "$@")
}

stage() {
    local name=$1
    shift
    if [ "$SECONDS" -gt "$limit" ]; then
        echo "== $name: not started, $SECONDS s are over"
        failed="$failed $name(not started)"
        return
    fi
    echo "== $name ($SECONDS s)"
    local status=0
    "$@" || status=$?
    if [ "$status" -ne 0 ]; then
        failed="$failed $name"
        echo "== $name: FAILED ($status)"
    fi
}

ptxas_takes() {
    local file=$1
    shift
    for arch in "$@"; do
        ptxas -arch="$arch" "$root/m1-cuda/src/main/resources/dev/m1/cuda/$file" -o "$work/$file.$arch.cubin" || return 1
        echo "ptxas $file $arch: $(stat -c %s "$work/$file.$arch.cubin") bytes"
    done
}

build() {
    # The committed PTX must compile for every device that is supported: ptxas finds what nvcc -ptx does not.
    ptxas_takes kernels.ptx sm_80 sm_86 sm_89 sm_90 sm_100 && ptxas_takes kernels-sm90.ptx sm_90 sm_100
}

contract() {
    local package=dev.m1.cuda.decoder
    local classes="$package.CudaDecoderContractTest $package.DeviceSamplingTest $package.CudaGoldenTest dev.m1.cuda.CudaModelTest"
    classes="$classes $package.FusedAppendTest $package.DependentLaunchTest"
    [ -n "$dry" ] && classes="$package.CudaDecoderContractTest $package.FusedAppendTest $package.DependentLaunchTest"
    [ -z "$dry" ] && classes="$classes dev.m1.cuda.decoder.CudaBatchInvarianceTest\$AllModels"
    # shellcheck disable=SC2086
    run_java dev.m1.cuda.gpu.GpuTests $classes
}

checkpoint() {
    [ -f "$work/$1/config.json" ] || "$python" "$here/checkpoint.py" "$1" "$work/$1"
}

compare() {
    local size=$1
    checkpoint "$size"
    local prompts=1,11,300,2048
    [ -n "$dry" ] && prompts=1,11
    "$python" "$here/reference.py" "$work/$size" "$work/reference-$size.json" --prompt-tokens "$prompts" \
        --new-tokens "$([ -n "$dry" ] && echo 6 || echo 48)"
    run_java dev.m1.cuda.gpu.Compare "$work/$size" "$work/reference-$size.json" "$out/compare-$size.json"
}

measure() {
    local size=$1 model=$work/$1
    if [ "$size" = 32b ]; then
        model=synthetic:$size
    else
        checkpoint "$size"
    fi
    run_java dev.m1.cuda.gpu.Measure "$model" "$out/measure-$size.json" "$repeats" "$extent" all
}

# cuBLASLt as PyTorch brings it, wherever Python has it; the library's own search knows the usual places only.
wheel_cublas() {
    "$python" -c 'import glob, sysconfig
found = glob.glob(sysconfig.get_path("purelib") + "/nvidia/*/lib/libcublasLt.so.1[23]")
print(max(found, key=lambda path: path.rsplit(".", 1)[1]) if found else "")'
}

prefill_tests() {
    local package=dev.m1.cuda.decoder
    local classes="$package.PrefillInvarianceTest"
    [ -z "$dry" ] && classes="$classes $package.PrefillContractTest $package.PrefillGoldenTest\$AllModels"
    [ -z "$dry" ] && classes="$classes $package.PrefillGoldenTest\$AllModelsRounded dev.m1.cuda.kernels.GemmLinearTest"
    # shellcheck disable=SC2086
    run_java dev.m1.cuda.gpu.GpuTests $classes
}

prefill() {
    local model=$work/$1
    [ "$1" = 32b ] && model=synthetic:$1 || checkpoint "$1"
    run_java dev.m1.cuda.gpu.Measure "$model" "$out/prefill-$1.json" "$repeats" "$extent" prefill
}

bandwidth() {
    nvcc -std=c++17 -O3 -ptx -arch=compute_80 -I "$root/m1-cuda/src/main/cuda" -o "$work/read.ptx" \
        "$root/m1-cuda/src/test/cpp/read.cu" || return 1
    run_java dev.m1.cuda.gpu.ReadBandwidth "$work/read.ptx" "$out/bandwidth-$device.json" "$repeats" "$extent"
}

products() {
    run_java dev.m1.cuda.gpu.Products "$1" "$out/products-$1.json" "$repeats" "$extent"
}

attention() {
    run_java dev.m1.cuda.gpu.AttentionTimes "$1" "$out/attention-$1.json" "$repeats" "$extent"
}

peer() {
    checkpoint "$1"
    "$python" "$here/peer.py" "$work/$1" "$out/peer-$1.json" "$repeats" "$extent"
}

sanitize() {
    if [ -n "$dry" ] || ! command -v compute-sanitizer >/dev/null; then
        echo "no compute-sanitizer here"
        return
    fi
    local java_real=$java
    for tool in memcheck racecheck initcheck synccheck; do
        (cd "$root/m1-cuda" && compute-sanitizer --tool "$tool" --target-processes all --error-exitcode 9 "$java_real" \
            --enable-native-access=ALL-UNNAMED -Dm1.test.device=real -cp "$carried/classes:$carried/lib/*" \
            dev.m1.cuda.gpu.GpuTests dev.m1.cuda.decoder.CudaDecoderContractTest) || return 1
    done
}

cublas=
if [ -z "$dry" ]; then
    found=$(wheel_cublas)
    cublas=${found:+-Dm1.cuda.cublas=$found}
fi

for s in $stages; do
    case $s in
        build) stage build build ;;
        tests) stage tests contract ;;
        bandwidth) stage bandwidth bandwidth ;;
        prefill)
            stage prefill-tests prefill_tests
            for size in $sizes; do stage "prefill-$size" prefill "$size"; done
            ;;
        measure | products | attention) for size in $sizes; do stage "$s-$size" "$s" "$size"; done ;;
        compare | peer)
            for size in $sizes; do
                [ "$size" = 32b ] || stage "$s-$size" "$s" "$size"
            done
            ;;
        sanitize) stage sanitize sanitize ;;
        *) echo "run.sh: no stage '$s'" >&2; exit 2 ;;
    esac
done

"$python" "$here/report.py" "$root" "$out" "$device" "$failed"
[ -z "$failed" ]
