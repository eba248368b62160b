/* Go's types, and structs of them, as data.
 *
 * Facts: Go 1.18 to 1.23, amd64.
 */
#ifndef TRACE_TYPE_H
#define TRACE_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum go_kind {
	GO_BOOL,
	GO_INT8,
	GO_INT16,
	GO_INT32,
	GO_INT64,
	GO_INT,
	GO_UINT8,
	GO_UINT16,
	GO_UINT32,
	GO_UINT64,
	GO_UINT,
	GO_UINTPTR,
	GO_FLOAT32,
	GO_FLOAT64,
	GO_COMPLEX64,
	GO_COMPLEX128,
	GO_STRING,
	GO_ANY,
	GO_BYTES,
	GO_EMPTY,
	GO_SLICE /* []int, only inside an any: it cannot be hashed */,
	GO_ENTRY /* *entry, only the elem of a sync.Map's two maps */,
	GO_OPAQUE /* any other, only in a recording: size, align and pointers are all that is known */,
	GO_KINDS
};

struct go_type {
	enum go_kind kind;
	uint32_t size;    /* bytes */
	uint8_t align;    /* bytes */
	bool pointers;    /* the collector must look at it */
	const char *name; /* Go's syntax: "string", "[16]byte", "struct{}".  Of a recording: owned by its
			     source, any length; else it stays as long as the program runs */
};

/* Parses Go's type syntax without blanks, as a workload has it.  false: unknown type; *ret untouched. */
bool go_type_parse(const char *text, struct go_type *ret);
/* Parses "map[K]V".  false: it is none; *ret_wrong (a place in text) is where. */
bool go_map_parse(
	const char *text, struct go_type *ret_key, struct go_type *ret_elem, const char **ret_wrong);
/* The type of a basic kind (not GO_BYTES, GO_OPAQUE). */
struct go_type go_type_basic(enum go_kind kind);
/* [n]byte; n is at most GO_BYTES_MOST: a group of such elems is only pointers, the value itself one object.
 */
enum { GO_BYTES_MOST = 1 << 20 };
struct go_type go_type_bytes(uint32_t n);
/* The word for a kind in a trace's table of types: "int64", "string", "array" for GO_BYTES.  The inverse
 * gives GO_OPAQUE for any other word. */
extern const char *const go_kind_name[GO_KINDS];
enum go_kind go_kind_find(const char *name);
/* An address that stands for the type's descriptor in an `any`: in the region of the program's read-only
 * data, below every heap.  Only basic kinds occur inside an any.  The inverse gives false for any other word.
 */
uint64_t go_type_address(enum go_kind kind);
bool go_type_from_address(uint64_t address, struct go_type *ret);

/* One part of a structure in memory: types are data, views know no engine. */
struct field {
	const char *name;      /* "tophash", "keys", "elems", "overflow"; "count", "flags", ... */
	uint32_t offset, size; /* bytes; size of one item */
	uint32_t count;        /* items */
	const char *role;      /* "top" "key" "elem" "ptr" "pad" */
};

#endif
