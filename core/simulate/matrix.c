// SPDX-License-Identifier: GPL-2.0-or-later

/* Adapters and domains of vfio_ap instances, and the masks of the AP bus. */

#include "core/simulate/matrix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BYTES (SIM_AP_BITS / 8)

const guint sim_ap_cards[] = { 0x05, 0x06 };
const guint sim_ap_card_count = G_N_ELEMENTS(sim_ap_cards);
const guint sim_ap_domains[] = { 0x04, 0x47, 0xab, 0xff };
const guint sim_ap_domain_count = G_N_ELEMENTS(sim_ap_domains);

SimMatrix *matrix_new(void)
{
	return g_new0(SimMatrix, 1);
}

void matrix_free(SimMatrix *matrix)
{
	g_free(matrix);
}

/* ---- masks ---- */

bool mask_has(const guint8 *mask, guint bit)
{
	return mask[bit / 8] & (0x80 >> bit % 8);
}

static void mask_set(guint8 *mask, guint bit, bool on)
{
	guint8 value = (guint8)(0x80 >> bit % 8);
	mask[bit / 8] = (guint8)(on ? mask[bit / 8] | value : mask[bit / 8] & ~value);
}

static bool mask_is_empty(const guint8 *mask)
{
	for (guint i = 0; i < BYTES; i++)
		if (mask[i])
			return false;
	return true;
}

void mask_print(const guint8 *mask, GString *out)
{
	g_string_append(out, "0x");
	for (guint i = 0; i < BYTES; i++)
		g_string_append_printf(out, "%02x", mask[i]);
}

/* "0x" and hex digits, the first of which is the leftmost. */
static bool mask_parse(const char *text, guint8 *mask)
{
	if (!g_str_has_prefix(text, "0x") || !text[2] || strlen(text) > 2 + BYTES * 2)
		return false;
	memset(mask, 0, BYTES);
	for (guint i = 0; text[2 + i]; i++) {
		int digit = g_ascii_xdigit_value(text[2 + i]);
		if (digit < 0)
			return false;
		mask[i / 2] |= (guint8)(i % 2 ? digit : digit << 4);
	}
	return true;
}

void matrix_boot(SimKernel *kernel)
{
	memset(kernel->apmask, 0xff, BYTES);
	memset(kernel->aqmask, 0xff, BYTES);
	for (guint i = 0; i < sim_ap_card_count; i++)
		mask_set(kernel->apmask, sim_ap_cards[i], false);
}

/* ---- who has a queue ---- */

/* The host's own drivers have what both masks name. */
static bool host_has_any(const SimMatrix *matrix, const guint8 *apmask, const guint8 *aqmask)
{
	bool adapter = false, domain = false;
	for (guint i = 0; i < BYTES; i++) {
		adapter = adapter || (matrix->adapters[i] & apmask[i]);
		domain = domain || (matrix->domains[i] & aqmask[i]);
	}
	return adapter && domain;
}

static bool overlap(const SimMatrix *a, const SimMatrix *b)
{
	return host_has_any(a, b->adapters, b->domains);
}

static int check_queues(SimKernel *kernel, const SimInstance *instance, const SimMatrix *wanted)
{
	if (host_has_any(wanted, kernel->apmask, kernel->aqmask))
		return -EADDRNOTAVAIL;
	for (guint i = 0; i < kernel->instances->len; i++) {
		const SimInstance *other = g_ptr_array_index(kernel->instances, i);
		if (other != instance && other->matrix && overlap(wanted, other->matrix))
			return -EADDRINUSE;
	}
	return 0;
}

/* ---- writes ---- */

gssize matrix_assign(SimKernel *kernel, SimInstance *instance, MatrixPart part, bool on,
                     const char *bytes, gsize len)
{
	guint64 n = 0;
	if (!parse_number(bytes, len, &n))
		return -EINVAL;
	if (n >= SIM_AP_BITS)
		return -ENODEV;
	SimMatrix wanted = *instance->matrix;
	guint8 *masks[] = { wanted.adapters, wanted.domains, wanted.control };
	mask_set(masks[part], (guint)n, on);
	int err = on && part != MATRIX_CONTROL ? check_queues(kernel, instance, &wanted) : 0;
	if (err)
		return err;
	*instance->matrix = wanted;
	return (gssize)len;
}

