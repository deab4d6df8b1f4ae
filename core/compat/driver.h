// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* What release numbers and modules say. Internal to compat/. */

#include "core/inventory.h"

bool is_nvidia(const Parent *parent);
/* A negative, zero or positive number: dotted numbers, part by part; letters end the comparison. */
int version_compare(const char *a, const char *b);
/* "MAJOR.MINOR[.BUGFIX]" and nothing else → major and minor. */
bool version_parse(const char *text, guint parts[static 2]);
/* "6.12.95+deb12-cloud-amd64" is at least 6.7; text that is no release is not. */
bool kernel_at_least(const char *release, guint major, guint minor);
/* Kernels of RHEL 8 and 9, which carry newer interfaces back. */
bool kernel_is_enterprise(const char *release);
/* A setting of an instance by its name; absent where there is no instance, or no such file. */
TextReading setting_of(const Instance *instance, const char *name);
/* Equal texts, or equal numbers however they are written: 0xab is 171. */
bool value_equal(const char *a, const char *b);
