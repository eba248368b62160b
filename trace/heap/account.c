/* The memory account; see account.h.
 *
 *     CHAINS   every chain of both arrays: which bytes of a bucket are what; what full slots point to is in use
 *     REACH    what a collector would come to from the hmaps, LOOPS: from range loops
 *     SUM      every live block goes to its lines
 *
 * The only memory it takes is a set of addresses with marks, and a list of what is still to be scanned.  Nothing that is
 * read is trusted: a bucket counts only where one can be, and only once, so the sum is exact for damaged memory too.
 */
#include "trace/heap/account.h"

#include "trace/go/sizeclass.h"
#include "trace/map/kind.h"
#include "trace/map/sync/sync.h"
#include "trace/base/translate.h"

#include <stdlib.h>
#include <string.h>

const struct account_info account_info[ACCOUNT_LINES] = {
#define GROUP_USED ACCOUNT_USED
#define GROUP_BOOK ACCOUNT_BOOK
#define GROUP_ROOM ACCOUNT_ROOM
#define GROUP_DEAD ACCOUNT_DEAD
#define GROUP_OTHER ACCOUNT_REST
#define ACCOUNT(NAME, name, group, title, sentence) { #name, GROUP_##group, title, sentence },
#include "trace/heap/account.def"
#undef ACCOUNT
};
const char *const account_group_name[ACCOUNT_GROUPS] = { "used", "book", "room", "dead", "other" };
const char *const account_group_title[ACCOUNT_GROUPS] = { N_("in use"), N_("bookkeeping"), N_("room"), N_("dead"), N_("other") };

/* Marks of an address, in the bits that no address has. */
#define MARK_USED (UINT64_C(1) << 61)    /* a full slot points to it */
#define MARK_CHAIN (UINT64_C(1) << 62)   /* a bucket that has been counted */
#define MARK_REACHED (UINT64_C(1) << 63) /* a collector comes to it */
#define MARKS (MARK_USED | MARK_CHAIN | MARK_REACHED)

enum stage { STAGE_LIST, STAGE_CHAINS, STAGE_REACH, STAGE_LOOPS, STAGE_SUM, STAGE_DONE };

struct subject {
	const struct map_info *info;
	unsigned root;               /* whose account its bytes are in: its own, or the sync.Map's that it is a part of */
	uint64_t hmap;               /* where it is now */
	bool ok, headers;            /* headers: its release has malloc headers */
	struct map_type t;
	struct hmap_view h;
	uint64_t counted[2];         /* bytes of the arrays' blocks that are in lines */
};

/* What is to be scanned; scanned up to at. */
struct gray { struct block b; uint64_t at; };
struct span_of { uint64_t addr, size; };

struct accounting {
	const struct image *image;
	const struct reader *r;
	unsigned maps, only;
	struct subject *subject;     /* maps of them */
	struct account *account;     /* maps + 1 */
	enum stage stage;
	bool no_memory;
	unsigned map;                /* CHAINS: the map, array, index to go on with */
	int array;
	uint64_t index;
	uint64_t cursor;             /* LIST, SUM: of the image */
	uint64_t *set, mask, in_set; /* addresses with marks; 0: empty */
	struct gray *gray;
	size_t grays, grays_cap;
	struct span_of *holder;      /* arrays and overflow buckets, into which loops may point */
	size_t holders, holders_cap;
	bool holders_sorted;
	struct block *loop;          /* hiters */
	size_t loops, loops_cap;
};

/* ---- sums ---- */

uint64_t account_group_sum(const struct account *a, enum account_group g)
{
	uint64_t sum = 0;
	for (int i = 0; i < ACCOUNT_LINES; i++)
		if (account_info[i].group == g)
			sum += a->line[i];
	return sum;
}

uint64_t account_live(const struct account *a)
{
	return a->given - account_dead(a);
}

double account_per_entry(const struct account *a)
{
	return a->entries ? (double)a->given / (double)a->entries : 0;
}

/* ---- the set of addresses ---- */

static uint64_t *set_slot(uint64_t *set, uint64_t mask, uint64_t addr)
{
	uint64_t i = (addr * UINT64_C(0x9e3779b97f4a7c15) >> 20) & mask;
	while (set[i] && (set[i] & ~MARKS) != addr)
		i = (i + 1) & mask;
	return &set[i];
}

static uint64_t marks(const struct accounting *a, uint64_t addr)
{
	return *set_slot(a->set, a->mask, addr) & MARKS;
}

