/* What keys and time do to a replay; see replay.h. */
#include "ui/control/replay_private.h"
#include "ui/grid/text.h"
#include "ui/panel/sheet.h"
#include "ui/view/view.h"

#include "trace/base/memory.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

bool locale_is_ascii(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || char_width(0x2500) != 1;
}

void replay_init(struct replay *r, struct source *s, const struct ui_options *o)
{
	memset(r, 0, sizeof *r);
	r->state.source = s;
	r->state.options = *o;
	r->state.ascii = o->ascii || locale_is_ascii();
	r->state.panel = PANEL_TIMELINE;
	r->state.speed = SPEED_START;
	r->drag_y = -1;
	if (o->theme)
		replay_set_theme(r, o->theme);
	if (o->speed)
		for (r->state.speed = 0; r->state.speed < 10 && o->speed >> r->state.speed > 1;)
			r->state.speed++;
	r->state.caches = o->caches.line ? o->caches : cache_shape_usual();
	player_init(&r->player[0], s);
	player_init(&r->player[1], s);
	find_init(r);
	replay_go(r, o->step);
	r->compare = false;
}

/* What is of this recording alone. */
static void release_one(struct replay *r)
{
	player_release(&r->player[0]);
	player_release(&r->player[1]);
	log_release(&r->log);
	passes_release(&r->passes);
	view_release(&r->state);
	find_release(r);
}

void replay_release(struct replay *r)
{
	while (r->below) {
		struct replay *below = r->below;
		r->below = below->below;
		release_one(below);
		free(below);
	}
	release_one(r);
	if (r->mode) {
		mode_release(r->mode);
		free(r->mode);
	}
}

/* What belongs to the person, not to the recording. */
static void carry_over(struct replay *r, const struct replay *was)
{
	r->mode = was->mode;
	r->state.theme = was->state.theme;
	r->state.ascii = was->state.ascii;
	r->state.speed = was->state.speed;
	r->state.caches = was->state.caches;
	r->state.w = was->state.w;
	r->state.h = was->state.h;
}

void replay_adopt(struct replay *r, struct source *s)
{
	struct replay was = *r;
	release_one(r);
	was.state.options.step = 0;
	replay_init(r, s, &was.state.options);
	carry_over(r, &was);
	r->below = was.below;
}

void replay_push(struct replay *r, struct source *s)
{
	struct replay *below = memory_get(sizeof *below);
	struct ui_options o = r->state.options;
	job_stop(&r->find.job); /* it knows where r is */
	*below = *r;
	o.step = 0;
	o.trace = o.name = NULL; /* bookmarks belong to the recording that is left */
	replay_init(r, s, &o);
	carry_over(r, below);
	r->below = below;
}

void replay_pop(struct replay *r)
{
	struct replay was = *r, *below = r->below;
	if (!below)
		return;
	release_one(r);
	*r = *below;
	free(below);
	carry_over(r, &was);
	r->moved = r->compare = false;
}

struct mode *replay_mode(struct replay *r)
{
	if (!r->mode) {
		r->mode = memory_get(sizeof *r->mode);
		mode_init(r->mode);
	}
	r->mode->state = &r->state;
	r->mode->player = &r->player[r->now];
	r->mode->log = &r->log;
	return r->mode;
}

bool replay_set_theme(struct replay *r, const char *name)
{
	int theme = theme_find(name);
	if (theme >= 0)
		r->state.theme = theme;
	return theme >= 0;
}

uint64_t replay_step(const struct replay *r)
{
	return r->state.step;
}

/* ---- moving ---- */

void replay_go(struct replay *r, uint64_t step)
{
	if (step > r->state.source->steps)
		step = r->state.source->steps;
	if (step == replay_step(r))
		return;
	if (!r->moved) {
		r->now = 1 - r->now;
		r->moved = r->compare = true;
	}
	r->state.broken = false;
	int status = player_seek(&r->player[r->now], step);
	r->state.step = r->player[r->now].step;
	if (status != 0) {
		state_message(&r->state, true, "%s", r->player[r->now].error);
		r->state.broken = true;
		r->state.playing = false;
	}
}

/* From a step of the allocator on to the next that is none, as long as they are folded; by: 1 or -1. */
uint64_t replay_unfolded(struct replay *r, uint64_t step, int by)
{
	while (state_folds(&r->state) && step > 0 && step < r->state.source->steps) {
		const struct event *e = player_event(&r->player[r->now], step);
		if (!e || !event_of_allocator(e))
			break;
		step += (uint64_t)(int64_t)by;
	}
	return step;
}

