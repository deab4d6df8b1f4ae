// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/change.h"
#include "cli/naming.h"

static int write_and_sync(int fd, const GString *text)
{
	for (gsize done = 0; done < text->len;) {
		gssize n = write(fd, text->str + done, text->len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		done += (gsize)n;
	}
	return fsync(fd) == 0 ? 0 : errno;
}

/*
 * Writes a neighbour of `filename` (0600) and renames it: whoever reads sees the old file or the
 * whole new one. Something that is no plain file (a device, a folder) is not replaced.
 */
static int write_atomically(const char *filename, const GString *text)
{
	struct stat st;
	if (stat(filename, &st) == 0 && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? EISDIR : EINVAL;

	g_autofree char *neighbour = g_strdup_printf("%s.XXXXXX", filename);
	int fd = mkostemp(neighbour, O_CLOEXEC); /* 0600 */
	if (fd < 0)
		return errno;
	int err = write_and_sync(fd, text);
	if (close(fd) != 0 && err == 0)
		err = errno;
	if (err == 0 && rename(neighbour, filename) != 0)
		err = errno;
	if (err != 0)
		unlink(neighbour);
	return err;
}

static Status failed(Cli *cli, const char *target, const char *filename, int err)
{
	char buf[16];
	const char *code = g_intern_string(errno_name(err, buf));
	g_autofree char *text = g_strdup_printf("write %s: %s", filename, g_strerror(err));
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	Status status = err == EACCES || err == EPERM ? STATUS_PRIVILEGE
	                : err == ENOENT               ? STATUS_NOT_FOUND
	                                              : STATUS_FAILED;

	change_failed(cli, target, status,
	              problem_new(NULL, code, err, "application", filename, text, NULL), statuses);
	return status;
}

static Status save(Cli *cli, const Visit *visit, const char *filename)
{
	GString *text = facts_write(visit->facts);
	bool dry = cli->options.dry_run;
	int err = 0;

	if (g_str_equal(filename, "-")) {
		if (!dry)
			g_string_append_len(cli->report.text, text->str, (gssize)text->len);
	} else if (!dry) {
		err = write_atomically(filename, text);
	}
	g_string_free(text, TRUE);
	if (err != 0)
		return failed(cli, visit->address->label, filename, err);
	if (g_str_equal(filename, "-") && !dry)
		return STATUS_DONE;

	g_autofree char *words =
		g_strdup_printf("%s %u readings to %s", dry ? "would write" : "wrote",
	                        facts_count(visit->facts), filename);
	StepResult result = {
		.target = visit->address->label,
		.ok = true,
		.changed = !dry,
		.text = words,
	};
	report_result(&cli->report, &result);
	return STATUS_DONE;
}

Status run_record(Cli *cli)
{
	const char *filename = cli->operands[1];

	if (g_str_equal(filename, "-") && cli->options.json)
		return report_usage(&cli->report,
		                    "stdout takes one thing: --json or the recording");
	if (*filename == '\0')
		return report_usage(&cli->report, "FILE is empty");
	HostAddress *host = naming_host(cli, cli->operands[0]);
	if (!host)
		return STATUS_USAGE;

	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	g_autoptr(Visit) visit = gather_one(cli, host, SCAN_USERS);
	if (!visit->facts) {
		change_failed(cli, host->label, visit->status, problem_copy(visit->problem),
		              statuses);
		return cli_status(cli, statuses);
	}
	return save(cli, visit, filename);
}
