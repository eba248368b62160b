/* The seam between those who run a workload and the engines, which change the memory of a map as Go does.
 *
 *     runner, sessions ─▶ struct engine (a row of engines.def) ─▶ struct map, in an arena ─▶ sink
 *
 * A map is the bytes in the arena.  What Go's compiler and process would know of it besides (type, release,
 * hash keys, random stream) is in struct map, which an engine begins its own struct with; what follows there
 * is known to the engine only.  Operations go through struct map_calls, a table that the engine chooses when
 * it makes the map, so that each of them is one indirect call: silent, or emitting every step to the arena's
 * sink.
 *
 * After each call of an operation fault is -1, or says why Go gave up; then nothing was done.
 */
#ifndef SRC_ENGINE_H
#define SRC_ENGINE_H

#include "trace/map/kind.h"
#include "trace/record/sink.h"
#include "src/memory/arena.h"
#include "src/engine/hash.h"
#include "trace/go/release.h"

struct map;

/* What Go's compiler would call.  Keys are given as values; for a string or an any that is stored, addr must
 * be the address of its text or box in the arena (value_settle). */
struct map_calls {
	/* m[k]: the address at which the caller stores the elem (map_store).  0: fault. */
	uint64_t (*assign)(struct map *m, const struct go_value *key);
	/* The elem's address, or 0: absent. */
	uint64_t (*access)(struct map *m, const struct go_value *key);
	bool (*remove)(struct map *m, const struct go_value *key); /* true: it was there */
	void (*clear)(struct map *m);
	/* A range loop begins, on a frame of engine->frame zero bytes at address it.  false: it has ended
	 * before it began. */
	bool (*iter_init)(struct map *m, uint64_t it);
	bool (*iter_next)(struct map *m, uint64_t it); /* false: the end */
};

/* The head of every map. */
struct map {
	const struct map_calls *call;
	const struct engine *engine;
	struct arena *arena; /* borrowed */
	uintptr_t bias;      /* host pointer of a Go address: bias + address */
	const struct release *release;
	const struct map *whole; /* NULL; else this is a part of that map, which alone works on it */
	uint32_t number;         /* in the trace, from 1 */
	int fault;               /* enum fault of the last operation, -1: none.  Set by engines only */
	/* `race`: called once, when the operation under way has begun to write; true: it met a fatal error.
	 */
	bool (*second)(void *arg);
	void *second_arg;
	struct go_type key, elem; /* of what its user keeps in it */
	uint64_t random;          /* state of the map's stream */
	struct hash_keys keys;
};

struct map_options {
	struct go_type key, elem;
	const struct release *release;
	uint64_t seed;
	int64_t hint; /* -1: none */
	bool aes, stack, nil;
	uint32_t number;
};

/* An operation, for engines that do not do it by map_calls. */
struct map_operation {
	enum op_kind kind;
	struct go_value key, elem, new; /* new: what cas stores */
	/* What range gives: the addresses of key and elem. */
	void (*item)(void *arg, uint64_t key, uint64_t elem);
	void *arg;
};

struct map_result {
	bool gives; /* it has a result, ok and the value at address elem (0: the zero value) */
	bool ok;
	uint64_t elem;
};

/* A map inside of a map, with a number of its own: that of the whole and 1, 2, ... */
struct map_part_info {
	const char *name; /* "read": in a trace it is NAME.read */
	enum map_kind kind;
	struct go_type key, elem;
};

/* What a map takes that has come to so many groups and is not growing, without what keys and elems point to.
 */
struct map_size {
	uint64_t spare;        /* groups that its array has besides, for chains */
	uint64_t array, given; /* bytes of the array: asked for, taken by the allocator */
	uint64_t bytes;        /* of all: with the header */
	uint64_t next_growth;  /* the entry that starts one */
};

/* An operation of a recording under way, for a profile: which functions of Go allocate. */
struct call_path {
	const struct release *release;
	enum op_kind kind; /* OP_NONE: the map is being made */
	unsigned state;    /* the engine's own; 0 when the operation begins */
};

enum { CHECK_MESSAGE = 256 };

struct engine {
	const char *name;      /* its row in engines.def */
	const char *noun;      /* what Go calls such a map: "sync.Map" */
	const char *make_word; /* the directive that makes its maps */
	const char *options;   /* of that directive, for people */
	bool hints, places;    /* hint= and place= are two of them */
	bool races;            /* a second operation can come while one is writing */
	enum map_kind kind;
	bool in_any;                 /* it keeps keys and elems in an any each, whatever their types are */
	const char *oldest, *newest; /* the releases whose maps it makes */

	/* ---- making ---- */

	/* false: there is no such map of these types: why is said in a translated text, and of which (1: key,
	 * 2: elem, 0: both). */
	bool (*accepts)(const struct map_options *o, unsigned *ret_which, char *out, size_t cap);
	/* true when make would find room in the arena. */
	bool (*fits)(const struct arena *a, const struct map_options *o);
	/* The address that make would give the map's header, 0 for a nil map. */
	uint64_t (*peek)(struct arena *a, const struct map_options *o);
	/* With a sink in the arena its operations emit every step.  *ret is there, and can be released, before
	 * the first block is asked for: a heap that is full then ends make (arena_try). */
	void (*make)(struct arena *a, const struct map_options *o, struct map **ret);
	void (*release)(struct map *m);
	/* The i-th map inside, from 0.  false: there are no more.  NULL: there are none. */
	bool (*part_info)(unsigned i, struct map_part_info *ret);
	struct map *(*part)(struct map *m, unsigned i);

	/* ---- operations, but for map_calls ---- */

