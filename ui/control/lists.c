/* The lists over a frame: kinds of markers, bookmarks. */
#include "ui/control/replay_private.h"
#include "ui/grid/text.h"

#include <string.h>

static int list_length(const struct replay *r)
{
	return r->moves.list == LIST_NOTES ? (int)r->moves.notes.count : FILTER_LINES;
}

static void turn(struct replay *r, int by)
{
	int n = list_length(r), row = r->moves.row + by;
	r->moves.row = row < 0 || n == 0 ? 0 : row >= n ? n - 1 : row;
}

static void toggle(struct moves *m)
{
	if (m->row == FILTER_STOP)
		m->stop = !m->stop;
	else if (m->row == FILTER_EVENTS)
		m->only = !m->only;
	else if (m->row >= FILTER_KINDS)
		kinds_toggle(&m->hidden, event_listed(m->row - FILTER_KINDS));
	else
		m->markers ^= 1u << m->row;
}

static void note_go(struct replay *r)
{
	struct moves *m = &r->moves;
	if ((size_t)m->row >= m->notes.count)
		return;
	m->list = LIST_NONE;
	replay_jump(r, m->notes.note[m->row].step);
	replay_message(r, false, _("bookmark: %s"), m->notes.note[m->row].words);
}

static void note_delete(struct replay *r)
{
	struct moves *m = &r->moves;
	if ((size_t)m->row >= m->notes.count)
		return;
	if (!notes_set(&m->notes, m->notes.note[m->row].step, NULL))
		replay_message(r, true, "%s", m->notes.error);
	turn(r, 0);
}

void moves_list_key(struct replay *r, int key)
{
	struct moves *m = &r->moves;
	int page = r->h > 8 ? r->h - 8 : 1;
	enum action a = key_action(key);
	bool notes = m->list == LIST_NOTES;
	switch (a) {
	case ACTION_UP: turn(r, -1); return;
	case ACTION_DOWN: turn(r, 1); return;
	case ACTION_OP_BACK: turn(r, -page); return;
	case ACTION_OP_NEXT: turn(r, page); return;
	case ACTION_FIRST: turn(r, -list_length(r)); return;
	case ACTION_LAST: turn(r, list_length(r)); return;
	case ACTION_ENTER:
		if (notes)
			note_go(r);
		else
			m->list = LIST_NONE;
		return;
	case ACTION_PLAY:
		if (!notes)
			toggle(m);
		return;
	case ACTION_HELP: r->help = true; return;
	case ACTION_REDRAW: r->redraw = true; return;
	case ACTION_SUSPEND: r->suspend = true; return;
	case ACTION_ESCAPE: case ACTION_QUIT: case ACTION_FILTER: case ACTION_NOTES: m->list = LIST_NONE; return;
	default: break;
	}
	if (notes && (key == 'd' || key == K_DELETE))
		note_delete(r);
	else if (!notes && key == 'a' && m->row >= FILTER_KINDS) /* all, or none */
		m->hidden = kinds_empty(&m->hidden) ? kinds_complement(m->hidden) : (struct kind_set){ 0 };
	else if (!notes && key == 'a')
		m->markers = m->markers == MARKERS_ALL ? 0 : MARKERS_ALL;
}
