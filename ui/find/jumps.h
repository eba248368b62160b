/* The places visited: where one was before and after each jump, as in a browser. */
#ifndef UI_JUMPS_H
#define UI_JUMPS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { JUMPS_MOST = 200 };

struct jumps {
	uint64_t place[JUMPS_MOST];
	int count, at;
};

/* A jump: what lay ahead is forgotten.  The place one leaves is where one has walked to since the jump
 * before. */
static inline void jumps_add(struct jumps *t, uint64_t from, uint64_t to)
{
	if (from == to)
		return;
	if (t->at == JUMPS_MOST - 1) {
		memmove(t->place, t->place + 1, sizeof t->place - sizeof t->place[0]);
		t->at--;
	}
	t->place[t->at++] = from;
	t->place[t->at] = to;
	t->count = t->at + 1;
}

/* Back (by -1) or forward (1) from step.  false: nothing lies there. */
static inline bool jumps_turn(struct jumps *t, uint64_t step, int by, uint64_t *ret)
{
	if (t->at + by < 0 || t->at + by >= t->count)
		return false;
	t->place[t->at] = step;
	t->at += by;
	*ret = t->place[t->at];
	return true;
}

#endif