	/* Operations that others lack, and those that are not done by map_calls.  Gives the outcome; -1:
	 * map_calls does it. NULL: it does them all. */
	int (*operate)(struct map *m, const struct map_operation *o, struct map_result *ret);
	uint32_t frame; /* bytes of a range loop's variable; 0: no loop can be stepped */
	/* The addresses of the key and the elem that the loop stands at. */
	void (*item)(const struct map *m, uint64_t it, uint64_t *ret_key, uint64_t *ret_elem);

	/* ---- what is there ---- */

	/* Where the map's header is; 0: nil. */
	uint64_t (*address)(const struct map *m);
	uint64_t (*count)(const struct map *m);
	/* true: the map has the key.  Nothing is emitted, fault is -1 afterwards. */
	bool (*has)(struct map *m, const struct go_value *key);

	/* ---- what will be ---- */

	/* When the map will grow next, in a translated sentence; "": it cannot be said. */
	void (*forecast)(const struct map *m, char *out, size_t cap);
	/* How many groups there are when so many keys have been added, by what memory holds; 0: the map
	 * cannot take keys. */
	uint64_t (*groups)(const struct map *m, const struct reader *r, uint64_t more);
	/* The group that the key belongs to when there are so many of them. */
	uint64_t (*group)(const struct map *m, uint64_t groups, const struct go_value *key);

	/* ---- sizes of maps that need not be there; NULL: they are not known ---- */

	/* The groups that a map has which make gives its first array for the hint of o. */
	uint64_t (*hint_groups)(const struct map_options *o);
	void (*size)(const struct map_options *o, uint64_t groups, struct map_size *ret);

	/* ---- profiles ---- */

	/* Follows an operation event by event.  NULL, and functions too: the program calls the map's
	 * functions itself. */
	void (*follow)(struct call_path *p, const struct event *e);
	/* The functions between those of the map that the event's block is for and the program's, in two
	 * texts, innermost first; for a block that only such maps have all of them, from the allocator on. */
	void (*functions)(const struct call_path *p, const struct event *alloc, const char *ret[2]);

	/* ---- maps of a recording ---- */

	/* A map whose header is at an address of any memory: types, release and hash keys, without an arena.
	 * It serves groups and check.  NULL: no memory for struct map. */
	struct map *(*recorded)(const struct map_options *o, uint64_t address);
	/* Tests every invariant; between_operations: no operation is under way.  Returns the number of
	 * faults; the first is in message (CHECK_MESSAGE bytes), translated. */
	unsigned (*check)(
		const struct map *m, const struct reader *r, bool between_operations, char *message);
	/* The same for one group, of maps that are too large to be walked after every operation.  NULL: they
	 * are not. */
	unsigned (*check_group)(const struct map *m, const struct reader *r, uint64_t group, char *message);
};

/* All rows of engines.def, ended by NULL. */
extern const struct engine *const engines[];
/* The engine whose maps a directive makes for a release; NULL: none.  Each directive has one for
 * release_default(). */
const struct engine *engine_find(const char *make_word, const struct release *r);
/* The oldest and the newest release that the directive can make a map for. */
void engine_releases(const char *make_word, const char **ret_oldest, const char **ret_newest);
/* The engine of a kind of map. */
const struct engine *engine_of(enum map_kind kind);

/* ---- what the engines share (map.c) ---- */

/* Fills in the head; arena NULL: of a recorded map.  The hash keys are drawn from the stream first, as the
 * workload language promises. */
void map_init(struct map *m, const struct engine *e, struct arena *a, const struct map_options *o);
/* Opens the map for reading, in any memory that holds it (trace/map/kind.h).  false: nil, or not readable. */
bool map_look(const struct map *m, const struct reader *r, struct map_view *ret);
/* How a value of type t lies in memory: writes size bytes to out. */
void value_bytes(const struct go_type *t, const struct go_value *v, uint8_t *out);
/* Gives a value the address it needs to be stored: a string's text, an any's box, in fresh memory, or where
 * the program's data has the value (trace/go/data.h).  Values stored in place need none. */
void value_settle(struct map *m, struct go_value *v, bool key);
/* The n bytes that the second word of an any points to. */
const uint8_t *value_host(const struct map *m, uint64_t addr, uint64_t n);
/* Emits an event under the map's number; nothing without a sink. */
void map_emit(const struct map *m, struct event e);
/* Writes n bytes from src at addr, emitted to the sink when there is one. */
void map_write(struct map *m, uint64_t addr, const uint8_t *src, uint64_t n);
/* Stores an elem where assign said, as the caller of assign does; emitted to the sink when there is one. */
void map_store(struct map *m, uint64_t addr, const struct go_value *elem);

/* ---- the write barrier (runtime/mbarrier.go, mwbbuf.go of Go 1.19 to 1.23; barrier.c): while the collector
 * marks, a pointer that is overwritten and the one that takes its place are shaded, so that no white object
 * hides behind a black one. ---- */

/* Before the pointer at addr becomes value.  bulk: one of many, by bulkBarrierPreWrite, which passes over
 * stacks.  A change from nil to nil shades nothing and is not emitted. */
void map_barrier(struct map *m, uint64_t addr, uint64_t value, bool bulk);
/* Before a value of type t at addr is overwritten by the one at src (host; NULL: zeros).  bulk: by
 * typedmemmove or memclrHasPointers; else the compiler's own barrier, which asks nothing about the address.
 */
void map_barrier_value(
	struct map *m, const struct go_type *t, bool indirect, bool bulk, uint64_t addr, const uint8_t *src);
/* The offset of the pointer inside a value.  false: it has none. */
bool value_pointer(const struct go_type *t, bool indirect, unsigned *ret_offset);

#endif
