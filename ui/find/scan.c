/* Looks through a recording for an event; see scan.h. */
#include "ui/find/scan.h"

#include <stdlib.h>
#include <string.h>

/* Chunks passed over in a piece: each costs two look-ups in the trace, some microseconds. */
enum { SCAN_PASSED = 64 };

void scan_start(struct scan *s, struct source *source, const struct scan_query *q, uint64_t from, uint64_t limit, bool backwards)
{
	s->source = source;
	s->query = *q;
	s->backwards = backwards;
	s->from = from;
	s->limit = limit;
	s->at = backwards ? from - 1 : from + 1;
	s->found = 0;
	s->chunk.count = s->before.count = 0; /* a source that grows has other chunks now */
	if (from == 0 && backwards)
		s->at = 0;
}

void scan_again(struct scan *s, uint64_t from, uint64_t limit)
{
	s->at = s->backwards ? from - 1 : from + 1;
	s->limit = limit;
}

void scan_release(struct scan *s)
{
	chunk_release(&s->chunk);
	chunk_release(&s->before);
	s->chunk = s->before = (struct chunk){ 0 };
}

static bool over(const struct scan *s)
{
	if (s->at == 0 || s->at > s->source->steps)
		return true;
	return s->backwards ? s->at <= s->limit : s->at >= s->limit;
}

double scan_done(const struct scan *s)
{
	double all, done;
	if (s->backwards) {
		all = (double)(s->from - s->limit);
		done = (double)(s->from - s->at);
	} else {
		uint64_t end = s->limit <= s->source->steps ? s->limit : s->source->steps + 1;
		all = (double)(end - s->from);
		done = (double)(s->at - s->from);
	}
	return all > 0 && done > 0 ? (done < all ? done / all : 1) : 0;
}

static bool chunk_holds(const struct chunk *c, uint64_t step)
{
	return step >= c->first && step - c->first < c->count;
}

const struct event *scan_before(struct scan *s, uint32_t i, unsigned n)
{
	if (i >= n)
		return &s->chunk.events[i - n];
	uint64_t step = s->chunk.first + i;
	if (step <= n)
		return NULL;
	step -= n;
	if (!chunk_holds(&s->before, step) && (s->source->chunk(s->source, step, &s->before) != 0 || !chunk_holds(&s->before, step))) {
		s->before.count = 0;
		return NULL;
	}
	return &s->before.events[step - s->before.first];
}

/* The steps of the chunk that holds step.  false: its end must be looked at event by event. */
static bool may_pass(struct scan *s, uint64_t step, uint64_t *ret_first, uint64_t *ret_last)
{
	struct kind_set set;
	uint32_t count;
	uint64_t first, none;
	if (!s->source->kinds || s->source->kinds(s->source, step, &first, &count, &set) != 0 || step - first >= count)
		return false;
	*ret_first = first;
	*ret_last = first + count - 1;
	if (kinds_meet(&set, &s->query.kinds))
		return false;
	if (first > 1) { /* what goes before a match may stand at the end of the chunk before */
		if (s->source->kinds(s->source, first - 1, &none, &count, &set) != 0)
			return false;
	}
	return !kinds_meet(&set, &s->query.kinds);
}

/* Moves on behind a chunk. */
static void pass(struct scan *s, uint64_t first, uint64_t last)
{
	s->at = s->backwards ? first - 1 : last + 1;
}

/* Looks at the facts of a chunk alone.  1: none matches, and it is behind; 0: look at all of it. */
static int pass_facts(struct scan *s)
{
	struct chunk *c = &s->chunk;
	if (!s->query.fact || !s->source->facts)
		return 0;
	if (s->source->facts(s->source, s->at, c) != 0 || !chunk_holds(c, s->at)) {
		c->count = 0;
		return -1;
	}
	for (uint32_t i = 0; i < c->facts; i++)
		if (s->query.fact(s->query.context, &c->events[i])) {
			c->count = 0; /* not all of its events are here */
			return 0;
		}
	pass(s, c->first, c->first + c->count - 1);
	c->count = 0;
	return 1;
}

static enum scan_state look(struct scan *s)
{
	struct chunk *c = &s->chunk;
	if (!chunk_holds(c, s->at)) {
		int passed = pass_facts(s);
		if (passed)
			return passed < 0 ? SCAN_FAILED : SCAN_MORE;
		if (s->source->chunk(s->source, s->at, c) != 0 || !chunk_holds(c, s->at)) {
			c->count = 0;
			return SCAN_FAILED;
		}
	}
	uint64_t last = c->first + c->count - 1;
	while (!over(s) && s->at >= c->first && s->at <= last) {
		uint32_t i = (uint32_t)(s->at - c->first);
		if ((!s->query.fact || c->events[i].kind <= EV_FREE) && s->query.match(s->query.context, s, i)) {
			s->found = s->at;
			return SCAN_FOUND;
		}
		s->at += s->backwards ? UINT64_MAX : 1;
	}
	return SCAN_MORE;
}

enum scan_state scan_piece(struct scan *s)
{
	uint64_t first, last;
	for (int i = 0; i < SCAN_PASSED; i++) {
		if (over(s))
			return SCAN_END;
		if (chunk_holds(&s->chunk, s->at) || !may_pass(s, s->at, &first, &last)) {
			enum scan_state state = look(s);
			return state == SCAN_MORE && over(s) ? SCAN_END : state;
		}
		pass(s, first, last);
	}
	return SCAN_MORE;
}
