/* Rows from steps; see rows.h.
 *
 * What is kept is only what is open: live blocks and spans, and for each map what its kind keeps.
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
#define ROW_TABLE(NAME, name, of, key, columns, last, values, before, sql) \
	[ROW_##NAME] = { #name, #of, columns, last, key, values },
#include "db/rows/rows.def"
#undef ROWID
#undef KEY
#undef LAST
#undef NO_LAST
#undef ROW_TABLE
};

struct row_map {
	const struct map_rows *kind;      /* NULL: there is no such map, or nothing follows from its events */
	struct kind_set kinds;            /* events that the kind asks for */
	enum row_table table[MAP_TABLES]; /* which tables the kind's numbers are */
	void *state;
};

struct row_span {
	uint64_t addr, pages, row;
};

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

/* ---- making rows ---- */

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

/* ---- rows of a kind of map ---- */

static struct rows *rows_of(struct row_maker *k)
{
	return (struct rows *)(void *)((char *)k - offsetof(struct rows, maker));
}

static uint64_t kind_insert(struct row_maker *k, unsigned table, const struct row_value *values)
{
	struct rows *r = rows_of(k);
	return row_insert(r, r->table[table], values);
}

static void kind_finish(struct row_maker *k, unsigned table, uint64_t row)
{
	struct rows *r = rows_of(k);
	row_finish(r, r->table[table], row, (uint64_t)k->step.number);
}

static void kind_finish_with_block(struct row_maker *k, unsigned table, uint64_t row)
{
	struct rows *r = rows_of(k);
	if (r->block)
		*addresses_add(&r->ends, r->block) = row * ROW_TABLES + r->table[table];
}

static void kind_abandon(struct row_maker *k, uint64_t map)
{
	struct rows *r = rows_of(k);
	struct row_map *m = &r->maps[map < r->maps_cap ? map : 0];
	if (m->kind && m->kind->abandon)
		m->kind->abandon(m->state);
}

/* Shows an event to the kind of a map, if it asks for such. */
static unsigned kind_event(struct rows *r, uint64_t map, const struct event *e)
{
	struct row_map *m = &r->maps[map < r->maps_cap ? map : 0];
	if (!kinds_have(&m->kinds, e->kind))
		return 0;
	r->table = m->table;
	r->maker.map = row_number_or_null(map);
	return m->kind->event(m->state, e, &r->maker);
}

/* ---- what an event means, whatever kind of map it is ---- */

/* The size class of a span class; null: a stack. */
static struct row_value class_of(uint64_t spanclass)
{
	return spanclass < SPAN_STACK ? row_number(spanclass / 2) : (struct row_value){ .type = VALUE_NULL };
}

static void block_alloc(struct rows *r, const struct event *e)
{
	uint64_t map = e->map ? e->map : r->map;
	if (e->addr == 0)
		return;
	addresses_remove(&r->ends, e->addr, NULL); /* of a block that a damaged trace has not freed */
	const struct row_span *span = span_of(r, e->addr);
	*addresses_add(&r->allocations, e->addr) = row_insert(r, ROW_ALLOCATION,
		(struct row_value[]){ r->maker.step, r->maker.op, row_number_or_null(map),
			row_number(e->addr), row_number(e->size), row_number(e->a),
			row_text(block_role_name[e->b < ROLES ? e->b : 0]), class_of(e->c),
			row_number_or_null(span ? span->addr : 0), row_number(e->d) });
	r->block = e->addr;
	kind_event(r, map, e);
	r->block = 0;
}

static void block_free(struct rows *r, const struct event *e, uint64_t step)
{
	uint64_t row;
	if (addresses_remove(&r->allocations, e->addr, &row))
		row_finish(r, ROW_ALLOCATION, row, step);
	if (addresses_remove(&r->ends, e->addr, &row))
		row_finish(r, (enum row_table)(row % ROW_TABLES), row / ROW_TABLES, step);
}

