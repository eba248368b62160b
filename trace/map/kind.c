/* What all kinds of map share; see kind.h. */
#include "trace/map/kind.h"

#include <string.h>

#define MAP_KIND(NAME, name) extern const struct map_kind_ops map_kind_##name;
#include "trace/map/kinds.def"
#undef MAP_KIND

const struct map_kind_ops *const map_kinds[MAP_KINDS] = {
#define MAP_KIND(NAME, name) &map_kind_##name,
#include "trace/map/kinds.def"
#undef MAP_KIND
};

const char *const group_source_name[GROUP_SOURCES] = { "main", "pre", "heap", "dropped" };

bool map_kind_find(const char *name, enum map_kind *ret)
{
	for (int k = 0; k < MAP_KINDS; k++)
		if (strcmp(map_kinds[k]->name, name) == 0) {
			*ret = (enum map_kind)k;
			return true;
		}
	return false;
}

/* ---- opening ---- */

bool map_open_at(struct map_view *ret, enum map_kind kind, const char *go, const struct go_type *key,
	const struct go_type *elem, uint64_t header, const struct reader *r)
{
	ret->kind = map_kinds[kind];
	ret->r = r;
	ret->header = header;
	ret->key = *key;
	ret->elem = *elem;
	snprintf(ret->go, sizeof ret->go, "%s", go);
	memset(ret->state, 0, ret->kind->state);
	return ret->kind->open(ret);
}

static bool open_with(struct map_view *ret, const struct map_info *m, uint64_t header, const struct reader *r)
{
	return map_open_at(ret, (enum map_kind)m->kind, m->go, &m->key, &m->elem, header, r);
}

uint64_t map_header(const struct map_info *maps, unsigned number, const struct reader *r)
{
	const struct map_info *m = &maps[number - 1];
	struct map_view whole;
	if (!m->part_of)
		return m->header;
	const struct map_info *of = &maps[m->part_of - 1];
	return open_with(&whole, of, of->header, r) ? whole.kind->part(&whole, map_part(m) - 1) : 0;
}

void map_open_type(struct map_view *ret, const struct map_info *m)
{
	open_with(ret, m, 0, NULL);
}

bool map_open(struct map_view *ret, const struct map_info *maps, unsigned number, const struct reader *r)
{
	return open_with(ret, &maps[number - 1], map_header(maps, number, r), r);
}

/* ---- all groups ---- */

/* The first group of the array, or of those after it. */
static bool array_first(const struct map_view *v, unsigned array, struct map_group *ret)
{
	struct map_array a;
	for (; v->kind->array && v->kind->array(v, array, &a); array++)
		if (a.groups && v->kind->group(v, array, 0, ret))
			return true;
	return false;
}

bool map_first(const struct map_view *v, struct map_group *ret)
{
	return array_first(v, 0, ret);
}

bool map_next(const struct map_view *v, struct map_group *g)
{
	unsigned array = g->array;
	uint64_t index = g->index + 1;
	return v->kind->chain(v, g) || v->kind->group(v, array, index, g) || array_first(v, array + 1, g);
}

unsigned group_entries(const struct map_view *v, const struct map_group *g)
{
	struct map_slot s;
	unsigned n = 0;
	for (unsigned i = 0; i < g->slots; i++) {
		v->kind->slot(v, g, i, &s);
		n += s.state == SLOT_FULL;
	}
	return n;
}

/* ---- what lies where ---- */

const struct field *field_find(const struct field *f, uint64_t offset)
{
	for (; f->name; f++)
		if (offset >= f->offset && offset < f->offset + (uint64_t)f->size * f->count)
			return f;
	return NULL;
}

/* Is addr in the size bytes at start?  Then that is the part. */
static bool is_part(struct map_location *l, uint64_t addr, uint64_t start, uint64_t size,
	enum location_part part, int slot)
{
	if (!start || addr < start || addr - start >= size)
		return false;
	l->part = part;
	l->slot = slot;
	l->addr = start;
	l->size = size;
	return true;
}

void group_locate(
	const struct map_view *v, const struct map_group *g, uint64_t addr, struct map_location *ret)
{
	struct map_slot s;
	*ret = (struct map_location){
		.kind = LOCATION_GROUP, .group = *g, .slot = -1, .addr = addr, .size = 1
	};
	if (is_part(ret, addr, g->next_at, 8, AT_NEXT, -1))
		return;
	for (unsigned i = 0; i < g->slots; i++) {
		v->kind->slot(v, g, i, &s);
		if (is_part(ret, addr, s.control_at, 1, AT_CONTROL, (int)i) ||
			is_part(ret, addr, s.key.addr, s.key.size, AT_KEY, (int)i) ||
			is_part(ret, addr, s.elem.addr, s.elem.size, AT_ELEM, (int)i))
			return;
	}
}

