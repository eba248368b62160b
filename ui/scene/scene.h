/* What a step means: everything that views need to know about one step, worked out once a frame.
 *
 * A scene is computed from three things: the memory at the step (player), the events of the operation under
 * way (log), and the operation's row.  Nothing of it is kept between frames but the log, which is a cache: it
 * holds the events from some way before the operation to the step, at most SCENE_LOG of them, so stepping
 * costs the same in an operation of ten steps and in a range over a million entries.
 *
 *     player, source ──▶ log ──▶ scene ──▶ views
 */
#ifndef UI_SCENE_H
#define UI_SCENE_H

#include "trace/map/kind.h"
#include "trace/map/value.h"
#include "trace/record/player.h"
#include "ui/state/hold.h"

/* Why these: one operation's marks in sight come from its last events; scanning 16 to 20 thousand takes some
 * 100 us. LEAD events before the operation tell which bucket was in focus when it began. */
enum {
	SCENE_LOG = 16384,
	SCENE_SLACK = 4096,
	SCENE_LEAD = 512,
	SCENE_TEXT = 256,
	SCENE_WALK = 1024,
	SCENE_OWN = 512,
	SCENE_OUTER = 128
};

/* The operation a step belongs to; op 0: before the first. */
struct scene_op {
	uint64_t op, first, last; /* steps; last: the step before the next operation begins */
	uint32_t map;
	enum op_kind kind;
	unsigned core;                          /* that carries it out */
	char key[SCENE_TEXT], elem[SCENE_TEXT]; /* as people read them */
	bool has_key, has_elem;
};

/* Events first..last of the trace, of which those from op.first on belong to the operation. */
struct log {
	struct event *event; /* bytes of more than 8 are not kept (p is NULL) */
	size_t count, cap;
	uint64_t first; /* step of event[0] */
	struct scene_op op;
	struct event *span; /* reads and writes of now that are no steps of the operation up to this one */
	size_t spans, span_cap;
	struct narration *narration; /* what is known of it */
};
void log_release(struct log *l);
/* Brings the log to step.  -1: the trace is damaged; source->error or player->error says where. */
int log_seek(struct log *l, struct player *p, uint64_t step);
/* Keeps the reads and writes of steps from..to that are outside of the operation, or behind the log's last
 * step; the newest of them when they are many. */
void log_span(struct log *l, struct player *p, uint64_t from, uint64_t to);
/* What a workload says (narration.c).  The words that hold at a step: those said last, however long ago; "":
 * nothing was yet. */
const char *log_narration(struct log *l, struct source *s, uint64_t step);
/* Is anything said anywhere in the recording?  (Where the source does not know: perhaps.) */
bool log_narrated(struct log *l, struct source *s);
/* The first step, or the newest, in from..to at which something is said; 0: there is none. */
uint64_t log_words_between(struct log *l, struct source *s, uint64_t from, uint64_t to, bool newest);
void narration_free(struct narration *n);

enum place_kind { PLACE_NONE, PLACE_OBJECT, PLACE_GROUP, PLACE_OTHER };
/* What lies at an address. */
struct place {
	enum place_kind kind;
	const char *object; /* PLACE_OBJECT: its name, "hmap", and the field, NULL: padding */
	const struct field *field;
	struct map_group group; /* PLACE_GROUP */
	bool kept;              /* the group is of an array that the map has dropped already */
	enum location_part part;
	int slot;             /* -1: the pointer to what hangs on the group, or padding */
	enum block_role role; /* PLACE_OTHER */
};

/* The hash in sight. */
struct scene_hash {
	bool known;
	bool stored; /* of a key in the map, not the operation's */
	uint64_t hash;
	char of[SCENE_TEXT];
};

/* A group of 8 slots takes GROUP_MAX bytes at most: control bytes, keys and elems of 128 bytes, a pointer. */
enum { SCENE_BUCKETS = 4, GROUP_MAX = 8 * (1 + 128 + 128) + 8 };
/* What a byte of a group is: enum location_part; of which slot, -1: none. */
struct group_byte {
	uint8_t part;
	int8_t slot;
};
/* A group to draw: its head and its bytes. */
struct scene_group {
	bool ok;
	bool kept;    /* it is of an array that the map has dropped already */
	bool compare; /* was is worth comparing */
	struct map_group view;
	uint64_t full; /* bit i: slot i is full */
	/* Of these view.size are set, where ok; of was where compare. */
	uint8_t bytes[GROUP_MAX];
	struct group_byte at[GROUP_MAX]; /* what each of them is */
	uint8_t was[GROUP_MAX];          /* at the step shown before; zeros where it was not there */
};

struct scene {
	struct player *player;
	const struct reader *mem; /* memory at step */
	const struct reader *was; /* memory at the step shown before, or NULL */
	uint64_t step, steps;
	uint64_t now_from, now_to; /* marks of now: those of these steps, around step */
	bool ascii;

