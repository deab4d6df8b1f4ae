# SPDX-License-Identifier: GPL-2.0-or-later
# The remote half: reads facts and writes attributes, with nothing but a POSIX shell and the few
# tools that coreutils and busybox share. probe_script.c puts before it: T, the session's token;
# R, a root to read below (empty on a real host); and read_rows, the table of core/paths.h.
#
# Requests, one a line (arguments in printf %b escapes: data, never shell text):
#   scan ID USERS BOOT | write ID PATH VALUE | open ID DEVNODE | drop ID | ping ID
#   become ID MODE NONCE LOADER
#   put ID PATH TEXT | unlink ID PATH | run ID =INPUT =ARGUMENT...
# Replies: "T begin ID", lines of a scan, "T end ID RESULT"; RESULT is 0, an errno name or the
# text of an errno; of ping "changed" where definitions came or went since the last look. Of run:
# its output, "T ran STATUS", its errors, "T end ID 0".
# Lines of a scan (FIELD: plain text, or % and hex where it is not plain):
#   v FIELD VALUE      first line of a value      +LINE   one more line of it
#   w FIELD            a value whose lines follow         c FIELD  the same for a command line
#   k FIELD FIELD      link and target            n FIELD FIELD   names, separated by /
#   e KIND FIELD ERR   a failed reading           N KEY VALUE     a note
#   L ... .            lines of ls -ld            F ... .         fd directories and lines of ls -l

LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH ENV BASH_ENV QUOTING_STYLE LS_COLORS TIME_STYLE GREP_OPTIONS POSIXLY_CORRECT
umask 077
unalias -a 2>/dev/null
cd /
exec 3>&1 2>/dev/null
N='
'
IFS=' 	'$N
O= M= H= WI= WP=

# Output is gathered: a write(2) for each line would become a packet for each line.
flush() {
	[ -z "$O" ] || printf %s "$O"
	O=
}

emit() {
	O=$O$1$N
	[ ${#O} -lt 4000 ] || flush
}

# Q becomes the field for $1.
field() {
	case $1 in
	'' | *[!A-Za-z0-9._:/+@,=~-]*) Q=%$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n') ;;
	*) Q=$1 ;;
	esac
}

fail() { # KIND FILE ERRNO
	field "${2#"$R"}"
	emit "e $1 $Q $3"
}

# Something is not there, as far as can be seen: a folder that may not be searched hides it.
missing() { # KIND FILE
	d=$2
	while
		d=${d%/*}
		[ "$d" ] && ! [ -e "$d" ]
	do :; done
	[ -d "${d:-/}" ] || return 0
	case $2 in
	"$d"/*\**)
		# A pattern without matches: the folder whose names are wanted may be unreadable.
		s=${2#"$d"/}
		case ${s%%/*} in
		*\**) [ -r "$d" ] && [ -x "$d" ] || fail n "$d" EACCES ;;
		*) [ -x "${d:-/}" ] || fail n "$d/${s%%/\**}" EACCES ;;
		esac
		;;
	*) [ -x "${d:-/}" ] || fail "$1" "$2" EACCES ;;
	esac
}

# What reading $f says, where the shell itself cannot tell; false if it can be read after all.
unread() { # KIND
	v=$(cat -- "$f" 2>&1 >/dev/null) && return 1
	fail "$1" "$f" "${v##*: }"
}

# True, and $f dealt with, if the file cannot be read as a regular file.
unreadable() {
	if [ -f "$f" ]; then
		[ -r "$f" ] && return 1
		fail v "$f" EACCES
	elif [ -d "$f" ]; then
		fail v "$f" EISDIR
	elif [ -e "$f" ]; then
		fail v "$f" EMEDIUMTYPE
	elif [ -L "$f" ]; then
		unread v
	else
		missing v "$f"
	fi
}

# read is built in: no process for each file. What it cannot tell (an empty file from one that
# fails to be opened or read) cat tells. Far more than a value's 4096 bytes is not read on.
value() {
	for f; do
		unreadable && continue
		s=
		while IFS= read -r v || [ "$v" ]; do
			s=$s$N+$v
			[ ${#s} -lt 8192 ] || break
		done <"$f"
		if [ ${#s} -ge 8192 ]; then
			fail v "$f" EFBIG
		elif [ "$s" ] || ! unread v; then
			field "${f#"$R"}"
			emit "v $Q ${s#"$N"+}"
		fi
	done
}

# A file of unknown size and no other bound: cut, some bytes after what is accepted.
long_text() {
	for f; do
		unreadable && continue
		field "${f#"$R"}"
		emit "w $Q"
		flush
		head -c 65600 -- "$f" | sed 's/^/+/'
		emit ''
	done
}

json() {
	for j; do
		case ${j##*/} in
		*[!0-9A-Fa-f-]*) ;;
		????????-????-????-????-????????????) long_text "$j" ;;
		esac
	done
}

