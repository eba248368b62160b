/* A view: what stands in the middle of the screen in place of the default panels, between header and
 * sentence.
 *
 * A view is one file with one `const struct view`, and a row of ui/state/views.def.  Nothing in it moves a
 * replay or starts work: it draws what a frame has, declares the passes it needs, and its keys change its own
 * state, write into struct state or ask control for something (ui/state/state.h).
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "ui/panel/panel.h"
#include "ui/scene/explain.h"

struct view {
	size_t size;     /* bytes of its state, which begins as zeros; 0: it has none */
	unsigned passes; /* a set of those that it needs */
	void (*draw)(const struct frame *f, struct rect body, const void *own);
	/* What it asks of its passes; NULL: what control asks for every frame will do. */
	void (*ask)(const struct frame *f, struct rect body, const void *own, struct question *q);
	/* What a key does; n is the number before it.  false: it is no key of the view.  NULL: none is. */
	bool (*key)(struct state *s, void *own, const struct frame *f, struct rect body, enum action a,
		uint64_t n);
	/* A click on a hit area of kind HIT_OWN; NULL: it has none. */
	void (*press)(struct state *s, void *own, const struct frame *f, const struct hit *hit);
	/* What is under its cursor, to be watched.  false, or NULL: nothing. */
	bool (*cursor)(const struct frame *f, const void *own, struct watch *ret);
	void (*release)(void *own); /* NULL: its state holds nothing else */
	const struct legend_row
		*legend; /* its marks; without a title of their own they stand among those of all views */
	int legend_rows;
	const char *legend_title;
};

#define VIEW(NAME, name, action, key, kinds, title, help, legend) extern const struct view view_##name;
#define VIEW_KEY(NAME, view, key, help)
#include "ui/state/views.def"
#undef VIEW
#undef VIEW_KEY

struct view_info {
	const struct view *view;
	enum action action;
	const char *kinds, *title;
	int legend;
};
extern const struct view_info view_info[VIEWS]; /* of VIEW_DEFAULT all is NULL */

/* The middle of a screen of so many columns and rows, above the sentence. */
struct rect view_body(const struct state *s, int w, int h);

/* All of these are about the view that is open. */
void view_draw(const struct frame *f, struct rect body);
void view_ask(const struct frame *f, struct rect body, struct question *q);
bool view_key(struct state *s, const struct frame *f, enum action a, uint64_t n);
void view_press(struct state *s, const struct frame *f, const struct hit *hit);
bool view_cursor(const struct frame *f, struct watch *ret);
void view_release(struct state *s);
/* Opens one, or the default panels; its state is made when it is opened first. */
void view_open(struct state *s, enum view_id v);

#endif
