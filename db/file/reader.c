/* struct source over a trace; see trace/record/source.h.
 *
 * Opening reads meta, the maps, the last chunk's head and the last operation's number: nothing whose cost
 * grows with the trace.  Everything else is looked up by primary key when asked for.  Every number is checked
 * here before anybody uses it: steps and operations are positive and below 2^62, maps exist, kinds are known,
 * and each blob has its checksum.
 */
#include "db/pack/codec.h"
#include "db/file/database.h"
#include "db/file/types.h"

#include "trace/base/grown.h"
#include "trace/map/kind.h"

#include "trace/base/translate.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAPS_MAX = 1 << 24 }; /* of live programs, too */
#define NUMBER_MAX (INT64_C(1) << 62)

enum reader_query {
	Q_CHUNK,
	Q_KINDS,
	Q_KEYFRAME,
	Q_KEYFRAME_BEFORE,
	Q_KEYFRAME_AFTER,
	Q_OPERATION,
	Q_RACE,
	Q_TIMELINE,
	QUERIES
};

static const char *const queries[QUERIES] = {
	[Q_CHUNK] = "SELECT first_step, count, checksum, data FROM chunk WHERE first_step <= ?1"
		    " ORDER BY first_step DESC LIMIT 1",
	[Q_KINDS] = "SELECT first_step, count, kinds FROM chunk WHERE first_step <= ?1 ORDER BY first_step "
		    "DESC LIMIT 1",
	[Q_KEYFRAME] = "SELECT step, bytes, checksum, data FROM keyframe WHERE step <= ?1 ORDER BY step DESC "
		       "LIMIT 1",
	[Q_KEYFRAME_BEFORE] = "SELECT step FROM keyframe WHERE step <= ?1 ORDER BY step DESC LIMIT 1",
	[Q_KEYFRAME_AFTER] = "SELECT step FROM keyframe WHERE step > ?1 ORDER BY step LIMIT 1",
	[Q_OPERATION] = "SELECT map, kind, first_step, key, elem, key_source, elem_source, core, goroutine "
			"FROM operation"
			" WHERE op = ?1",
	[Q_RACE] = "SELECT kind, key, elem, second_kind, second_key, second_elem FROM race WHERE op = ?1",
	[Q_TIMELINE] =
		"SELECT first_op, count, max_steps, flags, data FROM timeline WHERE first_op >= "
		"coalesce((SELECT max(first_op) FROM timeline WHERE first_op <= ?1), 0) AND first_op <= ?2",
};

struct file_reader {
	struct source source; /* first: the source is the reader */
	sqlite3 *db;
	sqlite3_stmt *query[QUERIES];
	struct unpacker unpacker;
	struct kind_table kinds;
	struct types_read types;
	struct map_info *maps;
	struct growth_row *growths;
	size_t growths_n;
	bool growths_read;
	struct span_row *spans;
	struct mcache_row *mcache;
	size_t spans_n, mcache_n;
	bool spans_read;
};

static struct file_reader *reader_of(struct source *s)
{
	return (struct file_reader *)(void *)s;
}

static int reader_fail(struct file_reader *r, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int n = snprintf(r->source.error, sizeof r->source.error, _("%s is damaged: "), r->source.name);
	vsnprintf(r->source.error + n, sizeof r->source.error - (size_t)n, _(format), ap);
	va_end(ap);
	return -1;
}

static int reader_fail_sql(struct file_reader *r)
{
	if (sqlite3_errcode(r->db) == SQLITE_NOMEM)
		memory_out();
	return reader_fail(r, "%s", sqlite3_errmsg(r->db));
}

/* A statement ready to step, its first parameter set; NULL: failed. */
static sqlite3_stmt *query_start(struct file_reader *r, enum reader_query q, uint64_t v)
{
	if (!r->query[q] &&
		sqlite3_prepare_v3(r->db, queries[q], -1, SQLITE_PREPARE_PERSISTENT, &r->query[q], NULL) !=
			SQLITE_OK) {
		reader_fail_sql(r);
		return NULL;
	}
	sqlite3_reset(r->query[q]);
	sqlite3_bind_int64(r->query[q], 1, (int64_t)(v < NUMBER_MAX ? v : NUMBER_MAX));
	return r->query[q];
}

static bool number_good(int64_t v)
{
	return v > 0 && v < NUMBER_MAX;
}

