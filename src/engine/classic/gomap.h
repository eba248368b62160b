/* Go's classic map (1.18 to 1.23, amd64), byte for byte.
 *
 * The map is the bytes in the arena: hmap, buckets, overflow chains; struct gomap holds only what Go's compiler and
 * process would know (type, release, hash keys, the random stream).  One source, gomap_engine.inc, is compiled twice:
 * gomap_recording does every step as the runtime does it and tells the sink; gomap_silent leaves out the telling, and
 * may look for a slot in a faster way, but changes the same bytes.  tests/engine/compare.sh holds both against real Go.
 */
#ifndef SRC_GOMAP_H
#define SRC_GOMAP_H

#include "trace/go/type.h"
#include "src/memory/arena.h"
#include "src/engine/hash.h"
#include "src/engine/release.h"

struct gomap {
	struct arena *arena;            /* borrowed */
	uintptr_t bias;                 /* host pointer of a Go address: bias + address */
	const struct release *release;
	struct map_type type;
	struct hash_keys keys;
	uint64_t random;                /* state of the map's stream */
	uint64_t hmap;                  /* Go address; 0: a nil map */
	struct syncmap *sync;           /* NULL; else this is a sync.Map, without an hmap of its own (syncmap.h), owned */
	const struct syncmap *part_of;  /* NULL; else one of its two maps: hmap may be out of date, ask syncmap_hmap */
	uint32_t number;                /* in the trace, from 1 */
	int fault;                      /* enum fault of the last operation, -1: none.  Set by engines only */
	/* `race`: called once, when the operation under way has set hashWriting; true: it met a fatal error. */
	bool (*intruder)(void *arg);
	void *intruder_arg;
};

struct gomap_options {
	struct go_type key, elem;
	const struct release *release;
	uint64_t seed;
	int64_t hint;                   /* -1: none */
	bool aes, stack, nil;
	uint32_t number;
};

/* What Go's compiler would call.  Keys are given as values; for a string or an any that is stored, addr must be the
 * address of its text or box in the arena.  After each call m->fault is -1, or says why nothing was done. */
struct gomap_engine {
	/* m[k]: the address at which the caller stores the elem (inside the bucket, or of the indirect elem). 0: fault. */
	uint64_t (*assign)(struct gomap *m, const struct go_value *key);
	/* The elem's address, or 0: absent. */
	uint64_t (*access)(struct gomap *m, const struct go_value *key);
	bool (*remove)(struct gomap *m, const struct go_value *key); /* true: it was there */
	void (*clear)(struct gomap *m);
	/* mapiterinit without its first mapiternext, on an hiter at address it (96 zero bytes). */
	void (*iter_init)(struct gomap *m, uint64_t it);
	bool (*iter_next)(struct gomap *m, uint64_t it);             /* false: the end, hiter.key is nil */
};
/* By variant: gomap_silent[m->type.variant]. */
extern const struct gomap_engine gomap_recording[4], gomap_silent[4];

/* The address of the hmap that gomap_make would make, 0 for a nil map. */
uint64_t gomap_peek(struct arena *a, const struct gomap_options *o);
/* Makes a map.  Its first bucket array is there when hint or place ask for it. */
void gomap_make(struct gomap *m, struct arena *a, const struct gomap_options *o);
/* Another map in the same struct: type, hash keys and random stream stay, the hmap is new (a sync.Map's dirty). */
void gomap_remake(struct gomap *m, int64_t hint);
/* true when make with this hint would fit into the arena. */
bool gomap_hint_fits(const struct arena *a, const struct gomap_options *o);

/* How a value of the map's elem or key type lies in memory: writes size bytes to out. */
void gomap_value_bytes(const struct go_type *t, const struct go_value *v, uint8_t *out);
/* Writes n bytes from src at addr, told to the sink when there is one. */
void gomap_write(struct gomap *m, uint64_t addr, const uint8_t *src, uint64_t n);
/* Stores an elem where assign said, as the caller of mapassign does; told to the sink when there is one. */
void gomap_store(struct gomap *m, uint64_t addr, const struct go_value *elem);

/* Tests every invariant of a map in memory: count, tophash against hash, bucket against hash, chains, emptyRest,
 * evacuation marks, flags, overflow buckets.  Works on an arena and on a replayed image; m gives type and hash keys.
 * Returns the number of faults; the first is in message. */
enum { GOMAP_MESSAGE = 256 };
unsigned gomap_check(const struct gomap *m, const struct reader *r, bool between_operations, char *message);
/* The same for one bucket of the new array and, while growing, the old one it comes from: what an operation on it can
 * have spoilt, for maps too large to be walked after every operation. */
unsigned gomap_check_bucket(const struct gomap *m, const struct reader *r, uint64_t index, char *message);

#endif