gssize matrix_configure(SimKernel *kernel, SimInstance *instance, const char *bytes, gsize len)
{
	g_autofree char *text = g_strchomp(g_strndup(bytes, len));
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	SimMatrix wanted;
	if (g_strv_length(parts) != 3 || !mask_parse(parts[0], wanted.adapters) ||
	    !mask_parse(parts[1], wanted.domains) || !mask_parse(parts[2], wanted.control))
		return -EINVAL;
	int err = check_queues(kernel, instance, &wanted);
	if (err)
		return err;
	*instance->matrix = wanted;
	return (gssize)len;
}

/* One part of a relative mask: "+5", "-6" or "+1-4". */
static bool change_bits(const char *part, guint8 *mask)
{
	bool on = *part == '+';
	char *rest;
	if (!on && *part != '-')
		return false;
	if (!g_ascii_isdigit(part[1]))
		return false;
	gulong first = strtoul(part + 1, &rest, 0), last = first;
	if (*rest == '-' && g_ascii_isdigit(rest[1]))
		last = strtoul(rest + 1, &rest, 0);
	if (*rest || first > last || last >= SIM_AP_BITS)
		return false;
	for (gulong bit = first; bit <= last; bit++)
		mask_set(mask, (guint)bit, on);
	return true;
}

gssize matrix_set_bus_mask(SimKernel *kernel, guint8 *mask, const char *bytes, gsize len)
{
	g_autofree char *text = g_strchomp(g_strndup(bytes, len));
	guint8 wanted[BYTES], before[BYTES];
	memcpy(wanted, mask, BYTES);
	memcpy(before, mask, BYTES);
	if (*text == '+' || *text == '-') {
		g_auto(GStrv) parts = g_strsplit(text, ",", -1);
		for (char **part = parts; *part; part++)
			if (!change_bits(*part, wanted))
				return -EINVAL;
	} else if (!mask_parse(text, wanted)) {
		return -EINVAL;
	}
	memcpy(mask, wanted, BYTES);
	for (guint i = 0; i < kernel->instances->len; i++) {
		const SimInstance *instance = g_ptr_array_index(kernel->instances, i);
		if (!instance->matrix ||
		    !host_has_any(instance->matrix, kernel->apmask, kernel->aqmask))
			continue;
		memcpy(mask, before, BYTES);
		return -EBUSY;
	}
	return (gssize)len;
}

/* ---- what is shown ---- */

static bool is_plugged(guint n, const guint *there, guint count)
{
	for (guint i = 0; i < count; i++)
		if (there[i] == n)
			return true;
	return false;
}

static void print_queues(const SimMatrix *matrix, guint adapter, bool plugged, GString *out)
{
	for (guint domain = 0; domain < SIM_AP_BITS; domain++)
		if (mask_has(matrix->domains, domain) &&
		    (!plugged || is_plugged(domain, sim_ap_domains, sim_ap_domain_count)))
			g_string_append_printf(out, "%02x.%04x\n", adapter, domain);
}

void matrix_print(const SimMatrix *matrix, bool plugged, GString *out)
{
	bool domains = !mask_is_empty(matrix->domains);
	for (guint adapter = 0; adapter < SIM_AP_BITS; adapter++) {
		if (!mask_has(matrix->adapters, adapter) ||
		    (plugged && !is_plugged(adapter, sim_ap_cards, sim_ap_card_count)))
			continue;
		if (domains)
			print_queues(matrix, adapter, plugged, out);
		else if (!plugged)
			g_string_append_printf(out, "%02x.\n", adapter);
	}
	if (!mask_is_empty(matrix->adapters) || plugged)
		return;
	for (guint domain = 0; domain < SIM_AP_BITS; domain++)
		if (mask_has(matrix->domains, domain))
			g_string_append_printf(out, ".%04x\n", domain);
}
