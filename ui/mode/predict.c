/* Questions about the next step: found by looking ahead, asked at a step from which the answer can be worked
 * out. */
#include "ui/mode/predict.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include "trace/base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Steps looked at in one go, some milliseconds; operations between two questions of a sort. */
enum { SLICE = 8192, APART = 3 };

/* ---- finding a question ---- */

/* The sorts of a kind that may be asked now: not the one that was asked last, so soon. */
static unsigned wanted(const struct predict_mode *q, const struct explain_predictions *of)
{
	unsigned set = 0;
	for (unsigned k = 0; k < of->sorts; k++)
		if (&of->sort[k] != q->last || q->op >= q->last_op + APART)
			set |= 1u << k;
	return set;
}

/* Is there a question at this step? */
static bool question_at(struct mode *mode, struct predict_mode *q, const struct event *e, uint64_t step)
{
	const struct source *s = mode->state->source;
	if (!e->map || e->map > s->maps)
		return false;
	enum map_kind kind = (enum map_kind)s->map[e->map - 1].kind;
	const struct explain_predictions *of = explains[kind]->predictions;
	if (!of)
		return false;
	struct prediction_search p = { .player = mode->player,
		.step = step,
		.event = *e,
		.op = q->op_kind,
		.phase = q->phase,
		.wanted = wanted(q, of),
		.asked = q->counts[kind].asked };
	struct prediction found = { .op = q->op_kind };
	if (!of->find(&p, &found))
		return false;
	q->of = of;
	q->map_kind = kind;
	q->now = found;
	return true;
}

/* Until there is a question: the first kind of the recording's maps that has some. */
static void guess_kind(struct predict_mode *q, const struct source *s)
{
	for (unsigned i = 0; i < s->maps && !q->of; i++) {
		q->map_kind = (enum map_kind)s->map[i].kind;
		q->of = explains[q->map_kind]->predictions;
	}
}

static bool scene_of(struct mode *mode, struct scene *s)
{
	if (log_seek(mode->log, mode->player, mode->state->step) != 0)
		return false;
	scene_make(s, mode->player, mode->log, NULL, &mode->state->hold, mode->state->ascii);
	return true;
}

/* Left and right: along the chain that is held. */
static void walk_chain(struct mode *mode, int by)
{
	struct hold *hold = &mode->state->hold;
	struct scene_group next;
	struct scene s;
	if (!hold->held || !scene_of(mode, &s))
		return;
	group_at(&s, hold->array, hold->index, hold->depth + 1, &next);
	if (by < 0 && hold->depth > 0)
		hold->depth--;
	else if (by > 0 && next.ok)
		hold->depth++;
}

/* Goes to a question that has been found: whether it can be worked out shows there. */
static void propose(struct mode *mode, struct predict_mode *q)
{
	mode->state->hold.held = false;
	q->proposed = true;
	state_ask(mode->state, REQUEST_GO, q->now.at);
}

/* At its step.  Where it can not be worked out after all the search goes on. */
void predict_arrived(struct mode *mode)
{
	struct predict_mode *q = mode->predict;
	struct scene s;
	if (!q || !q->proposed)
		return;
	q->proposed = false;
	const struct prediction_sort *sort = predict_sort(q);
	bool known = (sort->plain || sort->look) && scene_of(mode, &s);
	if (sort->plain && known && !sort->plain(&s))
		return;
	if (sort->look && known && !sort->look(&s, &mode->state->hold))
		mode->state->hold.held = false;
	q->searching = false;
	q->found = q->asking = true;
	q->hinted = q->skipped = q->right_now = false;
	q->typed[0] = 0;
	q->asked++;
	q->counts[q->map_kind].asked[q->now.sort]++;
	q->last = sort;
	q->last_op = q->op;
}

void predict_score(const struct predict_mode *q, char *out, size_t cap)
{
	snprintf(out, cap, P_("right %u of %u, %u hint", "right %u of %u, %u hints", q->hints), q->right,
		q->asked - (q->asking ? 1 : 0), q->hints);
}

static void leave(struct mode *mode, const char *why)
{
	struct predict_mode *q = mode->predict;
	char text[128];
	predict_score(q, text, sizeof text);
	mode->open = MODE_NONE;
	mode->state->hold.held = false;
	q->searching = false;
	state_message(mode->state, false, "%s%s%s", why, *why ? ": " : "", text);
}

/* Nothing follows where it was begun: from the beginning, once. */
static void no_more(struct mode *mode)
{
	struct predict_mode *q = mode->predict;
	if (q->asked) {
		leave(mode, _("no more questions"));
	} else if (!q->wrapped && q->from) {
		q->wrapped = true;
		q->from = q->scan = q->op = 0;
		q->phase = PHASE_NONE;
	} else {
		leave(mode, "");
		state_message(mode->state, false, "%s",
			_("nothing to ask in this recording: no key is hashed for a put, get or del"));
	}
}

