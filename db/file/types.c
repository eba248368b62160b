/* The table of types in a trace; see types.h. */
#include "db/file/types.h"

#include "trace/base/escape.h"
#include "trace/base/grown.h"
#include "trace/base/translate.h"
#include "trace/base/utf8.h"

#include <stdarg.h>

enum { TYPE_MOST = GO_BYTES_MOST }; /* bytes of a type */
enum { TYPES_MOST = 1 << 25 };      /* rows */

/* ---- writing ---- */

/* A row; key and elem are numbers, 0: none. */
struct written_type {
	int64_t number;
	char *name;
	const char *kind;
	uint32_t size, align;
	bool pointers;
	int64_t key, elem, count;
	const struct field *
		fields; /* ended by a NULL name; NULL: none.  Of a group they change: it is never looked up */
	uint32_t map;   /* of a group, 0: none */
};

/* A size of 0 and a number of 0 are different things: what is null is said. */
static void bind(sqlite3_stmt *st, int i, int64_t v, bool null)
{
	if (null)
		sqlite3_bind_null(st, i);
	else
		sqlite3_bind_int64(st, i, v);
}

static bool run(sqlite3_stmt *st)
{
	return sqlite3_step(st) == SQLITE_DONE && sqlite3_reset(st) == SQLITE_OK;
}

/* A field of a group that holds keys or elems in place refers to their type. */
static bool field_add(struct types_written *t, const struct written_type *of, const struct field *f,
	const struct map_info *m)
{
	sqlite3_stmt *st = t->add_field;
	bool key = of->map && strcmp(f->role, "key") == 0 && f->size == m->key.size;
	bool elem = of->map && strcmp(f->role, "elem") == 0 && f->size == m->elem.size;
	bind(st, 1, of->number, false);
	sqlite3_bind_text(st, 2, f->name, -1, SQLITE_STATIC);
	bind(st, 3, f->offset, false);
	bind(st, 4, f->size, false);
	bind(st, 5, f->count, false);
	sqlite3_bind_text(st, 6, f->role, -1, SQLITE_STATIC);
	bind(st, 7, key ? of->key : of->elem, !key && !elem);
	return run(st);
}

static bool type_insert(struct types_written *t, struct written_type *row, const struct map_info *m)
{
	sqlite3_stmt *st = t->add_type;
	row->number = ++t->last;
	bind(st, 1, row->number, false);
	sqlite3_bind_text(st, 2, row->name, -1, SQLITE_STATIC);
	bind(st, 3, row->map, !row->map);
	bind(st, 4, row->size, false);
	sqlite3_bind_text(st, 5, row->kind, -1, SQLITE_STATIC);
	bind(st, 6, row->align, false);
	bind(st, 7, row->pointers, false);
	bind(st, 8, row->key, !row->key);
	bind(st, 9, row->elem, !row->elem);
	bind(st, 10, row->count, !row->count && strcmp(row->kind, go_kind_name[GO_BYTES]) != 0);
	bool good = run(st);
	for (const struct field *f = row->fields; good && f && f->name; f++)
		good = field_add(t, row, f, m);
	return good;
}

static bool same(const struct written_type *a, const struct written_type *b)
{
	return a->size == b->size && a->key == b->key && a->elem == b->elem && a->fields == b->fields &&
		a->align == b->align && a->pointers == b->pointers && strcmp(a->kind, b->kind) == 0 &&
		strcmp(a->name, b->name) == 0;
}

/* The number of a row that maps share, which is added when it is not there; 0: failed.  The name is copied.
 */
static int64_t shared_add(struct types_written *t, struct written_type row, const struct map_info *m)
{
	for (size_t i = 0; i < t->n; i++)
		if (same(&t->type[i], &row))
			return t->type[i].number;
	if (!type_insert(t, &row, m))
		return 0;
	t->type = grown(t->type, &t->cap, t->n, sizeof *t->type);
	row.name = memory_text(row.name);
	t->type[t->n++] = row;
	return row.number;
}

