/* The caches at a step; see cacherun.h. */
#include "ui/pass/cache.h"

#include <string.h>

static void forget(struct cacherun *c)
{
	traffic_release(&c->at);
	traffic_release(&c->near);
	for (size_t i = 0; i < c->copies; i++)
		traffic_release(&c->copy[i]);
	c->copies = c->bytes = 0;
}

void cacherun_release(struct cacherun *c)
{
	forget(c);
	chunk_release(&c->events);
	memset(c, 0, sizeof *c);
}

static void fail(struct cacherun *c)
{
	forget(c);
	c->failed = true;
}

/* Every second copy goes. */
static void thin(struct cacherun *c)
{
	size_t n = 0;
	c->bytes = 0;
	for (size_t i = 0; i < c->copies; i++) {
		if (i % 2 == 0) {
			traffic_release(&c->copy[i]);
			continue;
		}
		c->bytes += traffic_bytes(&c->copy[i]);
		c->copy[n++] = c->copy[i];
	}
	for (size_t i = n; i < c->copies; i++)
		memset(&c->copy[i], 0, sizeof c->copy[i]);
	c->copies = n;
	c->apart *= 2;
}

/* A copy is kept at the newest place so far, when it is far enough from the one before. */
static void keep(struct cacherun *c)
{
	uint64_t last = c->copies ? c->copy[c->copies - 1].step : 0;
	size_t bytes = traffic_bytes(&c->at);
	if (c->at.step < last + c->apart || bytes > CACHERUN_BYTES / 4)
		return;
	if (c->copies == CACHERUN_COPIES || c->bytes + bytes > CACHERUN_BYTES)
		thin(c);
	if (traffic_copy(&c->copy[c->copies], &c->at)) {
		c->copies++;
		c->bytes += bytes;
	}
}

/* To the newest state that is known at or before the step. */
static bool go_back(struct cacherun *c)
{
	const struct traffic *best = NULL;
	for (size_t i = 0; i < c->copies && c->copy[i].step <= c->wanted; i++)
		best = &c->copy[i];
	if (c->near.cache.l1.tag && c->near.step <= c->wanted && (!best || c->near.step >= best->step))
		best = &c->near;
	if (best)
		return traffic_copy(&c->at, best);
	traffic_release(&c->at);
	return traffic_init(&c->at, c->source, &c->shape);
}

/* Is there a copy between here and the step, so that the way from it is shorter? */
static bool copy_ahead(const struct cacherun *c)
{
	for (size_t i = c->copies; i-- > 0;)
		if (c->copy[i].step <= c->wanted)
			return c->copy[i].step > c->at.step;
	return false;
}

static bool has_step(const struct chunk *k, uint64_t step)
{
	return k->count && step >= k->first && step - k->first < k->count;
}

bool cacherun_work(struct cacherun *c)
{
	struct chunk *k = &c->events;
	if (!cacherun_busy(c))
		return false;
	if ((c->at.step > c->wanted || copy_ahead(c)) && !go_back(c)) {
		fail(c);
		return false;
	}
	uint64_t step = c->at.step + 1;
	if (step > c->wanted)
		return false;
	if (!has_step(k, step) && (c->source->chunk(c->source, step, k) != 0 || !has_step(k, step))) {
		fail(c);
		return false;
	}
	if (step == k->first) {
		keep(c);
		traffic_copy(&c->near, &c->at);
	}
	uint64_t most = counts_accesses(&c->at.all) + CACHERUN_WORDS;
	for (; step <= c->wanted && step - k->first < k->count && counts_accesses(&c->at.all) < most; step++)
		if (k->events[step - k->first].kind < EV_COUNT)
			traffic_event(&c->at, &k->events[step - k->first]);
		else
			c->at.step++;
	if (c->at.failed)
		fail(c);
	return cacherun_busy(c);
}

void cacherun_ask(struct cacherun *c, struct source *source, const struct cache_shape *s, uint64_t step)
{
	if (c->source != source || memcmp(&c->shape, s, sizeof *s) != 0) {
		forget(c);
		c->source = source;
		c->shape = *s;
		c->apart = CACHERUN_APART;
		c->failed = !traffic_init(&c->at, source, s);
		c->events.count = 0;
	}
	c->wanted = step < source->steps ? step : source->steps;
	/* The next chunk at most: frames of single steps are never without it. */
	for (int i = 0; i < 2 && cacherun_busy(c); i++)
		cacherun_work(c);
}
