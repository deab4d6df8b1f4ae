// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/doctor.h"

#include <string.h>

#define RULE "60-mdevctl.rules"

typedef struct {
	const Facts *facts;
	const Inventory *inventory;
	GPtrArray *findings;
	guint wanted; /* definitions that are to start at boot */
} Visit;

void finding_free(Finding *finding)
{
	if (!finding)
		return;
	g_free(finding->text);
	g_free(finding->mend);
	g_free(finding);
}

const char *finding_level_name(FindingLevel level)
{
	static const char *const names[] = { "info", "warn", "error" };
	return names[level];
}

/* Takes `text` and `mend`. */
static void add(Visit *visit, const char *id, FindingLevel level, char *text, char *mend)
{
	Finding *finding = g_new0(Finding, 1);

	finding->id = id;
	finding->level = level;
	finding->text = text;
	finding->mend = mend;
	g_ptr_array_add(visit->findings, finding);
}

/* What is wrong with starting at boot matters where something is to be started. */
static FindingLevel level_of_boot(const Visit *visit)
{
	return visit->wanted ? FINDING_ERROR : FINDING_INFO;
}

/* ---- mdevctl's rule of udev ---- */

/* The file that udev takes: the first folder that has one of this name (udev(7)). */
static const char *rule_file(const Visit *visit, const Fact **fact)
{
	static const char *const files[] = {
		"/etc/udev/rules.d/" RULE,           "/run/udev/rules.d/" RULE,
		"/usr/local/lib/udev/rules.d/" RULE, "/usr/lib/udev/rules.d/" RULE,
		"/lib/udev/rules.d/" RULE,
	};
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		*fact = facts_get(visit->facts, files[i]);
		if (*fact && (*fact)->err == 0)
			return files[i];
	}
	*fact = NULL;
	return NULL;
}

/* The program that the rule runs: the path before " start-parent-mdevs". New, or NULL. */
static char *program_of_rule(const char *text)
{
	const char *verb = strstr(text, "start-parent-mdevs");
	const char *end = verb, *start;

	while (end && end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	for (start = end; start && start > text && !strchr(" \t\n\"'=", start[-1]);)
		start--;
	return start && end > start ? g_strndup(start, (gsize)(end - start)) : NULL;
}

static void check_program(Visit *visit, const char *file, const char *program)
{
	/* A path without a folder is looked for in udev's own. */
	if (*program == '/' && facts_text(visit->facts, program).state == READ_VALUE)
		return;
	const char *there = visit->inventory->mdevctl;
	if (!g_str_equal(program, "/usr/sbin/mdevctl") &&
	    !g_str_equal(program, "/usr/bin/mdevctl")) {
		add(visit, "boot-rule-program", FINDING_INFO,
		    g_strdup_printf("%s runs %s: whether that is there was not looked at", file,
		                    program),
		    NULL);
		return;
	}
	add(visit, "boot-rule-program", level_of_boot(visit),
	    g_strdup_printf("%s runs %s, which is not there: nothing is started at boot", file,
	                    program),
	    there ? g_strdup_printf("ln -s %s %s", there, program) : g_strdup("install mdevctl"));
}

static void check_rule(Visit *visit)
{
	const Fact *fact;
	const char *file = rule_file(visit, &fact);
	g_autofree char *program = file && fact->text ? program_of_rule(fact->text) : NULL;

	if (!visit->inventory->mdevctl) {
		add(visit, "mdevctl", visit->wanted ? FINDING_ERROR : FINDING_INFO,
		    g_strdup("mdevctl is not installed: definitions are kept, but nothing starts "
		             "them "
		             "at boot"),
		    g_strdup("install mdevctl"));
		return;
	}
	if (program)
		check_program(visit, file, program);
	else
		add(visit, "boot-rule", level_of_boot(visit),
		    file ? g_strdup_printf("%s starts nothing at boot", file)
		         : g_strdup("there is no " RULE " of udev: nothing is started at boot"),
		    g_strdup("install mdevctl's package anew; it brings the rule"));
}

/* ---- modules ---- */

/* True if a file of modules-load.d (or /etc/modules) names the module on a line of its own. */
static bool names_module(const char *text, const char *module)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_autofree char *word = g_strndup(g_strstrip(*line), strcspn(*line, " \t#"));
		g_strdelimit(word, "-", '_');
		if (g_str_equal(word, module))
			return true;
	}
	return false;
}

static bool is_below(const char *path, const char *const *folders)
{
	for (; *folders; folders++)
		if (g_str_has_prefix(path, *folders))
			return true;
	return false;
}

static bool is_loaded_at_boot(const Visit *visit, const char *module)
{
	static const char *const folders[] = { "/etc/modules-load.d/", "/run/modules-load.d/",
		                               "/usr/lib/modules-load.d/", NULL };
	g_autofree char *name = g_strdelimit(g_strdup(module), "-", '_');

	for (guint i = 0; i < facts_count(visit->facts); i++) {
		const Fact *fact = facts_nth(visit->facts, i);
		bool counts =
			(is_below(fact->path, folders) && g_str_has_suffix(fact->path, ".conf")) ||
			g_str_equal(fact->path, "/etc/modules");
		if (counts && fact->kind == FACT_VALUE && fact->text &&
		    names_module(fact->text, name))
			return true;
	}
	return false;
}

