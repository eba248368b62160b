/* Ways to move that need more than a step: markers, search, what is watched, bookmarks, places visited; and
 * the lists and prompts that belong to them.  What keys do to it stands in ui/control/find.c.
 */
#ifndef UI_FIND_H
#define UI_FIND_H

#include "ui/find/follow.h"
#include "ui/find/job.h"
#include "ui/find/jumps.h"
#include "ui/state/prompt.h"

enum ask { ASK_COMMAND, ASK_SEARCH, ASK_BOOKMARK, ASK_BOOKMARK_EDIT, ASK_SAVE, ASK_REPLACE, ASKS };
enum list { LIST_NONE, LIST_FILTER, LIST_BOOKMARKS, LIST_LIFE };
/* Lines of the filter's list below the kinds of markers; from FILTER_KINDS on the kinds of events. */
enum { FILTER_STOP = MARKERS, FILTER_EVENTS, FILTER_KINDS, FILTER_LINES = FILTER_KINDS + EV_COUNT };

struct find {
	unsigned markers;       /* kinds that ] and [ go to: 1 << enum marker */
	bool stop;              /* play stops at these */
	bool only;              /* the list of events shows only these */
	struct kind_set hidden; /* kinds of events that it leaves out */
	struct search search;
	struct watch watch; /* what ) and ( go to */
	struct job job;
	struct follow follow; /* the key that i and u go along */
	bool follow_asked;    /* nothing has been said yet of what was found */
	int64_t follow_by;    /* moments to go once they are known */
	struct bookmarks bookmarks;
	struct jumps jumps;

	enum list list; /* over the frame */
	int row;        /* in focus */
	enum ask ask;   /* what the prompt asks for */
	struct prompt prompt[ASKS];
	uint64_t bookmark_step; /* ASK_BOOKMARK: of which step */
	char save[PROMPT_MAX];  /* the file that the frame goes to */
};

/* What stands before a prompt. */
const char *find_sign(enum ask ask);

#endif
