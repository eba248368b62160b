/* The kind of a map: how its memory is read.  A kind is a row of kinds.def and a folder trace/map/NAME.
 *
 *     map_open ─▶ struct map_view ─┬▶ objects: the header and what it consists of, as fields
 *                                  └▶ arrays ─▶ groups ─▶ slots ─▶ key, elem
 *                                               └▶ chain: what hangs on a group
 *
 * A group is what a search looks at as one: one or more slots, with control bytes or without; the head of a
 * chain that is only a pointer has none.  An array holds groups side by side: a new and an old one, or the
 * tables of a directory.  A kind without arrays (a sync.Map) is made of other maps. Nothing that is shared
 * includes the header of a kind or asks which one a map has: it goes through the functions here. They work on
 * any memory (an engine's arena, an image, later a live process) and trust nothing that they read.
 */
#ifndef TRACE_MAP_KIND_H
#define TRACE_MAP_KIND_H

#include "trace/record/image.h"
#include "trace/go/type.h"
#include "trace/map/account.h"
#include "trace/map/report.h"
#include "trace/map/rows.h"

#include <stdio.h>

enum map_kind {
#define MAP_KIND(NAME, name) MAP_##NAME,
#include "trace/map/kinds.def"
#undef MAP_KIND
	MAP_KINDS
};

enum { MAP_STATE = 256, GROUP_CONTROLS = 16, GROUP_FIELDS = 8, GROUP_LABEL = 64, MAP_TYPE = 64 };

/* A map as memory has it.  Plain data: may be copied, and is out of date when memory changes. */
struct map_view {
	const struct map_kind_ops *kind;
	const struct reader *r; /* borrowed */
	uint64_t header;        /* address, 0: nil */
	char go[8];             /* release */
	struct go_type key, elem;
	_Alignas(8) unsigned char state[MAP_STATE]; /* the kind's own */
};

/* A struct that the map consists of beside its groups: its header is the first. */
struct map_object {
	const char *name;           /* "hmap", "mapextra" */
	uint64_t addr;              /* 0: there is none now */
	uint32_t size;              /* bytes */
	const struct field *fields; /* ended by a NULL name */
};

struct map_array {
	const char *name;    /* "new", "old" */
	uint64_t addr, size; /* size of its block in bytes, 0: unknown */
	uint64_t groups;     /* that a hash can choose */
	bool leaving;        /* its entries are moving to another array */
};

/* Where a group's memory is: in its array; behind it, preallocated for chains; in a block of its own; in a
 * block that the map has dropped (an array that it has left, a chain that was cut off). */
enum group_source { GROUP_MAIN, GROUP_SPARE, GROUP_HEAP, GROUP_DROPPED, GROUP_SOURCES };
extern const char
	*const group_source_name[GROUP_SOURCES]; /* "main" "pre" "heap" "dropped": of tables and dumps */

struct map_group {
	uint64_t addr;
	uint32_t size; /* bytes */
	unsigned slots;
	unsigned array; /* its number */
	uint64_t index; /* in the array; in a chain that of the chain's first group */
	unsigned depth; /* in the chain, 0: the first */
	enum group_source source;
	uint64_t number;   /* of GROUP_SPARE: the how-manieth of them; of GROUP_DROPPED: in its block */
	unsigned controls; /* bytes in control, 0: such groups have none */
	uint8_t control[GROUP_CONTROLS];
	uint64_t next, next_at; /* the pointer to what hangs on it as it stands, and its address; 0: such
				   groups have none */
};

enum slot_state { SLOT_EMPTY, SLOT_FULL, SLOT_DELETED, SLOT_MOVED };

/* A key or elem where it stands. */
struct map_value {
	const struct go_type *type;
	uint64_t addr;
	uint32_t size; /* bytes in the slot: 8 when indirect */
	bool indirect; /* the slot holds a pointer to it */
};

struct map_slot {
	enum slot_state state;
	const char *name;    /* of the state in the kind's own words: "full" "emptyRest" */
	uint64_t control_at; /* address of its control byte, 0: none */
	struct map_value key, elem;
};

/* What an event says of a key: of that of the call under way, or of the one that stands at value. */
enum key_of { KEY_OF_NONE, KEY_OF_CALL, KEY_AT };
/* KEY_PASS: all keys of map number from are those of map number to from now on, and no longer its own. */
enum key_change { KEY_STAYS, KEY_COMES, KEY_MOVES, KEY_GOES, KEY_PASS };
struct event_key {
	enum key_of of;
	struct map_value value; /* KEY_AT */
	enum key_change change;
	uint64_t group; /* address of the group that its slot is in from then on, 0: it is told nothing of that */
	unsigned slot;
	uint32_t from, to; /* KEY_PASS */
};