static int64_t value_add(struct types_written *t, const struct go_type *g, const struct map_info *m)
{
	struct written_type row = { .name = (char *)(uintptr_t)g->name,
		.kind = go_kind_name[g->kind],
		.size = g->size,
		.align = g->align,
		.pointers = g->pointers };
	if (g->kind == GO_BYTES) {
		struct go_type byte = go_type_basic(GO_UINT8);
		row.elem = value_add(t, &byte, m);
		row.count = g->size;
		if (!row.elem)
			return 0;
	}
	return shared_add(t, row, m);
}

/* The largest power of two, at most 8, that can be the alignment of all fields. */
static uint32_t fields_align(const struct field *f, uint32_t size)
{
	uint32_t align = 1;
	for (; f->name; f++)
		while (align < 8 && f->size % (2 * align) == 0 && f->size)
			align *= 2;
	while (size % align)
		align /= 2;
	return align;
}

static bool fields_point(const struct field *f)
{
	for (; f->name; f++)
		if (strcmp(f->role, "ptr") == 0)
			return true;
	return false;
}

static bool object_add(struct types_written *t, const struct map_object *o, const struct map_info *m)
{
	struct written_type row = { .name = (char *)(uintptr_t)o->name,
		.kind = "struct",
		.size = o->size,
		.fields = o->fields,
		.align = fields_align(o->fields, o->size),
		.pointers = fields_point(o->fields) };
	return shared_add(t, row, m) != 0;
}

static bool objects_add(struct types_written *t, const struct map_view *v, const struct map_info *m)
{
	struct map_object o;
	bool good = true;
	for (unsigned i = 0; good && v->kind->object(v, i, &o); i++)
		good = object_add(t, &o, m);
	for (int role = 0; good && role < ROLES; role++)
		if (v->kind->block(v, &(struct block){ .role = (enum block_role)role, .map = m->map }, &o))
			good = object_add(t, &o, m);
	return good;
}

static bool group_add(struct types_written *t, const struct map_shape *s, int64_t key, int64_t elem,
	const struct map_info *m)
{
	struct written_type row = { .name = (char *)(uintptr_t)s->name,
		.kind = "group",
		.size = s->size,
		.fields = s->field,
		.align = fields_align(s->field, s->size),
		.pointers = fields_point(s->field) || m->key.pointers || m->elem.pointers,
		.key = key,
		.elem = elem,
		.count = s->slots,
		.map = m->map };
	return type_insert(t, &row, m);
}

static bool writing_begin(struct types_written *t, sqlite3 *db)
{
	if (t->add_field)
		return true;
	return sqlite3_prepare_v2(db,
		       "INSERT INTO type(type,name,map,size,kind,align,pointers,key,elem,count)"
		       " VALUES(?,?,?,?,?,?,?,?,?,?)",
		       -1, &t->add_type, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(db,
			"INSERT INTO field(type,name,offset,size,count,role,item) VALUES(?,?,?,?,?,?,?)", -1,
			&t->add_field, NULL) == SQLITE_OK;
}

bool types_write(struct types_written *t, sqlite3 *db, const struct map_info *m, int64_t *ret)
{
	struct map_shape shape;
	struct map_view v;
	if (!writing_begin(t, db))
		return false;
	map_open_type(&v, m);
	size_t cap = strlen(m->key.name) + strlen(m->elem.name) + MAP_TYPE;
	struct written_type row = { .name = memory_get(cap),
		.kind = "map",
		.size = 8,
		.align = 8,
		.pointers = true,
		.key = value_add(t, &m->key, m),
		.elem = value_add(t, &m->elem, m) };
	v.kind->type(m, row.name, cap);
	*ret = row.key && row.elem ? shared_add(t, row, m) : 0;
	free(row.name);
	return *ret && objects_add(t, &v, m) &&
		(!v.kind->shape(&v, &shape) || group_add(t, &shape, row.key, row.elem, m));
}

void types_written_release(struct types_written *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->type[i].name);
	free(t->type);
}

/* ---- reading ---- */

enum type_use { TYPE_VALUE, TYPE_MAP, TYPE_GROUP };