static bool set_grow(struct accounting *a)
{
	uint64_t mask = a->mask * 2 + 1, *set = calloc(mask + 1, sizeof *set);
	if (!set)
		return false;
	for (uint64_t i = 0; i <= a->mask; i++)
		if (a->set[i])
			*set_slot(set, mask, a->set[i] & ~MARKS) = a->set[i];
	free(a->set);
	a->set = set;
	a->mask = mask;
	return true;
}

/* false: it has the mark already (or there is no memory). */
static bool mark(struct accounting *a, uint64_t addr, uint64_t m)
{
	uint64_t *s = set_slot(a->set, a->mask, addr);
	if (*s & m)
		return false;
	if (!*s) {
		if (a->in_set * 2 > a->mask) {
			if (!set_grow(a)) {
				a->no_memory = true;
				return false;
			}
			s = set_slot(a->set, a->mask, addr);
		}
		a->in_set++;
	}
	*s |= addr | m;
	return true;
}

static void *room(struct accounting *a, void *items, size_t *cap, size_t count, size_t size)
{
	if (count < *cap)
		return items;
	size_t more = *cap ? *cap * 2 : 64;
	void *grown = realloc(items, more * size);
	if (grown)
		*cap = more;
	else
		a->no_memory = true;
	return grown;
}

/* ---- LIST: which blocks loops may point into ---- */

static unsigned root_of(const struct accounting *a, unsigned map)
{
	return map && map <= a->maps ? a->subject[map - 1].root : 0;
}

static bool is_mine(const struct accounting *a, const struct block *b)
{
	return b->map <= a->maps && (!a->only || root_of(a, b->map) == root_of(a, a->only));
}

static void list_block(struct accounting *a, const struct block *b)
{
	if (b->role == ROLE_HITER) {
		struct block *items = room(a, a->loop, &a->loops_cap, a->loops, sizeof *items);
		if (items)
			(a->loop = items)[a->loops++] = *b;
	} else if (b->role == ROLE_BUCKETS || b->role == ROLE_OVERFLOW) {
		struct span_of *items = room(a, a->holder, &a->holders_cap, a->holders, sizeof *items);
		if (items)
			(a->holder = items)[a->holders++] = (struct span_of){ b->addr, b->size };
	}
}

static uint64_t list(struct accounting *a, uint64_t n)
{
	struct block b;
	for (; n > 0; n--) {
		if (!image_next(a->image, &a->cursor, &b)) {
			a->stage = STAGE_CHAINS;
			a->cursor = 0;
			return n;
		}
		if (is_mine(a, &b))
			list_block(a, &b);
	}
	return 0;
}

static int by_address(const void *x, const void *y)
{
	uint64_t a = ((const struct span_of *)x)->addr, b = ((const struct span_of *)y)->addr;
	return a < b ? -1 : a > b;
}