/* What all groups of a map have in common. */
struct map_shape {
	const char *name; /* "bucket" */
	uint32_t size;    /* bytes of a group */
	unsigned slots;
	uint32_t entry;                   /* bytes of an entry in its slot, with its control byte */
	struct field field[GROUP_FIELDS]; /* ended by a NULL name */
};

enum location_kind { LOCATION_NONE, LOCATION_OBJECT, LOCATION_GROUP };
enum location_part { AT_PADDING, AT_CONTROL, AT_KEY, AT_ELEM, AT_NEXT, LOCATION_PARTS };

/* What lies at an address of a map. */
struct map_location {
	enum location_kind kind;
	struct map_object object;  /* LOCATION_OBJECT */
	const struct field *field; /* of it, NULL: padding */
	struct map_group group;    /* LOCATION_GROUP */
	enum location_part part;
	int slot;            /* -1: AT_NEXT, AT_PADDING */
	uint64_t addr, size; /* of the whole field or part */
};

/* The words of a block of a map that hold pointers: at these offsets, again every stride bytes (0: only
 * once). */
enum { MAP_POINTERS = 64 };
struct map_pointers {
	uint32_t stride;
	unsigned n; /* 0: none, the collector does not scan it */
	uint32_t offset[MAP_POINTERS];
};

struct map_kind_ops {
	const char *name;
	size_t state;                          /* bytes of it that the kind uses */
	const char *part_name[LOCATION_PARTS]; /* "tophash" "key" "elem" "overflow": of texts that programs
						  read */
	/* The map's type as Go writes it: "map[string]int64", "sync.Map". */
	void (*type)(const struct map_info *m, char *out, size_t cap);
	/* Reads the header at v->header into v->state; what depends on types alone is set in any case. false:
	 * nil, or not readable. */
	bool (*open)(struct map_view *v);
	/* The i-th object.  false: there are no more. */
	bool (*object)(const struct map_view *v, unsigned i, struct map_object *ret);
	/* Asks only what depends on types.  false: such a map has no groups. */
	bool (*shape)(const struct map_view *v, struct map_shape *ret);
	/* The i-th array; groups 0: it has none now.  false: there are no more.  NULL: such a map has no
	 * arrays. */
	bool (*array)(const struct map_view *v, unsigned i, struct map_array *ret);
	/* A group of an array.  false: no such group, or not readable. */
	bool (*group)(const struct map_view *v, unsigned array, uint64_t index, struct map_group *ret);
	/* What hangs on g, in place.  false: nothing does, or it is damaged. */
	bool (*chain)(const struct map_view *v, struct map_group *g);
	/* The n-th group that a search for a key with this hash looks at; for n > 0 g must be the one before.
	 * false: the search is over. */
	bool (*path)(const struct map_view *v, uint64_t hash, unsigned n, struct map_group *g);
	/* Slot i of g, i < g->slots.  Reads no memory: of g it asks addr, and control for the state. */
	void (*slot)(const struct map_view *v, const struct map_group *g, unsigned i, struct map_slot *ret);
	/* The group that addr is in.  Those that hang on others are found by walking chains: those of the n
	 * groups of each array whose index is in near (modulo its size), 4096 groups of each at most; with
	 * near NULL all chains to their ends. */
	bool (*locate)(const struct map_view *v, uint64_t addr, const uint64_t *near, unsigned n,
		struct map_group *ret);
	/* The group at addr in a block of a map, which the map may have dropped: source is GROUP_DROPPED in a
	 * former array, GROUP_HEAP alone; array, index and depth are 0.  Asks only what depends on types.
	 * false: no groups are there. */
	bool (*stray)(const struct map_view *v, const struct block *b, uint64_t addr, struct map_group *ret);
	/* What a block of a role is as a struct; false: it is none. */
	bool (*block)(const struct map_view *v, const struct block *b, struct map_object *ret);
	/* Words for people for a location in a group of the map named name: "m bucket 3 slot 2 elem"; whole:
	 * without slot and part. */
	void (*describe)(const struct map_view *v, const char *name, const struct map_location *l, bool whole,
		char *out, size_t cap);
	/* A group's label, without the name of its array: "3.1"; and the group of array number array at the
	 * beginning of text, *ret_end is what follows it.  false: text is no label, or there is no such
	 * group. */
	void (*label)(const struct map_view *v, const struct map_group *g, char *out, size_t cap);
	bool (*find)(const struct map_view *v, unsigned array, const char *text, struct map_group *ret,
		const char **ret_end);
	/* How many maps such a map is made of, which follow it in the recording: their number is 1, 2, ...
	 * more than its own.  part gives the header address that the k-th of them (from 0) has now, 0: nil or
	 * not readable. */
	unsigned parts;
	uint64_t (*part)(const struct map_view *v, unsigned k);
	/* What an event of such a map says of a key; asks only what depends on types.  false: nothing.  NULL: no
	 * event says anything.  (See trace/map/about.h.) */
	bool (*key)(const struct map_view *v, const struct event *e, struct event_key *ret);
	/* Prints the layout (mapscope(1), layout), also of a map that could not be opened.  false: memory
	 * is damaged; what was readable has been printed. */
	bool (*dump)(const struct map_view *v, FILE *out);
	/* What a value of a type that only such maps have stands for (raw: its bytes): a value of *ret_type
	 * at *ret_addr, or *ret_word (else left alone).  false: the type is none of those.  NULL: there are
	 * none. */
	bool (*resolve)(const struct reader *r, const struct go_type *t, const uint8_t *raw,
		struct go_type *ret_type, uint64_t *ret_addr, const char **ret_word);
	/* The pointers in a block that belongs to such a map.  false: the kind knows no such block. */
	bool (*pointers)(const struct map_view *v, enum block_role role, struct map_pointers *ret);

