/* Go's types; see type.h. */
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
