// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an idle console takes from the machine it runs on: processor time over ten seconds in which
 * nobody touches it, and memory, with hosts of each kind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "remote/backend_ssh.h"
#include "tests/bench/bench.h"
#include "tests/bench/console.h"
#include "tests/ssh/sshd.h"

#define WATCH_MS 10000
#define SETTLE_MS 6000 /* the first look at processes, and the pauses between readings grow */
#define MANY 20
#define TIMEOUT_MS 20000

static Sshd *sshd;

typedef struct {
	const char *name, *shown;
	int recorded, ssh;
	bool local;
} Mix;

static void add_ssh(GPtrArray *arguments, int nth)
{
	g_autofree char *address = g_strdup_printf("node%d=ssh://lab", nth);

	console_add_host(arguments, address);
}

static Term *start(const Mix *mix)
{
	GPtrArray *arguments = console_arguments();
	g_autofree char *config = sshd_file(sshd, "ssh_config");

	g_ptr_array_add(arguments, g_strdup("--ssh-config"));
	g_ptr_array_add(arguments, g_steal_pointer(&config));
	if (mix->local)
		console_add_host(arguments, "local");
	for (int i = 0; i < mix->recorded; i++) {
		g_autofree char *label = g_strdup_printf("rec%d", i);
		console_add_recorded(arguments, label, i % 2 ? "gpu-b" : "gpu-a");
	}
	for (int i = 0; i < mix->ssh; i++)
		add_ssh(arguments, i);
	Term *term = console_start(arguments, mix->shown);
	term_wait_idle(term, SETTLE_MS, SETTLE_MS);
	return term;
}

/* ---- processor ---- */

/* Milliseconds of processor time that a process has had. */
static double cpu_ms(pid_t pid)
{
	struct timespec spent;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &spent) < 0)
		g_error("the clock of process %d cannot be read", (int)pid);
	return (double)spent.tv_sec * 1000 + (double)spent.tv_nsec / 1e6;
}

static bool never(Term *term, void *data)
{
	(void)term;
	(void)data;
	return false;
}

static void measure_idle(const Mix *mix)
{
	Term *term = start(mix);
	Series share = series_new(NULL);
	g_autofree char *figure = g_strdup_printf("idle: %s, over 10 s", mix->name);
	double cpu = cpu_ms(term_pid(term)), begin = bench_now();

	term_wait(term, never, NULL, NULL, WATCH_MS);
	series_add(&share, 100 * (cpu_ms(term_pid(term)) - cpu) / (bench_now() - begin));
	term_stop(term, NULL);
	bench_value(figure, "%", &share, NULL, 1);
}

/* ---- memory ---- */

/* One line of the process's smaps_rollup, in MB. */
static double memory_mb(pid_t pid, const char *field)
{
	g_autofree char *file = g_strdup_printf("/proc/%d/smaps_rollup", (int)pid);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(file, &text, NULL, NULL))
		g_error("%s cannot be read", file);
	const char *line = strstr(text, field);
	if (!line)
		g_error("%s tells no %s", file, field);
	return strtod(line + strlen(field), NULL) / 1024;
}

static double measure_memory(const Mix *mix)
{
	Term *term = start(mix);
	Series resident = series_new(NULL), own = series_new("of it private");
	g_autofree char *figure = g_strdup_printf("memory: %s", mix->name);
	double private = memory_mb(term_pid(term), "Private_Dirty:");

	series_add(&resident, memory_mb(term_pid(term), "Rss:"));
	series_add(&own, private);
	term_stop(term, NULL);
	bench_value(figure, "MB", &resident, &own, 0);
	return private;
}

static void each_of_many(const char *name, double few, double many)
{
	Series each = series_new(NULL);
	g_autofree char *figure = g_strdup_printf("memory: each %s host more", name);

	series_add(&each, (many - few) * 1024 / (MANY - 2));
	bench_value(figure, "kB", &each, NULL, 0);
}

/* ---- all ---- */

static const Mix mixed = { "local and 2 recorded hosts", "2 recorded", 2, 0, true };
static const Mix two_ssh = { "2 hosts over SSH", "2 up", 0, 2, false };
static const Mix two_recorded = { "2 recorded hosts", "2 recorded", 2, 0, false };
static const Mix many_ssh = { "20 hosts over SSH", "20 up", 0, MANY, false };
static const Mix many_recorded = { "20 recorded hosts", "20 recorded", MANY, 0, false };

static void prepare_ssh(void)
{
	g_unsetenv("SSH_AUTH_SOCK");
	sshd = sshd_new();
	close(listen_any(&sshd->port));
	g_autofree char *public = sshd_public(sshd, "host");
	g_autofree char *known = g_strdup_printf("[127.0.0.1]:%u %s\n", sshd->port, public);
	sshd_know(sshd, known);
	sshd_start(sshd, "");
	/* For the configuration that it writes. */
	backend_close(sshd_client(sshd, "user", "", NULL, NULL, TIMEOUT_MS));
}

int main(int argc, char **argv)
{
	prepare_ssh();
	if (argc == 2 && g_str_equal(argv[1], "idle")) {
		measure_idle(&mixed);
		measure_idle(&two_ssh);
	} else {
		measure_memory(&mixed);
		double ssh = measure_memory(&two_ssh), recorded = measure_memory(&two_recorded);
		each_of_many("SSH", ssh, measure_memory(&many_ssh));
		each_of_many("recorded", recorded, measure_memory(&many_recorded));
	}
	sshd_free(sshd);
	return 0;
}
