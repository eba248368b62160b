/* The memory account of a classic map: which bytes of its buckets are what.  A bucket counts only where one
 * can be, and only once, so that the sum is exact for damaged memory too.
 */
#include "trace/map/classic/private.h"
#include "trace/base/translate.h"

#include <string.h>

enum line {
	LINE_BEFORE = ACCOUNT_SHARED - 1,
#define SHARED(NAME)
#define ACCOUNT(NAME, name, group, title, sentence) LINE_##NAME,
#include "trace/map/classic/account.def"
#undef ACCOUNT
	LINES
};
_Static_assert((int)LINES <= (int)ACCOUNT_LINES, "a classic map has too many lines");

static const struct account_info own[] = {
#define ACCOUNT(NAME, name, group, title, sentence) { #name, ACCOUNT_##group, title, sentence },
#include "trace/map/classic/account.def"
#undef ACCOUNT
#undef SHARED
};

const struct account_table classic_account = { LINES,
	{
#define SHARED(NAME) { ACCOUNT_##NAME, &account_shared[ACCOUNT_##NAME] },
#define ACCOUNT(NAME, name, group, title, sentence) { LINE_##NAME, &own[LINE_##NAME - ACCOUNT_SHARED] },
#include "trace/map/classic/account.def"
#undef ACCOUNT
#undef SHARED
	} };

static uint64_t word(const uint8_t *at)
{
	uint64_t v;
	memcpy(&v, at, 8);
	return v;
}

enum { BUCKET_BYTES = SLOTS * (1 + INDIRECT_OVER + INDIRECT_OVER) + 8 };

static void use_value(struct books *k, const struct go_type *t, bool indirect, const uint8_t *raw)
{
	uint32_t at;
	if (classic_pointer(t, indirect, 0, &at))
		k->use(k, word(raw + at));
}

/* An old bucket that is being moved has its entries until all of them have: so each counts once, also while its copy is
 * being written.  New buckets that they are copied to. */
enum stand { STANDS, MOVING, COPIES };

static bool has_entry(uint8_t tophash, enum stand stand)
{
	return tophash_full(tophash) || (stand == MOVING && (tophash == EVACUATED_X || tophash == EVACUATED_Y));
}

/* Entries of a bucket; what they point to is in use. */
static unsigned use_entries(const struct map_view *v, struct books *k, const struct bucket_view *b, enum stand stand)
{
	const struct map_type *t = &classic_state(v)->t;
	uint8_t bytes[BUCKET_BYTES];
	unsigned n = 0;
	for (unsigned i = 0; i < SLOTS; i++)
		n += has_entry(b->tophash[i], stand);
	if (n == 0 || !t->pointers || t->bucketsize > sizeof bytes ||
		!v->r->read(v->r, b->addr, bytes, t->bucketsize))
		return n;
	for (unsigned i = 0; i < SLOTS; i++)
		if (has_entry(b->tophash[i], stand)) {
			use_value(k, &t->key, t->indirect_key, bytes + t->keys + i * t->keysize);
			use_value(k, &t->elem, t->indirect_elem, bytes + t->elems + i * t->elemsize);
		}
	return n;
}

static void count_bucket(const struct map_view *v, struct books *k, const struct bucket_view *b, bool moved,
	enum stand stand)
{
	const struct map_type *t = &classic_state(v)->t;
	uint64_t slot = t->keysize + t->elemsize, *line = k->line;
	if (b->source != BUCKET_HEAP)
		k->counted += t->bucketsize;
	if (moved) {
		line[LINE_MOVED] += t->bucketsize;
		return;
	}
	unsigned n = use_entries(v, k, b, stand), copies = stand == COPIES ? n : 0;
	n -= copies;
	*k->entries += n;
	line[ACCOUNT_SLOTS] += n * slot;
	if (b->array == ARRAY_OLD) {
		line[LINE_TO_MOVE] += t->bucketsize - n * slot;
	} else if (n == 0 && stand != COPIES && b->source != BUCKET_MAIN) {
		line[LINE_EMPTIED] += t->bucketsize;
	} else {
		line[LINE_TOPHASH] += SLOTS;
		line[LINE_POINTERS] += t->bucketsize - SLOTS - SLOTS * slot;
		line[n || copies ? LINE_FREE : LINE_EMPTY] += (SLOTS - n) * slot;
	}
}

