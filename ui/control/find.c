/* Markers, search, watched things, places visited; see moves.h. */
#include "ui/control/replay_private.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void moves_init(struct replay *r)
{
	struct moves *m = &r->moves;
	m->markers = MARKERS_ALL;
	for (int i = 0; i < ASKS; i++)
		prompt_init(&m->prompt[i]);
	notes_init(&m->notes, r->options.trace, r->options.name);
	m->notes.fleeting = r->options.fleeting;
	if (!notes_load(&m->notes))
		replay_message(r, true, "%s", m->notes.error);
}

void moves_release(struct replay *r)
{
	for (int i = 0; i < ASKS; i++)
		prompt_release(&r->moves.prompt[i]);
	job_release(&r->moves.job);
	notes_release(&r->moves.notes);
}

void replay_jump(struct replay *r, uint64_t step)
{
	uint64_t from = replay_step(r);
	replay_go(r, step);
	trail_jump(&r->moves.trail, from, replay_step(r));
}

static void trail_go(struct replay *r, int by, uint64_t n)
{
	uint64_t step;
	for (; n > 0 && trail_turn(&r->moves.trail, replay_step(r), by, &step); n--)
		replay_go(r, step);
	if (n > 0)
		replay_message(r, false, "%s", by < 0 ? _("this is the first place you were at") : _("this is the last place you were at"));
}

/* ---- jobs ---- */

bool moves_busy(const struct replay *r)
{
	return job_busy(&r->moves.job);
}

unsigned moves_percent(const struct replay *r)
{
	return job_percent(&r->moves.job);
}

static void say_nothing_found(struct replay *r, enum job_kind kind, bool back)
{
	const struct moves *m = &r->moves;
	if (kind == JOB_MARKER)
		replay_message(r, false, "%s", back ? _("no marker before this step; F chooses the kinds") : _("no marker after this step; F chooses the kinds"));
	else if (kind == JOB_SEARCH)
		replay_message(r, false, back ? _("not found before this step: %s") : _("not found after this step: %s"), m->search.text);
	else
		replay_message(r, false, back ? _("%s does not change before this step") : _("%s does not change after this step"), m->watch.name);
}

/* What stands at a watched place now, when it is a number. */
static void say_watched(struct replay *r)
{
	const struct watch *w = &r->moves.watch;
	uint8_t bytes[8];
	uint64_t v = 0;
	struct player *p = &r->player[r->now];
	if (w->parts == 1 && w->part[0].size <= 8 && image_read(p->image, w->part[0].addr, bytes, w->part[0].size)) {
		for (uint64_t i = w->part[0].size; i-- > 0;)
			v = v << 8 | bytes[i];
		/* hash0 and addresses are hex everywhere, numbers are not */
		bool hex = strcmp(w->name, "hash0") == 0 || v >= UINT64_C(1) << 36;
		replay_message(r, false, hex ? _("%s changes: now %" PRIx64) : _("%s changes: now %" PRIu64), w->name, v);
	} else {
		replay_message(r, false, _("%s changes"), w->name);
	}
}

static void say_marker(struct replay *r)
{
	const struct note *note = notes_at(&r->moves.notes, replay_step(r));
	struct job *j = &r->moves.job;
	uint64_t step = replay_step(r);
	int is = -1;
	if (step >= j->scan.chunk.first && step - j->scan.chunk.first < j->scan.chunk.count)
		is = marker_of(&j->scan, (uint32_t)(step - j->scan.chunk.first), j->markers);
	if (note && j->markers >> MARKER_NOTE & 1)
		replay_message(r, false, _("bookmark: %s"), note->words);
	else if (is >= 0)
		replay_message(r, false, "%s", _(marker_info[is].help));
}

static void found(struct replay *r, enum job_kind kind)
{
	replay_jump(r, r->moves.job.found);
	if (r->broken)
		return;
	if (kind == JOB_WATCH)
		say_watched(r);
	else if (kind == JOB_MARKER)
		say_marker(r);
	else
		replay_message(r, false, _("found: %s"), r->moves.search.text);
}

