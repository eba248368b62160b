/* Narration: what a workload says between its operations; see scene.h.
 *
 * What is said holds until something else is.  So the words of a step may stand millions of steps before it;
 * chunks without any are passed over by their kinds, and what was found is kept.
 */
#include "ui/scene/scene.h"

#include "trace/base/memory.h"
#include "trace/record/walk.h"

#include <stdlib.h>

struct narration {
	struct walk walk;
	uint64_t step; /* the newest words at steps from..to are those of this one; 0: there are none yet */
	uint64_t from, to; /* to 0: nothing has been looked for */
	char text[SCENE_TEXT * 2];
	uint64_t silent; /* steps 1..silent have no words */
	bool tells;      /* somewhere there may be some */
};

void narration_free(struct narration *n)
{
	if (n)
		walk_release(&n->walk);
	free(n);
}

/* What is known of a recording; it begins anew with another one, or one that has lost steps since. */
static struct narration *known(struct log *l, struct source *s)
{
	if (!l->narration)
		l->narration = memory_get(sizeof *l->narration);
	struct narration *n = l->narration;
	if (n->walk.source == s && n->to <= s->steps && n->silent <= s->steps)
		return n;
	struct walk walk = n->walk;
	walk_again(&walk, s, 1);
	*n = (struct narration){ .walk = walk };
	return n;
}

/* The newest step in from..to with words; 0: there is none.  Its chunk is decoded then. */
static uint64_t newest_words(struct walk *w, uint64_t from, uint64_t to)
{
	const struct kind_set say = KINDS(EV_SAY);
	while (to >= from) {
		if (!walk_lacks(w, to, &say)) {
			if (walk_chunk(w, to) != 0)
				return 0;
			for (uint64_t i = to; i >= from && i >= w->first; i--)
				if (w->chunk.events[i - w->first].kind == EV_SAY)
					return i;
		}
		if (w->first <= from)
			return 0;
		to = w->first - 1;
	}
	return 0;
}

static void keep(struct narration *n, uint64_t step)
{
	n->step = step;
	n->text[0] = 0;
	if (!step)
		return;
	const struct event *e = &n->walk.chunk.events[step - n->walk.first];
	size_t size = e->size < sizeof n->text ? (size_t)e->size : sizeof n->text - 1;
	if (e->size > 8 && !e->new.p)
		size = 0;
	for (size_t i = 0; i < size; i++)
		n->text[i] = (char)event_byte(e->new, e->size, i);
	n->text[size] = 0;
}

const char *log_narration(struct log *l, struct source *s, uint64_t step)
{
	struct narration *n = known(l, s);
	uint64_t found = 0;
	if (!step)
		return "";
	if (n->to && step >= n->from && step <= n->to)
		return n->text;
	if (n->to && step > n->to) {
		found = newest_words(&n->walk, n->to + 1, step);
		if (!found) { /* still the same */
			n->to = step;
			return n->text;
		}
	} else {
		found = newest_words(&n->walk, 1, step);
	}
	keep(n, found);
	n->from = found;
	n->to = step;
	return n->text;
}

bool log_narrated(struct log *l, struct source *s)
{
	const struct kind_set say = KINDS(EV_SAY);
	struct narration *n = known(l, s);
	while (!n->tells && n->silent < s->steps) {
		n->tells = !walk_lacks(&n->walk, n->silent + 1, &say);
		if (!n->tells)
			n->silent = n->walk.last;
	}
	return n->tells;
}

uint64_t log_words_between(struct log *l, struct source *s, uint64_t from, uint64_t to, bool newest)
{
	struct narration *n = known(l, s);
	uint64_t found = 0, step = from <= to ? newest_words(&n->walk, from, to) : 0;
	while (step) {
		found = step;
		step = newest || step == from ? 0 : newest_words(&n->walk, from, step - 1);
	}
	return found;
}
