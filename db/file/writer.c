/* The sink that records into a trace file.
 *
 * Data's path: event() packs into the chunk being filled, and shows the few kinds that mean rows to rows.c.
 * At a chunk's end everything that is waiting goes into the database at once: operations, rows, the chunk,
 * perhaps a keyframe.  So the path of an event knows neither SQLite nor the clock.
 *
 * Transactions: ten a second.  Each commit leaves a recording that opens: rows, chunks and keyframes of the
 * same steps.  `complete` is set by the last one; after it the WAL is folded into the file.
 *
 * A new file is made under another name beside its own (trace/base/file.h) and gets its own when it is a trace
 * that opens, with no step yet. One that is to replace another gets it in the end, not before. So a kill, at
 * whatever point, leaves the old one or the new one there; of a kill the other name may be left. Files of
 * SQLite belong to a trace by their names (-wal, -journal): a file that gets its name has none any more, and
 * what the old one has is folded into it first (database_fold), lest it be taken for the new one's.
 *
 * Keyframes: one whenever the events since the last have taken as many bytes as that one did, and up to 1.5
 * MB more: see keyframe_due.  So a seek costs what the live memory costs, however long the trace.
 */
#include "db/pack/codec.h"
#include "db/file/database.h"
#include "db/file/types.h"
#include "db/pack/feed.h"
#include "db/rows/rows.h"
#include "db/rows/schema.h"

#include "trace/map/kind.h"

#include "trace/base/file.h"
#include "trace/base/memory.h"
#include "trace/base/translate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

enum {
	PAGE_SIZE = 8192, /* 4 % faster than 4096, not larger; 32768 is 8 %, but an empty trace 450 KB */
	KEYFRAME_MIN = 128 << 10, /* bytes of events; below, passing over them costs under a millisecond */
	KEYFRAME_MORE = 3 << 19,  /* see keyframe_due */
	CHECKPOINT_PAGES = 4096,  /* the WAL is folded in at 32 MB */
	TIMELINE_OPS = 1024,
	COMMIT_MS =
		100, /* what a kill or a full disk takes; faster than a second, too: the WAL stays in cache */
};

/* An operation that waits for its row; the texts lie in waiting.texts. */
struct waiting_op {
	uint64_t first_step;
	uint32_t key, key_n, elem, elem_n; /* offset and length; length UINT32_MAX: null */
	uint32_t map;
	uint8_t kind;
};

struct waiting_row {
	struct row_value values[ROW_VALUES];
	uint64_t last; /* 0: null */
};

struct waiting_finish {
	uint64_t row, step;
	enum row_table table;
};

struct timeline_op {
	uint64_t op, first_step; /* op 0: none has begun */
	unsigned flags;
};

struct writer {
	struct sink sink;                /* first: the sink is the writer */
	char *path, *actual;             /* where it will be; where it is until the end */
	bool memory, adopted;            /* adopted: something was recorded */
	bool late, replacing;            /* it gets its name in the end; another one has that name */
	bool stays;                      /* actual is not to be removed: something was committed */
	sqlite3 *db;
	sqlite3_stmt *add_op, *add_chunk, *add_keyframe, *add_timeline, *add_row[ROW_TABLES],
		*end_row[ROW_TABLES];

	struct packer packer;
	struct buffer packed, kinds;
	struct rows rows;

	struct buffer ops, texts;                  /* waiting_op; the texts of their keys and elems */
	struct buffer details;                     /* SQL for what few of them have */
	struct buffer new_rows[ROW_TABLES];        /* waiting_row */
	struct feed op_feed, row_feed[ROW_TABLES]; /* the same, as SQL sees them */
	char declarations[ROW_TABLES][192];
	uint64_t last_op;
	struct buffer finishes;       /* waiting_finish */
	uint64_t written[ROW_TABLES]; /* rows that are in the database */
	struct map_info *maps;
	unsigned maps_n, maps_cap, maps_written;
	struct types_written types;
	unsigned kinds_written; /* rows of event_kind */

	struct timeline_op now;
	struct buffer timeline; /* varints of the operations that ended */
	uint64_t timeline_first, timeline_max;
	unsigned timeline_n, timeline_flags;

