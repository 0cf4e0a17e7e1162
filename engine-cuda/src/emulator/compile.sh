#!/bin/sh
# Compiles one file for the emulator: compile.sh COMPILER FILE.cu OBJECT [OPTIONS...]
set -eu
cxx=$1
file=$2
object=$3
shift 3
emulator=$(cd "$(dirname "$0")" && pwd)
kernels=${KERNELS:-$emulator/../main/cuda}
name=$(basename "$file" .cu)
# an array indexed past its end traps; products and sums are rounded one by one
flags="-std=c++17 -O2 -fPIC -fvisibility=hidden -ffp-contract=off -fno-exceptions -fno-strict-aliasing
    -fsanitize=bounds-strict -fsanitize-undefined-trap-on-error -Wall -Wextra -Wno-unknown-pragmas -Wno-psabi
    -I$emulator -I$kernels -DEMULATED_SHARED=shared_of_$(echo "$name" | tr -c 'a-zA-Z0-9\n' _)"

if [ "${file%.cu}" != "$file" ]; then
    unit=${object%.o}.cpp
    echo "#include \"$file\"" >"$unit"
    # shellcheck disable=SC2086
    "$cxx" $flags "$@" -E -P -DEMULATED_LISTING "$unit" | tr '\n' ' ' |
        { grep -o 'emulated_global [^(]*(' || true; } | sed 's/.* \([A-Za-z0-9_]*\) *($/EMULATED_KERNEL(\1)/' >"$unit.kernels"
    cat "$unit.kernels" >>"$unit"
    rm "$unit.kernels"
else
    unit=$file
fi
# shellcheck disable=SC2086
"$cxx" $flags "$@" -MMD -MF "${object%.o}.d" -c -o "$object.part" "$unit"
mv "$object.part" "$object"
