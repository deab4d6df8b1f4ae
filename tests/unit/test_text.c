// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/status.h"
#include "core/text.h"

static void expect_visible(const char *bytes, gssize len, const char *expected)
{
	g_autofree char *text = text_visible(bytes, len);
	assert_string_equal(text, expected);
	assert_true(g_utf8_validate(text, -1, NULL));
}

static void test_visible(void **state)
{
	(void)state;
	expect_visible("plain é 漢", -1, "plain é 漢");
	expect_visible("a\033[31mb\n\x7f", -1, "a\\x1b[31mb\\x0a\\x7f");
	expect_visible("\xc2"
	               "\x9b",
	               -1, "\\x9b");                  /* C1 CSI */
	expect_visible("\xff\xfe", -1, "\\xff\\xfe"); /* not UTF-8 */
	expect_visible("\xe2\x80\xae"
	               "exe",
	               -1, "\\u{202e}exe"); /* right-to-left override */
	expect_visible("a\0b", 3, "a\\x00b");
	expect_visible("cut \xe2\x80", -1, "cut \\xe2\\x80");
}

static void expect_short(const char *uuid, const char *other, const char *expected)
{
	const char *all[] = { uuid, other };
	g_autofree char *text = uuid_short(uuid, all, 2, false);
	assert_string_equal(text, expected);
}

static void test_uuid_short(void **state)
{
	(void)state;
	expect_short("8f3c1c77-0000-4000-8000-000000000001", "91b00000-0000-4000-8000-000000000001",
	             "8f3c1c77");
	expect_short("8f3c1c77-1111-4000-8000-000000000001", "8f3c1c77-1122-4000-8000-000000000001",
	             "8f3c1c77-111");
	expect_short("00000000-0000-0000-0000-000000000101", "00000000-0000-0000-0000-000000000102",
	             "0000…0101");
}

static void test_age(void **state)
{
	(void)state;
	g_autofree char *seconds = age_text(34 * G_USEC_PER_SEC);
	g_autofree char *minutes = age_text(600 * (gint64)G_USEC_PER_SEC);
	assert_string_equal(seconds, "34 s ago");
	assert_string_equal(minutes, "10 min ago");
}

static void test_status_combine(void **state)
{
	(void)state;
	const Status alike[] = { STATUS_REFUSED, STATUS_REFUSED };
	const Status mixed[] = { STATUS_REFUSED, STATUS_NOT_FOUND };
	const Status some[] = { STATUS_DONE, STATUS_NOT_FOUND };
	assert_int_equal(status_combine(alike, 2), STATUS_REFUSED);
	assert_int_equal(status_combine(mixed, 2), STATUS_FAILED);
	assert_int_equal(status_combine(some, 2), STATUS_PARTLY);
	assert_int_equal(status_combine(some, 1), STATUS_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_visible),
		cmocka_unit_test(test_uuid_short),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_status_combine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
