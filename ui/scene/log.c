/* The events of the operation under way, kept from frame to frame; see scene.h. */
#include "ui/scene/scene.h"

#include "trace/base/grown.h"
#include "trace/base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void log_release(struct log *l)
{
	free(l->event);
	free(l->span);
	narration_free(l->narration);
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

static int seek(struct log *l, struct player *p, uint64_t step)
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

/* A log that cannot be read has the event of the step alone, if there is one, in no operation: who sees the event
 * finds it at the log's end, always. */
int log_seek(struct log *l, struct player *p, uint64_t step)
{
	if (seek(l, p, step) == 0)
		return 0;
	char why[sizeof p->source->error], why_player[sizeof p->error];
	memcpy(why, p->source->error, sizeof why);
	memcpy(why_player, p->error, sizeof why_player);
	l->op = (struct scene_op){ .first = step, .last = step };
	l->first = step;
	l->count = 0;
	if (step > 0)
		append(l, p, step);
	memcpy(p->source->error, why, sizeof why);
	memcpy(p->error, why_player, sizeof why_player);
	return -1;
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
