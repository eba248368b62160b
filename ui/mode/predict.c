/* Questions about the next step: found by looking ahead, asked at a step from which the answer can be worked
 * out. */
#include "ui/mode/predict.h"
#include "ui/grid/text.h"

#include "trace/base/memory.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Steps looked at in one go, some milliseconds; how far an answer may be from its question; operations
 * between two questions of a kind. */
enum { SLICE = 8192, AHEAD = 600, APART = 3 };

/* ---- finding a question ---- */

static const struct event *event_at(struct mode *mode, uint64_t step)
{
	return player_event(mode->player, step);
}

/* The next event of a kind behind step, before the operation ends or one of kind stop comes; 0: there is
 * none. */
static uint64_t next_of(struct mode *mode, uint64_t step, int kind, int other, int stop)
{
	for (uint64_t s = step + 1; s <= step + AHEAD && s <= mode->state->source->steps; s++) {
		const struct event *e = event_at(mode, s);
		if (!e || e->kind == EV_DONE || e->kind == EV_OP || e->kind == stop)
			return 0;
		if (e->kind == kind || e->kind == other)
			return s;
	}
	return 0;
}

static bool wanted(const struct predict_mode *q, enum predict_kind kind)
{
	return q->asked == 0 || kind != q->last_kind || q->op >= q->last_op + APART;
}

static bool accept(
	struct predict_mode *q, enum predict_kind kind, uint64_t at, uint64_t reveal, const char *answer)
{
	q->kind = kind;
	q->at = at;
	q->reveal = reveal;
	snprintf(q->answer, sizeof q->answer, "%s", answer);
	return true;
}

/* The operation's own key is hashed: its tophash, or its bucket. */
static bool try_hash(struct mode *mode, struct predict_mode *q, uint64_t step, unsigned top)
{
	char answer[24];
	bool top_first = q->kinds[PREDICT_TOP] < q->kinds[PREDICT_BUCKET];
	uint64_t shown = next_of(mode, step, EV_BUCKET, -1, EV_GROWTH);
	const struct event *e = shown ? event_at(mode, shown) : NULL;
	if (!e)
		return false;
	uint64_t bucket = e->a;
	bool in_old = e->b != 0, chosen = e->c > 0;
	if (wanted(q, PREDICT_TOP) && (top_first || !chosen || in_old)) {
		snprintf(answer, sizeof answer, "%02x", top & 0xff);
		return accept(q, PREDICT_TOP, step, shown, answer);
	}
	if (!wanted(q, PREDICT_BUCKET) || !chosen || in_old)
		return false;
	snprintf(answer, sizeof answer, "%" PRIu64, bucket);
	return accept(q, PREDICT_BUCKET, step, shown, answer);
}

/* A put ends in some slot; a get or del may find none. */
static bool try_slot(struct mode *mode, struct predict_mode *q, uint64_t step)
{
	char answer[24];
	uint64_t shown = next_of(mode, step, EV_INSERT, EV_FOUND, EV_GROWTH);
	if (!shown && q->op_kind != OP_PUT)
		shown = next_of(mode, step, EV_ABSENT, -1, EV_GROWTH);
	const struct event *e = shown ? event_at(mode, shown) : NULL;
	if (!e || !wanted(q, PREDICT_SLOT))
		return false;
	snprintf(answer, sizeof answer, e->kind == EV_ABSENT ? "n" : "%u", (unsigned)(e->a & 7));
	return accept(q, PREDICT_SLOT, step, shown, answer);
}

/* Asked where it is not plain from afar: in the last quarter before the limit. */
static bool try_grow(struct mode *mode, struct predict_mode *q, uint64_t step, uint64_t count, uint64_t limit)
{
	uint64_t shown = next_of(mode, step, EV_GROWTH, -1, EV_INSERT);
	if (!wanted(q, PREDICT_GROW) || step < 2 || (!shown && count * 4 < limit * 3))
		return false;
	return accept(q, PREDICT_GROW, step - 1, shown ? shown : step, shown ? "y" : "n");
}

/* B of the old array while it doubles, -1: it does not, so that there is no Y. */
static int doubling_B(struct mode *mode, uint64_t step, uint32_t map)
{
	const struct growth_row *g;
	size_t n;
	if (mode->state->source->growths(mode->state->source, &g, &n) != 0)
		return -1;
	for (size_t i = n; i-- > 0;)
		if (g[i].map == map && g[i].first_step <= step)
			return g[i].new_B > g[i].old_B ? g[i].old_B : -1;
	return -1;
}

/* Not of a NaN: no bit of its hash decides, since that is another one each time. */
static bool try_half(struct mode *mode, struct predict_mode *q, uint64_t step, uint64_t hash, uint32_t map)
{
	int B = doubling_B(mode, step, map);
	uint64_t shown = next_of(mode, step, EV_MOVE, -1, EV_TOPHASH);
	const struct event *e = shown ? event_at(mode, shown) : NULL;
	if (!e || B < 0 || (hash >> B & 1) != (e->c != 0))
		return false;
	return wanted(q, PREDICT_HALF) && accept(q, PREDICT_HALF, step, shown, e->c ? "y" : "x");
}

