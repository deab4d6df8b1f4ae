// SPDX-License-Identifier: GPL-2.0-or-later
/* journal: what mdevcon changed, when and where; and what to do about what was interrupted. */
#include <string.h>

#include "cli/change.h"
#include "cli/naming.h"
#include "core/output/json.h"
#include "core/output/listing.h"
#include "core/plan/journal.h"
#include "core/plan/plan_json.h"

/* ---- listing ---- */

static char *time_text(gint64 when)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when);
	return time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : NULL;
}

static char *when_cell(const void *row)
{
	return time_text(((const JournalEntry *)row)->started);
}

static char *id_cell(const void *row)
{
	return g_strndup(((const JournalEntry *)row)->plan->id, 8);
}

static char *host_cell(const void *row)
{
	return g_strdup(((const JournalEntry *)row)->plan->host);
}

static char *state_cell(const void *row)
{
	return g_strdup(((const JournalEntry *)row)->state);
}

static char *purpose_cell(const void *row)
{
	return g_strdup(((const JournalEntry *)row)->plan->purpose);
}

static const Column columns[] = {
	{ "when", "started", "WHEN", ALIGN_LEFT, WIDTH_WHOLE, when_cell },
	{ "id", "id", "ID", ALIGN_LEFT, WIDTH_WHOLE, id_cell },
	{ "host", "host", "HOST", ALIGN_LEFT, WIDTH_WHOLE, host_cell },
	{ "state", "state", "STATE", ALIGN_LEFT, WIDTH_WHOLE, state_cell },
	{ "purpose", "purpose", "WHAT", ALIGN_LEFT, WIDTH_CUT, purpose_cell },
};

/* The steps of what was interrupted, and what can be done about it. */
static void print_interrupted(GString *out, const JournalEntry *entry, const TextStyle *style)
{
	g_autofree char *purpose = text_printable(entry->plan->purpose, style);

	g_string_append_printf(out, "\nInterrupted: %s\n", purpose);
	for (guint i = 0; i < entry->deeds->len; i++) {
		const Step *step = g_ptr_array_index(entry->plan->steps, i);
		g_autofree char *text = text_printable(step->text, style);
		g_string_append_printf(out, "  %u. %s: %s\n", i + 1, text,
		                       deed_words(g_array_index(entry->deeds, Deed, i)));
	}
	g_string_append_printf(out,
	                       "  mdevcon journal undo %.8s      takes back what was done\n"
	                       "  mdevcon journal forget %.8s    leaves things as they are\n",
	                       entry->plan->id, entry->plan->id);
}

static json_t *entry_json(const JournalEntry *entry)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	json_t *o = json_object();

	g_ptr_array_add(one, entry->plan);
	json_t *plan = json_plan(one), *steps = json_object_get(plan, "steps");
	for (guint i = 0; i < entry->deeds->len; i++)
		json_object_set_new(json_array_get(steps, i), "outcome",
		                    json_text(deed_words(g_array_index(entry->deeds, Deed, i))));
	json_object_set_new(o, "id", json_text(entry->plan->id));
	json_object_set_new(o, "purpose", json_text(entry->plan->purpose));
	json_object_set_new(o, "host", json_text(entry->plan->host));
	json_object_set_new(o, "state", json_text(entry->state));
	json_object_set_new(o, "started", json_integer(entry->started));
	json_object_set_new(o, "ended", entry->ended ? json_integer(entry->ended) : json_null());
	json_object_set(o, "steps", steps);
	json_object_set_new(o, "file", json_text(entry->file));
	json_decref(plan);
	return o;
}

static Status list(Cli *cli, const GPtrArray *entries)
{
	Report *report = &cli->report;

	if (report->json)
		report->payload = json_array();
	for (guint i = 0; i < entries->len && report->json; i++)
		json_array_append_new(report->payload, entry_json(g_ptr_array_index(entries, i)));
	if (report->json)
		return STATUS_DONE;
	columns_print(report->text, columns, G_N_ELEMENTS(columns), entries, 0, &report->style);
	for (guint i = 0; i < entries->len; i++)
		if (journal_is_interrupted(g_ptr_array_index(entries, i)))
			print_interrupted(report->text, g_ptr_array_index(entries, i),
			                  &report->style);
	return STATUS_DONE;
}

/* ---- undo and forget ---- */

