/* Playing: time moves the replay; see replay.h. */
#include "ui/control/replay_private.h"
#include "ui/grid/text.h"

#include <string.h>

/* A search for a fatal error looks at so many steps before the one to be shown: some ms. */
#define MARK_SECONDS 0.15
enum { FAULT_SCAN = 65536, SPEED_MOST = 20 };

static void play(struct replay *r, bool backwards)
{
	r->state.playing = true;
	r->state.backwards = backwards;
	r->owed = 1; /* the first step at once: the key did something */
	r->frames = 0;
	r->clock = 0;
	replay_shown(r);
}

/* ---- marks ---- */

void replay_shown(struct replay *r)
{
	uint64_t step = replay_step(r);
	if (!r->state.playing || (r->frames && r->shown[0].step == step))
		return;
	memmove(r->shown + 1, r->shown, sizeof r->shown - sizeof r->shown[0]);
	r->shown[0].at = r->clock;
	r->shown[0].step = step;
	r->frames += r->frames < REPLAY_SHOWN;
}

void replay_marks(const struct replay *r, uint64_t *ret_from, uint64_t *ret_to)
{
	uint64_t step = replay_step(r), far = step;
	for (int i = 0; r->state.playing && i < r->frames &&
		(r->state.backwards ? r->shown[i].step > far : r->shown[i].step < far);
		i++) {
		far = r->shown[i].step;
		if (i + 1 < r->frames && r->clock - r->shown[i].at >= MARK_SECONDS)
			break;
	}
	*ret_from = far < step ? far + 1 : step;
	*ret_to = far > step ? far - 1 : step; /* backwards: as if a frame had shown each step on the way */
}

/* Words on the way are read before anything goes on: so many a second, and a second to see that they are
 * there; where steps come faster than they do at first, that much shorter. */
#define READ_SECONDS(words) (1 + text_width(words) / 17.0)
enum { READ_RATE = 4 };

static double reading_time(struct replay *r, unsigned rate)
{
	const char *words = log_narration(&r->log, r->state.source, replay_step(r));
	return READ_SECONDS(words) * (rate < READ_RATE ? rate : READ_RATE);
}

/* The next fatal error on the way to step, or step itself. */
static uint64_t stop_at_fault(struct replay *r, uint64_t from, uint64_t to)
{
	if (to - from > FAULT_SCAN)
		from = to - FAULT_SCAN;
	for (uint64_t step = from + 1; step <= to; step++) {
		const struct event *e = player_event(&r->player[r->now], step);
		if (!e)
			return to;
		if (e->kind == EV_FAULT && e->b) {
			r->state.playing = false;
			return step;
		}
	}
	return to;
}

static void play_forward(struct replay *r, uint64_t n, bool operations, unsigned rate)
{
	uint64_t from = replay_step(r),
		 to = r->state.source->steps - from > n ? from + n : r->state.source->steps;
	if (operations)
		to = state_op_first_step(&r->state, state_op(&r->state, from) + n);
	to = find_stop(r, from, stop_at_fault(r, from, to > from ? to : r->state.source->steps));
	uint64_t words = log_words_between(&r->log, r->state.source, from + 1, to, false);
	to = words ? words : replay_unfolded(r, to, 1);
	replay_go(r, to);
	if (words)
		r->owed = -reading_time(r, rate);
	if (to >= r->state.source->steps)
		r->state.playing = false;
	else if (!words && !operations && n == 1 && replay_phase_begins(r, to + 1))
		r->owed -= 1; /* the end of a phase rests one period more */
}

static void play_back(struct replay *r, uint64_t n, bool operations)
{
	uint64_t from = replay_step(r), to = from > n ? from - n : 0;
	if (operations) {
		uint64_t op = state_op(&r->state, from),
			 past = op && state_op_first_step(&r->state, op) < from ? n - 1 : n;
		to = op > past ? state_op_first_step(&r->state, op - past) : 0;
	}
	to = replay_unfolded(r, find_stop(r, from, to < from ? to : 0), -1);
	replay_go(r, to);
	if (to == 0)
		r->state.playing = false;
	else if (!operations && n == 1 && replay_phase_begins(r, from))
		r->owed -= 1;
}

bool replay_tick(struct replay *r, double seconds)
{
	bool operations;
	if (!r->state.playing)
		return false;
	unsigned rate = state_rate(&r->state, &operations);
	if (r->state.options.still && !operations) { /* no motion: a frame an operation */
		operations = true;
		rate = 1;
	}
	r->clock += seconds;
	r->owed += rate * seconds;
	if (r->owed < 1)
		return false;
	uint64_t n = (uint64_t)r->owed;
	r->owed -= (double)n;
	if (r->state.backwards)
		play_back(r, n, operations);
	else
		play_forward(r, n, operations, rate);
	return true;
}

void replay_change_speed(struct replay *r, int by)
{
	bool operations;
	r->state.speed += by;
	if (r->state.speed < 0)
		r->state.speed = 0;
	if (r->state.speed > SPEED_MOST)
		r->state.speed = SPEED_MOST;
	unsigned rate = state_rate(&r->state, &operations);
	state_message(&r->state, false,
		operations ? P_("speed: %u operation a second", "speed: %u operations a second", rate)
			   : P_("speed: %u step a second", "speed: %u steps a second", rate),
		rate);
}

void replay_toggle_play(struct replay *r, bool backwards)
{
	if (r->state.playing &&
		(r->state.backwards == backwards || !backwards)) { /* space pauses whatever plays */
		r->state.playing = false;
		return;
	}
	bool at_end = backwards ? replay_step(r) == 0 : replay_step(r) >= r->state.source->steps;
	if (at_end)
		state_message(&r->state, false, "%s",
			backwards ? _("this is the beginning; space plays forward")
				  : _("this is the end; r plays backwards, g goes to the beginning"));
	else
		play(r, backwards);
}
