/* Modes: what takes keys and the screen from the replay for a while; see modes.def.
 *
 * A mode works on struct state, and reads memory and events with the replay's player.  It moves nothing
 * itself: where it wants to be it asks for (ui/state/state.h), and control tells it when it is there.
 *
 *     key, work ──▶ mode ──struct request──▶ control ──mode_arrived──▶ mode
 *     before a frame: mode_ready works out what is to be drawn; mode_draw only draws
 */
#ifndef UI_MODE_H
#define UI_MODE_H

#include "ui/panel/frame.h"
#include "ui/scene/cost.h"
#include "ui/state/prompt.h"

enum mode_kind {
	MODE_NONE,
#define MODE(NAME, name, title) MODE_##NAME,
#include "ui/mode/modes.def"
#undef MODE
	MODES
};

enum { SESSION_SAID = 1024, SESSION_WORDS = 64 };

struct session_mode {
	struct prompt prompt;
	struct costs costs;
	char said[SESSION_SAID]; /* what came of the last line, or what is wrong with it */
	bool wrong;
	unsigned column;                   /* where, in columns of the line from 1; 0: nowhere */
	char word[SESSION_WORDS][UI_WORD]; /* completions on show */
	size_t words;
	uint64_t back; /* operations that the list is scrolled up */
	bool help;
	int help_from;             /* the line it begins with */
	uint64_t generation;       /* of the engine, as the replay knows it */
	const struct source *from; /* the recording that the session began in, NULL: in none */
	uint64_t from_op;          /* after this operation of it */
	bool away;                 /* what has been played is in sight, and that recording below it */
	char left[256];            /* the name of what was in sight before the way back */
	bool remembered;           /* the prompt has what was typed in earlier sessions */
};

struct mode {
	enum mode_kind open;
	bool begun;          /* a replay may have been asked to begin in a mode: that is done */
	struct state *state; /* these three are the replay's, as of now; control sets them before each call */
	struct player *player;
	struct log *log;
	struct session_mode session;
	struct compare_mode *compare;
	struct source *marked; /* moment A for it is in this recording; NULL: none is set */
	uint64_t mark;         /* the step */
	struct predict_mode *predict;
};

void mode_init(struct mode *m);
void mode_release(struct mode *m);
/* Opens the mode that the options ask for, once. */
void mode_begin(struct mode *m);
/* Takes a key, or with no mode open: false. */
bool mode_key(struct mode *m, int key);
/* Opens the mode that an action stands for.  false: it stands for none. */
bool mode_action(struct mode *m, enum action a);
/* Control has done what the mode asked for. */
void mode_arrived(struct mode *m, enum request_kind done);
/* Works for some milliseconds on what takes long.  true: there is something new to see. */
bool mode_work(struct mode *m);
bool mode_busy(const struct mode *m);
/* For the title; NULL: none is open. */
const char *mode_title(const struct mode *m);
/* Asks for the way back from what was played to the recording that it began in.  false: it began in none. */
bool mode_return(struct mode *m);

/* The scene that its frame is about; NULL: that of the step in sight. */
const struct scene *mode_scene(struct mode *m);
/* Works out what the frame shows; nothing is drawn yet. */
void mode_ready(struct mode *m, const struct frame *f);
void mode_draw(const struct mode *m, const struct frame *f);

#endif
