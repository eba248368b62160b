/* The caches at a step; see cache.h. */
#include "ui/pass/cache.h"

#include <string.h>

static bool init(void *state, struct source *source, void *shape)
{
	return traffic_init(state, source, shape);
}

static uint32_t events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	struct traffic *t = state;
	uint64_t most = counts_accesses(&t->all) + CACHE_WORDS;
	uint32_t i = 0;
	(void)step;
	for (; i < n && counts_accesses(&t->all) < most; i++)
		if (e[i].kind < EV_COUNT)
			traffic_event(t, &e[i]);
		else
			t->step++;
	return i;
}

static bool copy(void *to, const void *from)
{
	return traffic_copy(to, from);
}
static size_t bytes(const void *state)
{
	return traffic_bytes(state);
}
static void release(void *state)
{
	traffic_release(state);
}

static const struct pass_info info = { .size = sizeof(struct traffic),
	.about = sizeof(struct cache_shape),
	.init = init,
	.events = events,
	.copy = copy,
	.bytes = bytes,
	.release = release };

void cache_ask(struct pass *p, struct source *source, const struct cache_shape *s, uint64_t step)
{
	if (!pass_reads(p, source) || memcmp(p->about, s, sizeof *s) != 0)
		pass_begin(p, &info, source, s);
	pass_go(p, step, 2); /* the next chunk at most: frames of single steps are never without it */
}