/* ---- chunks ---- */

static int chunk_head(
	struct file_reader *r, sqlite3_stmt *st, uint64_t step, uint64_t *ret_first, uint32_t *ret_count)
{
	int code = sqlite3_step(st);
	if (code == SQLITE_DONE)
		return reader_fail(r, "step %" PRIu64 " is missing", step);
	if (code != SQLITE_ROW)
		return reader_fail_sql(r);
	int64_t first = sqlite3_column_int64(st, 0), count = sqlite3_column_int64(st, 1);
	if (!number_good(first) || count < 1 || count > CHUNK_STEPS_MAX)
		return reader_fail(r, "the chunk of step %" PRIu64 " has a senseless head", step);
	if (step >= (uint64_t)(first + count))
		return reader_fail(r, "step %" PRIu64 " is missing", step);
	*ret_first = (uint64_t)first;
	*ret_count = (uint32_t)count;
	return 0;
}

static int reader_unpack(struct file_reader *r, uint64_t step, bool facts_only, struct chunk *ret)
{
	uint64_t first;
	uint32_t count;
	ret->count = ret->facts = 0;
	if (step == 0 || step > r->source.steps)
		return reader_fail(r, "it has no step %" PRIu64, step);
	sqlite3_stmt *st = query_start(r, Q_CHUNK, step);
	if (!st || chunk_head(r, st, step, &first, &count) != 0)
		return -1;
	uint64_t checksum = (uint64_t)sqlite3_column_int64(st, 2);
	const void *data = sqlite3_column_blob(st, 3);
	size_t n = (size_t)sqlite3_column_bytes(st, 3);
	const char *wrong = "it is empty";
	if (data && codec_checksum(data, n, first, count) != checksum) {
		wrong = "its checksum is wrong";
	} else if (data) {
		ret->first = first;
		ret->count = count;
		wrong = chunk_unpack(&r->unpacker, &r->kinds, data, n, r->source.maps, facts_only, ret);
	}
	sqlite3_reset(st);
	if (!wrong)
		return 0;
	ret->count = ret->facts = 0;
	return reader_fail(
		r, "the chunk of steps %" PRIu64 " to %" PRIu64 ": %s", first, first + count - 1, wrong);
}

static int reader_chunk(struct source *s, uint64_t step, struct chunk *ret)
{
	return reader_unpack(reader_of(s), step, false, ret);
}

static int reader_facts(struct source *s, uint64_t step, struct chunk *ret)
{
	return reader_unpack(reader_of(s), step, true, ret);
}

/* The kinds of events in the chunk that holds step, and its bounds, without decoding it. */
static int reader_kinds(
	struct source *s, uint64_t step, uint64_t *ret_first, uint32_t *ret_count, struct kind_set *ret)
{
	struct file_reader *r = reader_of(s);
	sqlite3_stmt *st = query_start(r, Q_KINDS, step);
	if (!st || chunk_head(r, st, step, ret_first, ret_count) != 0)
		return -1;
	const void *p = sqlite3_column_blob(st, 2);
	int status = kinds_unpack(&r->kinds, p, (size_t)sqlite3_column_bytes(st, 2), ret);
	sqlite3_reset(st);
	return status == 0 ? 0 : reader_fail(r, "the chunk of step %" PRIu64 " has a senseless head", step);
}

/* ---- keyframes ---- */

/* The step that a query gives, 0 for none. */
static int keyframe_query(struct file_reader *r, enum reader_query q, uint64_t step, uint64_t *ret)
{
	sqlite3_stmt *st = query_start(r, q, step);
	if (!st)
		return -1;
	int code = sqlite3_step(st);
	int64_t at = code == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	*ret = number_good(at) && (uint64_t)at <= r->source.steps ? (uint64_t)at : 0;
	sqlite3_reset(st);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : reader_fail_sql(r);
}

static int reader_keyframes(struct source *s, uint64_t step, uint64_t *ret_before, uint64_t *ret_after)
{
	struct file_reader *r = reader_of(s);
	if (keyframe_query(r, Q_KEYFRAME_BEFORE, step, ret_before) != 0)
		return -1;
	return keyframe_query(r, Q_KEYFRAME_AFTER, step, ret_after);
}

