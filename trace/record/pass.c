/* Folding over a recording; see pass.h. */
#include "trace/record/pass.h"
#include "trace/base/memory.h"
#include "trace/base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Chunks passed over in a slice: each costs two look-ups in the trace, some microseconds. */
enum { PASSED_OVER = 64 };

/* ---- states ---- */

static void empty(const struct pass *p, void *state)
{
	if (p->info->release)
		p->info->release(state);
	memset(state, 0, p->info->size);
}

static void discard(const struct pass *p, struct pass_copy *c)
{
	if (c->state)
		empty(p, c->state);
	free(c->state);
	*c = (struct pass_copy){ 0 };
}

static size_t bytes_of(const struct pass *p, const void *state)
{
	return p->info->bytes ? p->info->bytes(state) : p->info->size;
}

static void forget_copies(struct pass *p)
{
	discard(p, &p->near);
	for (size_t i = 0; i < p->copies; i++)
		discard(p, &p->copy[i]);
	p->copies = p->bytes = 0;
}

/* Copies the state where the pass stands.  false: no memory; there is no copy then. */
static bool keep_in(const struct pass *p, struct pass_copy *c)
{
	if (!c->state)
		c->state = calloc(1, p->info->size);
	if (!c->state || !p->info->copy(c->state, p->state)) {
		discard(p, c);
		return false;
	}
	c->step = p->at;
	return true;
}

/* Every second copy goes. */
static void thin(struct pass *p)
{
	size_t n = 0;
	p->bytes = 0;
	for (size_t i = 0; i < p->copies; i++) {
		if (i % 2 == 0) {
			discard(p, &p->copy[i]);
			continue;
		}
		p->bytes += bytes_of(p, p->copy[i].state);
		p->copy[n++] = p->copy[i];
	}
	memset(&p->copy[n], 0, (p->copies - n) * sizeof *p->copy);
	p->copies = n;
	p->apart *= 2;
}

/* Keeps a copy, when the one before is far enough. */
static void keep(struct pass *p)
{
	uint64_t last = p->copies ? p->copy[p->copies - 1].step : 0;
	if (!p->info->copy || p->at < last + p->apart)
		return;
	size_t bytes = bytes_of(p, p->state);
	if (bytes > PASS_BYTES / 4)
		return;
	if (p->copies == PASS_COPIES || p->bytes + bytes > PASS_BYTES)
		thin(p);
	if (keep_in(p, &p->copy[p->copies])) {
		p->copies++;
		p->bytes += bytes;
	}
}

/* ---- beginning and end ---- */

static bool to_beginning(struct pass *p)
{
	empty(p, p->state);
	p->at = 0;
	return !p->info->init || p->info->init(p->state, p->walk.source, p->about);
}

static enum pass_state fail(struct pass *p, const char *why)
{
	forget_copies(p);
	p->failed = true;
	snprintf(p->error, sizeof p->error, "%s", why);
	return PASS_FAILED;
}

void pass_begin(struct pass *p, const struct pass_info *info, struct source *source, const void *about)
{
	pass_release(p);
	p->info = info;
	p->about = info->about ? memory_copy(about, info->about) : NULL;
	p->apart = info->apart ? info->apart : PASS_APART;
	p->steps = source->steps;
	p->state = memory_get(info->size);
	if (info->kinds)
		p->kinds = info->kinds(p->about);
	walk_init(&p->walk, source, 1);
	if (!to_beginning(p))
		fail(p, _("not enough memory"));
}

void pass_release(struct pass *p)
{
	if (!p->info)
		return;
	forget_copies(p);
	empty(p, p->state);
	free(p->state);
	if (p->info->end)
		p->info->end(p->about);
	free(p->about);
	walk_release(&p->walk);
	memset(p, 0, sizeof *p);
}

/* ---- going ---- */

/* The newest copy at or before the step that is wanted; NULL: there is none. */
static const struct pass_copy *nearest(const struct pass *p)
{
	const struct pass_copy *best = NULL;
	for (size_t i = p->copies; !best && i-- > 0;)
		if (p->copy[i].step <= p->wanted)
			best = &p->copy[i];
	if (p->near.state && p->near.step <= p->wanted && (!best || p->near.step >= best->step))
		best = &p->near;
	return best;
}

/* Takes up a copy where the way from it is shorter, or the only one.  false: no memory. */
static bool jump(struct pass *p)
{
	const struct pass_copy *from = nearest(p);
	bool back = p->at > p->wanted;
	if (!back && (!from || from->step <= p->at))
		return true;
	if (!from)
		return to_beginning(p);
	p->at = from->step;
	if (p->info->copy(p->state, from->state))
		return true;
	memset(p->state, 0, p->info->size);
	return false;
}

/* Takes events of the chunk that the next step is in. */
static enum pass_state fold(struct pass *p)
{
	uint64_t step = p->at + 1;
	if (walk_chunk(&p->walk, step) != 0)
		return fail(p, p->walk.source->error);
	uint64_t last = p->walk.last < p->wanted ? p->walk.last : p->wanted;
	if (step == p->walk.first) {
		keep(p);
		if (p->info->copy && p->wanted <= p->walk.last)
			keep_in(p, &p->near);
	}
	const struct event *e = &p->walk.chunk.events[step - p->walk.first];
	uint32_t taken = p->info->events(p->state, e, (uint32_t)(last - p->at), step);
	if (!taken)
		return fail(p, _("not enough memory"));
	p->at += taken;
	return p->at == p->wanted ? PASS_DONE : PASS_MORE;
}

enum pass_state pass_work(struct pass *p)
{
	if (!pass_busy(p))
		return PASS_DONE;
	if (!jump(p))
		return fail(p, _("not enough memory"));
	for (int i = 0; i < PASSED_OVER && p->at < p->wanted; i++) {
		if (!p->info->kinds || !walk_lacks(&p->walk, p->at + 1, &p->kinds))
			return fold(p);
		p->at = p->walk.last < p->wanted ? p->walk.last : p->wanted;
	}
	return p->at == p->wanted ? PASS_DONE : PASS_MORE;
}

bool pass_reads(const struct pass *p, const struct source *source)
{
	return p->info && p->walk.source == source && p->steps <= source->steps;
}

void pass_go(struct pass *p, uint64_t step, int slices)
{
	if (!p->info)
		return;
	p->steps = p->walk.source->steps;
	p->wanted = step < p->steps ? step : p->steps;
	while (slices-- > 0 && pass_work(p) == PASS_MORE) {
	}
}

unsigned pass_percent(const struct pass *p)
{
	if (!pass_busy(p))
		return 100;
	return p->at < p->wanted ? (unsigned)((double)p->at * 100 / (double)p->wanted) : 0;
}
