// SPDX-License-Identifier: GPL-2.0-or-later
/* doctor: what is missing on the hosts, and how to mend it. */
#include <string.h>

#include "cli/gather.h"
#include "cli/naming.h"
#include "core/doctor.h"
#include "core/output/json.h"

/* Over all hosts. */
typedef struct {
	guint n[FINDING_ERROR + 1];
	guint hosts, down;
	char *worst; /* the first finding of the highest level, or NULL */
	FindingLevel worst_level;
} Sum;

static void count(Sum *sum, const char *host, const Finding *finding)
{
	sum->n[finding->level]++;
	if (finding->level == FINDING_INFO || (sum->worst && sum->worst_level >= finding->level))
		return;
	g_free(sum->worst);
	sum->worst = g_strdup_printf("%s: %s", host, finding->text);
	sum->worst_level = finding->level;
}

static void put_json(Report *report, const char *host, const Finding *finding)
{
	json_t *o = json_object();

	json_object_set_new(o, "id", json_text(finding->id));
	json_object_set_new(o, "host", json_text(host));
	json_object_set_new(o, "severity", json_text(finding_level_name(finding->level)));
	json_object_set_new(o, "text", json_text(finding->text));
	json_object_set_new(o, "mend", json_text(finding->mend));
	json_array_append_new(report->payload, o);
}

static void put_text(Report *report, const Finding *finding)
{
	g_autofree char *text = text_printable(finding->text, &report->style);
	g_autofree char *mend =
		finding->mend ? text_printable(finding->mend, &report->style) : NULL;

	g_string_append_printf(report->text, "  %-5s  %s\n", finding_level_name(finding->level),
	                       text);
	if (mend)
		g_string_append_printf(report->text, "         %s\n", mend);
}

static void report_visit(Cli *cli, const Visit *visit, Sum *sum)
{
	const char *host = visit->address->label;
	bool prints = !cli->report.json && !cli->options.nagios;

	sum->hosts++;
	if (!visit->inventory) {
		sum->down++;
		report_problem(&cli->report, problem_copy(visit->problem));
		return;
	}
	g_autoptr(GPtrArray) findings = doctor_findings(visit->facts, visit->inventory);
	if (prints)
		heading_print(cli->report.text, host, &cli->report.style);
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);
		count(sum, host, finding);
		if (cli->report.json)
			put_json(&cli->report, host, finding);
		else if (prints)
			put_text(&cli->report, finding);
	}
	if (prints && findings->len == 0)
		g_string_append(cli->report.text, "  nothing is missing\n");
}

/* https://www.monitoring-plugins.org/doc/guidelines.html: one line, perfdata, 0 to 3. */
static Status nagios(Cli *cli, const Sum *sum)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	guint state = sum->n[FINDING_ERROR] ? 2 : sum->down ? 3 : sum->n[FINDING_WARN] ? 1 : 0;
	g_autofree char *text =
		text_printable(sum->worst ? sum->worst : "nothing is missing", &cli->report.style);

	/* A bar begins the perfdata. */
	g_strdelimit(text, "|", '/');
	if (!cli->report.json)
		g_string_append_printf(cli->report.text,
		                       "MDEV %s - %u hosts, %u down, %u errors, %u warnings: %s | "
		                       "hosts=%u down=%u errors=%u warnings=%u\n",
		                       words[state], sum->hosts, sum->down, sum->n[FINDING_ERROR],
		                       sum->n[FINDING_WARN], text, sum->hosts, sum->down,
		                       sum->n[FINDING_ERROR], sum->n[FINDING_WARN]);
	return (Status)state;
}

Status run_doctor(Cli *cli)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	Sum sum = { 0 };
	Status named = naming_hosts(cli, hosts);

	if (named != STATUS_DONE)
		return named;
	if (cli->report.json)
		cli->report.payload = json_array();
	g_autoptr(GPtrArray) visits = gather(cli, hosts, SCAN_USERS | SCAN_BOOT);
	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		report_visit(cli, visit, &sum);
		g_array_append_val(statuses, visit->status);
	}
	Status status = cli->options.nagios ? nagios(cli, &sum) : cli_status(cli, statuses);
	g_free(sum.worst);
	return status;
}
