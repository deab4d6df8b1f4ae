// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold of every verdict, on hosts made of chance. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/compat/index.h"
#include "core/compat/matrix.h"
#include "tests/property/fleets.h"

#define HOSTS 12
#define FLEETS 16

static const char *const labels[HOSTS] = { "h00", "h01", "h02", "h03", "h04", "h05",
	                                   "h06", "h07", "h08", "h09", "h10", "h11" };

typedef struct {
	Inventory *host[HOSTS];
} Fleet;

static Fleet fleet_new(guint32 seed)
{
	Fleet fleet;
	for (guint i = 0; i < HOSTS; i++)
		fleet.host[i] = fleet_host(seed, i);
	return fleet;
}

static void fleet_clear(Fleet *fleet)
{
	for (guint i = 0; i < HOSTS; i++)
		inventory_unref(fleet->host[i]);
}

static bool is_usable(VerdictKind kind)
{
	return kind <= VERDICT_ACTION;
}

/* How good: readiness first, then assurance; all that cannot be used is equally bad. */
static int goodness(const Verdict *verdict)
{
	if (!is_usable(verdict->verdict))
		return 0;
	return (verdict->verdict == VERDICT_READY ? 200 : 100) + ('D' - verdict->assurance);
}

/* A word against everybody who asks about instances of a host. */
typedef void (*Visit)(const Inventory *source, guint from, const Instance *instance,
                      const Inventory *target, guint to, void *data);

static void each_pair(const Fleet *fleet, Visit visit, void *data)
{
	for (guint a = 0; a < HOSTS; a++)
		for (guint b = 0; b < HOSTS; b++)
			for (guint i = 0; a != b && i < fleet->host[a]->instances->len; i++)
				visit(fleet->host[a], a,
				      g_ptr_array_index(fleet->host[a]->instances, i),
				      fleet->host[b], b, data);
}

static Verdict *judge(const Inventory *source, const Instance *instance, const Inventory *target,
                      const Parent *parent, const char *named)
{
	CompatQuestion q = { .source = { "a", source },
		             .instance = instance,
		             .target = { "b", target },
		             .parent = parent,
		             .named = named };
	return verdict_answer(&q);
}

/* ---- equal ids and device APIs, or nothing ---- */

static void check_equal(const Instance *source, const Verdict *verdict, const Type *there)
{
	if (!is_usable(verdict->verdict))
		return;
	assert_non_null(there);
	assert_string_equal(source->type.s, there->id);
	assert_int_equal(source->type_ref->device_api.state, READ_VALUE);
	assert_int_equal(there->device_api.state, READ_VALUE);
	assert_string_equal(source->type_ref->device_api.s, there->device_api.s);
}

static void visit_equal(const Inventory *source, guint from, const Instance *instance,
                        const Inventory *target, guint to, void *data)
{
	guint *usable = data;

	(void)from;
	(void)to;
	for (guint p = 0; p < target->parents->len; p++) {
		const Parent *parent = g_ptr_array_index(target->parents, p);
		g_autoptr(Verdict) v = judge(source, instance, target, parent, NULL);
		check_equal(instance, v, parent_type(parent, instance->type.s));
		*usable += is_usable(v->verdict);
	}
	for (guint i = 0; i < target->instances->len; i++) {
		const Instance *named = g_ptr_array_index(target->instances, i);
		g_autoptr(Verdict) v = judge(source, instance, target, NULL, named->id);
		check_equal(instance, v, named->type_ref);
		*usable += is_usable(v->verdict);
	}
}

static void test_equal_or_nothing(void **state)
{
	guint usable = 0;

	(void)state;
	for (guint32 seed = 1; seed <= FLEETS / 2; seed++) {
		Fleet fleet = fleet_new(seed);
		each_pair(&fleet, visit_equal, &usable);
		fleet_clear(&fleet);
	}
	assert_true(usable > 100); /* else nothing was tested */
}

/* ---- an unreadable input, and less room ---- */

/* The facts again, with the nth one changed. */
static Inventory *with_change(const Facts *facts, guint nth, bool room)
{
	g_autoptr(Facts) changed = facts_new();
	GList *keys = facts_note_keys(facts);

	for (GList *key = keys; key; key = key->next)
		facts_set_note(changed, key->data, facts_note(facts, key->data));
	g_list_free(keys);
	for (guint i = 0; i < facts_count(facts); i++) {
		const Fact *fact = facts_nth(facts, i);
		bool process = g_str_has_prefix(fact->path, "/proc/1");
		if (i == nth && process && !room)
			facts_set_note(changed, "hidden", "1");
		else if (i == nth && !room)
			facts_add_error(changed, fact->kind, fact->path, EACCES);
		else if (i == nth)
			facts_add_text(changed, FACT_VALUE, fact->path, "0", 1);
		else if (fact->names)
			facts_add_names(changed, fact->path, fact->names);
		else
			facts_add_text(changed, fact->kind, fact->path, fact->text,
			               (gssize)fact->len);
	}
	return inventory_new(changed);
}

