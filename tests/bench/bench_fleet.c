// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thousand simulated hosts of a hundred instances each, every twentieth a black hole: what one
 * takes, how soon all are there, how soon one that comes on screen last, and what all cost at rest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/simulate/backend_sim.h"
#include "tests/bench/bench_fleet.h"

#define HOSTS 1000
#define HOLE_EVERY 20
#define DEADLINE_MS 300000.0
#define IDLE_S 10

static Backend *open_sim(const HostAddress *address, const BackendOptions *options)
{
	return backend_sim_new(address->label, address->path, options);
}

static void wake(void *data)
{
	(void)data;
}

double resident_kb(void)
{
	long pages = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2)
		g_error("/proc/self/statm cannot be read");
	fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1000;
}

static double used_ms(int who)
{
	struct rusage use;

	getrusage(who, &use);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
	       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
}

double cpu_ms(void)
{
	return used_ms(RUSAGE_SELF);
}

double cpu_with_children_ms(void)
{
	return used_ms(RUSAGE_SELF) + used_ms(RUSAGE_CHILDREN);
}

static void add_host(Fleet *fleet, guint nth)
{
	g_autofree char *text =
		g_strdup_printf("h%04u=sim:%s", nth, nth % HOLE_EVERY == 0 ? "hang" : "crowd");
	fleet_add(fleet, host_address_parse(text, NULL));
}

static guint count_up(Fleet *fleet)
{
	guint up = 0, n = fleet_count(fleet);

	for (guint i = 0; i < n; i++) {
		g_auto(HostView) view = { 0 };
		fleet_view(fleet, i, &view);
		up += view.state == HOST_UP;
	}
	return up;
}

/* Ends the program, with why the first of them is not up. */
static void give_up(Fleet *fleet)
{
	for (guint i = 0; i < fleet_count(fleet); i++) {
		g_auto(HostView) view = { 0 };
		fleet_view(fleet, i, &view);
		if (view.state != HOST_UP && view.error)
			g_error("only %u hosts are up: %s", count_up(fleet), view.error);
	}
	g_error("only %u hosts are up", count_up(fleet));
}

void wait_until_up(Fleet *fleet, guint up)
{
	double until = bench_now() + DEADLINE_MS;

	while (count_up(fleet) < up) {
		if (bench_now() > until)
			give_up(fleet);
		g_usleep(20000);
	}
}

void print_one(const char *figure, const char *unit, double value, double aim)
{
	Series series = series_new(NULL);

	series_add(&series, value);
	bench_value(figure, unit, &series, NULL, aim);
}

static void measure_idle(void)
{
	double start = bench_now(), used = cpu_ms();

	g_usleep(IDLE_S * G_USEC_PER_SEC);
	print_one("1000 hosts: CPU at rest", "%", 100 * (cpu_ms() - used) / (bench_now() - start),
	          0.5);
}

/* Until one host, which is on screen, is up. */
static void wait_for_host(Fleet *fleet, guint host)
{
	for (bool up = false; !up; g_usleep(1000)) {
		g_auto(HostView) view = { 0 };
		fleet_view(fleet, host, &view);
		up = view.state == HOST_UP;
	}
}

static void bench_simulated(void)
{
	BackendOptions options = { .connect_timeout_ms = 10000, .deadline_ms = 30000 };
	double before = resident_kb(), start = bench_now(), used = cpu_ms();
	Fleet *fleet = fleet_new(open_sim, &options, wake, NULL);

	for (guint i = 0; i < HOSTS; i++)
		add_host(fleet, i);
	print_one("1000 hosts: added", "ms", bench_now() - start, 0);
	/* Behind all others, and all black holes: but on screen. */
	fleet_set_visible(fleet, HOSTS - 1, true);
	wait_for_host(fleet, HOSTS - 1);
	print_one("1000 hosts: the last is on screen", "ms", bench_now() - start, 0);
	wait_until_up(fleet, HOSTS - HOSTS / HOLE_EVERY);
	print_one("1000 hosts: all but 50 black holes are up", "ms", bench_now() - start, 0);
	print_one("1000 hosts: CPU until then, a host", "ms", (cpu_ms() - used) / HOSTS, 0);
	print_one("1000 hosts: memory of one", "kB", (resident_kb() - before) / HOSTS, 100);
	measure_idle();
	fleet_free(fleet);
}

int main(void)
{
	fleet_prepare_process();
	bench_sessions();
	bench_simulated();
	return 0;
}
