/* Numbers over operations; see series.h. */
#include "ui/pass/series.h"

#include <string.h>

static bool init(void *state, struct source *source, void *about)
{
	struct series *s = state;
	s->about = *(const struct series_about *)about;
	s->source = source;
	s->n = source->ops < SERIES_CELLS ? (size_t)source->ops : SERIES_CELLS;
	return traffic_init(&s->traffic, source, &s->about.caches);
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
	s->mine = !e->a || e->a == s->about.map;
	s->probes = s->lengths = s->moved = 0;
}

static void add_event(struct series *s, const struct event *e)
{
	if (e->kind == EV_OP) {
		begin_operation(s, e);
		return;
	}
	if (!s->mine || (e->map && e->map != s->about.map))
		return;
	switch (e->kind) {
	case EV_HEADER:
		s->count = e->a;
		s->B = (unsigned)(e->c & 63);
		break;
	case EV_DONE: s->count = e->b; break;
	case EV_TOPHASH: s->probes++; break;
	case EV_LENGTH:
	case EV_KEY: s->lengths++; break;
	case EV_MOVE: s->moved += s->about.entry; break;
	case EV_OVERFLOW: s->overflow++; break;
	case EV_GROWTH:
		s->B = (unsigned)(e->c & 63);
		s->overflow = 0;
		break;
	case EV_PHASE:
		if (e->a == PHASE_CLEAR)
			s->overflow = 0;
		break;
	default: break;
	}
}

static uint32_t events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	struct series *s = state;
	uint64_t most = counts_accesses(&s->traffic.all) + SERIES_WORDS;
	uint32_t i = 0;
	for (; i < n && counts_accesses(&s->traffic.all) < most; i++)
		if (e[i].kind < EV_COUNT) {
			add_event(s, &e[i]); /* an operation that begins ends the one before: its lines are
						still there */
			traffic_event(&s->traffic, &e[i]);
		}
	if (step + i > s->source->steps)
		end_operation(s);
	return i;
}

static void release(void *state)
{
	traffic_release(&((struct series *)state)->traffic);
}

static const struct pass_info info = { .size = sizeof(struct series),
	.about = sizeof(struct series_about),
	.init = init,
	.events = events,
	.release = release };

bool series_is(const struct pass *p, const struct source *source, uint32_t map)
{
	return pass_reads(p, source) && series_now(p)->about.map == map;
}

void series_ask(struct pass *p, struct source *source, uint32_t map, const struct cache_shape *caches)
{
	struct series_about about = { .map = map, .caches = *caches };
	struct map_shape shape;
	struct map_view v;
	if (series_is(p, source, map) && memcmp(&series_now(p)->about.caches, caches, sizeof *caches) == 0)
		return;
	map_open_type(&v, &source->map[map - 1]);
	if (v.kind->shape(&v, &shape))
		about.entry = shape.entry;
	pass_begin(p, &info, source, &about);
	pass_go(p, source->ops ? source->steps : 0, 0);
}

const struct series *series_now(const struct pass *p)
{
	static const struct series none;
	return p->info ? pass_state(p) : &none;
}
