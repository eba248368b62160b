/* What a mouse does: nothing that has no key. */
#include "ui/mode/mode.h"
#include "ui/control/replay_private.h"
#include "ui/view/private.h"

void spots_add_area(struct spots *s, struct rect r, int x, int y, int w, int h, struct spot spot)
{
	if (!s || s->count == SPOTS_MOST || x < 0 || x >= r.w || y < 0 || y >= r.h)
		return;
	spot.rect = (struct rect){ r.x + x, r.y + y, x + w > r.w ? r.w - x : w, y + h > r.h ? r.h - y : h };
	s->spot[s->count++] = spot;
}

void spots_add(struct spots *s, struct rect r, int x, int y, int w, struct spot spot)
{
	spots_add_area(s, r, x, y, w, 1, spot);
}

static bool inside(struct rect r, int x, int y)
{
	return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

struct spot spots_at(const struct spots *s, int x, int y)
{
	for (int i = s->count; i > 0; i--) {
		struct spot spot = s->spot[i - 1];
		if (!inside(spot.rect, x, y))
			continue;
		if (spot.cell)
			spot.a += (uint64_t)((x - spot.rect.x) / spot.cell) * spot.each;
		return spot;
	}
	return (struct spot){ .kind = SPOT_NONE };
}

static enum panel panel_at(const struct replay *r, int x, int y)
{
	for (int p = 0; p < PANELS; p++)
		if (inside(r->layout.rect[p], x, y))
			return (enum panel)p;
	return PANELS;
}

/* The byte of a bucket whose slot it belongs to is in focus too. */
static void press_byte(struct replay *r, const struct spot *s)
{
	struct views *v = &r->views;
	struct scene scene;
	struct object_view o;
	r->hold = (struct scene_hold){ true, (enum which_array)s->array, s->index, s->depth, 0 };
	v->object = OBJECT_BUCKET;
	v->byte_held = true;
	v->byte = (uint32_t)s->a;
	views_scene(r, &scene);
	object_make(&o, &scene, OBJECT_BUCKET);
	int slot = o.ok && v->byte < o.size ? object_item(&o, &scene, v->byte).slot : 0;
	r->hold.slot = slot < 0 ? 0 : slot;
}

static void press_view(struct replay *r, const struct spot *s)
{
	struct views *v = &r->views;
	switch (s->kind) {
	case SPOT_OWN_BYTE:
		v->byte_held = true;
		v->byte = (uint32_t)s->a;
		v->who_focus = false;
		break;
	case SPOT_CELL:
		v->cell_held = true;
		v->cell_array = (enum which_array)s->array;
		v->cell = s->a;
		break;
	case SPOT_OP_ROW: v->op = s->a; break;
	case SPOT_WRITE:
		v->who_focus = true;
		v->who_row = (size_t)s->a;
		break;
	case SPOT_SPAN:
		v->span_held = spanmap_find(&v->spans, s->a) != SIZE_MAX;
		v->span = s->a;
		break;
	case SPOT_FIELD: v->field = (int)s->a; break;
	case SPOT_LINE:
		v->line_held = true;
		v->line_focus = (uint32_t)s->a;
		break;
	default: break;
	}
}

static void press(struct replay *r, const struct spot *s)
{
	r->playing = false;
	switch (s->kind) {
	case SPOT_BUCKET: case SPOT_SLOT:
		r->hold = (struct scene_hold){ true, (enum which_array)s->array, s->a, s->depth, s->kind == SPOT_SLOT ? s->slot : 0 };
		break;
	case SPOT_BYTE: press_byte(r, s); break;
	case SPOT_STEP: case SPOT_BAR: replay_jump(r, s->a); break;
	case SPOT_OPERATION: replay_jump(r, replay_op_first_step(r, s->a)); break;
	case SPOT_ROW: r->moves.row = (int)s->a; break;
	default: press_view(r, s);
	}
}

/* On a timeline the mouse may leave its row while it is held down. */
static void drag(struct replay *r, int x)
{
	if (r->drag_y < 0)
		return;
	struct spot s = spots_at(&r->spots, x, r->drag_y);
	if (s.kind == SPOT_BAR)
		replay_go(r, s.a);
	else if (s.kind == SPOT_OPERATION)
		replay_go(r, replay_op_first_step(r, s.a));
}

static void click(struct replay *r, enum mouse_kind kind, int x, int y)
{
	struct spot s = spots_at(&r->spots, x, y);
	enum panel p = panel_at(r, x, y);
	bool list = r->moves.list != LIST_NONE;
	if (list && s.kind != SPOT_ROW) { /* beside it */
		r->moves.list = s.kind == SPOT_COVER ? r->moves.list : LIST_NONE;
		return;
	}
	if (!list && replay_panel_takes_focus(p))
		r->panel = p;
	press(r, &s);
	r->drag_y = s.kind == SPOT_BAR || s.kind == SPOT_OPERATION ? y : -1;
	if (kind == MOUSE_DOUBLE)
		replay_key(r, list && r->moves.list == LIST_FILTER ? ' ' : K_ENTER);
}

/* The list under it scrolls; where there is none, steps go by. */
static void wheel(struct replay *r, int by, int x, int y)
{
	struct views *v = &r->views;
	enum panel p = panel_at(r, x, y);
	enum spot_kind at = spots_at(&r->spots, x, y).kind;
	bool over = r->moves.list != LIST_NONE || r->help || mode_name(r);
	bool steps = at == SPOT_OPERATION || at == SPOT_BAR || (v->open == VIEW_DEFAULT && (!replay_panel_takes_focus(p) || p == PANEL_TIMELINE));
	if (!over && steps) {
		r->playing = false;
		if (by < 0)
			replay_back(r, 1);
		else
			replay_forward(r, 1);
		return;
	}
	if (!over && v->open == VIEW_DEFAULT)
		r->panel = p;
	if (!over && v->open == VIEW_BYTES)
		v->who_focus = at == SPOT_WRITE || at == SPOT_WRITES;
	replay_key(r, by < 0 ? K_UP : K_DOWN);
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