static void field_location(
	struct map_location *ret, const struct map_object *o, const struct field *f, uint64_t addr)
{
	*ret = (struct map_location){ .kind = LOCATION_OBJECT,
		.object = *o,
		.field = f,
		.slot = -1,
		.addr = f ? o->addr + f->offset : addr,
		.size = f ? (uint64_t)f->size * f->count : 1 };
}

void object_locate(const struct map_object *o, uint64_t addr, struct map_location *ret)
{
	field_location(ret, o, field_find(o->fields, addr - o->addr), addr);
}

bool map_locate(
	const struct map_view *v, uint64_t addr, const uint64_t *near, unsigned n, struct map_location *ret)
{
	struct map_object o;
	struct map_group g;
	for (unsigned i = 0; v->kind->object(v, i, &o); i++)
		if (o.addr && addr >= o.addr && addr - o.addr < o.size) {
			object_locate(&o, addr, ret);
			return true;
		}
	if (!v->kind->array || !v->kind->locate(v, addr, near, n, &g))
		return false;
	group_locate(v, &g, addr, ret);
	return true;
}

/* ---- locations as text ---- */

void map_location_print(const struct map_view *v, const struct map_location *l, char *out, size_t cap)
{
	struct map_object first;
	struct map_array a = { 0 };
	char label[GROUP_LABEL], slot[16] = "";
	if (l->kind == LOCATION_OBJECT) {
		bool header = v->kind->object(v, 0, &first) && first.addr == l->object.addr;
		snprintf(out, cap, "%s%s%s", header ? "" : l->object.name, header ? "" : ".",
			l->field ? l->field->name : "?");
		return;
	}
	v->kind->array(v, l->group.array, &a);
	v->kind->label(v, &l->group, label, sizeof label);
	if (l->slot >= 0)
		snprintf(slot, sizeof slot, ":%d", l->slot);
	snprintf(out, cap, "%s %s%s%s%s", a.name, label, slot, l->part ? " " : "",
		l->part ? v->kind->part_name[l->part] : "");
}

/* "count", "hmap.count", "mapextra.overflow". */
static bool find_field(const struct map_view *v, const char *text, struct map_location *ret)
{
	struct map_object o;
	for (unsigned i = 0; v->kind->object(v, i, &o); i++) {
		size_t n = strlen(o.name);
		bool named = strncmp(text, o.name, n) == 0 && text[n] == '.';
		for (const struct field *f = o.fields; o.addr && (named || i == 0) && f->name; f++)
			if (strcmp(f->name, text + (named ? n + 1 : 0)) == 0) {
				field_location(ret, &o, f, 0);
				return true;
			}
	}
	return false;
}

/* The array that text begins with, the first if it names none; returns what follows its name. */
static const char *find_array(const struct map_view *v, const char *text, unsigned *ret)
{
	struct map_array a;
	for (unsigned i = 0; v->kind->array(v, i, &a); i++) {
		size_t n = strlen(a.name);
		if (strncmp(text, a.name, n) == 0 && text[n] == ' ') {
			*ret = i;
			return text + n + 1;
		}
	}
	*ret = 0;
	return text;
}

/* A slot's part, or the whole slot or group, that text names. */
static bool find_part(const struct map_view *v, const struct map_group *g, int slot, const char *text,
	struct map_location *ret)
{
	struct map_slot s = { 0 };
	if (slot >= 0)
		v->kind->slot(v, g, (unsigned)slot, &s);
	const uint64_t addr[LOCATION_PARTS] = { [AT_CONTROL] = s.control_at,
		[AT_KEY] = s.key.addr,
		[AT_ELEM] = s.elem.addr,
		[AT_NEXT] = slot < 0 ? g->next_at : 0 };
	const uint64_t size[LOCATION_PARTS] = {
		[AT_CONTROL] = 1, [AT_KEY] = s.key.size, [AT_ELEM] = s.elem.size, [AT_NEXT] = 8
	};
	*ret = (struct map_location){
		.kind = LOCATION_GROUP, .group = *g, .slot = slot, .addr = g->addr, .size = g->size
	};
	if (!*text)
		return true;
	for (int p = AT_CONTROL; p < LOCATION_PARTS; p++)
		if (addr[p] && strcmp(text, v->kind->part_name[p]) == 0) {
			ret->part = (enum location_part)p;
			ret->addr = addr[p];
			ret->size = size[p];
			return true;
		}
	return false;
}

bool map_find(const struct map_view *v, const char *text, struct map_location *ret)
{
	struct map_group g;
	unsigned array;
	int slot = -1, n = 0;
	if (find_field(v, text, ret))
		return true;
	if (!v->kind->array)
		return false;
	text = find_array(v, text, &array);
	if (!v->kind->find(v, array, text, &g, &text))
		return false;
	if (sscanf(text, ":%d%n", &slot, &n) == 1 && (slot < 0 || (unsigned)slot >= g.slots))
		return false;
	text += n;
	return find_part(v, &g, slot, *text == ' ' ? text + 1 : text, ret);
}
