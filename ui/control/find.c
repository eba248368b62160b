/* Markers, search, watched things, places visited; see ui/find/find.h. */
#include "ui/control/replay_private.h"
#include "ui/panel/sheet.h"
#include "ui/scene/sentence.h"
#include "ui/scene/target.h"
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void find_init(struct replay *r)
{
	struct find *m = &r->find;
	m->markers = MARKERS_ALL;
	for (int i = 0; i < ASKS; i++)
		prompt_init(&m->prompt[i]);
	bookmarks_init(&m->bookmarks, r->state.options.trace, r->state.options.name);
	m->bookmarks.fleeting = r->state.options.fleeting;
	m->bookmarks.source = r->state.source;
	if (!bookmarks_load(&m->bookmarks))
		state_message(&r->state, true, "%s", m->bookmarks.error);
}

void find_release(struct replay *r)
{
	for (int i = 0; i < ASKS; i++)
		prompt_release(&r->find.prompt[i]);
	job_release(&r->find.job);
	follow_release(&r->find.follow);
	bookmarks_release(&r->find.bookmarks);
}

void replay_jump(struct replay *r, uint64_t step)
{
	uint64_t from = replay_step(r);
	replay_go(r, step);
	jumps_add(&r->find.jumps, from, replay_step(r));
}

static void jumps_go(struct replay *r, int by, uint64_t n)
{
	uint64_t step;
	for (; n > 0 && jumps_turn(&r->find.jumps, replay_step(r), by, &step); n--)
		replay_go(r, step);
	if (n > 0)
		state_message(&r->state, false, "%s",
			by < 0 ? _("this is the first place you were at")
			       : _("this is the last place you were at"));
}

/* ---- jobs ---- */

static void say_nothing_found(struct replay *r, enum job_kind kind, bool back)
{
	const struct find *m = &r->find;
	if (kind == JOB_MARKER)
		state_message(&r->state, false, "%s",
			back ? _("no marker before this step; F chooses the kinds")
			     : _("no marker after this step; F chooses the kinds"));
	else if (kind == JOB_SEARCH)
		state_message(&r->state, false,
			back ? _("not found before this step: %s") : _("not found after this step: %s"),
			m->search.text);
	else
		state_message(&r->state, false,
			back ? _("%s does not change before this step")
			     : _("%s does not change after this step"),
			m->watch.name);
}

/* What stands at a watched place now, when it is a number. */
static void say_watched(struct replay *r)
{
	const struct watch *w = &r->find.watch;
	uint8_t bytes[8];
	uint64_t v = 0;
	struct player *p = &r->player[r->now];
	if (w->parts == 1 && w->part[0].size <= 8 &&
		image_read(p->image, w->part[0].addr, bytes, w->part[0].size)) {
		for (uint64_t i = w->part[0].size; i-- > 0;)
			v = v << 8 | bytes[i];
		/* hash0 and addresses are hex everywhere, numbers are not */
		bool hex = strcmp(w->name, "hash0") == 0 || v >= UINT64_C(1) << 36;
		state_message(&r->state, false,
			hex ? _("%s changes: now %" PRIx64) : _("%s changes: now %" PRIu64), w->name, v);
	} else {
		state_message(&r->state, false, _("%s changes"), w->name);
	}
}

static void say_marker(struct replay *r)
{
	const struct bookmark *mark = bookmarks_at(&r->find.bookmarks, replay_step(r));
	struct job *j = &r->find.job;
	uint64_t step = replay_step(r);
	int is = -1;
	if (step >= j->scan.walk.chunk.first && step - j->scan.walk.chunk.first < j->scan.walk.chunk.count)
		is = marker_of(&j->scan, (uint32_t)(step - j->scan.walk.chunk.first), j->markers);
	if (mark && j->markers >> MARKER_BOOKMARK & 1)
		state_message(&r->state, false, _("bookmark: %s"), mark->words);
	else if (is >= 0)
		state_message(&r->state, false, "%s", _(marker_info[is].help));
}

static void found(struct replay *r, enum job_kind kind)
{
	replay_jump(r, r->find.job.found);
	if (r->state.broken)
		return;
	if (kind == JOB_WATCH)
		say_watched(r);
	else if (kind == JOB_MARKER)
		say_marker(r);
	else
		state_message(&r->state, false, _("found: %s"), r->find.search.text);
}

