/* Asking a trace in SQL: one query that reads, printed in one of three ways.
 *
 * The query is the user's own, the trace is anybody's: so nothing may be written or attached, and what the
 * trace says is printed without a byte that a terminal would obey.
 */
#include "db/rows/schema.h"
#include "db/sql/vtab.h"

#include "trace/base/escape.h"
#include "trace/base/json.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static int authorize(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)context, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE: return SQLITE_OK;
	case SQLITE_FUNCTION: return b && strcmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA: return a && strncmp(a, "table_", 6) == 0 ? SQLITE_OK : SQLITE_DENY;
	default: return SQLITE_DENY;
	}
}

/* ---- values ---- */

/* As they stand in lines of tabs or of CSV; a null is nothing. */
static void cell_print(FILE *out, enum escape_style style, sqlite3_stmt *st, int i)
{
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_NULL: break;
	case SQLITE_INTEGER: fprintf(out, "%" PRId64, (int64_t)sqlite3_column_int64(st, i)); break;
	case SQLITE_FLOAT: fputs((const char *)sqlite3_column_text(st, i), out); break;
	case SQLITE_BLOB: {
		const uint8_t *p = sqlite3_column_blob(st, i);
		int n = sqlite3_column_bytes(st, i);
		for (int k = 0; k < n; k++)
			fprintf(out, "%02x", p[k]);
		break;
	}
	default: {
		const void *p = sqlite3_column_text(st, i);
		escape_print(out, style, p ? p : "", (size_t)sqlite3_column_bytes(st, i));
	}
	}
}

static void json_cell(struct json *j, sqlite3_stmt *st, int i)
{
	const void *p;
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_NULL: json_null(j); break;
	case SQLITE_INTEGER: json_integer(j, sqlite3_column_int64(st, i)); break;
	case SQLITE_FLOAT:
		json_raw(j,
			isfinite(sqlite3_column_double(st, i)) ? (const char *)sqlite3_column_text(st, i)
							       : "null");
		break;
	case SQLITE_BLOB:
		p = sqlite3_column_blob(st, i);
		json_hex(j, p, (size_t)sqlite3_column_bytes(st, i));
		break;
	default:
		p = sqlite3_column_text(st, i);
		json_bytes(j, p ? p : "", (size_t)sqlite3_column_bytes(st, i));
	}
}

/* ---- rows ---- */

static const char *column_name(sqlite3_stmt *st, int i)
{
	const char *name = sqlite3_column_name(st, i);
	return name ? name : "";
}

static void row_print(FILE *out, enum store_format format, sqlite3_stmt *st, bool names)
{
	enum escape_style style = format == STORE_CSV ? ESCAPE_CELL : ESCAPE_TEXT;
	for (int i = 0; i < sqlite3_column_count(st); i++) {
		if (i > 0)
			fputc(format == STORE_CSV ? ',' : '\t', out);
		if (names)
			escape_print_text(out, style, column_name(st, i));
		else
			cell_print(out, style, st, i);
	}
	fputc('\n', out);
}

static void json_row(struct json *j, sqlite3_stmt *st)
{
	json_line(j, 0);
	json_object(j);
	for (int i = 0; i < sqlite3_column_count(st); i++) {
		json_key(j, column_name(st, i));
		json_cell(j, st, i);
	}
	json_end(j);
}

static int query_run(
	sqlite3 *db, sqlite3_stmt *st, enum store_format format, bool header, FILE *out, char *error)
{
	struct json j = json_to(out);
	bool any = false;
	int code;
	j.wide = true;
	if (format == STORE_JSON)
		json_array(&j);
	else if (header)
		row_print(out, format, st, true);
	for (; (code = sqlite3_step(st)) == SQLITE_ROW && !ferror(out); any = true)
		if (format == STORE_JSON)
			json_row(&j, st);
		else
			row_print(out, format, st, false);
	if (format == STORE_JSON) {
		json_line(&j, any ? 0 : -1);
		json_end(&j);
		fputc('\n', out);
	}
	if (fflush(out) != 0 || ferror(out)) /* a reader that has seen enough is no failure */
		return errno == EPIPE ? 0 : error_set(error, "the result cannot be written");
	return code == SQLITE_DONE ? 0 : error_set(error, "the query failed: %s", sqlite3_errmsg(db));
}