static int reader_keyframe(struct source *s, uint64_t step, struct image *image, uint64_t *ret_step)
{
	struct file_reader *r = reader_of(s);
	image_clear(image);
	*ret_step = 0;
	sqlite3_stmt *st = query_start(r, Q_KEYFRAME, step);
	if (!st)
		return -1;
	int code = sqlite3_step(st);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? 0 : reader_fail_sql(r);
	int64_t at = sqlite3_column_int64(st, 0), bytes = sqlite3_column_int64(st, 1);
	uint64_t checksum = (uint64_t)sqlite3_column_int64(st, 2);
	const void *data = sqlite3_column_blob(st, 3);
	size_t n = (size_t)sqlite3_column_bytes(st, 3);
	const char *wrong = NULL;
	if (at <= 0) {
		sqlite3_reset(st);
		return 0;
	}
	if (!data || codec_checksum(data, n, (uint64_t)at, (uint64_t)bytes) != checksum)
		wrong = "its checksum is wrong";
	else
		wrong = keyframe_unpack(&r->unpacker, data, n, r->source.maps, image);
	sqlite3_reset(st);
	if (!wrong && image_live_bytes(image) != (uint64_t)bytes)
		wrong = "it is not as large as it says";
	*ret_step = (uint64_t)at;
	if (!wrong)
		return 0;
	reader_fail(r, "the keyframe of step %" PRId64 ": %s", at, wrong);
	image_clear(image);
	*ret_step = 0;
	return -1;
}

/* ---- operations ---- */

static int op_kind_of(const char *name)
{
	for (int k = 1; name && k < OP_KINDS; k++)
		if (strcmp(op_kind_name[k], name) == 0)
			return k;
	return -1;
}

static int race_get(struct file_reader *r, uint64_t op, struct operation *ret)
{
	sqlite3_stmt *st = query_start(r, Q_RACE, op);
	if (!st)
		return -1;
	int code = sqlite3_step(st);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? 0 : reader_fail_sql(r); /* who recorded it did not know */
	struct race *both[2] = { &ret->first, &ret->second };
	for (int i = 0; i < 2; i++) {
		int kind = op_kind_of((const char *)sqlite3_column_text(st, 3 * i));
		if (kind < 0)
			return reader_fail(r, "operation %" PRIu64 " is not as it should be", op);
		*both[i] = (struct race){ (enum op_kind)kind,
			(const char *)sqlite3_column_text(st, 3 * i + 1),
			(const char *)sqlite3_column_text(st, 3 * i + 2) };
	}
	return 0;
}

static int reader_operation(struct source *s, uint64_t op, struct operation *ret)
{
	struct file_reader *r = reader_of(s);
	sqlite3_stmt *st = query_start(r, Q_OPERATION, op);
	if (!st)
		return -1;
	int code = sqlite3_step(st);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? reader_fail(r, "operation %" PRIu64 " is missing", op)
					   : reader_fail_sql(r);
	int64_t map = sqlite3_column_int64(st, 0), first = sqlite3_column_int64(st, 2);
	int kind = op_kind_of((const char *)sqlite3_column_text(st, 1));
	int64_t core = sqlite3_column_int64(st, 7);
	if (map < 0 || map > r->source.maps || kind < 0 || !number_good(first) || core < 0 || core >= CORES)
		return reader_fail(r, "operation %" PRIu64 " is not as it should be", op);
	*ret = (struct operation){ .op = op,
		.map = (uint32_t)map,
		.kind = (enum op_kind)kind,
		.first_step = (uint64_t)first,
		.core = (unsigned)core,
		.goroutine = (uint64_t)sqlite3_column_int64(st, 8) };
	const char *text[4]; /* they stay until the statement is used again */
	for (int i = 0; i < 4; i++)
		text[i] = (const char *)sqlite3_column_text(st, 3 + i);
	ret->key = text[2] ? text[2] : text[0];
	ret->elem = text[3] ? text[3] : text[1];
	ret->key_value = text[2] ? text[0] : NULL;
	ret->elem_value = text[3] ? text[1] : NULL;
	return kind == OP_RACE ? race_get(r, op, ret) : 0;
}

