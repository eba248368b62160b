/* Compares the rows of a trace with its steps: what rows.c makes of them is what must stand there. */
#include "db/file/database.h"
#include "db/rows/rows.h"

#include "trace/record/walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct check {
	sqlite3 *db;
	struct source *source;
	struct rows rows;
	sqlite3_stmt *row[ROW_TABLES], *last[ROW_TABLES], *operation;
	FILE *out;
	long differences;
};

static void differ(struct check *c, const char *format, ...)
{
	va_list ap;
	c->differences++;
	va_start(ap, format);
	vfprintf(c->out, format, ap);
	va_end(ap);
	fputc('\n', c->out);
}

static void value_text(const struct row_value *v, char *out, size_t cap)
{
	if (v->type == VALUE_NULL)
		snprintf(out, cap, "null");
	else if (v->type == VALUE_TEXT)
		snprintf(out, cap, "%s", v->text);
	else
		snprintf(out, cap, "%" PRId64, v->number);
}

static bool value_same(const struct row_value *v, sqlite3_stmt *st, int i)
{
	int type = sqlite3_column_type(st, i);
	if (v->type == VALUE_NULL)
		return type == SQLITE_NULL;
	if (v->type == VALUE_NUMBER)
		return type == SQLITE_INTEGER && sqlite3_column_int64(st, i) == v->number;
	const char *s = (const char *)sqlite3_column_text(st, i);
	return type == SQLITE_TEXT && s && strcmp(s, v->text) == 0;
}

/* The i-th of blank-separated names. */
static const char *column_name(const char *columns, unsigned i, int *ret_len)
{
	for (; i > 0; i--)
		columns += strcspn(columns, " ") + 1;
	*ret_len = (int)strcspn(columns, " ");
	return columns;
}