# The file is there; what is in it is not read.
exists() {
	for f; do
		unreadable || emit "v ${f#"$R"} x"
	done
}

# One ls for all links of a row; names that could be mistaken in its output go one by one.
link() {
	[ $# -ne 1 ] || [ -L "$1" ] || {
		missing l "$1"
		return 0
	}
	IFS=
	case "${*#"$R"}" in
	*[!A-Za-z0-9._:/+@,=~-]*) s=1 ;;
	*) s= ;;
	esac
	IFS=' 	'$N
	if [ "$s" ] || [ $# -gt 8000 ]; then
		for f; do
			[ -L "$f" ] || continue
			s=$(readlink "$f" && echo .) || continue
			field "${f#"$R"}"
			v=$Q
			field "${s%"$N".}"
			emit "k $v $Q"
		done
		return 0
	fi
	emit L
	flush
	ls -ld -- "$@"
	emit .
}

# $d is no folder: nothing, something else, or a link that leads nowhere.
not_folder() {
	f=$d
	if [ -e "$d" ]; then
		case ${d#"$R"} in
		/etc/mdevctl.d/* | /sys/module/*) ;;
		*) fail n "$d" ENOTDIR ;;
		esac
	elif [ -L "$d" ]; then
		unread n
	else
		missing n "$d"
	fi
}

names() {
	for d; do
		if ! [ -d "$d" ]; then
			not_folder
			continue
		fi
		if ! [ -r "$d" ] || ! [ -x "$d" ]; then
			fail n "$d" EACCES
			continue
		fi
		s=
		for f in "$d"/*; do
			[ -e "$f" ] || [ -L "$f" ] || continue
			f=${f##*/}
			s=$s/$f
			[ -z "$TYPES" ] || type_modules "$f"
		done
		field "${d#"$R"}"
		v=$Q
		field "${s#/}"
		emit "n $v $Q"
	done
}

add_module() {
	case $1 in
	'' | *[!A-Za-z0-9_]*) ;;
	*) case " $M " in *" $1 "*) ;; *) M="$M $1" ;; esac ;;
	esac
}

# Which module a type belongs to stands nowhere; its id begins with a name that may hold dashes.
type_modules() {
	case $TYPES in *" ${1%-*} "*) return 0 ;; esac
	TYPES="$TYPES${1%-*} "
	t=$1
	m=
	while case $t in *-*) ;; *) false ;; esac; do
		m=${m:+${m}_}${t%%-*}
		t=${t#*-}
		add_module "$m"
	done
}

module_links() {
	for f; do
		cd -P -- "$f" && add_module "${PWD##*/}"
	done
	cd /
}

# Who holds vfio descriptors: one ls for all processes. Its complaints about those that may not be
# looked into go straight to the reader, who counts them; H gets the holders.
fd_links() {
	[ $# -le 20000 ] || return 0
	[ $# -gt 1 ] || [ -d "$1" ] || return 0
	emit F
	# Process 1 is always there; where it may not be looked into, others may not even be seen.
	[ "$R" ] || [ -r /proc/1/fd ] || emit 'ls: /proc/1/fd: Permission denied'
	flush
	s=$({ ls -l -- "$@" / 2>&3 | grep -e '^/' -e ' -> /dev/[v]fio/'; })
	set -f
	IFS=$N
	for f in $s; do
		case $f in
		/*/fd:)
			v=${f%/fd:}
			d=$f
			;;
		/*) d= ;;
		*)
			[ "$d" ] || continue
			emit "$d"
			emit "$f"
			H="$H${v##*/} "
			;;
		esac
	done
	IFS=' 	'$N
	set +f
	emit .
	[ -z "$s" ] || emit "N users yes"
}

# A command line is sent where it names a device, or where its process holds one. It is anyone's
# text of any length: the beginnings of all are looked through at once, outside of the shell.
command_lines() {
	[ $# -le 20000 ] || return 0
	for f; do
		[ -f "$f" ] || ! [ -e "$f" ] || return 0
	done
	s=$(head -c 65536 -- "$@" /dev/null | tr '\000' '\n' |
		grep -e '^==> ' -e vfio -e mdev -e sysfsdev | cut -c 1-200)
	v=
	set -f
	IFS=$N
	for f in $s; do
		case $f in
		'==> '*'/cmdline <==')
			v=${f%/cmdline <==}
			v=${v##*/}
			;;
		'==> '*' <==') v= ;;
		*)
			[ -z "$v" ] || H="$H$v "
			v=
			;;
		esac
	done
	IFS=' 	'$N
	set +f
	for f; do
		v=${f%/cmdline}
		v=${v##*/}
		case $v in *[!0-9]*) continue ;; esac
		case $H in *" $v "*) ;; *) continue ;; esac
		emit "c ${f#"$R"}"
		flush
		head -c 65536 -- "$f" | tr '\000\n' '\n\177' | sed 's/^/+/'
		emit ''
	done
}

