/* Rows from steps; see rows.h.
 *
 * What is kept is only what is open: live blocks, and for each map its growth and the bucket being evacuated.
 * Events may come from a damaged trace: nothing here trusts them, a `free` without its `alloc` makes no row.
 */
#include "db/rows/rows.h"

#include "trace/map/kind.h"

#include <stdlib.h>
#include <string.h>

const struct row_form row_forms[ROW_TABLES] = {
#define ROWID "rowid"
#define KEY(name) name
#define LAST(name) name
#define NO_LAST NULL
#define ROW_TABLE(NAME, name, key, columns, last, values, before, sql) \
	[ROW_##NAME] = { #name, columns, last, key, values },
#include "db/rows/rows.def"
#undef ROWID
#undef KEY
#undef LAST
#undef NO_LAST
#undef ROW_TABLE
};

struct row_map {
	uint32_t bucketsize;
	uint64_t growth; /* number of the one that goes on, or 0 */
	uint64_t evacuate_step;
};

struct row_span {
	uint64_t addr, pages, row;
};

struct row_block {
	uint64_t addr;              /* 0: empty */
	uint64_t allocation, array; /* rows; array 0: it is none */
};

static struct row_value number(uint64_t v)
{
	return (struct row_value){ .type = VALUE_NUMBER, .number = (int64_t)v };
}

static struct row_value number_or_null(uint64_t v)
{
	return v ? number(v) : (struct row_value){ .type = VALUE_NULL };
}

static struct row_value text(const char *s)
{
	return (struct row_value){ .type = VALUE_TEXT, .text = s };
}

/* ---- live blocks ---- */

static uint64_t block_home(const struct rows *r, uint64_t addr)
{
	return (addr * UINT64_C(0x9e3779b97f4a7c15) >> 24) & r->blocks_mask;
}

static struct row_block *block_slot(const struct rows *r, uint64_t addr)
{
	uint64_t i = block_home(r, addr);
	while (r->blocks[i].addr && r->blocks[i].addr != addr)
		i = (i + 1) & r->blocks_mask;
	return &r->blocks[i];
}

static int blocks_grow(struct rows *r)
{
	struct row_block *old = r->blocks;
	uint64_t n = old ? r->blocks_mask + 1 : 0;
	struct row_block *blocks = calloc(n ? n * 2 : 1024, sizeof *blocks);
	if (!blocks)
		return -1;
	r->blocks = blocks;
	r->blocks_mask = n ? n * 2 - 1 : 1023;
	for (uint64_t i = 0; i < n; i++)
		if (old[i].addr)
			*block_slot(r, old[i].addr) = old[i];
	free(old);
	return 0;
}

/* Takes one out, moving those that follow into the hole. */
static void block_remove(struct rows *r, struct row_block *b)
{
	uint64_t i = (uint64_t)(b - r->blocks);
	for (uint64_t j = i;;) {
		j = (j + 1) & r->blocks_mask;
		if (!r->blocks[j].addr)
			break;
		uint64_t home = block_home(r, r->blocks[j].addr);
		if (((j - home) & r->blocks_mask) >= ((j - i) & r->blocks_mask)) {
			r->blocks[i] = r->blocks[j];
			i = j;
		}
	}
	r->blocks[i].addr = 0;
	r->blocks_used--;
}

/* ---- live spans, by address ---- */

enum { SPAN_PAGE_SHIFT = 13 };

/* How many spans start at or before addr. */
static size_t spans_before(const struct rows *r, uint64_t addr)
{
	size_t lo = 0, hi = r->spans;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (r->span[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The span that addr lies in, or NULL. */
static const struct row_span *span_of(const struct rows *r, uint64_t addr)
{
	size_t i = spans_before(r, addr);
	return i > 0 && (addr - r->span[i - 1].addr) >> SPAN_PAGE_SHIFT < r->span[i - 1].pages
		? &r->span[i - 1]
		: NULL;
}

static bool span_insert(struct rows *r, struct row_span s)
{
	if (r->spans == r->spans_cap) {
		size_t cap = r->spans_cap ? r->spans_cap * 2 : 64;
		struct row_span *span = realloc(r->span, cap * sizeof *span);
		if (!span)
			return false;
		r->span = span;
		r->spans_cap = cap;
	}
	size_t i = spans_before(r, s.addr);
	memmove(r->span + i + 1, r->span + i, (r->spans - i) * sizeof s);
	r->span[i] = s;
	r->spans++;
	return true;
}

/* ---- what an event means ---- */

static uint64_t row_insert(struct rows *r, enum row_table table, const struct row_value *values)
{
	uint64_t row = ++r->made[table];
	if (row_forms[table].last)
		r->open[table]++;
	r->insert(r->context, table, row, values);
	return row;
}

static void row_finish(struct rows *r, enum row_table table, uint64_t row, uint64_t step)
{
	r->open[table]--;
	r->finish(r->context, table, row, step);
}

static struct row_map *map_of(struct rows *r)
{
	return &r->maps[r->map < r->maps_cap ? r->map : 0];
}

/* The size class of a span class; null: a stack. */
static struct row_value class_of(uint64_t spanclass)
{
	return spanclass < SPAN_STACK ? number(spanclass / 2) : (struct row_value){ .type = VALUE_NULL };
}

static void block_alloc(struct rows *r, const struct event *e, uint64_t step)
{
	struct row_value op = number_or_null(r->in_op ? r->op : 0);
	struct row_value map = number_or_null(e->map ? e->map : r->map);
	struct row_block *b;
	if (e->addr == 0)
		return;
	if (r->blocks_used * 2 > r->blocks_mask && blocks_grow(r) != 0) {
		r->failed = true;
		return;
	}
	b = block_slot(r, e->addr);
	if (!b->addr)
		r->blocks_used++;
	*b = (struct row_block){ .addr = e->addr };
	const struct row_span *span = span_of(r, e->addr);
	b->allocation = row_insert(r, ROW_ALLOCATION,
		(struct row_value[]){ number(step), op, map, number(e->addr), number(e->size), number(e->a),
			text(block_role_name[e->b < ROLES ? e->b : 0]), class_of(e->c),
			number_or_null(span ? span->addr : 0), number(e->d) });
	uint32_t bucketsize = r->maps[map.number < r->maps_cap ? map.number : 0].bucketsize;
	if (e->b != ROLE_BUCKETS || bucketsize == 0 || e->size < bucketsize)
		return;
	uint64_t buckets = e->size / bucketsize, B = 63 - (uint64_t)__builtin_clzll(buckets),
		 mains = UINT64_C(1) << B;
	b->array = row_insert(r, ROW_BUCKET_ARRAY,
		(struct row_value[]){ number(step), op, map, number(e->addr), number(B), number(mains),
			number(buckets - mains) });
}

static void block_free(struct rows *r, const struct event *e, uint64_t step)
{
	struct row_block *b = block_slot(r, e->addr);
	if (!b->addr)
		return;
	row_finish(r, ROW_ALLOCATION, b->allocation, step);
	if (b->array)
		row_finish(r, ROW_BUCKET_ARRAY, b->array, step);
	block_remove(r, b);
}

static void span_alloc(struct rows *r, const struct event *e, uint64_t step, struct row_value op)
{
	struct row_value noscan = number(e->a == SPAN_STACK ? 0 : e->a & 1);
	if (e->c != SPAN_MCENTRAL) {
		uint64_t row = row_insert(r, ROW_SPAN,
			(struct row_value[]){ number(step), op, number_or_null(r->map), number(e->addr),
				number(e->b), class_of(e->a), noscan, number(e->d) });
		if (!span_insert(r, (struct row_span){ e->addr, e->b, row }))
			r->failed = true;
	}
	if (e->a >= 2 && e->a < SPAN_STACK)
		row_insert(r, ROW_MCACHE,
			(struct row_value[]){ number(step), op, class_of(e->a), noscan, number(e->addr),
				text(span_source_name[e->c < SPAN_SOURCES ? e->c : 0]) });
}

static void span_free(struct rows *r, const struct event *e, uint64_t step)
{
	size_t i = spans_before(r, e->addr);
	if (i == 0 || r->span[i - 1].addr != e->addr)
		return;
	row_finish(r, ROW_SPAN, r->span[i - 1].row, step);
	memmove(r->span + i - 1, r->span + i, (r->spans - i) * sizeof *r->span);
	r->spans--;
}

static void growth_end(struct rows *r, struct row_map *m, uint64_t step)
{
	if (m->growth)
		row_finish(r, ROW_GROWTH, m->growth, step);
	m->growth = 0;
}

void rows_event(struct rows *r, const struct event *e, uint64_t step)
{
	struct row_map *m = map_of(r);
	struct row_value op = number_or_null(r->in_op ? r->op : 0);
	switch (e->kind) {
	case EV_ALLOC: block_alloc(r, e, step); break;
	case EV_FREE: block_free(r, e, step); break;
	case EV_SPAN: span_alloc(r, e, step, op); break;
	case EV_UNSPAN: span_free(r, e, step); break;
	case EV_MARKING: /* its end: mcache gives all spans up before they are swept */
		if (!e->a)
			row_insert(r, ROW_MCACHE,
				(struct row_value[]){ number(step), op, { .type = VALUE_NULL },
					{ .type = VALUE_NULL }, { .type = VALUE_NULL },
					{ .type = VALUE_NULL } });
		break;
	case EV_MAP:
	case EV_USE: r->map = (uint32_t)e->a; break;
	case EV_OP:
		r->map = (uint32_t)e->a;
		r->op++;
		r->in_op = true;
		break;
	case EV_DONE: r->in_op = false; break;
	case EV_OVERFLOW:
		row_insert(r, ROW_OVERFLOW,
			(struct row_value[]){ number(step), op, number_or_null(r->map), number(e->d),
				number(e->c), number(e->addr),
				text(overflow_source_name[e->b < 2 ? e->b : 0]) });
		break;
	case EV_GROWTH:
		growth_end(r, m, step);
		m->growth = row_insert(r, ROW_GROWTH,
			(struct row_value[]){ number_or_null(r->map), op,
				text(growth_reason_name[e->a < 2 ? e->a : 0]), number(e->b), number(e->c),
				number(step) });
		break;
	case EV_GROWN: growth_end(r, m, step); break;
	case EV_PROMOTE: /* a growth of dirty goes on in read, which nobody writes: for ever */
		if (e->c < r->maps_cap)
			r->maps[e->c].growth = 0;
		break;
	case EV_EVACUATE: m->evacuate_step = step; break;
	case EV_MOVED:
		row_insert(r, ROW_EVACUATION,
			(struct row_value[]){ number_or_null(m->growth), number(e->a), op,
				number(m->evacuate_step), number(step), number(e->b), number(e->c),
				number(e->d) });
		break;
	default: break;
	}
}

bool rows_growing(const struct rows *r, unsigned map)
{
	return map < r->maps_cap && r->maps[map].growth != 0;
}

static int map_add(struct rows *r, unsigned map, uint32_t bucketsize)
{
	if (map >= r->maps_cap) {
		unsigned cap = map < 16 ? 32 : map * 2;
		struct row_map *maps = realloc(r->maps, cap * sizeof *maps);
		if (!maps)
			return -1;
		memset(maps + r->maps_cap, 0, (cap - r->maps_cap) * sizeof *maps);
		r->maps = maps;
		r->maps_cap = cap;
	}
	r->maps[map].bucketsize = bucketsize;
	return 0;
}

int rows_map(struct rows *r, const struct map_info *m)
{
	struct map_shape shape;
	struct map_view v;
	map_open_type(&v, m);
	return map_add(r, m->map, v.kind->shape(&v, &shape) ? shape.size : 0);
}

int rows_init(struct rows *r)
{
	memset(r->made, 0, sizeof r->made);
	memset(r->open, 0, sizeof r->open);
	r->op = 0;
	r->in_op = r->failed = false;
	r->kinds = KINDS(EV_ALLOC, EV_FREE, EV_MAP, EV_USE, EV_OP, EV_DONE, EV_OVERFLOW, EV_GROWTH, EV_GROWN,
		EV_EVACUATE, EV_MOVED, EV_SPAN, EV_UNSPAN, EV_MARKING, EV_PROMOTE);
	r->map = 0;
	r->maps = NULL;
	r->maps_cap = 0;
	r->blocks = NULL;
	r->blocks_mask = r->blocks_used = 0;
	r->span = NULL;
	r->spans = r->spans_cap = 0;
	if (map_add(r, 0, 0) == 0 && blocks_grow(r) == 0)
		return 0;
	rows_release(r);
	return -1;
}

void rows_release(struct rows *r)
{
	free(r->maps);
	free(r->blocks);
	free(r->span);
	r->span = NULL;
	r->maps = NULL;
	r->blocks = NULL;
}
