#!/usr/bin/env bash
# Measures m1 and other engines side by side: the same weights, the same prompt, one engine after the other in every round.
# It downloads from Maven Central only, and compiles nothing but the small programs beside it and a given Llama3.java.
#
#   run.sh --out DIR [--model DIR|synthetic:SHAPE] [--prompt N] [--new N] [--threads N] [--rounds N] [--repeats N] PEER…
#
#   --java-llama G:A:V    java-llama.cpp from Maven Central (net.ladenthin:llama:V, de.kherud:llama:V)
#   --jlama V             Jlama from Maven Central (com.github.tjake:jlama-core:V); --jlama-native CLASSIFIER (linux-x86_64)
#   --llama-bench FILE    llama.cpp's own benchmark program
#   --llama3 FILE         Llama3.java; reads Llama 3 checkpoints with their vocabulary only (synthetic:llama-1b)
#   --peer NAME=COMMAND   any other, jitLLM for instance: {model} {gguf} {prompt} {new} {threads} {repeats} are replaced,
#                         and it prints a line {"promptTokens", "promptSeconds", "newTokens", "decodeTokensPerSecond"}
#                         for each repetition
#   --gguf FILE           model file for those that need one; without it --convert SCRIPT (llama.cpp's
#                         convert_hf_to_gguf.py, run by python3) makes it, or m1-bench's own writer
#
# Runs add to DIR: call it again for more rounds (a noisy machine needs them). JAVA_HOME or the path's java is used, 22 or
# newer. Build first: mvn -B -DskipTests package -pl m1-bench -am.
set -eu

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=${M1_BENCHMARKS:-$here/../target/benchmarks.jar}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac
model=synthetic:0.5b prompt=256 new=64 threads=$(getconf _NPROCESSORS_ONLN) rounds=1 repeats=2
out='' gguf='' convert='' java_llama='' jlama='' jlama_native=linux-x86_64 llama_bench='' llama3=''
names=() commands=() absent=()

die() {
    printf 'peers: %s\n' "$*" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || die "$1 needs a value"
    case $1 in
        --model) model=$2 ;;
        --out) out=$2 ;;
        --prompt) prompt=$2 ;;
        --new) new=$2 ;;
        --threads) threads=$2 ;;
        --rounds) rounds=$2 ;;
        --repeats) repeats=$2 ;;
        --gguf) gguf=$2 ;;
        --convert) convert=$2 ;;
        --java-llama) java_llama=$2 ;;
        --jlama) jlama=$2 ;;
        --jlama-native) jlama_native=$2 ;;
        --llama-bench) llama_bench=$2 ;;
        --llama3) llama3=$2 ;;
        --peer)
            names+=("${2%%=*}")
            commands+=("${2#*=}")
            ;;
        *) die "what is $1?" ;;
    esac
    shift 2
