/* What an operation cost and where it put its key: worked out from its steps, kept for the operations seen
 * last.
 */
#ifndef UI_COST_H
#define UI_COST_H

#include "ui/scene/scene.h"

#include "trace/base/builder.h"
#include "trace/map/kind.h"

enum { COSTS_KEPT = 256, COST_LINES = 512, COST_STEPS = 65536 };

struct op_cost {
	uint64_t op, first, last; /* steps */
	uint32_t map;
	enum op_kind kind;
	char words[SCENE_TEXT];   /* "put lychee 21" */
	unsigned tophashes, keys; /* read, compared */
	unsigned lines;           /* cache lines touched, COST_LINES at most */
	unsigned moved;           /* entries evacuated */
	bool hashed;
	uint64_t hash;
	uint8_t top;
	bool bucket_known, bucket_old;
	uint64_t bucket; /* chosen by the hash */
	bool placed;     /* the key is or was there: */
	struct map_group place;
	int slot;
	char where[GROUP_LABEL + 32]; /* "new 3.1:2", "old 0.0:3"; "" when it is not placed */
	unsigned overflow;            /* overflow buckets made */
	uint64_t overflow_bucket;
	unsigned overflow_depth;
	bool grew; /* a growth began */
	uint64_t old_B, new_B;
	enum outcome outcome;
	int fault;            /* enum fault, -1: none */
	uint64_t items;       /* given by a loop */
	char got[SCENE_TEXT]; /* of a get: the elem; "" */
	bool whole;           /* false: an operation of very many steps, only the first were looked at */
};

struct costs {
	struct player player;
	bool open;
	struct op_cost kept[COSTS_KEPT];
};

/* The costs of operation op (1..ops); owned by c until the next call.  NULL: the trace is damaged there. */
const struct op_cost *cost_of(struct costs *c, struct source *s, uint64_t op);
/* The same, when it has been worked out already and is kept: as the last COSTS_KEPT operations in a row are.
 */
const struct op_cost *cost_known(const struct costs *c, uint64_t op);
/* Forgets everything: the source is another one, or will be. */
void costs_release(struct costs *c);
/* What came of it, in a few words: "overflow 3.1 made", "grows to B 3", "= 14", "absent". */
void cost_result(const struct op_cost *c, char *out, size_t cap);
/* Begins another part of it, for those of a kind. */
struct builder *cost_part(struct builder *w);
/* Does an operation do something else in two recordings: another place, growth, overflow bucket, result? */
bool cost_placed_differently(const struct op_cost *a, const struct op_cost *b);
/* The same, or differ in any count? */
bool cost_differs(const struct op_cost *a, const struct op_cost *b);

#endif