/* The best verdict of an instance, by its name, on the target; NULL: it is not there any more. */
static Verdict *best(const Inventory *source, const char *id, const Inventory *target,
                     const char *named)
{
	const Instance *instance = inventory_instance(source, id, NULL);
	return instance ? judge(source, instance, target, NULL, named) : NULL;
}

static void compare_change(const Fleet *fleet, guint side, const Inventory *changed,
                           const char *what)
{
	const Inventory *source = fleet->host[0], *target = fleet->host[1];

	for (guint i = 0; i < source->instances->len; i++) {
		const char *id = ((Instance *)g_ptr_array_index(source->instances, i))->id;
		for (guint n = 0; n <= target->instances->len; n++) {
			const char *named =
				n ? ((Instance *)g_ptr_array_index(target->instances, n - 1))->id
				  : NULL;
			g_autoptr(Verdict) before = best(source, id, target, named);
			g_autoptr(Verdict) after =
				best(side ? source : changed, id, side ? changed : target, named);
			if (after && goodness(after) > goodness(before))
				fail_msg("%s of %s: %s %c becomes %s %c (%s)", what,
				         side ? "target" : "source", verdict_name(before->verdict),
				         before->assurance, verdict_name(after->verdict),
				         after->assurance, before->summary);
		}
	}
}

static void change_all(guint32 seed, bool room)
{
	for (guint side = 0; side < 2; side++) {
		g_autoptr(Facts) facts = fleet_facts(seed, side);
		Fleet fleet = { { fleet_host(seed, 0), fleet_host(seed, 1) } };
		for (guint i = 0; i < facts_count(facts); i++) {
			const char *path = facts_nth(facts, i)->path;
			/* Evidence against migration may be lost with debugfs: the one exception.
			 */
			if (g_str_has_prefix(path, "/sys/kernel/debug/") ||
			    (room && !g_str_has_suffix(path, "/available_instances")))
				continue;
			g_autoptr(Inventory) changed = with_change(facts, i, room);
			compare_change(&fleet, side, changed, path);
		}
		inventory_unref(fleet.host[0]);
		inventory_unref(fleet.host[1]);
	}
}

static void test_unreadable_never_helps(void **state)
{
	(void)state;
	for (guint32 seed = 100; seed < 130; seed++)
		change_all(seed, false);
}

static void test_less_room_never_helps(void **state)
{
	(void)state;
	for (guint32 seed = 200; seed < 260; seed++)
		change_all(seed, true);
}

/* ---- direction ---- */

static void visit_direction(const Inventory *source, guint from, const Instance *instance,
                            const Inventory *target, guint to, void *data)
{
	guint *differs = data;

	for (guint i = 0; from < to && i < target->instances->len; i++) {
		const Instance *back = g_ptr_array_index(target->instances, i);
		if (g_strcmp0(back->type.s, instance->type.s) != 0)
			continue;
		g_autoptr(Verdict) there = judge(source, instance, target, NULL, NULL);
		g_autoptr(Verdict) here = judge(target, back, source, NULL, NULL);
		*differs += there->verdict != here->verdict;
	}
}

static void test_direction_matters(void **state)
{
	guint differs = 0;
	Fleet fleet = fleet_new(1);

	(void)state;
	each_pair(&fleet, visit_direction, &differs);
	fleet_clear(&fleet);
	assert_true(differs > 10);
}

/* ---- the index ---- */

static CompatIndex *index_of(const Fleet *fleet, const guint *order)
{
	CompatIndex *index = compat_index_new();
	for (guint i = 0; i < HOSTS; i++)
		compat_index_set(index, labels[order[i]], fleet->host[order[i]]);
	return index;
}

static const guint in_order[HOSTS] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
static const guint shuffled[HOSTS] = { 7, 2, 11, 0, 9, 4, 1, 10, 3, 8, 5, 6 };

static char *words_of(const GPtrArray *verdicts)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < verdicts->len; i++) {
		const Verdict *v = g_ptr_array_index(verdicts, i);
		g_string_append_printf(out, "%s/%s %s %c\n", v->target, v->parent,
		                       verdict_name(v->verdict), v->assurance);
	}
	return g_string_free(out, FALSE);
}

