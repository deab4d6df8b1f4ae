// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/plan_json.h"

#include <string.h>

#include "core/output/json.h"
#include "core/output/names.h"
#include "core/plan/step.h"
#include "core/text.h"

#define STEPS_MAX 4096

static void put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new_nocheck(object, key, value);
}

/* A text that is to be read back as it is: JSON's own escapes, where these suffice. */
static json_t *exact(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();
	return value ? value : json_text(text);
}

static json_t *exact_list(char **texts)
{
	if (!texts)
		return json_null();
	json_t *array = json_array();
	for (; *texts; texts++)
		json_array_append_new(array, exact(*texts));
	return array;
}

/* ---- writing ---- */

static json_t *json_step(const Step *step, guint n)
{
	json_t *o = json_object(), *write = step->path ? json_object() : json_null();
	json_t *precondition = json_array();

	if (step->path) {
		put(write, "path", json_text(step->path));
		put(write, "value", exact(step->value));
	}
	for (guint i = 0; step->preconditions && step->preconditions[i]; i++)
		json_array_append_new(precondition, json_text(step->preconditions[i]));
	put(o, "n", json_integer(n));
	put(o, "kind", json_text(step_kind_name(step->kind)));
	put(o, "host", json_text(step->host));
	put(o, "text", json_text(step->text));
	put(o, "write", write);
	put(o, "argv", exact_list(step->argv));
	put(o, "precondition", precondition);
	put(o, "undo", step->undo ? json_step(step->undo, n) : json_null());
	put(o, "input", exact(step->input));
	put(o, "parent", json_text(step->parent));
	put(o, "type", json_text(step->type));
	put(o, "uuid", json_text(step->uuid));
	put(o, "key", json_text(step->key));
	put(o, "before", exact(step->before));
	put(o, "after", exact(step->after));
	put(o, "chained", json_boolean(step->chained));
	put(o, "picked", json_boolean(step->picked));
	return o;
}

json_t *json_plan(const GPtrArray *plans)
{
	if (!plans || plans->len == 0)
		return json_null();

	const Plan *first = g_ptr_array_index(plans, 0);
	json_t *o = json_object(), *hosts = json_object(), *steps = json_array();
	GString *purpose = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = g_ptr_array_index(plans, i);
		g_autofree char *label = text_visible(plan->host, -1);
		json_t *host = json_object();
		put(host, "machine_id", json_text(plan->machine_id));
		put(host, "boot_id", json_text(plan->boot_id));
		put(hosts, label, host);
		g_string_append_printf(purpose, "%s%s", i ? "; " : "", plan->purpose);
		for (guint s = 0; s < plan->steps->len; s++)
			json_array_append_new(steps,
			                      json_step(g_ptr_array_index(plan->steps, s), ++n));
	}
	put(o, "id", json_text(first->id));
	put(o, "purpose", json_text(purpose->str));
	put(o, "made_at", json_integer(first->made_at));
	put(o, "hosts", hosts);
	put(o, "steps", steps);
	put(o, "if_exists", json_boolean(first->if_exists));
	put(o, "roll_back", json_boolean(first->roll_back));
	g_string_free(purpose, TRUE);
	return o;
}

/* ---- reading ---- */

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* mdevctl's path, where the step is to run it. */
static const char *program_of(const json_t *step)
{
	return json_string_value(json_array_get(json_object_get(step, "argv"), 0));
}

/* What the file says a step would do is what it will do. */
static bool is_said(const json_t *said, const Step *step)
{
	json_t *truth = json_step(step, 0);
	bool same = true;
	static const char *const members[] = { "write", "argv", "input" };

	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		json_t *mine = json_object_get(truth, members[i]);
		json_t *theirs = json_object_get(said, members[i]);
		same = same && (theirs ? json_equal(mine, theirs) : json_is_null(mine));
	}
	json_decref(truth);
	return same;
}

static Step *step_from_json(const json_t *said)
{
	const char *kind = text_of(said, "kind");
	int number = kind ? step_kind_from_name(kind) : -1;
	StepSpec spec = {
		.kind = (StepKind)number,
		.host = text_of(said, "host"),
		.parent = text_of(said, "parent"),
		.type = text_of(said, "type"),
		.uuid = text_of(said, "uuid"),
		.key = text_of(said, "key"),
		.before = text_of(said, "before"),
		.after = text_of(said, "after"),
		.mdevctl = program_of(said),
		.chained = json_is_true(json_object_get(said, "chained")),
		.picked = json_is_true(json_object_get(said, "picked")),
	};
	Step *step = number >= 0 && spec.host ? step_new(&spec) : NULL;

	if (step && is_said(said, step)) {
		/* A way back that was not offered is not one. */
		if (!json_is_object(json_object_get(said, "undo")))
			g_clear_pointer(&step->undo, step_free);
		return step;
	}
	step_free(step);
	return NULL;
}

static Plan *plan_of_host(const json_t *said, const char *host)
{
	const json_t *ids = json_object_get(json_object_get(said, "hosts"), host);
	Plan *plan = g_new0(Plan, 1);

	plan->id = g_strdup(text_of(said, "id"));
	plan->purpose = g_strdup(text_of(said, "purpose"));
	plan->made_at = json_integer_value(json_object_get(said, "made_at"));
	plan->host = g_strdup(host);
	plan->machine_id = g_strdup(text_of(ids, "machine_id"));
	plan->boot_id = g_strdup(text_of(ids, "boot_id"));
	plan->if_exists = json_is_true(json_object_get(said, "if_exists"));
	plan->roll_back = json_is_true(json_object_get(said, "roll_back"));
	plan->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
	return plan;
}

GPtrArray *plans_from_json(const json_t *said, char **why)
{
	g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);
	const json_t *steps = json_object_get(said, "steps");
	Plan *plan = NULL;

	if (!json_is_array(steps) || !text_of(said, "id") || !text_of(said, "purpose") ||
	    json_array_size(steps) > STEPS_MAX) {
		*why = g_strdup("it is not a plan: it lacks id, purpose or steps");
		return NULL;
	}
	for (gsize i = 0; i < json_array_size(steps); i++) {
		Step *step = step_from_json(json_array_get(steps, i));
		if (!step) {
			*why = g_strdup_printf("step %" G_GSIZE_FORMAT
			                       " is not one that this mdevcon makes",
			                       i + 1);
			return NULL;
		}
		if (!plan || !g_str_equal(plan->host, step->host)) {
			plan = plan_of_host(said, step->host);
			g_ptr_array_add(plans, plan);
		}
		g_ptr_array_add(plan->steps, step);
	}
	return g_steal_pointer(&plans);
}
