# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Part of ./dev: what machines can check. Every finding is an error; what is left out, and why, stands
# in .clang-tidy, in tools/cppcheck.suppressions and below.

LINT_PACKAGES="clang clang-format clang-tidy cppcheck shellcheck codespell"

c_files() { git ls-files -co --exclude-standard '*.c' '*.h'; }

# All shell scripts, by name or by first line; probe.sh has a check of its own.
shell_files() {
	git ls-files -co --exclude-standard | while IFS= read -r file; do
		case $file in
		remote/probe.sh) ;;
		*.sh) echo "$file" ;;
		*) ! head -n 1 "$file" 2>/dev/null | grep -q '^#!/bin/sh' || echo "$file" ;;
		esac
	done
}

lint_format() { c_files | xargs clang-format --dry-run --Werror; }

lint_shell() { shell_files | xargs shellcheck; }

# The script that the probe sends is checked whole, with the part that is made from the table of
# paths. Left out: SC1007 (a variable is emptied), SC2317 (functions that are called by name), SC2010 (ls | grep is how it looks through
# processes without a process for each), SC2015 (nothing that fails stands between), SC3058
# (undefined in POSIX, yet the same in every shell that the tests of the probe run it in).
lint_probe() {
	ninja -C build-clang tests/probe_text >/dev/null &&
		build-clang/tests/probe_text | shellcheck -s sh -e SC1007,SC2010,SC2015,SC2317,SC3058 -
}

# Files in lots, so that both processors are busy to the end.
lint_tidy() {
	ninja -C build-clang >&2 &&
		c_files | grep '\.c$' | grep -v '^tests/lab/guest/' |
		xargs -n 4 -P "$(nproc)" clang-tidy -p build-clang --quiet 2>/dev/null
}

lint_cppcheck() {
	cppcheck -q -j "$(nproc)" --enable=warning,performance,portability --error-exitcode=1 \
		--inline-suppr --suppressions-list=tools/cppcheck.suppressions --std=c11 \
		--library=gnu,posix,gtk,tools/cppcheck.cfg -D_GNU_SOURCE -I. --template='{file}:{line}: {message} [{id}]' \
		core remote tui cli tests
}

lint_spelling() {
	git ls-files -co --exclude-standard | grep -v -e '^COPYING$' -e '/golden/' -e '/corpus/' -e '\.svg$' |
		xargs codespell
}

lint() {
	# shellcheck disable=SC2086 # a list of packages
	need $PACKAGES $LINT_PACKAGES
	CC=clang configure build-clang
	status=0
	for part in format shell probe cppcheck spelling tidy; do
		"lint_$part" && continue
		echo "lint: $part has something to say" >&2
		status=1
	done
	return "$status"
}
