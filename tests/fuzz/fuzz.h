// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * What the fuzz targets share. Each target is one file with LLVMFuzzerTestOneInput: libFuzzer calls
 * it with inputs of its own making, replay.c with the kept ones.
 */

#include <glib.h>
#include <stdint.h>

#include "core/facts.h"
#include "core/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that no input may break. */
#define CHECK(condition) \
	do { \
		if (!(condition)) \
			fuzz_fail(__FILE__, __LINE__, #condition); \
	} while (0)

G_NORETURN void fuzz_fail(const char *file, int line, const char *text);

/* Fails unless the text is clean (tests/clean.h). */
void fuzz_check_clean(const char *text, const char *allowed);

/* A name under which the bytes can be read as a file. Ends with fuzz_file_drop. */
char *fuzz_file(const uint8_t *data, size_t size, int *fd);
void fuzz_file_drop(char *name, int fd);

/* The facts as text, which must parse to the same text again. New. */
char *fuzz_check_facts(const Facts *facts);

/* What must hold for any inventory: look-ups, order, text and JSON. */
void fuzz_check_inventory(const Inventory *inventory);
