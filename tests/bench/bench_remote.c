// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A remote host, over SSH to a server of its own on loopback, beside `ssh HOST true`: the first
 * inventory as a whole process, and reading it again over the line that is open. Once with this
 * machine's own /sys and once with a big host's in its place.
 */
#include <unistd.h>

#include "remote/backend_ssh.h"
#include "tests/bench/bench.h"
#include "tests/bench/big_host.h"
#include "tests/ssh/sshd.h"

#define ROUNDS 21
#define TIMEOUT_MS 20000

static void scan(Backend *backend)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = backend_scan(backend, 0, NULL, &error);

	if (!facts)
		g_error("%s", error->message);
}

static void measure(Sshd *sshd, const char *host, double first_aim, double again_aim)
{
	sshd_start(sshd, "");
	g_autoptr(Backend) backend = sshd_client(sshd, "user", "", NULL, NULL, TIMEOUT_MS);
	g_autofree char *config = sshd_file(sshd, "ssh_config");
	const char *const list[] = { g_getenv("MDEVCON_BIN"),
		                     "--ssh-config",
		                     config,
		                     "--host",
		                     "ssh://lab",
		                     "list",
		                     "--json",
		                     NULL };
	const char *const ssh[] = { "ssh", "-F", config, "lab", "true", NULL };
	Series first = series_new(NULL), again = series_new(NULL);
	Series login = series_new("ssh HOST true"), beside = series_new("ssh HOST true");

	scan(backend);
	for (int i = -1; i < ROUNDS; i++) {
		double whole = bench_command(list), other = bench_command(ssh), start = bench_now();
		scan(backend);
		double warm = bench_now() - start;
		if (i < 0) /* the first warms the caches */
			continue;
		series_add(&first, whole);
		series_add(&login, other);
		series_add(&again, warm);
		series_add(&beside, other);
	}
	g_autofree char *name = g_strdup_printf("remote: first inventory, %s", host);
	bench_ratio(name, &first, &login, first_aim);
	g_autofree char *warm_name = g_strdup_printf("remote: reading again, %s", host);
	bench_ratio(warm_name, &again, &beside, again_aim);
}

int main(void)
{
	g_unsetenv("SSH_AUTH_SOCK");
	remote_init();
	Sshd *sshd = sshd_new();
	g_autofree char *public = sshd_public(sshd, "host");
	close(listen_any(&sshd->port));
	g_autofree char *known = g_strdup_printf("[127.0.0.1]:%u %s\n", sshd->port, public);
	sshd_know(sshd, known);

	measure(sshd, "this machine", 1, 0.1);
	char *root = big_host_new();
	if (big_host_enter(root))
		measure(sshd, "big host", 0, 0);
	else
		bench_skip("remote: big host", "a tree over /sys takes root");
	sshd_free(sshd);
	big_host_free(root);
	return 0;
}
