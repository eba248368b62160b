/* A model of what several cores' caches do to the lines that they use together: MESI, and who is to blame.
 *
 * A copy of a line in a core's cache is
 *     Modified    the only one, and newer than memory
 *     Exclusive   the only one, as memory has it: it may be written without asking anybody
 *     Shared      others may have it too: whoever wants to write must first take it from them
 *     Invalid     there is none, or another core has taken it
 * and these are all the ways from one to the other:
 *
 *     this core                     finds elsewhere   this copy     the others'
 *     reads, Invalid                nothing           → E
 *     reads, Invalid                S or E            → S           E → S
 *     reads, Invalid                M                 → S           M → S     a transfer
 *     reads, S E M                                    stays
 *     writes, M or E                nothing           → M
 *     writes, Shared or Invalid     nothing           → M
 *     writes, Shared or Invalid     S E M             → M           → I       a transfer
 *
 * An atomic operation's read takes the line as a write does: a locked instruction lets nobody in between.
 *
 * A transfer is an access that had to wait for another core; when that one has the line Modified, perf c2c
 * calls it a HITM.  A flip is a transfer after which another core than before is the one that has it
 * Modified.  A transfer is true sharing when the core then uses, before it loses the line again, a byte that
 * others have written since it used that byte last, or writes one that others have read since; else the line
 * came in vain, for its neighbours' sake: false sharing.  (This is how M. Dubois and others told useless
 * misses from essential ones in 1993.)  So a transfer counts as false until the core has touched such a byte.
 *
 * What is a model: caches have no end, nothing is evicted; operations come one after the other as the trace
 * has them, where real cores interleave their instructions; there is one level of cache, no prefetching, and
 * what Intel's F and AMD's O add to the four states is left out.  What happens between operations (making a
 * map) counts for no core, and an allocation is no access.  Exact is, for these rules, each count; lines and
 * offsets are those of the trace's addresses.
 */
#ifndef TRACE_MESI_H
#define TRACE_MESI_H

#include "trace/base/addresses.h"
#include "trace/cache/access.h"
#include "trace/go/line.h"

#include <stddef.h>

enum mesi_state { MESI_INVALID, MESI_SHARED, MESI_EXCLUSIVE, MESI_MODIFIED };
/* 'I', 'S', 'E', 'M'. */
char mesi_letter(enum mesi_state s);

enum mesi_access { MESI_READ, MESI_WRITE, MESI_ATOMIC /* the read of an atomic operation */ };

struct mesi_counts {
	uint64_t reads, writes;   /* words */
	uint64_t hits;            /* of them: the copy was good for it */
	uint64_t transfers, hitm; /* had to wait for another core; of them, that one had it Modified */
	uint64_t true_sharing;    /* of the transfers; the others are false */
	uint64_t invalidated;     /* copies that others lost by it */
	uint64_t flips;
};

/* What a core did at an offset of a line. */
struct mesi_cell {
	uint16_t offset;    /* where the words begin */
	uint8_t size, core; /* size: of the largest word */
	uint32_t next;      /* of the same line, MESI_END: none */
	uint64_t step;      /* of the last access */
	struct mesi_counts n;
};

struct mesi_line {
	uint64_t addr;
	uint64_t present;        /* a bit for each core that has a copy */
	uint64_t users;          /* and for each that ever used it */
	uint8_t owner;           /* the core whose copy is E or M, else MESI_NOBODY */
	uint8_t writer;          /* the core that had it Modified last, MESI_NOBODY: none ever */
	bool modified;           /* the owner's is M */
	uint32_t cells, holders; /* the first of each, MESI_END: none */
	uint64_t step;           /* of the last access */
	struct mesi_counts n;
};

/* A copy that changed its state. */
struct mesi_change {
	uint32_t line;
	uint8_t core, from, to;
};

enum { MESI_CHANGES = 128, MESI_NOBODY = 255, MESI_LINES = 1 << 20 };
#define MESI_END UINT32_MAX

struct mesi {
	uint32_t line_size, most; /* bytes; lines that are followed, the others are passed over */
	struct mesi_line *line;   /* in the order of their first use */
	size_t lines, lines_cap;
	struct mesi_cell *cell;
	size_t cells, cells_cap;
	struct mesi_holder *holder;
	size_t holders, holders_cap;
	struct addresses index; /* of a line, by its address */
	uint64_t cores;         /* a bit for each that did something */
	uint64_t passed;        /* words in lines that are not followed */
	struct mesi_counts n;   /* all lines together */
	uint32_t last;          /* the line that was used last, MESI_END: none */

	/* of the accesses since mesi_forget_changes, oldest first; when there are more than fit, the first
	 * ones */
	struct mesi_change change[MESI_CHANGES];
	unsigned changes;
	/* where a recording is, see mesi_event */
	struct access_types types;
	uint8_t core;
	bool in_operation;
	uint64_t step;
};

/* line_size: a power of two, LINE_LEAST to LINE_MOST; most: lines to follow.  source (may be NULL, borrowed)
 * tells the types of moved slots. */
void mesi_init(struct mesi *m, uint32_t line_size, uint32_t most, const struct source *source);
void mesi_release(struct mesi *m);
/* Makes to what from is; to has been initialised or is all zero. */
void mesi_copy(struct mesi *to, const struct mesi *from);
/* Bytes that a copy takes in the host. */
size_t mesi_bytes(const struct mesi *m);
/* A core (0..CORES-1) reads or writes size bytes at addr, in however many lines they lie. */
void mesi_access(struct mesi *m, unsigned core, enum mesi_access access, uint64_t addr, uint64_t size);
void mesi_forget_changes(struct mesi *m);
/* The next event of a recording, in order from the first on.  Its changes are in change[]. */
void mesi_event(struct mesi *m, const struct event *e, uint64_t step);
enum mesi_state mesi_state(const struct mesi_line *l, unsigned core);
/* The line that starts at addr; NULL: nobody used it, or it is not followed. */
const struct mesi_line *mesi_find(const struct mesi *m, uint64_t addr);
/* Transfers that were false sharing (so far: see above). */
static inline uint64_t mesi_false(const struct mesi_counts *n)
{
	return n->transfers - n->true_sharing;
}
/* Was the line used by more than one core? */
static inline bool mesi_shared(const struct mesi_line *l)
{
	return (l->users & (l->users - 1)) != 0;
}

#endif
