#!/usr/bin/env bash
# Compares m1 and other engines: the same weights, the same prompts, one repetition of each engine in turn in every round.
# It downloads from Maven Central only, and compiles nothing but the small programs beside it and a given Llama3.java.
#
#   run.sh --work DIR [OPTION VALUE]…
#
#   --work DIR            where model files, class paths and logs go; kept for the next run
#   --results DIR         where the results file goes: DIR/<device>/peers-<date>-<commit>-<model>.json (m1-bench/results)
#   --model MODEL         checkpoint folder, or synthetic:SHAPE (synthetic:0.5b)
#   --prompt N            tokens of the prompt (512)
#   --context N           m1 and llama.cpp also get a prompt of N tokens and decode after it; may be repeated
#   --new N               tokens to generate (48)
#   --threads N           compute threads (all processors)
#   --warmup N            repetitions of an engine before the first round (4)
#   --rounds N            rounds (3)
#   --bandwidth yes|no    whether to measure the read bandwidth first (yes)
#   --commit HASH --device NAME   for the results file; found out if not given
#
# Engines. m1 comes first, and ratios are to its first row:
#   --m1 bf16|packed|q8   a row of m1 with the weights as they are, the same copied into panels, or rounded to 8 bits;
#                         may be repeated (bf16)
#   --gguf bf16|q8_0|q4_0 a row of every engine that reads GGUF files, with such a file; may be repeated (bf16)
#   --llama-cpp VERSION=FILE      llama.cpp: LlamaCppPeer.cpp, compiled against it
#   --llama3 VERSION=FILE         Llama3.java; reads Llama 3 checkpoints with their vocabulary only (synthetic:llama-1b)
#   --java-llama G:A:V    java-llama.cpp from Maven Central (net.ladenthin:llama:V, de.kherud:llama:V)
#   --jlama V             Jlama from Maven Central (com.github.tjake:jlama-core:V); --jlama-native CLASSIFIER (linux-x86_64)
#   --torch DTYPE=PYTHON  transformers, float32 or bfloat16, with a Python that has it; may be repeated
#   --peer NAME=COMMAND   any other that speaks the protocol of PeerProcess.java; {model} {gguf} {context} {new} {threads}
#                         are replaced
#
# JAVA_HOME or the path's java is used, 22 or newer. Build first: mvn -B -DskipTests package -pl m1-bench -am.
set -eu

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=${M1_BENCHMARKS:-$here/../target/benchmarks.jar}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac
model=synthetic:0.5b prompt=512 new=48 threads=$(getconf _NPROCESSORS_ONLN) warmup=4 rounds=3 bandwidth=yes
work='' results=$here/../results commit='' device=''
java_llama='' jlama='' jlama_native=linux-x86_64 llama_cpp='' llama3=''
contexts=() m1_weights=() gguf_types=() torch=() peers=() more=()

die() {
    printf 'peers: %s\n' "$*" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || die "$1 needs a value"
    case $1 in
        --work) work=$2 ;;
        --results) results=$2 ;;
        --model) model=$2 ;;
        --prompt) prompt=$2 ;;
        --context) contexts+=("$2") ;;
        --new) new=$2 ;;
        --threads) threads=$2 ;;
        --warmup) warmup=$2 ;;
        --rounds) rounds=$2 ;;
        --bandwidth) bandwidth=$2 ;;
        --commit) commit=$2 ;;
        --device) device=$2 ;;
        --m1) m1_weights+=("$2") ;;
        --gguf) gguf_types+=("$2") ;;
        --java-llama) java_llama=$2 ;;
        --jlama) jlama=$2 ;;
        --jlama-native) jlama_native=$2 ;;
        --llama-cpp) llama_cpp=$2 ;;
        --llama3) llama3=$2 ;;
        --torch) torch+=("$2") ;;
        --peer) peers+=("$2") ;;
        *) die "what is $1?" ;;
    esac
    shift 2