bool moves_work(struct replay *r)
{
	struct job *j = &r->moves.job;
	enum job_kind kind = j->kind;
	bool back = j->backwards;
	if (j->source != r->source) /* another recording is shown by now */
		job_stop(j);
	if (j->kind == JOB_NONE)
		return false;
	switch (job_piece(j)) {
	case SCAN_FOUND: found(r, kind); break;
	case SCAN_END: say_nothing_found(r, kind, back); break;
	case SCAN_FAILED: replay_message(r, true, "%s", r->source->error); break;
	case SCAN_MORE: break;
	}
	return job_busy(j);
}

static void marker_go(struct replay *r, uint64_t n, bool back)
{
	struct moves *m = &r->moves;
	if (!m->markers)
		replay_message(r, false, "%s", _("no kind of marker is chosen; F chooses"));
	else
		job_marker(&m->job, r->source, m->markers, &m->notes, replay_step(r), n, back);
}

static void search_go(struct replay *r, uint64_t n, bool back)
{
	struct moves *m = &r->moves;
	if (!m->search.set)
		replay_message(r, false, "%s", _("nothing has been searched for; / searches"));
	else
		job_search(&m->job, r->source, &m->search, replay_step(r), n, back);
}

void moves_search(struct replay *r, const char *text)
{
	char error[REPLAY_MESSAGE];
	struct search q;
	if (!*text && r->moves.search.set) { /* once more, as in less */
		search_go(r, 1, false);
	} else if (!search_parse(&q, text, error, sizeof error)) {
		replay_message(r, true, "%s", error);
	} else {
		r->moves.search = q;
		search_go(r, 1, false);
	}
}

/* ---- what is watched ---- */

static bool make_scene(struct replay *r, struct scene *s)
{
	if (log_seek(&r->log, &r->player[r->now], replay_step(r)) != 0)
		return false;
	scene_make(s, &r->player[r->now], &r->log, NULL, &r->hold, r->ascii);
	return true;
}

/* The fields of hmap that stand in its row could each be watched; the one that this step is about is. */
static bool step_field(struct watch *w, const struct scene *s)
{
	return s->place.kind == PLACE_HMAP && s->place.field && watch_field(w, s, s->place.field->name);
}

bool replay_target(struct replay *r, struct watch *ret)
{
	struct scene s;
	if (r->moves.cursor.parts) {
		*ret = r->moves.cursor;
		return true;
	}
	if (!make_scene(r, &s))
		return false;
	switch (r->panel) {
	case PANEL_LINES: case PANEL_HEX:
		if (!s.focus.ok)
			return false;
		byte_watch(r, &s, ret);
		return true;
	case PANEL_STRIPS: case PANEL_ARRAYS: case PANEL_SLOTS: case PANEL_TABLES: break;
	default:
		if (step_field(ret, &s))
			return true;
		if (s.event.kind <= EV_FREE && s.event.size) {
			watch_range(ret, s.event.addr, s.event.size, NULL);
			if (s.place.kind == PLACE_BUCKET)
				place_phrase(&s, &s.place, ret->name, sizeof ret->name);
			return true;
		}
	}
	if (!s.focus.ok)
		return false;
	watch_bucket(ret, &s, &s.focus.view, r->panel == PANEL_STRIPS || r->panel == PANEL_ARRAYS ? -1 : s.slot);
	return true;
}

bool moves_watch(struct replay *r, const char *text)
{
	struct scene s;
	struct watch w;
	char error[REPLAY_MESSAGE] = "";
	if (!make_scene(r, &s))
		return false;
	if (!watch_parse(&w, &s, text, error, sizeof error)) {
		replay_message(r, true, "%s", error);
		return false;
	}
	r->moves.watch = w;
	replay_message(r, false, _("watching %s; ) ( go to its changes"), w.name);
	return true;
}

