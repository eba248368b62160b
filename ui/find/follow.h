/* A key that is followed: its life, from the first operation that names it to the last, as moments.
 *
 * A pass over the recording finds them (trace/map/about.h says which key an event is about), slice by slice;
 * what is found so far can be looked at at any time.  A key that is deleted and put again has several lives
 * behind each other.
 */
#ifndef UI_FOLLOW_H
#define UI_FOLLOW_H

#include "ui/find/watch.h"

#include "trace/map/about.h"
#include "trace/record/pass.h"

enum { FOLLOW_PLACE = 40, FOLLOW_MOST = 1 << 20 /* moments kept */, FOLLOW_PARTS = 2 };

/* Events of one kind behind each other are one moment, but those that change where the key is. */
struct moment {
	uint64_t step, last, op; /* op: of the first */
	uint32_t count;
	uint16_t kind;            /* of the event; EV_OP: the map was cleared */
	uint8_t op_kind;          /* what its operation does */
	uint8_t change;           /* enum key_change */
	uint8_t part;             /* of a map that is made of others: which, else 0 */
	char place[FOLLOW_PLACE]; /* "3.0:7", of a change */
};

/* Where the key is from a step on, in one map (a sync.Map has two). */
struct key_spot {
	uint64_t step, group; /* group 0: nowhere */
	uint32_t map;
	unsigned slot;
};

struct follow {
	bool on;
	char key[ABOUT_KEY];
	uint32_t map; /* that has the key; of a map that is made of others the outer one */
	struct pass pass;
};

/* What is known so far: moments in order, and spots. */
struct life {
	const struct follow_about *about;
	struct source *source;
	struct image *memory;
	struct about events;
	struct moment *moment;
	size_t moments, moment_cap;
	struct key_spot *spot;
	size_t spots, spot_cap;
	uint64_t hash; /* of the key, last */
	bool cut;      /* there were more than are kept */
};

void follow_release(struct follow *f);
/* Follows a key of a map, from now on. */
void follow_key(struct follow *f, struct source *s, uint32_t map, const char *key);
void follow_stop(struct follow *f);
/* A slice of the work.  false: there is none left. */
bool follow_work(struct follow *f, struct source *s);
bool follow_busy(const struct follow *f);
/* The same of a recording that may have grown since, or be another one. */
bool follow_due(const struct follow *f, const struct source *s);
/* As far as it is known; without moments before. */
const struct life *follow_life(const struct follow *f);
/* How many moments begin at or before step. */
size_t life_before(const struct life *l, uint64_t step);
/* Where the key is after a step, as ranges of memory: returns how many. */
unsigned follow_at(const struct follow *f, uint64_t step, struct watch ret[FOLLOW_PARTS]);

#endif