bool find_work(struct replay *r)
{
	struct job *j = &r->find.job;
	enum job_kind kind = j->kind;
	bool back = j->backwards;
	if (j->source != r->state.source) /* another recording is shown by now */
		job_stop(j);
	if (j->kind == JOB_NONE)
		return false;
	switch (job_piece(j)) {
	case SCAN_FOUND: found(r, kind); break;
	case SCAN_END: say_nothing_found(r, kind, back); break;
	case SCAN_FAILED: state_message(&r->state, true, "%s", r->state.source->error); break;
	case SCAN_MORE: break;
	}
	return job_busy(j);
}

static void marker_go(struct replay *r, uint64_t n, bool back)
{
	struct find *m = &r->find;
	if (!m->markers)
		state_message(&r->state, false, "%s", _("no kind of marker is chosen; F chooses"));
	else
		job_marker(&m->job, r->state.source, m->markers, &m->bookmarks, replay_step(r), n, back);
}

static void search_go(struct replay *r, uint64_t n, bool back)
{
	struct find *m = &r->find;
	if (!m->search.set)
		state_message(&r->state, false, "%s", _("nothing has been searched for; / searches"));
	else
		job_search(&m->job, r->state.source, &m->search, replay_step(r), n, back);
}

void find_search(struct replay *r, const char *text)
{
	char error[STATE_MESSAGE];
	struct search q;
	if (!*text && r->find.search.set) { /* once more, as in less */
		search_go(r, 1, false);
	} else if (!search_parse(&q, text, error, sizeof error)) {
		state_message(&r->state, true, "%s", error);
	} else {
		r->find.search = q;
		search_go(r, 1, false);
	}
}

/* ---- what is watched ---- */

/* The fields of the header that stand in its row could each be watched; the one that this step is about is.
 */
static bool step_field(struct watch *w, const struct scene *s)
{
	char name[64];
	if (s->place.kind != PLACE_OBJECT || !s->place.field)
		return false;
	snprintf(name, sizeof name, "%s.%s", s->place.object, s->place.field->name);
	return target_field(w, s, name);
}

/* The byte of the group in focus that the cursor is on. */
static void target_byte(struct watch *w, const struct scene *s, const struct state *st)
{
	struct object_view o;
	object_make(&o, s, OBJECT_GROUP);
	sheet_watch(w, &o, s, panel_byte_in_focus(st, s));
}

bool find_target(struct replay *r, struct watch *ret)
{
	struct scene s;
	if (!replay_scene(r, &s))
		return false;
	struct frame f = replay_frame(r, &s);
	if (view_cursor(&f, ret))
		return true;
	switch (r->state.panel) {
	case PANEL_LINES:
	case PANEL_HEX:
		if (!s.focus.ok)
			return false;
		target_byte(ret, &s, &r->state);
		return true;
	case PANEL_STRIPS:
	case PANEL_ARRAYS:
	case PANEL_SLOTS:
	case PANEL_TABLES: break;
	default:
		if (step_field(ret, &s))
			return true;
		if (s.event.kind <= EV_FREE && s.event.size) {
			watch_range(ret, s.event.addr, s.event.size, NULL);
			if (s.place.kind == PLACE_GROUP)
				place_phrase(&s, &s.place, ret->name, sizeof ret->name);
			return true;
		}
	}
	if (!s.focus.ok)
		return false;
	target_group(ret, &s, &s.focus.view,
		r->state.panel == PANEL_STRIPS || r->state.panel == PANEL_ARRAYS ? -1 : s.slot);
	return true;
}

bool find_watch(struct replay *r, const char *text)
{
	struct scene s;
	struct watch w;
	char error[STATE_MESSAGE] = "";
	if (!replay_scene(r, &s))
		return false;
	if (!target_parse(&w, &s, text, error, sizeof error)) {
		state_message(&r->state, true, "%s", error);
		return false;
	}
	r->find.watch = w;
	state_message(&r->state, false, _("watching %s; ) ( go to its changes"), w.name);
	return true;
}

static void watch_cursor(struct replay *r)
{
	struct watch w;
	if (!find_target(r, &w)) {
		state_message(&r->state, false, "%s",
			_("nothing is under the cursor here; :watch count watches a field"));
		return;
	}
	r->find.watch = w;
	state_message(&r->state, false, _("watching %s; ) ( go to its changes"), w.name);
}

static void watch_go(struct replay *r, uint64_t n, bool back)
{
	struct find *m = &r->find;
	if (!m->watch.parts)
		state_message(
			&r->state, false, "%s", _("nothing is watched; w watches what is under the cursor"));
	else
		job_watch(&m->job, r->state.source, &m->watch, replay_step(r), n, back);
}

/* ---- a key that is followed ---- */