static int reader_operation_at(struct source *s, uint64_t step, uint64_t *ret_op)
{
	struct file_reader *r = reader_of(s);
	uint64_t lo = 0, hi = s->ops; /* operation lo began at or before step */
	while (lo < hi) {
		uint64_t mid = lo + (hi - lo + 1) / 2;
		sqlite3_stmt *st = query_start(r, Q_OPERATION, mid);
		if (!st)
			return -1;
		int code = sqlite3_step(st);
		if (code != SQLITE_ROW)
			return code == SQLITE_DONE ? reader_fail(r, "operation %" PRIu64 " is missing", mid)
						   : reader_fail_sql(r);
		if ((uint64_t)sqlite3_column_int64(st, 2) <= step)
			lo = mid;
		else
			hi = mid - 1;
	}
	*ret_op = lo;
	return 0;
}

/* ---- growths ---- */

static int growth_get(struct file_reader *r, sqlite3_stmt *st, struct growth_row *ret)
{
	int64_t v[7];
	for (int i = 0; i < 7; i++)
		v[i] = sqlite3_column_int64(st, i);
	const char *reason = (const char *)sqlite3_column_text(st, 7);
	if (!number_good(v[0]) || v[1] < 0 || v[1] > r->source.maps || v[2] < 0 || v[3] < 0 || v[3] > 48 ||
		v[4] < 0 || v[4] > 48 || !number_good(v[5]) || v[6] < 0 || !reason)
		return reader_fail(r, "growth %" PRId64 " is not as it should be", v[0]);
	*ret = (struct growth_row){ .growth = (uint64_t)v[0],
		.map = (uint32_t)v[1],
		.op = (uint64_t)v[2],
		.old_B = (uint8_t)v[3],
		.new_B = (uint8_t)v[4],
		.first_step = (uint64_t)v[5],
		.last_step = (uint64_t)v[6] };
	ret->reason = strcmp(reason, growth_reason_name[GROWTH_OVERFLOW]) == 0 ? GROWTH_OVERFLOW
									       : GROWTH_LOAD;
	return 0;
}

static int growths_read(struct file_reader *r)
{
	sqlite3_stmt *st;
	size_t cap = 0;
	int code, status = 0;
	if (sqlite3_prepare_v2(r->db,
		    "SELECT growth, map, op, old_B, new_B, first_step, last_step, reason FROM growth"
		    " ORDER BY growth",
		    -1, &st, NULL) != SQLITE_OK)
		return reader_fail_sql(r);
	while (status == 0 && (code = sqlite3_step(st)) == SQLITE_ROW) {
		r->growths = grown(r->growths, &cap, r->growths_n, sizeof *r->growths);
		status = growth_get(r, st, &r->growths[r->growths_n]);
		r->growths_n += status == 0;
	}
	if (status == 0 && code != SQLITE_DONE)
		status = reader_fail_sql(r);
	sqlite3_finalize(st);
	r->growths_read = status == 0;
	if (status != 0)
		r->growths_n = 0;
	return status;
}

static int reader_growths(struct source *s, const struct growth_row **ret, size_t *ret_count)
{
	struct file_reader *r = reader_of(s);
	if (!r->growths_read && growths_read(r) != 0)
		return -1;
	*ret = r->growths;
	*ret_count = r->growths_n;
	return 0;
}

/* ---- spans ---- */

/* The span class of a row: class and noscan, or a stack. */
static bool spanclass_get(sqlite3_stmt *st, int column, uint8_t *ret)
{
	int64_t class = sqlite3_column_int64(st, column), noscan = sqlite3_column_int64(st, column + 1);
	bool stack = sqlite3_column_type(st, column) == SQLITE_NULL;
	*ret = stack ? SPAN_STACK : (uint8_t)(class * 2 + noscan);
	return stack || (class >= 0 && class < SPAN_STACK / 2 && (noscan == 0 || noscan == 1));
}

static int span_get(struct file_reader *r, sqlite3_stmt *st, void *ret)
{
	struct span_row *row = ret;
	int64_t v[7];
	for (int i = 0; i < 7; i++)
		v[i] = sqlite3_column_int64(st, i);
	*row = (struct span_row){ .step = (uint64_t)v[0],
		.op = (uint64_t)v[1],
		.map = (uint32_t)v[2],
		.addr = (uint64_t)v[3],
		.pages = (uint32_t)v[4],
		.objects = (uint32_t)v[5],
		.freed_step = (uint64_t)v[6] };
	if (!number_good(v[0]) || v[1] < 0 || v[2] < 0 || v[2] > r->source.maps || v[3] <= 0 || v[4] < 1 ||
		v[4] > INT32_MAX || v[5] < 0 || v[5] > INT32_MAX || v[6] < 0 ||
		!spanclass_get(st, 7, &row->spanclass))
		return reader_fail(r, "the span of step %" PRId64 " is not as it should be", v[0]);
	return 0;
}

