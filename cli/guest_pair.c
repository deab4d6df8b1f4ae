// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/guest_pair.h"

#include "core/output/pairs.h"
#include "core/output/verdict_text.h"

static RuleLevel level_of(VerdictKind kind)
{
	static const RuleLevel levels[] = {
		[VERDICT_READY] = LEVEL_OK,        [VERDICT_ACTION] = LEVEL_OK,
		[VERDICT_BLOCKED] = LEVEL_BLOCKED, [VERDICT_INCOMPATIBLE] = LEVEL_INCOMPATIBLE,
		[VERDICT_UNKNOWN] = LEVEL_UNKNOWN,
	};
	return levels[kind];
}

/* Rules: R25 first, then what they say of each device. Steps only where all devices can go. */
static void sum_up(GuestPair *pair)
{
	const Mapping *mapping = pair->mapping;
	Verdict *whole = &pair->whole;

	pair->together = (RuleResult){ .id = "R25",
		                       .decisive = true,
		                       .level = level_of(mapping->verdict),
		                       .text = mapping->text,
		                       .source_state = READ_ABSENT,
		                       .target_state = READ_ABSENT };
	g_ptr_array_add(whole->rules, &pair->together);
	for (guint i = 0; i < mapping->verdicts->len; i++) {
		const Verdict *one = g_ptr_array_index(mapping->verdicts, i);
		whole->assurance = MAX(whole->assurance, one->assurance);
		g_ptr_array_extend(whole->rules, one->rules, NULL, NULL);
		if (mapping->found)
			g_ptr_array_extend(whole->todos, one->todos, NULL, NULL);
	}
}

GuestPair *guest_pair_new(const Source *source, const CompatQuestion *question)
{
	guint n = source->instances->len;
	g_autofree MappingSource *devices = g_new0(MappingSource, n);
	GuestPair *pair = g_new0(GuestPair, 1);

	for (guint i = 0; i < n; i++) {
		const Instance *instance = g_ptr_array_index(source->instances, i);
		devices[i] = (MappingSource){ instance->type_ref, instance };
	}
	pair->mapping = mapping_new(question, devices, n);
	pair->whole = (Verdict){ .verdict = pair->mapping->verdict,
		                 .assurance = 'A',
		                 .source = question->source.host,
		                 .target = question->target.host,
		                 .summary = pair->mapping->text,
		                 .why = pair->mapping->text,
		                 .rules = g_ptr_array_new(),
		                 .todos = g_ptr_array_new() };
	sum_up(pair);
	return pair;
}

void guest_pair_free(GuestPair *pair)
{
	g_ptr_array_unref(pair->whole.rules);
	g_ptr_array_unref(pair->whole.todos);
	mapping_free(pair->mapping);
	g_free(pair);
}

static void put_json(Report *report, const Source *source, const GuestPair *pair)
{
	g_autofree char *name = source_name(source);
	json_t *whole = json_pair(&pair->whole, name), *devices = json_array();

	for (guint i = 0; i < pair->mapping->verdicts->len; i++) {
		const Verdict *one = g_ptr_array_index(pair->mapping->verdicts, i);
		g_autofree char *device = source_instance_name(source, i);
		json_array_append_new(devices, json_pair(one, device));
	}
	json_object_set_new(whole, "devices", devices);
	json_array_append_new(report->payload, whole);
}

static void put_text(Report *report, const Source *source, const GuestPair *pair)
{
	const Verdict *whole = &pair->whole;
	const TextStyle *style = &report->style;
	g_autofree char *words = verdict_words(whole);
	g_autofree char *head = g_strdup_printf("%s  %s", words, whole->target);
	g_autofree char *text = text_printable(whole->summary, style);

	if (report->text->len)
		g_string_append_c(report->text, '\n');
	g_string_append_printf(report->text, "%s ", verdict_sign(whole->verdict, style->ascii));
	heading_print(report->text, head, style);
	g_string_append_printf(report->text, "           %s\n", text);
	for (guint i = 0; i < pair->mapping->verdicts->len; i++) {
		const Verdict *one = g_ptr_array_index(pair->mapping->verdicts, i);
		const Instance *instance = g_ptr_array_index(source->instances, i);
		g_autofree char *target = verdict_target(one);
		g_autofree char *title = g_strdup_printf(
			"%s %s to %s",
			instance->type.state == READ_VALUE ? instance->type.s : "a device",
			instance->id, target);
		verdict_print(report->text, one, title, style);
	}
}

void guest_pair_report(Report *report, const Source *source, const GuestPair *pair)
{
	if (report->json)
		put_json(report, source, pair);
	else
		put_text(report, source, pair);
}
