#!/bin/sh
# Compiles the CPU kernels into one library per instruction level: build.sh CLASSES. Without a C compiler the build goes on.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
target=$1/native
compiler=${CC:-cc}

if ! command -v "$compiler" >/dev/null 2>&1; then
    echo "No C compiler ($compiler) was found: the CPU backend will run in plain Java, slowly; install gcc or clang and build again."
    exit 0
fi
mkdir -p "$target"

compile() { # LEVEL FLAGS...
    level=$1
    shift
    library=$target/liborrery-$level.so
    if [ -f "$library" ] && [ -z "$(find "$source" -newer "$library" -type f)" ]; then
        return
    fi
    "$compiler" -std=gnu11 -O3 -ffp-contract=off -fvisibility=hidden -fPIC -shared -Wall -Wextra -Wno-psabi "$@" \
        -o "$library.part" "$source"/*.c -lm
    mv "$library.part" "$library"
}

supports() { # FLAGS...
    echo 'int main(void) { return 0; }' | "$compiler" "$@" -x c -c -o /dev/null - 2>/dev/null
}

compile portable
if [ "$(uname -m)" = x86_64 ]; then
    for level in "x86-64-v3 -march=x86-64-v3" "avx512 -march=x86-64-v4 -mavx512vnni"; do
        flags=${level#* }
        # shellcheck disable=SC2086
        if supports $flags; then
            compile ${level%% *} $flags
        else
            echo "$compiler does not know $flags: the CPU kernels are built without that level."
        fi
    done
fi