	uint64_t event_bytes;    /* packed since the last keyframe */
	uint64_t keyframe_bytes; /* of that one */
	int64_t began;           /* of the transaction, in ms, monotonic */
};

/* ---- failing ---- */

static int writer_fail(struct writer *w, const char *format, ...)
{
	if (!w->sink.failed) {
		va_list ap;
		va_start(ap, format);
		vsnprintf(w->sink.error, sizeof w->sink.error, _(format), ap);
		va_end(ap);
		w->sink.failed = true;
	}
	return -1;
}

static int writer_fail_memory(struct writer *w)
{
	return writer_fail(w, "%s: not enough memory to go on recording", w->path);
}

static int writer_fail_sql(struct writer *w)
{
	int code = sqlite3_errcode(w->db), system = sqlite3_system_errno(w->db);
	if ((code & 0xff) == SQLITE_FULL && w->replacing)
		return writer_fail(
			w, "%s: the disk is full; the file that was there before stays as it was", w->path);
	if ((code & 0xff) == SQLITE_FULL)
		return w->stays ? writer_fail(w, "%s: the disk is full; what was committed before is kept",
					  w->path)
				: writer_fail(w, "%s: the disk is full; nothing is kept", w->path);
	if ((code & 0xff) == SQLITE_IOERR && system)
		return writer_fail(w, "%s: cannot be written: %s", w->path, strerror(system));
	return writer_fail(w, "%s: cannot be written: %s", w->path, sqlite3_errmsg(w->db));
}

