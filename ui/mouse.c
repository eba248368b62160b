/* What a mouse does: nothing that has no key. */
#include "mode.h"
#include "replay_private.h"

void spots_add(struct spots *s, struct rect r, int x, int y, int w, struct spot spot)
{
	if (!s || s->count == SPOTS_MOST || x >= r.w || y < 0 || y >= r.h)
		return;
	spot.rect = (struct rect){ r.x + x, r.y + y, x + w > r.w ? r.w - x : w, 1 };
	s->spot[s->count++] = spot;
}

static bool inside(struct rect r, int x, int y)
{
	return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

const struct spot *spots_at(const struct spots *s, int x, int y)
{
	for (int i = s->count; i > 0; i--)
		if (inside(s->spot[i - 1].rect, x, y))
			return &s->spot[i - 1];
	return NULL;
}

static enum panel panel_at(const struct replay *r, int x, int y)
{
	for (int p = 0; p < PANELS; p++)
		if (inside(r->layout.rect[p], x, y))
			return (enum panel)p;
	return PANELS;
}

static bool takes_focus(enum panel p)
{
	return p == PANEL_TIMELINE || p == PANEL_STRIPS || p == PANEL_ARRAYS || p == PANEL_SLOTS || p == PANEL_TABLES || p == PANEL_EVENTS;
}

static void press(struct replay *r, const struct spot *s)
{
	r->playing = false;
	switch (s->kind) {
	case SPOT_BUCKET: case SPOT_SLOT:
		r->hold = (struct scene_hold){ true, (enum which_array)s->array, s->a, s->depth, s->kind == SPOT_SLOT ? s->slot : 0 };
		break;
	case SPOT_STEP: case SPOT_BAR: replay_jump(r, s->a); break;
	case SPOT_OPERATION: replay_jump(r, replay_op_first_step(r, s->a)); break;
	case SPOT_ROW: r->moves.row = (int)s->a; break;
	default: break;
	}
}

/* On a timeline the mouse may leave its row while it is held down. */
static void drag(struct replay *r, int x)
{
	const struct spot *s = spots_at(&r->spots, x, r->drag_y);
	if (r->drag_y < 0 || !s)
		return;
	if (s->kind == SPOT_BAR)
		replay_go(r, s->a);
	else if (s->kind == SPOT_OPERATION)
		replay_go(r, replay_op_first_step(r, s->a));
}

static void click(struct replay *r, enum mouse_kind kind, int x, int y)
{
	const struct spot *s = spots_at(&r->spots, x, y);
	enum panel p = panel_at(r, x, y);
	bool list = r->moves.list != LIST_NONE;
	if (list && (!s || s->kind != SPOT_ROW)) { /* beside it */
		r->moves.list = s && s->kind == SPOT_COVER ? r->moves.list : LIST_NONE;
		return;
	}
	if (!list && takes_focus(p))
		r->panel = p;
	if (s)
		press(r, s);
	r->drag_y = s && (s->kind == SPOT_BAR || s->kind == SPOT_OPERATION) ? y : -1;
	if (kind == MOUSE_DOUBLE)
		replay_key(r, list && r->moves.list == LIST_FILTER ? ' ' : K_ENTER);
}

static void wheel(struct replay *r, int by, int x, int y)
{
	enum panel p = panel_at(r, x, y);
	if (r->moves.list != LIST_NONE || r->help || r->views.open != VIEW_DEFAULT || mode_name(r)) {
		replay_key(r, by < 0 ? K_UP : K_DOWN);
	} else if (p == PANEL_SLOTS || p == PANEL_TABLES) {
		r->panel = p;
		replay_key(r, by < 0 ? K_UP : K_DOWN);
	} else {
		r->playing = false;
		if (by < 0)
			replay_back(r, 1);
		else
			replay_forward(r, 1);
	}
}

void replay_mouse(struct replay *r, enum mouse_kind kind, int x, int y)
{
	if (r->prompting)
		return;
	if (kind == MOUSE_WHEEL_UP || kind == MOUSE_WHEEL_DOWN) {
		wheel(r, kind == MOUSE_WHEEL_UP ? -1 : 1, x, y);
		return;
	}
	if (kind == MOUSE_RELEASE) {
		r->drag_y = -1;
		return;
	}
	if (mode_name(r))
		return;
	if (kind == MOUSE_DRAG) {
		drag(r, x);
		return;
	}
	r->message[0] = 0;
	r->alarm = false;
	if (r->help)
		r->help = false;
	else
		click(r, kind, x, y);
}
