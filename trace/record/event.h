/* What happens at a step: the vocabulary that engines speak and everything else listens to.
 *
 * A step is one event; step numbers start at 1 and are the program's only clock.  Three kinds are facts
 * (alloc, write, free): applied in order they rebuild the memory at any step, undone backwards they take it
 * back.  All other kinds narrate.  events.def is the list.
 */
#ifndef TRACE_EVENT_H
#define TRACE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
#define EVENT(name, NAME, place, fields, role, args, shown, predictions, of, sentence) EV_##NAME,
#include "trace/record/events.def"
#undef EVENT
	EV_COUNT,   /* also: no event */
	EV_UNKNOWN, /* an event of a kind that a newer program recorded; new (size bytes) is the kind's name
		     */
	EV_LIMIT    /* above any kind of an event */
};
enum { EVENT_ARGS = 6, EVENT_NAME = 32 /* bytes of a kind's name, with the 0 */ };

enum event_role { EVENT_fact, EVENT_read, EVENT_note };

/* Bytes of a fact.  Up to 8 of them are the little-endian number v, more are at p (borrowed from whoever gave
 * the event, until the next call); p NULL means that all are zero. */
union event_bytes {
	uint64_t v;
	const uint8_t *p;
};

struct event {
	uint16_t kind; /* enum event_kind */
	uint32_t map;  /* number of the map, from 1; 0: none.  Set by readers; producers may leave it */
	uint64_t addr; /* Go address, 0 if none */
	uint64_t size; /* bytes at addr that are read, written, allocated, freed; for `say` the length of new
			*/
	uint64_t a, b, c, d;
	union { /* a kind has bytes or more numbers, not both */
		struct {
			union event_bytes old,
				new; /* facts: the bytes before (write, free) and after (write) */
		};
		struct {
			uint64_t e, f;
		};
	};
};

struct event_info {
	const char *name;   /* "tophash": the value of SQL's kind column */
	const char *fields; /* see events.def */
	enum event_role role;
	const char *args;  /* "tophash wanted slot result": blank-separated names of a b c d e f */
	const char *shown; /* "x role -": how each of them is shown */
	const char *of;    /* the kind of map, or "common" */
	const char *sentence;
	int place; /* in lists for people */
};
/* EV_COUNT has a NULL name, and what EV_UNKNOWN has is true of all such events. */
extern const struct event_info event_info[EV_LIMIT];

/* The kinds in the order of lists for people: the i-th, i < EV_COUNT. */
enum event_kind event_listed(int i);

/* The name of the event's kind, as the trace has it; out may be used for it. */
const char *event_name(const struct event *e, char out[EVENT_NAME]);
/* Number i (0..EVENT_ARGS-1). */
static inline uint64_t event_arg(const struct event *e, int i)
{
	return i == 0 ? e->a : i == 1 ? e->b : i == 2 ? e->c : i == 3 ? e->d : i == 4 ? e->e : e->f;
}
/* Walks over the numbers that the kind has: the first with *i >= 0 that has a name.  false: no more.  name is
 * not terminated. for (int i = 0, n; event_next_arg(info, &i, &name, &n); i++) */
bool event_next_arg(const struct event_info *info, int *i, const char **ret_name, int *ret_n);

/* ---- sets of kinds ---- */

struct kind_set {
	uint64_t word[(EV_LIMIT + 63) / 64];
};

static inline bool kinds_have(const struct kind_set *s, unsigned kind)
{
	return kind < EV_LIMIT && s->word[kind / 64] >> kind % 64 & 1;
}

static inline void kinds_add(struct kind_set *s, unsigned kind)
{
	s->word[kind / 64] |= UINT64_C(1) << kind % 64;
}

static inline void kinds_toggle(struct kind_set *s, unsigned kind)
{
	s->word[kind / 64] ^= UINT64_C(1) << kind % 64;
}

static inline struct kind_set kinds_union(struct kind_set a, struct kind_set b)
{
	for (size_t i = 0; i < sizeof a.word / sizeof *a.word; i++)
		a.word[i] |= b.word[i];
	return a;
}

static inline struct kind_set kinds_complement(struct kind_set a)
{
	for (size_t i = 0; i < sizeof a.word / sizeof *a.word; i++)
		a.word[i] = ~a.word[i];
	return a;
}

/* Have they a kind in common? */
static inline bool kinds_meet(const struct kind_set *a, const struct kind_set *b)
{
	uint64_t both = 0;
	for (size_t i = 0; i < sizeof a->word / sizeof *a->word; i++)
		both |= a->word[i] & b->word[i];
	return both != 0;
}

static inline bool kinds_empty(const struct kind_set *s)
{
	return !kinds_meet(s, s);
}

/* The set of some kinds: KINDS(EV_ALLOC, EV_FREE). */
#define KINDS(...) \
	kinds_of((const uint16_t[]){ __VA_ARGS__ }, sizeof(uint16_t[]){ __VA_ARGS__ } / sizeof(uint16_t))
static inline struct kind_set kinds_of(const uint16_t *kind, size_t n)
{
	struct kind_set s = { 0 };
	while (n > 0)
		kinds_add(&s, kind[--n]);
	return s;
}

/* ---- bytes and text ---- */

/* The kind named so, or -1. */
int event_kind_parse(const char *name);

