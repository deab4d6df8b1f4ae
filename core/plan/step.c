// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/step.h"

#include <stdlib.h>
#include <string.h>

#include "core/output/names.h"
#include "core/plan/definition_text.h"

#include <jansson.h>

void step_free(Step *step)
{
	if (!step)
		return;
	step_free(step->undo);
	g_free(step->host);
	g_free(step->text);
	g_free(step->parent);
	g_free(step->type);
	g_free(step->uuid);
	g_free(step->key);
	g_free(step->path);
	g_free(step->value);
	g_strfreev(step->argv);
	g_free(step->input);
	g_free(step->before);
	g_free(step->after);
	g_strfreev(step->preconditions);
	g_free(step);
}

bool step_program_is_known(const char *path)
{
	return g_str_equal(path, "/usr/sbin/mdevctl") || g_str_equal(path, "/usr/bin/mdevctl");
}

/* ---- exact writes and commands, one function a kind. False: the parts make none ---- */

static bool act_create(Step *step, const StepSpec *spec)
{
	if (!spec->type || !spec->parent || !name_is_actionable(spec->type))
		return false;
	step->path = g_strdup_printf("/sys/class/mdev_bus/%s/mdev_supported_types/%s/create",
	                             spec->parent, spec->type);
	step->value = g_strdup(spec->uuid);
	return true;
}

static bool act_remove(Step *step, const StepSpec *spec)
{
	step->path = g_strdup_printf("/sys/bus/mdev/devices/%s/remove", spec->uuid);
	step->value = g_strdup("1");
	return true;
}

/* argv of `mdevctl VERB --uuid U [--parent P]`, and up to three more words. */
static bool run_mdevctl(Step *step, const StepSpec *spec, const char *verb, const char *const *more)
{
	g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

	g_strv_builder_add_many(argv, spec->mdevctl, verb, "--uuid", spec->uuid, NULL);
	if (spec->kind != STEP_STOP)
		g_strv_builder_add_many(argv, "--parent", spec->parent, NULL);
	if (more)
		g_strv_builder_addv(argv, (const char **)more);
	step->argv = g_strv_builder_end(argv);
	return true;
}

static bool act_start(Step *step, const StepSpec *spec)
{
	return spec->mdevctl ? spec->parent && run_mdevctl(step, spec, "start", NULL)
	                     : act_create(step, spec);
}

static bool act_stop(Step *step, const StepSpec *spec)
{
	return spec->mdevctl ? run_mdevctl(step, spec, "stop", NULL) : act_remove(step, spec);
}

static json_t *load_member(const char *text, const char *key)
{
	json_t *object = text ? json_loads(text, 0, NULL) : NULL;
	json_t *member = json_incref(json_object_get(object, key));

	json_decref(object);
	return member;
}

static bool is_definition(const char *text)
{
	json_t *type = load_member(text, "mdev_type");
	bool is = json_is_string(type);

	json_decref(type);
	return is;
}

/* The definition's file becomes `after`. */
static bool write_file(Step *step, const StepSpec *spec)
{
	step->path = g_strdup_printf(DEFINITIONS_FOLDER "/%s/%s", spec->parent, spec->uuid);
	step->value = g_strdup(spec->after);
	return definition_path_is_valid(step->path) && (!spec->after || is_definition(spec->after));
}

/* The same JSON without its line ends, for an eye and a command line. */
static char *one_line(const char *text)
{
	json_t *object = json_loads(text, 0, NULL);
	char *raw = json_dumps(object, JSON_ENSURE_ASCII);
	char *line = g_strdup(raw);

	free(raw);
	json_decref(object);
	return line;
}

/* Of a file: type, start and all attributes in one go, so that there is never half a definition. */
static bool act_define(Step *step, const StepSpec *spec)
{
	static const char *const from_input[] = { "--jsonfile", "/dev/stdin", NULL };

	if (!spec->parent || !spec->type || !is_definition(spec->after))
		return false;
	step->input = spec->mdevctl ? one_line(spec->after) : NULL;
	return spec->mdevctl ? run_mdevctl(step, spec, "define", from_input)
	                     : write_file(step, spec);
}

