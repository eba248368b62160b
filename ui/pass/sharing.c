/* States of cache lines at a step; see sharing.h. */
#include "ui/pass/sharing.h"

#include <string.h>

enum { APART_LEAST = 1 << 17 };

void sharing_release(struct sharing *c)
{
	mesi_release(&c->mesi);
	mesi_release(&c->near.mesi);
	for (size_t i = 0; i < SHARING_MARKS; i++)
		mesi_release(&c->mark[i].mesi);
	locator_release(&c->locator);
	chunk_release(&c->events);
	*c = (struct sharing){ 0 };
}

static void begin(struct sharing *c, struct source *source)
{
	sharing_release(c);
	c->source = source;
	c->apart = APART_LEAST;
	mesi_init(&c->mesi, LINE_USUAL, SHARING_LINES, source);
	locator_init(&c->locator, source);
}

/* Goes back to the newest copy that is not after want; without one to the beginning. */
static void go_back(struct sharing *c)
{
	const struct sharing_mark *best = NULL;
	if (c->near.mesi.line_size && c->near.step <= c->want)
		best = &c->near;
	for (size_t i = 0; !best && i < c->marks; i++)
		if (c->mark[c->marks - 1 - i].step <= c->want)
			best = &c->mark[c->marks - 1 - i];
	if (best) {
		mesi_copy(&c->mesi, &best->mesi);
		c->at = best->step;
		return;
	}
	mesi_release(&c->mesi);
	mesi_init(&c->mesi, LINE_USUAL, SHARING_LINES, c->source);
	c->at = 0;
}

/* Keeps a copy when the last one is far enough; when there is no room every other goes. */
static void mark(struct sharing *c)
{
	uint64_t last = c->marks ? c->mark[c->marks - 1].step : 0;
	if (c->at < last + c->apart)
		return;
	if (c->marks == SHARING_MARKS) {
		for (size_t i = 1; i < SHARING_MARKS; i += 2) { /* their memory stays in use */
			struct sharing_mark spare = c->mark[i / 2];
			c->mark[i / 2] = c->mark[i];
			c->mark[i] = spare;
		}
		c->marks = SHARING_MARKS / 2;
		c->apart *= 2;
	}
	struct sharing_mark *m = &c->mark[c->marks];
	mesi_copy(&m->mesi, &c->mesi);
	m->step = c->at;
	c->marks++;
}

bool sharing_work(struct sharing *c)
{
	struct chunk *k = &c->events;
	if (!sharing_busy(c))
		return false;
	uint64_t next = c->at + 1;
	if (k->count == 0 || next < k->first || next - k->first >= k->count)
		if (c->source->chunk(c->source, next, k) != 0 || next < k->first || next - k->first >= k->count) {
			c->failed = true;
			return false;
		}
	uint64_t last = k->first + k->count - 1;
	if (next == k->first) {
		mark(c);
		if (c->want <= last) {
			mesi_copy(&c->near.mesi, &c->mesi);
			c->near.step = c->at;
		}
	}
	for (; next <= last && next <= c->want; next++) {
		const struct event *e = &k->events[next - k->first];
		if (e->kind >= EV_COUNT)
			continue;
		if (next > c->named) {
			locator_event(&c->locator, e);
			c->named = next;
		}
		mesi_event(&c->mesi, e, next);
	}
	c->at = next - 1;
	return sharing_busy(c);
}

void sharing_ask(struct sharing *c, struct source *source, uint64_t step)
{
	/* a session that takes steps back, or puts others in their place, has another recording */
	if (c->source != source || c->at > source->steps)
		begin(c, source);
	c->want = step;
	if (step < c->at)
		go_back(c);
	sharing_work(c);
	if (sharing_busy(c) && c->want - c->at <= c->events.count) /* the step is in the next chunk */
		sharing_work(c);
}

unsigned sharing_percent(const struct sharing *c)
{
	return c->want ? (unsigned)((double)c->at * 100 / (double)c->want) : 100;
}
