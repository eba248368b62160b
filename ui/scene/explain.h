/* The words of one kind of map: what its events mean, for people.
 *
 * A kind is a row of trace/map/kinds.def, a folder of ui/scene and its struct explain explain_NAME there.
 * What all kinds share (operations, the allocator, the collector, cores, counters) is said by ui/scene
 * itself; of anything else a kind says what it knows.  A map that is part of another one (read and dirty of a
 * sync.Map) has two kinds that know something: the outer one is asked first, then that of the map itself,
 * then what is shared.  Who adds nothing to the text leaves it to the next.
 */
#ifndef UI_EXPLAIN_H
#define UI_EXPLAIN_H

#include "ui/grid/grid.h"
#include "ui/scene/code.h"

#include "trace/base/builder.h"

/* Adds what event e, that of the scene or another one of its log, means.  Nothing added: this kind knows
 * nothing of it. */
typedef void explain_event(struct builder *w, const struct scene *s, const struct event *e);
/* The head of such a function, of which few need all arguments. */
#define EXPLAIN_EVENT(function) \
	void function(struct builder *w, const struct scene *s __attribute__((unused)), \
		const struct event *e __attribute__((unused)))

struct event_text {
	explain_event *sentence; /* a sentence or two, of the scene's own event */
	explain_event *phrase;   /* a few words for lists, of any event */
};

/* A part of all slots of a group: "keys", and in 4 columns "keys". */
struct part_text {
	const char *name, *brief;
};

/* A row of the legend: a glyph, or with a mark a text. */
struct legend_row {
	enum glyph glyph;
	const char *mark;
	style style;
	const char *words;
};
struct legend_part {
	const char *title;
	const struct legend_row *row;
	int n;
};

/* What a kind calls its groups, in whole phrases: in other languages words bend.  They are translated where
 * they are shown. */
struct kind_words {
	const char *none, *none_yet; /* "no bucket", "no bucket yet" */
	const char *none_here;       /* "there is no bucket here to look at" */
	const char *none_hanging;    /* "no overflow bucket" */
	const char *dropped;         /* "bucket of a dropped array" */
	const char *other;           /* "another bucket" */
	const char *hanging;         /* "%s, overflow bucket%s": its label; that it is held */
	const char *hanging_brief;   /* "%s, overflow": its label */
	const char *next;            /* "overflow ptr" */
	const char *slots;   /* the head of a table of slots, with its label: "slot state, key, elem: %s" */
	const char *objects; /* "Tab: hmap, mapextra" */
};

struct frame;
struct op_cost;
struct series_kind;
struct explain_predictions;