	/* ---- the memory account; see trace/map/account.h ---- */
	enum block_role header_role; /* of the block that the header is */
	const struct account_table *account;
	/* How many groups of an array are to be counted, 0: it is none of the map's now.  NULL: such a map
	 * has no arrays. */
	uint64_t (*countable)(const struct map_view *v, struct books *k, unsigned array);
	/* Counts a group and what hangs on it; returns how many groups those were, at least 1. */
	uint64_t (*count)(const struct map_view *v, struct books *k, unsigned array, uint64_t index);
	/* Which group an operation is moving after event e, by its address, 0: none; so_far: before it.  Its entries are
	 * in it until all of them have moved.  NULL: such a map moves no groups. */
	uint64_t (*moving)(const struct event *e, uint64_t so_far);
	/* The line of those bytes of an array's block that are in no group that was counted. */
	unsigned (*array_line)(const struct map_view *v, unsigned array);
	/* The line of a block that holds no such groups and can be reached; used: a full slot points to it.
	 */
	unsigned (*block_line)(enum block_role role, bool used);
	/* Is a block of the map on the stack of the goroutine that made it? */
	bool (*on_stack)(const struct map_view *v, const struct map_info *m, const struct block *b);

	/* What `stats` reports of it.  NULL: nothing of its own. */
	const struct map_report *report;

	/* The rows that its events mean.  NULL: none. */
	const struct map_rows *rows;
};
extern const struct map_kind_ops *const map_kinds[MAP_KINDS];

/* The kind with a name.  false: none, *ret is untouched. */
bool map_kind_find(const char *name, enum map_kind *ret);
/* Which part of another map m is: 1, 2, ..., 0: none. */
static inline unsigned map_part(const struct map_info *m)
{
	return m->part_of ? m->map - m->part_of : 0;
}
/* Where the header of a map is now; 0: nil.  maps[i].map == i + 1, and number is one of them. */
uint64_t map_header(const struct map_info *maps, unsigned number, const struct reader *r);

/* Opens a recording's map (see map_header for maps and number).  false: nil, or not readable; ret then
 * holds what is known: the map has no arrays then, and of its objects only the header. */
bool map_open(struct map_view *ret, const struct map_info *maps, unsigned number, const struct reader *r);
/* What depends on types alone, without memory: for shape, slot and pointers. */
void map_open_type(struct map_view *ret, const struct map_info *m);
/* Opens a map by hand. */
bool map_open_at(struct map_view *ret, enum map_kind kind, const char *go, const struct go_type *key,
	const struct go_type *elem, uint64_t header, const struct reader *r);

/* Every group of the map, in the order of arrays, groups and chains.  An array whose memory is damaged ends
 * there. */
bool map_first(const struct map_view *v, struct map_group *ret);
bool map_next(const struct map_view *v, struct map_group *g);
/* Full slots of a group. */
unsigned group_entries(const struct map_view *v, const struct map_group *g);

/* What lies at addr; see locate for near and n. */
bool map_locate(
	const struct map_view *v, uint64_t addr, const uint64_t *near, unsigned n, struct map_location *ret);
/* The part of g that addr is in: fills all of ret. */
void group_locate(
	const struct map_view *v, const struct map_group *g, uint64_t addr, struct map_location *ret);
/* The field of o that addr is in: fills all of ret. */
void object_locate(const struct map_object *o, uint64_t addr, struct map_location *ret);
/* A location as text: "count", "mapextra.nextOverflow", "new 3.1:2 key", "old 0.0 overflow"; and back: also
 * "hmap.count", a group without its array (the first), or without its part ("3.1:2", "3.1": slot -1).  false:
 * text names nothing here. */
void map_location_print(const struct map_view *v, const struct map_location *l, char *out, size_t cap);
bool map_find(const struct map_view *v, const char *text, struct map_location *ret);

/* The field that offset is in, NULL: none. */
const struct field *field_find(const struct field *f, uint64_t offset);

#endif