done
[ -n "$work" ] || die "--work DIR is missing"
[ -f "$jar" ] || die "$jar is missing: mvn -B -DskipTests package -pl m1-bench -am"
mkdir -p "$work"
work=$(cd "$work" && pwd)
[ ${#m1_weights[@]} -gt 0 ] || m1_weights=(bf16)
[ ${#gguf_types[@]} -gt 0 ] || gguf_types=(bf16)
m1=("$java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp "$jar")
context=$prompt # the longest prompt, what is generated, and some room
for n in "${contexts[@]}"; do
    context=$((n > context ? n : context))
done
context=$((context + new + 64))

# Jars of a coordinate and what it depends on, as a class path in $work/$1.cp.
resolve() {
    local name=$1 list='' group artifact version classifier coordinate
    shift
    [ -f "$work/$name.cp" ] && return 0
    for coordinate in "$@"; do
        IFS=: read -r group artifact version classifier <<<"$coordinate"
        list+="<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version>"
        list+="${classifier:+<classifier>$classifier</classifier>}</dependency>"
    done
    mkdir -p "$work/$name"
    printf '<project><modelVersion>4.0.0</modelVersion><groupId>peers</groupId><artifactId>%s</artifactId>%s%s</project>\n' \
        "$name" "<version>1</version><dependencies>$list" '</dependencies>' >"$work/$name/pom.xml"
    mvn -B -q -f "$work/$name/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
        -Dmdep.outputFile="$work/$name.cp" >"$work/$name.log" 2>&1
}

# The model in a GGUF file of a type (bf16 keeps the bits, the others round every matrix); made once.
gguf() {
    local file=$work/$(basename "$directory").$1.gguf type=''
    case $1 in
        bf16) ;;
        q8_0 | q4_0) type=${1^^} ;;
        *) die "no GGUF of type $1 is made here, only bf16, q8_0, q4_0" ;;
    esac
    if [ ! -f "$file" ]; then
        "${m1[@]}" dev.m1.bench.peers.GgufFile "$directory" "$file.part" $type >&2
        mv "$file.part" "$file"
    fi
    printf '%s' "$file"
}

# engine NAME VERSION WEIGHTS all|first COMMAND…: an engine for the list, with all prompts or the first one only.
engine() {
    printf '%s\n' "$@" '' >>"$work/engines.txt"
}

absent() {
    more+=(--absent "$*")
}

directory=$("${m1[@]}" dev.m1.bench.peers.PeerModel "$model")
[ -n "$commit" ] || commit=$(git -C "$here" describe --always --dirty --abbrev=9 --exclude '*' 2>/dev/null || echo unknown)
: >"$work/engines.txt"

for weights in "${m1_weights[@]}"; do
    case $weights in
        bf16) held=STORED ;;
        packed) held=PACKED ;;
        q8) held=Q8 ;;
        *) die "m1 holds weights as bf16, packed or q8, not $weights" ;;
    esac
    engine m1 "$commit" "$weights" all "${m1[@]}" dev.m1.bench.peers.M1Peer "$directory" $held $context "$new" "$threads"
done

if [ -n "$llama_cpp" ]; then
    for type in "${gguf_types[@]}"; do
        file=$(gguf "$type")
        engine llama.cpp "${llama_cpp%%=*}" "$type" all "${llama_cpp#*=}" "$file" $context "$new" "$threads"
    done
else
    absent llama.cpp
fi

