/* The layout of a classic map; see type.h. */
#include "trace/map/classic/type.h"

const char *const map_variant_name[4] = { "", "_fast32", "_fast64", "_faststr" };

/* cmd/compile/internal/walk.mapfast: by the key's kind of memory, and only when the elem is stored in place.
 */
static enum map_variant choose_variant(const struct go_type *key, const struct go_type *elem)
{
	if (elem->size > INDIRECT_OVER)
		return VARIANT_GENERAL;
	if (key->kind == GO_STRING)
		return VARIANT_FASTSTR;
	bool plain = key->kind <= GO_UINTPTR || key->kind == GO_BYTES;
	if (plain && key->size == 4)
		return VARIANT_FAST32;
	if (plain && key->size == 8)
		return VARIANT_FAST64;
	return VARIANT_GENERAL;
}

struct map_type map_type_make(struct go_type key, struct go_type elem)
{
	struct map_type t = { .key = key, .elem = elem };
	t.indirect_key = key.size > INDIRECT_OVER;
	t.indirect_elem = elem.size > INDIRECT_OVER;
	t.keysize = t.indirect_key ? 8 : key.size;
	t.elemsize = t.indirect_elem ? 8 : elem.size;
	t.keys = SLOTS;
	t.elems = t.keys + SLOTS * t.keysize;
	t.overflow = t.elems + SLOTS * t.elemsize;
	t.bucketsize = t.overflow + 8;
	bool numeric = key.kind >= GO_FLOAT32 && key.kind <= GO_COMPLEX128;
	t.reflexive = !numeric && key.kind != GO_ANY;
	t.key_update = numeric || key.kind == GO_ANY || key.kind == GO_STRING;
	t.hash_panics = key.kind == GO_ANY;
	t.pointers = key.pointers || elem.pointers || t.indirect_key || t.indirect_elem;
	t.variant = choose_variant(&key, &elem);
	return t;
}

void map_type_bucket_fields(const struct map_type *t, struct field out[4])
{
	out[0] = (struct field){ "tophash", 0, 1, SLOTS, "top" };
	out[1] = (struct field){ "keys", t->keys, t->keysize, SLOTS, "key" };
	out[2] = (struct field){ "elems", t->elems, t->elemsize, SLOTS, "elem" };
	out[3] = (struct field){ "overflow", t->overflow, 8, 1, "ptr" };
}

const struct field hmap_fields[] = {
	{ "count", HMAP_COUNT, 8, 1, "elem" },
	{ "flags", HMAP_FLAGS, 1, 1, "top" },
	{ "B", HMAP_B, 1, 1, "top" },
	{ "noverflow", HMAP_NOVERFLOW, 2, 1, "elem" },
	{ "hash0", HMAP_HASH0, 4, 1, "key" },
	{ "buckets", HMAP_BUCKETS, 8, 1, "ptr" },
	{ "oldbuckets", HMAP_OLDBUCKETS, 8, 1, "ptr" },
	{ "nevacuate", HMAP_NEVACUATE, 8, 1, "elem" },
	{ "extra", HMAP_EXTRA, 8, 1, "ptr" },
	{ 0 },
};
const struct field extra_fields[] = {
	{ "overflow", EXTRA_OVERFLOW, 8, 1, "ptr" },
	{ "oldoverflow", EXTRA_OLDOVERFLOW, 8, 1, "ptr" },
	{ "nextOverflow", EXTRA_NEXT, 8, 1, "ptr" },
	{ 0 },
};
const struct field hiter_fields[] = {
	{ "key", HITER_KEY, 8, 1, "ptr" },
	{ "elem", HITER_ELEM, 8, 1, "ptr" },
	{ "t", HITER_T, 8, 1, "ptr" },
	{ "h", HITER_H, 8, 1, "ptr" },
	{ "buckets", HITER_BUCKETS, 8, 1, "ptr" },
	{ "bptr", HITER_BPTR, 8, 1, "ptr" },
	{ "overflow", HITER_OVERFLOW, 8, 1, "ptr" },
	{ "oldoverflow", HITER_OLDOVERFLOW, 8, 1, "ptr" },
	{ "startBucket", HITER_START, 8, 1, "elem" },
	{ "offset", HITER_OFFSET, 1, 1, "elem" },
	{ "wrapped", HITER_WRAPPED, 1, 1, "elem" },
	{ "B", HITER_B, 1, 1, "elem" },
	{ "i", HITER_I, 1, 1, "elem" },
	{ "bucket", HITER_BUCKET, 8, 1, "elem" },
	{ "checkBucket", HITER_CHECK, 8, 1, "elem" },
	{ 0 },
};
