/* Numbers over operations; see series.h. */
#include "series.h"

#include <string.h>

enum { LINE = 64 };

void series_release(struct series *s)
{
	chunk_release(&s->events);
	memset(s, 0, sizeof *s);
}

void series_ask(struct series *s, struct source *source, uint16_t map, const struct map_type *t)
{
	struct chunk kept = s->events;
	if (s->source == source && s->map == map)
		return;
	memset(s, 0, sizeof *s);
	s->events = kept;
	s->source = source;
	s->map = map;
	s->entry = 1 + t->keysize + t->elemsize;
	s->n = source->ops < SERIES_CELLS ? (size_t)source->ops : SERIES_CELLS;
	s->next = s->n && source->steps ? 1 : 0;
}

static void touch_line(struct series *s, uint64_t line)
{
	size_t i = (size_t)(line * UINT64_C(0x9e3779b97f4a7c15) >> 52) % SERIES_LINES_MOST;
	for (size_t k = 0; k < SERIES_LINES_MOST / 2; k++, i = (i + 1) % SERIES_LINES_MOST) {
		if (s->mark[i] == s->generation && s->line[i] == line)
			return;
		if (s->mark[i] != s->generation) {
			if (s->lines >= SERIES_LINES_MOST / 2)
				return;
			s->mark[i] = s->generation;
			s->line[i] = line;
			s->lines++;
			return;
		}
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
	put(s, SERIES_LINES, cell, (double)s->lines, true);
	put(s, SERIES_MOVED, cell, (double)s->moved, true);
}

static void begin_operation(struct series *s, const struct event *e)
{
	end_operation(s);
	s->op++;
	s->mine = !e->a || e->a == s->map;
	s->probes = s->lengths = s->moved = 0;
	s->lines = 0;
	s->generation++;
}

static void add_event(struct series *s, const struct event *e)
{
	if (e->kind == EV_OP) {
		begin_operation(s, e);
		return;
	}
	if (!s->mine || (e->map && e->map != s->map))
		return;
	if (e->kind == EV_WRITE || event_info[e->kind].role == EVENT_read)
		for (uint64_t at = e->addr / LINE; at <= (e->addr + e->size - !!e->size) / LINE && at < e->addr / LINE + 64; at++)
			touch_line(s, at);
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
	for (uint32_t i = 0; i < c->count; i++)
		if (c->events[i].kind < EV_COUNT)
			add_event(s, &c->events[i]);
	uint64_t next = c->first + c->count;
	s->next = next > s->source->steps ? 0 : next;
	if (!s->next)
		end_operation(s);
	return s->next != 0;
}

unsigned series_percent(const struct series *s)
{
	return s->next ? (unsigned)((double)s->next * 100 / (double)s->source->steps) : 100;
}
