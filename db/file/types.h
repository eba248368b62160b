/* The table of types in a trace: what the keys, elems, headers and groups of its maps are in memory.
 *
 *     map.type ─▶ type "map[string]int64" ─┬─ key ──▶ type "string"
 *                                          └─ elem ─▶ type "int64"
 *     type "bucket" (map 1), type "hmap" ─▶ their rows of field
 *
 * A reader takes keys and elems from here: their kind says how they are shown, and of a kind that it does not
 * know the size is enough (GO_OPAQUE).  What a kind of map computes itself, the layout of its groups and
 * headers, must be what the rows say; a trace whose rows differ is refused.
 *
 * A type refers only to types with smaller numbers, so there are no circles.
 */
#ifndef DB_TYPES_H
#define DB_TYPES_H

#include "trace/map/kind.h"

#include <sqlite3.h>

/* ---- writing ---- */

struct types_written {
	sqlite3_stmt *add_type, *add_field;
	struct written_type *type; /* the rows that maps share; its number is in it */
	size_t n, cap;
	int64_t last; /* number of the last row */
};

/* Adds the rows of what m is in memory, as far as they are not there; *ret is its type's number.  false:
 * SQLite says why. */
bool types_write(struct types_written *t, sqlite3 *db, const struct map_info *m, int64_t *ret);
/* Its statements are left to whoever closes the database. */
void types_written_release(struct types_written *t);

/* ---- reading ---- */

enum { TYPES_CHECKED = 32 };
struct types_read {
	struct read_type *type;   /* type[i] has number i + 1 */
	struct read_field *field; /* of the types, in their order */
	uint32_t *group;          /* number of the group of map i + 1 (0: none) */
	size_t types, types_cap, fields, fields_cap, maps;
	const struct field *checked[TYPES_CHECKED]; /* layouts of headers that are as the rows say */
	unsigned checks;
};

enum { TYPES_ERROR = 192 };
/* Reads the tables type and field of a database with that many maps.  false: wrong says what is not as it
 * should be ("" when it is SQLite that failed). */
bool types_read(struct types_read *t, sqlite3 *db, int64_t maps, char wrong[TYPES_ERROR]);
/* Sets m->key and m->elem, whose names t owns; number is map.type, key and elem are the map's columns. */
bool types_resolve(const struct types_read *t, int64_t number, const char *key, const char *elem,
	struct map_info *m, char wrong[TYPES_ERROR]);
/* Is what m's kind computes what the rows say?  m->kind is set. */
bool types_check(struct types_read *t, const struct map_info *m, char wrong[TYPES_ERROR]);
void types_read_release(struct types_read *t);

#endif
