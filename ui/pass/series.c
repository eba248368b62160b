/* Numbers over operations; see series.h. */
#include "ui/pass/series.h"

#include "trace/base/memory.h"
#include "trace/base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct series_info shared[SERIES_OWN] = {
	[SERIES_LINES] = { N_("cache lines touched by an operation"), S_ELEM, false, false, 0 },
	[SERIES_L1] = { N_("misses in L1 by an operation, in the model of the cache view"), S_PTR, false,
		false, 0 },
	[SERIES_L2] = { N_("misses in L2, so that memory is read"), S_PTR, false, false, 0 },
};

static unsigned own(const struct series *s)
{
	return s->about.kind ? s->about.kind->own : 0;
}

unsigned series_count(const struct series *s)
{
	return SERIES_OWN + own(s);
}

unsigned series_shown(const struct series *s, unsigned i)
{
	return s->about.kind ? s->about.kind->order[i] : i;
}

const struct series_info *series_info(const struct series *s, unsigned k)
{
	return k < SERIES_OWN ? &shared[k] : &s->about.kind->info[k - SERIES_OWN];
}

size_t series_cell(const struct series *s, uint64_t op)
{
	size_t cell = (size_t)((double)(op - 1) * (double)s->n / (double)s->source->ops);
	return cell < s->n ? cell : s->n - 1;
}

bool series_of(const struct series *s, unsigned k, uint64_t op, double *ret)
{
	if (!s->by_op || !op || op > s->source->ops)
		return false;
	*ret = s->by_op[(size_t)(op - 1) * series_count(s) + k];
	return !isnan(*ret);
}

/* ---- the pass ---- */

static bool init(void *state, struct source *source, void *about)
{
	struct series *s = state;
	s->about = *(const struct series_about *)about;
	s->source = source;
	s->n = source->ops < SERIES_CELLS ? (size_t)source->ops : SERIES_CELLS;
	if (s->about.kind && s->about.kind->init)
		s->about.kind->init(s->own, &source->map[s->about.map - 1]);
	size_t numbers = source->ops <= SERIES_OPS ? (size_t)source->ops * series_count(s) : 0;
	s->by_op = numbers ? memory_array(numbers, sizeof *s->by_op) : NULL;
	for (size_t i = 0; i < numbers; i++)
		s->by_op[i] = NAN;
	return traffic_init(&s->traffic, source, &s->about.caches);
}

static double value(const struct series *s, unsigned k)
{
	switch (k) {
	case SERIES_LINES: return (double)s->traffic.lines;
	case SERIES_L1: return (double)counts_l1_misses(&s->traffic.operation);
	case SERIES_L2: return (double)counts_l2_misses(&s->traffic.operation);
	default: return s->about.kind->value(s->own, k - SERIES_OWN);
	}
}

static void end_operation(struct series *s)
{
	if (!s->op || s->op > s->source->ops || !s->mine)
		return;
	size_t cell = series_cell(s, s->op);
	s->known[cell] = true;
	for (unsigned k = 0; k < series_count(s); k++) {
		double v = value(s, k), *at = &s->value[k][cell];
		if (series_info(s, k)->at_end || v > *at)
			*at = v;
		if (s->by_op)
			s->by_op[(size_t)(s->op - 1) * series_count(s) + k] = (float)v;
	}
}

static void begin_operation(struct series *s, const struct event *e)
{
	end_operation(s);
	s->op++;
	s->mine = !e->a || e->a == s->about.map;
	if (s->about.kind && s->about.kind->begin)
		s->about.kind->begin(s->own);
}

static void add_event(struct series *s, const struct event *e)
{
	if (e->kind == EV_OP)
		begin_operation(s, e);
	else if (s->about.kind && s->mine && (!e->map || e->map == s->about.map))
		s->about.kind->event(s->own, e);
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
	free(((struct series *)state)->by_op);
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

void series_ask(struct pass *p, struct source *source, uint32_t map, const struct series_kind *kind,
	const struct cache_shape *caches)
{
	struct series_about about = { .kind = kind, .map = map, .caches = *caches };
	if (series_is(p, source, map) && memcmp(&series_now(p)->about.caches, caches, sizeof *caches) == 0)
		return;
	pass_begin(p, &info, source, &about);
	pass_go(p, source->ops ? source->steps : 0, 0);
}

const struct series *series_now(const struct pass *p)
{
	static const struct series none;
	return p->info ? pass_state(p) : &none;
}
