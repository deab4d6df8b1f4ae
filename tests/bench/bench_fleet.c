// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thousand simulated hosts of a hundred instances each, every twentieth a black hole: what one
 * takes, how soon all are there, how soon one that comes on screen last, and what all cost at rest.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/fleet.h"
#include "core/simulate/backend_sim.h"
#include "tests/bench/bench.h"

#define HOSTS 1000
#define HOLE_EVERY 20
#define DEADLINE_MS 120000.0
#define IDLE_S 10

static Backend *open_sim(const HostAddress *address, const BackendOptions *options)
{
	return backend_sim_new(address->label, address->path, options);
}

static void wake(void *data)
{
	(void)data;
}

static double resident_kb(void)
{
	long pages = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2)
		g_error("/proc/self/statm cannot be read");
	fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1000;
}

static double cpu_ms(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
	       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
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
		up += view.state == HOST_UP && view.inventory &&
		      view.inventory->instances->len == 100;
	}
	return up;
}

static void wait_for(Fleet *fleet, guint up)
{
	double until = bench_now() + DEADLINE_MS;

	while (count_up(fleet) < up) {
		if (bench_now() > until)
			g_error("only %u of %u hosts are up", count_up(fleet), up);
		g_usleep(20000);
	}
}

static void print_one(const char *figure, const char *unit, double value, double aim)
{
	Series series = series_new(NULL);

	series_add(&series, value);
	bench_value(figure, unit, &series, NULL, aim);
}

static void measure_idle(void)
{
	double start = bench_now(), used = cpu_ms();

	g_usleep(IDLE_S * G_USEC_PER_SEC);
	print_one("1000 hosts at rest, CPU", "%", 100 * (cpu_ms() - used) / (bench_now() - start),
	          0.5);
}

int main(void)
{
	BackendOptions options = { .connect_timeout_ms = 10000, .deadline_ms = 30000 };

	fleet_prepare_process();
	double before = resident_kb(), start = bench_now(), used = cpu_ms();
	Fleet *fleet = fleet_new(open_sim, &options, wake, NULL);
	for (guint i = 0; i < HOSTS; i++)
		add_host(fleet, i);
	print_one("1000 hosts added", "ms", bench_now() - start, 0);
	/* Behind all others, and all black holes: but on screen. */
	fleet_set_visible(fleet, HOSTS - 1, true);
	for (HostView view = { 0 };;) {
		fleet_view(fleet, HOSTS - 1, &view);
		bool up = view.state == HOST_UP;
		host_view_clear(&view);
		if (up)
			break;
		g_usleep(1000);
	}
	print_one("the last one is on screen", "ms", bench_now() - start, 0);
	wait_for(fleet, HOSTS - HOSTS / HOLE_EVERY);
	print_one("all but 50 black holes are up", "ms", bench_now() - start, 0);
	print_one("CPU until then, a host", "ms", (cpu_ms() - used) / HOSTS, 0);
	print_one("memory a host", "kB", (resident_kb() - before) / HOSTS, 100);
	struct mallinfo2 info = mallinfo2();
	if (g_getenv("MDEVCON_BENCH_VERBOSE"))
		printf("heap in use %zu kB, free %zu kB\n", info.uordblks / 1000,
		       info.fordblks / 1000);
	measure_idle();
	fleet_free(fleet);
	return 0;
}