static bool act_undefine(Step *step, const StepSpec *spec)
{
	if (!spec->parent || spec->after)
		return false;
	return spec->mdevctl ? run_mdevctl(step, spec, "undefine", NULL) : write_file(step, spec);
}

static bool act_autostart(Step *step, const StepSpec *spec)
{
	json_t *start = load_member(spec->after, "start");
	const char *word = json_string_value(start);
	bool is_auto = g_strcmp0(word, "auto") == 0;
	const char *const how[] = { is_auto ? "--auto" : "--manual", NULL };
	bool ok = spec->parent && spec->before && word &&
	          (spec->mdevctl ? run_mdevctl(step, spec, "modify", how) : write_file(step, spec));

	json_decref(start);
	return ok;
}

/* mdevctl (1.2) changes one attribute at a time: the edit that leads from one list to the other. */
static bool edit_with_mdevctl(Step *step, const StepSpec *spec, const json_t *old,
                              const json_t *new)
{
	gsize n_old = json_array_size(old), n_new = json_array_size(new), at = 0;
	const char *key = NULL;

	while (at < MIN(n_old, n_new) &&
	       json_equal(json_array_get(old, at), json_array_get(new, at)))
		at++;
	g_autofree char *index = g_strdup_printf("--index=%" G_GSIZE_FORMAT, at);
	if (n_new + 1 == n_old) {
		const char *const drop[] = { "--delattr", index, NULL };
		return run_mdevctl(step, spec, "modify", drop);
	}
	json_t *added = json_array_get(new, at);
	void *iter = json_object_iter(added);
	if (n_new != n_old + 1 || !iter || !(key = json_object_iter_key(iter)) ||
	    !json_is_string(json_object_iter_value(iter)))
		return false;
	g_autofree char *attr = g_strconcat("--addattr=", key, NULL);
	g_autofree char *value =
		g_strconcat("--value=", json_string_value(json_object_iter_value(iter)), NULL);
	const char *const add[] = { attr, value, index, NULL };
	return run_mdevctl(step, spec, "modify", add);
}

static bool act_attrs(Step *step, const StepSpec *spec)
{
	if (!spec->parent || !spec->before || !spec->after)
		return false;
	if (!spec->mdevctl)
		return write_file(step, spec);
	json_t *old = load_member(spec->before, "attrs"), *new = load_member(spec->after, "attrs");
	bool ok = edit_with_mdevctl(step, spec, old, new);
	json_decref(old);
	json_decref(new);
	return ok;
}

/* mdevctl takes a key as a path below the device; so does this, but on no way out of it. */
static bool key_is_actionable(const char *key)
{
	g_auto(GStrv) parts = g_strsplit(key, "/", -1);

	for (char **part = parts; *part; part++)
		if (!name_is_actionable(*part))
			return false;
	return parts[0] && !g_str_equal(key, "remove");
}

static bool act_write_attr(Step *step, const StepSpec *spec)
{
	if (!spec->key || !spec->after || !key_is_actionable(spec->key))
		return false;
	step->path = g_strdup_printf("/sys/bus/mdev/devices/%s/%s", spec->uuid, spec->key);
	step->value = g_strdup(spec->after);
	return true;
}

/* https://docs.nvidia.com/vgpu: the file of a function that takes the number of a type, 0 frees. */
static bool act_vf_type(Step *step, const StepSpec *spec)
{
	guint64 n;

	if (!spec->parent || !spec->before || !spec->after ||
	    !g_ascii_string_to_unsigned(spec->before, 10, 0, G_MAXUINT32, &n, NULL) ||
	    !g_ascii_string_to_unsigned(spec->after, 10, 0, G_MAXUINT32, &n, NULL))
		return false;
	step->path =
		g_strdup_printf("/sys/bus/pci/devices/%s/nvidia/current_vgpu_type", spec->parent);
	step->value = g_strdup(spec->after);
	return true;
}