static void watch_cursor(struct replay *r)
{
	struct watch w;
	if (!replay_target(r, &w)) {
		replay_message(r, false, "%s", _("nothing is under the cursor here; :watch count watches a field"));
		return;
	}
	r->moves.watch = w;
	replay_message(r, false, _("watching %s; ) ( go to its changes"), w.name);
}

static void watch_go(struct replay *r, uint64_t n, bool back)
{
	struct moves *m = &r->moves;
	if (!m->watch.parts)
		replay_message(r, false, "%s", _("nothing is watched; w watches what is under the cursor"));
	else
		job_watch(&m->job, r->source, &m->watch, replay_step(r), n, back);
}

/* ---- bookmarks ---- */

static void note_ask(struct replay *r)
{
	uint64_t step = replay_step(r);
	const struct note *note = notes_at(&r->moves.notes, step);
	if (step == 0) {
		replay_message(r, false, "%s", _("step 0 is before everything; g goes there"));
		return;
	}
	r->moves.note_step = step;
	moves_ask(r, note ? ASK_NOTE_EDIT : ASK_NOTE, note ? note->words : "");
}

/* ---- playing ---- */

/* Play looks at so many steps before the one to be shown: some ms. */
enum { STOP_SCAN = 65536 };

uint64_t moves_stop(struct replay *r, uint64_t from, uint64_t to)
{
	struct moves *m = &r->moves;
	struct scan scan = { 0 };
	struct scan_query q = marker_query(&m->markers);
	bool back = to < from;
	enum scan_state state;
	uint64_t ret = to, note = m->markers >> MARKER_NOTE & 1 ? notes_near(&m->notes, from, back) : 0;
	if (!m->stop || !m->markers)
		return to;
	if (note && (back ? note >= to : note <= to))
		ret = note;
	if (!back && to - from > STOP_SCAN)
		from = to - STOP_SCAN;
	else if (back && from - to > STOP_SCAN)
		from = to + STOP_SCAN;
	scan_start(&scan, r->source, &q, from, back ? (ret ? ret - 1 : 0) : ret + 1, back);
	while ((state = scan_piece(&scan)) == SCAN_MORE) { }
	if (state == SCAN_FOUND)
		ret = scan.found;
	scan_release(&scan);
	if (state == SCAN_FOUND || (note && ret == note))
		r->playing = false;
	return ret;
}

/* ---- keys ---- */

static void open_list(struct replay *r, enum list list)
{
	r->moves.list = list;
	r->moves.row = 0;
	r->playing = false;
	if (list == LIST_NOTES) { /* the one at hand */
		const struct notes *n = &r->moves.notes;
		while ((size_t)r->moves.row + 1 < n->count && n->note[r->moves.row].step < replay_step(r))
			r->moves.row++;
	}
}

bool moves_key(struct replay *r, enum action a, uint64_t n)
{
	switch (a) {
	case ACTION_MARKER_NEXT: case ACTION_MARKER_BACK: marker_go(r, n, a == ACTION_MARKER_BACK); break;
	case ACTION_SEARCH_NEXT: case ACTION_SEARCH_BACK: search_go(r, n, a == ACTION_SEARCH_BACK); break;
	case ACTION_WATCH_NEXT: case ACTION_WATCH_BACK: watch_go(r, n, a == ACTION_WATCH_BACK); break;
	case ACTION_PLACE_BACK: case ACTION_PLACE_NEXT: trail_go(r, a == ACTION_PLACE_BACK ? -1 : 1, n); break;
	case ACTION_SEARCH: moves_ask(r, ASK_SEARCH, ""); break;
	case ACTION_WATCH: watch_cursor(r); return true;
	case ACTION_NOTE: note_ask(r); break;
	case ACTION_NOTES: open_list(r, LIST_NOTES); break;
	case ACTION_FILTER: open_list(r, LIST_FILTER); break;
	case ACTION_SAVE: moves_ask(r, ASK_SAVE, ""); break;
	case ACTION_COMMAND: moves_ask(r, ASK_COMMAND, ""); break;
	default: return false;
	}
	r->playing = false;
	return true;
}
