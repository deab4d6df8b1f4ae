# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# A private apt beside the machine's own: the same mirror and the same trust, other suites, and
# lists and state of its own, so that the machine is neither upgraded nor its sources changed.
# shellcheck disable=SC2154

apt_dir=$lab_root/apt
apt_base=bookworm
apt_suite=bookworm-backports

# The address this machine gets Debian's base suite from, whichever way its sources are written
# down.
machine_mirror() {
	# shellcheck disable=SC2016  # the fields are apt's
	apt-get indextargets --format '$(CODENAME)|$(COMPONENT)|$(ORIGIN)|$(REPO_URI)' \
		'Created-By: Packages' |
		awk -F '|' -v base="$apt_base" '
			$1 == base && $2 == "main" && $3 == "Debian" { print $4; exit }'
}

# Write the configuration and fetch the lists.
apt_prepare() {
	mirror=$(machine_mirror)
	[ -n "$mirror" ] ||
		die "apt does not know Debian's $apt_base/main here; 'apt-get update' may help"
	rm -rf "$apt_dir"
	mkdir -p "$apt_dir/state/lists/partial" "$apt_dir/cache/archives/partial" \
		"$apt_dir/parts" "$apt_dir/log"
	: >"$apt_dir/status"
	: >"$apt_dir/preferences"
	cat >"$apt_dir/lab.sources" <<-SOURCES
		Types: deb
		URIs: $mirror
		Suites: $apt_base $apt_suite
		Components: main
		Architectures: amd64
	SOURCES
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ ! -f "$keyring" ] || printf 'Signed-By: %s\n' "$keyring" >>"$apt_dir/lab.sources"

	# The machine's proxy and transport settings (Dir::Etc::Parts) are left in force.
	cat >"$apt_dir/apt.conf" <<-CONF
		Dir::Etc::SourceList "/dev/null";
		Dir::Etc::SourceParts "$apt_dir/parts";
		Dir::Etc::Preferences "$apt_dir/preferences";
		Dir::Etc::PreferencesParts "/dev/null";
		Dir::State "$apt_dir/state";
		Dir::State::status "$apt_dir/status";
		Dir::Cache "$apt_dir/cache";
		Dir::Log "$apt_dir/log";
		APT::Sandbox::User "";
		APT::Update::Post-Invoke {};
		APT::Update::Post-Invoke-Success {};
		Acquire::Languages "none";
		Acquire::Retries "3";
	CONF
	mv "$apt_dir/lab.sources" "$apt_dir/parts/lab.sources"
	say "reading the package lists of $apt_base and $apt_suite"
	APT_CONFIG=$apt_dir/apt.conf apt-get -qq update >&2
}

# apt_show PACKAGE/SUITE FIELD: one field of a package's record.
apt_show() {
	APT_CONFIG=$apt_dir/apt.conf apt-cache show "$1" | sed -n "s/^$2: //p" | head -n 1
}

# apt_fetch DIR PACKAGE[=VERSION]...: the packages as files in DIR; what is there already is not
# fetched again.
apt_fetch() {
	fetch_dir=$1
	shift
	mkdir -p "$fetch_dir"
	(cd "$fetch_dir" && APT_CONFIG=$apt_dir/apt.conf apt-get -qq download "$@" >&2)
}
