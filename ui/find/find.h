/* Ways to move that need more than a step: markers, search, what is watched, bookmarks, places visited; and the lists and
 * prompts that belong to them.
 *
 *     key ──▶ moves_key ──▶ struct job ──▶ moves_work, piece by piece ──▶ replay_jump
 */
#ifndef UI_MOVES_H
#define UI_MOVES_H

#include "ui/find/job.h"
#include "ui/state/keys.h"
#include "ui/state/prompt.h"
#include "ui/find/jumps.h"

enum ask { ASK_COMMAND, ASK_SEARCH, ASK_NOTE, ASK_NOTE_EDIT, ASK_SAVE, ASK_REPLACE, ASKS };
enum list { LIST_NONE, LIST_FILTER, LIST_NOTES };
/* Lines of the filter's list below the kinds of markers; from FILTER_KINDS on the kinds of events. */
enum { FILTER_STOP = MARKERS, FILTER_EVENTS, FILTER_KINDS, FILTER_LINES = FILTER_KINDS + EV_COUNT };

struct moves {
	unsigned markers;            /* kinds that ] and [ go to: 1 << enum marker */
	bool stop;                   /* play stops at these */
	bool only;                   /* the list of events shows only these */
	struct kind_set hidden;      /* kinds of events that it leaves out */
	struct search search;
	struct watch watch;          /* what ) and ( go to */
	struct watch cursor;         /* what is under the cursor of the view that is open; views set it, parts 0: nothing */
	struct job job;
	struct notes notes;
	struct trail trail;

	enum list list;              /* over the frame */
	int row;                     /* in focus */
	enum ask ask;                /* what the prompt asks for */
	struct prompt prompt[ASKS];
	uint64_t note_step;          /* ASK_NOTE: of which step */
	char save[PROMPT_MAX];       /* ASK_REPLACE: the file */
};

struct replay;
void moves_init(struct replay *r);
void moves_release(struct replay *r);
/* What a key does; n is the number before it.  false: it is none of these. */
bool moves_key(struct replay *r, enum action a, uint64_t n);
/* Work on what is looked for: a piece of it, about a millisecond.  false: it is over. */
bool moves_work(struct replay *r);
bool moves_busy(const struct replay *r);
unsigned moves_percent(const struct replay *r);
/* A list is open: every key is the list's. */
void moves_list_key(struct replay *r, int key);

/* Asks for a line. */
void moves_ask(struct replay *r, enum ask ask, const char *text);
const char *moves_sign(enum ask ask); /* what stands before it */
void moves_prompt_key(struct replay *r, int key);
/* What was entered, for each kind of prompt. */
void moves_search(struct replay *r, const char *text);
bool moves_watch(struct replay *r, const char *text);
void moves_save(struct replay *r, const char *path, bool replace);

/* Goes to a step, so that one can come back. */
void replay_jump(struct replay *r, uint64_t step);
/* What is under the cursor, to be watched: of the view that is open, or of the panel in focus.  false: nothing. */
bool replay_target(struct replay *r, struct watch *ret);
/* The first marker on the way from one step to another that play has to stop at, or `to`. */
uint64_t moves_stop(struct replay *r, uint64_t from, uint64_t to);

#endif