bool predict_work(struct mode *mode)
{
	struct predict_mode *q = mode->predict;
	if (!q || !q->searching)
		return false;
	for (int i = 0; i < SLICE; i++) {
		bool more = q->scan < mode->state->source->steps;
		const struct event *e = more ? player_event(mode->player, q->scan + 1) : NULL;
		if (!e) {
			no_more(mode);
			return true;
		}
		struct event copy = *e;
		q->scan++;
		if (copy.kind == EV_OP) {
			q->op++;
			q->op_kind = copy.b < OP_KINDS ? (enum op_kind)copy.b : OP_NONE;
			q->phase = PHASE_NONE;
		} else if (copy.kind == EV_PHASE) {
			q->phase = copy.a < PHASES ? (enum phase)copy.a : PHASE_NONE;
		}
		if (q->scan > q->from && question_at(mode, q, &copy, q->scan)) {
			q->from = q->scan;
			propose(mode, q);
			return true;
		}
	}
	return true;
}

/* Looks on, for a slice at once so that the next frame has it as a rule. */
static void next_question(struct mode *mode)
{
	mode->predict->searching = true;
	mode->predict->asking = mode->predict->found = false;
	mode->state->hold.held = false;
	predict_work(mode);
}

void predict_open(struct mode *mode)
{
	free(mode->predict);
	mode->predict = memory_get(sizeof *mode->predict);
	struct predict_mode *q = mode->predict;
	uint64_t op = state_op(mode->state, mode->state->step), first = state_op_first_step(mode->state, op);
	guess_kind(q, mode->state->source);
	q->from = mode->state->step;
	q->scan = first ? first - 1 : 0; /* from the operation's beginning: the phase must be known */
	q->op = op ? op - 1 : 0;
	mode->open = MODE_PREDICT;
	mode->state->playing = false;
	mode->state->hold.held = false;
	next_question(mode);
}

/* ---- keys ---- */

static void reveal(struct mode *mode, bool skipped)
{
	struct predict_mode *q = mode->predict;
	q->asking = false;
	q->skipped = skipped;
	q->right_now = !skipped && prediction_is_right(&q->now, q->typed);
	q->right += q->right_now;
	q->counts[q->map_kind].right[q->now.sort] += q->right_now;
	struct predict_answer *p = &q->answers[q->asked % PREDICT_ANSWERS];
	*p = (struct predict_answer){ .sort = predict_sort(q),
		.number = q->asked,
		.op = q->op,
		.right = q->right_now,
		.skipped = skipped,
		.hinted = q->hinted };
	memcpy(p->answer, q->now.answer, sizeof p->answer);
	memcpy(p->typed, q->typed, sizeof p->typed);
	mode->state->hold.held = false;
	state_ask(mode->state, REQUEST_GO, q->now.reveal);
}

static void type(struct predict_mode *q, int key)
{
	size_t n = strlen(q->typed);
	if (key == K_BACKSPACE || key == ('h' & 0x1f)) {
		if (n)
			q->typed[n - 1] = 0;
	} else if (key > ' ' && key < 0x7f && n + 1 < 9) {
		q->typed[n] = (char)key;
		q->typed[n + 1] = 0;
	}
}

void predict_key(struct mode *mode, int key)
{
	struct predict_mode *q = mode->predict;
	mode->state->message[0] = 0;
	q->again = false;
	if (key == K_ESCAPE || key == ('c' & 0x1f)) {
		leave(mode, "");
	} else if (key == ('l' & 0x1f)) {
		mode->state->redraw = true;
	} else if (key == ('z' & 0x1f)) {
		mode->state->suspend = true;
	} else if (q->searching) {
		return;
	} else if (!q->asking) {
		if (key == 'q')
			leave(mode, "");
		else
			next_question(mode);
	} else if (key == K_TAB) {
		q->hints += !q->hinted;
		q->hinted = true;
	} else if (key == K_LEFT || key == K_RIGHT) {
		walk_chain(mode, key == K_LEFT ? -1 : 1);
	} else if (key == '.') {
		reveal(mode, true);
	} else if (key == K_ENTER && q->typed[0] && !prediction_may_be(&q->now, q->typed)) {
		q->typed[0] = 0;
		q->again = true;
	} else if (key == K_ENTER && q->typed[0]) {
		reveal(mode, false);
	} else {
		type(q, key);
	}
}

/* ---- what the table of modes wants ---- */

void predict_ready(struct mode *mode, const struct frame *f)
{
	(void)mode;
	(void)f;
}

bool predict_busy(const struct mode *mode)
{
	return mode->predict->searching;
}

const struct scene *predict_scene(struct mode *mode)
{
	(void)mode;
	return NULL;
}