done
[ -n "$out" ] || die "--out DIR is missing"
[ -f "$jar" ] || die "$jar is missing: mvn -B -DskipTests package -pl m1-bench -am"
mkdir -p "$out/work"
out=$(cd "$out" && pwd)
work=$out/work
m1=("$java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp "$jar")

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

# --- The model, the prompt, the model file -------------------------------------------------------------------------

directory=$("${m1[@]}" dev.m1.bench.peers.PeerModel "$model")
text=$work/prompt-$prompt.txt
[ -f "$text" ] || "${m1[@]}" dev.m1.bench.peers.PeerPrompt "$directory" "$prompt" "$text"
if [ -z "$gguf" ] && [ -n "$java_llama$llama_bench$llama3${names[*]-}" ]; then
    gguf=$work/$(basename "$directory").gguf
    if [ ! -f "$gguf" ]; then
        if [ -n "$convert" ]; then
            python3 "$convert" --outtype bf16 --outfile "$gguf.part" "$directory" >&2
        else
            "${m1[@]}" dev.m1.bench.peers.GgufFile "$directory" "$gguf.part"
        fi
        mv "$gguf.part" "$gguf"
    fi
fi

# --- The engines ---------------------------------------------------------------------------------------------------

if [ -n "$java_llama" ] && resolve java-llama "$java_llama"; then
    classpath=$(cat "$work/java-llama.cp")
    package=$(IFS=: && for j in $classpath; do "${JAVA_HOME:+$JAVA_HOME/bin/}jar" tf "$j"; done |
        sed -n 's|/LlamaModel\.class$||p' | tr / . | head -n 1)
    sed "s/de\.kherud\.llama/$package/" "$here/JavaLlamaPeer.java" >"$work/JavaLlamaPeer.java"
    "$javac" -cp "$classpath" -d "$work/java-llama" "$work/JavaLlamaPeer.java"
    names+=("java-llama.cpp-${java_llama##*:}")
    commands+=("'$java' --enable-native-access=ALL-UNNAMED -cp '$work/java-llama:$classpath' JavaLlamaPeer {gguf} '$text' {new} {threads} {repeats}")
else
    absent+=("java-llama.cpp${java_llama:+ ($java_llama: see $work/java-llama.log)}")
fi
if [ -n "$jlama" ] && resolve jlama "com.github.tjake:jlama-core:$jlama" \
    "com.github.tjake:jlama-native:$jlama:$jlama_native"; then
    classpath=$(cat "$work/jlama.cp")
    "$javac" -cp "$classpath" -d "$work/jlama" "$here/JlamaPeer.java"
    names+=("jlama-$jlama")
    commands+=("'$java' --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED --enable-preview -cp '$work/jlama:$classpath' JlamaPeer {model} '$text' {new} {threads} {repeats}")
else
    absent+=("jlama${jlama:+ ($jlama: see $work/jlama.log)}")
fi
if [ -n "$llama3" ] && [ -f "$llama3" ]; then
    version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p')
    package=$(sed -n 's/^package \(.*\);.*/\1/p' "$llama3") # its classes are seen from their own package only
    { printf '%s\n' "${package:+package $package;}" && cat "$here/Llama3Peer.java"; } >"$work/Llama3Peer.java"
    "$javac" -nowarn --enable-preview --release "$version" --add-modules=jdk.incubator.vector -d "$work/llama3" \
        "$llama3" "$work/Llama3Peer.java" >"$work/llama3.log" 2>&1 || die "llama3.java does not compile: $work/llama3.log"
    names+=("llama3.java")
    commands+=("'$java' --enable-preview --add-modules=jdk.incubator.vector -Djava.util.concurrent.ForkJoinPool.common.parallelism={threads} -cp '$work/llama3' ${package:+$package.}Llama3Peer {gguf} '$text' {new} {threads} {repeats}")
else
    absent+=("llama3.java${llama3:+ ($llama3)}")
fi
if [ -z "$llama_bench" ] || [ ! -x "$llama_bench" ]; then
    absent+=("llama-bench${llama_bench:+ ($llama_bench)}")
    llama_bench=
fi
case " ${names[*]-} " in
    *jit[Ll][Ll][Mm]*) ;;
    *) absent+=("jitLLM") ;;
esac

# --- The rounds ----------------------------------------------------------------------------------------------------

fill() {
    local command=$1
    command=${command//\{model\}/\'$directory\'}
    command=${command//\{gguf\}/\'$gguf\'}
    command=${command//\{prompt\}/\'$text\'}
    command=${command//\{new\}/$new}
    command=${command//\{threads\}/$threads}
    printf '%s' "${command//\{repeats\}/$repeats}"
}

round=1
while [ -e "$out/m1.$round.jsonl" ]; do
    round=$((round + 1))
done
last=$((round + rounds - 1))
for (( ; round <= last; round++)); do
    printf 'peers: round %s, m1\n' "$round" >&2
    "${m1[@]}" dev.m1.bench.peers.M1Peer "$directory" "$text" "$new" "$threads" "$repeats" \
        >"$out/m1.$round.jsonl" 2>"$work/m1.$round.log"
    for i in "${!names[@]}"; do
        printf 'peers: round %s, %s\n' "$round" "${names[i]}" >&2
        if ! bash -c "$(fill "${commands[i]}")" >"$work/out" 2>"$work/${names[i]}.$round.log" </dev/null; then
            absent+=("${names[i]} (failed in round $round: see $work/${names[i]}.$round.log)")
        else
            cp "$work/out" "$out/${names[i]}.$round.jsonl"
        fi
    done
    if [ -n "$llama_bench" ]; then
        printf 'peers: round %s, llama-bench\n' "$round" >&2
        "$llama_bench" -m "$gguf" -p "$prompt" -n 0 -t "$threads" -r "$repeats" -o json \
            >"$work/prompt.json" 2>"$work/llama-bench.$round.log"
        "$llama_bench" -m "$gguf" -p 0 -n "$new" -d "$prompt" -t "$threads" -r "$repeats" -o json \
            >"$work/new.json" 2>>"$work/llama-bench.$round.log"
        { # two arrays become one
            sed '$d' "$work/prompt.json"
            echo ,
            sed 1d "$work/new.json"
        } >"$out/llama-bench.$round.llama-bench.json"
    fi
done

"${m1[@]}" dev.m1.bench.peers.PeerReport "$out" "${absent[@]}" | tee "$out/table.txt"
