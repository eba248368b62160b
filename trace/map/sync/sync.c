/* Decoding a sync.Map from memory; see sync.h.  Nothing that is read is trusted. */
#include "trace/base/grown.h"
#include "trace/map/sync/sync.h"

#include "trace/go/release.h"
#include "trace/map/kind.h"
#include "trace/map/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const entry_state_name[4] = { "value", "nil", "expunged", "?" };

static const struct field value_fields[] = { { "mu", 0, 8, 1, "top" }, { "read.type", 8, 8, 1, "ptr" },
	{ "read.data", 16, 8, 1, "ptr" }, { "dirty", 24, 8, 1, "ptr" }, { "misses", 32, 8, 1, "elem" },
	{ 0 } };
static const struct field pointer_fields[] = { { "mu", 0, 8, 1, "top" }, { "read", 8, 8, 1, "ptr" },
	{ "dirty", 16, 8, 1, "ptr" }, { "misses", 24, 8, 1, "elem" }, { 0 } };
const struct field readonly_fields[] = { { "m", READONLY_M, 8, 1, "ptr" },
	{ "amended", READONLY_AMENDED, 1, 1, "top" }, { 0 } };
const struct field entry_fields[] = { { "p", 0, 8, 1, "ptr" }, { 0 } };

static const struct sync_layout layout_value = { .read = 8,
	.read_size = 16,
	.pointer = 16,
	.dirty = 24,
	.misses = 32,
	.size = 40,
	.fields = value_fields };
static const struct sync_layout layout_pointer = { .read = 8,
	.read_size = 8,
	.pointer = 8,
	.dirty = 16,
	.misses = 24,
	.size = 32,
	.fields = pointer_fields };

const struct sync_layout *sync_layout(const char *go)
{
	const struct release *r = release_find(go);
	return r && r->sync_value ? &layout_value : &layout_pointer;
}

struct map_type sync_map_type(void)
{
	return map_type_make(go_type_basic(GO_ANY), go_type_basic(GO_ENTRY));
}

static bool read64(const struct reader *r, uint64_t addr, void *out)
{
	return r->read(r, addr, out, 8);
}

static int64_t count_of(const struct reader *r, uint64_t hmap)
{
	int64_t n = 0;
	return hmap && read64(r, hmap + HMAP_COUNT, &n) ? n : 0;
}

bool sync_read(const struct reader *r, const char *go, uint64_t addr, struct sync_view *ret)
{
	const struct sync_layout *l = sync_layout(go);
	uint8_t amended = 0;
	*ret = (struct sync_view){ .addr = addr };
	if (!addr || !r->read(r, addr + SYNC_MUTEX, &ret->mutex, 4) ||
		!read64(r, addr + l->pointer, &ret->readonly) || !read64(r, addr + l->dirty, &ret->dirty) ||
		!read64(r, addr + l->misses, &ret->misses))
		return false;
	if (ret->readonly &&
		(!read64(r, ret->readonly + READONLY_M, &ret->read) ||
			!r->read(r, ret->readonly + READONLY_AMENDED, &amended, 1)))
		return false;
	ret->amended = amended != 0;
	ret->read_count = count_of(r, ret->read);
	ret->dirty_count = count_of(r, ret->dirty);
	return true;
}

enum entry_state entry_read(const struct reader *r, uint64_t entry, uint64_t *ret_value)
{
	uint64_t p;
	if (!entry || !read64(r, entry, &p))
		return ENTRY_BAD;
	if (ret_value)
		*ret_value = p;
	return entry_state_of(p);
}

/* ---- all entries ---- */

struct collect {
	const struct reader *r;
	struct map_type t;
	struct sync_entry *list;
	size_t n, cap, most, read_n;
	unsigned where;
};

/* An entry that read has too is one of the first; only where it is changes. */
static bool add_entry(struct collect *c, uint64_t key, uint64_t entry)
{
	if (c->most && c->n >= c->most)
		return false;
	c->list = grown(c->list, &c->cap, c->n, sizeof *c->list);
	c->list[c->n++] = (struct sync_entry){ .key = key,
		.entry = entry,
		.where = c->where,
		.dirty_key = c->where == SYNC_IN_DIRTY ? key : 0 };
	return true;
}

static bool collect_bucket(struct collect *c, const struct bucket_view *b)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		uint64_t entry;
		if (!tophash_full(b->tophash[i]))
			continue;
		if (!read64(c->r, b->addr + c->t.elems + i * c->t.elemsize, &entry))
			return false;
		if (!add_entry(c, b->addr + c->t.keys + i * c->t.keysize, entry))
			break;
	}
	return true;
}

