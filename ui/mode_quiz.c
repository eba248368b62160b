/* Questions about the next step: found by looking ahead, asked at a step from which the answer can be worked out. */
#include "mode_quiz.h"
#include "sentence.h"
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Steps looked at in one go, some milliseconds; how far an answer may be from its question; operations between two
 * questions of a kind. */
enum { SLICE = 8192, AHEAD = 600, APART = 3 };

/* ---- finding a question ---- */

static const struct event *event_at(struct replay *r, uint64_t step)
{
	return player_event(&r->player[r->now], step);
}

/* The next event of a kind behind step, before the operation ends or one of kind stop comes; 0: there is none. */
static uint64_t next_of(struct replay *r, uint64_t step, int kind, int other, int stop)
{
	for (uint64_t s = step + 1; s <= step + AHEAD && s <= r->source->steps; s++) {
		const struct event *e = event_at(r, s);
		if (!e || e->kind == EV_DONE || e->kind == EV_OP || e->kind == stop)
			return 0;
		if (e->kind == kind || e->kind == other)
			return s;
	}
	return 0;
}

static bool wanted(const struct quiz_mode *q, enum quiz_kind kind)
{
	return q->asked == 0 || kind != q->last_kind || q->op >= q->last_op + APART;
}

static bool accept(struct quiz_mode *q, enum quiz_kind kind, uint64_t at, uint64_t reveal, const char *answer)
{
	q->kind = kind;
	q->at = at;
	q->reveal = reveal;
	snprintf(q->answer, sizeof q->answer, "%s", answer);
	return true;
}

/* The operation's own key is hashed: its tophash, or its bucket. */
static bool try_hash(struct replay *r, struct quiz_mode *q, uint64_t step, unsigned top)
{
	char answer[24];
	bool top_first = q->kinds[QUIZ_TOP] < q->kinds[QUIZ_BUCKET];
	uint64_t told = next_of(r, step, EV_BUCKET, -1, EV_GROWTH);
	const struct event *e = told ? event_at(r, told) : NULL;
	if (!e)
		return false;
	uint64_t bucket = e->a;
	bool in_old = e->b != 0, chosen = e->c > 0;
	if (wanted(q, QUIZ_TOP) && (top_first || !chosen || in_old)) {
		snprintf(answer, sizeof answer, "%02x", top & 0xff);
		return accept(q, QUIZ_TOP, step, told, answer);
	}
	if (!wanted(q, QUIZ_BUCKET) || !chosen || in_old)
		return false;
	snprintf(answer, sizeof answer, "%" PRIu64, bucket);
	return accept(q, QUIZ_BUCKET, step, told, answer);
}

static bool try_slot(struct replay *r, struct quiz_mode *q, uint64_t step)
{
	char answer[24];
	uint64_t told = next_of(r, step, EV_INSERT, EV_FOUND, EV_GROWTH);
	const struct event *e = told ? event_at(r, told) : NULL;
	if (!e || !wanted(q, QUIZ_SLOT))
		return false;
	snprintf(answer, sizeof answer, "%u", (unsigned)(e->a & 7));
	return accept(q, QUIZ_SLOT, step, told, answer);
}

/* Asked where it is not plain from afar: in the last quarter before the limit. */
static bool try_grow(struct replay *r, struct quiz_mode *q, uint64_t step, uint64_t count, uint64_t limit)
{
	uint64_t told = next_of(r, step, EV_GROWTH, -1, EV_INSERT);
	if (!wanted(q, QUIZ_GROW) || step < 2 || (!told && count * 4 < limit * 3))
		return false;
	return accept(q, QUIZ_GROW, step - 1, told ? told : step, told ? "y" : "n");
}

static bool try_half(struct replay *r, struct quiz_mode *q, uint64_t step)
{
	uint64_t told = next_of(r, step, EV_MOVE, -1, EV_TOPHASH);
	const struct event *e = told ? event_at(r, told) : NULL;
	return e && wanted(q, QUIZ_HALF) && accept(q, QUIZ_HALF, step, told, e->c ? "y" : "x");
}

/* Is there a question at this step? */
static bool question_at(struct replay *r, struct quiz_mode *q, const struct event *e, uint64_t step)
{
	switch (e->kind) {
	case EV_HASH: return q->phase == PHASE_EVACUATE ? try_half(r, q, step) : q->phase == PHASE_LOOKUP && try_hash(r, q, step, (unsigned)e->c);
	case EV_BUCKET: return q->op_kind == OP_PUT && try_slot(r, q, step);
	case EV_CHECK: return try_grow(r, q, step, e->a, e->b);
	default: return false;
	}
}

