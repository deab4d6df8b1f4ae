// SPDX-License-Identifier: GPL-2.0-or-later
/* matrix: what can go where. Rows are instances by guest, columns are hosts, cells are signs. */
#include <string.h>

#include "cli/naming.h"
#include "cli/question.h"
#include "core/compat/matrix.h"
#include "core/output/matrix_text.h"
#include "core/output/pairs.h"

/* Whole pairs: each is judged with its texts, so this is for fleets that a script can read. */
static void put_pairs(Report *report, const CompatIndex *index, const CompatMatrix *matrix,
                      const CompatQuestion *question)
{
	for (guint s = 0; s < compat_matrix_sources(matrix); s++) {
		const MatrixSource *source = compat_matrix_source(matrix, s);
		CompatQuestion q = *question;
		q.source = compat_index_host(index, source->host);
		q.instance = source->instance;
		q.type = source->instance->type_ref;
		bool vf = source->instance->kind == INSTANCE_NVIDIA_VF;
		g_autofree char *name = g_strdup_printf("%s/%s%s", q.source.host, vf ? "vf:" : "",
		                                        source->instance->id);
		for (guint h = 0; h < compat_index_hosts(index); h++) {
			if (h == source->host)
				continue;
			q.target = compat_index_host(index, h);
			g_autoptr(Verdict) verdict = verdict_answer(&q);
			json_array_append_new(report->payload, json_pair(verdict, name));
		}
	}
}

static Status report_matrix(Cli *cli, const GPtrArray *visits, const CompatPolicy *policy)
{
	g_autoptr(CompatIndex) index = compat_index_new();
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	CompatQuestion question = { .policy = policy, .now = g_get_real_time() / G_USEC_PER_SEC };

	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		compat_index_set(index, visit->address->label, visit->inventory);
		g_array_append_val(statuses, visit->status);
	}
	g_autoptr(CompatMatrix) matrix = compat_matrix_new(index, &question);
	if (cli->report.json)
		put_pairs(&cli->report, index, matrix, &question);
	else
		matrix_text(cli->report.text, index, matrix, &cli->report.style);
	return cli_status(cli, statuses);
}

Status run_matrix(Cli *cli)
{
	CompatPolicy policy;
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	Status status = question_policy(cli, &policy);

	if (status == STATUS_DONE)
		status = naming_hosts(cli, hosts);
	if (status != STATUS_DONE)
		return status;
	g_autoptr(GPtrArray) visits = gather(cli, hosts, SCAN_USERS);
	question_report(cli, visits);
	return report_matrix(cli, visits, &policy);
}
