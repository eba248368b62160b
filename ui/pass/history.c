/* Who wrote this byte; see history.h. */
#include "ui/pass/history.h"

#include "trace/base/grown.h"

#include <stdlib.h>
#include <string.h>

void history_release(struct history *h)
{
	free(h->back.row);
	free(h->ahead.row);
	walk_release(&h->walk);
	memset(h, 0, sizeof *h);
}

/* Is step in the life of the byte that the rows tell of? */
static bool same_life(const struct history *h, uint64_t step)
{
	const struct history_row *first = h->back.count ? &h->back.row[h->back.count - 1] : NULL;
	const struct history_row *last = h->ahead.count ? &h->ahead.row[h->ahead.count - 1] : NULL;
	if (h->stopped || h->failed)
		return step == h->at;
	if (step < h->at && h->back.next) /* not looked at yet */
		return step >= h->back.next;
	if (step < h->at && (h->back.cut || (first && first->kind == EV_ALLOC)))
		return first && step >= first->step;
	if (step > h->at && h->ahead.next)
		return true;
	if (step > h->at && (h->ahead.cut || (last && last->kind == EV_FREE)))
		return last && step < last->step;
	return true;
}

void history_ask(struct history *h, struct source *s, uint64_t addr, uint64_t at)
{
	history_ask_value(h, s, addr, 1, at);
}

void history_ask_value(struct history *h, struct source *s, uint64_t addr, unsigned size, uint64_t at)
{
	if (h->source == s && h->addr == addr && h->size == size && same_life(h, at))
		return;
	walk_again(&h->walk, s, at);
	h->source = s;
	h->addr = addr;
	h->size = size;
	h->at = at;
	h->back.count = h->ahead.count = 0;
	h->back.cut = h->ahead.cut = h->stopped = h->failed = false;
	h->back.next = at;
	h->ahead.next = at < s->steps ? at + 1 : 0;
}

static bool touches(const struct event *e, uint64_t addr)
{
	return e->kind <= EV_FREE && addr >= e->addr && addr - e->addr < e->size;
}

static uint8_t phase_before(const struct chunk *c, size_t i)
{
	for (i++; i-- > 0;) {
		if (c->events[i].kind == EV_PHASE)
			return c->events[i].a < PHASES ? (uint8_t)c->events[i].a : PHASE_NONE;
		if (c->events[i].kind == EV_OP)
			break;
	}
	return PHASE_NONE;
}

/* What a fact says of the value's bytes. */
static uint64_t value_of(const struct history *h, const struct event *e, union event_bytes bytes)
{
	uint64_t v = 0, from = h->addr - e->addr;
	for (unsigned i = 0; i < h->size && from + i < e->size; i++)
		v |= (uint64_t)event_byte(bytes, e->size, from + i) << (8 * i);
	return v;
}

/* false: no room for more rows on this side. */
static bool side_add(struct history *h, struct history_side *side, const struct chunk *c, size_t i)
{
	const struct event *e = &c->events[i];
	if (side->count == HISTORY_MOST) {
		side->cut = true;
		return false;
	}
	side->row = grown(side->row, &side->cap, side->count, sizeof *side->row);
	struct history_row *row = &side->row[side->count++];
	*row = (struct history_row){ .step = c->first + i, .kind = e->kind, .phase = phase_before(c, i) };
	if (e->kind != EV_ALLOC)
		row->old = value_of(h, e, e->old);
	if (e->kind == EV_WRITE)
		row->new = value_of(h, e, e->new);
	if (h->source->ops && h->source->operation_at(h->source, row->step, &row->op) != 0)
		row->op = 0;
	return true;
}

/* Are there facts about the byte in the chunk with step?  Then it is decoded.  Its steps are h->walk's first
 * and last. */
static bool chunk_touches(struct history *h, uint64_t step)
{
	struct walk *w = &h->walk;
	int got = walk_facts(w, step);
	bool hit = got == 0;
	for (uint32_t i = 0; got > 0 && i < w->facts.facts && !hit; i++)
		hit = touches(&w->facts.events[i], h->addr);
	h->failed = got < 0 || (hit && walk_chunk(w, step) != 0);
	return hit && !h->failed;
}