/* Shows a question that has been found. */
static void ask(struct replay *r, struct quiz_mode *q)
{
	q->searching = false;
	q->found = q->asking = true;
	q->hinted = q->skipped = q->right_now = false;
	q->typed[0] = 0;
	q->asked++;
	q->kinds[q->kind]++;
	q->last_kind = q->kind;
	q->last_op = q->op;
	replay_go(r, q->at);
}

static void score(const struct quiz_mode *q, char *out, size_t cap)
{
	snprintf(out, cap, _("right %u of %u, %u %s"), q->right, q->asked - (q->asking ? 1 : 0), q->hints, q->hints == 1 ? _("hint") : _("hints"));
}

static void leave(struct replay *r, const char *why)
{
	struct quiz_mode *q = r->mode->quiz;
	char text[128];
	score(q, text, sizeof text);
	r->mode->open = MODE_NONE;
	q->searching = false;
	replay_message(r, false, "%s%s%s", why, *why ? "; " : "", text);
}

bool quiz_work(struct replay *r)
{
	struct quiz_mode *q = r->mode->quiz;
	if (!q || !q->searching)
		return false;
	for (int i = 0; i < SLICE; i++) {
		const struct event *e = q->scan < r->source->steps ? event_at(r, q->scan + 1) : NULL;
		if (!e) {
			leave(r, _("there are no more questions in this recording"));
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
		if (q->scan > q->from && question_at(r, q, &copy, q->scan)) {
			q->from = q->scan;
			ask(r, q);
			return true;
		}
	}
	return true;
}

/* Looks on, for a slice at once so that the next frame has it as a rule. */
static void next_question(struct replay *r)
{
	r->mode->quiz->searching = true;
	r->mode->quiz->asking = r->mode->quiz->found = false;
	quiz_work(r);
}

void quiz_open(struct replay *r)
{
	struct mode *m = mode_of(r);
	free(m->quiz);
	m->quiz = calloc(1, sizeof *m->quiz);
	if (!m->quiz)
		abort();
	struct quiz_mode *q = m->quiz;
	uint64_t op = replay_op(r, replay_step(r)), first = replay_op_first_step(r, op);
	q->from = replay_step(r);
	q->scan = first ? first - 1 : 0; /* from the operation's beginning: the phase must be known */
	q->op = op ? op - 1 : 0;
	m->open = MODE_QUIZ;
	r->playing = false;
	r->hold.held = false;
	next_question(r);
}

/* ---- keys ---- */

/* Answers may be written in other ways: 0x0a, A; yes; 03. */
static bool same_answer(const struct quiz_mode *q)
{
	const char *t = q->typed;
	if (q->kind == QUIZ_GROW || q->kind == QUIZ_HALF)
		return tolower((unsigned char)t[0]) == q->answer[0];
	int base = q->kind == QUIZ_TOP ? 16 : 10;
	char *end;
	unsigned long long v = strtoull(t, &end, base);
	return *t && !*end && v == strtoull(q->answer, NULL, base);
}

/* Could it be an answer at all?  What cannot is no mistake, but asked again. */
static bool is_answer(const struct quiz_mode *q)
{
	const char *t = q->typed;
	char first = (char)tolower((unsigned char)t[0]), *end;
	if (q->kind == QUIZ_GROW)
		return first == 'y' || first == 'n';
	if (q->kind == QUIZ_HALF)
		return first == 'x' || first == 'y';
	unsigned long long v = strtoull(t, &end, q->kind == QUIZ_TOP ? 16 : 10);
	return *t != '-' && *t != '+' && end > t && !*end && (q->kind != QUIZ_TOP || v <= 0xff) && (q->kind != QUIZ_SLOT || v < SLOTS);
}

static void reveal(struct replay *r, bool skipped)
{
	struct quiz_mode *q = r->mode->quiz;
	q->asking = false;
	q->skipped = skipped;
	q->right_now = !skipped && same_answer(q);
	q->right += q->right_now;
	replay_go(r, q->reveal);
}

static void type(struct quiz_mode *q, int key)
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

void quiz_key(struct replay *r, int key)
{
	struct quiz_mode *q = r->mode->quiz;
	r->message[0] = 0;
	q->again = false;
	if (key == K_ESCAPE || key == ('c' & 0x1f)) {
		leave(r, "");
	} else if (key == ('l' & 0x1f)) {
		r->redraw = true;
	} else if (key == ('z' & 0x1f)) {
		r->suspend = true;
	} else if (q->searching) {
		return;
	} else if (!q->asking) {
		if (key == 'q')
			leave(r, "");
		else
			next_question(r);
	} else if (key == K_TAB) {
		q->hints += !q->hinted;
		q->hinted = true;
	} else if (key == '.') {
		reveal(r, true);
	} else if (key == K_ENTER && q->typed[0] && !is_answer(q)) {
		q->typed[0] = 0;
		q->again = true;
	} else if (key == K_ENTER && q->typed[0]) {
		reveal(r, false);
	} else {
		type(q, key);
	}
}

/* ---- words ---- */

static void question_words(const struct quiz_mode *q, const struct scene *s, char *out, size_t cap)
{
	char operation[SCENE_TEXT * 2];
	const char *quote = s->type_ok && s->type.key.kind == GO_STRING ? "\"" : "";
	operation_phrase(s, operation, sizeof operation);
	switch (q->kind) {
	case QUIZ_BUCKET:
		snprintf(out, cap, _("%s: the map has %" PRIu64 " buckets. Which one does this hash choose?"), operation, array_buckets(&s->hmap, ARRAY_NEW));
		break;
	case QUIZ_TOP: snprintf(out, cap, _("%s: which tophash will be looked for? (two hex digits)"), operation); break;
	case QUIZ_SLOT: snprintf(out, cap, _("%s: bucket %" PRIu64 " is chosen. Which slot, 0 to 7, will have the key?"), operation, s->chosen); break;
	case QUIZ_GROW: snprintf(out, cap, _("%s: the key is new. Does the map grow first?"), operation); break;
	default:
		snprintf(out, cap, _("Old bucket %" PRIu64 " splits. Which way does %s%s%s go?"), s->evacuated, quote, s->hash.of, quote);
	}
}

static void choice_words(const struct quiz_mode *q, const struct scene *s, char *out, size_t cap)
{
	switch (q->kind) {
	case QUIZ_HALF:
		snprintf(out, cap, _("x) X, new bucket %" PRIu64 "    y) Y, new bucket %" PRIu64), s->evacuated, s->evacuated + newbit(s));
		break;
	case QUIZ_GROW: snprintf(out, cap, "%s", _("y) yes    n) no")); break;
	default: out[0] = 0;
	}
}

static void hint_words(const struct quiz_mode *q, const struct scene *s, char *out, size_t cap)
{
	switch (q->kind) {
	case QUIZ_BUCKET: snprintf(out, cap, _("B is %u: the low %u bits, those at the right, are its number."), s->hmap.B, s->hmap.B); break;
	case QUIZ_TOP: snprintf(out, cap, "%s", _("The highest 8 bits, at the left; below 5 they would be a state, so 5 is added.")); break;
	case QUIZ_SLOT: snprintf(out, cap, "%s", _("The slot that has the key; if none has, the first free one of the chain; if all are full, 0 of a new one.")); break;
	case QUIZ_GROW:
		snprintf(out, cap, _("More than 6.5 x %" PRIu64 " keys with it, and more than 8? Or at least %" PRIu64 " overflow buckets?"),
			 array_buckets(&s->hmap, ARRAY_NEW), UINT64_C(1) << (s->hmap.B < 15 ? s->hmap.B : 15));
		break;
	default: snprintf(out, cap, _("Bit %u of the hash, counted from 0 at the right: 0 is X, 1 is Y."), s->hmap.B ? s->hmap.B - 1 : 0);
	}
}

/* ---- drawing ---- */

/* The bits with no mark under them. */
static void draw_bits(const struct frame *f, int y)
{
	const struct scene *s = f->scene;
	struct rect all = grid_rect(f->grid);
	char text[SCENE_TEXT + 96];
	int x = 6;
	grid_put(f->grid, all, 0, y, S_LABEL, _("hash"));
	for (int i = 63; i >= 0; i--) {
		x = grid_put(f->grid, all, x, y, S_TEXT, s->hash.hash >> i & 1 ? "1" : "0");
		x += i % 8 == 0;
	}
	snprintf(text, sizeof text, _("%016" PRIx64 " of %s; the marks under the bits are hidden"), s->hash.hash, s->hash.of);
	mode_words(f, 6, y + 1, f->grid->w, S_TEXT, text);
}

static bool hides_hash(const struct quiz_mode *q)
{
	return q->asking && (q->kind == QUIZ_BUCKET || q->kind == QUIZ_TOP || q->kind == QUIZ_HALF);
}

static void wrapped(const struct frame *f, int y, int rows, style st, const char *text)
{
	char row[SCENE_TEXT * 4];
	for (int i = 0; i < rows && *text; i++) {
		const char *next;
		size_t n = text_wrap(text, f->grid->w - 2, &next);
		snprintf(row, sizeof row, "%.*s%s", (int)n, text, i == rows - 1 && *next ? " …" : "");
		mode_words(f, 1, y + i, f->grid->w, st, row);
		text = next;
	}
}

static void draw_question(const struct frame *f, const struct quiz_mode *q, int y, int rows)
{
	const struct scene *s = f->scene;
	char words[SCENE_TEXT * 3], choice[160], text[SCENE_TEXT * 4];
	int w = f->grid->w;
	question_words(q, s, words, sizeof words);
	snprintf(text, sizeof text, _("Question %u. %s"), q->asked, words);
	if (q->hinted && rows < 4) /* in its place */
		hint_words(q, s, text, sizeof text);
	wrapped(f, y, rows > 3 ? 2 : rows - 1, q->hinted && rows < 4 ? S_SAY : S_TITLE, text);
	choice_words(q, s, choice, sizeof choice);
	snprintf(text, sizeof text, _("%s%sanswer, then Enter: %s_"), choice, *choice ? "     " : "", q->typed);
	if (q->again)
		snprintf(text, sizeof text, "%s", _("That is no answer to this question: try again, or . to skip."));
	mode_words(f, 1, y + rows - 1, w, S_TEXT, text);
	if (!q->hinted || rows < 4)
		return;
	hint_words(q, s, text, sizeof text);
	mode_words(f, 1, y + 2, w, S_SAY, text);
}

static void draw_verdict(const struct frame *f, const struct quiz_mode *q, int y, int rows)
{
	char text[256];
	const char *answer = q->kind == QUIZ_GROW ? (q->answer[0] == 'y' ? _("it grows") : _("it does not grow"))
		: q->kind == QUIZ_HALF ? (q->answer[0] == 'y' ? "Y" : "X") : q->answer;
	snprintf(text, sizeof text, q->skipped ? _("It is: %s.") : q->right_now ? _("Right: %s.") : _("No: %s."), answer);
	grid_put(f->grid, grid_rect(f->grid), 1, y, q->right_now || q->skipped ? S_TITLE : S_ERROR, text);
	if (rows > 1)
		view_sentence(f, (struct rect){ 0, y + 1, f->grid->w, rows - 1 });
}

static void draw_foot(const struct frame *f, const struct quiz_mode *q)
{
	char text[192], so_far[96];
	int y = f->grid->h - 1, w = f->grid->w;
	const char *hint = q->searching ? _("Esc end") : q->asking ? _("Tab hint  . skip  Esc end") : _("Enter next question  Esc end");
	score(q, so_far, sizeof so_far);
	if (q->searching)
		snprintf(text, sizeof text, _("predict  looking for a question at step %" PRIu64), q->scan);
	else if (q->asking)
		snprintf(text, sizeof text, _("predict  %s   step %" PRIu64 " hidden"), so_far, q->at + 1);
	else
		snprintf(text, sizeof text, _("predict  %s   step %" PRIu64 "/%" PRIu64), so_far, q->reveal, f->scene->steps);
	mode_words(f, 1, y, w - text_width(hint) - 2, S_TEXT, text);
	grid_put_right(f->grid, grid_rect(f->grid), w - 1, y, S_LABEL, hint);
}

void quiz_draw(struct replay *r, const struct frame *f)
{
	const struct quiz_mode *q = r->mode->quiz;
	int h = f->grid->h, y = mode_head(f, 1 + 2 + 2);
	int left = h - 1 - y, words = left >= 12 ? 4 : left >= 3 ? 3 : 2, hash = left - words >= 2 ? 2 : 0;
	int lines = layout_lines(f->scene->type_ok ? &f->scene->type : NULL) + 1;
	if (lines > left - words - hash)
		lines = left - words - hash;
	if (lines >= 2)
		view_lines(f, (struct rect){ 0, y, f->grid->w, lines });
	y = h - 1 - words - hash;
	if (hash && hides_hash(q) && f->scene->hash.known)
		draw_bits(f, y);
	else if (hash)
		view_hash(f, (struct rect){ 0, y, f->grid->w, 2 });
	if (q->asking)
		draw_question(f, q, h - 1 - words, words);
	else if (q->found)
		draw_verdict(f, q, h - 1 - words, words);
	draw_foot(f, q);
}