/* ---- the kinds ---- */

static const struct {
	StepKind undo; /* STEP_KINDS: there is no way back */
	bool by_mdevctl;
	bool (*act)(Step *step, const StepSpec *spec);
	const char *text; /* %t type, %p parent, %u uuid, %k key, %a after, %b before */
	const char *precondition;
} kinds[STEP_KINDS] = {
	[STEP_CREATE] = { STEP_REMOVE, false, act_create, "create %t on %p as %u",
	                  "no instance of this uuid exists on the host" },
	[STEP_REMOVE] = { STEP_CREATE, false, act_remove, "remove %t %u",
	                  "the instance is not in use" },
	[STEP_DEFINE] = { STEP_UNDEFINE, true, act_define, "define %t on %p as %u",
	                  "it is not defined on that parent" },
	[STEP_UNDEFINE] = { STEP_DEFINE, true, act_undefine, "undefine %u on %p",
	                    "its definition is as it was read" },
	[STEP_START] = { STEP_STOP, true, act_start, "start %t %u on %p",
	                 "no instance of this uuid exists on the host" },
	[STEP_STOP] = { STEP_START, true, act_stop, "stop %t %u", "the instance is not in use" },
	[STEP_AUTOSTART] = { STEP_AUTOSTART, true, act_autostart, "set autostart of %u on %p to %a",
	                     "its definition is as it was read" },
	[STEP_ATTRS] = { STEP_ATTRS, true, act_attrs, "set attributes of %u on %p to %a",
	                 "its definition is as it was read" },
	[STEP_WRITE_ATTR] = { STEP_KINDS, false, act_write_attr, "write %a to %k of %u",
	                      "the instance exists" },
	[STEP_VF_TYPE] = { STEP_VF_TYPE, false, act_vf_type, "set vGPU type of %p from %b to %a",
	                   "no process holds that function" },
};

/* "auto", or "a=1 b=2"; `text` itself for what is no definition. New. */
static char *state_words(StepKind kind, const char *text)
{
	const char *member = kind == STEP_AUTOSTART ? "start" : "attrs";
	json_t *value =
		kind == STEP_AUTOSTART || kind == STEP_ATTRS ? load_member(text, member) : NULL;
	GString *out = g_string_new(NULL);

	for (gsize i = 0; i < json_array_size(value); i++) {
		void *at = json_object_iter(json_array_get(value, i));
		const char *word = at ? json_string_value(json_object_iter_value(at)) : NULL;
		g_string_append_printf(out, "%s%s=%s", i ? " " : "",
		                       at ? json_object_iter_key(at) : "?", word ? word : "?");
	}
	if (json_is_string(value))
		g_string_append(out, json_string_value(value));
	else if (json_is_array(value) && out->len == 0)
		g_string_append(out, "none");
	else if (!value && text)
		g_string_append(out, text);
	json_decref(value);
	return g_string_free(out, FALSE);
}

static char *words_of(const StepSpec *spec)
{
	g_autofree char *before = state_words(spec->kind, spec->before);
	g_autofree char *after = state_words(spec->kind, spec->after);
	GString *out = g_string_new(NULL);

	for (const char *s = kinds[spec->kind].text; *s; s++) {
		const char *type = spec->type ? spec->type : "instance";
		const char *word = NULL;
		if (*s == '%') {
			static const char letters[] = "tpukab";
			const char *const words[] = { type,      spec->parent, spec->uuid,
				                      spec->key, after,        before };
			word = words[strchr(letters, *++s) - letters];
			g_string_append(out, word ? word : "?");
		} else {
			g_string_append_c(out, *s);
		}
	}
	if (kinds[spec->kind].by_mdevctl)
		g_string_append(out, spec->mdevctl ? " (by its mdevctl)"
		                                   : " (by mdevcon: no mdevctl there)");
	return g_string_free(out, FALSE);
}