/* Is there a question at this step? */
static bool question_at(struct mode *mode, struct predict_mode *q, const struct event *e, uint64_t step)
{
	switch (e->kind) {
	case EV_HASH:
		return q->phase == PHASE_EVACUATE
			? try_half(mode, q, step, e->a, e->map)
			: q->phase == PHASE_LOOKUP && try_hash(mode, q, step, (unsigned)e->c);
	case EV_BUCKET:
		return (q->op_kind == OP_PUT || q->op_kind == OP_GET || q->op_kind == OP_DEL) &&
			q->phase == PHASE_LOOKUP && try_slot(mode, q, step);
	case EV_CHECK: return try_grow(mode, q, step, e->a, e->b);
	default: return false;
	}
}

static bool scene_of(struct mode *mode, struct scene *s)
{
	if (log_seek(mode->log, mode->player, mode->state->step) != 0)
		return false;
	scene_make(s, mode->player, mode->log, NULL, &mode->state->hold, mode->state->ascii);
	return true;
}

/* The slot is looked for in the chain that has been chosen, whatever bucket was touched last. */
static void hold_chosen(struct mode *mode)
{
	struct scene s;
	mode->state->hold.held = false;
	if (scene_of(mode, &s) && s.chosen_known)
		state_hold(mode->state, s.chosen_old ? ARRAY_OLD : ARRAY_NEW, s.chosen, 0, -1);
}

/* Left and right: along that chain. */
static void walk_chain(struct mode *mode, int by)
{
	struct scene s;
	if (!mode->state->hold.held || !scene_of(mode, &s))
		return;
	if (by < 0 && mode->state->hold.depth > 0)
		mode->state->hold.depth--;
	else if (by > 0 &&
		scene_chain(&s, (enum which_array)mode->state->hold.array, mode->state->hold.index).overflow >
			mode->state->hold.depth)
		mode->state->hold.depth++;
}

/* Goes to a question that has been found: whether it can be worked out shows there. */
static void propose(struct mode *mode, struct predict_mode *q)
{
	mode->state->hold.held = false;
	q->proposed = true;
	state_ask(mode->state, REQUEST_GO, q->at);
}

/* At its step.  Where it can not be worked out after all the search goes on. */
void predict_arrived(struct mode *mode)
{
	struct predict_mode *q = mode->predict;
	struct scene s;
	if (!q || !q->proposed)
		return;
	q->proposed = false;
	if (q->kind == PREDICT_HALF && scene_of(mode, &s) && strstr(s.hash.of, "NaN"))
		return;
	if (q->kind == PREDICT_SLOT)
		hold_chosen(mode);
	q->searching = false;
	q->found = q->asking = true;
	q->hinted = q->skipped = q->right_now = false;
	q->typed[0] = 0;
	q->asked++;
	q->kinds[q->kind]++;
	q->last_kind = q->kind;
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
		const struct event *e = q->scan < mode->state->source->steps ? event_at(mode, q->scan + 1)
									     : NULL;
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
	q->from = mode->state->step;
	q->scan = first ? first - 1 : 0; /* from the operation's beginning: the phase must be known */
	q->op = op ? op - 1 : 0;
	mode->open = MODE_PREDICT;
	mode->state->playing = false;
	mode->state->hold.held = false;
	next_question(mode);
}

/* ---- keys ---- */

/* Answers may be written in other ways: 0x0a, A; yes; 03. */
static bool same_answer(const struct predict_mode *q)
{
	const char *t = q->typed;
	if (q->kind == PREDICT_GROW || q->kind == PREDICT_HALF ||
		(q->kind == PREDICT_SLOT && (q->answer[0] == 'n' || tolower((unsigned char)t[0]) == 'n')))
		return tolower((unsigned char)t[0]) == q->answer[0];
	int base = q->kind == PREDICT_TOP ? 16 : 10;
	char *end;
	unsigned long long v = strtoull(t, &end, base);
	return *t && !*end && v == strtoull(q->answer, NULL, base);
}

/* Could it be an answer at all?  What cannot is no mistake, but asked again. */
static bool is_answer(const struct predict_mode *q)
{
	const char *t = q->typed;
	char first = (char)tolower((unsigned char)t[0]), *end;
	if (q->kind == PREDICT_GROW)
		return first == 'y' || first == 'n';
	if (q->kind == PREDICT_HALF)
		return first == 'x' || first == 'y';
	if (q->kind == PREDICT_SLOT && first == 'n')
		return q->op_kind != OP_PUT;
	unsigned long long v = strtoull(t, &end, q->kind == PREDICT_TOP ? 16 : 10);
	return *t != '-' && *t != '+' && end > t && !*end && (q->kind != PREDICT_TOP || v <= 0xff) &&
		(q->kind != PREDICT_SLOT || v < SLOTS);
}

static void reveal(struct mode *mode, bool skipped)
{
	struct predict_mode *q = mode->predict;
	q->asking = false;
	q->skipped = skipped;
	q->right_now = !skipped && same_answer(q);
	q->right += q->right_now;
	q->rights[q->kind] += q->right_now;
	struct predict_answer *p = &q->answers[q->asked % PREDICT_ANSWERS];
	*p = (struct predict_answer){ .kind = q->kind,
		.number = q->asked,
		.op = q->op,
		.right = q->right_now,
		.skipped = skipped,
		.hinted = q->hinted };
	memcpy(p->answer, q->answer, sizeof p->answer);
	memcpy(p->typed, q->typed, sizeof p->typed);
	mode->state->hold.held = false;
	state_ask(mode->state, REQUEST_GO, q->reveal);
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
	} else if (key == K_ENTER && q->typed[0] && !is_answer(q)) {
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