static int mcache_get(struct file_reader *r, sqlite3_stmt *st, void *ret)
{
	struct mcache_row *row = ret;
	int64_t step = sqlite3_column_int64(st, 0), addr = sqlite3_column_int64(st, 1);
	*row = (struct mcache_row){ .step = (uint64_t)step, .addr = (uint64_t)addr };
	if (!number_good(step) || addr < 0 || !spanclass_get(st, 2, &row->spanclass))
		return reader_fail(r, "mcache at step %" PRId64 " is not as it should be", step);
	return 0;
}

/* All rows of a query, each of size bytes. */
static int all_rows(struct file_reader *r, const char *sql,
	int (*get)(struct file_reader *, sqlite3_stmt *, void *), size_t size, void **ret, size_t *ret_n)
{
	sqlite3_stmt *st;
	size_t cap = 0;
	int code = SQLITE_DONE, status = 0;
	if (sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) != SQLITE_OK)
		return reader_fail_sql(r);
	for (*ret_n = 0; status == 0 && (code = sqlite3_step(st)) == SQLITE_ROW; *ret_n += status == 0) {
		*ret = grown(*ret, &cap, *ret_n, size);
		status = get(r, st, (char *)*ret + *ret_n * size);
	}
	if (status == 0 && code != SQLITE_DONE)
		status = reader_fail_sql(r);
	sqlite3_finalize(st);
	return status;
}

static int spans_read(struct file_reader *r)
{
	void *spans = r->spans, *mcache = r->mcache;
	int status = all_rows(r,
		"SELECT step, op, map, address, pages, objects, freed_step, class, noscan FROM span ORDER BY "
		"step",
		span_get, sizeof *r->spans, &spans, &r->spans_n);
	if (status == 0)
		status = all_rows(r, "SELECT step, span, class, noscan FROM mcache ORDER BY step", mcache_get,
			sizeof *r->mcache, &mcache, &r->mcache_n);
	r->spans = spans;
	r->mcache = mcache;
	r->spans_read = status == 0;
	return status;
}

static int reader_spans(struct source *s, const struct span_row **ret, size_t *ret_count,
	const struct mcache_row **ret_mcache, size_t *ret_mcache_count)
{
	struct file_reader *r = reader_of(s);
	if (!r->spans_read && spans_read(r) != 0)
		return -1;
	*ret = r->spans;
	*ret_count = r->spans_n;
	*ret_mcache = r->mcache;
	*ret_mcache_count = r->mcache_n;
	return 0;
}

/* ---- the timeline ---- */

struct timeline_fill {
	struct timeline_cell *cells;
	uint64_t lo, hi;
	size_t n, at;     /* the cell that operations are put into; they come in order */
	uint64_t next_op; /* the first that has not come yet */
};

static void timeline_add(struct timeline_fill *t, uint64_t op, uint64_t steps, unsigned flags)
{
	if (op < t->lo || op > t->hi)
		return;
	while (t->at + 1 < t->n && op > t->cells[t->at].last_op)
		t->at++;
	struct timeline_cell *c = &t->cells[t->at];
	if (op < c->first_op || op > c->last_op)
		return;
	if (steps > c->max_steps)
		c->max_steps = steps;
	c->growing |= (flags & OPERATION_GROWING) != 0;
	c->overflow |= (flags & OPERATION_OVERFLOW) != 0;
}

