/* A recording that grows; see live.h. */
#include "src/session/live.h"

#include "trace/base/grown.h"
#include "trace/base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct live *live_of_sink(struct sink *s)
{
	return (struct live *)(void *)s; /* first */
}

static struct live *live_of_source(struct source *s)
{
	return (struct live *)(void *)((char *)s - offsetof(struct live, source));
}

static const char *keep_text(struct live *l, const char *text)
{
	if (!text)
		return NULL;
	size_t n = strlen(text) + 1;
	return memcpy(pool_alloc(&l->pool, n), text, n);
}

static void keep_bytes(struct live *l, union event_bytes *b, uint64_t size)
{
	if (size > 8 && b->p)
		b->p = memcpy(pool_alloc(&l->pool, size), b->p, size);
}

/* ---- the sink ---- */

static void live_map(struct sink *s, const struct map_info *m)
{
	struct live *l = live_of_sink(s);
	l->map = grown(l->map, &l->maps_cap, l->source.maps, sizeof *l->map);
	l->map[l->source.maps++] = *m;
	l->source.map = l->map;
}

static bool growing(const struct live *l, uint32_t map)
{
	for (size_t i = l->growths; i-- > 0;)
		if (l->growth[i].map == map)
			return l->growth[i].last_step == 0;
	return false;
}

static void live_operation(struct sink *s, const struct operation *o)
{
	struct live *l = live_of_sink(s);
	if (s->failed)
		return;
	l->op = grown(l->op, &l->ops_cap, l->source.ops, sizeof *l->op);
	l->op[l->source.ops++] = (struct live_op){ .first_step = o->first_step, .key = keep_text(l, o->key),
		.elem = keep_text(l, o->elem), .map = o->map, .kind = (uint8_t)o->kind, .growing = growing(l, o->map) };
}

static void keep_growth(struct live *l, const struct event *e, uint32_t map)
{
	if (e->kind == EV_GROWTH) {
		l->growth = grown(l->growth, &l->growths_cap, l->growths, sizeof *l->growth);
		l->growth[l->growths] = (struct growth_row){ .growth = l->growths + 1, .op = l->source.ops, .map = map,
			.first_step = l->source.steps, .reason = e->a ? GROWTH_OVERFLOW : GROWTH_LOAD, .old_B = (uint8_t)e->b,
			.new_B = (uint8_t)e->c };
		l->growths++;
	}
	for (size_t i = l->growths; i-- > 0 && e->kind == EV_PROMOTE;) /* it goes on in read, for ever */
		if (l->growth[i].map == e->c && l->growth[i].last_step == 0)
			l->growth[i].map = (uint32_t)(e->c - 1);
	for (size_t i = l->growths; i-- > 0 && e->kind == EV_GROWN;)
		if (l->growth[i].map == map && l->growth[i].last_step == 0)
			l->growth[i].last_step = l->source.steps;
}

static void keep_span(struct live *l, const struct event *e, uint32_t map)
{
	bool new = e->kind == EV_SPAN && e->c != SPAN_MCENTRAL, cached = e->kind == EV_SPAN && e->a >= 2 && e->a < SPAN_STACK;
	if (new) {
		l->span = grown(l->span, &l->spans_cap, l->spans, sizeof *l->span);
		l->span[l->spans++] = (struct span_row){ .step = l->source.steps, .op = l->source.ops, .addr = e->addr,
			.pages = (uint32_t)e->b, .objects = (uint32_t)e->d, .map = map, .spanclass = (uint8_t)e->a };
	}
	if (cached || (e->kind == EV_MARKING && !e->a)) {
		l->mcache = grown(l->mcache, &l->mcaches_cap, l->mcaches, sizeof *l->mcache);
		l->mcache[l->mcaches++] = (struct mcache_row){ .step = l->source.steps, .addr = cached ? e->addr : 0,
			.spanclass = cached ? (uint8_t)e->a : SPAN_STACK };
	}
	for (size_t i = l->spans; e->kind == EV_UNSPAN && i-- > 0;)
		if (l->span[i].addr == e->addr && !l->span[i].freed_step) {
			l->span[i].freed_step = l->source.steps;
			break;
		}
}

/* Room for one more; a piece that is full is packed. */
static struct event *next_event(struct live *l)
{
	size_t at = l->source.steps++ % LIVE_CHUNK, size;
	if (!l->event)
		l->event = memory_need(malloc(LIVE_CHUNK * sizeof *l->event));
	if (at == 0 && l->source.steps > 1) {
		l->packed = grown(l->packed, &l->packed_cap, l->packed_n, sizeof *l->packed);
		l->packed[l->packed_n++] = live_pack(l->event, LIVE_CHUNK, &size);
	}
	return &l->event[at];
}

static void live_event(struct sink *s, const struct event *e)
{
	struct live *l = live_of_sink(s);
	if (s->failed)
		return;
	if (l->source.steps == LIVE_STEPS) {
		s->failed = true;
		snprintf(s->error, sizeof s->error, _("a session holds at most %d million steps; mapscope record has no such limit"), LIVE_STEPS / 1000000);
		return;
	}
	struct event *kept = next_event(l);
	struct live_op *op = l->source.ops ? &l->op[l->source.ops - 1] : NULL;
	*kept = *e;
	if (e->kind == EV_WRITE || e->kind == EV_FREE)
		keep_bytes(l, &kept->old, e->size);
	if (e->kind == EV_WRITE || e->kind == EV_SAY)
		keep_bytes(l, &kept->new, e->size);
	if (e->kind == EV_MAP || e->kind == EV_OP || e->kind == EV_USE)
		l->current = (uint32_t)e->a; /* as readers of traces have it */
	if (!kept->map || (e->kind != EV_ALLOC && e->kind != EV_FREE))
		kept->map = l->current;
	keep_growth(l, kept, kept->map);
	keep_span(l, kept, kept->map);
	if (op && (e->kind == EV_GROWTH || e->kind == EV_OVERFLOW)) {
		op->growing = op->growing || e->kind == EV_GROWTH;
		op->overflow = op->overflow || e->kind == EV_OVERFLOW;
	}
}