static void span_alloc(struct rows *r, const struct event *e)
{
	struct row_value noscan = row_number(e->a == SPAN_STACK ? 0 : e->a & 1);
	if (e->c != SPAN_MCENTRAL) {
		uint64_t row = row_insert(r, ROW_SPAN,
			(struct row_value[]){ r->maker.step, r->maker.op, row_number_or_null(r->map),
				row_number(e->addr), row_number(e->b), class_of(e->a), noscan,
				row_number(e->d) });
		if (!span_insert(r, (struct row_span){ e->addr, e->b, row }))
			r->failed = true;
	}
	if (e->a >= 2 && e->a < SPAN_STACK)
		row_insert(r, ROW_MCACHE,
			(struct row_value[]){ r->maker.step, r->maker.op, class_of(e->a), noscan,
				row_number(e->addr),
				row_text(span_source_name[e->c < SPAN_SOURCES ? e->c : 0]) });
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

unsigned rows_event(struct rows *r, const struct event *e, uint64_t step)
{
	r->maker.step = row_number(step);
	r->maker.op = row_number_or_null(r->in_op ? r->op : 0);
	switch (e->kind) {
	case EV_ALLOC: block_alloc(r, e); return 0; /* its map may be another */
	case EV_FREE: block_free(r, e, step); break;
	case EV_SPAN: span_alloc(r, e); break;
	case EV_UNSPAN: span_free(r, e, step); break;
	case EV_MARKING: /* its end: mcache gives all spans up before they are swept */
		if (!e->a)
			row_insert(r, ROW_MCACHE,
				(struct row_value[]){ r->maker.step, r->maker.op, { .type = VALUE_NULL },
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
	default: break;
	}
	return kinds_have(&r->asked, e->kind) ? kind_event(r, r->map, e) : 0;
}

bool rows_growing(const struct rows *r, unsigned map)
{
	const struct row_map *m = &r->maps[map < r->maps_cap ? map : 0];
	return m->kind && m->kind->growing && m->kind->growing(m->state);
}

/* ---- beginning and end ---- */

static int maps_grow(struct rows *r, unsigned map)
{
	unsigned cap = map < 16 ? 32 : map * 2;
	struct row_map *maps = realloc(r->maps, cap * sizeof *maps);
	if (!maps)
		return -1;
	memset(maps + r->maps_cap, 0, (cap - r->maps_cap) * sizeof *maps);
	r->maps = maps;
	r->maps_cap = cap;
	return 0;
}

/* The table of that name which belongs to a kind.  ROW_TABLES: there is none, which test_store finds. */
static enum row_table table_find(const char *kind, const char *name)
{
	int t = 0;
	while (t < ROW_TABLES && (strcmp(row_forms[t].name, name) != 0 || strcmp(row_forms[t].of, kind) != 0))
		t++;
	return (enum row_table)t;
}

int rows_map(struct rows *r, const struct map_info *info)
{
	struct map_view v;
	if (info->map >= r->maps_cap && maps_grow(r, info->map) != 0)
		return -1;
	struct row_map *m = &r->maps[info->map];
	map_open_type(&v, info);
	const struct map_rows *kind = v.kind->rows;
	if (!kind || !(m->state = calloc(1, kind->state + 1)))
		return kind ? -1 : 0;
	m->kind = kind;
	m->kinds = kind->kinds();
	r->kinds = kinds_union(r->kinds, m->kinds);
	r->asked = kinds_union(r->asked, m->kinds);
	for (int i = 0; kind->tables[i]; i++)
		m->table[i] = table_find(v.kind->name, kind->tables[i]);
	if (kind->begin)
		kind->begin(m->state, &v);
	return 0;
}

int rows_init(struct rows *r)
{
	memset(r->made, 0, sizeof r->made);
	memset(r->open, 0, sizeof r->open);
	r->op = 0;
	r->in_op = r->failed = false;
	r->asked = (struct kind_set){ 0 };
	r->kinds = KINDS(EV_ALLOC, EV_FREE, EV_MAP, EV_USE, EV_OP, EV_DONE, EV_SPAN, EV_UNSPAN, EV_MARKING);
	r->maker = (struct row_maker){ .insert = kind_insert,
		.finish = kind_finish,
		.finish_with_block = kind_finish_with_block,
		.abandon = kind_abandon };
	r->map = 0;
	r->maps = NULL;
	r->maps_cap = 0;
	r->block = 0;
	r->allocations = r->ends = (struct addresses){ 0 };
	r->span = NULL;
	r->spans = r->spans_cap = 0;
	if (maps_grow(r, 0) == 0)
		return 0;
	rows_release(r);
	return -1;
}

void rows_release(struct rows *r)
{
	while (r->maps_cap > 0)
		free(r->maps[--r->maps_cap].state);
	free(r->maps);
	addresses_release(&r->allocations);
	addresses_release(&r->ends);
	free(r->span);
	r->span = NULL;
	r->maps = NULL;
}