/* One row: as a whole when it lies within a cell, else operation by operation. */
static int timeline_row(struct file_reader *r, sqlite3_stmt *st, struct timeline_fill *t)
{
	int64_t first = sqlite3_column_int64(st, 0), count = sqlite3_column_int64(st, 1);
	unsigned flags = (unsigned)sqlite3_column_int(st, 3);
	if (!number_good(first) || count < 1 || count > NUMBER_MAX)
		return reader_fail(r, "its timeline is not as it should be");
	t->next_op = (uint64_t)(first + count);
	timeline_add(t, (uint64_t)first, 0, 0);
	if ((uint64_t)first >= t->lo && t->next_op <= t->cells[t->at].last_op + 1 &&
		(uint64_t)first >= t->cells[t->at].first_op) {
		timeline_add(t, (uint64_t)first, (uint64_t)sqlite3_column_int64(st, 2), flags);
		return 0;
	}
	const uint8_t *p = sqlite3_column_blob(st, 4);
	const uint8_t *end = p + sqlite3_column_bytes(st, 4);
	for (int64_t i = 0; i < count && p < end; i++) {
		uint8_t copy[16] = { 0 };
		uint64_t v;
		size_t left = (size_t)(end - p);
		if (left < 10) {
			memcpy(copy, p, left);
			p += varint_get(copy, &v) - copy;
		} else {
			p = varint_get(p, &v);
		}
		timeline_add(t, (uint64_t)(first + i), v >> 2, v & 3);
	}
	return 0;
}

/* Operations behind the last row of the table, of a recording that was cut off. */
static int timeline_rest(struct file_reader *r, struct timeline_fill *t)
{
	struct operation o;
	uint64_t op = t->next_op > t->lo ? t->next_op : t->lo, before = 0;
	for (; op <= t->hi + 1; op++) {
		uint64_t first = r->source.steps + 1;
		if (op <= r->source.ops) {
			if (reader_operation(&r->source, op, &o) != 0)
				return -1;
			first = o.first_step;
		}
		if (before && first > before)
			timeline_add(t, op - 1, first - before, 0);
		before = first;
	}
	return 0;
}

static int reader_timeline(struct source *s, uint64_t lo, uint64_t hi, struct timeline_cell *cells, size_t n)
{
	struct file_reader *r = reader_of(s);
	if (hi > s->ops)
		hi = s->ops;
	memset(cells, 0, n * sizeof *cells);
	if (n == 0 || lo == 0 || lo > hi)
		return 0;
	uint64_t ops = hi - lo + 1;
	for (size_t i = 0; i < n; i++) { /* with fewer operations than cells some show the same one */
		cells[i].first_op = lo + (uint64_t)((unsigned __int128)ops * i / n);
		cells[i].last_op = lo + (uint64_t)((unsigned __int128)ops * (i + 1) / n) - 1;
		if (cells[i].last_op < cells[i].first_op)
			cells[i].last_op = cells[i].first_op;
	}
	struct timeline_fill t = { .cells = cells, .lo = lo, .hi = hi, .n = n, .next_op = 0 };
	sqlite3_stmt *st = query_start(r, Q_TIMELINE, lo);
	if (!st)
		return -1;
	sqlite3_bind_int64(st, 2, (int64_t)hi);
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW)
		if (timeline_row(r, st, &t) != 0)
			return -1;
	if (code != SQLITE_DONE)
		return reader_fail_sql(r);
	if (t.next_op <= hi && timeline_rest(r, &t) != 0)
		return -1;
	for (size_t i = 1; i < n; i++) /* those that show the same operation as the one before */
		if (cells[i].first_op == cells[i - 1].first_op) {
			cells[i] = cells[i - 1];
		}
	return 0;
}

/* ---- opening ---- */

static int64_t reader_number(struct file_reader *r, const char *sql)
{
	sqlite3_stmt *st;
	int64_t v = -1;
	if (sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) != SQLITE_OK)
		return reader_fail_sql(r);
	int code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	else if (code == SQLITE_DONE)
		v = 0;
	else if (code == SQLITE_NOMEM)
		memory_out();
	sqlite3_finalize(st);
	return v;
}

static void column_copy(sqlite3_stmt *st, int i, char *out, size_t cap)
{
	const char *s = (const char *)sqlite3_column_text(st, i);
	snprintf(out, cap, "%s", s ? s : "");
}

/* Its kind, and what it is a part of: parts follow the whole one after the other, as many as its kind has. */
static int map_kind_get(struct file_reader *r, sqlite3_stmt *st, struct map_info *m)
{
	const char *name = (const char *)sqlite3_column_text(st, 11);
	int64_t whole = sqlite3_column_int64(st, 12);
	enum map_kind kind;
	if (!name || !map_kind_find(name, &kind))
		return reader_fail(r, "map %d is of a kind that this release does not know", m->map);
	m->kind = (uint8_t)kind;
	if (whole < 0 || whole >= m->map ||
		(whole &&
			(r->maps[whole - 1].part_of ||
				m->map - (uint32_t)whole > map_kinds[r->maps[whole - 1].kind]->parts)))
		return reader_fail(r, "map %d is part of a map that has no such part", m->map);
	m->part_of = (uint32_t)whole;
	return 0;
}

