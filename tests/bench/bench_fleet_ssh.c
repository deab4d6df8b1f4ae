// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two hundred hosts over SSH, all of them one server on loopback: what one takes from this side,
 * from connecting to its inventory and to read it again, beside the OpenSSH client that runs
 * mdevctl on each, sixteen at a time. Processor time is the client's alone.
 */
#include "tests/bench/bench_fleet.h"

#include <unistd.h>

#include "remote/backend_ssh.h"
#include "tests/ssh/sshd.h"

#define SESSIONS 200
#define ROUNDS 3
#define TIMEOUT_MS 20000
#define STEP_US 2000

static Facts *(*real_scan)(Backend *, ScanFlags, GCancellable *, GError **);
static BackendOps counting;
static GMutex counting_lock;
static gint scans;

static Facts *count_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	Facts *facts = real_scan(backend, flags, cancel, error);

	g_atomic_int_inc(&scans);
	return facts;
}

static Backend *open_counted(const HostAddress *address, const BackendOptions *options)
{
	Backend *backend = backend_ssh_new(address, options);

	g_mutex_lock(&counting_lock);
	if (!real_scan) {
		real_scan = backend->ops->scan;
		counting = *backend->ops;
		counting.scan = count_scan;
	}
	g_mutex_unlock(&counting_lock);
	backend->ops = &counting;
	return backend;
}

static void wake(void *data)
{
	(void)data;
}

static Sshd *start_server(void)
{
	g_unsetenv("SSH_AUTH_SOCK");
	remote_init();
	Sshd *sshd = sshd_new();
	g_autofree char *public = sshd_public(sshd, "host");
	close(listen_any(&sshd->port));
	g_autofree char *known = g_strdup_printf("[127.0.0.1]:%u %s\n", sshd->port, public);
	sshd_know(sshd, known);
	/* What the shell of whoever runs this reads at its start is no part of the figures. */
	g_autofree char *home = g_strdup_printf("SetEnv HOME=%s\n", sshd->folder);
	sshd_start(sshd, home);
	/* For the configuration that it writes. */
	backend_close(sshd_client(sshd, "user", "", NULL, NULL, TIMEOUT_MS));
	return sshd;
}

static Fleet *connect_all(const char *config)
{
	BackendOptions options = { .connect_timeout_ms = TIMEOUT_MS,
		                   .deadline_ms = TIMEOUT_MS,
		                   .ssh_config = config };
	Fleet *fleet = fleet_new(open_counted, &options, wake, NULL);

	for (guint i = 0; i < SESSIONS; i++) {
		g_autofree char *text = g_strdup_printf("s%03u=ssh://lab", i);
		fleet_add(fleet, host_address_parse(text, NULL));
	}
	wait_until_up(fleet, SESSIONS);
	return fleet;
}

static void refresh_all(Fleet *fleet)
{
	gint before = g_atomic_int_get(&scans);

	for (guint i = 0; i < SESSIONS; i++)
		fleet_refresh(fleet, i);
	while (g_atomic_int_get(&scans) - before < SESSIONS)
		g_usleep(STEP_US);
}

static void run_openssh(const char *config)
{
	g_autofree char *script = g_strdup_printf("seq %d | xargs -P 16 -I{} ssh -n -F '%s' lab "
	                                          "'mdevctl types; mdevctl list'",
	                                          SESSIONS, config);
	const char *const argv[] = { "sh", "-c", script, NULL };

	bench_command(argv);
}

/* Wall and processor time of one thing, into the two series. */
typedef struct {
	double wall, cpu;
} Watch;

static Watch watch_start(void)
{
	return (Watch){ bench_now(), cpu_with_children_ms() };
}

static void watch_stop(Watch watch, Series *wall, Series *cpu)
{
	series_add(wall, bench_now() - watch.wall);
	series_add(cpu, cpu_with_children_ms() - watch.cpu);
}

void bench_sessions(void)
{
	Sshd *sshd = start_server();
	g_autofree char *config = sshd_file(sshd, "ssh_config");
	Series wall[3], cpu[3], beside[2][2];
	double memory = 0;

	for (gsize i = 0; i < 3; i++) {
		wall[i] = series_new("ssh through xargs");
		cpu[i] = series_new("ssh through xargs");
	}
	for (int round = 0; round < ROUNDS; round++) {
		double before = resident_kb();
		Watch watch = watch_start();
		Fleet *fleet = connect_all(config);
		watch_stop(watch, &wall[0], &cpu[0]);
		if (round == 0)
			memory = resident_kb() - before;
		watch = watch_start();
		refresh_all(fleet);
		watch_stop(watch, &wall[1], &cpu[1]);
		fleet_free(fleet);
		watch = watch_start();
		run_openssh(config);
		watch_stop(watch, &wall[2], &cpu[2]);
	}
	for (gsize i = 0; i < 2; i++) { /* the same samples stand beside two figures */
		beside[i][0] = (Series){ wall[2].name, g_array_copy(wall[2].values) };
		beside[i][1] = (Series){ cpu[2].name, g_array_copy(cpu[2].values) };
	}
	print_one("200 sessions: memory of one", "kB", memory / SESSIONS, 250);
	bench_ratio("200 sessions: to inventories, wall", &wall[0], &beside[0][0], 1);
	bench_ratio("200 sessions: to inventories, CPU", &cpu[0], &beside[0][1], 0.2);
	bench_ratio("200 sessions: reading again, wall", &wall[1], &beside[1][0], 0.1);
	bench_ratio("200 sessions: reading again, CPU", &cpu[1], &beside[1][1], 0.1);
	series_clear(&wall[2]);
	series_clear(&cpu[2]);
	sshd_free(sshd);
}
