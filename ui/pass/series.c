/* Numbers over operations; see series.h. */
#include "ui/pass/series.h"

#include <string.h>

void series_release(struct series *s)
{
	traffic_release(&s->traffic);
	chunk_release(&s->events);
	memset(s, 0, sizeof *s);
}

void series_ask(struct series *s, struct source *source, uint32_t map, const struct map_type *t, const struct cache_shape *caches)
{
	struct chunk kept = s->events;
	if (s->source == source && s->map == map && (s->failed || memcmp(&s->traffic.cache.shape, caches, sizeof *caches) == 0))
		return;
	traffic_release(&s->traffic);
	memset(s, 0, sizeof *s);
	s->events = kept;
	s->source = source;
	s->map = map;
	s->entry = 1 + t->keysize + t->elemsize;
	s->n = source->ops < SERIES_CELLS ? (size_t)source->ops : SERIES_CELLS;
	s->next = s->n && source->steps ? 1 : 0;
	if (!traffic_init(&s->traffic, source, caches)) {
		s->failed = true;
		s->next = 0;
	}
}

static void put(struct series *s, enum series_kind kind, size_t cell, double v, bool most)
{
	double *at = &s->value[kind][cell];
	if (!most || v > *at)
		*at = v;
}

static void end_operation(struct series *s)
{
	if (!s->op || s->op > s->source->ops || !s->mine)
		return;
	size_t cell = (size_t)((double)(s->op - 1) * (double)s->n / (double)s->source->ops);
	if (cell >= s->n)
		cell = s->n - 1;
	s->known[cell] = true;
	put(s, SERIES_LOAD, cell, (double)s->count / (double)(UINT64_C(1) << (s->B < 48 ? s->B : 48)), false);
	put(s, SERIES_OVERFLOW, cell, (double)s->overflow, false);
	put(s, SERIES_PROBES, cell, (double)(s->probes > s->lengths ? s->probes : s->lengths), true);
	put(s, SERIES_LINES, cell, (double)s->traffic.lines, true);
	put(s, SERIES_L1, cell, (double)counts_l1_misses(&s->traffic.operation), true);
	put(s, SERIES_L2, cell, (double)counts_l2_misses(&s->traffic.operation), true);
	put(s, SERIES_MOVED, cell, (double)s->moved, true);
}

static void begin_operation(struct series *s, const struct event *e)
{
	end_operation(s);
	s->op++;
	s->mine = !e->a || e->a == s->map;
	s->probes = s->lengths = s->moved = 0;
}

static void add_event(struct series *s, const struct event *e)
{
	if (e->kind == EV_OP) {
		begin_operation(s, e);
		return;
	}
	if (!s->mine || (e->map && e->map != s->map))
		return;
	switch (e->kind) {
	case EV_HEADER: s->count = e->a; s->B = (unsigned)(e->c & 63); break;
	case EV_DONE: s->count = e->b; break;
	case EV_TOPHASH: s->probes++; break;
	case EV_LENGTH: case EV_KEY: s->lengths++; break;
	case EV_MOVE: s->moved += s->entry; break;
	case EV_OVERFLOW: s->overflow++; break;
	case EV_GROWTH: s->B = (unsigned)(e->c & 63); s->overflow = 0; break;
	case EV_PHASE:
		if (e->a == PHASE_CLEAR)
			s->overflow = 0;
		break;
	default: break;
	}
}

bool series_work(struct series *s)
{
	struct chunk *c = &s->events;
	if (!series_busy(s))
		return false;
	if (s->source->chunk(s->source, s->next, c) != 0 || s->next < c->first || s->next - c->first >= c->count) {
		s->failed = true;
		s->next = 0;
		return false;
	}
	uint64_t most = counts_accesses(&s->traffic.all) + SERIES_WORDS, next = s->next;
	for (; next - c->first < c->count && counts_accesses(&s->traffic.all) < most; next++) {
		const struct event *e = &c->events[next - c->first];
		if (e->kind < EV_COUNT) {
			add_event(s, e); /* an operation that begins ends the one before: its lines are still there */
			traffic_event(&s->traffic, e);
		}
	}
	s->next = next > s->source->steps ? 0 : next;
	if (!s->next)
		end_operation(s);
	return s->next != 0;
}

unsigned series_percent(const struct series *s)
{
	return s->next ? (unsigned)((double)s->next * 100 / (double)s->source->steps) : 100;
}
