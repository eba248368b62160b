/* What lies at an address, and texts from a trace; what a map's memory is, its kind says. */
#include "ui/scene/explain.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include "trace/base/escape.h"
#include "trace/map/locate.h"

#include <stdio.h>
#include <string.h>

struct place place_found(const struct map_location *l)
{
	return (struct place){ .kind = l->kind == LOCATION_OBJECT ? PLACE_OBJECT : PLACE_GROUP,
		.object = l->object.name,
		.field = l->field,
		.group = l->group,
		.part = l->part,
		.slot = l->slot };
}

/* What the kind of the map knows of an address, where ui/scene/KIND says no more. */
static bool place_of_kind(const struct scene *s, uint64_t addr, struct place *ret)
{
	struct map_location l;
	if (!s->live || !map_locate(&s->view, addr, NULL, 0, &l))
		return false;
	*ret = place_found(&l);
	return true;
}

static void phrase_of_kind(const struct scene *s, const struct place *p, char *out, size_t cap)
{
	const char *part = s->view.kind->part_name[p->part];
	char label[GROUP_LABEL + 32];
	if (p->kind == PLACE_OBJECT) {
		snprintf(out, cap, "%s.%s", p->object, p->field ? p->field->name : "?");
		return;
	}
	group_label(s, &p->group, false, label, sizeof label);
	if (p->slot >= 0)
		snprintf(out, cap, "%s:%d %s", label, p->slot, part);
	else
		snprintf(out, cap, "%s %s", label, part);
}

/* A block that the operation has made: block_around looks for no beginning far away. */
static bool block_made(const struct scene *s, uint64_t addr, struct block *ret)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;) {
		const struct event *e = &s->log->event[i];
		if (e->kind == EV_ALLOC && addr >= e->addr && addr - e->addr < e->size)
			return s->mem->block(s->mem, e->addr, ret);
	}
	return false;
}

struct place scene_place(const struct scene *s, uint64_t addr)
{
	const struct explain *x = explain_of(s->map);
	struct place p = { .kind = PLACE_NONE, .slot = -1 };
	struct block b;
	if (!addr || !s->mem || (x && (x->place ? x->place(s, addr, &p) : place_of_kind(s, addr, &p))))
		return p;
	if (block_around(s->mem, addr, &b) || block_made(s, addr, &b)) {
		p.kind = PLACE_OTHER;
		p.role = b.role < ROLES ? b.role : ROLE_NONE;
	}
	return p;
}

bool place_in(const struct place *p, const char *object)
{
	return p->kind == PLACE_OBJECT && strcmp(p->object, object) == 0;
}

bool place_of(const struct scene *s, uint64_t addr, const char *object)
{
	struct place p = scene_place(s, addr);
	return place_in(&p, object);
}

void event_place_phrase(const struct scene *s, const struct event *e, char *out, size_t cap)
{
	struct place p = scene_place(s, e->addr);
	uint64_t end = e->addr + (e->size ? e->size - 1 : 0);
	if (p.kind == PLACE_OBJECT && p.field && e->size > (uint64_t)p.field->size * p.field->count) {
		snprintf(out, cap, "%s", p.object);
		return;
	}
	if (p.kind == PLACE_GROUP && p.slot >= 0) {
		struct place last = scene_place(s, end);
		if (last.kind != PLACE_GROUP || last.slot != p.slot || last.part != p.part) {
			if (p.kept)
				snprintf(out, cap, "%s", _("kept"));
			else
				group_label(s, &p.group, false, out, cap);
			return;
		}
	}
	place_phrase(s, &p, out, cap);
}

void place_phrase(const struct scene *s, const struct place *p, char *out, size_t cap)
{
	if (p->kind == PLACE_NONE)
		snprintf(out, cap, "%s", _("memory"));
	else if (p->kind == PLACE_OTHER)
		snprintf(out, cap, "%s", _(block_role_name[p->role]));
	else if (explain_of(s->map)->place_phrase)
		explain_of(s->map)->place_phrase(s, p, out, cap);
	else
		phrase_of_kind(s, p, out, cap);
}

void scene_clean(const struct scene *s, const char *text, char *out, size_t cap)
{
	escape_copy_text(out, cap, s->ascii ? ESCAPE_ASCII : ESCAPE_TEXT, text);
}