struct explain {
	const char *kind; /* "classic" */
	/* How a scene is made.  Of a map that is made of others inner chooses the one to look at, a number,
	 * and reads the outer one.  open reads the map s->map from memory: s->live when it could; walk learns
	 * from each event of the log, in order; finish, of a live map, chooses what the eyes are on, or what
	 * people hold. */
	unsigned (*inner)(struct scene *s, unsigned number);
	void (*open)(struct scene *s);
	void (*walk)(struct scene *s, const struct event *e);
	void (*finish)(struct scene *s, const struct hold *hold);
	/* In a race: is it the second operation whose step this is?  NULL: it is, once that has come. */
	bool (*second_runs)(const struct scene *s);
	/* Adds what an event of it cost its operation, in a phase of that; called for the events of all maps.
	 */
	void (*cost)(struct op_cost *c, const struct event *e, enum phase phase);
	/* Adds what came of an operation that only such maps do: "grows to B 3", each after cost_part. */
	void (*result)(struct builder *w, const struct op_cost *c);
	/* What of the map lies at addr, and words for it: "3.1:2 key".  false: nothing.  NULL, as finish:
	 * what can be said of all kinds, for which a map is searched as a whole. */
	bool (*place)(const struct scene *s, uint64_t addr, struct place *ret);
	/* A group's name, as group_label has it; NULL: its array's name and its label. */
	void (*label)(const struct scene *s, const struct map_group *g, bool always, char *out, size_t cap);
	/* What a group is in this operation, "overflow bucket", "source"; other: one that the operation may
	 * not be about. NULL: nothing. */
	const char *(*role)(const struct scene *s, const struct scene_group *b, bool other);
	/* Where the entry of a slot has moved to; NULL: this is not seen in memory. */
	bool (*moved)(const struct scene *s, const struct map_group *g, int slot, struct hold *ret);
	const struct part_text *part; /* by enum location_part: how the parts of its groups are called; NULL:
					 in words for all */
	const struct kind_words *words;   /* NULL: those for all */
	const struct legend_part *legend; /* its marks, ended by a NULL title; NULL: none of its own */
	/* Explains a field of one of its structs with its value; a control byte of a group (slot tells
	 * which), or the pointer to what hangs on it.  NULL: the value alone. */
	void (*field)(const struct scene *s, const struct field *f, char *out, size_t cap);
	void (*byte)(const struct scene *s, const struct scene_group *b, enum location_part part, int slot,
		char *out, size_t cap);
	/* The header of a live map in a line of so many columns.  NULL: its fields as they come. */
	void (*line)(const struct scene *s, int width, char *out, size_t cap);
	/* Has what was in a chain moved to another array, by its first group?  NULL: that is not seen there.
	 */
	bool (*left)(const struct map_group *first);
	void (*place_phrase)(const struct scene *s, const struct place *p, char *out, size_t cap);
	const struct event_text *text; /* by kind of event, EV_COUNT of them; NULL: nothing of its own */
	/* Adds how the group in focus lies in cache lines of so many bytes: how many, which slots straddle
	 * two.  NULL: nothing. */
	void (*fit)(struct builder *w, const struct scene *s, uint32_t line);
	/* Adds in two or three sentences in what two maps in memory differ; NULL: nothing. */
	void (*align)(struct builder *w, const struct scene *a, const struct scene *b);
	const char *const *life; /* by kind of event: what it says in the life of a key (life_words); NULL: nothing */
	const struct explain_code
		*code; /* its functions in pseudo-code; NULL: those of the maps that it is made of */
	const struct series_kind *series; /* its numbers over operations; NULL: those of all kinds */
	const struct explain_predictions *predictions; /* what predict asks; NULL: nothing */
	/* Of a kind that is made of others: what the map in sight is of it, "sync.Map read"; NULL: its key
	 * and elem type. */
	void (*part_title)(const struct scene *s, char *out, size_t cap);
	/* By enum panel: the panels that show its memory (HEADER STRIPS ARRAYS SLOTS TABLES HASH); NULL: an
	 * empty place. */
	void (*const *panels)(const struct frame *f, struct rect r);
	/* Of a kind that is made of others: its functions and theirs into n rects, or in one column.  NULL:
	 * as all kinds. */
	void (*draw_code)(const struct frame *f, const struct rect *r, int n);
	void (*draw_code_column)(const struct frame *f, struct rect r);
};

extern const struct explain *const explains[MAP_KINDS];

/* What is said of a map, NULL for none. */
const struct explain *explain_of(const struct map_info *map);
/* Of the map that the scene's map is part of; NULL: it is part of none, or that one cannot be read. */
const struct explain *explain_outer(const struct scene *s);
/* What ui/scene says of all kinds' events. */
extern const struct event_text shared_text[EV_COUNT];

/* A place as the map's kind has located it. */
struct place place_found(const struct map_location *l);

/* What an event of a kind, in an operation of a kind, says in the life of a key, with %s for a place where it
 * tells one; part: of a map that is part of another.  In the reader's language. */
const char *life_words(unsigned kind, enum op_kind op, bool part);

/* A part of the groups of the scene's map. */
const struct part_text *part_text(const struct scene *s, enum location_part part);
/* The words of its kind; without a map those of the first kind. */
const struct kind_words *kind_words(const struct scene *s);

/* The numbers over operations that the kind of the scene's map has, NULL: none of its own. */
const struct series_kind *explain_series(const struct scene *s);
/* The header of a live map in a line of so many columns. */
void explain_line(const struct scene *s, int width, char *out, size_t cap);
/* The map in sight in a word or two, for the head of a frame. */
void explain_title(const struct scene *s, char *out, size_t cap);
/* Adds the sentence of the scene's event; event e in a few words. */
void explain_sentence(struct builder *w, const struct scene *s, const struct event *e);
void explain_phrase(struct builder *w, const struct scene *s, const struct event *e);

#endif
