# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Part of ./dev: the tests of threads with ThreadSanitizer, against a GLib that is built for it too.
# With the distribution's GLib, whose locks the sanitizer cannot see, there are false reports only.

TSAN_PACKAGES="dpkg-dev libffi-dev libpcre2-dev libmount-dev zlib1g-dev"
# Not sysfs: its writers fork in many threads at once, after which the sanitizer promises nothing.
TSAN_TESTS="fleet simulate watch cli race probe sshd ssh_events screens"
tsan_cache=${XDG_CACHE_HOME:-$HOME/.cache}/mdevcon-tsan

# Lines of deb-src for the places this machine gets Debian from, whichever way they are written down.
tsan_sources() {
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ ! -f "$keyring" ] || signed=" [signed-by=$keyring]"
	# shellcheck disable=SC2016 # the fields are apt's
	apt-get indextargets --format '$(ORIGIN)|$(COMPONENT)|$(REPO_URI)|$(CODENAME)' \
		'Created-By: Packages' | sort -u |
		awk -F '|' -v signed="${signed-}" '
			$1 == "Debian" && $2 == "main" { print "deb-src" signed, $3, $4, "main" }'
}

# The source of the GLib that is installed, by an apt that leaves the machine's own lists alone.
tsan_fetch() {
	apt_dir=$tsan_cache/apt
	mkdir -p "$apt_dir/lists/partial"
	tsan_sources >"$apt_dir/sources.list"
	[ -s "$apt_dir/sources.list" ] || {
		echo "tsan: apt knows no place of Debian's packages; try apt-get update" >&2
		return 1
	}
	set -- -q -o Dir::Etc::SourceList="$apt_dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State::Lists="$apt_dir/lists" -o Dir::Cache::pkgcache= \
		-o Dir::Cache::srcpkgcache= -o APT::Sandbox::User= -o Acquire::Languages=none \
		-o APT::Update::Error-Mode=any
	rm -rf "$tsan_cache"/source "$tsan_cache"/source.new
	mkdir "$tsan_cache/source.new"
	{ apt-get "$@" update && (cd "$tsan_cache/source.new" && apt-get "$@" source glib2.0); } \
		>"$tsan_cache/fetch.log" 2>&1 || {
		cat "$tsan_cache/fetch.log" >&2
		echo "tsan: the source of GLib could not be fetched; is this machine offline?" >&2
		return 1
	}
	mv "$tsan_cache"/source.new/glib2.0-*/ "$tsan_cache/source"
	rm -rf "$tsan_cache/source.new"
}

# GLib below $tsan_cache/glib-VERSION; built once for each version that is installed.
tsan_glib() {
	tsan_prefix=$tsan_cache/glib-$(dpkg-query -W -f '${Version}' libglib2.0-dev)
	[ ! -f "$tsan_prefix/done" ] || return 0
	tsan_fetch || return
	rm -rf "$tsan_cache/build" "$tsan_prefix"
	echo "tsan: building GLib, once" >&2
	{
		meson setup "$tsan_cache/build" "$tsan_cache/source" --prefix "$tsan_prefix" \
			--libdir lib -Db_sanitize=thread -Db_lundef=false -Dbuildtype=debugoptimized \
			-Dtests=false -Dselinux=disabled -Dlibelf=disabled -Dnls=disabled \
			-Dglib_assert=true &&
			ninja -C "$tsan_cache/build" install
	} >"$tsan_cache/build.log" 2>&1 || {
		tail -30 "$tsan_cache/build.log" >&2
		echo "tsan: GLib could not be built ($tsan_cache/build.log)" >&2
		return 1
	}
	rm -rf "$tsan_cache/build"
	touch "$tsan_prefix/done"
}

tsan() {
	setup
	# shellcheck disable=SC2086 # a list of packages
	need $TSAN_PACKAGES
	tsan_glib || return
	PKG_CONFIG_PATH=$tsan_prefix/lib/pkgconfig configure build-tsan -Db_sanitize=thread \
		-Db_lundef=false -Dbuildtype=debugoptimized
	# shellcheck disable=SC2086 # a list of names
	[ $# -gt 0 ] || set -- $TSAN_TESTS
	export G_SLICE=always-malloc MDEVCON_TEST_SLOW="${MDEVCON_TEST_SLOW:-4}"
	export LD_LIBRARY_PATH="$tsan_prefix/lib"
	# Reports go to files: what the console says on its terminal, a test may not see.
	rm -f build-tsan/report.*
	export TSAN_OPTIONS="second_deadlock_stack=1:suppressions=$PWD/tools/tsan.suppressions:log_path=$PWD/build-tsan/report"
	result=0
	# meson builds what these tests need; what must not be sanitized does not link to this GLib.
	meson_test build-tsan --timeout-multiplier 4 "$@" || result=$?
	for report in build-tsan/report.*; do
		[ -s "$report" ] || continue
		cat "$report"
		result=1
	done
	return "$result"
}
