/* What a replay is at: the step in sight, what has been chosen, what is typed and said.  No drawing, no keys,
 * no player.
 *
 *     key, time ──▶ control ──▶ struct state ──▶ panels, views and modes draw it (they see it const)
 *
 * What answers a key below control writes here what it may (what is held, which view is open, a message), and
 * asks for what only control does: to go to another step, to another recording, to save a frame.  Control
 * carries out the request when the key has been answered.
 */
#ifndef UI_STATE_H
#define UI_STATE_H

#include "ui/state/hold.h"
#include "ui/state/keys.h"
#include "ui/state/layout.h"
#include "ui/ui.h"

enum { STATE_MESSAGE = 512 };

enum view_id {
	VIEW_DEFAULT, /* none: the panels of the default layout */
#define VIEW(NAME, name, action, key, kinds, title, help, legend) VIEW_##NAME,
#define VIEW_KEY(NAME, view, key, help)
#include "ui/state/views.def"
#undef VIEW
#undef VIEW_KEY
	VIEWS
};

/* The byte that the panel of lines and the views of bytes have their cursor on, and the list of writes to it.
 */
struct byte_cursor {
	unsigned object; /* enum object_kind, in the view of bytes */
	bool held;       /* else the cursor follows the step */
	uint32_t byte;   /* offset in the object */
	bool who_focus;  /* arrows move in the list of writes */
	size_t who_row;  /* WHO_NOW: that of the step in sight */
};
#define WHO_NOW SIZE_MAX

enum request_kind {
	REQUEST_NONE,
	REQUEST_GO,        /* to step `to` (clamped) */
	REQUEST_JUMP,      /* the same, so that one can come back */
	REQUEST_OPERATION, /* to the first step of operation `to` */
	REQUEST_STOP,      /* the background work of the open view stops */
	REQUEST_LEAVE,     /* to the end of another recording; what is left stays as it is below it */
	REQUEST_ADOPT,     /* the same, but what is left is forgotten */
	REQUEST_RETURN,    /* back to the recording that was left last */
	REQUEST_SAVE
}; /* the frame goes to a file */
struct request {
	enum request_kind kind;
	uint64_t to;
	struct source *source;
};

struct state {
	struct source *source; /* borrowed */
	struct ui_options options;
	bool ascii;
	int theme;                 /* of theme_name(); whoever puts frames out looks at it before each */
	struct cache_shape caches; /* of the model */
	uint64_t step;             /* in sight */
	bool broken;               /* the trace could not be read here; message says why */

	enum panel panel; /* in focus */
	bool alone;       /* it has the whole middle */
	struct hold hold;
	struct byte_cursor cursor;
	enum view_id view;  /* that is open */
	void *views[VIEWS]; /* what its user has done in each: of the size that the view declares */
	int w, h;           /* of the last frame */
	bool narrated;      /* words are said somewhere in the recording */
	bool unfolded;      /* steps of the allocator are steps like others, in every view */

	bool help;
	int help_from;  /* the row it begins with */
	uint64_t count; /* the number before a key */
	bool counting;
	bool prompting; /* a line is being typed; find.ask says what for */
	char message[STATE_MESSAGE];
	bool alarm; /* the message is an error */

	bool playing, backwards;
	int speed; /* see state_rate */

	bool quit, suspend, redraw; /* for whoever has the terminal; it clears the last two */
	struct request request;
};

/* A sentence for the last row; an alarm is an error. */
void state_message(struct state *s, bool alarm, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static inline void state_ask(struct state *s, enum request_kind kind, uint64_t to)
{
	s->request = (struct request){ kind, to, NULL };
}
/* Holds what the eyes shall stay on. */
static inline void state_hold(struct state *s, unsigned array, uint64_t index, unsigned depth, int slot)
{
	s->hold = (struct hold){ true, array, index, depth, slot };
}
/* Are the allocator's steps folded?  Keys pass over them then, and lists show how many they are. */
static inline bool state_folds(const struct state *s)
{
	return !s->unfolded && s->view != VIEW_SPANS;
}
/* The operation of a step, 0: before the first. */
uint64_t state_op(struct state *s, uint64_t step);
/* The first step of operation op; 0 before the first, the last step after the last. */
uint64_t state_op_first_step(struct state *s, uint64_t op);
/* Steps a second, or with *ret_operations whole operations a second. */
unsigned state_rate(const struct state *s, bool *ret_operations);
/* A digit before a key.  false: the key is none. */
bool state_count(struct state *s, int key);

#endif
