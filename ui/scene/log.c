/* The events of the operation under way, kept from frame to frame; see scene.h. */
#include "ui/scene/scene.h"

#include "trace/base/grown.h"
#include "trace/base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words are looked for above so many operations: some 10 ms at most; and in so many events before one. */
enum { SAID_OPS = 1024, SAID_SCAN = 32 };

void log_release(struct log *l)
{
	free(l->event);
	free(l->span);
	*l = (struct log){ 0 };
}

static void copy_text(char *out, const char *text, bool *ret_has)
{
	*ret_has = text != NULL;
	snprintf(out, SCENE_TEXT, "%s", text ? text : "");
}

/* The row of the operation that step belongs to, into l->op. */
static int seek_operation(struct log *l, struct source *s, uint64_t step)
{
	struct operation row;
	if (l->op.last && step >= l->op.first && step <= l->op.last)
		return 0;
	struct scene_op op = { .first = 1, .last = s->steps };
	if (s->ops && step && s->operation_at(s, step, &op.op) != 0)
		return -1;
	if (op.op > s->ops)
		op.op = s->ops;
	if (op.op) {
		if (s->operation(s, op.op, &row) != 0)
			return -1;
		op.first = row.first_step;
		op.map = row.map;
		op.kind = row.kind < OP_KINDS ? row.kind : OP_NONE;
		copy_text(op.key, row.key, &op.has_key);
		copy_text(op.elem, row.elem, &op.has_elem);
	}
	if (op.op < s->ops) {
		if (s->operation(s, op.op + 1, &row) != 0)
			return -1;
		op.last = row.first_step - 1;
	}
	if (op.first > step)
		op.first = step;
	if (op.last < step)
		op.last = step;
	l->op = op;
	return 0;
}

static int append(struct log *l, struct player *p, uint64_t step)
{
	l->event = grown(l->event, &l->cap, l->count, sizeof *l->event);
	const struct event *e = player_event(p, step);
	if (!e)
		return -1;
	struct event *kept = &l->event[l->count];
	*kept = *e;
	if (e->size > 8) /* borrowed: gone after the next call */
		kept->old.p = kept->new.p = NULL;
	l->count++;
	return 0;
}

/* Where the log begins for a step: a function of the step alone, so that frames do not depend on the way
 * there. */
static uint64_t window_first(const struct scene_op *op, uint64_t step)
{
	if (step - op->first < SCENE_LOG)
		return op->first > SCENE_LEAD ? op->first - SCENE_LEAD : 1;
	uint64_t from = (step - SCENE_LOG) / SCENE_SLACK * SCENE_SLACK;
	return from > op->first ? from : op->first;
}

/* Its core stands right behind its beginning; without a word it is core 0. */
static void seek_core(struct log *l, struct player *p)
{
	const struct event *e = l->op.op && l->op.first < p->source->steps ? player_event(p, l->op.first + 1)
									   : NULL;
	l->op.core = e && e->kind == EV_CORE && e->a < CORES ? (unsigned)e->a : 0;
}

int log_seek(struct log *l, struct player *p, uint64_t step)
{
	uint64_t before = l->op.op;
	if (seek_operation(l, p->source, step) != 0)
		return -1;
	if (l->op.op != before)
		seek_core(l, p);
	if (step == 0) {
		l->count = 0;
		l->first = 1;
		return 0;
	}
	uint64_t first = window_first(&l->op, step);
	if (first < 1)
		first = 1;
	if (l->first != first || l->count == 0) {
		l->first = first;
		l->count = 0;
	}
	if (step - first + 1 < l->count)
		l->count = step - first + 1;
	while (l->count < step - first + 1)
		if (append(l, p, first + l->count) != 0)
			return -1;
	return 0;
}

static void keep_access(struct log *l, struct player *p, uint64_t step)
{
	const struct event *e = player_event(p, step);
	if (!e ||
		(e->kind != EV_WRITE && event_info[e->kind < EV_COUNT ? e->kind : EV_OP].role != EVENT_read))
		return;
	l->span = grown(l->span, &l->span_cap, l->spans, sizeof *l->span);
	l->span[l->spans] = *e;
	l->span[l->spans++].old.p = NULL; /* borrowed: gone after the next call */
}

void log_span(struct log *l, struct player *p, uint64_t from, uint64_t to)
{
	uint64_t first = l->first > l->op.first ? l->first : l->op.first, last = l->first + l->count - 1;
	l->spans = 0;
	if (l->count == 0 || from >= to)
		return;
	if (to - from > SCENE_LOG) {
		from = to > last ? from : to - SCENE_LOG;
		to = from + SCENE_LOG;
	}
	for (uint64_t step = from; step <= to; step++)
		if (step < first || step > last)
			keep_access(l, p, step);
}

/* Words stand between operations: is there one right before the first step of operation op? */
static uint64_t said_before(struct player *p, uint64_t op)
{
	struct operation row;
	if (p->source->operation(p->source, op, &row) != 0)
		return 0;
	uint64_t step = row.first_step;
	for (int n = 0; step > 1 && n < SAID_SCAN; n++) {
		const struct event *e = player_event(p, --step);
		if (!e || e->kind == EV_DONE)
			return 0;
		if (e->kind == EV_SAY)
			return step;
	}
	return 0;
}

/* Remembers the newest words above one of the operations from..to, if there are any. */
static void find_said(struct log *l, struct player *p, uint64_t from, uint64_t to)
{
	for (uint64_t op = to; op >= from && op > 0; op--) {
		uint64_t step = said_before(p, op);
		if (step) {
			l->say_op = op;
			l->say_step = step;
			return;
		}
	}
}

uint64_t log_narration(struct log *l, struct player *p)
{
	uint64_t op = l->op.op, from = op > SAID_OPS ? op - SAID_OPS + 1 : 1;
	for (size_t i = l->count; i > 0 && l->first + i - 1 >= l->op.first; i--)
		if (l->event[i - 1].kind == EV_SAY)
			return l->first + i - 1;
	/* What was found for another operation still holds where both windows are the same. */
	uint64_t known = l->said_for > SAID_OPS ? l->said_for - SAID_OPS + 1 : 1;
	bool near = l->said_for && (op > l->said_for ? l->said_for >= from : op >= known);
	if (!near) {
		l->say_step = l->say_op = 0;
		find_said(l, p, from, op);
	} else if (op > l->said_for) {
		find_said(l, p, l->said_for + 1, op);
	} else if (l->say_step && l->say_op > op) { /* the words found stand behind */
		l->say_step = l->say_op = 0;
		find_said(l, p, from, op);
	} else if (!l->say_step && from < known) {
		find_said(l, p, from, known - 1);
	}
	l->said_for = op;
	return l->say_step && l->say_op >= from ? l->say_step : 0;
}
