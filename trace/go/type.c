/* Go's types and the layout of their maps; see type.h. */
#include "trace/go/type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of enum go_kind. */
static const struct { const char *name; uint32_t size; bool pointers; } kinds[GO_KINDS] = {
	{ "bool", 1, false }, { "int8", 1, false }, { "int16", 2, false }, { "int32", 4, false }, { "int64", 8, false },
	{ "int", 8, false }, { "uint8", 1, false }, { "uint16", 2, false }, { "uint32", 4, false },
	{ "uint64", 8, false }, { "uint", 8, false }, { "uintptr", 8, false }, { "float32", 4, false },
	{ "float64", 8, false }, { "complex64", 8, false }, { "complex128", 16, false }, { "string", 16, true },
	{ "any", 16, true }, { "[]byte", 0, false }, { "struct{}", 0, false }, { "[]int", 24, true },
	{ "*entry", 8, true },
};

const char *const map_variant_name[4] = { "", "_fast32", "_fast64", "_faststr" };

struct go_type go_type_basic(enum go_kind kind)
{
	struct go_type t = { .kind = kind, .size = kinds[kind].size, .pointers = kinds[kind].pointers };
	snprintf(t.name, sizeof t.name, "%s", kinds[kind].name);
	return t;
}

/* The longest array: a bucket of such elems is only pointers, the value itself one object. */
enum { MAX_BYTES = 1 << 20 };

static bool parse_bytes(const char *text, struct go_type *ret)
{
	char *end;
	if (text[0] != '[' || text[1] < '0' || text[1] > '9' || strlen(text) > 15)
		return false;
	unsigned long n = strtoul(text + 1, &end, 10);
	if (n > MAX_BYTES || (strcmp(end, "]byte") != 0 && strcmp(end, "]uint8") != 0))
		return false;
	*ret = (struct go_type){ .kind = GO_BYTES, .size = (uint32_t)n };
	snprintf(ret->name, sizeof ret->name, "[%lu]byte", n);
	return true;
}

bool go_type_parse(const char *text, struct go_type *ret)
{
	if (strcmp(text, "byte") == 0)
		text = "uint8";
	else if (strcmp(text, "rune") == 0)
		text = "int32";
	else if (strcmp(text, "interface{}") == 0)
		text = "any";
	for (int k = 0; k < GO_KINDS; k++)
		if (k != GO_BYTES && k != GO_SLICE && k != GO_ENTRY && strcmp(text, kinds[k].name) == 0) {
			*ret = go_type_basic((enum go_kind)k);
			return true;
		}
	return parse_bytes(text, ret);
}

bool go_type_recorded(const char *text, struct go_type *ret)
{
	if (strcmp(text, kinds[GO_ENTRY].name) != 0)
		return go_type_parse(text, ret);
	*ret = go_type_basic(GO_ENTRY);
	return true;
}

bool go_map_parse(const char *text, struct go_type *ret_key, struct go_type *ret_elem, const char **ret_wrong)
{
	const char *at = text + 4;
	char key[32];
	int depth = 1;
	*ret_wrong = text;
	if (strncmp(text, "map[", 4) != 0)
		return false;
	while (*at && (depth += *at == '[' ? 1 : *at == ']' ? -1 : 0) > 0)
		at++;
	size_t n = (size_t)(at - text) - 4;
	if (!*at || n >= sizeof key) {
		*ret_wrong = at;
		return false;
	}
	memcpy(key, text + 4, n);
	key[n] = 0;
	*ret_wrong = text + 4;
	if (!go_type_parse(key, ret_key))
		return false;
	*ret_wrong = at + 1;
	return go_type_parse(at + 1, ret_elem);
}

/* Go puts type descriptors into read-only data, some 0x60 bytes each. */
enum { TYPES_AT = 0x480000, TYPE_STRIDE = 0x60 };

uint64_t go_type_address(enum go_kind kind)
{
	return TYPES_AT + (uint64_t)kind * TYPE_STRIDE;
}

bool go_type_from_address(uint64_t address, struct go_type *ret)
{
	uint64_t i = address - TYPES_AT;
	if (address < TYPES_AT || i % TYPE_STRIDE != 0 || i / TYPE_STRIDE >= GO_KINDS || i / TYPE_STRIDE == GO_BYTES ||
	    i / TYPE_STRIDE == GO_ENTRY)
		return false;
	*ret = go_type_basic((enum go_kind)(i / TYPE_STRIDE));
	return true;
}

/* cmd/compile/internal/walk.mapfast: by the key's kind of memory, and only when the elem is stored in place. */
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
	{ "count", HMAP_COUNT, 8, 1, "elem" }, { "flags", HMAP_FLAGS, 1, 1, "top" }, { "B", HMAP_B, 1, 1, "top" },
	{ "noverflow", HMAP_NOVERFLOW, 2, 1, "elem" }, { "hash0", HMAP_HASH0, 4, 1, "key" },
	{ "buckets", HMAP_BUCKETS, 8, 1, "ptr" }, { "oldbuckets", HMAP_OLDBUCKETS, 8, 1, "ptr" },
	{ "nevacuate", HMAP_NEVACUATE, 8, 1, "elem" }, { "extra", HMAP_EXTRA, 8, 1, "ptr" }, { 0 },
};
const struct field extra_fields[] = {
	{ "overflow", EXTRA_OVERFLOW, 8, 1, "ptr" }, { "oldoverflow", EXTRA_OLDOVERFLOW, 8, 1, "ptr" },
	{ "nextOverflow", EXTRA_NEXT, 8, 1, "ptr" }, { 0 },
};
const struct field hiter_fields[] = {
	{ "key", HITER_KEY, 8, 1, "ptr" }, { "elem", HITER_ELEM, 8, 1, "ptr" }, { "t", HITER_T, 8, 1, "ptr" },
	{ "h", HITER_H, 8, 1, "ptr" }, { "buckets", HITER_BUCKETS, 8, 1, "ptr" }, { "bptr", HITER_BPTR, 8, 1, "ptr" },
	{ "overflow", HITER_OVERFLOW, 8, 1, "ptr" }, { "oldoverflow", HITER_OLDOVERFLOW, 8, 1, "ptr" },
	{ "startBucket", HITER_START, 8, 1, "elem" }, { "offset", HITER_OFFSET, 1, 1, "elem" },
	{ "wrapped", HITER_WRAPPED, 1, 1, "elem" }, { "B", HITER_B, 1, 1, "elem" }, { "i", HITER_I, 1, 1, "elem" },
	{ "bucket", HITER_BUCKET, 8, 1, "elem" }, { "checkBucket", HITER_CHECK, 8, 1, "elem" }, { 0 },
};
