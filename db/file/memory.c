/* A recording that grows, kept in memory: struct store of trace/record/store.h, for sessions of people.
 *
 * Steps are packed as in a file, in smaller chunks and without compression: so the newest can be read while
 * their chunk is being filled, and typing costs what it costs to pack and unpack.  Rows follow from steps as
 * in a file; of them those are kept that a source is asked for.  There are no keyframes.
 */
#include "db/pack/codec.h"
#include "db/rows/rows.h"
#include "db/store.h"

#include "trace/base/grown.h"
#include "trace/base/pool.h"
#include "trace/base/translate.h"

#include <stdlib.h>
#include <string.h>

/* Steps of a chunk: few, so that a player that stands at the growing end unpacks little again. */
enum { MEMORY_CHUNK = 512 };

struct memory_chunk {
	uint64_t first; /* step */
	uint32_t count;
	struct streams streams;
	uint8_t *data; /* what they are made of */
};

struct memory_op {
	struct operation o; /* texts in the pool */
	unsigned flags;     /* flags of trace/map/rows.h */
};

struct memory_store {
	struct store store; /* first: the store is this */
	struct sink sink;
	struct source source;
	struct packer packer;
	struct memory_chunk *chunk;
	size_t chunks, chunks_cap;
	struct rows rows;
	struct memory_op *op; /* of operations 1.. */
	size_t ops_cap;
	struct map_info *map;
	size_t maps_cap;
	struct growth_row *growth;
	size_t growths, growths_cap;
	struct span_row *span;
	size_t spans, spans_cap;
	struct mcache_row *mcache;
	size_t mcaches, mcaches_cap;
	struct pool texts; /* of operations */
};

static struct memory_store *store_of_sink(struct sink *s)
{
	return (struct memory_store *)(void *)((char *)s - offsetof(struct memory_store, sink));
}

static struct memory_store *store_of_source(struct source *s)
{
	return (struct memory_store *)(void *)((char *)s - offsetof(struct memory_store, source));
}

/* ---- rows ---- */

/* The span class of the columns class and noscan. */
static uint8_t span_class(const struct row_value *class)
{
	return class->type == VALUE_NULL ? SPAN_STACK : (uint8_t)(class[0].number * 2 + class[1].number);
}

static void keep_growth(struct memory_store *m, uint64_t row, const struct row_value *v)
{
	m->growth = grown(m->growth, &m->growths_cap, m->growths, sizeof *m->growth);
	m->growth[m->growths++] = (struct growth_row){ .growth = row,
		.map = (uint32_t)v[0].number,
		.op = (uint64_t)v[1].number,
		.reason = strcmp(v[2].text, growth_reason_name[GROWTH_OVERFLOW]) == 0 ? GROWTH_OVERFLOW
										      : GROWTH_LOAD,
		.old_B = (uint8_t)v[3].number,
		.new_B = (uint8_t)v[4].number,
		.first_step = (uint64_t)v[5].number };
}

static void keep_span(struct memory_store *m, const struct row_value *v)
{
	m->span = grown(m->span, &m->spans_cap, m->spans, sizeof *m->span);
	m->span[m->spans++] = (struct span_row){ .step = (uint64_t)v[0].number,
		.op = (uint64_t)v[1].number,
		.map = (uint32_t)v[2].number,
		.addr = (uint64_t)v[3].number,
		.pages = (uint32_t)v[4].number,
		.spanclass = span_class(&v[5]),
		.objects = (uint32_t)v[7].number };
}

static void keep_mcache(struct memory_store *m, const struct row_value *v)
{
	m->mcache = grown(m->mcache, &m->mcaches_cap, m->mcaches, sizeof *m->mcache);
	m->mcache[m->mcaches++] = (struct mcache_row){
		.step = (uint64_t)v[0].number, .spanclass = span_class(&v[2]), .addr = (uint64_t)v[4].number
	};
}

static void keep_row(void *context, enum row_table t, uint64_t row, const struct row_value *values)
{
	if (t == ROW_GROWTH)
		keep_growth(context, row, values);
	else if (t == ROW_SPAN)
		keep_span(context, values);
	else if (t == ROW_MCACHE)
		keep_mcache(context, values);
}

static void finish_row(void *context, enum row_table t, uint64_t row, uint64_t step)
{
	struct memory_store *m = context;
	if (t == ROW_GROWTH)
		m->growth[row - 1].last_step = step;
	else if (t == ROW_SPAN)
		m->span[row - 1].freed_step = step;
}

/* ---- the sink ---- */

