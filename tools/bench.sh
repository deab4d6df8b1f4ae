# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Part of ./dev: figures of a release build, each beside something else that is measured in the same
# run. One line a figure; docs/performance.md says what they mean.

BENCH_PACKAGES="mdevctl"
BENCH_FIGURES="scan check fleet remote start key idle memory"

bench_one() {
	case $1 in
	scan | check | fleet | remote) set -- "bench_$1" ;;
	start | key) set -- bench_console "$1" ;;
	idle | memory) set -- bench_idle "$1" ;;
	*)
		echo "there is no figure $1; there are: $BENCH_FIGURES" >&2
		return 2
		;;
	esac
	program=$1
	shift
	ninja -C build-release "tests/$program" mdevcon >/dev/null
	MDEVCON_BIN=$PWD/build-release/mdevcon MDEVCON_DATA=$PWD/tests/data \
		"build-release/tests/$program" "$@"
}

bench() {
	setup
	# shellcheck disable=SC2086 # a list of packages
	need $BENCH_PACKAGES
	configure build-release -Dbuildtype=release
	# shellcheck disable=SC2086 # a list of names
	[ $# -gt 0 ] || set -- $BENCH_FIGURES
	for figure in "$@"; do
		bench_one "$figure" || return
	done
}
