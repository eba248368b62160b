/* Go's types; see type.h. */
#include "trace/go/type.h"

#include "trace/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of enum go_kind. */
static const struct {
	const char *name;
	uint32_t size;
	uint8_t align;
	bool pointers;
} kinds[GO_KINDS] = {
	{ "bool", 1, 1, false },
	{ "int8", 1, 1, false },
	{ "int16", 2, 2, false },
	{ "int32", 4, 4, false },
	{ "int64", 8, 8, false },
	{ "int", 8, 8, false },
	{ "uint8", 1, 1, false },
	{ "uint16", 2, 2, false },
	{ "uint32", 4, 4, false },
	{ "uint64", 8, 8, false },
	{ "uint", 8, 8, false },
	{ "uintptr", 8, 8, false },
	{ "float32", 4, 4, false },
	{ "float64", 8, 8, false },
	{ "complex64", 8, 4, false },
	{ "complex128", 16, 8, false },
	{ "string", 16, 8, true },
	{ "any", 16, 8, true },
	{ "[]byte", 0, 1, false },
	{ "struct{}", 0, 1, false },
	{ "[]int", 24, 8, true },
	{ "*entry", 8, 8, true },
	{ "?", 0, 1, false },
};

const char *const go_kind_name[GO_KINDS] = { "bool", "int8", "int16", "int32", "int64", "int", "uint8",
	"uint16", "uint32", "uint64", "uint", "uintptr", "float32", "float64", "complex64", "complex128",
	"string", "any", "array", "empty", "slice", "entry", "opaque" };

enum go_kind go_kind_find(const char *name)
{
	for (int k = 0; k < GO_KINDS; k++)
		if (strcmp(name, go_kind_name[k]) == 0)
			return (enum go_kind)k;
	return GO_OPAQUE;
}

struct go_type go_type_basic(enum go_kind kind)
{
	return (struct go_type){ kind, kinds[kind].size, kinds[kind].align, kinds[kind].pointers,
		kinds[kind].name };
}

struct go_type go_type_bytes(uint32_t n)
{
	static const char *names[GO_BYTES_MOST + 1]; /* made when asked for */
	char name[24];
	if (!names[n]) {
		snprintf(name, sizeof name, "[%u]byte", (unsigned)n);
		names[n] = memory_text(name);
	}
	return (struct go_type){ GO_BYTES, n, 1, false, names[n] };
}

static bool parse_bytes(const char *text, struct go_type *ret)
{
	char *end;
	if (text[0] != '[' || text[1] < '0' || text[1] > '9' || strlen(text) > 15)
		return false;
	unsigned long n = strtoul(text + 1, &end, 10);
	if (n > GO_BYTES_MOST || (strcmp(end, "]byte") != 0 && strcmp(end, "]uint8") != 0))
		return false;
	*ret = go_type_bytes((uint32_t)n);
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
	for (int k = 0; k < GO_SLICE; k++)
		if (k != GO_BYTES && strcmp(text, kinds[k].name) == 0) {
			*ret = go_type_basic((enum go_kind)k);
			return true;
		}
	return parse_bytes(text, ret);
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
	if (address < TYPES_AT || i % TYPE_STRIDE != 0 || i / TYPE_STRIDE >= GO_ENTRY ||
		i / TYPE_STRIDE == GO_BYTES)
		return false;
	*ret = go_type_basic((enum go_kind)(i / TYPE_STRIDE));
	return true;
}