# The names of definitions: no event tells of them, and looking costs no process.
look_at_definitions() {
	set -- "$R"/etc/mdevctl.d/*/*
	DEFINED=$*
}

scan() {
	look_at_definitions
	printf '%s begin %s\n' "$T" "$1"
	M= TYPES= H=' ' U=$2 B=$3
	emit "N euid $EUSER"
	emit "N user $USERNAME"
	[ "$R" ] || emit "N arch $ARCH"
	[ "$B" = 0 ] || emit "N boot yes"
	read_rows
	emit "$T end $1 0"
	flush
}

# A write may block in the kernel for as long as the device is held: it has a process of its own,
# which reports for itself. dd, because it writes once and carries the errno through every shell.
put() { # PATH VALUE
	[ -e "$1" ] || {
		echo ENOENT
		return 1
	}
	[ -f "$1" ] || {
		[ -d "$1" ] && echo EISDIR || echo EMEDIUMTYPE
		return 1
	}
	printf '%s\n' "$2" | dd of="$1" bs=65536 conv=notrunc
}

try_open() { # DEVNODE
	[ -e "$1" ] || {
		echo ENOENT
		return 1
	}
	[ -c "$1" ] || {
		echo ENODEV
		return 1
	}
	(exec 4<>"$1")
}

# A definition, whole or not at all: a new file takes the place of the old one.
put_text() { # PATH TEXT
	umask 022
	d=${1%/*}
	f=$d/.${1##*/}.$$
	mkdir -p -- "$d" || return 1
	rm -f -- "$f"
	(set -C && : >"$f") || return 1
	printf %s "$2" | dd of="$f" bs=65536 conv=notrunc,fsync && mv -f -- "$f" "$1" && return
	s=$?
	rm -f -- "$f"
	return "$s"
}

# A program of the host, its two streams kept apart. It is not killed when its deadline passes.
run() { # ID INPUT ARGUMENTS
	WI=$1
	(
		n=$2
		shift 2
		umask 022
		s=$({
			e=$(printf %s "$n" | "$@" 2>&1 >&4 4>&- 3>&-)
			s=$?
			printf '\n%s ran %s\n%s' "$T" $s "$e"
		} 4>&1)
		printf '%s\n%s end %s 0\n' "$s" "$T" "$WI"
	) </dev/null &
	WP=$!
}

# Runs a function in the background and lets it report; "drop" silences it.
report() { # ID FUNCTION ARGUMENTS
	WI=$1
	(
		shift
		s=$("$@" 2>&1 3>&- </dev/null) && s=0
		s=${s%%"$N"*}
		printf '%s end %s %s\n' "$T" "$WI" "${s##*: }"
	) </dev/null &
	WP=$!
}

# Goes on as root in a new shell, which says "NONCE go TOOL" and is then sent the script again.
# Where that cannot be, this shell goes on.
become() { # ID MODE NONCE LOADER
	p=
	if command -v sudo >/dev/null && sudo -n -- /bin/sh -c : </dev/null; then
		p='sudo -n --'
	elif command -v doas >/dev/null && doas -n -- /bin/sh -c : </dev/null; then
		p='doas -n --'
	elif [ "$2" = ask ] && command -v sudo >/dev/null; then
		p="sudo -S -p ${3}ask --"
	fi
	# shellcheck disable=SC2086 # a list of words
	[ -z "$p" ] || $p /bin/sh -c "echo; echo '$3 go ${p%% *}'; $4" 2>&1 3>&-
	printf '\n%s end %s EACCES\n' "$T" "$1"
}

decode() {
	D=$(printf '%b.' "$1")
	D=${D%.}
}

EUSER=$(id -u)
USERNAME=$(id -un)
ARCH=$(uname -m)
printf '\n%s ready %s\n' "$T" "$EUSER"
while read -r q i a b; do
	case $q in
	scan) scan "$i" "$a" "$b" ;;
	write)
		decode "$a"
		a=$D
		decode "$b"
		report "$i" put "$R$a" "$D"
		;;
	open)
		decode "$a"
		report "$i" try_open "$R$D"
		;;
	ping)
		D=$DEFINED
		look_at_definitions
		[ "$D" = "$DEFINED" ] && D=0 || D=changed
		printf '%s end %s %s\n' "$T" "$i" "$D"
		;;
	put)
		decode "$a"
		a=$D
		decode "$b"
		report "$i" put_text "$R$a" "$D"
		;;
	unlink)
		decode "$a"
		report "$i" rm -- "$R$D"
		;;
	run)
		set -f
		set -- "$i"
		for a in $a $b; do
			decode "${a#=}"
			set -- "$@" "$D"
		done
		set +f
		run "$@"
		;;
	become)
		set -f
		# shellcheck disable=SC2086 # a list of words
		set -- $b
		set +f
		decode "$2"
		become "$i" "$a" "$1" "$D"
		;;
	drop)
		[ "$i" != "$WI" ] || kill -9 "$WP"
		printf '%s end drop 0\n' "$T"
		;;
	esac
done
exit 0