static int map_get(struct file_reader *r, sqlite3_stmt *st, struct map_info *m)
{
	char wrong[TYPES_ERROR];
	*m = (struct map_info){ .map = (uint32_t)sqlite3_column_int64(st, 0) };
	if (sqlite3_column_int64(st, 0) != (int64_t)r->source.maps + 1)
		return reader_fail(r, "its maps are not numbered 1, 2, ...");
	column_copy(st, 1, m->name, sizeof m->name);
	column_copy(st, 4, m->go, sizeof m->go);
	column_copy(st, 5, m->arch, sizeof m->arch);
	column_copy(st, 6, m->place, sizeof m->place);
	column_copy(st, 7, m->hash, sizeof m->hash);
	m->seed = (uint64_t)sqlite3_column_int64(st, 8);
	m->hint = sqlite3_column_type(st, 9) == SQLITE_NULL ? -1 : sqlite3_column_int64(st, 9);
	m->header = (uint64_t)sqlite3_column_int64(st, 10);
	if (map_kind_get(r, st, m) != 0)
		return -1;
	if (!types_resolve(&r->types, sqlite3_column_int64(st, 13), (const char *)sqlite3_column_text(st, 2),
		    (const char *)sqlite3_column_text(st, 3), m, wrong) ||
		!types_check(&r->types, m, wrong))
		return reader_fail(r, "%s", wrong);
	return 0;
}

/* Are all parts of each map there? */
static int parts_check(struct file_reader *r)
{
	for (unsigned i = 0; i < r->source.maps; i++) {
		unsigned parts = map_kinds[r->maps[i].kind]->parts;
		for (unsigned k = 1; k <= parts; k++)
			if (i + k >= r->source.maps || r->maps[i + k].part_of != r->maps[i].map)
				return reader_fail(
					r, "map %d lacks a map that it is made of", r->maps[i].map);
	}
	return 0;
}

static int types_table_read(struct file_reader *r)
{
	char wrong[TYPES_ERROR];
	int64_t maps = reader_number(r, "SELECT count(*) FROM map");
	if (maps < 0)
		return -1;
	if (maps > MAPS_MAX)
		return reader_fail(r, "it has too many maps");
	if (types_read(&r->types, r->db, maps, wrong))
		return 0;
	return wrong[0] ? reader_fail(r, "%s", wrong) : reader_fail_sql(r);
}

static int maps_read(struct file_reader *r)
{
	sqlite3_stmt *st;
	size_t cap = 0;
	int code, status = 0;
	if (sqlite3_prepare_v2(r->db,
		    "SELECT map, name, key_type, elem_type, go, arch, place, hash, seed, hint, hmap, kind,"
		    " part_of, type FROM map ORDER BY map",
		    -1, &st, NULL) != SQLITE_OK)
		return reader_fail_sql(r);
	while (status == 0 && (code = sqlite3_step(st)) == SQLITE_ROW) {
		r->maps = grown(r->maps, &cap, r->source.maps, sizeof *r->maps);
		status = map_get(r, st, &r->maps[r->source.maps]);
		r->source.maps += status == 0;
	}
	if (status == 0 && code != SQLITE_DONE)
		status = reader_fail_sql(r);
	sqlite3_finalize(st);
	r->source.map = r->maps;
	return status == 0 ? parts_check(r) : status;
}