static bool only_blanks(const char *s)
{
	while (isspace((unsigned char)*s) || *s == ';')
		s++;
	return *s == 0;
}

static void add_name(char *error, const char *lead, const char *name)
{
	size_t n = strlen(error);
	snprintf(error + n, STORE_ERROR - n, "%s%s", lead, name);
}

/* Is the one what the other begins with? */
static bool names_near(const char *a, const char *b)
{
	return strncmp(a, b, strlen(a) < strlen(b) ? strlen(a) : strlen(b)) == 0;
}

/* The query names a table that there is not: which there are, the virtual ones first. */
static int no_such_table(sqlite3 *db, const char *wrong, char *error)
{
	char near[STORE_ERROR] = "", all[STORE_ERROR] = "";
	sqlite3_stmt *st = NULL;
	for (int i = 0; vtab_names[i]; i++) {
		add_name(all, *all ? ", " : "", vtab_names[i]);
		if (names_near(vtab_names[i], wrong))
			snprintf(near, sizeof near, "%s", vtab_names[i]);
	}
	sqlite3_prepare_v2(db,
		"SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' ORDER BY name",
		-1, &st, NULL);
	while (st && sqlite3_step(st) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 0);
		add_name(all, ", ", name);
		if (!*near && names_near(name, wrong))
			snprintf(near, sizeof near, "%s", name);
	}
	sqlite3_finalize(st);
	if (*near)
		return error_set(
			error, "there is no table %.60s; did you mean %s? There are %s", wrong, near, all);
	return error_set(error, "there is no table %.60s; there are %s", wrong, all);
}

static int query_prepare(sqlite3 *db, const char *query, sqlite3_stmt **ret, char *error)
{
	const char *rest = "";
	if (sqlite3_prepare_v2(db, query, -1, ret, &rest) != SQLITE_OK) {
		if (sqlite3_errcode(db) == SQLITE_AUTH)
			return error_set(
				error, "only queries that read are allowed (%s)", sqlite3_errmsg(db));
		static const char no_table[] = "no such table: ";
		char wrong[STORE_ERROR];
		snprintf(wrong, sizeof wrong, "%s", sqlite3_errmsg(db));
		return strncmp(wrong, no_table, sizeof no_table - 1) == 0
			? no_such_table(db, wrong + sizeof no_table - 1, error)
			: error_set(error, "the query is wrong: %s", wrong);
	}
	if (!*ret)
		return error_set(error, "the query is empty");
	if (!only_blanks(rest))
		return error_set(error, "only one query at a time; the second begins at: %.40s", rest);
	if (!sqlite3_stmt_readonly(*ret))
		return error_set(error, "only queries that read are allowed");
	return 0;
}

int store_sql(
	const char *path, const char *query, enum store_format format, bool header, FILE *out, char *error)
{
	sqlite3_stmt *st = NULL;
	uint32_t version;
	int status = -1;
	sqlite3 *db = database_open_rows(path, SCHEMA_ROWS, &version, error);
	struct source *source = db && version == SCHEMA_VERSION ? store_open(path, error) : NULL;
	bool good = db && (source || version < SCHEMA_VERSION); /* of an older format there are only rows */
	if (good && source && vtab_register(db, source) != SQLITE_OK)
		error_set(error, "%s: %s", path, sqlite3_errmsg(db));
	else if (good && sqlite3_set_authorizer(db, authorize, NULL) == SQLITE_OK &&
		query_prepare(db, query, &st, error) == 0)
		status = query_run(db, st, format, header, out, error);
	sqlite3_finalize(st);
	sqlite3_close(db);
	if (source)
		source->close(source);
	return status;
}
