/* The map that a lab works on, in an arena of its own, and what can be counted in it.
 *
 * With a meter the engine that tells is used, and every step is counted; without, the silent one: for numbers
 * of many maps, and for time.
 */
#ifndef SRC_LAB_MAP_H
#define SRC_LAB_MAP_H

#include "src/engine/classic/map.h"
#include "src/lab/lab.h"
#include "src/engine/random.h"

/* Counts what an engine tells. */
struct lab_meter {
	struct sink sink;
	uint64_t kind[EV_COUNT]; /* steps by kind */
	uint64_t written;        /* bytes written, and */
	uint64_t zeroed;         /* bytes of new blocks, which the allocator clears */
	uint64_t allocated;      /* bytes that the allocator gave for them */
	uint64_t slots;          /* looked at: tophash, length and key of one slot are one look */
	uint64_t last_bucket;    /* for slots: the slot of the last look */
	unsigned last_slot;
};
void lab_meter_init(struct lab_meter *m);
/* All counts from 0 again. */
void lab_meter_reset(struct lab_meter *m);

struct lab_map {
	struct arena arena;
	struct classic_map m;
	const struct map_calls *e;
	uint64_t text, text_end; /* where the next string key goes */
};
/* Key and elem types from their names; hint -1: none. false: no address space.  meter NULL: the silent
 * engine. */
bool lab_map_open(struct lab_map *x, const char *key, const char *elem, const struct release *r,
	uint64_t seed, int64_t hint, struct lab_meter *meter);
/* The same, telling any sink; no hint. */
bool lab_map_open_noting(struct lab_map *x, const char *key, const char *elem, const struct release *r,
	uint64_t seed, struct sink *sink);
void lab_map_close(struct lab_map *x);
/* A new map in the same arena, the old one forgotten but not freed. */
void lab_map_again(struct lab_map *x, uint64_t seed, int64_t hint);

/* Keys: an integer of 8 bytes at *v; "PREFIX" and i in decimal, in the arena. */
struct go_value lab_int_key(const int64_t *v);
struct go_value lab_text_key(struct lab_map *x, const char *prefix, uint64_t i);
/* m[k] = 8 bytes of v, cut to the elem's size. */
void lab_put(struct lab_map *x, const struct go_value *k, uint64_t v);
void lab_put_int(struct lab_map *x, int64_t key);
bool lab_has(struct lab_map *x, const struct go_value *k);
bool lab_has_int(struct lab_map *x, int64_t key);

/* hmap's fields, and the bucket where a key belongs when the map is not growing. */
uint64_t lab_count(const struct lab_map *x);
unsigned lab_B(const struct lab_map *x);
bool lab_growing(const struct lab_map *x);
uint64_t lab_array(const struct lab_map *x); /* address of the bucket array: another one after a growth */
unsigned lab_noverflow(const struct lab_map *x);
uint64_t lab_hash(struct lab_map *x, const struct go_value *k);
/* Entries in the chain where a key belongs: what a search for it looks at when it is absent.  Not while
 * growing. */
uint64_t lab_entries_at(struct lab_map *x, const struct go_value *k);

/* What the buckets of the new array hold, of a map that is not growing. */
enum { LAB_SHAPE = 64 };
struct lab_shape {
	uint64_t buckets, entries, overflow; /* overflow: buckets chained */
	uint64_t by_entries[LAB_SHAPE];      /* chains with so many entries; the last: that many or more */
	uint64_t by_length[LAB_SHAPE];       /* chains of so many buckets */
	uint64_t hit_probes;                 /* entries looked at to find each of them once */
	uint64_t longest;                    /* entries of the fullest chain */
};
/* Adds a map's to what is there. */
void lab_shape_add(struct lab_shape *s, const struct lab_map *x);

#endif
