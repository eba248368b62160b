/* The functions of a sync.Map under each other: its own, what that calls, and what runs in one of its maps.
 */
#include "ui/scene/sync/sync.h"
#include "ui/scene/classic/code.h"
#include "ui/panel/panel.h"
#include "ui/grid/text.h"

#include <stdio.h>

static unsigned inner_function(const struct scene *s, const struct sync_code *at)
{
	if ((at->inner_op == OP_PUT || at->inner_op == OP_DEL) &&
		(s->phase == PHASE_GROW || s->phase == PHASE_EVACUATE))
		return code_running(s);
	return code_of(s)->of_operation(at->inner_op);
}

/* The slot's elem, the pointer to the entry, is read by the caller of mapaccess, in Go's one line. */
static int inner_line(const struct scene *s, unsigned fn)
{
	if (s->event.kind == EV_READ)
		return fn == CLASSIC_LOOKUP || fn == CLASSIC_ITERATE ? 10 : 0;
	return listing_line_of(code_of(s)->listing(s, fn), s);
}

/* Has what runs in the map a listing here?  To make a map has none. */
static bool inner_listed(const struct sync_code *at)
{
	return at->inner && at->inner_op != OP_NONE;
}

static void inner_title(const struct scene *s, const struct sync_code *at, char *out, size_t cap)
{
	static const char *const name[CLASSIC_FUNCTIONS] = { [CLASSIC_LOOKUP] = N_("lookup (mapaccess)"),
		[CLASSIC_ASSIGN] = N_("assign (mapassign)"),
		[CLASSIC_DELETE] = N_("delete (mapdelete)"),
		[CLASSIC_EVACUATE] = N_("evacuate (growWork)"),
		[CLASSIC_GROW] = N_("grow (hashGrow)"),
		[CLASSIC_ITERATE] = N_("loop (mapiternext)"),
		[CLASSIC_CLEAR] = N_("clear (mapclear)") };
	const char *what = inner_listed(at) ? _(name[inner_function(s, at)]) : _("make (makemap)");
	snprintf(out, cap, at->inner == SYNC_READ ? _("in read's map: %s") : _("in dirty's map: %s"), what);
}

/* Returns the row after the last. */
static int sync_listing(
	const struct frame *f, struct rect r, enum sync_function fn, int now, bool calls, bool focus)
{
	const char *text;
	int i = 1;
	panel_rule(f, r, 0, focus && f->state->view == VIEW_CODE, sync_code_title(f->scene, fn), NULL);
	for (; i < r.h && (text = sync_code_line(f->scene, fn, i)); i++)
		panel_code_line(f, r, i, i, text, now, calls);
	return i;
}

static struct rect below(struct rect r, int rows)
{
	return (struct rect){ r.x, r.y + rows, r.w, r.h > rows ? r.h - rows : 0 };
}

/* The function that runs, whole; of its caller the line that called it. */
static int sync_stack(const struct frame *f, struct rect r, const struct sync_code *at)
{
	if (at->nested < 0)
		return sync_listing(f, r, at->own, at->own_line, at->inner != 0, !at->inner);
	panel_rule(f, r, 0, false, sync_code_title(f->scene, at->own), NULL);
	panel_code_line(
		f, r, 1, at->own_line, sync_code_line(f->scene, at->own, at->own_line), at->own_line, true);
	return 2 +
		sync_listing(f, below(r, 2), (enum sync_function)at->nested, at->nested_line, at->inner != 0,
			!at->inner);
}

static void inner_listing(const struct frame *f, struct rect r, const struct sync_code *at)
{
	const struct scene *s = f->scene;
	unsigned fn = inner_listed(at) ? inner_function(s, at) : CLASSIC_LOOKUP;
	char title[96];
	if (at->inner)
		inner_title(s, at, title, sizeof title);
	else
		code_title(s, fn, title, sizeof title);
	panel_rule(f, r, 0, at->inner && f->state->view == VIEW_CODE, title, NULL);
	if (!at->inner || inner_listed(at))
		panel_code_lines(f, r, fn, at->inner ? inner_line(s, fn) : 0, false);
}

static int lines_of(const struct scene *s, unsigned fn)
{
	int n = 1;
	while (code_text(s, fn, n))
		n++;
	return n - 1;
}

/* In one column: where it is short, of the map's function only the line that runs. */
void sync_draw_code_column(const struct frame *f, struct rect r)
{
	struct sync_code at = sync_code_at(f->scene);
	int y = sync_stack(f, r, &at);
	char title[96];
	if (!at.inner || y >= r.h)
		return;
	unsigned fn = inner_function(f->scene, &at);
	if (inner_listed(&at) && r.h - y > lines_of(f->scene, fn)) {
		inner_listing(f, below(r, y), &at);
		return;
	}
	inner_title(f->scene, &at, title, sizeof title);
	panel_rule(f, r, y, false, title, NULL);
	int line = inner_listed(&at) ? inner_line(f->scene, fn) : 0;
	const char *text = line ? code_text(f->scene, fn, line) : NULL;
	if (text && y + 1 < r.h)
		panel_code_line(f, r, y + 1, line, text, line, false);
}

void sync_draw_code(const struct frame *f, const struct rect *r, int n)
{
	struct sync_code at = sync_code_at(f->scene);
	bool copies = at.own == SYNC_STORE || at.own == SYNC_LOADORSTORE;
	enum sync_function other = at.nested >= 0 ? (enum sync_function)at.nested
		: copies                          ? SYNC_DIRTYLOCKED
						  : SYNC_MISSLOCKED;
	if (n < 3) {
		sync_stack(f, r[0], &at);
		if (n > 1)
			inner_listing(f, r[1], &at);
		return;
	}
	sync_listing(f, r[0], at.own, at.own_line, at.nested >= 0 || at.inner, at.nested < 0 && !at.inner);
	if (n < 6) {
		sync_listing(f, r[1], other, at.nested_line, at.inner != 0, at.nested >= 0 && !at.inner);
		inner_listing(f, r[2], &at);
		return;
	}
	for (int i = 0; i < 2; i++) {
		enum sync_function fn = i ? SYNC_DIRTYLOCKED : SYNC_MISSLOCKED;
		sync_listing(f, r[1 + i], fn, at.nested == (int)fn ? at.nested_line : 0, at.inner != 0,
			at.nested == (int)fn && !at.inner);
	}
	inner_listing(f, r[3], &at);
	sync_listing(f, r[4], at.own == SYNC_LOAD ? SYNC_STORE : SYNC_LOAD, 0, false, false);
	sync_listing(f, r[5], at.own == SYNC_RANGE ? SYNC_STORE : SYNC_RANGE, 0, false, false);
}
