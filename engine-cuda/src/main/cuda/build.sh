#!/bin/sh
# Compiles the CUDA kernels: build.sh CLASSES.
#
# With g++: one library CLASSES/native/liborrery-cuda-emulated.so that runs them on the host (src/emulator). With nvcc: a
# fatbin for each file, CLASSES/native/NAME.fatbin. Without either the build goes on, and says what is missing.
#
# ORRERY_CUDA_TARGETS=all compiles for sm_80, sm_86, sm_89 and sm_90a with PTX of compute_80 for what comes later. By default
# it is what the GPUs of this machine are, as nvidia-smi says, or sm_90a where there is none, which compiles every path once.
# =none leaves nvcc out.
# Only what is older than its source is compiled.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
emulator=$(cd "$source/../../emulator" && pwd)
target=$1/native
objects=$1/../emulator
targets=${ORRERY_CUDA_TARGETS:-default}
cxx=${CXX:-g++}
mkdir -p "$target" "$objects"
rm -f "$objects/failed"

all_headers="$source/*.cuh $source/blocks/*.cuh"

stale() { # RESULT SOURCES...
    result=$1
    shift
    [ -f "$result" ] || return 0
    for each in "$@"; do
        if [ "$each" -nt "$result" ] || [ ! -e "$each" ]; then return 0; fi
    done
    return 1
}

# What a kernel's file includes, as its last compilation for the emulator saw it; every header where there was none.
includes() { # NAME PATTERN
    if [ -f "$objects/$1.d" ]; then
        tr ' \\' '\n\n' <"$objects/$1.d" | grep "$2" || true
    else
        echo $all_headers
    fi
}

parallel() { # keeps as many compilers running as there are cores
    running=$((${running:-0} + 1))
    if [ "$running" -ge "$(getconf _NPROCESSORS_ONLN)" ]; then
        wait
        running=0
    fi
}

emulate() { # NAME
    sh "$emulator/compile.sh" "$cxx" "$source/$1.cu" "$objects/$1.o" || touch "$objects/failed"
}

device_code() { # NAME
    # shellcheck disable=SC2086
    "$nvcc" -std=c++17 -O3 -Werror all-warnings $codes -fatbin -o "$target/$1.fatbin.part" "$source/$1.cu" &&
        mv "$target/$1.fatbin.part" "$target/$1.fatbin" || touch "$objects/failed"
}

names=$(cd "$source" && ls ./*.cu | sed 's/^\.\///; s/\.cu$//')

if command -v "$cxx" >/dev/null 2>&1; then
    library=$target/liborrery-cuda-emulated.so
    for name in $names; do
        # shellcheck disable=SC2046
        if stale "$objects/$name.o" "$emulator/compile.sh" "$source/$name.cu" $(includes "$name" '\.cuh$\|\.h$'); then
            emulate "$name" &
            parallel
        fi
    done
    for part in emulator races; do
        if stale "$objects/$part.o" "$emulator/$part.cpp" "$emulator"/*.h "$emulator/compile.sh"; then
            sh "$emulator/compile.sh" "$cxx" "$emulator/$part.cpp" "$objects/$part.o" || touch "$objects/failed"
        fi
    done
    wait
    [ ! -f "$objects/failed" ] || exit 1
    list=
    for name in emulator races $names; do list="$list $objects/$name.o"; done
    # shellcheck disable=SC2086
    if stale "$library" $list; then
        # shellcheck disable=SC2086
        sh "$emulator/link.sh" "$cxx" "$library" $list
    fi
else
    echo "No C++ compiler ($cxx) was found: --device cuda-emulated will not be there; install g++ and build again."
fi

# 80, 89, 90a: those that differ.
present_capabilities() {
    found=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | grep -E '^[0-9]+\.[0-9]+$' | sort -u || true)
    echo "${found:-9.0}" | sed 's/\.//; s/^90$/90a/'
}

case $targets in
default)
    codes=
    for capability in $(present_capabilities); do
        codes="$codes -gencode arch=compute_$capability,code=sm_$capability"
    done
    ;;
all)
    codes="-gencode arch=compute_80,code=[sm_80,compute_80] -gencode arch=compute_86,code=sm_86"
    codes="$codes -gencode arch=compute_89,code=sm_89 -gencode arch=compute_90a,code=sm_90a"
    ;;
none) exit 0 ;;
*)
    echo "ORRERY_CUDA_TARGETS is $targets: default, all or none can be had." >&2
    exit 1
    ;;
esac
nvcc=$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)
if [ ! -x "$nvcc" ]; then
    echo "No nvcc was found: this build has no kernels for a GPU; install the CUDA toolkit and build again."
    exit 0
fi
stamp=$objects/targets
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$codes" ]; then
    rm -f "$target"/*.fatbin
    echo "$codes" >"$stamp"
fi
for name in $names; do
    # shellcheck disable=SC2046
    if stale "$target/$name.fatbin" "$source/$name.cu" $(includes "$name" '\.cuh$'); then
        device_code "$name" &
        parallel
    fi
done
wait
[ ! -f "$objects/failed" ] || exit 1
(cd "$target" && ls ./*.fatbin | sed 's/^\.\///') >"$target/fatbins"
