/* The table of views, and what is done with the one that is open; see view.h. */
#include "trace/base/memory.h"
#include "ui/view/view.h"
#include "ui/grid/text.h"
#include "ui/scene/explain.h"

#include <stdlib.h>
#include <string.h>

#define ALL NULL
const struct view_info view_info[VIEWS] = {
	[VIEW_DEFAULT] = { 0 },
#define VIEW(NAME, name, action, key, kinds, title, help, legend) \
	[VIEW_##NAME] = { &view_##name, ACTION_VIEW_##action, kinds, title, legend },
#define VIEW_KEY(NAME, view, key, help)
#include "ui/state/views.def"
#undef VIEW
#undef VIEW_KEY
};

/* Does it serve a kind of map of that name? */
static bool serves(enum view_id v, const char *name)
{
	const char *kinds = view_info[v].kinds;
	if (!kinds)
		return true;
	for (size_t n = strlen(name); *kinds; kinds += strspn(kinds, " ")) {
		size_t word = strcspn(kinds, " ");
		if (word == n && strncmp(kinds, name, n) == 0)
			return true;
		kinds += word;
	}
	return false;
}

struct rect view_body(const struct state *s, int w, int h)
{
	int words = layout_sentence(w, h) + (s->narrated ? layout_narration(w, h) : 0);
	return (struct rect){ 0, 2, w, h - 3 - words };
}

static const struct view *view_of(const struct state *s)
{
	return view_info[s->view].view;
}

/* Does the open view serve the map in sight?  All serve a step without a map. */
static bool serves_map(const struct frame *f)
{
	const struct explain *x = explain_of(f->scene->map);
	return !x || serves(f->state->view, x->kind);
}

void view_draw(const struct frame *f, struct rect body)
{
	if (serves_map(f)) {
		view_of(f->state)->draw(f, body, f->state->views[f->state->view]);
		return;
	}
	panel_rule(f, body, 0, true, _(view_info[f->state->view].title), NULL);
	panel_words(f, body, 1, 2, S_DEAD, _("This view does not serve maps of this kind."));
}

void view_ask(const struct frame *f, struct rect body, struct question *q)
{
	const struct view *v = view_of(f->state);
	if (!serves_map(f))
		return;
	q->passes = v->passes;
	q->timeline.columns = body.w - 8;
	if (v->ask)
		v->ask(f, body, f->state->views[f->state->view], q);
}

void view_open(struct state *s, enum view_id v)
{
	s->view = v;
	if (v == VIEW_DEFAULT || s->views[v] || !view_info[v].view->size)
		return;
	s->views[v] = memory_get(view_info[v].view->size);
}

/* A key that opens a view, or closes it.  true: it does. */
static bool opens(struct state *s, enum action a)
{
	struct byte_cursor *c = &s->cursor;
	if (a == ACTION_VIEW_DEFAULT) {
		s->view = VIEW_DEFAULT;
		return true;
	}
	if (a == ACTION_WHO_WROTE) { /* from everywhere: the bytes, with the list of writes in focus */
		c->who_focus = s->view != VIEW_BYTES || !c->who_focus;
		c->who_row = WHO_NOW;
		view_open(s, VIEW_BYTES);
		return true;
	}
	for (int i = 1; i < VIEWS; i++)
		if (view_info[i].action == a) {
			view_open(s, s->view == (enum view_id)i ? VIEW_DEFAULT : (enum view_id)i);
			return true;
		}
	return false;
}

bool view_key(struct state *s, const struct frame *f, enum action a, uint64_t n)
{
	if (opens(s, a))
		return true;
	if (s->view == VIEW_DEFAULT || a == ACTION_NONE)
		return false;
	const struct view *v = view_of(s);
	if (v->key && serves_map(f) && v->key(s, s->views[s->view], f, view_body(s, s->w, s->h), a, n))
		return true;
	if (a != ACTION_ESCAPE)
		return false;
	s->view = VIEW_DEFAULT;
	return true;
}

void view_press(struct state *s, const struct frame *f, const struct hit *hit)
{
	const struct view *v = view_of(s);
	if (v && v->press && serves_map(f))
		v->press(s, s->views[s->view], f, hit);
}

bool view_cursor(const struct frame *f, struct watch *ret)
{
	const struct view *v = view_of(f->state);
	return v && v->cursor && serves_map(f) && v->cursor(f, f->state->views[f->state->view], ret);
}

void view_release(struct state *s)
{
	for (int i = 1; i < VIEWS; i++) {
		if (s->views[i] && view_info[i].view->release)
			view_info[i].view->release(s->views[i]);
		free(s->views[i]);
		s->views[i] = NULL;
	}
}
