/* What the files of the classic map's words share. */
#ifndef UI_SCENE_CLASSIC_H
#define UI_SCENE_CLASSIC_H

#include "ui/scene/sentence_private.h"

#include "trace/map/classic/model.h"

/* Events of all kinds of maps that this one says otherwise, in sentences and phrases; in sentences only. */
#define CLASSIC_COMMON(X) \
	X(hash, HASH) \
	X(found, FOUND) \
	X(absent, ABSENT) \
	X(got, GOT) X(insert, INSERT) X(remove, REMOVE) X(item, ITEM) X(end, END)
#define CLASSIC_SENTENCES(X) \
	X(alloc, ALLOC) X(write, WRITE) X(read, READ) X(op, OP) X(phase, PHASE) X(map, MAP) X(fault, FAULT) X(second, SECOND)

#define CLASSIC_SENTENCE(name) EXPLAIN_EVENT(classic_sentence_##name)
#define CLASSIC_PHRASE(name) EXPLAIN_EVENT(classic_phrase_##name)
#define EVENT(name, NAME, ...) explain_event classic_sentence_##name, classic_phrase_##name;
#include "trace/record/events/classic.def"
#undef EVENT
#define DECLARE(name, NAME) explain_event classic_sentence_##name, classic_phrase_##name;
CLASSIC_COMMON(DECLARE)
#undef DECLARE
#define DECLARE(name, NAME) explain_event classic_sentence_##name;
CLASSIC_SENTENCES(DECLARE)
#undef DECLARE

/* What a scene knows of a classic map, beside what it knows of all. */
struct classic_scene {
	bool type_ok; /* it is a classic map */
	struct map_type type;
	struct hmap_view hmap, hmap_was;
	/* of the hash in sight */
	struct {
		uint32_t hash0;
		uint8_t top;
		bool nan;        /* of a NaN that moves: drawn anew, so it does not tell the old bucket */
		bool by_tophash; /* of such a one: not its hash but the low bit of old_top chooses the half,
				    and top is new */
		uint8_t old_top;
	} hash;
	/* which bucket the eyes are on */
	bool chosen_known; /* the hash has chosen one in this operation */
	uint64_t chosen;
	bool chosen_old;
	bool evacuating;
	uint64_t evacuated; /* the old bucket under way */
	uint64_t moving;    /* its address, as long as its entries count as being in it; 0 */
	struct event move;  /* the entry that moves now (kind EV_MOVE), else kind EV_COUNT */
};
_Static_assert(sizeof(struct classic_scene) <= SCENE_OWN, "the scene has room for a classic map");
/* All zeros when the scene's map is of another kind. */
const struct classic_scene *classic_of(const struct scene *s);

/* What happened to a slot in this operation, for the column of outcomes. */
enum slot_deed {
	DEED_TOP = 1,
	DEED_LENGTH = 2,
	DEED_KEY = 4,
	DEED_EQUAL = 8,
	DEED_LENGTH_EQUAL = 16,
	DEED_WROTE_TOP = 32,
	DEED_WROTE_KEY = 64,
	DEED_WROTE_ELEM = 128,
	DEED_INSERT = 256,
	DEED_REMOVE = 512,
	DEED_BACKFILL = 1024,
	DEED_MOVED = 2048,
	DEED_ARRIVED = 4096,
	DEED_ITER = 8192,
	DEED_GIVEN = 16384,
	DEED_FOUND = 32768,
	DEED_HASHED = 65536
};
struct slot_story {
	unsigned deeds;
	uint8_t top, result;      /* the tophash that was read, enum tophash_result or iterslot_result */
	uint8_t old_top, new_top; /* written */
	uint64_t length;
	struct map_group other; /* MOVED: where to; ARRIVED: where from */
	int other_slot;
};

void scene_stories(const struct scene *s, const struct map_group *b, struct slot_story story[SLOTS]);

/* Key of a slot of a bucket at addr, read from memory. */
bool key_text_at(const struct scene *s, uint64_t bucket_addr, int slot, char *out, size_t cap);
/* A key that lies at addr itself, in its slot or outside of it. */
void key_text_here(const struct scene *s, uint64_t addr, char *out, size_t cap);
/* Is the key of a slot a NaN, which equals nothing? */
bool nan_at(const struct scene *s, uint64_t bucket_addr, int slot);
/* While a loop may be looking, a NaN goes where its tophash says: its hash cannot be had again. */
bool nan_by_tophash(const struct scene *s, uint64_t bucket_addr, int slot);
/* Where slot of an evacuated old bucket went: the k-th entry of a half goes to the k-th slot of its chain. */
bool moved_to(const struct scene *s, const struct map_group *b, int slot, uint64_t *bucket, unsigned *depth,
	int *to_slot);
/* How many old buckets there are: so much lies Y behind X. */
uint64_t newbit(const struct scene *s);
bool scene_same_size(const struct scene *s);
/* Are the entries of old bucket i on their way now?  They count as being in it until all of them have moved. */
bool bucket_moves(const struct scene *s, uint64_t i);
/* Has the slot of an old bucket that is on its way an entry, moved or not? */
static inline bool moving_entry(uint8_t tophash)
{
	return tophash_full(tophash) || tophash == EVACUATED_X || tophash == EVACUATED_Y;
}
/* The map in sight is part of another one that never writes it again: its growth stays as it is. */
bool scene_growth_left(const struct scene *s);

extern const struct explain_code classic_code;
extern const struct series_kind classic_series;
extern const struct control_kind classic_controls;
void classic_align(struct builder *w, const struct scene *a, const struct scene *b);
void classic_fit(struct builder *w, const struct scene *s, uint32_t line);

/* Which variant's search runs: a loop looks a moved key up by the general one, whatever the map is. */
enum map_variant search_variant(const struct scene *s);
/* A delete asks about the slot behind first, then goes backwards: is e, a back-fill's look or its walk along
 * the chain, of the second kind? */
bool backfill_goes_back(const struct scene *s, const struct event *e);
/* The key of the slot in focus. */
struct quoted slot_key(const struct scene *s);

/* flags of hmap in words: "4=writing". */
void flags_phrase(unsigned flags, char *out, size_t cap);
/* Does the search that runs end at emptyRest?  Puts, the general variant, and gets of strings from one bucket
 * do. */
bool search_stops(const struct scene *s);

/* See struct explain. */
void classic_field(const struct scene *s, const struct field *f, char *out, size_t cap);
void classic_byte(const struct scene *s, const struct scene_group *b, enum location_part part, int slot,
	char *out, size_t cap);
void classic_line(const struct scene *s, int width, char *out, size_t cap);
bool classic_left(const struct map_group *first);
void classic_open(struct scene *s);
void classic_walk(struct scene *s, const struct event *e);
bool classic_second_runs(const struct scene *s);
void classic_cost(struct op_cost *c, const struct event *e, enum phase phase);
void classic_result(struct builder *w, const struct op_cost *c);
void classic_finish(struct scene *s, const struct hold *hold);
/* The main bucket index of an array; what follows it in its chain, in place.  false: none. */
bool classic_first(const struct scene *s, unsigned array, uint64_t index, struct map_group *ret);
bool classic_next(const struct scene *s, struct map_group *b);
bool classic_place(const struct scene *s, uint64_t addr, struct place *ret);
void classic_label(const struct scene *s, const struct map_group *b, bool always, char *out, size_t cap);
const char *classic_role(const struct scene *s, const struct scene_group *b, bool other);
bool classic_moved(const struct scene *s, const struct map_group *g, int slot, struct hold *ret);
void classic_place_phrase(const struct scene *s, const struct place *p, char *out, size_t cap);

#endif