static void test_ranking_has_one_order(void **state)
{
	(void)state;
	for (guint32 seed = 1; seed <= FLEETS; seed++) {
		Fleet fleet = fleet_new(seed);
		g_autoptr(CompatIndex) one = index_of(&fleet, in_order);
		g_autoptr(CompatIndex) other = index_of(&fleet, shuffled);
		for (guint i = 0; i < fleet.host[0]->instances->len; i++) {
			CompatQuestion q = { .source = { labels[0], fleet.host[0] },
				             .instance = g_ptr_array_index(fleet.host[0]->instances,
				                                           i) };
			g_autoptr(GPtrArray) a = compat_index_best(one, &q, 0);
			g_autoptr(GPtrArray) b = compat_index_best(other, &q, 0);
			g_autofree char *first = words_of(a), *second = words_of(b);
			assert_string_equal(first, second);
		}
		fleet_clear(&fleet);
	}
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted(char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	qsort(lines, g_strv_length(lines), sizeof *lines, compare_texts);
	g_free(text);
	return g_strjoinv("\n", lines);
}

/* Every parent of every other host, one by one, as no index would do it. */
static char *by_brute_force(const Fleet *fleet, const Instance *instance)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)verdict_free);

	for (guint h = 1; h < HOSTS; h++) {
		const GPtrArray *parents = fleet->host[h]->parents;
		for (guint p = 0; p < parents->len; p++) {
			const Parent *parent = g_ptr_array_index(parents, p);
			Verdict *v = judge(fleet->host[0], instance, fleet->host[h], parent, NULL);
			v->target = labels[h];
			if (parent_type(parent, instance->type.s))
				g_ptr_array_add(all, v);
			else
				verdict_free(v);
		}
	}
	return sorted(words_of(all));
}

static void test_index_agrees_with_brute_force(void **state)
{
	(void)state;
	for (guint32 seed = 1; seed <= FLEETS; seed++) {
		Fleet fleet = fleet_new(seed);
		g_autoptr(CompatIndex) index = index_of(&fleet, shuffled);
		for (guint i = 0; i < fleet.host[0]->instances->len; i++) {
			const Instance *instance = g_ptr_array_index(fleet.host[0]->instances, i);
			CompatQuestion q = { .source = { labels[0], fleet.host[0] },
				             .instance = instance };
			g_autoptr(GPtrArray) best = compat_index_best(index, &q, 0);
			g_autofree char *got = sorted(words_of(best));
			g_autofree char *want = by_brute_force(&fleet, instance);
			assert_string_equal(got, want);
		}
		fleet_clear(&fleet);
	}
}

/* ---- the matrix ---- */

static void check_matrix(const Fleet *fleet, const CompatMatrix *matrix)
{
	for (guint i = 0; i < compat_matrix_sources(matrix); i++) {
		const MatrixSource *from = compat_matrix_source(matrix, i);
		for (guint h = 0; h < HOSTS; h++) {
			g_autoptr(Verdict) v = judge(fleet->host[from->host], from->instance,
			                             fleet->host[h], NULL, NULL);
			VerdictKind kind = compat_matrix_cell(matrix, i, h);
			if (kind != v->verdict)
				fail_msg("%s of %s on %s: %s, by itself %s: %s", from->instance->id,
				         labels[from->host], labels[h], verdict_name(kind),
				         verdict_name(v->verdict), v->why);
		}
	}
}

static void test_matrix_agrees_with_verdicts(void **state)
{
	(void)state;
	for (guint32 seed = 1; seed <= FLEETS; seed++) {
		Fleet fleet = fleet_new(seed);
		g_autoptr(CompatIndex) index = index_of(&fleet, shuffled);
		g_autoptr(CompatMatrix) matrix = compat_matrix_new(index, NULL);
		guint64 all = compat_index_judged(index);
		check_matrix(&fleet, matrix);
		/* Another host under the same name: only what it touches is judged anew. */
		inventory_unref(fleet.host[5]);
		fleet.host[5] = fleet_host(seed + 1000, 5);
		compat_index_set(index, labels[5], fleet.host[5]);
		compat_matrix_refresh(matrix);
		assert_true(compat_index_judged(index) - all < all / 2);
		check_matrix(&fleet, matrix);
		fleet_clear(&fleet);
	}
}

/* A column that did not change costs nothing. */
static void test_refresh_without_change(void **state)
{
	Fleet fleet = fleet_new(3);

	(void)state;
	g_autoptr(CompatIndex) index = index_of(&fleet, in_order);
	g_autoptr(CompatMatrix) matrix = compat_matrix_new(index, NULL);
	guint64 before = compat_index_judged(index);
	compat_matrix_refresh(matrix);
	assert_int_equal(compat_index_judged(index), before);
	compat_index_remove(index, labels[2]);
	compat_matrix_refresh(matrix);
	assert_int_equal(compat_index_hosts(index), HOSTS - 1);
	fleet_clear(&fleet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_or_nothing),
		cmocka_unit_test(test_unreadable_never_helps),
		cmocka_unit_test(test_less_room_never_helps),
		cmocka_unit_test(test_direction_matters),
		cmocka_unit_test(test_ranking_has_one_order),
		cmocka_unit_test(test_index_agrees_with_brute_force),
		cmocka_unit_test(test_matrix_agrees_with_verdicts),
		cmocka_unit_test(test_refresh_without_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