static bool collect_map(struct collect *c, uint64_t hmap)
{
	struct hmap_view h;
	if (!hmap)
		return true;
	if (!hmap_read(c->r, &c->t, hmap, &h))
		return false;
	for (int a = ARRAY_NEW; a <= ARRAY_OLD; a++)
		for (uint64_t i = 0, n = array_buckets(&h, (enum which_array)a);
			i < n && !(c->most && c->n >= c->most); i++) {
			struct bucket_view b;
			if (!bucket_first(c->r, &c->t, &h, (enum which_array)a, i, &b))
				return false;
			do
				if (!collect_bucket(c, &b))
					return false;
			while (bucket_next(c->r, &c->t, &h, &b));
		}
	return true;
}

static int by_entry(const void *a, const void *b)
{
	uint64_t x = ((const struct sync_entry *)a)->entry, y = ((const struct sync_entry *)b)->entry;
	return x < y ? -1 : x > y;
}

/* Marks those of dirty's entries that read has too, in read's part of the list, and drops them from dirty's
 * part. */
static void join(struct collect *c)
{
	size_t n = c->n - c->read_n, kept = c->read_n;
	struct sync_entry *dirty = memory_array(n + 1, sizeof *dirty),
			  *read = memory_array(c->read_n + 1, sizeof *read);
	if (c->n) {
		memcpy(dirty, c->list + c->read_n, n * sizeof *dirty);
		memcpy(read, c->list, c->read_n * sizeof *read);
	}
	qsort(dirty, n, sizeof *dirty, by_entry);
	qsort(read, c->read_n, sizeof *read, by_entry);
	for (size_t i = 0; i < c->read_n; i++) {
		const struct sync_entry *d = bsearch(&c->list[i], dirty, n, sizeof *dirty, by_entry);
		if (d) {
			c->list[i].where |= SYNC_IN_DIRTY;
			c->list[i].dirty_key = d->key;
		}
	}
	for (size_t i = c->read_n; i < c->n; i++)
		if (!bsearch(&c->list[i], read, c->read_n, sizeof *read, by_entry))
			c->list[kept++] = c->list[i];
	c->n = kept;
	free(dirty);
	free(read);
}

bool sync_entries(const struct reader *r, const struct sync_view *v, size_t most, struct sync_entry **ret,
	size_t *ret_count)
{
	struct collect c = { .r = r, .t = sync_map_type(), .most = most, .where = SYNC_IN_READ };
	bool good = collect_map(&c, v->read);
	c.read_n = c.n;
	c.where = SYNC_IN_DIRTY;
	c.most = most ? c.n + most : 0;
	good = good && collect_map(&c, v->dirty);
	join(&c);
	*ret = c.list;
	*ret_count = c.n;
	return good;
}

/* ---- the layout dump ---- */

static void print_value(FILE *out, const struct reader *r, const struct go_type *t, uint64_t addr)
{
	size_t need = value_print(r, t, addr, VALUE_EXACT, NULL, 0);
	char *text = memory_get(need + 1);
	value_print(r, t, addr, VALUE_EXACT, text, need + 1);
	fputs(text, out);
	free(text);
}

static void print_entry(FILE *out, const struct reader *r, const struct sync_entry *e)
{
	static const char *const where[] = { "?", "read", "dirty", "both" };
	struct go_type any = go_type_basic(GO_ANY);
	uint64_t value = 0;
	enum entry_state state = entry_read(r, e->entry, &value);
	fprintf(out, "entry %s ", where[e->where & 3]);
	print_value(out, r, &any, e->key);
	fprintf(out, " %s", entry_state_name[state]);
	if (state == ENTRY_LIVE) {
		fputc(' ', out);
		print_value(out, r, &any, value);
	}
	fputc('\n', out);
}

bool sync_print(FILE *out, const struct reader *r, const char *go, uint64_t addr)
{
	struct sync_view v;
	struct map_type t = sync_map_type();
	struct sync_entry *e = NULL;
	size_t n = 0;
	if (!sync_read(r, go, addr, &v))
		return false;
	fprintf(out, "syncmap misses=%" PRId64 " amended=%d locked=%u\nread\n", v.misses, v.amended, v.mutex);
	bool good = layout_print(out, r, &t, v.read);
	fputs("dirty\n", out);
	good = layout_print(out, r, &t, v.dirty) && good;
	good = sync_entries(r, &v, 0, &e, &n) && good;
	for (size_t i = 0; i < n; i++)
		print_entry(out, r, &e[i]);
	free(e);
	return good;
}