/* NaN equals nothing, itself included: no two events are known to be about the same one. */
static bool is_nan(const struct go_type *t, const char *key)
{
	if (t->kind == GO_STRING)
		return false;
	return t->kind == GO_ANY ? strcmp(key, "NaN") == 0 : strstr(key, "NaN") != NULL;
}

static void follow(struct replay *r, const struct scene *s, const char *key)
{
	char clean[SCENE_TEXT];
	scene_clean(s, key, clean, sizeof clean);
	if (is_nan(&s->map->key, key)) {
		state_message(&r->state, true, "%s",
			_("a NaN equals no key, not even itself, and cannot be followed; w watches its slot"));
		return;
	}
	follow_key(&r->find.follow, r->state.source, (s->outer ? s->outer : s->map)->map, key);
	r->find.follow_asked = true;
	r->find.follow_by = 0;
	state_message(&r->state, false, _("following %s: i and u go along its life, y lists it"), clean);
}

/* "kiwi" and kiwi are the same string. */
void find_follow(struct replay *r, const char *key)
{
	struct scene s;
	char text[PROMPT_MAX];
	size_t n = strlen(key);
	if (!*key) {
		follow_stop(&r->find.follow);
		state_message(&r->state, false, "%s", _("no key is followed any more"));
		return;
	}
	if (!replay_scene(r, &s) || !s.map)
		return;
	bool quoted = n > 1 && key[0] == '"' && key[n - 1] == '"' &&
		(s.map->key.kind == GO_STRING || s.map->key.kind == GO_ANY);
	snprintf(text, sizeof text, "%.*s", (int)(quoted ? n - 2 : n), key + quoted);
	follow(r, &s, text);
}

/* The key of the slot in focus, when people hold one or the step is about one; else the operation's. */
static bool key_in_focus(struct replay *r, const struct scene *s, char *out, size_t cap)
{
	struct map_slot slot;
	struct operation o;
	if (s->focus.ok && s->slot >= 0 && s->slot < (int)s->focus.view.slots &&
		s->focus.full >> s->slot & 1) {
		s->view.kind->slot(&s->view, &s->focus.view, (unsigned)s->slot, &slot);
		return map_value_print(s->mem, &slot.key, VALUE_HUMAN, out, cap) != 0;
	}
	if (!s->op.op || r->state.source->operation(r->state.source, s->op.op, &o) != 0 || !o.key)
		return false;
	snprintf(out, cap, "%s", o.key_value ? o.key_value : o.key);
	return true;
}

static void open_list(struct replay *r, enum list list);

/* Follows the key in focus; of the one that is followed already the life is listed. */
static void follow_focus(struct replay *r)
{
	struct follow *f = &r->find.follow;
	struct scene s;
	char key[ABOUT_KEY];
	bool found = replay_scene(r, &s) && s.map && key_in_focus(r, &s, key, sizeof key);
	if (f->on && (!found || strcmp(key, f->key) == 0))
		open_list(r, LIST_LIFE);
	else if (found)
		follow(r, &s, key);
	else
		state_message(&r->state, false, "%s", _("no key is in focus here; :follow kiwi follows one"));
}

/* Says what became of a key once all is known; and goes on as soon as the way is known. */
static void follow_known(struct replay *r)
{
	struct find *m = &r->find;
	const struct life *l = follow_life(&m->follow);
	uint64_t step = replay_step(r), n = (uint64_t)(m->follow_by < 0 ? -m->follow_by : m->follow_by);
	size_t behind = life_before(l, step), before = behind;
	bool done = !follow_busy(&m->follow);
	if (m->follow_asked && pass_failure(&m->follow.pass))
		state_message(&r->state, true, "%s", pass_failure(&m->follow.pass));
	else if (m->follow_asked && done && !l->moments)
		state_message(&r->state, true, _("no operation and no slot has the key %s"), m->follow.key);
	m->follow_asked = m->follow_asked && !done;
	if (!n || (!done && (m->follow_by < 0 ? m->follow.pass.at < step : behind + n > l->moments)))
		return;
	while (before > 0 && l->moment[before - 1].step >= step)
		before--;
	bool back = m->follow_by < 0;
	size_t left = back ? before : l->moments - behind;
	m->follow_by = 0;
	if (left)
		replay_jump(r,
			l->moment[back ? before - (n < left ? n : left) : behind + (n < left ? n : left) - 1]
				.step);
	else if (l->moments)
		state_message(&r->state, false,
			back ? _("%s: nothing before this step") : _("%s: nothing after this step"),
			m->follow.key);
}

bool find_follow_work(struct replay *r)
{
	struct find *m = &r->find;
	bool was = m->follow.on && (follow_busy(&m->follow) || m->follow_asked || m->follow_by);
	if (!m->follow.on)
		return false;
	bool more = follow_work(&m->follow, r->state.source);
	if (was || more)
		follow_known(r);
	return more;
}

