/* What can be watched; see target.h. */
#include "ui/scene/target.h"
#include "ui/grid/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void target_group(struct watch *w, const struct scene *s, const struct map_group *g, int slot)
{
	struct map_slot at;
	char name[WATCH_NAME];
	group_label(s, g, true, name, sizeof name);
	if (slot < 0 || slot >= (int)g->slots) {
		watch_range(w, g->addr, g->size, name);
		return;
	}
	s->view.kind->slot(&s->view, g, (unsigned)slot, &at);
	*w = (struct watch){ .parts = at.control_at ? 3 : 2,
		.part = { { at.key.addr, at.key.size }, { at.elem.addr, at.elem.size } } };
	if (at.control_at) {
		memmove(&w->part[1], &w->part[0], 2 * sizeof w->part[0]);
		w->part[0].addr = at.control_at;
		w->part[0].size = 1;
	}
	snprintf(w->name, sizeof w->name, "%.50s:%d", name, slot);
}

bool target_field(struct watch *w, const struct scene *s, const char *name)
{
	struct map_object o;
	/* a map that stands by itself can be watched before it is made: its place is known */
	uint64_t header = s->live ? s->view.header : s->map ? s->map->hmap : 0;
	if (!header || !s->view.kind->object(&s->view, 0, &o))
		return false;
	size_t n = strlen(o.name);
	if (strncmp(name, o.name, n) == 0 && name[n] == '.')
		name += n + 1;
	for (const struct field *f = o.fields; f->name; f++)
		if (strcmp(f->name, name) == 0) {
			watch_range(w, header + f->offset, (uint64_t)f->size * f->count, name);
			return true;
		}
	return false;
}

static bool fail(char *error, size_t cap, const char *why, const char *text)
{
	snprintf(error, cap, why, text);
	return false;
}

/* The array that text begins with the name of, and what follows that; else the first. */
static unsigned parse_array(const struct map_view *v, const char **text)
{
	struct map_array a;
	for (unsigned i = 0; v->kind->array && v->kind->array(v, i, &a); i++) {
		size_t n = strlen(a.name);
		if (n && strncmp(*text, a.name, n) == 0 && (*text)[n] == ' ') {
			*text += n + 1;
			return i;
		}
	}
	return 0;
}

/* "3", "3.1", "3.1:2", "old 3:2". */
static bool parse_group(struct watch *w, const struct scene *s, const char *text, char *error, size_t cap)
{
	const char *p = text, *end = text;
	struct map_group g;
	char *rest;
	bool arrays = s->live && s->view.kind->array;
	unsigned array = arrays ? parse_array(&s->view, &p) : 0;
	bool number = *p >= '0' && *p <= '9' && !p[strspn(p, "0123456789.:")];
	bool found = arrays && s->view.kind->find(&s->view, array, p, &g, &end);
	if (!found)
		return fail(error, cap,
			number ? _("there is no such bucket here: %s")
			       : _("cannot be watched: %s; try count, 3, 3.1:2, old 3, c0000040d2+8"),
			text);
	unsigned long slot = *end == ':' ? strtoul(end + 1, &rest, 10) : g.slots;
	if (*end == ':' ? *rest || slot >= g.slots : *end)
		return fail(error, cap, _("cannot be watched: %s; try count, 3, 3.1:2, old 3, c0000040d2+8"),
			text);
	target_group(w, s, &g, slot == g.slots ? -1 : (int)slot);
	return true;
}

/* "c0000040d2+8"; a short number is a bucket, addresses of Go's heap have ten digits. */
static bool parse_address(struct watch *w, const char *text)
{
	char *end;
	size_t digits = strspn(text, "0123456789abcdefABCDEF");
	if (digits < 6 || digits > 16)
		return false;
	uint64_t addr = strtoull(text, &end, 16), size = 1;
	if (*end == '+' && end[1] >= '1' && end[1] <= '9')
		size = strtoull(end + 1, &end, 10);
	if (*end || size > UINT64_MAX - addr)
		return false;
	watch_range(w, addr, size, NULL);
	return true;
}

bool target_parse(struct watch *w, const struct scene *s, const char *text, char *error, size_t cap)
{
	return target_field(w, s, text) || parse_address(w, text) || parse_group(w, s, text, error, cap);
}