/* Can a bucket of this map be there, that has not been counted? */
static bool bucket_counts(const struct map_view *v, struct books *k, const struct bucket_view *b)
{
	const struct hmap_view *h = &classic_state(v)->h;
	uint32_t size = classic_state(v)->t.bucketsize;
	uint64_t base = b->array == ARRAY_OLD ? h->oldbuckets : h->buckets,
		 bytes = b->array == ARRAY_OLD ? h->old_size : h->new_size;
	struct block x;
	if (b->source != BUCKET_HEAP)
		return b->addr - base + size <= bytes && (b->addr - base) % size == 0 &&
			(b->source == BUCKET_MAIN || k->first(k, b->addr));
	return k->block(k, b->addr, &x) && x.role == ROLE_OVERFLOW && x.size == size && k->first(k, b->addr);
}

uint64_t classic_countable(const struct map_view *v, struct books *k, unsigned array)
{
	const struct hmap_view *h = &classic_state(v)->h;
	uint64_t base = array == ARRAY_OLD ? h->oldbuckets : h->buckets;
	struct block b;
	if (!base || !k->block(k, base, &b) || b.role != ROLE_BUCKETS ||
		(array == ARRAY_OLD && base == h->buckets))
		return 0;
	return array_buckets(h, (enum which_array)array);
}

static bool is_evacuated(const struct bucket_view *b)
{
	return b->tophash[0] > EMPTY_ONE && b->tophash[0] < MIN_TOPHASH;
}

/* What is cleared in the end are the bytes behind its tophashes. */
uint64_t classic_moving(const struct event *e, uint64_t so_far)
{
	bool cleared = e->kind == EV_WRITE && so_far && e->addr == so_far + SLOTS;
	return e->kind == EV_EVACUATE ? e->addr : e->kind == EV_MOVED || cleared ? 0 : so_far;
}

static enum stand stand_of(const struct map_view *v, const struct books *k, unsigned array, uint64_t index)
{
	const struct classic_state *s = classic_state(v);
	uint64_t old = array_buckets(&s->h, ARRAY_OLD);
	if (!k->moving || !old || k->moving != s->h.oldbuckets + (index & (old - 1)) * s->t.bucketsize)
		return STANDS;
	return array == ARRAY_OLD ? MOVING : COPIES;
}

uint64_t classic_count(const struct map_view *v, struct books *k, unsigned array, uint64_t index)
{
	const struct classic_state *s = classic_state(v);
	struct bucket_view b;
	enum stand stand = stand_of(v, k, array, index);
	uint64_t n = 0;
	bool moved = false;
	for (bool more = bucket_first(v->r, &s->t, &s->h, (enum which_array)array, index, &b);
		more && bucket_counts(v, k, &b); more = bucket_next(v->r, &s->t, &s->h, &b), n++) {
		if (n == 0)
			moved = array == ARRAY_OLD && stand != MOVING && is_evacuated(&b);
		count_bucket(v, k, &b, moved, stand);
	}
	return n ? n : 1;
}

unsigned classic_array_line(const struct map_view *v, unsigned array)
{
	(void)v;
	return array == ARRAY_OLD ? LINE_MOVED : LINE_SPARE;
}

unsigned classic_block_line(enum block_role role, bool used)
{
	switch (role) {
	case ROLE_HMAP:
	case ROLE_EXTRA:
	case ROLE_SLICE:
	case ROLE_SYNC:
	case ROLE_READONLY: return LINE_HEADS;
	case ROLE_KEY:
	case ROLE_ELEM:
	case ROLE_KEY_TEXT:
	case ROLE_ELEM_TEXT:
	case ROLE_BOX:
	case ROLE_ENTRY:
	case ROLE_VALUE: return used ? ACCOUNT_OUTSIDE : ACCOUNT_KEPT;
	case ROLE_OVERFLOW: return LINE_EMPTIED; /* in no chain */
	case ROLE_BUCKETS: return ACCOUNT_KEPT;  /* of no use to the hmap any more */
	default: return ACCOUNT_OTHER;
	}
}

bool classic_on_stack(const struct map_view *v, const struct map_info *m, const struct block *b)
{
	return strcmp(m->place, "stack") == 0 &&
		(b->role == ROLE_HMAP ||
			(b->role == ROLE_BUCKETS && m->hint <= SLOTS &&
				b->size == classic_state(v)->t.bucketsize));
}
