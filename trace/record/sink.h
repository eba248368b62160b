/* Where events go: the one seam between producers (engines, later a live process) and consumers (the trace
 * file, tests, a count).
 *
 * Call order: map() once for each map; then, an operation at a time, operation() followed by its events;
 * events outside an operation (making a map, `say`, freeing an iterator) come between operations.  An
 * example:
 *
 *     map(1 "m")  event(map) event(alloc)...
 *     operation(1 put) event(op) event(header) ... event(done)  operation(2 ...)
 *
 * The producer numbers steps: it adds 1 to steps before each event(), so that steps is the number of the
 * event given. Nothing given may be kept after the call returns.  A consumer that fails remembers it (failed,
 * error) and swallows the rest; the producer looks at failed between operations.
 */
#ifndef TRACE_SINK_H
#define TRACE_SINK_H

#include "trace/go/type.h"
#include "trace/record/event.h"

enum { MAP_NAME_MAX = 63 };

/* A map that is made of others is several in a recording: itself, and after it those. */
struct map_info {
	uint32_t map; /* from 1 */
	char name[MAP_NAME_MAX + 1];
	struct go_type key,
		elem;        /* their names are owned by whoever gives the map (a source, or the program) */
	char go[8], arch[8]; /* "1.23", "amd64" */
	char place[8], hash[8]; /* "heap", "mem" */
	uint64_t seed;
	int64_t hint;     /* -1: none */
	uint64_t header;  /* Go address of its header; 0: a nil map, or a part, whose header changes
			     (map_header of trace/map/kind.h says where it is) */
	uint8_t kind;     /* a row of trace/map/kinds.def */
	uint32_t part_of; /* the map that is made of this one, 0: none */
};

struct operation {
	uint64_t op;  /* from 1 */
	uint32_t map; /* 0: none (gc) */
	enum op_kind kind;
	const char *key, *elem; /* as in a workload, NULL where there is none; of a race both operations */
	const char *key_value,
		*elem_value; /* the same as slots show them (VALUE_HUMAN); NULL: not different */
	uint64_t first_step; /* the step of its event `op` */
	uint64_t goroutine;  /* 0: not known */
	unsigned core;
	struct race {                   /* of a race: its two operations, by values */
		enum op_kind kind;      /* OP_NONE: it is no race */
		const char *key, *elem; /* NULL where there is none */
	} first, second;
};

/* A live block of memory; bytes is borrowed. */
struct block {
	uint64_t addr, size, rounded; /* bytes */
	enum block_role role;
	uint32_t map;
	const uint8_t *bytes;
};

/* All live memory, for keyframes: gives the blocks one after the other in the order of their addresses.
 * cursor starts at 0.  false: no more. */
struct memory {
	bool (*next)(const struct memory *m, uint64_t *cursor, struct block *ret);
};

struct sink {
	void (*map)(struct sink *s, const struct map_info *m);
	void (*operation)(struct sink *s, const struct operation *o);
	void (*event)(struct sink *s, const struct event *e);
	const struct memory *memory; /* the producer's memory, set by it before the first event; may be asked
					for in event(), where the event given has been carried out already */
	uint64_t steps;              /* events so far */
	bool failed;
	char error[256];
};

#endif