static void follow_go(struct replay *r, uint64_t n, bool back)
{
	struct find *m = &r->find;
	if (!m->follow.on) {
		state_message(&r->state, false, "%s",
			_("no key is followed; y follows the key in focus, :follow kiwi any"));
		return;
	}
	m->follow_by = n > INT32_MAX ? INT32_MAX : (int64_t)n;
	m->follow_by = back ? -m->follow_by : m->follow_by;
	find_follow_work(r);
}

/* ---- bookmarks ---- */

static void bookmark_ask(struct replay *r)
{
	uint64_t step = replay_step(r);
	const struct bookmark *mark = bookmarks_at(&r->find.bookmarks, step);
	if (step == 0) {
		state_message(&r->state, false, "%s", _("step 0 is before everything; g goes there"));
		return;
	}
	r->find.bookmark_step = step;
	find_ask(r, mark ? ASK_BOOKMARK_EDIT : ASK_BOOKMARK, mark ? mark->words : "");
}

/* ---- playing ---- */

/* Play looks at so many steps before the one to be shown: some ms. */
enum { STOP_SCAN = 65536 };

uint64_t find_stop(struct replay *r, uint64_t from, uint64_t to)
{
	struct find *m = &r->find;
	struct scan scan = { 0 };
	struct scan_query q = marker_query(&m->markers);
	bool back = to < from;
	enum scan_state state;
	uint64_t ret = to,
		 mark = m->markers >> MARKER_BOOKMARK & 1 ? bookmarks_near(&m->bookmarks, from, back) : 0;
	if (!m->stop || !m->markers)
		return to;
	if (mark && (back ? mark >= to : mark <= to))
		ret = mark;
	if (!back && to - from > STOP_SCAN)
		from = to - STOP_SCAN;
	else if (back && from - to > STOP_SCAN)
		from = to + STOP_SCAN;
	scan_start(&scan, r->state.source, &q, from, back ? (ret ? ret - 1 : 0) : ret + 1, back);
	while ((state = scan_piece(&scan)) == SCAN_MORE) {
	}
	if (state == SCAN_FOUND)
		ret = scan.found;
	scan_release(&scan);
	if (state == SCAN_FOUND || (mark && ret == mark))
		r->state.playing = false;
	return ret;
}

/* ---- keys ---- */

static void open_list(struct replay *r, enum list list)
{
	r->find.list = list;
	r->find.row = 0;
	r->state.playing = false;
	if (list == LIST_BOOKMARKS) { /* the one at hand */
		const struct bookmarks *n = &r->find.bookmarks;
		while ((size_t)r->find.row + 1 < n->count && n->mark[r->find.row].step < replay_step(r))
			r->find.row++;
	}
	if (list == LIST_LIFE) {
		size_t before = life_before(follow_life(&r->find.follow), replay_step(r));
		r->find.row = before ? (int)before - 1 : 0;
	}
}

bool find_key(struct replay *r, enum action a, uint64_t n)
{
	switch (a) {
	case ACTION_MARKER_NEXT:
	case ACTION_MARKER_BACK: marker_go(r, n, a == ACTION_MARKER_BACK); break;
	case ACTION_SEARCH_NEXT:
	case ACTION_SEARCH_BACK: search_go(r, n, a == ACTION_SEARCH_BACK); break;
	case ACTION_WATCH_NEXT:
	case ACTION_WATCH_BACK: watch_go(r, n, a == ACTION_WATCH_BACK); break;
	case ACTION_LIFE_NEXT:
	case ACTION_LIFE_BACK: follow_go(r, n, a == ACTION_LIFE_BACK); break;
	case ACTION_PLACE_BACK:
	case ACTION_PLACE_NEXT: jumps_go(r, a == ACTION_PLACE_BACK ? -1 : 1, n); break;
	case ACTION_SEARCH: find_ask(r, ASK_SEARCH, ""); break;
	case ACTION_WATCH: watch_cursor(r); return true;
	case ACTION_LIFE: follow_focus(r); return true;
	case ACTION_NOTE: bookmark_ask(r); break;
	case ACTION_NOTES: open_list(r, LIST_BOOKMARKS); break;
	case ACTION_FILTER: open_list(r, LIST_FILTER); break;
	case ACTION_SAVE: find_ask(r, ASK_SAVE, ""); break;
	case ACTION_COMMAND: find_ask(r, ASK_COMMAND, ""); break;
	default: return false;
	}
	r->state.playing = false;
	return true;
}
