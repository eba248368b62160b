/* Moves through a recording; see player.h.
 *
 * A step is one event of a decoded chunk, applied or undone.  A seek has three means: stepping within a
 * chunk, going over whole chunks by their facts alone (both directions), and a keyframe.  It takes a keyframe
 * when that saves enough steps to pay for loading it.
 *
 * Invariant: image is the memory at step, also after a failure.
 */
#include "trace/record/player.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* What a step costs in a seek, and a KiB of a keyframe, in nanoseconds: measured with db's reader,
	 * about a third of the events being facts.  Only their proportion matters. */
	STEP_COST = 12,
	KIB_COST = 500,
	KEYFRAME_COST = 100000, /* whatever its size */
};

void player_init(struct player *p, struct source *source)
{
	memset(p, 0, sizeof *p);
	p->source = source;
	p->image = image_new();
}

void player_release(struct player *p)
{
	for (int i = 0; i < PLAYER_CHUNKS; i++)
		chunk_release(&p->chunk[i]);
	chunk_release(&p->facts);
	image_free(p->image);
	p->image = NULL;
}

static int player_fail(struct player *p, const char *message)
{
	snprintf(p->error, sizeof p->error, "%s", _(message));
	return -1;
}

static bool chunk_has(const struct chunk *c, uint64_t step)
{
	return step - c->first < c->count;
}

/* The decoded chunk that holds step; NULL: damaged. */
static struct chunk *player_chunk(struct player *p, uint64_t step)
{
	int oldest = 0;
	for (int i = 0; i < PLAYER_CHUNKS; i++) {
		if (chunk_has(&p->chunk[i], step)) {
			p->used[i] = ++p->clock;
			return &p->chunk[i];
		}
		if (p->used[i] < p->used[oldest])
			oldest = i;
	}
	struct chunk *c = &p->chunk[oldest];
	if (p->source->chunk(p->source, step, c) != 0 || !chunk_has(c, step)) {
		c->count = 0;
		p->used[oldest] = 0;
		player_fail(p, p->source->error);
		return NULL;
	}
	p->used[oldest] = ++p->clock;
	return c;
}

static int step_fail(struct player *p, uint64_t step)
{
	snprintf(p->error, sizeof p->error, _("%s is damaged at step %" PRIu64 ": %s"), p->source->name, step,
		image_error(p->image));
	return -1;
}

static inline bool is_fact(const struct event *e)
{
	return e->kind <= EV_FREE;
}
_Static_assert(EV_ALLOC == 0 && EV_WRITE == 1 && EV_FREE == 2, "facts come first");

/* Steps forward within c, to its end or to step. */
static int forward_in(struct player *p, const struct chunk *c, uint64_t step)
{
	uint64_t end = c->first + c->count - 1 < step ? c->first + c->count - 1 : step;
	while (p->step < end) {
		const struct event *e = &c->events[p->step + 1 - c->first];
		if (is_fact(e) && !image_apply(p->image, e))
			return step_fail(p, p->step + 1);
		p->step++;
	}
	return 0;
}

static int back_in(struct player *p, const struct chunk *c, uint64_t step)
{
	uint64_t end = c->first - 1 > step ? c->first - 1 : step;
	while (p->step > end) {
		const struct event *e = &c->events[p->step - c->first];
		if (is_fact(e) && !image_undo(p->image, e))
			return step_fail(p, p->step);
		p->step--;
	}
	return 0;
}

/* From one end of the chunk in p->facts to the other by its facts.  When one does not fit, back to where it
 * began. */
static int pass_forward(struct player *p)
{
	const struct chunk *c = &p->facts;
	for (uint32_t i = 0; i < c->facts; i++)
		if (!image_apply(p->image, &c->events[i])) {
			step_fail(p, c->first);
			while (i-- > 0)
				image_undo(p->image, &c->events[i]);
			return -1;
		}
	p->step = c->first + c->count - 1;
	return 0;
}