/* ---- the source ---- */

static int source_fail(struct source *s, const char *what)
{
	snprintf(s->error, sizeof s->error, "%s: %s", s->name, what);
	return -1;
}

static int live_chunk(struct source *s, uint64_t step, struct chunk *ret)
{
	struct live *l = live_of_source(s);
	if (step == 0 || step > s->steps)
		return source_fail(s, "there is no such step");
	uint64_t at = (step - 1) / LIVE_CHUNK * LIVE_CHUNK;
	uint32_t n = (uint32_t)(s->steps - at < LIVE_CHUNK ? s->steps - at : LIVE_CHUNK);
	if (ret->events_cap < n) {
		ret->events = memory_resize(ret->events, LIVE_CHUNK * sizeof *ret->events);
		ret->events_cap = LIVE_CHUNK;
	}
	if (at / LIVE_CHUNK < l->packed_n)
		live_unpack(l->packed[at / LIVE_CHUNK], ret->events, n);
	else
		memcpy(ret->events, l->event, n * sizeof *l->event);
	ret->first = at + 1;
	ret->count = n;
	ret->facts = 0;
	return 0;
}

static int live_keyframe(struct source *s, uint64_t step, struct image *image, uint64_t *ret_step)
{
	(void)s;
	(void)step;
	image_clear(image);
	*ret_step = 0;
	return 0;
}

/* The beginning is the only place from which memory is known. */
static int live_keyframes(struct source *s, uint64_t step, uint64_t *ret_before, uint64_t *ret_after)
{
	(void)s;
	(void)step;
	*ret_before = *ret_after = 0;
	return 0;
}

static int live_operation_get(struct source *s, uint64_t op, struct operation *ret)
{
	if (op == 0 || op > s->ops)
		return source_fail(s, "there is no such operation");
	const struct live_op *o = &live_of_source(s)->op[op - 1];
	*ret = (struct operation){ .op = op, .map = o->map, .kind = o->kind, .key = o->key, .elem = o->elem,
		.first_step = o->first_step };
	return 0;
}

static int live_operation_at(struct source *s, uint64_t step, uint64_t *ret_op)
{
	const struct live *l = live_of_source(s);
	uint64_t lo = 0, hi = s->ops; /* operation lo began at or before step */
	while (lo < hi) {
		uint64_t mid = lo + (hi - lo + 1) / 2;
		if (l->op[mid - 1].first_step <= step)
			lo = mid;
		else
			hi = mid - 1;
	}
	*ret_op = lo;
	return 0;
}

static int live_growths(struct source *s, const struct growth_row **ret, size_t *ret_count)
{
	*ret = live_of_source(s)->growth;
	*ret_count = live_of_source(s)->growths;
	return 0;
}

static int live_spans(struct source *s, const struct span_row **ret, size_t *ret_count, const struct mcache_row **ret_mcache,
		      size_t *ret_mcache_count)
{
	const struct live *l = live_of_source(s);
	*ret = l->span;
	*ret_count = l->spans;
	*ret_mcache = l->mcache;
	*ret_mcache_count = l->mcaches;
	return 0;
}

static uint64_t op_steps(const struct live *l, uint64_t op)
{
	uint64_t end = op < l->source.ops ? l->op[op].first_step : l->source.steps + 1;
	return end - l->op[op - 1].first_step;
}

static int live_timeline(struct source *s, uint64_t lo, uint64_t hi, struct timeline_cell *cells, size_t n)
{
	const struct live *l = live_of_source(s);
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
		for (uint64_t op = c->first_op; op <= c->last_op; op++) {
			uint64_t steps = op_steps(l, op);
			c->max_steps = steps > c->max_steps ? steps : c->max_steps;
			c->growing = c->growing || l->op[op - 1].growing;
			c->overflow = c->overflow || l->op[op - 1].overflow;
		}
	}
	return 0;
}

static void live_close(struct source *s)
{
	(void)s;
}

void live_init(struct live *l, const char *name)
{
	*l = (struct live){ 0 };
	l->sink = (struct sink){ .map = live_map, .operation = live_operation, .event = live_event };
	l->source = (struct source){ .complete = true, .chunk = live_chunk, .keyframe = live_keyframe,
		.keyframes = live_keyframes, .operation = live_operation_get, .operation_at = live_operation_at,
		.growths = live_growths, .spans = live_spans, .timeline = live_timeline, .close = live_close };
	snprintf(l->source.name, sizeof l->source.name, "%s", name);
}

void live_release(struct live *l)
{
	while (l->packed_n > 0)
		free(l->packed[--l->packed_n]);
	free(l->packed);
	free(l->event);
	free(l->op);
	free(l->map);
	free(l->growth);
	free(l->span);
	free(l->mcache);
	pool_release(&l->pool);
	*l = (struct live){ 0 };
}
