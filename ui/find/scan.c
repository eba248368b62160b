/* Looks through a recording for an event; see scan.h. */
#include "ui/find/scan.h"

#include <stdlib.h>
#include <string.h>

/* Chunks passed over in a piece: each costs two look-ups in the trace, some microseconds. */
enum { SCAN_PASSED = 64 };

void scan_start(struct scan *s, struct source *source, const struct scan_query *q, uint64_t from,
	uint64_t limit, bool backwards)
{
	if (s->memory.source && s->memory.source != source) {
		player_release(&s->memory);
		s->memory.source = NULL;
	}
	s->source = source;
	s->query = *q;
	s->backwards = backwards;
	s->from = from;
	s->limit = limit;
	s->at = backwards ? from - 1 : from + 1;
	s->found = 0;
	walk_again(&s->walk, source, from);
	walk_again(&s->before, source, from);
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
	walk_release(&s->walk);
	walk_release(&s->before);
	if (s->memory.source)
		player_release(&s->memory);
	s->memory.source = NULL;
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

const struct event *scan_before(struct scan *s, uint32_t i, unsigned n)
{
	if (i >= n)
		return &s->walk.chunk.events[i - n];
	uint64_t step = s->walk.chunk.first + i;
	return step > n ? walk_event(&s->before, step - n) : NULL;
}

const struct reader *scan_memory(struct scan *s, uint32_t i)
{
	if (!s->memory.source)
		player_init(&s->memory, s->source);
	if (player_seek(&s->memory, s->walk.chunk.first + i) != 0)
		return NULL;
	return image_reader(s->memory.image);
}

/* Has the chunk that holds step nothing to look at?  Its steps are in s->walk then. */
static bool may_pass(struct scan *s, uint64_t step)
{
	const struct kind_set *kinds = &s->query.kinds;
	if (!walk_lacks(&s->walk, step, kinds))
		return false;
	/* what goes before a match may stand at the end of the chunk before */
	return s->walk.first <= 1 || walk_lacks(&s->before, s->walk.first - 1, kinds);
}

/* Moves on behind the chunk that s->walk is at. */
static void pass(struct scan *s)
{
	s->at = s->backwards ? s->walk.first - 1 : s->walk.last + 1;
}

/* Looks at the facts of a chunk alone.  1: none matches, and it is behind; 0: look at all of it; -1: failed.
 */
static int pass_facts(struct scan *s)
{
	int got = s->query.fact ? walk_facts(&s->walk, s->at) : 0;
	if (got <= 0)
		return got;
	for (uint32_t i = 0; i < s->walk.facts.facts; i++)
		if (s->query.fact(s->query.context, &s->walk.facts.events[i]))
			return 0;
	pass(s);
	return 1;
}

static bool decoded(const struct scan *s)
{
	return s->at >= s->walk.chunk.first && s->at - s->walk.chunk.first < s->walk.chunk.count;
}

static enum scan_state look(struct scan *s)
{
	const struct chunk *c = &s->walk.chunk;
	int passed = decoded(s) ? 0 : pass_facts(s);
	if (passed || walk_chunk(&s->walk, s->at) != 0)
		return passed > 0 ? SCAN_MORE : SCAN_FAILED;
	while (!over(s) && s->at >= s->walk.first && s->at <= s->walk.last) {
		uint32_t i = (uint32_t)(s->at - c->first);
		if ((!s->query.fact || c->events[i].kind <= EV_FREE) &&
			s->query.match(s->query.context, s, i)) {
			s->found = s->at;
			return SCAN_FOUND;
		}
		s->at += s->backwards ? UINT64_MAX : 1;
	}
	return SCAN_MORE;
}

enum scan_state scan_piece(struct scan *s)
{
	for (int i = 0; i < SCAN_PASSED; i++) {
		if (over(s))
			return SCAN_END;
		if (decoded(s) || !may_pass(s, s->at)) {
			enum scan_state state = look(s);
			return state == SCAN_MORE && over(s) ? SCAN_END : state;
		}
		pass(s);
	}
	return SCAN_MORE;
}