	/* What the map's kind knows on the way over the log's events, and of the step. */
	_Alignas(16) unsigned char walk[SCENE_WALK], own[SCENE_OWN];

	struct event event;       /* of the step; kind EV_COUNT at step 0 */
	uint8_t event_bytes[512]; /* the first bytes written by it */
	const struct log *log;
	struct scene_op op;
	struct scene_op run;            /* the same; in a race, the half that is under way */
	bool after;                     /* the operation is done, or was none yet */
	char narration[SCENE_TEXT * 2]; /* what was said last, "": nothing yet */

	const struct map_info *map;                        /* NULL: the recording has none */
	const struct map_info *outer;                      /* the map that it is part of, NULL: none */
	bool outer_ok;                                     /* that one is read from memory */
	_Alignas(16) unsigned char outer_own[SCENE_OUTER]; /* what its kind keeps of it */
	struct map_view view;                              /* the map as memory has it */
	bool live;                                         /* it can be read */
	uint32_t group_size;                               /* bytes of a group, 0: unknown */

	enum phase phase;
	struct scene_hash hash;
	struct place place; /* of the event */

	uint64_t focus_addr; /* the group that the eyes are on: what was touched last, 0: nothing */
	int slot;            /* in focus, -1: none */
	bool held;

	int table_slot[SCENE_BUCKETS];
	bool splitting; /* table 2 and 3 are two groups that the others go to */
	int lines;      /* which table's bytes are shown beside those of the focus; -1: none */

	/* Large, and last: only their heads are cleared for a step.
	 * table: those of a wide screen: a chain, or while it moves: two groups of it, and two that they go
	 * to. */
	struct scene_group focus, table[SCENE_BUCKETS];
};

/* Works out the scene of the player's step.  was: a player at the step shown before, NULL when it is next
 * door. */
void scene_make(struct scene *s, struct player *p, struct log *l, const struct player *was,
	const struct hold *hold, bool ascii);

/* Is it a step of the allocator that says nothing of the map: a span, or the program's texts and boxes? */
bool event_of_allocator(const struct event *e);
/* How many such steps stand right before the scene's. */
unsigned scene_folded(const struct scene *s);
/* Finds out run. */
void scene_race(struct scene *s);

/* ---- what views ask ---- */

/* How many groups of an array a hash can choose; 0: there is no such array now. */
uint64_t scene_groups(const struct scene *s, unsigned array);
/* A group of the map, with its bytes; index is taken modulo the array's size.  b->ok false: there is none. */
void group_at(const struct scene *s, unsigned array, uint64_t index, unsigned depth, struct scene_group *b);
/* Reads the bytes of b->view. */
void group_fill(const struct scene *s, struct scene_group *b);
/* The block that a group is part of, as far as it is known, else its own bytes. */
void group_block(const struct scene *s, const struct scene_group *b, uint64_t *ret_lo, uint64_t *ret_hi);
/* "new 3.1", with which array only while there are two or always. */
void group_label(const struct scene *s, const struct map_group *g, bool always, char *out, size_t cap);
/* Where the key of a slot stands. */
uint64_t group_key_at(const struct scene *s, const struct map_group *g, int slot);
/* The key and the elem of a slot as people read them. */
void group_key_text(const struct scene *s, const struct map_group *g, int slot, char *out, size_t cap);
void group_elem_text(const struct scene *s, const struct map_group *g, int slot, char *out, size_t cap);
/* A chain of an array: its entries, the groups behind the first, slots whose entries have moved; moved: all
 * have.  ok false: there is none. */
struct chain_sum {
	unsigned entries, overflow, waiting;
	bool moved, ok;
};
struct chain_sum scene_chain(const struct scene *s, unsigned array, uint64_t index);
/* What it is in this operation; other: the operation may not be about it. */
const char *group_role(const struct scene *s, const struct scene_group *b, bool other);
/* Where the entry of a slot has moved to.  false: it has not. */
bool group_moved(const struct scene *s, const struct map_group *g, int slot, struct hold *ret);
/* What lies at addr. */
struct place scene_place(const struct scene *s, uint64_t addr);
/* Is a place in an object of that name?  Does addr lie in one? */
bool place_in(const struct place *p, const char *object);
bool place_of(const struct scene *s, uint64_t addr, const char *object);
/* Bits for each of n bytes at lo. */
enum { MARK_READ_OP = 1, MARK_WRITE_OP = 2, MARK_READ = 4, MARK_WRITE = 8 };
void scene_marks(const struct scene *s, uint64_t lo, size_t n, uint8_t *marks);
/* The letter of a byte's marks: W R w r, or 0. */
char mark_letter(uint8_t mark);
/* Text that comes from a trace, made fit for a screen: control bytes escaped, in ASCII if need be. */
void scene_clean(const struct scene *s, const char *text, char *out, size_t cap);
#endif