/* The block that addr is in: it starts there, or is an array or overflow bucket. */
static bool block_at(struct accounting *a, uint64_t addr, struct block *ret)
{
	size_t lo = 0, hi = a->holders;
	if (a->r->block(a->r, addr, ret))
		return true;
	if (!a->holders_sorted && a->holders > 0)
		qsort(a->holder, a->holders, sizeof *a->holder, by_address);
	a->holders_sorted = true;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (a->holder[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && addr - a->holder[lo - 1].addr < a->holder[lo - 1].size && a->r->block(a->r, a->holder[lo - 1].addr, ret);
}

/* ---- what a collector follows ---- */

static void reach_block(struct accounting *a, const struct block *b)
{
	if (!is_mine(a, b) || !mark(a, b->addr, MARK_REACHED))
		return;
	switch (b->role) {
	case ROLE_KEY_TEXT: case ROLE_ELEM_TEXT: case ROLE_KEY: case ROLE_ELEM: case ROLE_COUNTER:
		return; /* bytes */
	case ROLE_BUCKETS: case ROLE_OVERFLOW:
		if (!b->map || !a->subject[b->map - 1].t.pointers)
			return; /* noscan */
		break;
	case ROLE_BOX:
		if (b->size != 16)
			return;
		break;
	default:
		break;
	}
	struct gray *items = room(a, a->gray, &a->grays_cap, a->grays, sizeof *items);
	if (items)
		(a->gray = items)[a->grays++] = (struct gray){ *b, b->addr };
}

static void reach(struct accounting *a, uint64_t addr)
{
	struct block b;
	if (addr && !(addr & MARKS) && !(marks(a, addr) & MARK_REACHED) && block_at(a, addr, &b))
		reach_block(a, &b);
}

static uint64_t word(const uint8_t *at)
{
	uint64_t v;
	memcpy(&v, at, 8);
	return v;
}

/* What a slot's value points to; 0: nothing. */
static uint64_t points_to(const struct go_type *t, bool indirect, const uint8_t *raw)
{
	return indirect || t->kind == GO_STRING || t->kind == GO_ENTRY ? word(raw) : t->kind == GO_ANY ? word(raw + 8) : 0;
}

enum { BUCKET_BYTES = SLOTS * (1 + INDIRECT_OVER + INDIRECT_OVER) + 8, SCAN_WORDS = 64 };

static void scan_bucket(struct accounting *a, const struct map_type *t, uint64_t addr)
{
	uint8_t bytes[BUCKET_BYTES];
	if (t->bucketsize > sizeof bytes || !a->r->read(a->r, addr, bytes, t->bucketsize))
		return;
	for (unsigned i = 0; i < SLOTS; i++) {
		reach(a, points_to(&t->key, t->indirect_key, bytes + t->keys + i * t->keysize));
		reach(a, points_to(&t->elem, t->indirect_elem, bytes + t->elems + i * t->elemsize));
	}
	reach(a, word(bytes + t->overflow));
}

/* A piece of the object that was found last.  Pushes others onto it, so g is taken anew each time. */
static void scan(struct accounting *a)
{
	struct gray *g = &a->gray[a->grays - 1];
	const struct block b = g->b;
	uint64_t at = g->at, end = b.addr + (b.role == ROLE_BOX ? 8 : b.size);
	bool buckets = b.role == ROLE_BUCKETS || b.role == ROLE_OVERFLOW;
	const struct map_type *t = buckets ? &a->subject[b.map - 1].t : NULL;
	uint64_t step = t ? t->bucketsize : 8;
	if (at + step > end) {
		a->grays--;
		return;
	}
	g->at += t ? step : SCAN_WORDS * 8;
	if (t) {
		scan_bucket(a, t, at);
		return;
	}
	for (int i = 0; i < SCAN_WORDS && at + 8 <= end; i++, at += 8) {
		uint64_t v;
		if (a->r->read(a->r, at, &v, 8))
			reach(a, v);
	}
}

/* ---- CHAINS ---- */

static void use(struct accounting *a, uint64_t addr)
{
	struct block b;
	for (bool more = true; more && addr && !(addr & MARKS) && a->r->block(a->r, addr, &b) && is_mine(a, &b);)
		more = mark(a, addr, MARK_USED) && b.role == ROLE_BOX && b.size == 16 && /* a string in an interface has a text */
		       a->r->read(a->r, addr, &addr, 8);
}

/* Full slots of a bucket; what they point to is in use. */
static unsigned use_entries(struct accounting *a, const struct map_type *t, const struct bucket_view *v)
{
	uint8_t bytes[BUCKET_BYTES];
	unsigned n = bucket_entries(v);
	if (n == 0 || !t->pointers || t->bucketsize > sizeof bytes || !a->r->read(a->r, v->addr, bytes, t->bucketsize))
		return n;
	for (unsigned i = 0; i < SLOTS; i++)
		if (tophash_full(v->tophash[i])) {
			use(a, points_to(&t->key, t->indirect_key, bytes + t->keys + i * t->keysize));
			use(a, points_to(&t->elem, t->indirect_elem, bytes + t->elems + i * t->elemsize));
		}
	return n;
}

static void count_bucket(struct accounting *a, struct subject *s, const struct bucket_view *v, bool moved)
{
	struct account *c = &a->account[s->root];
	uint64_t slot = s->t.keysize + s->t.elemsize, *line = c->line;
	if (v->source != BUCKET_HEAP)
		s->counted[v->array] += s->t.bucketsize;
	if (moved) {
		line[ACCOUNT_MOVED] += s->t.bucketsize;
		return;
	}
	unsigned n = use_entries(a, &s->t, v);
	c->entries += n;
	line[ACCOUNT_SLOTS] += n * slot;
	if (v->array == ARRAY_OLD) {
		line[ACCOUNT_TO_MOVE] += s->t.bucketsize - n * slot;
	} else if (n == 0 && v->source != BUCKET_MAIN) {
		line[ACCOUNT_EMPTIED] += s->t.bucketsize;
	} else {
		line[ACCOUNT_TOPHASH] += SLOTS;
		line[ACCOUNT_POINTERS] += s->t.bucketsize - SLOTS - SLOTS * slot;
		line[n ? ACCOUNT_FREE : ACCOUNT_EMPTY] += (SLOTS - n) * slot;
	}
}

/* Can a bucket of this map be there, that has not been counted? */
static bool bucket_counts(struct accounting *a, const struct subject *s, const struct bucket_view *v)
{
	struct block b;
	uint64_t base = v->array == ARRAY_OLD ? s->h.oldbuckets : s->h.buckets, size = v->array == ARRAY_OLD ? s->h.old_size : s->h.new_size;
	if (v->source != BUCKET_HEAP)
		return v->addr - base + s->t.bucketsize <= size && (v->addr - base) % s->t.bucketsize == 0 &&
		       (v->source == BUCKET_MAIN || mark(a, v->addr, MARK_CHAIN));
	return a->r->block(a->r, v->addr, &b) && b.role == ROLE_OVERFLOW && root_of(a, b.map) == s->root && b.size == s->t.bucketsize &&
	       mark(a, v->addr, MARK_CHAIN);
}

/* Is it the block of an array of this map? */
static bool is_array(const struct accounting *a, const struct subject *s, uint64_t addr)
{
	struct block b;
	return addr && a->r->block(a->r, addr, &b) && b.role == ROLE_BUCKETS && root_of(a, b.map) == s->root;
}

static bool is_evacuated(const struct bucket_view *v)
{
	return v->tophash[0] > EMPTY_ONE && v->tophash[0] < MIN_TOPHASH;
}

/* A chain; returns its buckets, at least 1. */
static uint64_t count_chain(struct accounting *a, struct subject *s)
{
	struct bucket_view v;
	uint64_t n = 0;
	bool moved = false;
	for (bool more = bucket_first(a->r, &s->t, &s->h, (enum which_array)a->array, a->index, &v); more && bucket_counts(a, s, &v);
	     more = bucket_next(a->r, &s->t, &s->h, &v), n++) {
		if (n == 0)
			moved = a->array == ARRAY_OLD && is_evacuated(&v);
		count_bucket(a, s, &v, moved);
	}
	return n ? n : 1;
}

static uint64_t chains(struct accounting *a, uint64_t n)
{
	while (n > 0) {
		struct subject *s = a->map < a->maps ? &a->subject[a->map] : NULL;
		if (!s) {
			a->stage = STAGE_REACH;
			return n;
		}
		uint64_t base = a->array == ARRAY_OLD ? s->h.oldbuckets : s->h.buckets;
		if (a->array > ARRAY_OLD || !s->ok) {
			a->map++;
			a->array = ARRAY_NEW;
			a->index = 0;
		} else if (a->index >= array_buckets(&s->h, (enum which_array)a->array) || !is_array(a, s, base) ||
			   (a->array == ARRAY_OLD && base == s->h.buckets)) {
			a->array++;
			a->index = 0;
		} else {
			uint64_t took = count_chain(a, s);
			a->index++;
			n -= took < n ? took : n;
			continue;
		}
		n--;
	}
	return 0;
}

/* ---- SUM ---- */

/* Only what is said of the map tells what lies on a stack: its hmap and the bucket beside it; and loops' variables. */
static bool on_stack(const struct subject *s, const struct block *b)
{
	if (b->role == ROLE_HITER)
		return true;
	if (!s || strcmp(s->info->place, "stack") != 0)
		return false;
	return b->role == ROLE_HMAP || b->role == ROLE_SYNC || (b->role == ROLE_BUCKETS && s->info->hint <= SLOTS && b->size == s->t.bucketsize);
}

static bool has_pointers(const struct subject *s, const struct block *b)
{
	switch (b->role) {
	case ROLE_BUCKETS: case ROLE_OVERFLOW: return s && s->t.pointers;
	case ROLE_HMAP: case ROLE_EXTRA: case ROLE_SLICE: case ROLE_SYNC: case ROLE_READONLY: case ROLE_ENTRY: case ROLE_VALUE: return true;
	default: return false;
	}
}

/* sync: of a sync.Map, whose values hang on entries, so that what is reached is in use. */
static enum account_line line_of(const struct block *b, uint64_t m, bool stack, bool sync)
{
	if (b->role == ROLE_HITER)
		return ACCOUNT_LOOPS;
	if (!(m & MARKS) && !stack)
		return ACCOUNT_GARBAGE;
	switch (b->role) {
	case ROLE_HMAP: case ROLE_EXTRA: case ROLE_SLICE: case ROLE_SYNC: case ROLE_READONLY: return ACCOUNT_HEADS;
	case ROLE_KEY: case ROLE_ELEM: case ROLE_KEY_TEXT: case ROLE_ELEM_TEXT: case ROLE_BOX: case ROLE_ENTRY: case ROLE_VALUE:
		return sync || m & MARK_USED ? ACCOUNT_OUTSIDE : ACCOUNT_KEPT;
	case ROLE_OVERFLOW: return ACCOUNT_EMPTIED; /* in no chain */
	case ROLE_BUCKETS: return ACCOUNT_KEPT;     /* of no use to the hmap any more */
	default: return ACCOUNT_OTHER;
	}
}

/* Whose account a block is in: counters belong to no map. */
static unsigned owner_of(const struct accounting *a, const struct block *b)
{
	return b->role == ROLE_COUNTER ? 0 : root_of(a, b->map);
}

/* Neither a sync.Map nor a part of one. */
static bool alone(const struct map_info *info)
{
	return info->kind == MAP_CLASSIC && !info->part_of;
}

/* Which map's array begins at addr: s, or of a sync.Map whichever of its two has it now.  NULL: none. */
static struct subject *array_of(struct accounting *a, struct subject *s, uint64_t addr)
{
	for (unsigned i = 0; s && i < a->maps; i++) {
		struct subject *x = alone(s->info) ? s : &a->subject[i];
		if (x->ok && x->root == s->root && (x->h.buckets == addr || x->h.oldbuckets == addr))
			return x;
		if (x == s && alone(s->info))
			break;
	}
	return NULL;
}

/* The bytes that were asked for go to their line; buckets that were counted are there already. */
static void sum_asked(struct accounting *a, struct subject *s, const struct block *b, uint64_t m, bool stack)
{
	bool sync = s && !alone(s->info);
	uint64_t *line = a->account[owner_of(a, b)].line;
	if (b->role == ROLE_BUCKETS)
		s = array_of(a, s, b->addr);
	if (b->role == ROLE_BUCKETS && s && b->addr == s->h.buckets)
		line[ACCOUNT_SPARE] += b->size - s->counted[ARRAY_NEW];
	else if (b->role == ROLE_BUCKETS && s)
		line[ACCOUNT_MOVED] += b->size - s->counted[ARRAY_OLD];
	else if (!(b->role == ROLE_OVERFLOW && m & MARK_CHAIN))
		line[line_of(b, m, stack, sync)] += b->size;
}

/* A piece that shares a tiny block takes of the rounding of the one that took it. */
static bool tiny_owner(const struct accounting *a, const struct block *b, struct block *ret)
{
	return b->rounded == 0 && a->r->block(a->r, b->addr & ~UINT64_C(15), ret) && ret->rounded == 16 && ret->map <= a->maps;
}

/* Where the bytes over what was asked for go, of a block whose bytes have these marks. */
static enum account_line rest_line(const struct accounting *a, const struct block *b)
{
	return owner_of(a, b) == 0 ? ACCOUNT_OTHER : marks(a, b->addr) & MARKS ? ACCOUNT_ROUNDING : ACCOUNT_GARBAGE;
}

static void sum_block(struct accounting *a, const struct block *b)
{
	struct subject *s = b->map ? &a->subject[b->map - 1] : NULL;
	struct account *c = &a->account[owner_of(a, b)];
	struct block owner;
	bool stack = on_stack(s, b);
	c->blocks++;
	c->asked += b->size;
	if (owner_of(a, b) == 0)
		c->line[ACCOUNT_OTHER] += b->size;
	else
		sum_asked(a, s, b, marks(a, b->addr), stack);
	if (tiny_owner(a, b, &owner)) {
		c->given += b->size;
		a->account[owner_of(a, &owner)].given -= b->size;
		a->account[owner_of(a, &owner)].line[rest_line(a, &owner)] -= b->size;
		return;
	}
	uint64_t given = b->rounded < b->size ? b->size : b->rounded, rest = given - b->size;
	enum account_line line = stack ? ACCOUNT_ROUNDING : rest_line(a, b);
	c->given += given;
	c->stack += stack ? given : 0;
	if (line == ACCOUNT_ROUNDING && s && rest >= MALLOC_HEADER && has_malloc_header(b->size, has_pointers(s, b), s->headers)) {
		c->line[ACCOUNT_HEADERS] += MALLOC_HEADER;
		rest -= MALLOC_HEADER;
	}
	c->line[line] += rest;
}

static uint64_t sum(struct accounting *a, uint64_t n)
{
	struct block b;
	for (; n > 0; n--) {
		if (!image_next(a->image, &a->cursor, &b)) {
			a->stage = STAGE_DONE;
			return n;
		}
		/* a tiny block's rounding is the owner's, also when another map asks */
		if (b.map <= a->maps && (is_mine(a, &b) || b.rounded == 0 || b.rounded == 16))
			sum_block(a, &b);
	}
	return 0;
}

/* ---- the work ---- */

static bool subject_make(struct subject *s, const struct map_info *maps, unsigned number, const struct reader *r)
{
	const struct map_info *info = &maps[number - 1];
	struct go_type key, elem;
	struct block b;
	*s = (struct subject){ .info = info, .root = info->part_of ? info->part_of : info->map };
	s->headers = strncmp(info->go, "1.", 2) == 0 && atoi(info->go + 2) >= 22;
	if (!alone(info))
		s->t = sync_map_type();
	else if (go_type_parse(info->key_type, &key) && go_type_parse(info->elem_type, &elem))
		s->t = map_type_make(key, elem);
	else
		return false;
	s->hmap = map_hmap(maps, number, r);
	return s->hmap && r->block(r, s->hmap, &b) && b.role == ROLE_HMAP && (b.map == info->map || info->part_of) &&
	       hmap_read(r, &s->t, s->hmap, &s->h);
}

struct accounting *accounting_begin(const struct image *image, const struct map_info *map, unsigned maps, unsigned only)
{
	struct accounting *a = calloc(1, sizeof *a);
	if (!a)
		return NULL;
	*a = (struct accounting){ .image = image, .r = image_reader(image), .maps = maps, .only = only, .mask = 1023,
		.subject = calloc(maps + 1, sizeof *a->subject), .account = calloc(maps + 1, sizeof *a->account),
		.set = calloc(1024, sizeof *a->set) };
	if (!a->subject || !a->account || !a->set) {
		accounting_free(a);
		return NULL;
	}
	for (unsigned i = 0; i < maps; i++)
		a->subject[i].ok = subject_make(&a->subject[i], map, i + 1, a->r);
	for (unsigned i = 0; only && i < maps; i++)
		a->subject[i].ok = a->subject[i].ok && a->subject[i].root == root_of(a, only);
	return a;
}

void accounting_free(struct accounting *a)
{
	if (!a)
		return;
	free(a->subject);
	free(a->account);
	free(a->set);
	free(a->gray);
	free(a->holder);
	free(a->loop);
	free(a);
}

/* The objects from which the next stage goes out. */
static void begin_reach(struct accounting *a)
{
	for (unsigned i = 0; i < a->maps; i++) {
		const struct map_info *info = a->subject[i].info;
		if (info->kind == MAP_SYNC)
			reach(a, info->hmap);
		else if (!info->part_of && a->subject[i].ok)
			reach(a, a->subject[i].hmap);
	}
}

static void begin_loops(struct accounting *a)
{
	for (size_t i = 0; i < a->loops; i++)
		reach_block(a, &a->loop[i]);
}

bool accounting_work(struct accounting *a, uint64_t n)
{
	while (n > 0 && a->stage != STAGE_DONE && !a->no_memory)
		switch (a->stage) {
		case STAGE_LIST: n = list(a, n); break;
		case STAGE_CHAINS:
			n = chains(a, n);
			if (a->stage == STAGE_REACH)
				begin_reach(a);
			break;
		case STAGE_REACH: case STAGE_LOOPS:
			if (a->grays) {
				scan(a);
				n--;
			} else if (a->stage == STAGE_REACH) {
				a->stage = STAGE_LOOPS;
				begin_loops(a);
			} else {
				a->stage = STAGE_SUM;
			}
			break;
		case STAGE_SUM: n = sum(a, n); break;
		case STAGE_DONE: break;
		}
	return a->stage != STAGE_DONE && !a->no_memory;
}

const struct account *accounting_of(const struct accounting *a, unsigned map)
{
	return a->stage == STAGE_DONE && !a->no_memory && map <= a->maps ? &a->account[root_of(a, map)] : NULL;
}
