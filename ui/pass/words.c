/* What steps say; see words.h. */
#include "ui/pass/words.h"

#include <string.h>

/* Made at once when no more are missing, so that frames of single steps are never without; and in a slice. */
enum { AT_ONCE = 4, SLICE = 16 };

void words_release(struct words *w)
{
	if (w->state)
		w->maker->end(w->state);
	memset(w, 0, sizeof *w);
}

static const struct words_row *find(const struct words *w, uint64_t step)
{
	for (int i = 0; i < w->n; i++)
		if (w->row[i].step == step)
			return &w->row[i];
	return NULL;
}

static void make(struct words *w, int most)
{
	for (int i = 0; i < w->n && w->missing && most > 0; i++) {
		struct words_row *row = &w->row[i];
		if (row->known)
			continue;
		if (w->maker->at(w->state, row->step, row->text, sizeof row->text) != 0)
			row->text[0] = 0;
		row->known = true;
		w->missing--;
		most--;
	}
}

void words_ask(struct words *w, struct source *s, const struct words_question *q)
{
	static struct words_row next[WORDS_MOST]; /* frames are made one after the other */
	int n = 0;
	if (!q->maker)
		return;
	if (w->maker != q->maker || w->source != s) {
		words_release(w);
		w->maker = q->maker;
		w->source = s;
		w->state = q->maker->begin(s, q->ascii);
	}
	w->missing = 0;
	for (int i = 0; i < q->n && i < WORDS_MOST; i++) {
		if (!q->step[i])
			continue;
		const struct words_row *known = find(w, q->step[i]);
		next[n].step = q->step[i];
		next[n].known = known && known->known;
		if (next[n].known)
			memcpy(next[n].text, known->text, sizeof next[n].text);
		w->missing += !next[n++].known;
	}
	w->n = n;
	memcpy(w->row, next, (size_t)n * sizeof *next);
	if (w->missing <= AT_ONCE)
		make(w, AT_ONCE);
}

void words_work(struct words *w)
{
	make(w, SLICE);
}

const char *words_at(const struct words *w, uint64_t step)
{
	const struct words_row *row = find(w, step);
	return row && row->known ? row->text : NULL;
}
