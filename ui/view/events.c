/* The view of events: the list, with what they say where it is wide, and the whole event in sight. */
#include "ui/scene/sentence.h"
#include "ui/scene/words.h"
#include "ui/grid/text.h"
#include "ui/view/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How many events the arrows pass over, at most, where the list shows few of them. */
enum { LOOK_MOST = 80000, DETAIL_W = 46, DETAIL_H = 7 };

static void put_bytes(
	const struct frame *f, struct rect r, int *y, const char *label, union event_bytes b, uint64_t size)
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

/* In one column, or in two: what it is and where beside its numbers. */
static void draw_detail(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	const struct event *e = &s->event;
	char words[160];
	int y = 1;
	panel_rule(f, r, 0, false, _("this event"), NULL);
	if (e->kind == EV_COUNT) {
		grid_put(f->grid, r, 1, y, S_DEAD, _("nothing has happened yet"));
		return;
	}
	const struct event_info *i = &event_info[e->kind];
	static const char *const roles[] = { N_("fact: changes memory"), N_("read: looks at memory"),
		N_("note: only tells") };
	char name[EVENT_NAME];
	snprintf(words, sizeof words, "%s, %s", event_name(e, name), _(roles[i->role]));
	grid_put(f->grid, r, 1, y++, S_TITLE, words);
	if (e->addr) {
		struct place p = scene_place(s, e->addr);
		place_phrase(s, &p, words, sizeof words);
		grid_put(f->grid, r, 1, y, S_LABEL, _("at"));
		grid_printf(f->grid, r, 8, y++, S_TEXT, "%010" PRIx64 "  %s", e->addr, words);
		grid_put(f->grid, r, 1, y, S_LABEL, _("bytes"));
		grid_printf(f->grid, r, 8, y++, S_TEXT, _("%" PRIu64 ", cache line %010" PRIx64), e->size,
			e->addr / 64 * 64);
	}
	if (e->kind == EV_WRITE) {
		put_bytes(f, r, &y, _("old"), e->old, e->size);
		put_bytes(f, r, &y, _("new"), e->new, e->size);
	}
	if (r.w >= 2 * DETAIL_W - 12) {
		int half = r.w / 2;
		r = (struct rect){ r.x + half, r.y, r.w - half, r.h };
		y = 1;
	}
	const char *arg;
	for (int k = 0, n; event_next_arg(i, &k, &arg, &n); k++)
		put_number(f, r, &y, arg, (size_t)n, event_arg(e, k));
}

/* The event in sight stands beside the list where rows are few, else under it. */
static bool under(struct rect body)
{
	return body.h >= 24;
}

static struct rect list_rect(struct rect body)
{
	int side = !under(body) && body.w >= 100 ? DETAIL_W : 0;
	return (struct rect){ body.x, body.y, body.w - side, body.h - (under(body) ? DETAIL_H : 0) };
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	struct rect list = list_rect(body);
	(void)own;
	panel_rule(f, list, 0, true, _("events"), panel_event_filter(f));
	panel_event_list(f, list);
	if (under(body)) {
		draw_detail(f, (struct rect){ body.x, body.y + list.h, body.w, DETAIL_H });
	} else if (list.w < body.w) {
		draw_detail(f, (struct rect){ list.w + 1, body.y, body.w - list.w - 1, body.h });
		panel_border(f, body, list.w);
	}
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	uint64_t rows[PANEL_EVENT_ROWS];
	(void)own;
	panel_event_rows(f, list_rect(body), rows);
	q->words.maker = &sentence_words;
	q->words.ascii = f->state->ascii;
	q->words.n = WORDS_MOST;
	memcpy(q->words.step, rows, sizeof q->words.step);
}

static bool key(
	struct state *s, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	uint64_t step = s->step, next;
	int left = LOOK_MOST;
	(void)own;
	(void)body;
	if (a != ACTION_UP && a != ACTION_DOWN)
		return false;
	for (uint64_t i = 0; i < n && (next = panel_event_next(f, step, a == ACTION_UP ? -1 : 1, &left)); i++)
		step = next;
	if (step == s->step)
		state_message(s, false, "%s", _("no event of these kinds near; ] and [ look further"));
	else
		state_ask(s, REQUEST_GO, step);
	return true;
}

const struct view view_events = { .passes = NEEDS_WORDS, .draw = draw, .ask = ask, .key = key };