static int pass_back(struct player *p)
{
	const struct chunk *c = &p->facts;
	for (uint32_t i = c->facts; i-- > 0;)
		if (!image_undo(p->image, &c->events[i])) {
			step_fail(p, c->first);
			while (++i < c->facts)
				image_apply(p->image, &c->events[i]);
			return -1;
		}
	p->step = c->first - 1;
	return 0;
}

static bool chunk_decoded(const struct player *p, uint64_t step)
{
	for (int i = 0; i < PLAYER_CHUNKS; i++)
		if (chunk_has(&p->chunk[i], step))
			return true;
	return false;
}

/* Goes to step without a keyframe. */
static int player_walk(struct player *p, uint64_t step)
{
	while (p->step != step) {
		bool forward = p->step < step;
		uint64_t next = forward ? p->step + 1 : p->step;
		struct chunk *c = NULL;
		if (p->source->facts && !chunk_decoded(p, next)) {
			if (p->source->facts(p->source, next, &p->facts) != 0 ||
				!chunk_has(&p->facts, next)) {
				p->facts.count = 0;
				return player_fail(p, p->source->error);
			}
			uint64_t first = p->facts.first, last = first + p->facts.count - 1;
			if (forward && next == first && last <= step) {
				if (pass_forward(p) != 0)
					return -1;
				continue;
			}
			if (!forward && next == last && first - 1 >= step) {
				if (pass_back(p) != 0)
					return -1;
				continue;
			}
		}
		if (!(c = player_chunk(p, next)) ||
			(forward ? forward_in(p, c, step) : back_in(p, c, step)) != 0)
			return -1;
	}
	return 0;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a < b ? b - a : a - b;
}

/* The keyframe to start from for step: the nearer one of the two around it, when walking from it instead of
 * from where the player stands saves more than loading it costs.  UINT64_MAX: none; a source may not know its
 * keyframes. */
static int keyframe_choose(struct player *p, uint64_t step, uint64_t *ret)
{
	uint64_t walk = distance(p->step, step), before, after;
	*ret = UINT64_MAX;
	if (walk * STEP_COST <= KEYFRAME_COST)
		return 0;
	if (!p->source->keyframes) {
		*ret = step;
		return 0;
	}
	if (p->source->keyframes(p->source, step, &before, &after) != 0)
		return player_fail(p, p->source->error);
	uint64_t nearer = after && distance(after, step) < distance(before, step) ? after : before;
	uint64_t load = KEYFRAME_COST + image_live_bytes(p->image) / 1024 * KIB_COST,
		 rest = distance(nearer, step);
	if (walk > rest && (walk - rest) * STEP_COST > load)
		*ret = nearer;
	return 0;
}

/* After a keyframe that could not be used: the beginning, where everything is known. */
static void player_rewind(struct player *p)
{
	image_clear(p->image);
	p->step = 0;
}

int player_seek(struct player *p, uint64_t step)
{
	if (step > p->source->steps)
		step = p->source->steps;
	uint64_t keyframe, was = p->step;
	if (keyframe_choose(p, step, &keyframe) != 0)
		return -1;
	if (keyframe != UINT64_MAX) {
		if (p->source->keyframe(p->source, keyframe, p->image, &p->step) != 0) {
			char why[sizeof p->error];
			snprintf(why, sizeof why, "%s", p->source->error);
			player_rewind(p);
			player_walk(p, was);
			return player_fail(p, why);
		}
	}
	return player_walk(p, step);
}

int player_forward(struct player *p)
{
	if (p->step >= p->source->steps)
		return 0;
	struct chunk *c = player_chunk(p, p->step + 1);
	return c ? forward_in(p, c, p->step + 1) : -1;
}

int player_back(struct player *p)
{
	if (p->step == 0)
		return 0;
	struct chunk *c = player_chunk(p, p->step);
	return c ? back_in(p, c, p->step - 1) : -1;
}

const struct event *player_event(struct player *p, uint64_t step)
{
	if (step == 0 || step > p->source->steps)
		return NULL;
	struct chunk *c = player_chunk(p, step);
	return c ? &c->events[step - c->first] : NULL;
}

void chunk_release(struct chunk *c)
{
	free(c->events);
	free(c->data);
	*c = (struct chunk){ 0 };
}
