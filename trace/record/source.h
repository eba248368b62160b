/* Where a recording is read from.  db/reader implements it over a trace file or an in-memory database; views
 * and the player know only this.  Functions return 0, or -1 with a sentence in error.
 */
#ifndef TRACE_SOURCE_H
#define TRACE_SOURCE_H

#include "trace/record/image.h"
#include "trace/record/sink.h"

/* Decoded steps first .. first+count-1.  Owned by whoever passed the chunk to source->chunk; release it with
 * chunk_release.  Events' bytes point into data. */
struct chunk {
	uint64_t first;
	uint32_t count;
	uint32_t facts; /* how many of the events are facts; source->facts gives only these */
	struct event *events;
	uint8_t *data;
	size_t events_cap, data_cap;
};
void chunk_release(struct chunk *c);

struct growth_row {
	uint64_t growth, op, first_step, last_step; /* last_step 0: it goes on */
	uint32_t map;
	enum growth_reason reason;
	uint8_t old_B, new_B;
};

/* A span of the allocator: pages that the page heap gave.  The rows of table span. */
struct span_row {
	uint64_t step, op;   /* that asked for it; op 0: between two operations */
	uint64_t freed_step; /* 0: not given back */
	uint64_t addr;
	uint32_t pages, objects; /* objects: how many fit */
	uint32_t map;            /* whose operation asked; 0: none */
	uint8_t spanclass;       /* SPAN_STACK: frames of a goroutine */
};

/* mcache allocates from another span from this step on.  addr 0: all were given up, to the collector. */
struct mcache_row {
	uint64_t step, addr;
	uint8_t spanclass;
};

/* One column of a timeline that shows operations lo..hi. */
struct timeline_cell {
	uint64_t first_op, last_op;
	uint64_t max_steps; /* steps of its dearest operation */
	bool growing;       /* some operation ran during a growth */
	bool overflow;      /* an overflow bucket was made */
};

struct source {
	/* facts of the recording, constant while the source is open and nobody records into it */
	char name[256]; /* of the file or demo, for titles */
	char workload[256];
	bool complete; /* false: cut off; steps and ops are what was committed */
	uint64_t steps, ops;
	unsigned maps;
	const struct map_info *map; /* maps of them; map[i].map == i + 1 */
	char error[512];

	/* Decodes the chunk that holds step (1..steps) into ret, reusing its buffers. */
	int (*chunk)(struct source *s, uint64_t step, struct chunk *ret);
	/* The same, but ret->events are only the chunk's facts, ret->facts of them: what a seek needs,
	 * several times as fast.  May be NULL. */
	int (*facts)(struct source *s, uint64_t step, struct chunk *ret);
	/* The kinds of the events in the chunk that holds step, without decoding it: what a scan passes over.
	 * May be NULL. */
	int (*kinds)(struct source *s, uint64_t step, uint64_t *ret_first, uint32_t *ret_count,
		struct kind_set *ret);
	/* The steps of the keyframes around step: the newest at or before it and the next one; 0: there is
	 * none.  May be NULL. */
	int (*keyframes)(struct source *s, uint64_t step, uint64_t *ret_before, uint64_t *ret_after);
	/* Clears image and fills it with the newest keyframe at or before step; *ret_step is its step, 0 (and
	 * an empty image) when there is none. */
	int (*keyframe)(struct source *s, uint64_t step, struct image *image, uint64_t *ret_step);
	/* Operation number op (1..ops); key and elem are owned by the source until the next call. */
	int (*operation)(struct source *s, uint64_t op, struct operation *ret);
	/* The newest operation that began at or before step; 0: none has. */
	int (*operation_at)(struct source *s, uint64_t step, uint64_t *ret_op);
	/* All growths in order; *ret is owned by the source and stays until close. */
	int (*growths)(struct source *s, const struct growth_row **ret, size_t *ret_count);
	/* All spans and all changes of mcache, in the order of their steps; owned by the source, until close
	 * or until more is recorded.  NULL: there is nobody who knows. */
	int (*spans)(struct source *s, const struct span_row **ret, size_t *ret_count,
		const struct mcache_row **ret_mcache, size_t *ret_mcache_count);
	/* Fills n cells that divide operations lo..hi evenly. */
	int (*timeline)(struct source *s, uint64_t lo, uint64_t hi, struct timeline_cell *cells, size_t n);
	void (*close)(struct source *s); /* frees s */
};

#endif
