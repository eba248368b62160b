/* Modes: what takes keys and the screen from the replay for a while.
 *
 *     session   a prompt; what is typed is recorded and seen at once        mode_session.c
 *     compare    two moments, or two recordings, side by side                mode_versus.c, view_versus.c
 *     predict      the next step is hidden and asked for                       mode_quiz.c
 */
#ifndef UI_MODE_H
#define UI_MODE_H

#include "ui/scene/cost.h"
#include "ui/grid/grid.h"
#include "ui/state/keys.h"
#include "ui/state/layout.h"
#include "ui/state/prompt.h"
#include "ui/ui.h"

struct replay;
struct frame;

enum mode_kind { MODE_NONE, MODE_SESSION, MODE_COMPARE, MODE_PREDICT };

enum { SESSION_SAID = 1024, SESSION_WORDS = 64 };

struct session_mode {
	struct prompt prompt;
	struct costs costs;
	char said[SESSION_SAID];     /* what came of the last line, or what is wrong with it */
	bool wrong;
	unsigned column;             /* where, in columns of the line from 1; 0: nowhere */
	char word[SESSION_WORDS][UI_WORD]; /* completions on show */
	size_t words;
	uint64_t back;               /* operations that the list is scrolled up */
	bool help;
	int help_from;               /* the line it begins with */
	uint64_t generation;         /* of the engine, as the replay knows it */
	struct replay *home;         /* what was in sight before playing went on from it; NULL: nothing was, or it is again */
	const struct source *from;   /* the recording that the session began in, NULL: in none */
	uint64_t from_op;            /* after this operation of it */
	bool remembered;             /* the prompt has what was typed in earlier sessions */
};

struct mode;                         /* all of it; see mode_private.h */

/* Takes a key.  false: it is the replay's. */
bool mode_key(struct replay *r, int key);
/* Draws the frame.  false: it is the replay's. */
bool mode_draw(struct replay *r, struct grid *g);
/* Opens the mode that an action stands for.  false: it stands for none. */
bool mode_action(struct replay *r, enum action a);
/* Works for some milliseconds on what takes long.  true: there is something new to see. */
bool mode_work(struct replay *r);
bool mode_busy(const struct replay *r);
/* For the title; NULL: none is open. */
const char *mode_name(const struct replay *r);
/* Back from what was played to the recording that it began in.  false: it began in none. */
bool mode_return(struct replay *r);
void mode_release(struct replay *r);

#endif
