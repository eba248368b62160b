/* The chunks of a recording; see walk.h. */
#include "trace/record/walk.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdio.h>

void walk_init(struct walk *w, struct source *source, uint64_t from)
{
	*w = (struct walk){ .source = source, .next = from };
}

void walk_again(struct walk *w, struct source *source, uint64_t from)
{
	struct chunk chunk = w->chunk, facts = w->facts;
	chunk.count = facts.count = 0;
	*w = (struct walk){ .source = source, .next = from, .chunk = chunk, .facts = facts };
}

void walk_release(struct walk *w)
{
	chunk_release(&w->chunk);
	chunk_release(&w->facts);
	*w = (struct walk){ 0 };
}

static bool holds(const struct chunk *c, uint64_t step)
{
	return step >= c->first && step - c->first < c->count;
}

/* The chunk is what the source gave for a step; status is what the source said. */
static int take(struct walk *w, struct chunk *c, uint64_t step, int status)
{
	if (status == 0 && !holds(c, step)) {
		snprintf(w->source->error, sizeof w->source->error,
			_("%s is damaged: steps overlap at %" PRIu64), w->source->name, step);
		status = -1;
	}
	if (status != 0) {
		c->count = 0; /* whatever was there is gone */
		return -1;
	}
	w->first = c->first;
	w->last = c->first + c->count - 1;
	return 0;
}

int walk_chunk(struct walk *w, uint64_t step)
{
	struct chunk *c = &w->chunk;
	return take(w, c, step, holds(c, step) ? 0 : w->source->chunk(w->source, step, c));
}

int walk_facts(struct walk *w, uint64_t step)
{
	if (!w->source->facts)
		return 0;
	return take(w, &w->facts, step, w->source->facts(w->source, step, &w->facts)) == 0 ? 1 : -1;
}

bool walk_lacks(struct walk *w, uint64_t step, const struct kind_set *kinds)
{
	struct kind_set has;
	uint64_t first;
	uint32_t count;
	if (!w->source->kinds || w->source->kinds(w->source, step, &first, &count, &has) != 0)
		return false; /* decoding says why */
	if (step < first || step - first >= count || kinds_meet(&has, kinds))
		return false;
	w->first = first;
	w->last = first + count - 1;
	return true;
}

const struct event *walk_event(struct walk *w, uint64_t step)
{
	return walk_chunk(w, step) == 0 ? &w->chunk.events[step - w->chunk.first] : NULL;
}

bool walk_next(struct walk *w, uint64_t to, const struct kind_set *kinds)
{
	if (to > w->source->steps)
		to = w->source->steps;
	while (w->next <= to && kinds && walk_lacks(w, w->next, kinds))
		w->next = w->last + 1;
	if (w->next > to || w->failed)
		return false;
	w->failed = walk_chunk(w, w->next) != 0;
	if (w->failed)
		return false;
	uint64_t end = w->last < to ? w->last : to;
	w->step = w->next;
	w->event = &w->chunk.events[w->step - w->first];
	w->n = (uint32_t)(end - w->step + 1);
	w->next = end + 1;
	return true;
}
