/* Carries out a workload on engines: what the Go program around the map would do.  It makes keys and elems in
 * the arena, numbers the operations, keeps the range loops, and is the collector's set of roots.
 */
#ifndef SRC_RUN_H
#define SRC_RUN_H

#include "src/workload/script.h"

/* Gets what operations give; any of the functions may be NULL. */
struct run_observer {
	void (*got)(
		struct run_observer *o, const struct map *m, bool ok, uint64_t elem); /* elem: its address */
	void (*item)(struct run_observer *o, const struct map *m, uint64_t key, uint64_t elem);
	void (*end)(struct run_observer *o, const struct map *m);
	/* After each operation: memory stands as it left it. m NULL: a gc without maps.
	 * false: stop here. */
	bool (*done)(struct run_observer *o, const struct map *m, uint64_t op, enum op_kind kind);
};

struct run_iter {
	uint64_t frame; /* Go address of its variable on the stack; 0: none */
	struct map *map;
	bool ended; /* it gives `end` for ever */
};

struct run {
	struct arena arena;
	struct sink *sink; /* NULL: silent */
	struct run_observer *observer;
	struct map **map; /* by number - 1 */
	size_t maps, maps_cap;
	struct run_iter *iter;
	size_t iters, iters_cap;
	uint8_t *element[2]; /* the bytes of a key and elem of fill, probe, drain */
	uint64_t *counter; /* Go addresses, by index */
	size_t counters, counters_cap;
	enum op_kind kind;       /* of the operation under way */
	uint64_t ops;            /* carried out */
	uint32_t selected;       /* number of the map selected last, 0: none */
	bool fatal;              /* a fatal error ended the workload */
	volatile int *interrupt; /* set from outside: stop after this operation; may be NULL */
	char error[256];
};

/* sink NULL: the silent engines run.  false: no memory; error says so. */
bool run_init(struct run *r, struct sink *sink, struct run_observer *o);
void run_release(struct run *r);

/* Carries out directives from..count-1 of the script.  0: done (also after Go's fatal error); 1: stopped by
 * the observer, the interrupt or the sink's failure; -1: not possible, error says why. */
int run_script(struct run *r, const struct script *s, size_t from);
/* The map of a script's index, or NULL. */
struct map *run_map(const struct run *r, unsigned index);

#endif
