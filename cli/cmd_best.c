// SPDX-License-Identifier: GPL-2.0-or-later
/* best: the targets of all hosts, ranked; and where there is none, what comes near. */
#include <string.h>

#include "cli/guest_pair.h"
#include "cli/question.h"
#include "core/compat/index.h"
#include "core/output/pairs.h"
#include "core/output/verdict_text.h"

static const Inventory *inventory_of(const GPtrArray *visits, const char *label)
{
	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		if (g_str_equal(visit->address->label, label))
			return visit->inventory;
	}
	return NULL;
}

static CompatIndex *index_visits(const GPtrArray *visits)
{
	CompatIndex *index = compat_index_new();

	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		compat_index_set(index, visit->address->label, visit->inventory);
	}
	return index;
}

/* Where nobody offers the type each host says why not. */
static void add_refusals(GPtrArray *verdicts, CompatQuestion *q, const CompatIndex *index)
{
	for (guint i = 0; i < compat_index_hosts(index); i++) {
		q->target = compat_index_host(index, i);
		if (!g_str_equal(q->target.host, q->source.host))
			g_ptr_array_add(verdicts, verdict_answer(q));
	}
}

/* Types that look like it: not the same, whatever they are called. */
static void print_near_misses(Cli *cli, const CompatIndex *index, const Instance *instance)
{
	if (instance->type.state != READ_VALUE)
		return;
	g_autoptr(GArray) misses =
		compat_index_near_misses(index, instance->type_ref, instance->type.s);
	for (guint i = 0; i < misses->len; i++) {
		const NearMissRow *row = &g_array_index(misses, NearMissRow, i);
		g_autofree char *line = g_strdup_printf(
			"near %s on %s/%s%s: %s, and not the same type", row->type_id, row->host,
			row->parent, row->hosts > 1 ? " and other hosts" : "",
			row->miss == MISS_SUFFIX ? "the same name under another driver"
						 : "the same display name under another id");
		g_autofree char *safe = text_printable(line, &cli->report.style);
		g_string_append_printf(cli->report.text, "  %s\n", safe);
	}
}

static void print_targets(Cli *cli, const GPtrArray *visits, const GPtrArray *verdicts)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(TargetRow));

	for (guint i = 0; i < verdicts->len; i++) {
		const Verdict *verdict = g_ptr_array_index(verdicts, i);
		target_rows_add(rows, verdict, inventory_of(visits, verdict->target),
		                cli->report.style.ascii);
	}
	target_rows_print(cli->report.text, rows, 0, 2, &cli->report.style);
}

/* The targets of a device, ranked; the verdict of the best goes into `kinds`. */
static void rank_device(Cli *cli, const Source *source, const CompatPolicy *policy,
                        const GPtrArray *visits, CompatIndex *index, GArray *kinds)
{
	CompatQuestion q = question_new(source, 0, policy);
	g_autoptr(GPtrArray) verdicts = compat_index_best(index, &q, 0);
	g_autofree char *name = source_instance_name(source, 0);

	if (verdicts->len == 0)
		add_refusals(verdicts, &q, index);
	for (guint i = 0; i < verdicts->len; i++) {
		const Verdict *verdict = g_ptr_array_index(verdicts, i);
		if (i == 0)
			g_array_append_val(kinds, verdict->verdict);
		if (cli->report.json)
			json_array_append_new(cli->report.payload, json_pair(verdict, name));
	}
	if (cli->report.json)
		return;
	const Instance *instance = q.instance;
	g_autofree char *title = g_strdup_printf(
		"%s %s", name, instance->type.state == READ_VALUE ? instance->type.s : "");
	heading_print(cli->report.text, title, &cli->report.style);
	print_targets(cli, visits, verdicts);
	const Verdict *best = verdicts->len ? g_ptr_array_index(verdicts, 0) : NULL;
	if (!best || best->verdict > VERDICT_ACTION)
		print_near_misses(cli, index, instance);
}

/* ---- a guest with several devices: each host takes all of them, or none ---- */

static gint compare_pairs(gconstpointer a, gconstpointer b)
{
	const Verdict *left = &(*(GuestPair *const *)a)->whole;
	const Verdict *right = &(*(GuestPair *const *)b)->whole;
	int order = verdict_offer_rank(left->verdict) - verdict_offer_rank(right->verdict);

	if (order == 0)
		order = left->assurance - right->assurance;
	return order ? order : strcmp(left->target, right->target);
}

static void rank_guest(Cli *cli, const Source *source, const CompatPolicy *policy,
                       const GPtrArray *visits, GArray *kinds)
{
	g_autoptr(GPtrArray) pairs =
		g_ptr_array_new_with_free_func((GDestroyNotify)guest_pair_free);
	g_autoptr(GPtrArray) verdicts = g_ptr_array_new();

	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		CompatQuestion q = question_new(source, 0, policy);
		q.target = (Side){ visit->address->label, visit->inventory };
		if (visit->address != source->host)
			g_ptr_array_add(pairs, guest_pair_new(source, &q));
	}
	g_ptr_array_sort(pairs, compare_pairs);
	for (guint i = 0; i < pairs->len; i++) {
		GuestPair *pair = g_ptr_array_index(pairs, i);
		g_array_append_val(kinds, pair->whole.verdict);
		g_ptr_array_add(verdicts, &pair->whole);
		if (cli->report.json)
			guest_pair_report(&cli->report, source, pair);
	}
	if (cli->report.json)
		return;
	g_autofree char *name = source_name(source);
	g_autofree char *title =
		g_strdup_printf("%s, all %u devices", name, source->instances->len);
	heading_print(cli->report.text, title, &cli->report.style);
	print_targets(cli, visits, verdicts);
}

/* ---- the command ---- */

static Status rank(Cli *cli, const Source *source, const CompatPolicy *policy,
                   const GPtrArray *visits)
{
	g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(VerdictKind));
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	g_autoptr(CompatIndex) index = index_visits(visits);

	if (source->instances->len == 1)
		rank_device(cli, source, policy, visits, index, kinds);
	else
		rank_guest(cli, source, policy, visits, kinds);
	for (guint i = 0; i < visits->len; i++) {
		const Visit *visit = g_ptr_array_index(visits, i);
		if (visit->address != source->host)
			g_array_append_val(statuses, visit->status);
	}
	return question_status(cli, (const VerdictKind *)(void *)kinds->data, kinds->len, statuses);
}

Status run_best(Cli *cli)
{
	CompatPolicy policy;
	g_autoptr(Source) source = source_parse(cli, cli->operands[0]);
	Status status = source ? question_policy(cli, &policy) : STATUS_USAGE;

	if (status != STATUS_DONE)
		return status;
	if (cli->hosts->len < 2)
		return report_usage(&cli->report,
		                    "there is no other host: --host or --hosts names some");
	g_autoptr(GPtrArray) visits = gather(cli, cli->hosts, SCAN_USERS);
	question_report(cli, visits);
	status = source_find(cli, source, visits);
	return status == STATUS_DONE ? rank(cli, source, &policy, visits) : status;
}