if [ -n "$llama3" ]; then
    version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p')
    source=${llama3#*=}
    package=$(sed -n 's/^package \(.*\);.*/\1/p' "$source") # its classes are seen from their own package only
    { printf '%s\n' "${package:+package $package;}" && cat "$here/Llama3Peer.java"; } >"$work/Llama3Peer.java"
    "$javac" -nowarn --enable-preview --release "$version" --add-modules=jdk.incubator.vector -d "$work/llama3" \
        "$source" "$work/Llama3Peer.java" >"$work/llama3.log" 2>&1 || die "Llama3.java does not compile: $work/llama3.log"
    for type in "${gguf_types[@]}"; do
        file=$(gguf "$type")
        engine Llama3.java "${llama3%%=*}" "$type" first "$java" --enable-preview --add-modules=jdk.incubator.vector \
            -Djava.util.concurrent.ForkJoinPool.common.parallelism=$((threads - 1)) -cp "$work/llama3" \
            "${package:+$package.}Llama3Peer" "$file" $context "$new"
    done
else
    absent Llama3.java
fi

if [ -n "$java_llama" ] && resolve java-llama "$java_llama"; then
    classpath=$(cat "$work/java-llama.cp")
    package=$(IFS=: && for j in $classpath; do "${JAVA_HOME:+$JAVA_HOME/bin/}jar" tf "$j"; done |
        sed -n 's|/LlamaModel\.class$||p' | tr / . | head -n 1)
    sed "s/de\.kherud\.llama/$package/" "$here/JavaLlamaPeer.java" >"$work/JavaLlamaPeer.java"
    "$javac" -cp "$classpath" -d "$work/java-llama" "$work/JavaLlamaPeer.java"
    for type in "${gguf_types[@]}"; do
        file=$(gguf "$type")
        engine "java-llama.cpp (${java_llama%%:*})" "${java_llama##*:}" "$type" first "$java" \
            --enable-native-access=ALL-UNNAMED -cp "$work/java-llama:$classpath" JavaLlamaPeer "$file" $context "$new" "$threads"
    done
else
    absent "java-llama.cpp${java_llama:+ $java_llama: see $work/java-llama.log}"
fi

if [ -n "$jlama" ] && resolve jlama "com.github.tjake:jlama-core:$jlama" \
    "com.github.tjake:jlama-native:$jlama:$jlama_native"; then
    classpath=$(cat "$work/jlama.cp")
    "$javac" -cp "$classpath" -d "$work/jlama" "$here/JlamaPeer.java"
    engine Jlama "$jlama" bf16 first "$java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
        --enable-preview -cp "$work/jlama:$classpath" JlamaPeer "$directory" "$new" "$threads"
else
    absent "Jlama${jlama:+ $jlama: see $work/jlama.log}"
fi

for type in "${torch[@]}"; do
    python=${type#*=}
    version=$("$python" -c 'import torch, transformers as t; print(torch.__version__, "+", t.__version__)' 2>"$work/torch.log") ||
        die "$python has no torch or no transformers: $work/torch.log"
    engine "torch + transformers" "$version" "${type%%=*}" first \
        "$python" "$here/TorchPeer.py" "$directory" "$new" "$threads" "${type%%=*}"
done
[ ${#torch[@]} -gt 0 ] || absent "torch + transformers"

for peer in "${peers[@]}"; do
    command=${peer#*=}
    types=(bf16)
    case $command in *'{gguf}'*) types=("${gguf_types[@]}") ;; esac
    for type in "${types[@]}"; do
        words=${command//\{model\}/\'$directory\'}
        case $command in *'{gguf}'*) words=${words//\{gguf\}/\'$(gguf "$type")\'} ;; esac
        words=${words//\{context\}/$context}
        words=${words//\{new\}/$new}
        engine "${peer%%=*}" '' "$type" first bash -c "exec ${words//\{threads\}/$threads}"
    done
done

[ "$bandwidth" = yes ] || more+=(--no-bandwidth)
[ -z "$device" ] || more+=(--device "$device")
for n in "${contexts[@]}"; do
    more+=(--prompt "$n")
done
"${m1[@]}" dev.m1.bench.peers.PeerComparison --engines "$work/engines.txt" --model "$directory" --prompt "$prompt" \
    --new "$new" --threads "$threads" --warmup "$warmup" --rounds "$rounds" --work "$work" --results "$results" \
    --commit "$commit" "${more[@]}" | tee "$work/table.md"
