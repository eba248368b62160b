/* The list of events: beside the panels, and as a view of its own with the whole event in sight.  The list moves under a
 * fixed row; a filter (F) leaves kinds of events out, or all that is no marker of the kinds chosen.
 */
#include "ui/view/private.h"
#include "ui/control/replay_private.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How many events are passed over, at most, to fill a list that shows few of them. */
enum { LOOK_MOST = 20000, DETAIL_W = 46 };

/* The kinds that the list may show: a marker is found by what it is made of. */
static struct kind_set shown_kinds(const struct replay *r)
{
	struct kind_set shown = kinds_complement(r->moves.hidden), kinds = KINDS(EV_LENGTH, EV_KEY, EV_WRITE);
	if (!r->moves.only || r->moves.markers >> MARKER_NOTE & 1)
		return shown;
	for (int m = 0; m < MARKERS; m++)
		if (r->moves.markers >> m & 1)
			kinds = kinds_union(kinds, marker_kinds((enum marker)m));
	return kinds_complement(kinds_union(kinds_complement(kinds), r->moves.hidden));
}

/* Is a step one of the markers that are chosen?  A marker is told by its event and the two before it. */
static bool is_marker(const struct replay *r, struct player *p, uint64_t step)
{
	struct event near[3];
	struct scan around = { .source = r->source, .chunk = { .events = near } };
	if (r->moves.markers >> MARKER_NOTE & 1 && notes_at(&r->moves.notes, step))
		return true;
	around.chunk.first = step > 2 ? step - 2 : 1;
	for (uint64_t k = around.chunk.first; k <= step; k++) {
		const struct event *e = player_event(p, k);
		if (!e)
			return false;
		near[around.chunk.count++] = *e;
	}
	/* Where there are fewer than two before it the recording begins, and nothing is looked for beyond. */
	return marker_of(&around, (uint32_t)(step - around.chunk.first), r->moves.markers) >= 0;
}

/* The next step in a direction whose event is shown; 0: there is none near. */
static uint64_t next_shown(const struct replay *r, const struct scene *s, const struct kind_set *kinds, uint64_t step, int by, int *left)
{
	while (*left > 0) {
		(*left)--;
		if ((by < 0 && step <= 1) || (by > 0 && step >= s->steps))
			return 0;
		step += (uint64_t)(int64_t)by;
		const struct event *e = player_event(s->player, step);
		if (!e)
			return 0;
		bool may = kinds_have(kinds, e->kind);
		if (may && (!r->moves.only || is_marker(r, s->player, step)))
			return step;
	}
	return 0;
}

static void draw_event(const struct frame *f, struct rect r, int y, uint64_t step, int digits, bool here)
{
	const struct scene *s = f->scene;
	char phrase[256], fit[300];
	const struct event *e = player_event(s->player, step);
	if (!e)
		return;
	struct event copy = *e;
	spots_add(f->spots, r, 0, y, r.w, (struct spot){ .kind = SPOT_STEP, .a = step });
	event_phrase(s, &copy, phrase, sizeof phrase);
	text_fit(phrase, r.w - digits - 4, fit, sizeof fit);
	style st = here ? S_TITLE : copy.kind == EV_FAULT ? S_ERROR : copy.kind == EV_OP || copy.kind == EV_PHASE ? S_LABEL : S_TEXT;
	if (here)
		grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
	grid_printf(f->grid, r, 1, y, st, "%*" PRIu64, digits, step);
	grid_put(f->grid, r, digits + 3, y, st, fit);
}

/* Rows 1.. of r, around the step. */
static void draw_list(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	const struct kind_set kinds = shown_kinds(f->replay);
	uint64_t step = s->step;
	int here = 1 + (r.h - 1) * 7 / 12, digits = views_digits(s->steps), left = LOOK_MOST;
	if (step)
		draw_event(f, r, here, step, digits, true);
	for (int y = here - 1; y >= 1 && (step = next_shown(f->replay, s, &kinds, step, -1, &left)); y--)
		draw_event(f, r, y, step, digits, false);
	step = s->step;
	left = LOOK_MOST;
	for (int y = here + 1; y < r.h && (step = next_shown(f->replay, s, &kinds, step, 1, &left)); y++)
		draw_event(f, r, y, step, digits, false);
}

static const char *list_words(const struct frame *f)
{
	const struct moves *m = &f->replay->moves;
	return m->only ? _("F filters: markers") : !kinds_empty(&m->hidden) ? _("F filters: kinds") : f->scene->steps ? _("F filters") : NULL;
}

