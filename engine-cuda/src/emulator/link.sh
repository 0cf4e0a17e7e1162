#!/bin/sh
# Links the emulated kernels: link.sh COMPILER LIBRARY OBJECTS...
set -eu
cxx=$1
library=$2
shift 2
# never unloaded: its signal handlers stay
"$cxx" -shared -Wl,-z,nodelete -Wl,-z,noexecstack -o "$library.part" "$@" -lpthread
mv "$library.part" "$library"