void replay_back(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r);
	replay_go(r, replay_unfolded(r, step > n ? step - n : 0, -1));
}

void replay_forward(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r), left = r->state.source->steps - step;
	replay_go(r, replay_unfolded(r, step + (n < left ? n : left), 1));
}

void replay_go_op(struct replay *r, uint64_t op)
{
	replay_go(r, state_op_first_step(&r->state, op));
}

/* A single operation is not passed over words that stand before or behind it: they are a stop of their own.
 */
void replay_op_forward(struct replay *r, uint64_t n)
{
	uint64_t from = replay_step(r), op = state_op(&r->state, from), left = r->state.source->ops + 1 - op;
	uint64_t to = state_op_first_step(&r->state, op + (n < left ? n : left));
	uint64_t words = n == 1 ? log_words_between(&r->log, r->state.source, from + 1, to, false) : 0;
	replay_go(r, words ? words : to);
}

/* To the beginning of this operation, then of those before. */
void replay_op_back(struct replay *r, uint64_t n)
{
	uint64_t from = replay_step(r), op = state_op(&r->state, from);
	uint64_t back = op && state_op_first_step(&r->state, op) < from ? n - 1 : n;
	uint64_t to = state_op_first_step(&r->state, op > back ? op - back : 0);
	uint64_t words = n == 1 && from ? log_words_between(&r->log, r->state.source, to + 1, from - 1, true)
					: 0;
	replay_go(r, words ? words : to);
}

/* Does a phase begin at a step?  An operation without phases is one. */
bool replay_phase_begins(struct replay *r, uint64_t step)
{
	const struct event *e = player_event(&r->player[r->now], step);
	if (!e || e->kind == EV_PHASE)
		return e != NULL;
	if (e->kind != EV_OP)
		return false;
	e = step < r->state.source->steps ? player_event(&r->player[r->now], step + 1) : NULL;
	return !e || e->kind != EV_PHASE;
}

/* ---- what is to be seen of it ---- */

bool replay_scene(struct replay *r, struct scene *s)
{
	bool readable = log_seek(&r->log, &r->player[r->now], replay_step(r)) == 0;
	scene_make(s, &r->player[r->now], &r->log, NULL, &r->state.hold, r->state.ascii);
	return readable;
}

struct frame replay_frame(struct replay *r, const struct scene *s)
{
	struct frame f = {
		.state = &r->state, .find = &r->find, .pass = &r->passes, .scene = s, .layout = &r->layout
	};
	f.follows = follow_at(&r->find.follow, replay_step(r), f.followed);
	return f;
}

/* ---- work, requests ---- */

/* The passes that what is open needs. */
static unsigned passes_needed(const struct replay *r)
{
	const struct view *v = view_info[r->state.view].view;
	return v ? v->passes : NEEDS_TIMELINE;
}

bool replay_busy(const struct replay *r)
{
	return job_busy(&r->find.job) || follow_due(&r->find.follow, r->state.source) || passes_busy(&r->passes, passes_needed(r)) ||
		(r->mode && mode_busy(r->mode));
}

bool replay_work(struct replay *r)
{
	struct scene s;
	unsigned set = passes_needed(r);
	if (job_busy(&r->find.job)) {
		find_work(r);
		return true;
	}
	if (mode_work(replay_mode(r))) {
		replay_request(r);
		return true;
	}
	if (!passes_busy(&r->passes, set))
		return find_follow_work(r);
	if (set & NEEDS_OVERVIEW)
		replay_scene(r, &s);
	passes_work(&r->passes, set, &s);
	find_follow_work(r);
	return true;
}

void replay_request(struct replay *r)
{
	struct request q = r->state.request;
	r->state.request.kind = REQUEST_NONE;
	switch (q.kind) {
	case REQUEST_NONE: return;
	case REQUEST_GO: replay_go(r, q.to); break;
	case REQUEST_JUMP: replay_jump(r, q.to); break;
	case REQUEST_OPERATION: replay_go_op(r, q.to); break;
	case REQUEST_STOP: passes_stop(&r->passes, passes_needed(r)); break;
	case REQUEST_LEAVE:
		replay_push(r, q.source);
		replay_go(r, q.source->steps);
		break;
	case REQUEST_ADOPT:
		replay_adopt(r, q.source);
		replay_go(r, q.source->steps);
		break;
	case REQUEST_RETURN: replay_pop(r); break;
	case REQUEST_SAVE: frame_save(r, r->find.save, q.to != 0); break;
	}
	mode_arrived(replay_mode(r), q.kind);
}
