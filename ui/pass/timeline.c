/* What a timeline is drawn from; see timeline.h. */
#include "ui/pass/timeline.h"

#include "trace/base/grown.h"

#include <stdlib.h>
#include <string.h>

/* More words than these are not marked. */
enum { WORDS_MOST = 1 << 16 };

/* ---- the pass over what is said ---- */

struct words {
	uint64_t *step;
	size_t n, cap;
};

static uint32_t events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	struct words *w = state;
	for (uint32_t i = 0; i < n; i++)
		if (e[i].kind == EV_SAY && w->n < WORDS_MOST) {
			w->step = grown(w->step, &w->cap, w->n, sizeof *w->step);
			w->step[w->n++] = step + i;
		}
	return n;
}

static void release(void *state)
{
	free(((struct words *)state)->step);
}

static struct kind_set kinds(const void *about)
{
	(void)about;
	return KINDS(EV_SAY);
}

static const struct pass_info info = {
	.size = sizeof(struct words), .events = events, .release = release, .kinds = kinds
};

/* ---- the cells ---- */

/* The cell of the operation that words stand above. */
static void mark_words(struct timeline *t, struct source *s, uint64_t step)
{
	uint64_t op = 0;
	if (s->operation_at(s, step, &op) != 0 || op >= s->ops)
		return;
	for (size_t i = 0; i < t->n; i++)
		t->said[i] |= t->cell[i].first_op <= op + 1 && op + 1 <= t->cell[i].last_op;
}

static void mark(struct timeline *t, struct source *s)
{
	const struct words *w = pass_state(&t->words);
	for (; w && t->marked < w->n; t->marked++)
		mark_words(t, s, w->step[t->marked]);
}

void timeline_ask(struct timeline *t, struct source *s, uint64_t lo, uint64_t hi, int columns)
{
	size_t n = columns < 1 ? 1 : columns > TIMELINE_CELLS ? TIMELINE_CELLS : (size_t)columns;
	if (hi + 1 - lo < n)
		n = (size_t)(hi + 1 - lo);
	if (!pass_reads(&t->words, s)) {
		pass_begin(&t->words, &info, s, NULL);
		t->ok = false;
	}
	pass_go(&t->words, s->steps, 2);
	if (!t->ok || t->source != s || t->n != n || t->lo != lo || t->hi != hi) {
		t->source = s;
		t->n = n;
		t->lo = lo;
		t->hi = hi;
		t->marked = 0;
		memset(t->said, 0, sizeof t->said);
		t->ok = n > 0 && s->timeline(s, lo, hi, t->cell, n) == 0;
	}
	if (t->ok)
		mark(t, s);
}

void timeline_release(struct timeline *t)
{
	pass_release(&t->words);
	t->ok = false;
}
