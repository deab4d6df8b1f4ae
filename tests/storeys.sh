#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The three storeys, enforced: storeys.sh SOURCE_ROOT LIBCORE LIBREMOTE LIBTUI
# core knows neither curses nor SSH; remote no faces; tui neither SSH nor remote; only cli/main.c
# and cli/open.c, the composition root, may name remote.
set -eu
root=$1 libcore=$2 libremote=$3 libtui=$4
bad=0

# Lines of includes below DIR that match the pattern.
forbid_include() {
	if grep -rnE "^#[[:space:]]*include[[:space:]]*[<\"]($2)" "$root/$1" --include='*.[ch]'; then
		echo "storeys: $1 must not include $2" >&2
		bad=1
	fi
}

# Undefined symbols of a library that match the pattern.
forbid_symbol() {
	if nm -u "$1" 2>/dev/null | awk '{ print $2 }' | grep -E "^($2)"; then
		echo "storeys: $1 must not need $2" >&2
		bad=1
	fi
}

forbid_include core 'n?curses|libssh|remote/|tui/|cli/'
forbid_include remote 'n?curses|tui/|cli/'
forbid_include tui 'libssh|remote/|cli/'
for file in $(grep -rlE '^#[[:space:]]*include "remote/' "$root/cli" || true); do
	case $file in
	*/cli/main.c | */cli/open.c) ;;
	*) echo "storeys: $file names remote" >&2; bad=1 ;;
	esac
done
for file in $(grep -rlE '^#[[:space:]]*include <(n?curses|term)' "$root/tui" || true); do
	[ "${file##*/}" = terminal.c ] || { echo "storeys: $file includes curses" >&2; bad=1; }
done

ssh='ssh_|remote_|backend_ssh'
curses='initscr|newterm|wrefresh|waddn|wgetch|stdscr|endwin|setupterm'
forbid_symbol "$libcore" "$ssh|$curses|tui_"
forbid_symbol "$libremote" "$curses|tui_"
forbid_symbol "$libtui" "$ssh"
[ "$bad" = 0 ] && echo "storeys: dependencies point down only"
exit "$bad"
