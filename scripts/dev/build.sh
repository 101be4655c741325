## build [TARGET...]: build the release configuration (shared by run and test)
use_ccache() {
  export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
}

configure() { # PRESET
  use_ccache
  [ -f "build/$1/build.ninja" ] || cmake --preset "$1" >"build-$1.log" 2>&1 || { cat "build-$1.log"; return 1; }
  rm -f "build-$1.log"
}

dev_build() {
  dev_setup
  configure release
  cmake --build --preset release ${1:+--target "$@"}
}
