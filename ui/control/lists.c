/* The lists over a frame: kinds of markers, bookmarks. */
#include "ui/control/replay_private.h"
#include "ui/grid/text.h"

#include <string.h>

static int list_length(const struct replay *r)
{
	return r->find.list == LIST_BOOKMARKS ? (int)r->find.bookmarks.count
		: r->find.list == LIST_LIFE   ? (int)follow_life(&r->find.follow)->moments
					      : FILTER_LINES;
}

static void turn(struct replay *r, int by)
{
	int n = list_length(r), row = r->find.row + by;
	r->find.row = row < 0 || n == 0 ? 0 : row >= n ? n - 1 : row;
}

static void toggle(struct find *m)
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

static void bookmark_go(struct replay *r)
{
	struct find *m = &r->find;
	if ((size_t)m->row >= m->bookmarks.count)
		return;
	m->list = LIST_NONE;
	replay_jump(r, m->bookmarks.mark[m->row].step);
	state_message(&r->state, false, _("bookmark: %s"), m->bookmarks.mark[m->row].words);
}

static void life_go(struct replay *r)
{
	struct find *m = &r->find;
	const struct life *l = follow_life(&m->follow);
	if ((size_t)m->row >= l->moments)
		return;
	m->list = LIST_NONE;
	replay_jump(r, l->moment[m->row].step);
}

static void life_end(struct replay *r)
{
	r->find.list = LIST_NONE;
	find_follow(r, "");
}

static void bookmark_delete(struct replay *r)
{
	struct find *m = &r->find;
	if ((size_t)m->row >= m->bookmarks.count)
		return;
	m->bookmarks.source = r->state.source;
	if (!bookmarks_set(&m->bookmarks, m->bookmarks.mark[m->row].step, NULL))
		state_message(&r->state, true, "%s", m->bookmarks.error);
	turn(r, 0);
}

void find_list_key(struct replay *r, int key)
{
	struct find *m = &r->find;
	int page = r->state.h > 8 ? r->state.h - 8 : 1;
	enum action a = key_action(key);
	bool bookmarks = m->list == LIST_BOOKMARKS, life = m->list == LIST_LIFE;
	switch (a) {
	case ACTION_UP: turn(r, -1); return;
	case ACTION_DOWN: turn(r, 1); return;
	case ACTION_OP_BACK: turn(r, -page); return;
	case ACTION_OP_NEXT: turn(r, page); return;
	case ACTION_FIRST: turn(r, -list_length(r)); return;
	case ACTION_LAST: turn(r, list_length(r)); return;
	case ACTION_ENTER:
		if (bookmarks)
			bookmark_go(r);
		else if (life)
			life_go(r);
		else
			m->list = LIST_NONE;
		return;
	case ACTION_PLAY:
		if (!bookmarks && !life)
			toggle(m);
		return;
	case ACTION_LIFE_NEXT:
	case ACTION_LIFE_BACK:
		if (!life || list_length(r) == 0) /* nothing is known of the key yet, or there is nothing */
			return;
		turn(r, a == ACTION_LIFE_NEXT ? 1 : -1);
		if (m->row < list_length(r))
			replay_jump(r, follow_life(&m->follow)->moment[m->row].step);
		return;
	case ACTION_HELP: r->state.help = true; return;
	case ACTION_REDRAW: r->state.redraw = true; return;
	case ACTION_SUSPEND: r->state.suspend = true; return;
	case ACTION_ESCAPE:
	case ACTION_QUIT:
	case ACTION_FILTER:
	case ACTION_LIFE:
	case ACTION_NOTES: m->list = LIST_NONE; return;
	default: break;
	}
	if (bookmarks && (key == 'd' || key == K_DELETE))
		bookmark_delete(r);
	else if (life && (key == 'd' || key == K_DELETE))
		life_end(r);
	else if (life)
		return;
	else if (!bookmarks && key == 'a' && m->row >= FILTER_KINDS) /* all, or none */
		m->hidden = kinds_empty(&m->hidden) ? kinds_complement(m->hidden) : (struct kind_set){ 0 };
	else if (!bookmarks && key == 'a')
		m->markers = m->markers == MARKERS_ALL ? 0 : MARKERS_ALL;
}