static int kinds_table_read(struct file_reader *r)
{
	sqlite3_stmt *st;
	const char *wrong = NULL;
	int code = SQLITE_DONE;
	if (sqlite3_prepare_v2(r->db,
		    "SELECT kind, name, fields, role, predictions FROM event_kind ORDER BY kind", -1, &st,
		    NULL) != SQLITE_OK)
		return reader_fail_sql(r);
	for (unsigned n = 0; !wrong && (code = sqlite3_step(st)) == SQLITE_ROW; n++)
		wrong = sqlite3_column_int64(st, 0) != n
			? "its number is not the next one"
			: kinds_read(&r->kinds, (const char *)sqlite3_column_text(st, 1),
				  (const char *)sqlite3_column_text(st, 2),
				  (const char *)sqlite3_column_text(st, 3));
	sqlite3_reset(st);
	/* Predictions name other kinds: they are read when all are known. */
	for (unsigned n = 0;
		!wrong && code == SQLITE_DONE && n < r->kinds.n && sqlite3_step(st) == SQLITE_ROW; n++)
		wrong = kinds_read_predictions(&r->kinds, n, (const char *)sqlite3_column_text(st, 4));
	sqlite3_finalize(st);
	if (wrong)
		return reader_fail(r, "its kind of event %u: %s", r->kinds.n ? r->kinds.n - 1 : 0, wrong);
	return code == SQLITE_DONE ? 0 : reader_fail_sql(r);
}

static int meta_read(struct file_reader *r)
{
	sqlite3_stmt *st;
	int code;
	if (sqlite3_prepare_v2(r->db, "SELECT name, value FROM meta LIMIT 1000", -1, &st, NULL) != SQLITE_OK)
		return reader_fail_sql(r);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 0);
		const char *value = (const char *)sqlite3_column_text(st, 1);
		if (!name || !value)
			continue;
		if (strcmp(name, "workload") == 0)
			snprintf(r->source.workload, sizeof r->source.workload, "%s", value);
		else if (strcmp(name, "complete") == 0)
			r->source.complete = strcmp(value, "1") == 0;
	}
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? 0 : reader_fail_sql(r);
}

static int facts_read(struct file_reader *r)
{
	if (meta_read(r) != 0 || kinds_table_read(r) != 0 || types_table_read(r) != 0 || maps_read(r) != 0)
		return -1;
	int64_t least = reader_number(r, "SELECT first_step FROM chunk ORDER BY first_step LIMIT 1");
	int64_t steps = reader_number(
		r, "SELECT first_step + count - 1 FROM chunk ORDER BY first_step DESC LIMIT 1");
	int64_t ops = reader_number(r, "SELECT op FROM operation ORDER BY op DESC LIMIT 1");
	if (least < 0 || least > 1 || steps < 0 || ops < 0 || steps >= NUMBER_MAX || ops >= NUMBER_MAX ||
		ops > steps)
		return sqlite3_errcode(r->db) == SQLITE_OK || sqlite3_errcode(r->db) == SQLITE_DONE
			? reader_fail(r, "its steps or operations are not numbered 1, 2, ...")
			: reader_fail_sql(r);
	r->source.steps = (uint64_t)steps;
	r->source.ops = (uint64_t)ops;
	return 0;
}

static void reader_close(struct source *s)
{
	struct file_reader *r = reader_of(s);
	for (int q = 0; q < QUERIES; q++)
		sqlite3_finalize(r->query[q]);
	sqlite3_close(r->db);
	unpacker_release(&r->unpacker);
	types_read_release(&r->types);
	free(r->maps);
	free(r->growths);
	free(r->spans);
	free(r->mcache);
	free(r);
}

struct source *reader_new(sqlite3 *db, const char *name, char *error)
{
	struct file_reader *r = calloc(1, sizeof *r);
	if (!r || unpacker_init(&r->unpacker) != 0) {
		error_set(error, "%s: not enough memory", name);
		free(r);
		sqlite3_close(db);
		return NULL;
	}
	r->db = db;
	snprintf(r->source.name, sizeof r->source.name, "%s", name);
	r->source.chunk = reader_chunk;
	r->source.facts = reader_facts;
	r->source.kinds = reader_kinds;
	r->source.keyframes = reader_keyframes;
	r->source.keyframe = reader_keyframe;
	r->source.operation = reader_operation;
	r->source.operation_at = reader_operation_at;
	r->source.growths = reader_growths;
	r->source.spans = reader_spans;
	r->source.timeline = reader_timeline;
	r->source.close = reader_close;
	if (facts_read(r) == 0)
		return &r->source;
	error_set(error, "%s", r->source.error);
	reader_close(&r->source);
	return NULL;
}

struct source *store_open(const char *path, char *error)
{
	sqlite3 *db = database_open_trace(path, error);
	return db ? reader_new(db, path, error) : NULL;
}