static JournalEntry *find(Cli *cli, const GPtrArray *entries, const char *id, Status *status)
{
	JournalEntry *found = NULL;
	guint matches = 0;

	for (guint i = 0; i < entries->len; i++) {
		JournalEntry *entry = g_ptr_array_index(entries, i);
		if (!g_str_has_prefix(entry->plan->id, id))
			continue;
		found = entry;
		matches++;
	}
	if (matches == 1)
		return found;
	g_autofree char *text =
		g_strdup_printf(matches ? "journal: %s is not unique" : "journal: no entry %s", id);
	*status = matches ? STATUS_USAGE : STATUS_NOT_FOUND;
	report_problem(&cli->report, problem_new(NULL, matches ? "EINVAL" : "ENOENT", 0,
	                                         "application", NULL, text, NULL));
	return NULL;
}

static Status refuse(Cli *cli, const JournalEntry *entry, Status status, const char *why)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	g_autofree char *text = g_strdup_printf("journal: %.8s: %s", entry->plan->id, why);

	change_failed(cli, entry->plan->id, status,
	              problem_new(entry->plan->host, "EINVAL", 0, "application", NULL, text, NULL),
	              statuses);
	return status;
}

static Status settle(Cli *cli, const JournalEntry *entry, const char *state)
{
	int err = journal_settle(entry, state);
	StepResult result = {
		.target = entry->plan->id, .ok = true, .changed = true, .text = (char *)state
	};

	if (err)
		return refuse(cli, entry, STATUS_FAILED, g_strerror(err));
	report_result(&cli->report, &result);
	return STATUS_DONE;
}

static Status forget(Cli *cli, const JournalEntry *entry)
{
	if (!journal_is_interrupted(entry))
		return refuse(cli, entry, STATUS_REFUSED, "it was not interrupted");
	if (cli->options.dry_run)
		return STATUS_DONE;
	return settle(cli, entry, "forgotten");
}

static Status undo_on(Cli *cli, const JournalEntry *entry, HostAddress *host, Plan *plan)
{
	g_autoptr(GArray) statuses = g_array_new(FALSE, TRUE, sizeof(Status));
	g_autoptr(GPtrArray) hosts = g_ptr_array_new(), plans = g_ptr_array_new();

	plan->force = cli->options.force;
	g_ptr_array_add(hosts, host);
	g_ptr_array_add(plans, plan);
	g_autoptr(GPtrArray) visits = gather(cli, hosts, 0);
	change_plans(cli, visits, plans, "Undo?", statuses);
	Status status = cli_status(cli, statuses);
	if (status == STATUS_DONE && !cli->options.dry_run && journal_is_interrupted(entry))
		status = settle(cli, entry, "undone");
	return status;
}

static Status undo(Cli *cli, const JournalEntry *entry)
{
	if (g_str_equal(entry->state, "running"))
		return refuse(cli, entry, STATUS_REFUSED, "it still runs");
	g_autoptr(Plan) plan = journal_undo_plan(entry);
	if (!plan)
		return journal_is_interrupted(entry)
		               ? forget(cli, entry)
		               : refuse(cli, entry, STATUS_REFUSED, "there is nothing to undo");
	if (!change_can_confirm(cli))
		return STATUS_USAGE;
	HostAddress *host = naming_host(cli, plan->host);
	if (!host)
		return STATUS_USAGE;
	if (change_allowed(cli, host))
		return undo_on(cli, entry, host, plan);
	report_problem(&cli->report, change_refusal(cli, host));
	return STATUS_REFUSED;
}

Status run_journal(Cli *cli)
{
	static const char *const verbs[] = { "list", "undo", "forget", NULL };
	const char *verb = cli->n_operands ? cli->operands[0] : "list";
	bool lists = g_str_equal(verb, "list");
	g_autofree char *folder = journal_default_folder();
	g_autoptr(GPtrArray) problems = g_ptr_array_new();

	if (!g_strv_contains(verbs, verb))
		return report_usage(&cli->report, "journal: '%s' is none of list, undo, forget",
		                    verb);
	if (cli->n_operands != (lists ? MIN(cli->n_operands, 1) : 2))
		return report_usage(&cli->report, "usage: mdevcon journal [undo ID | forget ID]");
	cli->report.payload_key = lists ? "journal" : cli->options.dry_run ? "plan" : "results";
	g_autoptr(GPtrArray) entries = journal_read(folder, problems);
	for (guint i = 0; i < problems->len; i++)
		report_problem(&cli->report, g_ptr_array_index(problems, i));
	if (lists)
		return list(cli, entries);
	Status status = STATUS_DONE;
	const JournalEntry *entry = find(cli, entries, cli->operands[1], &status);
	if (!entry)
		return status;
	return g_str_equal(verb, "undo") ? undo(cli, entry) : forget(cli, entry);
}