static void memory_map(struct sink *s, const struct map_info *info)
{
	struct memory_store *m = store_of_sink(s);
	m->map = grown(m->map, &m->maps_cap, m->source.maps, sizeof *m->map);
	m->map[m->source.maps++] = *info;
	m->source.map = m->map;
	if (rows_map(&m->rows, info) != 0)
		memory_out();
}

static const char *keep_text(struct memory_store *m, const char *text)
{
	if (!text)
		return NULL;
	size_t n = strlen(text) + 1;
	return memcpy(pool_alloc(&m->texts, n), text, n);
}

static void memory_operation(struct sink *s, const struct operation *o)
{
	struct memory_store *m = store_of_sink(s);
	if (s->failed)
		return;
	m->op = grown(m->op, &m->ops_cap, m->source.ops, sizeof *m->op);
	struct memory_op *op = &m->op[m->source.ops++];
	*op = (struct memory_op){ .o = *o, .flags = rows_growing(&m->rows, o->map) ? OPERATION_GROWING : 0 };
	const char **text[] = { &op->o.key, &op->o.elem, &op->o.key_value, &op->o.elem_value,
		&op->o.first.key, &op->o.first.elem, &op->o.second.key, &op->o.second.elem };
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		*text[i] = keep_text(m, *text[i]);
}

static void chunk_end(struct memory_store *m)
{
	struct streams s = packer_streams(&m->packer);
	uint8_t *data = memory_get(s.facts_n + s.notes_n + 1);
	if (s.facts_n > 0)
		memcpy(data, s.facts, s.facts_n);
	memcpy(data + s.facts_n, s.notes, s.notes_n);
	s.facts = data;
	s.notes = data + s.facts_n;
	m->chunk = grown(m->chunk, &m->chunks_cap, m->chunks, sizeof *m->chunk);
	m->chunk[m->chunks++] = (struct memory_chunk){ .first = m->source.steps + 1 - m->packer.count,
		.count = m->packer.count,
		.streams = s,
		.data = data };
	packer_start(&m->packer);
}

static void keep_rows(struct memory_store *m, const struct event *e)
{
	unsigned flags = rows_event(&m->rows, e, m->source.steps);
	if (m->rows.failed)
		memory_out();
	if (m->source.ops)
		m->op[m->source.ops - 1].flags |= flags;
}

static void memory_event(struct sink *s, const struct event *e)
{
	struct memory_store *m = store_of_sink(s);
	if (s->failed)
		return;
	if (m->source.steps == STORE_STEPS) {
		s->failed = true;
		snprintf(s->error, sizeof s->error,
			_("a session holds at most %d million steps; mapscope record has no such limit"),
			STORE_STEPS / 1000000);
		return;
	}
	if (packer_add(&m->packer, e) != 0)
		memory_out();
	m->source.steps++;
	if (kinds_have(&m->rows.kinds, e->kind))
		keep_rows(m, e);
	if (m->packer.count == MEMORY_CHUNK || packer_bytes(&m->packer) >= CHUNK_BYTES)
		chunk_end(m);
}

/* ---- the source ---- */

static int source_fail(struct source *s, const char *what)
{
	snprintf(s->error, sizeof s->error, "%s: %s", s->name, what);
	return -1;
}

/* The full chunk that holds step. */
static const struct memory_chunk *chunk_of(const struct memory_store *m, uint64_t step)
{
	size_t lo = 0, hi = m->chunks - 1;
	while (lo < hi) {
		size_t mid = lo + (hi - lo + 1) / 2;
		if (m->chunk[mid].first <= step)
			lo = mid;
		else
			hi = mid - 1;
	}
	return &m->chunk[lo];
}

static int memory_unpack(struct source *s, uint64_t step, bool facts_only, struct chunk *ret)
{
	struct memory_store *m = store_of_source(s);
	if (step == 0 || step > s->steps)
		return source_fail(s, "there is no such step");
	struct memory_chunk c = { .first = s->steps + 1 - m->packer.count, .count = m->packer.count };
	if (step < c.first)
		c = *chunk_of(m, step);
	else
		c.streams = packer_streams(&m->packer);
	ret->first = c.first;
	ret->count = c.count;
	const char *wrong = streams_unpack(&c.streams, m->packer.table, s->maps, facts_only, ret);
	return wrong ? source_fail(s, wrong) : 0;
}

static int memory_chunk(struct source *s, uint64_t step, struct chunk *ret)
{
	return memory_unpack(s, step, false, ret);
}

static int memory_facts(struct source *s, uint64_t step, struct chunk *ret)
{
	return memory_unpack(s, step, true, ret);
}

/* The beginning is the only place from which memory is known. */
static int memory_keyframe(struct source *s, uint64_t step, struct image *image, uint64_t *ret_step)
{
	(void)s;
	(void)step;
	image_clear(image);
	*ret_step = 0;
	return 0;
}