static Step *one_step(const StepSpec *spec)
{
	Step *step = g_new0(Step, 1);

	step->kind = spec->kind;
	step->host = g_strdup(spec->host);
	step->parent = g_strdup(spec->parent);
	step->type = g_strdup(spec->type);
	step->uuid = g_strdup(spec->uuid);
	step->key = g_strdup(spec->key);
	step->before = g_strdup(spec->before);
	step->after = g_strdup(spec->after);
	step->chained = spec->chained;
	step->picked = spec->picked;
	step->text = words_of(spec);
	step->preconditions = g_new0(char *, 2);
	step->preconditions[0] = g_strdup(kinds[spec->kind].precondition);
	bool named = spec->kind == STEP_VF_TYPE ? spec->parent != NULL
	                                        : spec->uuid && name_is_actionable(spec->uuid);
	if (named && (!spec->parent || name_is_actionable(spec->parent)) &&
	    (!spec->mdevctl || step_program_is_known(spec->mdevctl)) &&
	    kinds[spec->kind].act(step, spec))
		return step;
	step_free(step);
	return NULL;
}

Step *step_new(const StepSpec *spec)
{
	Step *step = one_step(spec);
	StepSpec back = *spec;

	if (!step || kinds[spec->kind].undo == STEP_KINDS)
		return step;
	back.kind = kinds[spec->kind].undo;
	back.before = spec->after;
	back.after = spec->before;
	back.chained = back.picked = false;
	step->undo = one_step(&back);
	return step;
}

int step_kind_from_name(const char *name)
{
	for (int kind = 0; kind < STEP_KINDS; kind++)
		if (g_str_equal(step_kind_name(kind), name))
			return kind;
	return -1;
}

/* ---- as a shell line ---- */

/*
 * A word of the shell that printf's %b turns back into `text`: one line, whatever is in it. A text
 * with a backslash or a line end needs it, any other is %s.
 */
static char *printf_words(const char *text)
{
	GString *escaped = g_string_new(NULL);

	if (!strpbrk(text, "\\\n")) {
		g_string_free(escaped, TRUE);
		g_autofree char *quoted = g_shell_quote(text);
		return g_strdup_printf("printf %%s %s", quoted);
	}
	for (; *text; text++) {
		if (*text == '\n')
			g_string_append(escaped, "\\n");
		else if (*text == '\\')
			g_string_append(escaped, "\\\\");
		else
			g_string_append_c(escaped, *text);
	}
	g_autofree char *quoted = g_shell_quote(escaped->str);
	g_string_free(escaped, TRUE);
	return g_strdup_printf("printf %%b %s", quoted);
}

static char *command_of_argv(const Step *step)
{
	GString *out = g_string_new(NULL);

	if (step->input) {
		g_autofree char *input = printf_words(step->input);
		g_string_append_printf(out, "%s | ", input);
	}
	for (char **word = step->argv; *word; word++) {
		g_autofree char *quoted = g_shell_quote(*word);
		bool plain = strspn(*word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		                           "0123456789._/:=-") == strlen(*word);
		g_string_append_printf(out, "%s%s", word == step->argv ? "" : " ",
		                       plain && **word ? *word : quoted);
	}
	return g_string_free(out, FALSE);
}

char *step_command(const Step *step)
{
	if (step->argv)
		return command_of_argv(step);
	g_autofree char *path = g_shell_quote(step->path);
	if (!step->value)
		return g_strdup_printf("rm %s", path);
	if (!g_str_has_prefix(step->path, DEFINITIONS_FOLDER "/")) {
		g_autofree char *value = g_shell_quote(step->value);
		return g_strdup_printf("printf '%%s\\n' %s > %s", value, path);
	}
	g_autofree char *folder = g_path_get_dirname(step->path);
	g_autofree char *quoted = g_shell_quote(folder);
	g_autofree char *words = printf_words(step->value);
	return g_strdup_printf("mkdir -p %s && %s > %s", quoted, words, path);
}
