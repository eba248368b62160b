/* Asking a trace in SQL: one query that reads, printed in one of three ways.
 *
 * The query is the user's own, the trace is anybody's: so nothing may be written or attached, and what the trace says is
 * printed without a byte that a terminal would obey.
 */
#include "db/sql/vtab.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static int authorize(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)context, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT: case SQLITE_READ: case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return b && strcmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA:
		return a && strncmp(a, "table_", 6) == 0 ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

/* ---- texts ---- */

/* Bytes of the valid UTF-8 character at p (n bytes are left), 0 when it is none; *ret is its code point. */
static size_t utf8_char(const unsigned char *p, size_t n, uint32_t *ret)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
	if (len == 0 || len > n)
		return 0;
	uint32_t c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || c >> 11 == 0x1b)
		return 0;
	*ret = c;
	return len;
}

static void text_tabs(FILE *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; ) {
		uint32_t c = 0;
		size_t len = utf8_char(p + i, n - i, &c);
		bool plain = len > 0 && c >= 0x20 && (c < 0x7f || c > 0x9f);
		if (len == 0)
			len = 1;
		for (size_t k = 0; k < len; k++)
			plain ? fputc(p[i + k], out) : fprintf(out, "\\x%02x", p[i + k]);
		i += len;
	}
}

static void text_json(FILE *out, const unsigned char *p, size_t n)
{
	fputc('"', out);
	for (size_t i = 0; i < n; ) {
		uint32_t c = 0;
		size_t len = utf8_char(p + i, n - i, &c);
		if (len == 0)
			fputs("\\ufffd", out);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", (int)c);
		else if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
			fprintf(out, "\\u%04x", c);
		else
			fwrite(p + i, 1, len, out);
		i += len ? len : 1;
	}
	fputc('"', out);
}

static void text_csv(FILE *out, const unsigned char *p, size_t n)
{
	bool quote = n == 0; /* an empty text is "", a null is nothing */
	for (size_t i = 0; i < n && !quote; i++)
		quote = strchr(",\"\r\n", p[i]) && p[i];
	if (quote)
		fputc('"', out);
	for (size_t i = 0; i < n; ) {
		uint32_t c = 0;
		size_t len = utf8_char(p + i, n - i, &c);
		bool plain = len > 0 && ((c >= 0x20 && c < 0x7f) || c > 0x9f || (c && strchr("\t\r\n", (int)c)));
		if (c == '"')
			fputc('"', out);
		for (size_t k = 0; k < (len ? len : 1); k++) /* nobody knows whose terminal this comes to */
			plain ? fputc(p[i + k], out) : fprintf(out, "\\x%02x", p[i + k]);
		i += len ? len : 1;
	}
	if (quote)
		fputc('"', out);
}

static void text_print(FILE *out, enum store_format format, const void *p, size_t n)
{
	if (format == STORE_JSON)
		text_json(out, p, n);
	else if (format == STORE_CSV)
		text_csv(out, p, n);
	else
		text_tabs(out, p, n);
}

static void cell_print(FILE *out, enum store_format format, sqlite3_stmt *st, int i)
{
	double d;
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_NULL:
		if (format == STORE_JSON)
			fputs("null", out);
		break;
	case SQLITE_INTEGER:
		fprintf(out, "%" PRId64, (int64_t)sqlite3_column_int64(st, i));
		break;
	case SQLITE_FLOAT:
		d = sqlite3_column_double(st, i);
		if (format == STORE_JSON && !isfinite(d))
			fputs("null", out);
		else
			fputs((const char *)sqlite3_column_text(st, i), out);
		break;
	case SQLITE_BLOB: {
		const uint8_t *p = sqlite3_column_blob(st, i);
		int n = sqlite3_column_bytes(st, i);
		if (format == STORE_JSON)
			fputc('"', out);
		for (int k = 0; k < n; k++)
			fprintf(out, "%02x", p[k]);
		if (format == STORE_JSON)
			fputc('"', out);
		break;
	}
	default: {
		const void *p = sqlite3_column_text(st, i);
		text_print(out, format, p ? p : "", (size_t)sqlite3_column_bytes(st, i));
	}
	}
}

/* ---- rows ---- */

static const char *separator(enum store_format format)
{
	return format == STORE_TABS ? "\t" : format == STORE_CSV ? "," : ", ";
}

static void name_print(FILE *out, enum store_format format, sqlite3_stmt *st, int i)
{
	const char *name = sqlite3_column_name(st, i);
	text_print(out, format, name ? name : "", name ? strlen(name) : 0);
}

static void row_print(FILE *out, enum store_format format, sqlite3_stmt *st, bool names, bool first)
{
	if (format == STORE_JSON)
		fputs(first ? "[\n{" : ",\n{", out);
	for (int i = 0; i < sqlite3_column_count(st); i++) {
		if (i > 0)
			fputs(separator(format), out);
		if (format == STORE_JSON) {
			name_print(out, format, st, i);
			fputs(": ", out);
		}
		if (names)
			name_print(out, format, st, i);
		else
			cell_print(out, format, st, i);
	}
	fputs(format == STORE_JSON ? "}" : "\n", out);
}

static int query_run(sqlite3 *db, sqlite3_stmt *st, enum store_format format, bool header, FILE *out, char *error)
{
	bool first = true;
	int code;
	if (header && format != STORE_JSON)
		row_print(out, format, st, true, true);
	while ((code = sqlite3_step(st)) == SQLITE_ROW && !ferror(out)) {
		row_print(out, format, st, false, first);
		first = false;
	}
	if (format == STORE_JSON)
		fputs(first ? "[]\n" : "\n]\n", out);
	if (fflush(out) != 0 || ferror(out))
		return error_set(error, "the result cannot be written");
	return code == SQLITE_DONE ? 0 : error_set(error, "the query failed: %s", sqlite3_errmsg(db));
}

static bool only_blanks(const char *s)
{
	while (isspace((unsigned char)*s) || *s == ';')
		s++;
	return *s == 0;
}

static int query_prepare(sqlite3 *db, const char *query, sqlite3_stmt **ret, char *error)
{
	const char *rest = "";
	if (sqlite3_prepare_v2(db, query, -1, ret, &rest) != SQLITE_OK) {
		if (sqlite3_errcode(db) == SQLITE_AUTH)
			return error_set(error, "only queries that read are allowed (%s)", sqlite3_errmsg(db));
		return error_set(error, "the query is wrong: %s", sqlite3_errmsg(db));
	}
	if (!*ret)
		return error_set(error, "the query is empty");
	if (!only_blanks(rest))
		return error_set(error, "only one query at a time; the second begins at: %.40s", rest);
	if (!sqlite3_stmt_readonly(*ret))
		return error_set(error, "only queries that read are allowed");
	return 0;
}

int store_sql(const char *path, const char *query, enum store_format format, bool header, FILE *out, char *error)
{
	sqlite3_stmt *st = NULL;
	int status = -1;
	struct source *source = store_open(path, error);
	if (!source)
		return -1;
	sqlite3 *db = database_open_trace(path, error);
	if (db) {
		if (vtab_register(db, source) != SQLITE_OK)
			error_set(error, "%s: %s", path, sqlite3_errmsg(db));
		else if (sqlite3_set_authorizer(db, authorize, NULL) == SQLITE_OK &&
			 query_prepare(db, query, &st, error) == 0)
			status = query_run(db, st, format, header, out, error);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	source->close(source);
	return status;
}
