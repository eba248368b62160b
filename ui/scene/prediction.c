/* Questions of predict: what follows is looked for, answers are judged; see prediction.h. */
#include "ui/scene/prediction.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How far an answer may be from its question, in steps. */
enum { AHEAD = 600 };

const struct event *prediction_next(
	const struct prediction_search *p, int kind, int other, int stop, uint64_t *ret_step)
{
	uint64_t steps = p->player->source->steps, last = p->step + AHEAD < steps ? p->step + AHEAD : steps;
	for (uint64_t step = p->step + 1; step <= last; step++) {
		const struct event *e = player_event(p->player, step);
		if (!e || e->kind == EV_DONE || e->kind == EV_OP || e->kind == stop)
			return NULL;
		if (e->kind == kind || e->kind == other) {
			*ret_step = step;
			return e;
		}
	}
	return NULL;
}

static bool is_letter(const struct prediction *q, char c)
{
	return c && strchr(q->letters, c);
}

bool prediction_may_be(const struct prediction *q, const char *typed)
{
	char *end;
	if (is_letter(q, (char)tolower((unsigned char)typed[0])))
		return true;
	if (!q->base || *typed == '-' || *typed == '+')
		return false;
	unsigned long long v = strtoull(typed, &end, q->base);
	return end > typed && !*end && v <= q->most;
}

bool prediction_is_right(const struct prediction *q, const char *typed)
{
	char first = (char)tolower((unsigned char)typed[0]), *end;
	if (!q->base || is_letter(q, first) || is_letter(q, q->answer[0]))
		return first == q->answer[0];
	unsigned long long v = strtoull(typed, &end, q->base);
	return *typed && !*end && v == strtoull(q->answer, NULL, q->base);
}