/* Copies the bytes of a fact (all size of them) to out, whichever form they have. */
void event_bytes_copy(union event_bytes b, uint64_t size, uint8_t *out);
/* The i-th byte, i < size. */
uint8_t event_byte(union event_bytes b, uint64_t size, uint64_t i);

/* The start of the span that a block (alloc, free) lies in: the object's place less what lies before it.  It
 * is computed, so a hostile event gives any address. */
uint64_t event_span(const struct event *e);

/* One line of text for an event, as `mapscope events` prints it, without the newline:
 * "step kind addr+size name=value ..."; at most cap bytes, always terminated.  Returns the length. */
size_t event_print(const struct event *e, uint64_t step, char *out, size_t cap);

/* ---- the words that the numbers stand for ---- */

enum op_kind {
#define OPERATION(NAME, name, keyed, judged) OP_##NAME,
#include "trace/record/operations.def"
#undef OPERATION
	OP_KINDS
};
/* Cores are numbered 0..CORES-1. */
enum { CORES = 64 };
extern const char *const op_kind_name[OP_KINDS];
/* It is about one key. */
extern const bool op_kind_keyed[OP_KINDS];
/* What it gives is whether it did anything, and no value. */
extern const bool op_kind_judged[OP_KINDS];

/* The phases of an operation (events `phase`), the middle grain of time. */
enum phase {
	PHASE_NONE,
	PHASE_LOOKUP,
	PHASE_GROW,
	PHASE_EVACUATE,
	PHASE_INSERT,
	PHASE_UPDATE,
	PHASE_DELETE,
	PHASE_ITERATE,
	PHASE_CLEAR,
	PHASE_COLLECT,
	PHASE_STORE,
	PHASE_MARK,
	PHASES
};
extern const char *const phase_name[PHASES];

/* What a block of memory is for (alloc.role). */
enum block_role {
#define BLOCK_ROLE(NAME, name, letter, holds) ROLE_##NAME,
#include "trace/record/roles.def"
#undef BLOCK_ROLE
	ROLES
};
extern const char *const block_role_name[ROLES];

/* What the blocks of a role hold; see roles.def. */
enum block_holds { HOLDS_OTHER, HOLDS_BYTES, HOLDS_POINTERS, HOLDS_GROUPS, HOLDS_BOX, HOLDS_LOOP };
extern const enum block_holds block_role_holds[ROLES];

/* tophash.result.  The names of the states are the runtime's (tophash 0..4; full is 5 and above). */
/* TOP_FULL: in use, and not compared (wanted is 0). */
enum tophash_result { TOP_DIFFERS, TOP_EQUAL, TOP_EMPTY_ONE, TOP_EMPTY_REST, TOP_FULL };
extern const char *const tophash_state_name[6]; /* by min(tophash, 5) */

/* iterslot.result */
enum iterslot_result { ITER_EMPTY, ITER_OTHER_HALF, ITER_GIVE, ITER_MOVED_LOOKUP };

/* growth.reason */
enum growth_reason { GROWTH_LOAD, GROWTH_OVERFLOW };
extern const char *const growth_reason_name[2];

/* overflow.source */
enum overflow_source { SOURCE_PRE, SOURCE_HEAP };
extern const char *const overflow_source_name[2];

/* span.source: where mcache, or a goroutine, gets a span from. */
enum span_source { SPAN_MHEAP, SPAN_MCENTRAL, SPAN_STACKALLOC, SPAN_SOURCES };
extern const char *const span_source_name[SPAN_SOURCES];
enum { SPAN_STACK = 136 }; /* in place of a span class (0..135) */

/* swept.list: the list of mcentral that the span goes to. */
enum span_list_kind { LIST_PARTIAL, LIST_FULL };
extern const char *const span_list_name[2];

/* shade.reason; barrier.shaded is a sum of 1 (the old value was white) and 2 (the new one was). */
enum shade_reason { SHADE_ROOT, SHADE_SCAN, SHADE_OLD, SHADE_NEW, SHADE_TINY, SHADE_REASONS };
extern const char *const shade_reason_name[SHADE_REASONS];

/* done.outcome */
enum outcome {
	OUTCOME_DONE,
	OUTCOME_INSERTED,
	OUTCOME_UPDATED,
	OUTCOME_FOUND,
	OUTCOME_ABSENT,
	OUTCOME_DELETED,
	OUTCOME_FAULT,
	OUTCOME_END,
	OUTCOME_KEPT,
	OUTCOMES
};
extern const char *const outcome_name[OUTCOMES];

/* promote.why */
enum promote_why { PROMOTE_MISSES, PROMOTE_RANGE };
extern const char *const promote_why_name[2];

/* fault.message: Go's own texts, in the order of the numbers that a recording has for them. */
enum fault {
	FAULT_NIL_MAP,
	FAULT_UNHASHABLE,
	FAULT_MAP_WRITES,
	FAULT_READ_WRITE,
	FAULT_ITER_WRITE,
	FAULT_UNCOMPARABLE,
	FAULTS
};
extern const char *const fault_text[FAULTS];
/* Does it end the program?  The others are panics.  fault -1: there is none. */
static inline bool fault_is_fatal(int fault)
{
	return fault == FAULT_MAP_WRITES || fault == FAULT_READ_WRITE || fault == FAULT_ITER_WRITE;
}

#endif