void view_events(const struct frame *f, struct rect r)
{
	bool side = r.x > 0; /* with a border at the left */
	struct rect inner = side ? (struct rect){ r.x + 1, r.y, r.w - 1, r.h } : r;
	view_rule(f, inner, 0, PANEL_EVENTS, _("events"), f->replay->moves.only || !kinds_empty(&f->replay->moves.hidden) ? list_words(f) : NULL);
	if (side)
		views_border(f, r, 0);
	draw_list(f, inner);
}

/* ---- the view ---- */

static void put_bytes(const struct frame *f, struct rect r, int *y, const char *label, union event_bytes b, uint64_t size)
{
	char text[80];
	size_t n = 0, most = (size_t)(r.w - 10) / 2;
	if (*y >= r.h || (size > 8 && !b.p))
		return;
	for (uint64_t i = 0; i < size && i < most && n + 3 < sizeof text; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%02x", event_byte(b, size, i));
	grid_put(f->grid, r, 1, *y, S_LABEL, label);
	grid_printf(f->grid, r, 8, (*y)++, S_TEXT, "%s%s", text, size > most ? "…" : "");
}

static void put_number(const struct frame *f, struct rect r, int *y, const char *name, size_t n, uint64_t v)
{
	if (*y >= r.h || n == 0 || *name == '-')
		return;
	grid_printf(f->grid, r, 1, *y, S_LABEL, "%.*s", (int)n, name);
	grid_printf(f->grid, r, 14, (*y)++, S_TEXT, v > 9 ? "%" PRIu64 "  (%" PRIx64 ")" : "%" PRIu64, v, v);
}

static void draw_detail(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	const struct event *e = &s->event;
	char words[160];
	int y = 1;
	views_rule(f, r, 0, false, _("this event"), NULL);
	if (e->kind == EV_COUNT) {
		grid_put(f->grid, r, 1, y, S_DEAD, _("nothing has happened yet"));
		return;
	}
	const struct event_info *i = &event_info[e->kind];
	static const char *const roles[] = { N_("fact: changes memory"), N_("read: looks at memory"), N_("note: only tells") };
	char name[EVENT_NAME];
	snprintf(words, sizeof words, "%s, %s", event_name(e, name), _(roles[i->role]));
	grid_put(f->grid, r, 1, y++, S_TITLE, words);
	if (e->addr) {
		struct place p = scene_place(s, e->addr);
		place_phrase(s, &p, words, sizeof words);
		grid_put(f->grid, r, 1, y, S_LABEL, _("at"));
		grid_printf(f->grid, r, 8, y++, S_TEXT, "%010" PRIx64 "  %s", e->addr, words);
		grid_put(f->grid, r, 1, y, S_LABEL, _("bytes"));
		grid_printf(f->grid, r, 8, y++, S_TEXT, _("%" PRIu64 ", cache line %010" PRIx64), e->size, e->addr / 64 * 64);
	}
	if (e->kind == EV_WRITE) {
		put_bytes(f, r, &y, _("old"), e->old, e->size);
		put_bytes(f, r, &y, _("new"), e->new, e->size);
	}
	const char *arg;
	for (int k = 0, n; event_next_arg(i, &k, &arg, &n); k++)
		put_number(f, r, &y, arg, (size_t)n, event_arg(e, k));
}

void events_draw(struct replay *r, const struct frame *f, struct rect body)
{
	int side = body.w >= 100 ? DETAIL_W : 0;
	struct rect list = { body.x, body.y, body.w - side, body.h };
	(void)r;
	views_rule(f, list, 0, true, _("events"), list_words(f));
	draw_list(f, list);
	if (!side)
		return;
	draw_detail(f, (struct rect){ list.w + 1, body.y, side - 1, body.h });
	views_border(f, body, list.w);
}

bool events_key(struct replay *r, const struct scene *s, enum action a, uint64_t n)
{
	const struct kind_set kinds = shown_kinds(r);
	uint64_t step = s->step, next;
	if (a != ACTION_UP && a != ACTION_DOWN)
		return false;
	int left = 4 * LOOK_MOST;
	for (uint64_t i = 0; i < n && (next = next_shown(r, s, &kinds, step, a == ACTION_UP ? -1 : 1, &left)); i++)
		step = next;
	if (step == s->step)
		replay_message(r, false, "%s", _("no event of these kinds near; ] and [ look further"));
	else
		replay_go(r, step);
	return true;
}