static int writer_exec(struct writer *w, const char *sql)
{
	return sqlite3_exec(w->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : writer_fail_sql(w);
}

static int writer_prepare(struct writer *w, const char *sql, sqlite3_stmt **ret)
{
	return sqlite3_prepare_v3(w->db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL) == SQLITE_OK
		? 0
		: writer_fail_sql(w);
}

/* Runs a statement that gives no rows and makes it ready for the next time. */
static int writer_run(struct writer *w, sqlite3_stmt *st)
{
	if (sqlite3_step(st) == SQLITE_DONE && sqlite3_reset(st) == SQLITE_OK)
		return 0;
	writer_fail_sql(w);
	sqlite3_reset(st);
	return -1;
}

/* ---- the database ---- */

static void op_column(const struct feed *f, uint64_t row, int column, sqlite3_context *ctx);
static void row_column(const struct feed *f, uint64_t row, int column, sqlite3_context *ctx);

/* One INSERT for all operations that wait; their numbers follow from their order. */
static int prepare_ops(struct writer *w)
{
	w->op_feed = (struct feed){ .column = op_column, .context = w };
	if (feed_register(w->db, "waiting_op", "CREATE TABLE t(map, kind, key, elem, first_step)",
		    &w->op_feed) != SQLITE_OK)
		return writer_fail_sql(w);
	return writer_prepare(w,
		"INSERT INTO operation(map,kind,key,elem,first_step) SELECT map,kind,key,elem,first_step"
		" FROM waiting_op",
		&w->add_op);
}

/* The same for the rows of a table. */
static int prepare_rows(struct writer *w, enum row_table t)
{
	const struct row_form *f = &row_forms[t];
	char columns[160], name[64], sql[512];
	snprintf(columns, sizeof columns, "%s%s%s", f->columns, f->last ? " " : "", f->last ? f->last : "");
	for (char *p = columns; *p; p++)
		if (*p == ' ')
			*p = ',';
	char *declaration = w->declarations[t];
	snprintf(declaration, sizeof w->declarations[t], "CREATE TABLE t(%s)", columns);
	snprintf(name, sizeof name, "waiting_%s", f->name);
	w->row_feed[t] = (struct feed){ .column = row_column, .context = w, .argument = t };
	if (feed_register(w->db, name, declaration, &w->row_feed[t]) != SQLITE_OK)
		return writer_fail_sql(w);
	snprintf(sql, sizeof sql, "INSERT INTO %s(%s) SELECT %s FROM %s", f->name, columns, columns, name);
	if (writer_prepare(w, sql, &w->add_row[t]) != 0 || !f->last)
		return w->sink.failed ? -1 : 0;
	snprintf(sql, sizeof sql, "UPDATE %s SET %s=?2 WHERE %s=?1", f->name, f->last, f->key);
	return writer_prepare(w, sql, &w->end_row[t]);
}

/* Opens the file and makes it ready for recording. */
static int writer_open(struct writer *w, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(path, &w->db, flags, NULL) != SQLITE_OK)
		return w->db ? writer_fail_sql(w) : writer_fail_memory(w);
	sqlite3_extended_result_codes(w->db, 1);
	/* Exclusive: no shared memory file beside the trace, which a full disk could take from under us. */
	return writer_exec(w, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-16384");
}

static int schema_make(struct writer *w, const struct store_options *o)
{
	char sql[256];
	snprintf(sql, sizeof sql, "PRAGMA page_size=%d; PRAGMA application_id=%d; PRAGMA user_version=%d",
		PAGE_SIZE, SCHEMA_APPLICATION, SCHEMA_VERSION);
	if (writer_exec(w, sql) != 0 || writer_exec(w, "BEGIN") != 0 || writer_exec(w, schema_sql) != 0)
		return -1;
	char *meta = sqlite3_mprintf("INSERT INTO meta VALUES('format','%d'),('tool',%Q),('workload',%Q)",
		SCHEMA_VERSION, o->tool ? o->tool : "mapscope", o->workload ? o->workload : "");
	if (meta && o->text)
		meta = sqlite3_mprintf("%z; INSERT INTO meta VALUES('workload_text',%Q)", meta, o->text);
	int status = meta ? writer_exec(w, meta) : writer_fail_memory(w);
	sqlite3_free(meta);
	return status == 0 ? writer_exec(w, "COMMIT") : -1;
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int transaction_begin(struct writer *w)
{
	w->began = now_ms();
	return writer_exec(w, "BEGIN");
}

static int transaction_commit(struct writer *w)
{
	int status = writer_exec(w, "COMMIT");
	if (status == 0 && !w->late)
		w->stays = true;
	return status;
}

/* The first chunk is there: from here on the file is worth keeping. */
static int writer_adopt(struct writer *w)
{
	char sql[128];
	if (w->adopted)
		return 0;
	w->adopted = true;
	snprintf(sql, sizeof sql,
		"PRAGMA journal_mode=%s; PRAGMA synchronous=%s; PRAGMA wal_autocheckpoint=%d",
		w->memory ? "OFF" : "WAL", w->memory ? "OFF" : "NORMAL", CHECKPOINT_PAGES);
	if (writer_exec(w, sql) != 0 || prepare_ops(w) != 0 ||
		writer_prepare(w, "INSERT INTO chunk VALUES(?,?,?,?,?)", &w->add_chunk) != 0 ||
		writer_prepare(w, "INSERT INTO keyframe VALUES(?,?,?,?)", &w->add_keyframe) != 0 ||
		writer_prepare(w, "INSERT INTO timeline VALUES(?,?,?,?,?)", &w->add_timeline) != 0)
		return -1;
	for (int t = 0; t < ROW_TABLES; t++)
		if (prepare_rows(w, (enum row_table)t) != 0)
			return -1;
	if (transaction_begin(w) != 0)
		return -1;
	w->began = 0; /* the first chunk is committed at once: whatever is killed from here on has left
			 something */
	return 0;
}

/* ---- what waits for the end of the chunk ---- */

static void *wait_push(struct writer *w, struct buffer *b, size_t n)
{
	if (!buffer_reserve(b, n)) {
		writer_fail_memory(w);
		return NULL;
	}
	b->n += n;
	return b->p + b->n - n;
}

static void wait_row(void *context, enum row_table t, uint64_t row, const struct row_value *values)
{
	struct writer *w = context;
	(void)row; /* written[t] and those that wait make it */
	struct waiting_row *r = wait_push(w, &w->new_rows[t], sizeof *r);
	if (!r)
		return;
	memcpy(r->values, values, row_forms[t].values * sizeof *values);
	r->last = 0;
}

static void wait_finish(void *context, enum row_table t, uint64_t row, uint64_t step)
{
	struct writer *w = context;
	if (row > w->written[t]) { /* it still waits itself */
		struct waiting_row *r = (struct waiting_row *)(void *)w->new_rows[t].p;
		r[row - w->written[t] - 1].last = step;
		return;
	}
	struct waiting_finish *f = wait_push(w, &w->finishes, sizeof *f);
	if (f)
		*f = (struct waiting_finish){ row, step, t };
}

static uint32_t wait_text(struct writer *w, const char *s, uint32_t *ret_n)
{
	*ret_n = UINT32_MAX;
	if (!s)
		return 0;
	size_t n = strlen(s), at = w->texts.n;
	uint8_t *p = wait_push(w, &w->texts, n);
	if (!p)
		return 0;
	memcpy(p, s, n);
	*ret_n = (uint32_t)n;
	return (uint32_t)at;
}

/* What few operations have is one SQL text, which is carried out when the rows are there. */
static void wait_detail(struct writer *w, const struct operation *o)
{
	char *sql = sqlite3_mprintf(
		"UPDATE operation SET key_source=%Q,elem_source=%Q,core=nullif(%u,0),goroutine=nullif(%lld,0)"
		" WHERE op=%lld;",
		o->key_value ? o->key : NULL, o->elem_value ? o->elem : NULL, o->core, (int64_t)o->goroutine,
		(int64_t)o->op);
	if (sql && o->first.kind)
		sql = sqlite3_mprintf("%zINSERT INTO race VALUES(%lld,%Q,%Q,%Q,%Q,%Q,%Q);", sql,
			(int64_t)o->op, op_kind_name[o->first.kind], o->first.key, o->first.elem,
			op_kind_name[o->second.kind], o->second.key, o->second.elem);
	void *p = sql ? wait_push(w, &w->details, strlen(sql)) : NULL;
	if (p)
		memcpy(p, sql, strlen(sql));
	else if (!sql)
		writer_fail_memory(w);
	sqlite3_free(sql);
}

/* ---- writing it all ---- */

static int map_write(struct writer *w, const struct map_info *m)
{
	int64_t type;
	char hint[24] = "NULL";
	if (m->hint >= 0)
		snprintf(hint, sizeof hint, "%" PRId64, m->hint);
	if (!types_write(&w->types, w->db, m, &type))
		return writer_fail_sql(w);
	char *sql = sqlite3_mprintf(
		"INSERT INTO map VALUES(%u,%Q,%Q,%Q,%Q,%Q,%lld,%s,%Q,%Q,%lld,%Q,nullif(%u,0),%lld)", m->map,
		m->name, m->key.name, m->elem.name, m->go, m->arch, (int64_t)m->seed, hint, m->place, m->hash,
		(int64_t)m->header, map_kinds[m->kind]->name, m->part_of, type);
	int status = sql ? writer_exec(w, sql) : writer_fail_memory(w);
	sqlite3_free(sql);
	return status;
}

/* The kinds of events that occurred for the first time. */
static int kinds_write(struct writer *w)
{
	const struct kind_table *t = w->packer.table;
	for (; w->kinds_written < t->n; w->kinds_written++) {
		char predictions[KIND_TEXT];
		const struct event_info *e = &event_info[t->kind[w->kinds_written]];
		kinds_predictions(t, w->kinds_written, predictions);
		char *sql = sqlite3_mprintf("INSERT INTO event_kind VALUES(%u,%Q,%Q,%Q,%Q,%Q,%Q)",
			w->kinds_written, e->name, e->fields, e->args, event_role_name[e->role], predictions,
			e->of);
		int status = sql ? writer_exec(w, sql) : writer_fail_memory(w);
		sqlite3_free(sql);
		if (status != 0)
			return -1;
	}
	return 0;
}

static int maps_write(struct writer *w)
{
	for (; w->maps_written < w->maps_n; w->maps_written++)
		if (map_write(w, &w->maps[w->maps_written]) != 0)
			return -1;
	return 0;
}

static void text_column(const struct writer *w, sqlite3_context *ctx, uint32_t at, uint32_t n)
{
	if (n != UINT32_MAX)
		sqlite3_result_text(ctx, n ? (const char *)w->texts.p + at : "", (int)n, SQLITE_STATIC);
}

static void op_column(const struct feed *f, uint64_t row, int column, sqlite3_context *ctx)
{
	const struct writer *w = f->context;
	const struct waiting_op *o = (const struct waiting_op *)(const void *)w->ops.p + row;
	switch (column) {
	case 0:
		if (o->map)
			sqlite3_result_int64(ctx, o->map);
		break;
	case 1: sqlite3_result_text(ctx, op_kind_name[o->kind], -1, SQLITE_STATIC); break;
	case 2: text_column(w, ctx, o->key, o->key_n); break;
	case 3: text_column(w, ctx, o->elem, o->elem_n); break;
	case 4: sqlite3_result_int64(ctx, (int64_t)o->first_step); break;
	}
}

static int ops_write(struct writer *w)
{
	w->op_feed.count = w->ops.n / sizeof(struct waiting_op);
	int status = w->op_feed.count ? writer_run(w, w->add_op) : 0;
	w->ops.n = w->texts.n = 0;
	if (status == 0 && w->details.n > 0) {
		char *end = wait_push(w, &w->details, 1);
		status = end ? (*end = 0, writer_exec(w, (const char *)w->details.p)) : -1;
	}
	w->details.n = 0;
	return status;
}

static void row_column(const struct feed *f, uint64_t row, int column, sqlite3_context *ctx)
{
	const struct writer *w = f->context;
	const struct waiting_row *r = (const struct waiting_row *)(const void *)w->new_rows[f->argument].p +
		row;
	const struct row_value *v = &r->values[column];
	if ((unsigned)column == row_forms[f->argument].values) {
		if (r->last)
			sqlite3_result_int64(ctx, (int64_t)r->last);
	} else if (v->type == VALUE_NUMBER) {
		sqlite3_result_int64(ctx, v->number);
	} else if (v->type == VALUE_TEXT) {
		sqlite3_result_text(ctx, v->text, -1, SQLITE_STATIC);
	}
}

static int rows_write(struct writer *w)
{
	for (int t = 0; t < ROW_TABLES; t++) {
		w->row_feed[t].count = w->new_rows[t].n / sizeof(struct waiting_row);
		if (w->row_feed[t].count && writer_run(w, w->add_row[t]) != 0)
			return -1;
		w->written[t] += w->row_feed[t].count;
		w->new_rows[t].n = 0;
	}
	const struct waiting_finish *f = (const void *)w->finishes.p;
	for (size_t n = w->finishes.n / sizeof *f; n > 0; n--, f++) {
		sqlite3_stmt *st = w->end_row[f->table];
		sqlite3_bind_int64(st, 1, (int64_t)f->row);
		sqlite3_bind_int64(st, 2, (int64_t)f->step);
		if (writer_run(w, st) != 0)
			return -1;
	}
	w->finishes.n = 0;
	return 0;
}

static int timeline_write(struct writer *w)
{
	if (w->timeline_n == 0)
		return 0;
	sqlite3_stmt *st = w->add_timeline;
	sqlite3_bind_int64(st, 1, (int64_t)w->timeline_first);
	sqlite3_bind_int64(st, 2, w->timeline_n);
	sqlite3_bind_int64(st, 3, (int64_t)w->timeline_max);
	sqlite3_bind_int64(st, 4, w->timeline_flags);
	sqlite3_bind_blob(st, 5, w->timeline.p, (int)w->timeline.n, SQLITE_STATIC);
	w->timeline.n = w->timeline_n = w->timeline_flags = 0;
	w->timeline_max = 0;
	return writer_run(w, st);
}

/* How many bytes of events make a keyframe due.  A player comes from the nearer of two keyframes, so it
 * passes over half of this at most, at some 5 ms a MB; loading takes 4 ms for 6 MB live, 20 for 40.  Small
 * keyframes may thus be rarer than one for as many bytes of events: at twice that a recording of inserts is
 * 13 % faster and 20 % smaller. */
static uint64_t keyframe_due(const struct writer *w)
{
	uint64_t packed = w->keyframe_bytes,
		 due = packed < KEYFRAME_MORE / 2 ? packed * 3 : packed + KEYFRAME_MORE;
	return due > KEYFRAME_MIN ? due : KEYFRAME_MIN;
}

static int keyframe_write(struct writer *w)
{
	uint64_t raw, step = w->sink.steps;
	w->packed.n = 0;
	if (keyframe_pack(w->packer.zstd, w->sink.memory, &w->packed, &raw) != 0)
		return writer_fail_memory(w);
	sqlite3_stmt *st = w->add_keyframe;
	sqlite3_bind_int64(st, 1, (int64_t)step);
	sqlite3_bind_int64(st, 2, (int64_t)raw);
	sqlite3_bind_int64(st, 3, (int64_t)codec_checksum(w->packed.p, w->packed.n, step, raw));
	sqlite3_bind_blob64(st, 4, w->packed.p, w->packed.n, SQLITE_STATIC);
	w->keyframe_bytes = w->packed.n;
	w->event_bytes = 0;
	return writer_run(w, st);
}

static int chunk_write(struct writer *w)
{
	uint64_t count = w->packer.count, first = w->sink.steps + 1 - count;
	if (count == 0)
		return 0;
	w->packed.n = w->kinds.n = 0;
	if (packer_finish(&w->packer, &w->packed) != 0 ||
		kinds_pack(w->packer.table, w->packer.kinds, &w->kinds) != 0)
		return writer_fail_memory(w);
	packer_start(&w->packer);
	sqlite3_stmt *st = w->add_chunk;
	sqlite3_bind_int64(st, 1, (int64_t)first);
	sqlite3_bind_int64(st, 2, (int64_t)count);
	sqlite3_bind_int64(st, 3, (int64_t)codec_checksum(w->packed.p, w->packed.n, first, count));
	sqlite3_bind_blob(st, 4, w->kinds.p, (int)w->kinds.n, SQLITE_STATIC);
	sqlite3_bind_blob64(st, 5, w->packed.p, w->packed.n, SQLITE_STATIC);
	w->event_bytes += w->packed.n;
	return writer_run(w, st);
}

/* Everything that waits, up to the last event. */
static int writer_flush(struct writer *w)
{
	if (w->sink.failed || writer_adopt(w) != 0)
		return -1;
	if (kinds_write(w) != 0 || maps_write(w) != 0 || ops_write(w) != 0 || rows_write(w) != 0 ||
		chunk_write(w) != 0)
		return -1;
	if (w->timeline_n >= TIMELINE_OPS && timeline_write(w) != 0)
		return -1;
	if (w->sink.memory && w->event_bytes >= keyframe_due(w))
		return keyframe_write(w);
	return 0;
}

static int writer_commit(struct writer *w)
{
	if (writer_flush(w) != 0 || timeline_write(w) != 0 || transaction_commit(w) != 0)
		return -1;
	return 0;
}

/* ---- the sink ---- */

static struct writer *writer_of(struct sink *s)
{
	return (struct writer *)(void *)s;
}

static void writer_map(struct sink *s, const struct map_info *m)
{
	struct writer *w = writer_of(s);
	if (s->failed)
		return;
	if (w->maps_n == w->maps_cap) {
		unsigned cap = w->maps_cap ? w->maps_cap * 2 : 8;
		struct map_info *maps = realloc(w->maps, cap * sizeof *maps);
		if (!maps) {
			writer_fail_memory(w);
			return;
		}
		w->maps = maps;
		w->maps_cap = cap;
	}
	w->maps[w->maps_n++] = *m;
	if (rows_map(&w->rows, m) != 0)
		writer_fail_memory(w);
}

/* The operation that was going on ended with step last. */
static void timeline_end(struct writer *w, uint64_t last)
{
	if (w->now.op == 0)
		return;
	uint64_t steps = last + 1 - w->now.first_step;
	if (!buffer_reserve(&w->timeline, 10)) {
		writer_fail_memory(w);
		return;
	}
	uint8_t *p = varint_put(w->timeline.p + w->timeline.n, steps << 2 | w->now.flags);
	w->timeline.n = (size_t)(p - w->timeline.p);
	if (w->timeline_n++ == 0)
		w->timeline_first = w->now.op;
	if (steps > w->timeline_max)
		w->timeline_max = steps;
	w->timeline_flags |= w->now.flags;
	w->now.op = 0;
}

static void writer_operation(struct sink *s, const struct operation *o)
{
	struct writer *w = writer_of(s);
	if (s->failed)
		return;
	if (o->op != ++w->last_op) { /* the rows' numbers follow from their order */
		writer_fail(w, "%s: operation %" PRIu64 " came where %" PRIu64 " was due", w->path, o->op,
			w->last_op);
		return;
	}
	timeline_end(w, o->first_step - 1);
	w->now = (struct timeline_op){ o->op, o->first_step,
		rows_growing(&w->rows, o->map) ? OPERATION_GROWING : 0 };
	struct waiting_op *p = wait_push(w, &w->ops, sizeof *p);
	if (!p)
		return;
	struct waiting_op x = { .first_step = o->first_step, .map = o->map, .kind = (uint8_t)o->kind };
	x.key = wait_text(w, o->key_value ? o->key_value : o->key, &x.key_n);
	x.elem = wait_text(w, o->elem_value ? o->elem_value : o->elem, &x.elem_n);
	*p = x;
	if (o->key_value || o->elem_value || o->core || o->goroutine || o->first.kind)
		wait_detail(w, o);
}

/* Not inlined: writer_event is what an event costs. */
static __attribute__((noinline)) void writer_chunk_end(struct writer *w)
{
	if (writer_flush(w) == 0 && now_ms() >= w->began + COMMIT_MS && timeline_write(w) == 0 &&
		transaction_commit(w) == 0)
		transaction_begin(w);
}

static void writer_event(struct sink *s, const struct event *e)
{
	struct writer *w = writer_of(s);
	if (s->failed)
		return;
	if (packer_add(&w->packer, e) != 0) {
		writer_fail_memory(w);
		return;
	}
	if (kinds_have(&w->rows.kinds, e->kind)) {
		w->now.flags |= rows_event(&w->rows, e, s->steps);
		if (w->rows.failed)
			writer_fail_memory(w);
	}
	if (w->packer.count == CHUNK_STEPS || packer_bytes(&w->packer) >= CHUNK_BYTES)
		writer_chunk_end(w);
}

int store_commit(struct sink *s)
{
	struct writer *w = writer_of(s);
	return writer_commit(w) == 0 ? transaction_begin(w) : -1;
}

/* ---- beginning and end ---- */

static void writer_free(struct writer *w)
{
	sqlite3_stmt *st;
	while (w->db && (st = sqlite3_next_stmt(w->db, NULL)) != NULL)
		sqlite3_finalize(st);
	sqlite3_close(w->db);
	if (w->actual && !w->stays) { /* nothing was ever recorded, or it failed: leave no half-made file */
		database_remove_siblings(w->actual);
		file_remove(w->actual);
	}
	types_written_release(&w->types);
	packer_release(&w->packer);
	rows_release(&w->rows);
	struct buffer *all[] = { &w->packed, &w->kinds, &w->ops, &w->texts, &w->details, &w->finishes,
		&w->timeline };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		buffer_release(all[i]);
	for (int t = 0; t < ROW_TABLES; t++)
		buffer_release(&w->new_rows[t]);
	free(w->maps);
	free(w->path);
	free(w->actual);
	free(w);
}

/* Makes the empty file beside path; in which way it gets that name is decided here. */
static int file_make(struct writer *w, const struct store_options *o, char *error)
{
	struct stat st;
	w->late = o->late;
	if (file_exists(w->path)) {
		if (stat(w->path, &st) == 0 && !S_ISREG(st.st_mode))
			return error_set(error, "%s exists and is no regular file", w->path);
		if (!o->overwrite)
			return error_set(error, "%s exists already; --force would replace it", w->path);
		char *real = realpath(w->path, NULL);
		if (real) { /* replace what a link leads to, not the link */
			free(w->path);
			w->path = real;
		}
		if (database_fold(w->path, error) != 0) /* before work that would be in vain */
			return -1;
		w->late = w->replacing = true;
	}
	if (!w->replacing && !o->overwrite && database_alone(w->path, error) != 0)
		return -1;
	int why = file_beside(w->path, &w->actual);
	return why ? error_set(error, "%s: cannot be created: %s", w->path, strerror(why)) : 0;
}

/* Makes the trace under its own name, from here on. */
static int file_name(struct writer *w)
{
	char error[STORE_ERROR];
	sqlite3_close(w->db);
	w->db = NULL;
	database_remove_siblings(w->path); /* of a database that is no more */
	if (database_settle(w->actual, w->path, false, error) != 0)
		return writer_fail(w, "%s", error);
	free(w->actual);
	w->actual = memory_text(w->path);
	return writer_open(w, w->path);
}

/* Is name that of a recording that would have replaced the file base? */
static bool is_unfinished(const char *name, const char *base)
{
	size_t n = strlen(base), m = sizeof FILE_UNFINISHED - 1;
	if (strncmp(name, base, n) != 0 || strncmp(name + n, FILE_UNFINISHED, m) != 0)
		return false;
	name += n + m;
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") ==
		FILE_LETTERS &&
		!name[FILE_LETTERS];
}

bool store_unfinished(const char *path, char *ret, size_t cap)
{
	char error[STORE_ERROR], *real = realpath(path, NULL), *slash = real ? strrchr(real, '/') : NULL;
	bool found = false;
	if (!slash) {
		free(real);
		return false;
	}
	*slash = 0;
	DIR *d = opendir(slash == real ? "/" : real);
	for (struct dirent *e; !found && d && (e = readdir(d)) != NULL;)
		if (is_unfinished(e->d_name, slash + 1)) {
			snprintf(ret, cap, "%s/%s", real, e->d_name);
			found = database_at_rest(ret, error) == 0; /* else somebody is recording right now */
		}
	if (d)
		closedir(d);
	free(real);
	return found;
}

struct sink *store_create(const char *path, const struct store_options *o, char *error)
{
	struct writer *w = calloc(1, sizeof *w);
	if (!w || !(w->path = strdup(path)) || packer_init(&w->packer) != 0 || rows_init(&w->rows) != 0) {
		error_set(error, "%s: not enough memory", path);
		goto fail;
	}
	w->memory = strcmp(path, ":memory:") == 0;
	w->sink.map = writer_map;
	w->sink.operation = writer_operation;
	w->sink.event = writer_event;
	w->rows.insert = wait_row;
	w->rows.finish = wait_finish;
	w->rows.context = w;
	/* A file size limit should be an error like a full disk, not the end of the program. */
	struct sigaction act;
	if (sigaction(SIGXFSZ, NULL, &act) == 0 && act.sa_handler == SIG_DFL)
		signal(SIGXFSZ, SIG_IGN);
	if (!w->memory && file_make(w, o, error) != 0)
		goto fail;
	if (writer_open(w, w->memory ? path : w->actual) != 0 || schema_make(w, o) != 0 ||
		(!w->memory && !w->late && file_name(w) != 0)) {
		error_set(error, "%s", w->sink.error);
		goto fail;
	}
	return &w->sink;
fail:
	if (w)
		writer_free(w);
	return NULL;
}

/* Folds the WAL into the file and leaves one file. */
static int file_close(struct writer *w, bool cut_off)
{
	if (!cut_off &&
		(writer_exec(w, "BEGIN; INSERT INTO meta VALUES('complete','1')") != 0 ||
			transaction_commit(w) != 0))
		return -1;
	sqlite3_stmt *st;
	while ((st = sqlite3_next_stmt(w->db, NULL)) != NULL)
		sqlite3_finalize(st);
	if (w->memory)
		return 0;
	return writer_exec(w, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");
}

/* Gives the finished file its name. */
static int file_finish(struct writer *w)
{
	char why[STORE_ERROR];
	sqlite3_close(w->db);
	w->db = NULL;
	w->stays = true; /* it is whole, whatever comes */
	if (database_settle(w->actual, w->path, w->replacing, why) != 0)
		return writer_fail(w, "%s; the new recording is kept as %s", why, w->actual);
	return 0;
}

int store_finish(struct sink *s, bool cut_off, struct source **ret_source, char *error)
{
	struct writer *w = writer_of(s);
	int status = -1;
	timeline_end(w, s->steps);
	if (!s->failed && writer_commit(w) == 0)
		status = file_close(w, cut_off);
	if (status == 0 && w->late && !w->memory)
		status = file_finish(w);
	if (s->failed)
		error_set(error, "%s", s->error);
	if (ret_source)
		*ret_source = NULL;
	if (status == 0 && w->memory && ret_source) {
		sqlite3_drop_modules(w->db, NULL); /* the feeds end with the writer */
		*ret_source = reader_new(w->db, ":memory:", error);
		w->db = NULL;
		status = *ret_source ? 0 : -1;
	}
	writer_free(w);
	return status;
}