/* A text of the file as it may be shown: what is not plain ASCII is a dot. */
static const char *file_text(sqlite3_stmt *st, int i, char *out, size_t cap)
{
	const char *s = (const char *)sqlite3_column_text(st, i);
	snprintf(out, cap, "%s", s ? s : "null");
	for (char *p = out; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '.';
	return out;
}

static void compare_row(void *context, enum row_table t, uint64_t row, const struct row_value *values)
{
	struct check *c = context;
	const struct row_form *f = &row_forms[t];
	sqlite3_stmt *st = c->row[t];
	sqlite3_reset(st);
	sqlite3_bind_int64(st, 1, (int64_t)row);
	if (sqlite3_step(st) != SQLITE_ROW) {
		differ(c, "%s %" PRIu64 ": the row is missing", f->name, row);
		return;
	}
	for (unsigned i = 0; i < f->values; i++)
		if (!value_same(&values[i], st, (int)i)) {
			char want[64], have[64];
			int len;
			const char *name = column_name(f->columns, i, &len);
			value_text(&values[i], want, sizeof want);
			differ(c, "%s %" PRIu64 ": %.*s is %s, by the steps %s", f->name, row, len, name,
				file_text(st, (int)i, have, sizeof have), want);
		}
}

static void compare_last(void *context, enum row_table t, uint64_t row, uint64_t step)
{
	struct check *c = context;
	sqlite3_stmt *st = c->last[t];
	sqlite3_reset(st);
	sqlite3_bind_int64(st, 1, (int64_t)row);
	if (sqlite3_step(st) == SQLITE_ROW && (uint64_t)sqlite3_column_int64(st, 0) != step) {
		char have[64];
		differ(c, "%s %" PRIu64 ": %s is %s, by the steps %" PRIu64, row_forms[t].name, row,
			row_forms[t].last, file_text(st, 0, have, sizeof have), step);
	}
}

static void compare_operation(struct check *c, const struct event *e, uint64_t step)
{
	sqlite3_stmt *st = c->operation;
	uint64_t op = c->rows.op;
	sqlite3_reset(st);
	sqlite3_bind_int64(st, 1, (int64_t)op);
	if (sqlite3_step(st) != SQLITE_ROW) {
		differ(c, "operation %" PRIu64 ": the row is missing", op);
		return;
	}
	const char *kind = (const char *)sqlite3_column_text(st, 1);
	if ((uint64_t)sqlite3_column_int64(st, 0) != e->a)
		differ(c, "operation %" PRIu64 ": map is %" PRId64 ", by the steps %" PRIu64, op,
			(int64_t)sqlite3_column_int64(st, 0), e->a);
	if (!kind || e->b >= OP_KINDS || strcmp(kind, op_kind_name[e->b]) != 0)
		differ(c, "operation %" PRIu64 ": kind is another than by the steps", op);
	if ((uint64_t)sqlite3_column_int64(st, 2) != step)
		differ(c, "operation %" PRIu64 ": first_step is %" PRId64 ", by the steps %" PRIu64, op,
			(int64_t)sqlite3_column_int64(st, 2), step);
}

static int check_prepare(struct check *c, sqlite3_stmt **ret, char *sql)
{
	int code = sql ? sqlite3_prepare_v2(c->db, sql, -1, ret, NULL) : SQLITE_NOMEM;
	sqlite3_free(sql);
	return code == SQLITE_OK ? 0 : -1;
}

static int check_begin(struct check *c)
{
	for (int t = 0; t < ROW_TABLES; t++) {
		const struct row_form *f = &row_forms[t];
		char columns[128];
		snprintf(columns, sizeof columns, "%s", f->columns);
		for (char *p = columns; *p; p++)
			if (*p == ' ')
				*p = ',';
		if (check_prepare(c, &c->row[t],
			    sqlite3_mprintf("SELECT %s FROM %s WHERE %s=?1", columns, f->name, f->key)))
			return -1;
		if (f->last &&
			check_prepare(c, &c->last[t],
				sqlite3_mprintf("SELECT %s FROM %s WHERE %s=?1", f->last, f->name, f->key)))
			return -1;
	}
	if (check_prepare(c, &c->operation,
		    sqlite3_mprintf("SELECT map, kind, first_step FROM operation WHERE op=?1")))
		return -1;
	for (unsigned i = 0; i < c->source->maps; i++)
		if (rows_map(&c->rows, &c->source->map[i]) != 0)
			return -1;
	return 0;
}

/* 0, or -1 with the source's or the steps' error in error. */
static int check_steps(struct check *c, char *error)
{
	struct walk w;
	int status = 0;
	walk_init(&w, c->source, 1);
	while (status == 0 && walk_next(&w, c->source->steps, NULL)) {
		if (w.first != w.step)
			status = error_set(
				error, "%s is damaged: steps overlap at %" PRIu64, c->source->name, w.step);
		for (uint32_t i = 0; i < w.n && status == 0; i++) {
			const struct event *e = &w.event[i];
			if (!kinds_have(&c->rows.kinds, e->kind))
				continue;
			rows_event(&c->rows, e, w.step + i);
			if (e->kind == EV_OP)
				compare_operation(c, e, w.step + i);
		}
		if (c->rows.failed)
			status = error_set(error, "not enough memory");
	}
	if (w.failed)
		status = error_set(error, "%s", c->source->error);
	walk_release(&w);
	return status;
}

static void check_count(
	struct check *c, const char *what, const char *table, const char *where, uint64_t want)
{
	sqlite3_stmt *st = NULL;
	if (check_prepare(c, &st, sqlite3_mprintf("SELECT count(*) FROM %s %s", table, where)) == 0 &&
		sqlite3_step(st) == SQLITE_ROW && (uint64_t)sqlite3_column_int64(st, 0) != want)
		differ(c, "%s: %" PRId64 " %s, by the steps %" PRIu64, table,
			(int64_t)sqlite3_column_int64(st, 0), what, want);
	sqlite3_finalize(st);
}

static void check_counts(struct check *c)
{
	for (int t = 0; t < ROW_TABLES; t++) {
		const struct row_form *f = &row_forms[t];
		char where[64];
		check_count(c, "rows", f->name, "", c->rows.made[t]);
		snprintf(where, sizeof where, "WHERE %s IS NULL", f->last ? f->last : "");
		if (f->last)
			check_count(c, "open rows", f->name, where, c->rows.open[t]);
	}
	check_count(c, "rows", "operation", "", c->rows.op);
}

long store_check_rows(const char *path, FILE *out, char *error)
{
	struct check c = { .out = out, .rows = { .insert = compare_row, .finish = compare_last } };
	int status = -1;
	c.rows.context = &c;
	if (!(c.source = store_open(path, error)))
		return -1;
	c.db = database_open_trace(path, error);
	if (c.db && rows_init(&c.rows) != 0) {
		error_set(error, "not enough memory");
	} else if (c.db) {
		if (check_begin(&c) != 0)
			error_set(error, "%s: %s", path, sqlite3_errmsg(c.db));
		else if ((status = check_steps(&c, error)) == 0)
			check_counts(&c);
		for (int t = 0; t < ROW_TABLES; t++) {
			sqlite3_finalize(c.row[t]);
			sqlite3_finalize(c.last[t]);
		}
		sqlite3_finalize(c.operation);
		rows_release(&c.rows);
	}
	sqlite3_close(c.db);
	c.source->close(c.source);
	return status == 0 ? c.differences : -1;
}
