/* A question drawn: what may be seen of the step, what is asked, and the score. */
#include "ui/mode/predict.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
	snprintf(text, sizeof text, _("%016" PRIx64 " of %s; the marks under the bits are hidden"),
		s->hash.hash, s->hash.of);
	mode_words(f, 6, y + 1, f->grid->w, S_TEXT, text);
}

static bool hides_hash(const struct predict_mode *q)
{
	return q->asking && predict_sort(q)->hides_hash;
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

/* The choice and what is typed, in as many words as there is room for. */
static void draw_answer(const struct frame *f, const struct predict_mode *q, int y)
{
	char choice[160] = "", text[SCENE_TEXT];
	int w = f->grid->w;
	if (predict_sort(q)->choice)
		predict_sort(q)->choice(f->scene, &q->now, choice, sizeof choice);
	snprintf(text, sizeof text, _("%s%sanswer, then Enter: %s_"), choice, *choice ? "     " : "",
		q->typed);
	if (text_width(text) > w - 2)
		snprintf(text, sizeof text, "%s%s> %s_", choice, *choice ? "   " : "", q->typed);
	if (q->again)
		snprintf(text, sizeof text, "%s",
			w >= 80 ? _("That is no answer to this question: try again, or . to skip.")
				: _("That is no answer: try again, or . to skip."));
	mode_words(f, 1, y, w, S_TEXT, text);
}

static void draw_question(const struct frame *f, const struct predict_mode *q, int y, int rows)
{
	const struct prediction_sort *sort = predict_sort(q);
	const struct scene *s = f->scene;
	char words[SCENE_TEXT * 3], text[SCENE_TEXT * 4];
	sort->question(s, &q->now, words, sizeof words);
	snprintf(text, sizeof text,
		q->wrapped && q->asked == 1 ? _("From the beginning. Question %u. %s") : _("Question %u. %s"),
		q->asked, words);
	if (q->hinted && rows < 4) /* in its place */
		sort->hint(s, &q->now, text, sizeof text);
	wrapped(f, y, rows > 3 ? 2 : rows - 1, q->hinted && rows < 4 ? S_SAY : S_TITLE, text);
	draw_answer(f, q, y + rows - 1);
	if (!q->hinted || rows < 4)
		return;
	sort->hint(s, &q->now, text, sizeof text);
	mode_words(f, 1, y + 2, f->grid->w, S_SAY, text);
}

static void draw_verdict(const struct frame *f, const struct predict_mode *q, int y, int rows)
{
	char text[256];
	const struct prediction_sort *sort = predict_sort(q);
	const char *answer = sort->verdict ? sort->verdict(&q->now) : q->now.answer;
	snprintf(text, sizeof text,
		q->skipped             ? _("It is: %s.")
			: q->right_now ? _("Right: %s.")
				       : _("No: %s."),
		answer);
	grid_put(f->grid, grid_rect(f->grid), 1, y, q->right_now || q->skipped ? S_TITLE : S_ERROR, text);
	if (rows > 1)
		panel_sentence(f, (struct rect){ 0, y + 1, f->grid->w, rows - 1 });
}

static void draw_foot(const struct frame *f, const struct predict_mode *q)
{
	char text[192], so_far[96];
	int y = f->grid->h - 1, w = f->grid->w;
	const char *hint = q->searching ? _("Esc end")
		: q->asking             ? _("Tab hint  . skip  Esc end")
					: _("Enter next question  Esc end");
	predict_score(q, so_far, sizeof so_far);
	if (q->searching)
		snprintf(text, sizeof text, _("predict  looking for a question at step %" PRIu64), q->scan);
	else if (w < 80)
		snprintf(text, sizeof text, "%s", so_far);
	else if (q->asking)
		snprintf(
			text, sizeof text, _("predict  %s   step %" PRIu64 " hidden"), so_far, q->now.at + 1);
	else
		snprintf(text, sizeof text, _("predict  %s   step %" PRIu64 "/%" PRIu64), so_far,
			q->now.reveal, f->scene->steps);
	mode_words(f, 1, y, w - text_width(hint) - 2, S_TEXT, text);
	grid_put_right(f->grid, grid_rect(f->grid), w - 1, y, S_LABEL, hint);
}

/* ---- so far, where there is room ---- */

/* A line a question, the newest last; above them how many of each sort were right. */
static void draw_past(const struct frame *f, const struct predict_mode *q, struct rect r)
{
	const struct predict_count *count = &q->counts[q->map_kind];
	char text[160];
	unsigned done = q->asked - (q->asking ? 1 : 0);
	uint64_t most = (uint64_t)(r.h - 2) < PREDICT_ANSWERS ? (uint64_t)(r.h - 2) : PREDICT_ANSWERS,
		 first = done > most ? done - most + 1 : 1;
	int x = 1;
	grid_rule(f->grid, r, 0);
	grid_put(f->grid, r, 1, 0, S_LABEL, _(" questions so far: what it was, what you said "));
	for (unsigned k = 0; q->of && k < q->of->sorts; k++) {
		unsigned asked = count->asked[k] - (q->asking && q->now.sort == k);
		snprintf(text, sizeof text, "%s %u/%u", _(q->of->sort[k].name), count->right[k], asked);
		x = grid_put(f->grid, r, x, 1, asked ? S_TEXT : S_DEAD, text) + 2;
	}
	for (uint64_t n = first; n <= done; n++) {
		const struct predict_answer *p = &q->answers[n % PREDICT_ANSWERS];
		int y = 2 + (int)(n - first);
		grid_printf(f->grid, r, 1, y, S_TEXT, "%3" PRIu64, n);
		snprintf(text, sizeof text, _("op %" PRIu64), p->op);
		grid_put(f->grid, r, 6, y, S_TEXT, text);
		grid_put(f->grid, r, 16, y, S_TEXT, _(p->sort->name));
		grid_put(f->grid, r, 27, y, S_TEXT, p->answer);
		snprintf(text, sizeof text,
			p->skipped         ? _("skipped")
				: p->right ? _("right")
					   : _("wrong: %s"),
			p->typed);
		grid_put(f->grid, r, 35, y, p->right || p->skipped ? S_TEXT : S_ERROR, text);
		if (p->hinted)
			grid_put(f->grid, r, 53, y, S_LABEL, _("with a hint"));
	}
}

/* Between the bytes and the hash: the questions so far, and the code that is running. */
static void draw_more(const struct frame *f, const struct predict_mode *q, struct rect r)
{
	enum { CODE = 44 };
	if (r.h < 4)
		return;
	int side = r.w >= 76 + CODE && r.h >= 8 ? CODE : 0;
	draw_past(f, q, (struct rect){ r.x, r.y, r.w - side, r.h });
	if (side)
		panel_code(f, (struct rect){ r.w - side, r.y, side, r.h });
}

void predict_draw(const struct mode *mode, const struct frame *f)
{
	const struct predict_mode *q = mode->predict;
	int h = f->grid->h, y = mode_head(f, 1 + 2 + 2);
	int left = h - 1 - y, words = left >= 12 ? 4 : left >= 3 ? 3 : 2, hash = left - words >= 2 ? 2 : 0;
	int lines = layout_lines(f->scene->group_size) + 1;
	if (lines > left - words - hash)
		lines = left - words - hash;
	if (lines >= 2)
		panel_lines(f, (struct rect){ 0, y, f->grid->w, lines });
	y += lines >= 2 ? lines : 0;
	draw_more(f, q, (struct rect){ 0, y, f->grid->w, h - 1 - words - hash - y });
	y = h - 1 - words - hash;
	if (hash && hides_hash(q) && f->scene->hash.known)
		draw_bits(f, y);
	else if (hash)
		panel_hash(f, (struct rect){ 0, y, f->grid->w, 2 });
	if (q->asking)
		draw_question(f, q, h - 1 - words, words);
	else if (q->found)
		draw_verdict(f, q, h - 1 - words, words);
	draw_foot(f, q);
}
