# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The guests' lives: QEMU without KVM, user-mode network, forwarded ports on 127.0.0.1 only. A guest
# is the directory run/NAME with pid, port, qmp (socket), console.log and its own initrd.
# shellcheck disable=SC2154

guest_deadline=180
guest_cmdline="console=ttyS0 loglevel=4 panic=-1 mitigations=off nokaslr"
guest_cmdline="$guest_cmdline tsc=reliable no_timer_check random.trust_cpu=on"

guest_names() {
	for dir in "$lab_run"/?/; do
		[ ! -d "$dir" ] || basename "$dir"
	done
}

# guest_pid NAME: its process, when that process is there and is really the one we started.
guest_pid() {
	pid=$(cat "$lab_run/$1/pid" 2>/dev/null) || return 1
	[ -r "/proc/${pid:-none}/cmdline" ] || return 1
	tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -Fqx "$lab_run/$1/pid" || return 1
	printf '%s\n' "$pid"
}

# The process state letter of a pid: T is stopped.
process_state() {
	sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null
}

guest_known() {
	case $1 in
	[a-z]) [ ! -d "$lab_run/$1" ] || return 0 ;;
	esac
	die "no guest '$1'; there are: $(guest_names | tr '\n' ' ')"
}

# A TCP port nobody listens on, below the range the kernel hands out; $1 is where to start looking.
free_port() {
	awk -v port="$1" '
		FNR > 1 { split($2, part, ":"); used[part[2]] = 1 }
		END { while (sprintf("%04X", port) in used) port++; print port }
	' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# The run directory; a link to a shorter place when socket paths in it would be too long for the
# kernel.
run_create() {
	[ ! -d "$lab_run" ] || return 0
	rm -f "$lab_run"
	if [ ${#lab_run} -gt 90 ]; then
		ln -s "$(mktemp -d "${TMPDIR:-/tmp}/mdevcon-lab.XXXXXX")" "$lab_run"
	else
		mkdir -m 700 "$lab_run"
	fi
}

# The same directory by the shortest name.
run_path() {
	readlink -f "$lab_run"
}

# guest_qemu NAME PORT: start the process; it fails at once when the port is taken.
guest_qemu() {
	dir=$lab_run/$1
	qemu-system-x86_64 -name "lab-$1" -daemonize -pidfile "$dir/pid" \
		-machine pc -accel tcg,thread=multi -cpu max,cx16=off -m 256 -smp 1 \
		-nodefaults -no-user-config -display none \
		-kernel "$(kernel_dir)/kernel" -initrd "$dir/initrd" -append "$guest_cmdline" \
		-serial "file:$dir/console.log" -qmp "unix:$(run_path)/$1/qmp,server=on,wait=off" \
		-netdev "user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:$2-:22" \
		-device virtio-net-pci,netdev=net0,romfile= 9>&- 2>"$dir/qemu.log"
}

guest_start() {
	! guest_pid "$1" >/dev/null || return 0
	dir=$lab_run/$1
	rm -rf "$dir"
	mkdir "$dir"
	{
		cat "$(image_dir)/initrd"
		identity_pack "$1"
	} >"$dir/initrd"
	port=$((20000 + $$ % 9000))
	for attempt in 1 2 3 4 5; do
		port=$(free_port $((port + 1)))
		if guest_qemu "$1" "$port"; then
			printf '%s\n' "$port" >"$dir/port"
			return 0
		fi
		say "guest $1, attempt $attempt: $(cat "$dir/qemu.log")" >&2
	done
	rm -rf "$dir"
	die "guest $1 does not start"
}

# guest_ssh NAME CMD...: never asks, never waits long; for the lab's own questions.
guest_ssh() {
	name=$1
	shift
	timeout 20 ssh -n -F "$lab_run/ssh_config" -o BatchMode=yes -o ConnectTimeout=3 \
		-o ServerAliveInterval=2 -o ServerAliveCountMax=2 "$name" "$@" 2>/dev/null
}

# How often a guest has come up since it was started, by what its console says.
guest_boots() {
	grep -ac '^lab: sshd started' "$lab_run/$1/console.log" || :
}

# guest_wait NAME DEADLINE BOOTS: until the guest has come up BOOTS times and SSH answers. A
# connection made while it boots would only hang, so the console is asked first.
guest_wait() {
	until [ "$(guest_boots "$1")" -ge "$3" ] && guest_ssh "$1" true; do
		guest_pid "$1" >/dev/null || die "guest $1 ended; see $lab_run/$1/console.log"
		[ "$(now)" -lt "$2" ] || die "guest $1 is silent; see $lab_run/$1/console.log"
		sleep 0.1
	done
}

lab_up() {
	case $1 in
	[1-9] | 1[0-9] | 2[0-6]) ;;
	*) die "up takes a number of guests from 1 to 26" ;;
	esac
	[ -d "${LAB_EXTRA:-/}" ] || die "LAB_EXTRA is no directory: $LAB_EXTRA"
	lock
	lab_build_unlocked
	run_create
	identity_key
	began=$(now)
	for guest_name in $(printf %s abcdefghijklmnopqrstuvwxyz | head -c "$1" | fold -w 1); do
		guest_start "$guest_name"
	done
	identity_inventory
	for guest_name in $(guest_names); do
		[ "$(process_state "$(guest_pid "$guest_name")")" = T ] ||
			guest_wait "$guest_name" $((began + guest_deadline)) 1
	done
	unlock
	say "up after $(($(now) - began)) s: $(guest_names | tr '\n' ' ')"
	say "inventory: $lab_run/hosts.ini"
}

# guest_stop NAME: end its process and wait for that; a frozen one is let go on so that it can end.
guest_stop() {
	pid=$(guest_pid "$1") || return 0
	kill -TERM "$pid" && kill -CONT "$pid"
	give_up=$(($(now) + 10))
	while guest_pid "$1" >/dev/null && [ "$(process_state "$pid")" != Z ]; do
		[ "$(now)" -lt "$give_up" ] || kill -KILL "$pid" || :
		sleep 0.1
	done
}

lab_down() {
	[ -d "$lab_run" ] || {
		say "down"
		return 0
	}
	lock
	for guest_name in $(guest_names); do
		guest_stop "$guest_name"
	done
	rm -rf "$(run_path)" "$lab_run"
	unlock
	say "down"
}

lab_status() {
	[ -n "$(guest_names)" ] || say "no guests"
	for guest_name in $(guest_names); do
		port=$(cat "$lab_run/$guest_name/port" 2>/dev/null) || port=-
		if ! pid=$(guest_pid "$guest_name"); then
			state=dead pid=-
		elif [ "$(process_state "$pid")" = T ]; then
			state=frozen
		elif guest_ssh "$guest_name" true; then
			state=answering
		else
			state=silent
		fi
		printf '%s\t%s\tpid %s\tport %s\n' "$guest_name" "$state" "$pid" "$port"
	done
}

lab_shell() {
	[ $# -ge 1 ] || die "shell wants the name of a guest"
	guest_known "$1"
	exec ssh -F "$lab_run/ssh_config" "$@"
}

# guest_signal NAME SIGNAL WORD
guest_signal() {
	guest_known "$1"
	pid=$(guest_pid "$1") || die "guest $1 is dead"
	kill "-$2" "$pid"
	say "$1 $3"
}

lab_freeze() {
	guest_signal "$1" STOP frozen
}

lab_thaw() {
	guest_signal "$1" CONT thawed
}

lab_reboot() {
	guest_known "$1"
	boots=$(guest_boots "$1")
	began=$(now)
	# By a process of its own, so that the session can still end.
	guest_ssh "$1" 'setsid sh -c "usleep 300000; reboot -f" </dev/null >/dev/null 2>&1 &' ||
		die "guest $1 does not answer"
	guest_wait "$1" $((began + guest_deadline)) $((boots + 1))
	say "$1 is back after $(($(now) - began)) s"
}