struct read_type {
	struct go_type go; /* its name is owned */
	enum type_use use;
	uint32_t key, elem;   /* numbers; 0: none */
	uint32_t count;       /* of an array */
	size_t field, fields; /* the first, and how many */
};

struct read_field {
	char *name, *role;
	uint32_t offset, size, count;
};

static bool bad(char wrong[TYPES_ERROR], const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool bad(char wrong[TYPES_ERROR], const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(wrong, TYPES_ERROR, _(format), ap);
	va_end(ap);
	return false;
}

/* A text that can be shown wherever a type's name is, perhaps empty; NULL: it is none. */
static const char *column_text(sqlite3_stmt *st, int column)
{
	const char *s = (const char *)sqlite3_column_text(st, column);
	uint32_t ch = 0;
	if (!s || strlen(s) != (size_t)sqlite3_column_bytes(st, column))
		return NULL;
	for (const char *p = s; *p;) {
		unsigned n = utf8_decode(p, strlen(p) < UTF8_MOST ? strlen(p) : UTF8_MOST, &ch);
		if (n == 0 || escape_is_hidden(ch))
			return NULL;
		p += n;
	}
	return s;
}

static const char *column_name(sqlite3_stmt *st, int column)
{
	const char *s = column_text(st, column);
	return s && *s ? s : NULL;
}

/* A number from 0 to most; null is 0. */
static bool column_number(sqlite3_stmt *st, int column, int64_t most, uint32_t *ret)
{
	int64_t v = sqlite3_column_int64(st, column);
	*ret = (uint32_t)v;
	return v >= 0 && v <= most;
}

/* Is a type of a kind that this program knows as Go has it? */
static bool value_good(const struct types_read *t, const struct read_type *r)
{
	struct go_type known = go_type_basic(r->go.kind);
	if (r->go.kind == GO_BYTES) {
		known.size = r->count;
		if (!r->elem || t->type[r->elem - 1].go.kind != GO_UINT8)
			return false;
	}
	return known.size == r->go.size && known.align == r->go.align && known.pointers == r->go.pointers;
}

static bool use_good(struct types_read *t, struct read_type *r, uint32_t number, const char *kind,
	int64_t map, char wrong[])
{
	r->use = strcmp(kind, "map") == 0 ? TYPE_MAP : strcmp(kind, "group") == 0 ? TYPE_GROUP : TYPE_VALUE;
	r->go.kind = r->use == TYPE_VALUE ? go_kind_find(kind) : GO_OPAQUE;
	if (r->go.kind == GO_BYTES && r->elem && t->type[r->elem - 1].go.kind != GO_UINT8)
		r->go.kind = GO_OPAQUE; /* an array of something else */
	if (r->go.kind != GO_OPAQUE && !value_good(t, r))
		return bad(wrong, "its type %u is not as Go has it", number);
	if (r->use != TYPE_VALUE && (!r->key || !r->elem))
		return bad(wrong, "its type %u lacks a key or elem", number);
	if ((r->use == TYPE_GROUP) != (map != 0) || map < 0 || map > (int64_t)t->maps)
		return bad(wrong, "its type %u is of a map that is not there", number);
	if (map && t->group[map - 1])
		return bad(wrong, "map %u has two types of groups", (unsigned)map);
	if (map)
		t->group[map - 1] = number;
	return true;
}

static bool type_get(struct types_read *t, sqlite3_stmt *st, char wrong[])
{
	struct read_type *r = &t->type[t->types];
	uint32_t number = (uint32_t)t->types + 1, align;
	const char *name = column_name(st, 1), *kind = column_name(st, 4);
	if (sqlite3_column_int64(st, 0) != number || number > TYPES_MOST)
		return bad(wrong, "its types are not numbered 1, 2, ...");
	if (!name || !kind)
		return bad(wrong, "its type %u has no name or kind that can be shown", number);
	if (!column_number(st, 3, TYPE_MOST, &r->go.size) || !column_number(st, 5, 64, &align) || !align ||
		align & (align - 1) || r->go.size % align || !column_number(st, 9, TYPE_MOST, &r->count))
		return bad(wrong, "its type %u has no sound size", number);
	if (!column_number(st, 7, number - 1, &r->key) || !column_number(st, 8, number - 1, &r->elem))
		return bad(wrong, "its type %u refers to a type that does not come before it", number);
	r->go.align = (uint8_t)align;
	r->go.pointers = sqlite3_column_int64(st, 6) != 0;
	r->go.name = name;
	if (!use_good(t, r, number, kind, sqlite3_column_int64(st, 2), wrong))
		return false;
	r->go.name = memory_text(name);
	t->types++;
	return true;
}

/* Doubled names are looked for among the fields of a type. */
static bool name_doubled(const struct types_read *t, const struct read_type *of, const char *name)
{
	for (size_t i = of->field; i < of->field + of->fields; i++)
		if (strcmp(t->field[i].name, name) == 0)
			return true;
	return false;
}

enum { FIELDS_MOST = 1000 }; /* of a type */

static bool field_get(struct types_read *t, sqlite3_stmt *st, char wrong[])
{
	struct read_field *f = &t->field[t->fields], *before = f - 1;
	const char *name = column_name(st, 1), *role = column_text(st, 5);
	int64_t number = sqlite3_column_int64(st, 0);
	uint32_t item;
	if (number < 1 || number > (int64_t)t->types)
		return bad(wrong, "a field is of a type that is not there");
	struct read_type *of = &t->type[number - 1];
	if (!name || !role)
		return bad(wrong, "a field of its type %u has no name or role that can be shown",
			(unsigned)number);
	if (!column_number(st, 2, of->go.size, &f->offset) || !column_number(st, 3, of->go.size, &f->size) ||
		!column_number(st, 4, TYPE_MOST, &f->count) ||
		f->offset + (uint64_t)f->size * f->count > of->go.size)
		return bad(wrong, "a field of its type %u is outside of it", (unsigned)number);
	if (of->fields && f->offset < before->offset + before->size * before->count)
		return bad(wrong, "two fields of its type %u overlap", (unsigned)number);
	if (of->fields == FIELDS_MOST || name_doubled(t, of, name))
		return bad(wrong, "two fields of its type %u have one name, or there are too many",
			(unsigned)number);
	if (!column_number(st, 6, number - 1, &item) || (item && t->type[item - 1].go.size != f->size))
		return bad(wrong, "a field of its type %u is of a type that does not come before it",
			(unsigned)number);
	f->name = memory_text(name);
	f->role = memory_text(role);
	of->field = of->fields++ ? of->field : t->fields;
	t->fields++;
	return true;
}

/* Steps through a query; false also when SQLite failed (wrong is empty then). */
static bool rows_each(struct types_read *t, sqlite3 *db, const char *sql,
	bool (*get)(struct types_read *, sqlite3_stmt *, char *), char wrong[])
{
	sqlite3_stmt *st;
	int code = SQLITE_DONE;
	bool good = true;
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return false;
	while (good && (code = sqlite3_step(st)) == SQLITE_ROW) {
		t->type = grown(t->type, &t->types_cap, t->types, sizeof *t->type);
		t->field = grown(t->field, &t->fields_cap, t->fields, sizeof *t->field);
		good = get(t, st, wrong);
	}
	sqlite3_finalize(st);
	return good && code == SQLITE_DONE;
}

bool types_read(struct types_read *t, sqlite3 *db, int64_t maps, char wrong[TYPES_ERROR])
{
	wrong[0] = 0;
	t->maps = (size_t)maps;
	t->group = memory_array(t->maps + 1, sizeof *t->group);
	return rows_each(t, db,
		       "SELECT type, name, map, size, kind, align, pointers, key, elem, count FROM type "
		       "ORDER BY type",
		       type_get, wrong) &&
		rows_each(t, db,
			"SELECT type, name, offset, size, count, role, item FROM field ORDER BY type, "
			"offset, size * count",
			field_get, wrong);
}

bool types_resolve(const struct types_read *t, int64_t number, const char *key, const char *elem,
	struct map_info *m, char wrong[TYPES_ERROR])
{
	if (number < 1 || number > (int64_t)t->types || t->type[number - 1].use != TYPE_MAP)
		return bad(wrong, "map %u is of a type that is not there", m->map);
	m->key = t->type[t->type[number - 1].key - 1].go;
	m->elem = t->type[t->type[number - 1].elem - 1].go;
	if (!key || !elem || strcmp(key, m->key.name) != 0 || strcmp(elem, m->elem.name) != 0)
		return bad(wrong, "map %u is said to be of two types", m->map);
	return true;
}

/* ---- checking ---- */

static const struct read_field *field_of(
	const struct types_read *t, const struct read_type *r, const char *name)
{
	for (size_t i = r->field; i < r->field + r->fields; i++)
		if (strcmp(t->field[i].name, name) == 0)
			return &t->field[i];
	return NULL;
}

static bool fields_same(
	const struct types_read *t, const struct read_type *r, uint32_t size, const struct field *f)
{
	size_t n = 0;
	for (; f->name; f++, n++) {
		const struct read_field *have = field_of(t, r, f->name);
		if (!have || have->offset != f->offset || have->size != f->size || have->count != f->count ||
			strcmp(have->role, f->role) != 0)
			return false;
	}
	return r->go.size == size && r->fields == n;
}

/* Some type of the object's name is laid out as the kind has it.  The runtime's structs are few and static.
 */
static bool object_check(
	struct types_read *t, const struct map_object *o, const struct map_info *m, char wrong[])
{
	for (unsigned i = 0; i < t->checks; i++)
		if (t->checked[i] == o->fields)
			return true;
	for (size_t i = 0; i < t->types; i++)
		if (t->type[i].use == TYPE_VALUE && strcmp(t->type[i].go.name, o->name) == 0 &&
			fields_same(t, &t->type[i], o->size, o->fields)) {
			if (t->checks < TYPES_CHECKED)
				t->checked[t->checks++] = o->fields;
			return true;
		}
	return bad(
		wrong, "%s of map %u is laid out in a way that this release does not know", o->name, m->map);
}

static bool objects_check(
	struct types_read *t, const struct map_view *v, const struct map_info *m, char wrong[])
{
	struct map_object o;
	for (unsigned i = 0; v->kind->object(v, i, &o); i++)
		if (!object_check(t, &o, m, wrong))
			return false;
	for (int role = 0; role < ROLES; role++)
		if (v->kind->block(v, &(struct block){ .role = (enum block_role)role, .map = m->map }, &o) &&
			!object_check(t, &o, m, wrong))
			return false;
	return true;
}

bool types_check(struct types_read *t, const struct map_info *m, char wrong[TYPES_ERROR])
{
	uint32_t group = m->map <= t->maps ? t->group[m->map - 1] : 0;
	struct map_shape shape;
	struct map_view v;
	map_open_type(&v, m);
	if (!objects_check(t, &v, m, wrong))
		return false;
	bool groups = v.kind->shape(&v, &shape);
	if (groups != (group != 0))
		return bad(wrong, "map %u lacks the type of its groups, or has one too many", m->map);
	const struct read_type *r = groups ? &t->type[group - 1] : NULL;
	if (groups &&
		(r->count != shape.slots || strcmp(r->go.name, shape.name) != 0 ||
			!fields_same(t, r, shape.size, shape.field) ||
			strcmp(t->type[r->key - 1].go.name, m->key.name) != 0 ||
			strcmp(t->type[r->elem - 1].go.name, m->elem.name) != 0))
		return bad(wrong, "a %s of map %u is laid out in a way that this release does not know",
			shape.name, m->map);
	return true;
}

void types_read_release(struct types_read *t)
{
	for (size_t i = 0; i < t->types; i++)
		free((char *)(uintptr_t)t->type[i].go.name);
	for (size_t i = 0; i < t->fields; i++) {
		free(t->field[i].name);
		free(t->field[i].role);
	}
	free(t->type);
	free(t->field);
	free(t->group);
}
