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

/* A map that stands by itself can be watched before it is made: its place is known. */
static bool find(const struct scene *s, const char *text, struct map_location *ret)
{
	return s->map && s->view.header && map_find(&s->view, text, ret);
}

bool target_field(struct watch *w, const struct scene *s, const char *name)
{
	struct map_location l;
	if (!find(s, name, &l) || l.kind != LOCATION_OBJECT || l.object.addr != s->view.header)
		return false;
	watch_range(w, l.addr, l.size, l.field->name);
	return true;
}

static bool parse_place(struct watch *w, const struct scene *s, const char *text)
{
	char name[WATCH_NAME];
	struct map_location l;
	if (!find(s, text, &l))
		return false;
	map_location_print(&s->view, &l, name, sizeof name);
	if (l.kind == LOCATION_GROUP && !l.part)
		target_group(w, s, &l.group, l.slot);
	else
		watch_range(w, l.addr, l.size, name);
	return true;
}

/* Is it a group, or one of its slots, that is not there? */
static bool no_such_group(const struct scene *s, const char *text)
{
	const char *blank = strrchr(text, ' '), *p = blank ? blank + 1 : text;
	char group[WATCH_NAME];
	struct map_location l;
	snprintf(group, sizeof group, "%.*s", (int)strcspn(text, ":"), text);
	return *p >= '0' && *p <= '9' && !p[strspn(p, "0123456789.:")] && !find(s, group, &l);
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
	if (parse_address(w, text) || parse_place(w, s, text))
		return true;
	snprintf(error, cap,
		no_such_group(s, text) ? _("there is no such bucket here: %s")
				       : _("cannot be watched: %s; try count, 3, 3.1:2, old 3, c0000040d2+8"),
		text);
	return false;
}
