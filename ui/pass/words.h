/* What steps say, for lists of them: a pass that makes the words of those that are in sight.
 *
 * Who makes the words is asked with the steps: this room knows nothing of scenes.  What has been made is kept
 * as long as it stays in sight, so that going on by a step costs the words of one.
 */
#ifndef UI_PASS_WORDS_H
#define UI_PASS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

struct words_maker {
	void *(*begin)(struct source *s, bool ascii);
	int (*at)(void *state, uint64_t step, char *out, size_t cap); /* -1: the trace is damaged */
	void (*end)(void *state);
};

enum { WORDS_MOST = 128, WORDS_TEXT = 512 };

/* The steps in sight; 0 stands for none. */
struct words_question {
	const struct words_maker *maker; /* NULL: not asked */
	uint64_t step[WORDS_MOST];
	int n;
	bool ascii;
};

struct words {
	const struct words_maker *maker;
	const struct source *source;
	void *state; /* the maker's */
	int n, missing;
	struct words_row {
		uint64_t step;
		bool known;
		char text[WORDS_TEXT];
	} row[WORDS_MOST];
};

void words_ask(struct words *w, struct source *s, const struct words_question *q);
/* Makes some of those that are missing. */
void words_work(struct words *w);
static inline bool words_busy(const struct words *w)
{
	return w->missing > 0;
}
/* What a step says; NULL: it is not known, or was not asked for. */
const char *words_at(const struct words *w, uint64_t step);
void words_release(struct words *w);

#endif