static void work_back(struct history *h)
{
	const struct chunk *c = &h->walk.chunk;
	bool hit = chunk_touches(h, h->back.next);
	if (h->failed)
		return;
	for (size_t i = hit ? (size_t)(h->back.next - c->first) + 1 : 0; i-- > 0;) {
		if (!touches(&c->events[i], h->addr))
			continue;
		/* Its block begins here, or an earlier one ended here: the life of the byte is known. */
		bool born = c->events[i].kind == EV_ALLOC || c->events[i].kind == EV_FREE;
		if (!side_add(h, &h->back, c, i) || born) {
			h->back.next = 0;
			return;
		}
	}
	h->back.next = h->walk.first - 1;
}

static void work_ahead(struct history *h)
{
	const struct chunk *c = &h->walk.chunk;
	bool hit = chunk_touches(h, h->ahead.next);
	if (h->failed)
		return;
	for (size_t i = (size_t)(h->ahead.next - c->first); hit && i < c->count; i++) {
		if (!touches(&c->events[i], h->addr))
			continue;
		bool dies = c->events[i].kind == EV_FREE;
		if (!side_add(h, &h->ahead, c, i) || dies) {
			h->ahead.next = 0;
			return;
		}
	}
	h->ahead.next = h->walk.last >= h->source->steps ? 0 : h->walk.last + 1;
}

bool history_busy(const struct history *h)
{
	return h->source && !h->stopped && !h->failed && (h->back.next || h->ahead.next);
}

bool history_work(struct history *h)
{
	if (!history_busy(h))
		return false;
	if (h->back.next)
		work_back(h);
	else
		work_ahead(h);
	return history_busy(h);
}

size_t history_count(const struct history *h)
{
	return h->back.count + h->ahead.count;
}

const struct history_row *history_get(const struct history *h, size_t i)
{
	return i < h->back.count ? &h->back.row[h->back.count - 1 - i] : &h->ahead.row[i - h->back.count];
}

size_t history_before(const struct history *h, uint64_t step)
{
	size_t lo = 0, hi = history_count(h);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (history_get(h, mid)->step <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

unsigned history_percent(const struct history *h)
{
	if (!h->source || !h->source->steps)
		return 100;
	uint64_t left = h->back.next + (h->ahead.next ? h->source->steps - h->ahead.next : 0);
	return (unsigned)(100 - (double)left * 100 / (double)h->source->steps);
}

/* ---- a cache line in time ---- */

struct line_about {
	uint64_t lo, size;
	size_t n;
};

static bool line_init(void *state, struct source *source, void *about)
{
	const struct line_about *a = about;
	*(struct line_history *)state = (struct line_history){
		.lo = a->lo, .size = a->size, .n = a->n, .source = source
	};
	return true;
}

static void line_event(struct line_history *h, const struct event *e)
{
	bool written = e->kind == EV_WRITE,
	     read = e->kind < EV_COUNT && event_info[e->kind].role == EVENT_read;
	h->op += e->kind == EV_OP;
	if (!h->op || h->op > h->source->ops || (!written && !read) || e->addr >= h->lo + h->size ||
		e->addr + e->size <= h->lo)
		return;
	size_t cell = (size_t)((double)(h->op - 1) * (double)h->n / (double)h->source->ops);
	h->cell[cell < h->n ? cell : h->n - 1] |= written ? LINE_WRITTEN : LINE_READ;
}

static uint32_t line_events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	(void)step;
	for (uint32_t i = 0; i < n; i++)
		line_event(state, &e[i]);
	return n;
}

static const struct pass_info line_info = { .size = sizeof(struct line_history),
	.about = sizeof(struct line_about),
	.init = line_init,
	.events = line_events };

void line_history_ask(struct pass *p, struct source *s, uint64_t lo, uint64_t size, size_t cells)
{
	struct line_about about = { lo, size, cells < HISTORY_CELLS ? cells : HISTORY_CELLS };
	if (about.n > s->ops)
		about.n = (size_t)s->ops;
	if (pass_reads(p, s) && memcmp(p->about, &about, sizeof about) == 0)
		return;
	pass_begin(p, &line_info, s, &about);
	pass_go(p, about.n ? s->steps : 0, 0);
}

const struct line_history *line_history_now(const struct pass *p)
{
	static const struct line_history none;
	return p->info ? pass_state(p) : &none;
}
