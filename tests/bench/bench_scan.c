// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A scan of a big host beside its floor, a bare open/read/close and readlink of the same files: as
 * a tree, where each file is looked at before it is opened, and in the place of /sys. There also
 * the whole of `mdevcon list` beside the two commands of mdevctl that tell the same. Plain files
 * stand in for sysfs.
 */
#include <fcntl.h>
#include <unistd.h>

#include "core/inventory.h"
#include "core/sysfs.h"
#include "tests/bench/bench.h"
#include "tests/bench/big_host.h"

#define ROUNDS 21

/* Reads what the scan read, and nothing else. */
static void bare_loop(const Facts *facts, int rootfd)
{
	char buffer[4096];

	for (guint i = 0; i < facts_count(facts); i++) {
		const Fact *fact = facts_nth(facts, i);
		const char *path = fact->path + 1;
		if (fact->kind == FACT_LINK && readlinkat(rootfd, path, buffer, sizeof buffer) < 0)
			g_error("%s: readlink", path);
		if (fact->kind != FACT_VALUE)
			continue;
		int fd = openat(rootfd, path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, buffer, sizeof buffer) < 0)
			g_error("%s: read", path);
		close(fd);
	}
}

static void scan_beside_floor(const char *root, bool live)
{
	const CollectOptions options = { .live = live };
	Series scans = series_new(NULL), floors = series_new("bare loop");
	int rootfd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = -1; i < ROUNDS; i++) {
		double start = bench_now();
		g_autoptr(Facts) facts = sysfs_collect(root, options, NULL);
		g_autoptr(Inventory) inventory = inventory_new(facts);
		double scan = bench_now() - start;
		start = bench_now();
		bare_loop(facts, rootfd);
		double floor = bench_now() - start;
		if (i < 0) /* the first warms the caches */
			continue;
		series_add(&scans, scan);
		series_add(&floors, floor);
	}
	close(rootfd);
	bench_ratio(live ? "scan: local, 1024 types and instances"
	                 : "scan: a tree, 1024 types and instances",
	            &scans, &floors, live ? 1.5 : 0);
}

static void list_beside_mdevctl(void)
{
	const char *const list[] = { g_getenv("MDEVCON_BIN"), "list", NULL };
	const char *const parts[2][3] = { { "mdevctl", "types", NULL },
		                          { "mdevctl", "list", NULL } };
	Series ours = series_new(NULL), both = series_new("mdevctl types + list");
	g_autofree char *mdevctl = g_find_program_in_path("mdevctl");

	if (!mdevctl) {
		bench_skip("scan: mdevcon list", "there is no mdevctl");
		return;
	}
	for (int i = -1; i < ROUNDS; i++) {
		double mine = bench_command(list);
		double theirs = bench_command(parts[0]) + bench_command(parts[1]);
		if (i < 0)
			continue;
		series_add(&ours, mine);
		series_add(&both, theirs);
	}
	bench_ratio("scan: mdevcon list, whole process", &ours, &both, 1);
}

int main(void)
{
	char *root = big_host_new();

	scan_beside_floor(root, false);
	if (big_host_enter(root)) {
		scan_beside_floor("/", true);
		list_beside_mdevctl();
	} else {
		bench_skip("scan: local", "a tree over /sys takes root");
	}
	big_host_free(root);
	return 0;
}