/* A driver of a PCI device is loaded for it by udev; one of no device only where it is named. */
static void check_module(Visit *visit, const Parent *parent)
{
	if (!parent->module || parent->kind == PARENT_PCI || parent->kind == PARENT_CCW ||
	    is_loaded_at_boot(visit, parent->module))
		return;
	add(visit, "boot-module", FINDING_WARN,
	    g_strdup_printf("nothing loads module %s at boot: %s will not be there", parent->module,
	                    parent->name),
	    g_strdup_printf("echo %s > /etc/modules-load.d/%s.conf", parent->module,
	                    parent->module));
}

/* ---- virtual functions ---- */

/* True if something among the host's own rules and units makes virtual functions. */
static bool makes_functions(const Visit *visit)
{
	static const char *const folders[] = { "/etc/udev/rules.d/", "/etc/systemd/system/",
		                               "/etc/modprobe.d/", "/etc/rc.local", NULL };

	for (guint i = 0; i < facts_count(visit->facts); i++) {
		const Fact *fact = facts_nth(visit->facts, i);
		if (fact->kind == FACT_VALUE && fact->text && is_below(fact->path, folders) &&
		    (strstr(fact->text, "sriov") || strstr(fact->text, "max_vfs")))
			return true;
	}
	return false;
}

static void check_functions(Visit *visit, const Parent *parent)
{
	if (!parent->physfn || makes_functions(visit))
		return;
	add(visit, "boot-functions", FINDING_WARN,
	    g_strdup_printf(
		    "%s is a virtual function of %s, and no unit or rule of this host seems "
		    "to make functions at boot",
		    parent->name, parent->physfn),
	    g_strdup("make them in a unit that runs before udev sees the card, or by the driver's "
	             "own tool (sriov-manage)"));
}

/* ---- definitions ---- */

static void check_definition(Visit *visit, const Definition *definition)
{
	const Parent *parent = inventory_parent(visit->inventory, definition->parent);

	if (definition->error) {
		add(visit, "definition-broken", FINDING_ERROR,
		    g_strdup_printf("%s: %s; mdevctl stumbles over it", definition->file,
		                    definition->error),
		    g_strdup_printf("mend the file, or remove it: rm %s", definition->file));
		return;
	}
	if (!definition->autostart)
		return;
	if (!parent)
		add(visit, "definition-parent", FINDING_ERROR,
		    g_strdup_printf("%s is to start at boot, but its parent %s is not there",
		                    definition->uuid, definition->parent),
		    NULL);
	else if (!parent_type(parent, definition->type))
		add(visit, "definition-type", FINDING_ERROR,
		    g_strdup_printf("%s is to start at boot, but %s does not offer %s",
		                    definition->uuid, definition->parent, definition->type),
		    NULL);
	else if (!definition->active)
		add(visit, "definition-inactive", FINDING_WARN,
		    g_strdup_printf("%s starts at boot, and does not run now", definition->uuid),
		    g_strdup_printf("mdevcon start HOST/%s", definition->uuid));
}

/* Each parent on which something is to start at boot. */
static void check_parents(Visit *visit)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < visit->inventory->definitions->len; i++) {
		const Definition *definition = g_ptr_array_index(visit->inventory->definitions, i);
		const Parent *parent = inventory_parent(visit->inventory, definition->parent);
		if (!definition->autostart || !parent ||
		    !g_hash_table_add(seen, (gpointer)parent->name))
			continue;
		check_module(visit, parent);
		check_functions(visit, parent);
	}
}

/* ---- what does not outlive a boot ---- */

static void check_transient(Visit *visit)
{
	guint n = 0;

	for (guint i = 0; i < visit->inventory->instances->len; i++) {
		const Instance *instance = g_ptr_array_index(visit->inventory->instances, i);
		n += !instance->defined || !instance->autostart;
		if (instance->differs)
			add(visit, "instance-differs", FINDING_WARN,
			    g_strdup_printf("%s: %s", instance->id, instance->differs), NULL);
	}
	if (n > 0)
		add(visit, "transient", FINDING_INFO,
		    g_strdup_printf("%u of %u instances will not be there after a restart", n,
		                    visit->inventory->instances->len),
		    g_strdup("mdevcon define HOST/UUID --autostart"));
}

GPtrArray *doctor_findings(const Facts *facts, const Inventory *inventory)
{
	Visit visit = { .facts = facts, .inventory = inventory };

	visit.findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
	for (guint i = 0; i < inventory->definitions->len; i++)
		visit.wanted +=
			((Definition *)g_ptr_array_index(inventory->definitions, i))->autostart;
	if (inventory->empty_why)
		add(&visit, "no-parents", FINDING_WARN, g_strdup(inventory->empty_why), NULL);
	if (inventory->euid > 0)
		add(&visit, "privilege", FINDING_WARN,
		    g_strdup_printf(
			    "read as %s: nothing can be changed, and users of instances stay "
			    "unknown",
			    inventory->user ? inventory->user : "an unprivileged user"),
		    g_strdup("log in as root on that host"));
	if (g_strcmp0(facts_note(facts, "boot"), "yes") == 0)
		check_rule(&visit);
	else
		add(&visit, "boot-unknown", FINDING_INFO,
		    g_strdup("what happens at boot is not in the recording"), NULL);
	for (guint i = 0; i < inventory->definitions->len; i++)
		check_definition(&visit, g_ptr_array_index(inventory->definitions, i));
	if (facts_note(facts, "boot"))
		check_parents(&visit);
	check_transient(&visit);
	return visit.findings;
}
