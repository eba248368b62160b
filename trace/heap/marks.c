/* Colours out of events; see marks.h. */
#include "trace/base/grown.h"
#include "trace/heap/marks.h"

#include "trace/go/sizeclass.h"

#include <stdlib.h>
#include <string.h>

const char *const colour_name[] = { "none", "white", "grey", "black", "dead" };

enum { CHUNKS_A_PIECE = 16, KINDS_A_PIECE = 512 };

uint64_t span_stride(const struct span_row *s)
{
	if (s->spanclass == SPAN_STACK)
		return 8;
	if (s->spanclass / 2 == 0 || s->spanclass / 2 >= SIZE_CLASSES)
		return (uint64_t)s->pages * PAGE_SIZE;
	return class_size[s->spanclass / 2];
}

uint64_t span_object_base(const struct span_row *s, uint64_t addr)
{
	return addr - (addr - s->addr) % span_stride(s);
}

void marks_init(struct marks *m, struct source *s)
{
	*m = (struct marks){
		.source = s, .next = s && s->steps ? 1 : 0, .at = SIZE_MAX, .steps = s ? s->steps : 0
	};
	walk_init(&m->walk, s, 1);
}

static void forget_cycle(struct marks *m)
{
	m->at = SIZE_MAX;
	m->at_next = 0;
	m->marks = m->blacks = m->greys = m->spans = 0;
	m->scanned.on = false;
	addresses_clear(&m->index);
}

void marks_release(struct marks *m)
{
	addresses_release(&m->index);
	free(m->cycle);
	free(m->span);
	free(m->mark);
	free(m->black);
	free(m->grey);
	free(m->size);
	walk_release(&m->walk);
	memset(m, 0, sizeof *m);
}

/* ---- cycles ---- */

static void cycle_event(struct marks *m, const struct event *e, uint64_t step)
{
	struct gc_cycle *last = m->cycles ? &m->cycle[m->cycles - 1] : NULL;
	if (e->kind == EV_GC && last && last->off && !last->end)
		last->end = step;
	if (e->kind != EV_MARKING)
		return;
	if (!e->a && last && !last->off)
		last->off = step;
	if (!e->a || (last && !last->off))
		return;
	m->cycle = grown(m->cycle, &m->cycles_cap, m->cycles, sizeof *m->cycle);
	m->cycle[m->cycles++] = (struct gc_cycle){ .on = step };
}

/* One chunk, passed over when neither kind is in it. */
static void read_chunk(struct marks *m, uint64_t *next, uint64_t last, struct kind_set kinds,
	void (*event)(struct marks *m, const struct event *e, uint64_t step))
{
	struct walk *w = &m->walk;
	if (!walk_lacks(w, *next, &kinds)) {
		if (walk_chunk(w, *next) != 0) {
			m->failed = true;
			return;
		}
		for (uint64_t i = *next; i <= w->last && i <= last; i++)
			event(m, &w->chunk.events[i - w->first], i);
	}
	*next = w->last >= last ? 0 : w->last + 1;
}

