/* The list of events: beside the panels, and in the view of events.  The list moves under a fixed row; a
 * filter (F) leaves kinds of events out, or all that is no marker of the kinds chosen. */
#include "ui/panel/panel.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How many events are passed over, at most, to fill a list that shows few of them. */
enum { LOOK_MOST = 20000 };

/* The kinds that the list may show. */
static struct kind_set shown_kinds(const struct find *f)
{
	struct kind_set shown = kinds_complement(f->hidden), kinds = { 0 };
	if (!f->only || f->markers >> MARKER_BOOKMARK & 1)
		return shown;
	for (int m = 0; m < MARKERS; m++)
		if (f->markers >> m & 1)
			kinds = kinds_union(kinds, kinds_of(marker_info[m].at, 2));
	return kinds_complement(kinds_union(kinds_complement(kinds), f->hidden));
}

/* Is a step one of the markers that are chosen?  A marker is told by its event and some before it. */
static bool is_marker(const struct find *r, struct player *p, uint64_t step)
{
	struct event near[1 + MARKER_BEFORE];
	struct scan around = { .source = p->source, .walk.chunk = { .events = near } };
	if (r->markers >> MARKER_BOOKMARK & 1 && bookmarks_at(&r->bookmarks, step))
		return true;
	around.walk.chunk.first = step > MARKER_BEFORE ? step - MARKER_BEFORE : 1;
	for (uint64_t k = around.walk.chunk.first; k <= step; k++) {
		const struct event *e = player_event(p, k);
		if (!e)
			return false;
		near[around.walk.chunk.count++] = *e;
	}
	/* Where there are fewer before it the recording begins, and nothing is looked for beyond. */
	return marker_of(&around, (uint32_t)(step - around.walk.chunk.first), r->markers) >= 0;
}

/* The next step in a direction whose event is shown; 0: there is none near. */
uint64_t panel_event_next(const struct frame *f, uint64_t step, int by, int *left)
{
	const struct scene *s = f->scene;
	const struct kind_set kinds = shown_kinds(f->find);
	while (*left > 0) {
		(*left)--;
		if ((by < 0 && step <= 1) || (by > 0 && step >= s->steps))
			return 0;
		step += (uint64_t)(int64_t)by;
		const struct event *e = player_event(s->player, step);
		if (!e)
			return 0;
		bool may = kinds_have(&kinds, e->kind) && !(state_folds(f->state) && event_of_allocator(e));
		if (may && (!f->find->only || is_marker(f->find, s->player, step)))
			return step;
	}
	return 0;
}

/* Columns of a phrase with words beside it; so many there must be for these. */
enum { PHRASE_W = 36, PHRASE_MOST = 48, WORDS_W = 40 };

/* How many steps of the allocator stand before one of the list. */
static unsigned folded_before(const struct frame *f, uint64_t step)
{
	unsigned n = 0;
	const struct event *e;
	while (step > n + 1 && (e = player_event(f->scene->player, step - n - 1)) && event_of_allocator(e))
		n++;
	return n;
}

static void draw_event(const struct frame *f, struct rect r, int y, uint64_t step, int digits, bool here)
{
	const struct scene *s = f->scene;
	char phrase[256], fit[WORDS_TEXT + 8];
	const struct event *e = player_event(s->player, step);
	if (!e)
		return;
	struct event copy = *e;
	int x = digits + 3, room = r.w - x - 1;
	bool wide = room >= PHRASE_W + 2 + WORDS_W;
	const char *words = wide ? words_at(&f->pass->words, step) : NULL;
	hits_add(f->hits, r, 0, y, r.w, (struct hit){ .kind = HIT_STEP, .a = step });
	if (words && copy.kind == EV_SAY) /* the words are the text */
		snprintf(phrase, sizeof phrase, "%s", event_info[EV_SAY].name);
	else
		event_phrase(s, &copy, phrase, sizeof phrase);
	unsigned folded = state_folds(f->state) ? folded_before(f, step) : 0;
	if (folded)
		snprintf(phrase + strlen(phrase), sizeof phrase - strlen(phrase), "  +%u", folded);
	text_fit_sentences(phrase, wide ? PHRASE_MOST : room, fit, sizeof fit);
	style st = here                                       ? S_TITLE
		: copy.kind == EV_FAULT                       ? S_ERROR
		: copy.kind == EV_OP || copy.kind == EV_PHASE ? S_LABEL
							      : S_TEXT;
	if (here)
		grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
	grid_printf(f->grid, r, 1, y, st, "%*" PRIu64, digits, step);
	int end = grid_put(f->grid, r, x, y, st, fit) - x;
	if (!words)
		return;
	end = end > PHRASE_W ? end : PHRASE_W;
	text_fit_sentences(words, room - end - 2, fit, sizeof fit);
	grid_put(f->grid, r, x + end + 2, y, here ? S_TITLE : S_LABEL, fit);
}

/* Around the step, which always stands in the same row. */
void panel_event_rows(const struct frame *f, struct rect r, uint64_t rows[PANEL_EVENT_ROWS])
{
	uint64_t step = f->scene->step;
	int here = 1 + (r.h - 1) * 7 / 12, left = LOOK_MOST;
	memset(rows, 0, PANEL_EVENT_ROWS * sizeof *rows);
	if (here >= PANEL_EVENT_ROWS)
		return;
	rows[here] = step;
	for (int y = here - 1; y >= 1 && (step = panel_event_next(f, step, -1, &left)); y--)
		rows[y] = step;
	step = f->scene->step;
	left = LOOK_MOST;
	for (int y = here + 1;
		y < r.h && y < PANEL_EVENT_ROWS && (step = panel_event_next(f, step, 1, &left)); y++)
		rows[y] = step;
}

void panel_event_list(const struct frame *f, struct rect r)
{
	uint64_t rows[PANEL_EVENT_ROWS];
	int digits = panel_digits(f->scene->steps);
	panel_event_rows(f, r, rows);
	for (int y = 1; y < r.h && y < PANEL_EVENT_ROWS; y++)
		if (rows[y])
			draw_event(f, r, y, rows[y], digits, rows[y] == f->scene->step);
}

const char *panel_event_filter(const struct frame *f)
{
	const struct find *m = f->find;
	return m->only                     ? _("F filters: markers")
		: !kinds_empty(&m->hidden) ? _("F filters: kinds")
		: f->scene->steps          ? _("F filters")
					   : NULL;
}

void panel_events(const struct frame *f, struct rect r)
{
	bool side = r.x > 0; /* with a border at the left */
	struct rect inner = side ? (struct rect){ r.x + 1, r.y, r.w - 1, r.h } : r;
	panel_head(f, inner, 0, PANEL_EVENTS, _("events"),
		f->find->only || !kinds_empty(&f->find->hidden) ? panel_event_filter(f) : NULL);
	if (side)
		panel_border(f, r, 0);
	panel_event_list(f, inner);
}
