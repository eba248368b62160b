/* trace/base: UTF-8, escaping, texts that grow, JSON, tables by address.
 *
 * UTF-8 is tested against the grammar of RFC 3629, written down here once more as ranges of bytes: all code
 * points, all sequences of one to three bytes, and those of four of bytes at all borders.
 */
#include "trace/base/addresses.h"
#include "trace/base/builder.h"
#include "trace/base/escape.h"
#include "trace/base/file.h"
#include "trace/base/grown.h"
#include "trace/base/json.h"
#include "trace/base/utf8.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- UTF-8 ---- */

/* RFC 3629, section 4: what may stand at each byte. */
static const struct {
	unsigned n;
	struct {
		unsigned char from, to;
	} byte[4];
} grammar[] = {
	{ 1, { { 0x00, 0x7f } } },
	{ 2, { { 0xc2, 0xdf }, { 0x80, 0xbf } } },
	{ 3, { { 0xe0, 0xe0 }, { 0xa0, 0xbf }, { 0x80, 0xbf } } },
	{ 3, { { 0xe1, 0xec }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
	{ 3, { { 0xed, 0xed }, { 0x80, 0x9f }, { 0x80, 0xbf } } },
	{ 3, { { 0xee, 0xef }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
	{ 4, { { 0xf0, 0xf0 }, { 0x90, 0xbf }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
	{ 4, { { 0xf1, 0xf3 }, { 0x80, 0xbf }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
	{ 4, { { 0xf4, 0xf4 }, { 0x80, 0x8f }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
};

/* Bytes of the valid character at p, 0: none. */
static unsigned grammar_length(const unsigned char *p, unsigned n)
{
	for (size_t g = 0; g < sizeof grammar / sizeof grammar[0]; g++) {
		unsigned i = 0;
		while (i < grammar[g].n && i < n && p[i] >= grammar[g].byte[i].from &&
			p[i] <= grammar[g].byte[i].to)
			i++;
		if (i == grammar[g].n)
			return i;
	}
	return 0;
}

/* All of n bytes, with zero bytes after it: decoded right, and never further than they go. */
static void decode_as_grammar(const unsigned char *p, unsigned n)
{
	uint32_t ch = 12345;
	unsigned length = grammar_length(p, n), got = utf8_decode(p, n, &ch);
	if (got != length || (!got && ch != 12345))
		ck_abort_msg("%02x %02x %02x %02x of %u: %u, not %u", p[0], p[1], p[2], p[3], n, got, length);
	if (p[0]) {
		const char *s = (const char *)p;
		uint32_t next = utf8_next(&s);
		unsigned whole = grammar_length(p, 4);
		if (s != (const char *)p + (whole ? whole : 1) || (!whole && next != 0xfffd) ||
			(length && next != ch))
			ck_abort_msg("%02x %02x %02x %02x: utf8_next", p[0], p[1], p[2], p[3]);
	}
}

START_TEST(test_utf8_code_points)
{
	for (uint32_t c = 0; c < 0x110000; c++) {
		unsigned char p[5] = { 0 };
		uint32_t ch = 0;
		unsigned n = utf8_encode(c, (char *)p);
		bool valid = c < 0xd800 || c > 0xdfff;
		if (utf8_decode(p, n, &ch) != (valid ? n : 0) || (valid && ch != c) ||
			grammar_length(p, n) != (valid ? n : 0))
			ck_abort_msg("U+%04X", c);
		if (n > 1 && utf8_decode(p, n - 1, &ch) != 0)
			ck_abort_msg("U+%04X without its last byte", c);
	}
}
END_TEST

START_TEST(test_utf8_bytes)
{
	static const unsigned char border[] = { 0x00, 0x01, 0x22, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
		0xc0, 0xc2, 0xe0, 0xf4, 0xff };
	unsigned char p[8] = { 0 };
	for (unsigned v = 0; v < 1 << 24; v++) {
		p[0] = (unsigned char)(v >> 16), p[1] = (unsigned char)(v >> 8), p[2] = (unsigned char)v,
		p[3] = 0;
		for (unsigned n = v & 0xff ? 3 : v & 0xffff ? 2 : 1; n <= 3; n++)
			decode_as_grammar(p, n);
	}
	for (unsigned v = 0; v < 1 << 16; v++)
		for (unsigned i = 0; i < sizeof border; i++)
			for (unsigned k = 0; k < sizeof border; k++) {
				p[0] = (unsigned char)(v >> 8), p[1] = (unsigned char)v, p[2] = border[i],
				p[3] = border[k];
				decode_as_grammar(p, 4);
			}
}
END_TEST

/* ---- escaping ---- */

static const enum escape_style styles[] = { ESCAPE_TEXT, ESCAPE_ASCII, ESCAPE_LINES, ESCAPE_JSON, ESCAPE_CSV,
	ESCAPE_CELL, ESCAPE_EXACT };
enum { STYLES = sizeof styles / sizeof styles[0] };

/* Valid UTF-8 without what a terminal would obey, but for what the style lets through. */
static bool is_safe(enum escape_style style, const char *s)
{
	bool csv = style == ESCAPE_CSV || style == ESCAPE_CELL,
	     ascii = style == ESCAPE_ASCII || style == ESCAPE_EXACT;
	for (size_t i = 0, used, n = strlen(s); i < n; i += used) {
		uint32_t c = 0;
		used = utf8_decode(s + i, n - i, &c);
		bool kept = ((csv || style == ESCAPE_LINES) && (c == '\n' || c == '\t')) ||
			(csv && c == '\r');
		if (used == 0 || (escape_is_hidden(c) && !kept) || (ascii && c > 0x7e))
			return false;
	}
	return true;
}

static void escapes_to(enum escape_style style, const char *s, const char *expected)
{
	char out[256];
	ck_assert_uint_eq(escape_copy_text(out, sizeof out, style, s), strlen(expected));
	ck_assert_str_eq(out, expected);
}

START_TEST(test_escape_table)
{
	static const struct {
		const char *in, *out[STYLES];
	} row[] = {
		{ "\x1b", { "\\x1b", "\\x1b", "\\x1b", "\"\\u001b\"", "\"\\x1b\"", "\\x1b", "\"\\x1b\"" } },
		{ "\xc2\x9b",
			{ "\\u009b", "\\u009b", "\\u009b", "\"\\u009b\"", "\"\\u009b\"", "\\u009b",
				"\"\\xc2\\x9b\"" } },
		{ "\u202e",
			{ "\\u202e", "\\u202e", "\\u202e", "\"\\u202e\"", "\"\\u202e\"", "\\u202e",
				"\"\\xe2\\x80\\xae\"" } },
		{ "\xff", { "\\xff", "\\xff", "\\xff", "\"\\ufffd\"", "\"\\xff\"", "\\xff", "\"\\xff\"" } },
		{ "\xc2", { "\\xc2", "\\xc2", "\\xc2", "\"\\ufffd\"", "\"\\xc2\"", "\\xc2", "\"\\xc2\"" } },
		{ "a\xc2z",
			{ "a\\xc2z", "a\\xc2z", "a\\xc2z", "\"a\\ufffdz\"", "\"a\\xc2z\"", "a\\xc2z",
				"\"a\\xc2z\"" } },
		{ "\U000e0001",
			{ "\\U000e0001", "\\U000e0001", "\\U000e0001", "\"\\udb40\\udc01\"",
				"\"\\U000e0001\"", "\\U000e0001", "\"\\xf3\\xa0\\x80\\x81\"" } },
		{ "a\nb\tc",
			{ "a\\x0ab\\x09c", "a\\x0ab\\x09c", "a\nb\tc", "\"a\\u000ab\\u0009c\"", "\"a\nb\tc\"",
				"\"a\nb\tc\"", "\"a\\x0ab\\x09c\"" } },
		{ "\"\\,",
			{ "\"\\,", "\"\\,", "\"\\,", "\"\\\"\\\\,\"", "\"\"\"\\,\"", "\"\"\"\\,\"",
				"\"\\\"\\\\,\"" } },
		{ "中é",
			{ "中é", "\\u4e2d\\u00e9", "中é", "\"中é\"", "\"中é\"", "中é",
				"\"\\xe4\\xb8\\xad\\xc3\\xa9\"" } },
		{ "", { "", "", "", "\"\"", "\"\"", "\"\"", "\"\"" } },
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		for (int k = 0; k < STYLES; k++)
			escapes_to(styles[k], row[i].in, row[i].out[k]);
}
END_TEST

/* Every code point and every byte, alone and between others. */
START_TEST(test_escape_all)
{
	for (uint32_t c = 1; c < 0x110000; c++) {
		char in[8] = "a", out[64];
		unsigned n = utf8_encode(c, in + 1);
		in[1 + n] = 'z', in[2 + n] = 0;
		for (int k = 0; k < STYLES; k++) {
			escape_copy_text(out, sizeof out, styles[k], in);
			if (!is_safe(styles[k], out))
				ck_abort_msg("style %d: %s", styles[k], out);
		}
	}
	for (unsigned v = 0; v < 1 << 16; v++) {
		char in[3] = { (char)(v >> 8), (char)v, 0 }, out[64];
		for (int k = 0; k < STYLES; k++) {
			escape_copy_text(out, sizeof out, styles[k], in);
			if (!is_safe(styles[k], out))
				ck_abort_msg("style %d: %s", styles[k], out);
		}
	}
}
END_TEST

/* Cut wherever: whole characters and whole escapes only. */
START_TEST(test_escape_cut)
{
	static const char in[] = "ab\x1b中\u202e\\x\xff"
				 "é\"𝄞z";
	char whole[256], out[256];
	for (int k = 0; k < STYLES; k++) {
		size_t all = escape_copy_text(whole, sizeof whole, styles[k], in);
		for (size_t cap = 1; cap <= all + 2; cap++) {
			memset(out, '#', sizeof out);
			size_t n = escape_copy_text(out, cap, styles[k], in);
			ck_assert_uint_lt(n, cap);
			ck_assert_uint_eq(strlen(out), n);
			ck_assert_int_eq(out[cap], '#');
			ck_assert_int_eq(memcmp(out, whole, n), 0);
			ck_assert(is_safe(styles[k], out));
			ck_assert(n + ESCAPE_MOST >= (all < cap ? all : cap - 1));
		}
	}
	ck_assert_uint_eq(escape_copy_text(NULL, 0, ESCAPE_TEXT, in), 0);
}
END_TEST

/* The three ways out are the same; zero bytes are text. */
START_TEST(test_escape_ways)
{
	static const char in[] = "a\0b\x1b\u2066\xc2";
	char out[256], *printed = NULL;
	size_t size = 0;
	for (int k = 0; k < STYLES; k++) {
		struct builder b = builder_own();
		FILE *f = open_memstream(&printed, &size);
		ck_assert_ptr_nonnull(f);
		escape_print(f, styles[k], in, sizeof in - 1);
		fclose(f);
		escape_add(&b, styles[k], in, sizeof in - 1);
		escape_copy(out, sizeof out, styles[k], in, sizeof in - 1);
		ck_assert_str_eq(out, b.text);
		ck_assert_str_eq(out, printed);
		builder_release(&b);
		free(printed);
	}
	escape_copy(out, sizeof out, ESCAPE_TEXT, in, sizeof in - 1);
	ck_assert_str_eq(out, "a\\x00b\\x1b\\u2066\\xc2");
}
END_TEST

/* ---- texts that grow ---- */

START_TEST(test_builder)
{
	char out[8];
	for (int own = 0; own <= 1; own++) {
		struct builder b = own ? builder_own() : builder_in(out, sizeof out);
		char expected[4096] = "";
		for (int i = 0; i < 300; i++) {
			builder_add(&b, "%d", i);
			builder_char(&b, ',');
			snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%d,", i);
		}
		builder_text(&b, "end");
		builder_hex(&b, "\x01\xfe", 2);
		strcat(expected, "end01fe");
		ck_assert_uint_eq(b.size, strlen(expected));
		ck_assert_uint_eq(builder_length(&b), own ? strlen(expected) : 7);
		ck_assert(builder_cut(&b) == !own);
		if (!own)
			expected[7] = 0;
		ck_assert_str_eq(b.text, expected);
		char *text = own ? builder_take(&b) : NULL;
		ck_assert(!own || strcmp(text, expected) == 0);
		free(text);
		builder_release(&b);
	}
	struct builder none = builder_in(NULL, 0), empty = builder_own();
	builder_add(&none, "%s", "words");
	ck_assert_uint_eq(none.size, 5);
	ck_assert_uint_eq(builder_length(&none), 0);
	char *text = builder_take(&empty);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

/* Numbers as printf writes them, and only these are what decimal_is takes. */
START_TEST(test_decimal)
{
	static const uint64_t numbers[] = { 0, 1, 9, 10, 99, 100, 12345, INT64_MAX, UINT64_MAX };
	static const char *const others[] = { "", "-", "00", "01", "+1", "1_0", "0x1", "1 ", " 1", "--1",
		"-01", "18446744073709551616", "18446744073709551617", "100000000000000000000000" };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		for (int negative = 0; negative < 2; negative++) {
			char want[32], got[DECIMAL_MOST];
			snprintf(want, sizeof want, "%s%" PRIu64, negative ? "-" : "", numbers[i]);
			ck_assert_uint_eq(decimal_print(negative, numbers[i], got), strlen(want));
			ck_assert_str_eq(got, want);
			ck_assert(decimal_is(want, negative, numbers[i]));
			ck_assert(!decimal_is(want, !negative, numbers[i]));
			ck_assert(!decimal_is(want, negative, numbers[i] ^ 1));
		}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		for (size_t k = 0; k < 3; k++)
			ck_assert_msg(
				!decimal_is(others[i], others[i][0] == '-', k), "%s is %zu", others[i], k);
}
END_TEST

START_TEST(test_grown)
{
	uint32_t *at = NULL;
	size_t cap = 0;
	for (uint32_t i = 0; i < 100000; i += 1 + i % 7) {
		at = grown(at, &cap, i, sizeof *at);
		ck_assert_uint_gt(cap, i);
		ck_assert_uint_eq(at[i], 0);
		at[i] = i + 1;
	}
	for (uint32_t i = 0; i < 100000; i += 1 + i % 7)
		ck_assert_uint_eq(at[i], i + 1);
	free(at);
}
END_TEST

/* ---- JSON ---- */

START_TEST(test_json)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(f);
	struct json j = json_to(f);
	json_object(&j);
	json_key_text(&j, "name", "a\"\x1b\xff");
	json_key_unsigned(&j, "most", UINT64_MAX);
	json_key_integer(&j, "least", INT64_MIN);
	json_key_bool(&j, "yes", true);
	json_key(&j, "no");
	json_null(&j);
	json_key_array(&j, "list");
	for (int i = 0; i < 3; i++) {
		json_line(&j, i);
		json_fixed(&j, i / 2.0, 1);
	}
	json_number(&j, 1e6);
	json_number(&j, 0.25);
	json_number(&j, 1 / 0.0);
	json_hex(&j, "\x01\xfe", 2);
	json_bytes(&j, "a\0b", 3);
	json_object(&j);
	json_end(&j);
	json_line(&j, 0);
	json_end(&j);
	json_key_object(&j, "inside");
	json_line(&j, 2);
	json_key_unsigned(&j, "x", 1);
	json_end(&j);
	json_end(&j);
	fclose(f);
	ck_assert_str_eq(text,
		"{\"name\":\"a\\\"\\u001b\\ufffd\",\"most\":18446744073709551615,\"least\":-"
		"9223372036854775808,\"yes\":true,"
		"\"no\":null,\"list\":[\n0.0,\n 0.5,\n  "
		"1.0,1000000,0.25,null,\"01fe\",\"a\\u0000b\",{}\n],\"inside\":{\n  \"x\":1}}");
	free(text);
}
END_TEST

START_TEST(test_json_wide)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(f);
	struct json j = json_to(f);
	j.wide = true;
	json_array(&j);
	for (unsigned i = 0; i < 2; i++) {
		json_line(&j, 0);
		json_object(&j);
		json_key_unsigned(&j, "a", i);
		json_key_unsigned(&j, "b", i);
		json_end(&j);
	}
	json_line(&j, 0);
	json_end(&j);
	fclose(f);
	ck_assert_str_eq(text, "[\n{\"a\": 0, \"b\": 0},\n{\"a\": 1, \"b\": 1}\n]");
	free(text);
}
END_TEST

/* ---- tables by address ---- */

/* Against a plain array, with addresses so near that many share a home. */
START_TEST(test_addresses)
{
	enum { ADDRESSES = 700 };
	struct addresses m = { 0 }, copy = { 0 };
	uint64_t expected[ADDRESSES] = { 0 }, random = 1, value = 0;
	bool there[ADDRESSES] = { false };
	size_t count = 0;
	for (int turn = 0; turn < 200000; turn++) {
		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		unsigned k = (unsigned)(random >> 33) % ADDRESSES;
		uint64_t addr = k == ADDRESSES - 1 ? UINT64_MAX : (uint64_t)k << (k % 3 ? 20 : 44);
		uint64_t *found = addresses_find(&m, addr);
		ck_assert((found != NULL) == there[k]);
		ck_assert(!found || *found == expected[k]);
		if (random >> 20 & (turn / 5000 % 2 ? 3 : 1)) {
			uint64_t *p = addresses_add(&m, addr);
			ck_assert_uint_eq(*p, there[k] ? expected[k] : 0);
			expected[k] = *p = ++value;
			count += !there[k];
			there[k] = true;
		} else {
			uint64_t was = 0;
			ck_assert(addresses_remove(&m, addr, &was) == there[k]);
			ck_assert(!there[k] || was == expected[k]);
			count -= there[k];
			there[k] = false;
		}
		ck_assert_uint_eq(m.count, count);
	}
	addresses_copy(&copy, &m);
	addresses_clear(&m);
	ck_assert_ptr_null(addresses_find(&m, 0));
	ck_assert_ptr_null(addresses_find(&m, UINT64_MAX));
	struct address_value v;
	size_t seen = 0;
	for (size_t at = 0; addresses_each(&copy, &at, &v); seen++)
		ck_assert_uint_eq(*addresses_find(&copy, v.addr), v.value);
	ck_assert_uint_eq(seen, count);
	for (size_t at = 0; addresses_each(&m, &at, &v);)
		ck_abort_msg("an empty table has %llx", (unsigned long long)v.addr);
	*addresses_add(&m, 7) = 8; /* over one that is there: of the same size, larger, and with no memory */
	addresses_copy(&copy, &m);
	ck_assert_uint_eq(copy.count, 1);
	ck_assert_uint_eq(*addresses_find(&copy, 7), 8);
	struct addresses small = { 0 };
	*addresses_add(&small, 9) = 10;
	addresses_copy(&copy, &small);
	ck_assert_uint_eq(addresses_bytes(&copy), addresses_bytes(&small));
	ck_assert_ptr_null(addresses_find(&copy, 7));
	ck_assert_uint_eq(*addresses_find(&copy, 9), 10);
	addresses_release(&small);
	addresses_copy(&copy, &small);
	ck_assert_ptr_null(copy.at);
	ck_assert_ptr_null(addresses_find(&copy, 9));
	addresses_release(&copy);
	addresses_release(&m);
}
END_TEST

/* ---- files ---- */

static char folder[64];

/* The name of a file in the folder; four may be in use. */
static const char *at(const char *name)
{
	static char path[4][128];
	static unsigned n;
	snprintf(path[++n % 4], sizeof path[0], "%s/%s", folder, name);
	return path[n % 4];
}

static void folder_begin(void)
{
	strcpy(folder, "/tmp/mapscope-base.XXXXXX");
	ck_assert(mkdtemp(folder));
}

static size_t folder_count(void)
{
	size_t n = 0;
	DIR *d = opendir(folder);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void folder_end(void)
{
	DIR *d = opendir(folder);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		unlink(at(e->d_name));
	closedir(d);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void holds(const char *path, const char *text)
{
	char have[32] = "";
	FILE *in = file_open(path);
	ck_assert_msg(in != NULL, "%s: %s", path, strerror(errno));
	have[fread(have, 1, sizeof have - 1, in)] = 0;
	fclose(in);
	ck_assert_str_eq(have, text);
}

START_TEST(test_file_put)
{
	struct stat st;
	umask(022);
	ck_assert_int_eq(file_put(at("a"), "one", 3, false, 0666), 0);
	holds(at("a"), "one");
	ck_assert_int_eq(stat(at("a"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0644);
	ck_assert_int_eq(file_put(at("a"), "two", 3, false, 0666), EEXIST);
	holds(at("a"), "one");
	ck_assert_int_eq(chmod(at("a"), 0640), 0);
	ck_assert_int_eq(symlink("a", at("link")), 0);
	ck_assert_int_eq(file_put(at("link"), "two", 3, false, 0666), EEXIST);
	ck_assert_int_eq(file_put(at("link"), "two", 3, true, 0666), 0);
	holds(at("a"), "two");
	ck_assert_int_eq(lstat(at("link"), &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(stat(at("a"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	ck_assert_int_eq(symlink("nowhere", at("dangling")), 0);
	ck_assert_int_eq(file_put(at("dangling"), "x", 1, false, 0666), EEXIST);
	ck_assert_int_eq(file_put(at("none/a"), "x", 1, false, 0666), ENOENT);
	ck_assert_int_eq(file_put(folder, "x", 1, true, 0666), EISDIR);
	ck_assert_int_eq(file_put("/dev/null", "x", 1, true, 0666), 0);
	ck_assert_int_eq(file_put("/dev/full", "x", 1, true, 0666), ENOSPC);
	ck_assert_uint_eq(folder_count(), 3);
}
END_TEST

/* Another program makes the name while the file is written: it stays. */
START_TEST(test_file_settle)
{
	char *unfinished;
	ck_assert_int_eq(file_beside(at("a"), &unfinished), 0);
	ck_assert_int_eq(strncmp(unfinished, at("a" FILE_UNFINISHED), strlen(at("a" FILE_UNFINISHED))), 0);
	ck_assert(!file_exists(at("a")));
	ck_assert_int_eq(file_append(unfinished, "new", 3, 0600), 0);
	ck_assert_int_eq(file_append(at("a"), "o", 1, 0600), 0);
	ck_assert_int_eq(file_append(at("a"), "ld", 2, 0600), 0);
	ck_assert_int_eq(file_settle(unfinished, at("a"), false, 0666), EEXIST);
	holds(at("a"), "old");
	ck_assert_int_eq(file_settle(unfinished, at("a"), true, 0666), 0);
	holds(at("a"), "new");
	ck_assert_uint_eq(folder_count(), 1);
	free(unfinished);
}
END_TEST

/* A pipe whose other end nobody has is never waited for: alarm() would end the test. */
START_TEST(test_file_pipe)
{
	alarm(10);
	ck_assert_int_eq(mkfifo(at("pipe"), 0600), 0);
	ck_assert_ptr_null(file_open(at("pipe")));
	ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_ptr_null(file_open(folder));
	ck_assert_int_eq(errno, EISDIR);
	FILE *in = file_open_any(at("pipe"));
	ck_assert_ptr_nonnull(in);
	ck_assert_int_eq(fgetc(in), EOF);
	ck_assert_int_eq(file_append(at("pipe"), "x", 1, 0600), ENOTSUP);
	ck_assert_int_eq(file_put(at("pipe"), "x", 1, true, 0600), 0); /* in has its other end */
	fclose(in);
	ck_assert_int_eq(file_append(at("pipe"), "x", 1, 0600), ENXIO);
	ck_assert_int_eq(file_put(at("pipe"), "x", 1, true, 0600), ENXIO);
	alarm(0);
}
END_TEST

/* Whoever comes second gets the lock when the first gives it back. */
START_TEST(test_file_lock)
{
	int lock = file_lock(at("a")), ends[2];
	char got = 0;
	ck_assert_int_ge(lock, 0);
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		int mine = file_lock(at("b"));
		bool after = file_exists(at("done"));
		file_unlock(mine);
		_exit(write(ends[1], after ? "y" : "n", 1) == 1 ? 0 : 1);
	}
	usleep(50000);
	ck_assert_int_eq(file_put(at("done"), "", 0, false, 0600), 0);
	file_unlock(lock);
	ck_assert_int_eq(read(ends[0], &got, 1), 1);
	ck_assert_int_eq(got, 'y');
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base");
	TCase *c = tcase_create("base");
	tcase_set_timeout(c, 120);
	tcase_add_test(c, test_utf8_code_points);
	tcase_add_test(c, test_utf8_bytes);
	tcase_add_test(c, test_escape_table);
	tcase_add_test(c, test_escape_all);
	tcase_add_test(c, test_escape_cut);
	tcase_add_test(c, test_escape_ways);
	tcase_add_test(c, test_builder);
	tcase_add_test(c, test_decimal);
	tcase_add_test(c, test_grown);
	tcase_add_test(c, test_json);
	tcase_add_test(c, test_json_wide);
	tcase_add_test(c, test_addresses);
	suite_add_tcase(s, c);
	c = tcase_create("files");
	tcase_add_checked_fixture(c, folder_begin, folder_end);
	tcase_add_test(c, test_file_put);
	tcase_add_test(c, test_file_settle);
	tcase_add_test(c, test_file_pipe);
	tcase_add_test(c, test_file_lock);
	suite_add_tcase(s, c);
	SRunner *runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