const struct gc_cycle *marks_cycle(const struct marks *m, uint64_t step)
{
	size_t lo = 0, hi = m->cycles; /* cycles before lo have begun */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (m->cycle[mid].on <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	const struct gc_cycle *c = lo ? &m->cycle[lo - 1] : NULL;
	return c && (!c->end || step < c->end) ? c : NULL;
}

/* ---- the marks of one ---- */

static int by_address(const void *a, const void *b)
{
	const struct span_row *x = a, *y = b;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static bool begin_cycle(struct marks *m, const struct gc_cycle *c)
{
	const struct span_row *row;
	const struct mcache_row *mcache;
	size_t n, mcaches;
	uint64_t off = c->off ? c->off : m->steps;
	forget_cycle(m);
	if (!m->source->spans || m->source->spans(m->source, &row, &n, &mcache, &mcaches) != 0)
		return false;
	free(m->span);
	m->span = malloc((n + 1) * sizeof *m->span);
	if (!m->span)
		return false;
	for (size_t i = 0; i < n; i++)
		if (row[i].step <= off && (!row[i].freed_step || row[i].freed_step > off))
			m->span[m->spans++] = row[i];
	if (m->spans > 0) /* else span may be NULL */
		qsort(m->span, m->spans, sizeof *m->span, by_address);
	m->at = (size_t)(c - m->cycle);
	m->at_next = c->on;
	return true;
}

static const struct span_row *span_at(const struct marks *m, uint64_t addr)
{
	size_t lo = 0, hi = m->spans;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (m->span[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	const struct span_row *s = lo ? &m->span[lo - 1] : NULL;
	return s && (addr - s->addr) / PAGE_SIZE < s->pages ? s : NULL;
}

static void blacken(struct marks *m, uint32_t mark, uint64_t step)
{
	m->mark[mark].black = step;
	if (m->mark[mark].stack)
		return;
	m->black = grown(m->black, &m->blacks_cap, m->blacks, sizeof *m->black);
	m->black[m->blacks++] = step;
}

/* A mark for the object at addr; the index, or UINT32_MAX: it has one, or nothing is there. */
static uint32_t mark_add(struct marks *m, uint64_t addr, uint64_t size, uint64_t step)
{
	const struct span_row *s = span_at(m, addr);
	if (!s || m->marks >= UINT32_MAX - 1)
		return UINT32_MAX;
	uint64_t base = span_object_base(s, addr);
	uint64_t *number = addresses_add(&m->index, base);
	if (*number)
		return UINT32_MAX;
	m->mark = grown(m->mark, &m->marks_cap, m->marks, sizeof *m->mark);
	m->size = grown(m->size, &m->size_cap, m->marks, sizeof *m->size);
	bool stack = s->spanclass == SPAN_STACK;
	m->mark[m->marks] = (struct mark){ base, step, UINT64_MAX, stack,
		(m->marks ? m->mark[m->marks - 1].heap : 0) + !stack };
	m->size[m->marks] = size + (addr - base);
	*number = ++m->marks;
	return (uint32_t)m->marks - 1;
}

/* The pointer at from is scanned: the objects before its own are done. */
static void scan_to(struct marks *m, uint64_t from, uint64_t step)
{
	while (!m->scanned.on || from < m->scanned.addr || from - m->scanned.addr >= m->scanned.size) {
		if (m->scanned.on)
			blacken(m, m->scanned.mark, step);
		m->scanned.on = m->greys > 0;
		if (!m->scanned.on)
			return;
		uint32_t i = m->grey[--m->greys];
		m->scanned.addr = m->mark[i].base;
		m->scanned.size = m->size[i];
		m->scanned.mark = i;
	}
}

static void mark_event(struct marks *m, const struct event *e, uint64_t step)
{
	if (e->kind == EV_ALLOC) {
		uint32_t i = mark_add(m, e->addr, e->size, step);
		if (i != UINT32_MAX)
			blacken(m, i, step);
	} else if (e->kind == EV_SHADE) {
		if (e->b == SHADE_SCAN)
			scan_to(m, e->a, step);
		uint32_t i = mark_add(m, e->addr, e->size, step);
		if (i == UINT32_MAX)
			return;
		m->grey = grown(m->grey, &m->greys_cap, m->greys, sizeof *m->grey);
		m->grey[m->greys++] = i;
	}
}

/* Whatever waited has been scanned, and led nowhere. */
static void marking_over(struct marks *m, uint64_t step)
{
	if (m->scanned.on)
		blacken(m, m->scanned.mark, step);
	m->scanned.on = false;
	while (m->greys > 0)
		blacken(m, m->grey[--m->greys], step);
}

static void read_marks(struct marks *m)
{
	uint64_t last = m->cycle[m->at].off ? m->cycle[m->at].off : m->steps;
	read_chunk(m, &m->at_next, last, KINDS(EV_SHADE, EV_ALLOC), mark_event);
	if (!m->at_next && m->cycle[m->at].off)
		marking_over(m, last);
}

bool marks_busy(const struct marks *m, uint64_t step)
{
	if (!m->source || m->failed)
		return false;
	const struct gc_cycle *c = marks_cycle(m, step);
	return m->next || m->steps != m->source->steps ||
		(c && (m->at != (size_t)(c - m->cycle) || m->at_next));
}

bool marks_work(struct marks *m, uint64_t step)
{
	if (!marks_busy(m, step))
		return false;
	if (m->steps != m->source->steps) { /* it is being recorded */
		bool shorter = m->source->steps < m->steps;
		uint64_t from = m->next ? m->next : m->steps + 1;
		m->steps = m->source->steps;
		m->next = shorter ? 1 : from;
		m->cycles = shorter ? 0 : m->cycles;
		forget_cycle(m);
	}
	for (int i = 0; i < KINDS_A_PIECE && m->next && !m->failed; i++)
		read_chunk(m, &m->next, m->steps, KINDS(EV_MARKING, EV_GC), cycle_event);
	const struct gc_cycle *c = m->next || m->failed ? NULL : marks_cycle(m, step);
	if (c && m->at != (size_t)(c - m->cycle) && !begin_cycle(m, c))
		m->failed = true;
	for (int i = 0; i < CHUNKS_A_PIECE && c && m->at_next && !m->failed; i++)
		read_marks(m);
	return marks_busy(m, step);
}

/* ---- asking ---- */

enum colour marks_colour(const struct marks *m, uint64_t step, uint64_t base)
{
	const struct gc_cycle *c = marks_cycle(m, step);
	if (!c || m->at != (size_t)(c - m->cycle))
		return COLOUR_NONE;
	const uint64_t *number = addresses_find(&m->index, base);
	uint64_t i = number ? *number : 0;
	if (!i || m->mark[i - 1].step > step)
		return c->off && step >= c->off ? COLOUR_DEAD : COLOUR_WHITE;
	return m->mark[i - 1].black <= step ? COLOUR_BLACK : COLOUR_GREY;
}

void marks_count(const struct marks *m, uint64_t step, uint64_t *ret_marked, uint64_t *ret_black)
{
	size_t lo = 0, hi = m->marks;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (m->mark[mid].step <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	*ret_marked = lo ? m->mark[lo - 1].heap : 0;
	for (lo = 0, hi = m->blacks; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;
		if (m->black[mid] <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	*ret_black = lo;
}
