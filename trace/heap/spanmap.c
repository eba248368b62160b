/* The spans of a step; see spanmap.h. */
#include "trace/base/grown.h"
#include "trace/heap/spanmap.h"

#include "trace/go/sizeclass.h"

#include <stdlib.h>
#include <string.h>

const char *const span_place_name[SPAN_PLACES] = { "mcache", "partial", "full", "stack" };

enum { NEAR = 512, TINY_SPANCLASS = 5, TINY_BYTES = 16 }; /* NEAR: so many steps are made one by one */

void spanmap_init(struct spanmap *m, struct source *s)
{
	*m = (struct spanmap){ .source = s };
}

void spanmap_release(struct spanmap *m)
{
	free(m->span);
	memset(m, 0, sizeof *m);
}

/* How many spans start at or before addr. */
static size_t before(const struct spanmap *m, uint64_t addr)
{
	size_t lo = 0, hi = m->spans;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (m->span[mid].row.addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t spanmap_find(const struct spanmap *m, uint64_t addr)
{
	size_t i = before(m, addr);
	return i > 0 && (addr - m->span[i - 1].row.addr) / PAGE_SIZE < m->span[i - 1].row.pages ? i - 1
												: SIZE_MAX;
}

static bool is_live(const struct span_row *r, uint64_t step)
{
	return r->step <= step && (!r->freed_step || r->freed_step > step);
}

/* ---- counting ---- */

static void block_count(
	struct spanmap *m, uint64_t addr, uint64_t size, uint64_t rounded, uint8_t role, bool add)
{
	size_t i = spanmap_find(m, addr);
	if (i == SIZE_MAX)
		return;
	struct span_now *s = &m->span[i];
	bool stack = s->row.spanclass == SPAN_STACK, tiny = s->row.spanclass == TINY_SPANCLASS;
	uint64_t header = stack || tiny ? 0 : (addr - s->row.addr) % s->stride;
	uint64_t sign = add ? 1 : UINT64_MAX; /* -1 */
	s->asked += sign * size;
	if (rounded || !tiny) { /* a piece that shares a block is no object of its own */
		s->live += (uint32_t)sign;
		s->given += sign * (stack ? rounded : s->stride);
		s->headers += sign * header;
	}
	s->by_role[role < ROLES ? role : ROLE_NONE] += (uint32_t)sign;
}

static void span_insert(struct spanmap *m, const struct span_row *r)
{
	m->span = grown(m->span, &m->spans_cap, m->spans, sizeof *m->span);
	size_t i = before(m, r->addr);
	memmove(m->span + i + 1, m->span + i, (m->spans - i) * sizeof *m->span);
	m->span[i] = (struct span_now){ .row = *r, .stride = span_stride(r) };
	m->spans++;
}

static void span_remove(struct spanmap *m, uint64_t addr)
{
	size_t i = spanmap_find(m, addr);
	if (i == SIZE_MAX)
		return;
	memmove(m->span + i, m->span + i + 1, (m->spans - i - 1) * sizeof *m->span);
	m->spans--;
}

/* The row of the span at addr that lives at step. */
static const struct span_row *row_of(const struct spanmap *m, uint64_t addr, uint64_t step)
{
	for (size_t i = m->rows; i-- > 0;)
		if (m->row[i].addr == addr && is_live(&m->row[i], step))
			return &m->row[i];
	return NULL;
}

/* ---- to a step ---- */

static void find_cached(struct spanmap *m)
{
	memset(m->cached, 0, sizeof m->cached);
	for (size_t i = 0; i < m->mcaches && m->mcache[i].step <= m->step; i++)
		if (!m->mcache[i].addr)
			memset(m->cached, 0, sizeof m->cached);
		else if (m->mcache[i].spanclass < sizeof m->cached / sizeof *m->cached)
			m->cached[m->mcache[i].spanclass] = m->mcache[i].addr;
}

/* Makes step `step` happen, or takes it back. */
static bool step_apply(struct spanmap *m, struct player *p, uint64_t step, bool forward)
{
	const struct event *e = player_event(p, step);
	if (!e)
		return false;
	if (e->kind == EV_ALLOC || e->kind == EV_FREE)
		block_count(m, e->addr, e->size, e->a, (uint8_t)e->b, (e->kind == EV_ALLOC) == forward);
	bool new = e->kind == EV_SPAN && e->c != SPAN_MCENTRAL;
	if (!new && e->kind != EV_UNSPAN)
		return true;
	if (new != forward) {
		span_remove(m, e->addr);
		return true;
	}
	const struct span_row *r = row_of(m, e->addr, forward ? step : step - 1);
	if (r)
		span_insert(m, r);
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct span_now *x = a, *y = b;
	return x->row.addr < y->row.addr ? -1 : x->row.addr > y->row.addr;
}

/* Counts everything. */
static void count_all(struct spanmap *m, const struct player *p)
{
	size_t n = 0;
	for (size_t i = 0; i < m->rows; i++)
		n += is_live(&m->row[i], p->step);
	m->span = grown(m->span, &m->spans_cap, n, sizeof *m->span);
	m->spans = 0;
	for (size_t i = 0; i < m->rows; i++)
		if (is_live(&m->row[i], p->step))
			m->span[m->spans++] = (struct span_now){ .row = m->row[i],
				.stride = span_stride(&m->row[i]) };
	if (m->spans > 0) /* else span may be NULL */
		qsort(m->span, m->spans, sizeof *m->span, by_address);
	struct block b;
	for (uint64_t cursor = 0; image_next(p->image, &cursor, &b);)
		block_count(m, b.addr, b.size, b.rounded, (uint8_t)b.role, true);
}

static bool rows_read(struct spanmap *m)
{
	if (m->ready && m->steps == m->source->steps)
		return true;
	m->ready = false;
	m->rows = m->mcaches = 0;
	m->steps = m->source->steps;
	return m->source->spans &&
		m->source->spans(m->source, &m->row, &m->rows, &m->mcache, &m->mcaches) == 0;
}

int spanmap_at(struct spanmap *m, struct player *p)
{
	m->failed = m->failed || !rows_read(m);
	if (m->failed)
		return -1;
	bool forward = m->step < p->step;
	uint64_t apart = forward ? p->step - m->step : m->step - p->step;
	if (m->ready && apart <= NEAR) {
		for (; forward && m->step < p->step && !m->failed; m->step++)
			m->failed = !step_apply(m, p, m->step + 1, true);
		for (; !forward && m->step > p->step && !m->failed; m->step--)
			m->failed = !step_apply(m, p, m->step, false);
	} else {
		count_all(m, p);
	}
	m->ready = !m->failed;
	m->step = p->step;
	find_cached(m);
	return m->failed ? -1 : 0;
}

/* ---- asking ---- */

enum span_place spanmap_place(const struct spanmap *m, const struct span_now *s)
{
	uint8_t class = s->row.spanclass;
	if (class >= sizeof m->cached / sizeof *m->cached)
		return SPAN_IN_STACK;
	if (class >= 2 && m->cached[class] == s->row.addr)
		return SPAN_IN_MCACHE;
	return s->live < s->row.objects ? SPAN_IN_PARTIAL : SPAN_IN_FULL;
}

enum block_role span_role(const struct span_now *s)
{
	enum block_role most = ROLE_NONE;
	for (int i = 0; i < ROLES; i++)
		if (s->by_role[i] > s->by_role[most])
			most = (enum block_role)i;
	return most;
}

uint64_t span_tail(const struct span_now *s)
{
	uint64_t all = (uint64_t)s->row.pages * PAGE_SIZE, used = s->stride * s->row.objects;
	return used < all ? all - used : 0;
}

uint64_t span_bitmap(const struct span_now *s)
{
	uint64_t all = (uint64_t)s->row.pages * PAGE_SIZE, bits = all / 64;
	bool small = s->row.spanclass >= 2 && s->row.spanclass < SPAN_STACK && !(s->row.spanclass & 1) &&
		s->stride <= HEADER_OVER;
	/* Without one the tail would hold another object, or be smaller. */
	return small && s->row.objects == (all - bits) / s->stride && span_tail(s) >= bits ? bits : 0;
}

uint64_t span_rounding(const struct span_now *s)
{
	return s->given > s->asked + s->headers ? s->given - s->asked - s->headers : 0;
}

/* The variables of a stack: one may have begun before the first word asked for. */
static void stack_objects(const struct span_now *s, const struct reader *mem, uint32_t from, uint32_t n,
	struct span_object *ret)
{
	struct span_object last = { 0 };
	struct block b;
	uint64_t end = 0;
	for (uint32_t k = from + 1; k-- > 0 && !last.live;)
		if (mem->block(mem, s->row.addr + (uint64_t)k * s->stride, &b)) {
			end = b.addr + (b.rounded ? b.rounded : b.size);
			last = (struct span_object){ true, k != from, (uint8_t)b.role, b.map, 1, b.addr,
				b.addr, b.size };
		}
	for (uint32_t i = 0; i < n; i++) {
		uint64_t at = s->row.addr + (uint64_t)(from + i) * s->stride;
		if (i > 0 && mem->block(mem, at, &b)) {
			end = b.addr + (b.rounded ? b.rounded : b.size);
			last = (struct span_object){ true, false, (uint8_t)b.role, b.map, 1, b.addr, b.addr,
				b.size };
		}
		ret[i] = last.live && at < end ? last : (struct span_object){ .base = at };
		last.continued = true;
	}
}

void span_objects(const struct span_now *s, const struct reader *mem, uint32_t from, uint32_t n,
	struct span_object *ret)
{
	bool tiny = s->row.spanclass == TINY_SPANCLASS, header = s->stride > HEADER_OVER;
	uint64_t last = tiny ? TINY_BYTES - 1 : header ? MALLOC_HEADER : 0;
	if (s->row.spanclass == SPAN_STACK) {
		stack_objects(s, mem, from, n, ret);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct block b;
		uint64_t base = s->row.addr + (uint64_t)(from + i) * s->stride;
		struct span_object *o = &ret[i];
		*o = (struct span_object){ .base = base };
		for (uint64_t at = 0; at <= last; at += tiny ? 1 : MALLOC_HEADER) {
			if (!mem->block(mem, base + at, &b))
				continue;
			if (!o->live)
				*o = (struct span_object){ .live = true,
					.role = (uint8_t)b.role,
					.map = b.map,
					.base = base,
					.addr = b.addr };
			o->pieces++;
			o->size += b.size;
		}
	}
}

void spanmap_sum(const struct spanmap *m, struct span_sum *ret)
{
	*ret = (struct span_sum){ .spans = m->spans };
	for (size_t i = 0; i < m->spans; i++) {
		const struct span_now *s = &m->span[i], *last = i ? &m->span[i - 1] : NULL;
		uint64_t end = last ? last->row.addr + (uint64_t)last->row.pages * PAGE_SIZE : s->row.addr;
		ret->pages += s->row.pages;
		ret->free_pages += s->row.addr > end ? (s->row.addr - end) / PAGE_SIZE : 0;
		enum span_place place = spanmap_place(m, s);
		ret->place[place]++;
		if (place == SPAN_IN_STACK) {
			ret->stack += (uint64_t)s->row.pages * PAGE_SIZE;
			continue;
		}
		ret->objects += s->row.objects;
		ret->live += s->live;
		ret->asked += s->asked;
		ret->given += s->given;
		ret->headers += s->headers;
		ret->rounding += span_rounding(s);
		ret->bitmap += span_bitmap(s);
		ret->tail += span_tail(s) - span_bitmap(s);
		ret->free += (uint64_t)(s->row.objects > s->live ? s->row.objects - s->live : 0) * s->stride;
	}
}
