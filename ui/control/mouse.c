/* What a mouse does: nothing that has no key. */
#include "ui/control/replay_private.h"
#include "ui/view/view.h"

static bool inside(struct rect r, int x, int y)
{
	return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

static enum panel panel_at(const struct replay *r, int x, int y)
{
	for (int p = 0; p < PANELS; p++)
		if (inside(r->layout.rect[p], x, y))
			return (enum panel)p;
	return PANELS;
}

/* The byte of a group whose slot it belongs to is in focus too. */
static void press_byte(struct replay *r, const struct hit *s)
{
	struct byte_cursor *c = &r->state.cursor;
	struct scene scene;
	struct object_view o;
	state_hold(&r->state, s->array, s->index, s->depth, 0);
	c->object = OBJECT_GROUP;
	c->held = true;
	c->byte = (uint32_t)s->a;
	replay_scene(r, &scene);
	object_make(&o, &scene, OBJECT_GROUP);
	int slot = o.ok && c->byte < o.size ? object_item(&o, &scene, c->byte).slot : 0;
	r->state.hold.slot = slot < 0 ? 0 : slot;
}

static void press_own(struct replay *r, const struct hit *hit)
{
	struct scene scene;
	replay_scene(r, &scene);
	struct frame f = replay_frame(r, &scene);
	view_press(&r->state, &f, hit);
	replay_request(r);
}

static void press(struct replay *r, const struct hit *s)
{
	struct byte_cursor *c = &r->state.cursor;
	r->state.playing = false;
	switch (s->kind) {
	case HIT_BUCKET:
	case HIT_SLOT:
		state_hold(&r->state, s->array, s->a, s->depth, s->kind == HIT_SLOT ? s->slot : 0);
		break;
	case HIT_BYTE: press_byte(r, s); break;
	case HIT_STEP:
	case HIT_BAR: replay_jump(r, s->a); break;
	case HIT_OPERATION: replay_jump(r, state_op_first_step(&r->state, s->a)); break;
	case HIT_ROW: r->find.row = (int)s->a; break;
	case HIT_OWN_BYTE:
		c->held = true;
		c->byte = (uint32_t)s->a;
		c->who_focus = false;
		break;
	case HIT_WRITE:
		c->who_focus = true;
		c->who_row = (size_t)s->a;
		break;
	case HIT_OWN: press_own(r, s); break;
	default: break;
	}
}

/* On a timeline the mouse may leave its row while it is held down. */
static void drag(struct replay *r, int x)
{
	if (r->drag_y < 0)
		return;
	struct hit s = hits_at(&r->hits, x, r->drag_y);
	if (s.kind == HIT_BAR)
		replay_go(r, s.a);
	else if (s.kind == HIT_OPERATION)
		replay_go(r, state_op_first_step(&r->state, s.a));
}

static void click(struct replay *r, enum mouse_kind kind, int x, int y)
{
	struct hit s = hits_at(&r->hits, x, y);
	enum panel p = panel_at(r, x, y);
	bool list = r->find.list != LIST_NONE;
	if (list && s.kind != HIT_ROW) { /* beside it */
		r->find.list = s.kind == HIT_COVER ? r->find.list : LIST_NONE;
		return;
	}
	if (!list && replay_panel_takes_focus(p))
		r->state.panel = p;
	press(r, &s);
	r->drag_y = s.kind == HIT_BAR || s.kind == HIT_OPERATION ? y : -1;
	if (kind == MOUSE_DOUBLE)
		replay_key(r, list && r->find.list == LIST_FILTER ? ' ' : K_ENTER);
}

/* The list under it scrolls; where there is none, steps go by. */
static void wheel(struct replay *r, int by, int x, int y)
{
	enum panel p = panel_at(r, x, y);
	enum hit_kind at = hits_at(&r->hits, x, y).kind;
	bool over = r->find.list != LIST_NONE || r->state.help || replay_mode(r)->open != MODE_NONE;
	bool steps = at == HIT_OPERATION || at == HIT_BAR ||
		(r->state.view == VIEW_DEFAULT && (!replay_panel_takes_focus(p) || p == PANEL_TIMELINE));
	if (!over && steps) {
		r->state.playing = false;
		if (by < 0)
			replay_back(r, 1);
		else
			replay_forward(r, 1);
		return;
	}
	if (!over && r->state.view == VIEW_DEFAULT)
		r->state.panel = p;
	if (!over && r->state.view == VIEW_BYTES)
		r->state.cursor.who_focus = at == HIT_WRITE || at == HIT_WRITES;
	replay_key(r, by < 0 ? K_UP : K_DOWN);
}

void replay_mouse(struct replay *r, enum mouse_kind kind, int x, int y)
{
	if (r->state.prompting)
		return;
	if (kind == MOUSE_WHEEL_UP || kind == MOUSE_WHEEL_DOWN) {
		wheel(r, kind == MOUSE_WHEEL_UP ? -1 : 1, x, y);
		return;
	}
	if (kind == MOUSE_RELEASE) {
		r->drag_y = -1;
		return;
	}
	if (replay_mode(r)->open != MODE_NONE)
		return;
	if (kind == MOUSE_DRAG) {
		drag(r, x);
		return;
	}
	r->state.message[0] = 0;
	r->state.alarm = false;
	if (r->state.help)
		r->state.help = false;
	else
		click(r, kind, x, y);
}