static int memory_keyframes(struct source *s, uint64_t step, uint64_t *ret_before, uint64_t *ret_after)
{
	(void)s;
	(void)step;
	*ret_before = *ret_after = 0;
	return 0;
}

static int memory_operation_get(struct source *s, uint64_t op, struct operation *ret)
{
	if (op == 0 || op > s->ops)
		return source_fail(s, "there is no such operation");
	*ret = store_of_source(s)->op[op - 1].o;
	return 0;
}

static int memory_operation_at(struct source *s, uint64_t step, uint64_t *ret_op)
{
	const struct memory_store *m = store_of_source(s);
	uint64_t lo = 0, hi = s->ops; /* operation lo began at or before step */
	while (lo < hi) {
		uint64_t mid = lo + (hi - lo + 1) / 2;
		if (m->op[mid - 1].o.first_step <= step)
			lo = mid;
		else
			hi = mid - 1;
	}
	*ret_op = lo;
	return 0;
}

static int memory_growths(struct source *s, const struct growth_row **ret, size_t *ret_count)
{
	*ret = store_of_source(s)->growth;
	*ret_count = store_of_source(s)->growths;
	return 0;
}

static int memory_spans(struct source *s, const struct span_row **ret, size_t *ret_count,
	const struct mcache_row **ret_mcache, size_t *ret_mcache_count)
{
	const struct memory_store *m = store_of_source(s);
	*ret = m->span;
	*ret_count = m->spans;
	*ret_mcache = m->mcache;
	*ret_mcache_count = m->mcaches;
	return 0;
}

static uint64_t op_steps(const struct memory_store *m, uint64_t op)
{
	uint64_t end = op < m->source.ops ? m->op[op].o.first_step : m->source.steps + 1;
	return end - m->op[op - 1].o.first_step;
}

static void cell_fill(const struct memory_store *m, struct timeline_cell *c)
{
	for (uint64_t op = c->first_op; op <= c->last_op; op++) {
		uint64_t steps = op_steps(m, op);
		c->max_steps = steps > c->max_steps ? steps : c->max_steps;
		c->growing = c->growing || m->op[op - 1].flags & OPERATION_GROWING;
		c->overflow = c->overflow || m->op[op - 1].flags & OPERATION_OVERFLOW;
	}
}

static int memory_timeline(struct source *s, uint64_t lo, uint64_t hi, struct timeline_cell *cells, size_t n)
{
	if (hi > s->ops)
		hi = s->ops;
	memset(cells, 0, n * sizeof *cells);
	if (n == 0 || lo == 0 || lo > hi)
		return 0;
	uint64_t ops = hi - lo + 1;
	for (size_t i = 0; i < n; i++) {
		struct timeline_cell *c = &cells[i];
		c->first_op = lo + ops * i / n;
		c->last_op = lo + ops * (i + 1) / n - 1;
		if (c->last_op < c->first_op)
			c->last_op = c->first_op;
		cell_fill(store_of_source(s), c);
	}
	return 0;
}

static void memory_close(struct source *s)
{
	(void)s;
}

/* ---- beginning and end ---- */

static void memory_release(struct store *s)
{
	struct memory_store *m = (struct memory_store *)(void *)s;
	while (m->chunks > 0)
		free(m->chunk[--m->chunks].data);
	void *arrays[] = { m->chunk, m->op, m->map, m->growth, m->span, m->mcache };
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		free(arrays[i]);
	packer_release(&m->packer);
	rows_release(&m->rows);
	pool_release(&m->texts);
	free(m);
}

struct store *store_memory(const char *name)
{
	struct memory_store *m = memory_get(sizeof *m);
	m->store = (struct store){ .sink = &m->sink, .source = &m->source, .release = memory_release };
	m->sink = (struct sink){ .map = memory_map, .operation = memory_operation, .event = memory_event };
	m->source = (struct source){ .complete = true,
		.chunk = memory_chunk,
		.facts = memory_facts,
		.keyframe = memory_keyframe,
		.keyframes = memory_keyframes,
		.operation = memory_operation_get,
		.operation_at = memory_operation_at,
		.growths = memory_growths,
		.spans = memory_spans,
		.timeline = memory_timeline,
		.close = memory_close };
	snprintf(m->source.name, sizeof m->source.name, "%s", name);
	m->rows = (struct rows){ .insert = keep_row, .finish = finish_row, .context = m };
	if (packer_init(&m->packer) != 0 || rows_init(&m->rows) != 0)
		memory_out();
	return &m->store;
}
