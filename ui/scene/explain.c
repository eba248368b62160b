/* Which kind's words a map has; and who explains an event; see explain.h. */
#include "ui/scene/sentence_private.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAP_KIND(NAME, name) extern const struct explain explain_##name;
#include "trace/map/kinds.def"
#undef MAP_KIND

const struct explain *const explains[MAP_KINDS] = {
#define MAP_KIND(NAME, name) &explain_##name,
#include "trace/map/kinds.def"
#undef MAP_KIND
};

const struct explain *explain_of(const struct map_info *map)
{
	return !map ? NULL : explains[map->kind];
}

const struct explain *explain_outer(const struct scene *s)
{
	return s->outer_ok ? explain_of(s->outer) : NULL;
}

void explain_title(const struct scene *s, char *out, size_t cap)
{
	const struct explain *x = explain_of(s->outer);
	if (x && x->part_title)
		x->part_title(s, out, cap);
	else
		map_kinds[s->map->kind]->type(s->map, out, cap);
}

/* The fields that are no pointers, as many as fit. */
static void fields_line(const struct scene *s, size_t width, char *out, size_t cap)
{
	struct map_object o = { .name = "" };
	struct builder w = builder_in(out, cap);
	s->view.kind->object(&s->view, 0, &o);
	builder_text(&w, o.name);
	for (const struct field *f = o.fields; f && f->name; f++) {
		char text[64];
		uint64_t v = 0;
		if (strcmp(f->role, "ptr") == 0 || f->size > sizeof v || f->count != 1 ||
			!s->mem->read(s->mem, o.addr + f->offset, &v, f->size))
			continue;
		snprintf(text, sizeof text, "  %s %" PRIu64, f->name, v);
		if (builder_length(&w) + strlen(text) <= width)
			builder_text(&w, text);
	}
}

void explain_line(const struct scene *s, int width, char *out, size_t cap)
{
	const struct explain *x = explain_of(s->map);
	if (x->line)
		x->line(s, width, out, cap);
	else
		fields_line(s, (size_t)width, out, cap);
}

const struct event_text shared_text[EV_COUNT] = {
#define TEXT(name, NAME) [EV_##NAME] = { shared_sentence_##name, shared_phrase_##name },
	SHARED_EVENTS(TEXT)
#undef TEXT
};

static const char *const shared_life[EV_COUNT] = { [EV_OP] = N_("the map is cleared"),
	[EV_HASH] = N_("hashed"),
	[EV_FOUND] = N_("found"),
	[EV_ABSENT] = N_("looked for: absent"),
	[EV_INSERT] = N_("put in %s"),
	[EV_REMOVE] = N_("deleted from %s"),
	[EV_ITEM] = N_("given by a loop") };

const char *life_words(unsigned kind, enum op_kind op, bool part)
{
	if (kind == EV_FOUND && op == OP_PUT && !part)
		return _("found: its elem changes");
	if (kind < EV_COUNT && shared_life[kind])
		return _(shared_life[kind]);
	for (int i = 0; i < MAP_KINDS && kind < EV_COUNT; i++)
		if (explains[i]->life && explains[i]->life[kind])
			return _(explains[i]->life[kind]);
	return kind < EV_COUNT ? event_info[kind].name : "";
}

static const struct event_text nothing[EV_COUNT];

static const struct event_text *text_of(const struct explain *x)
{
	return x && x->text ? x->text : nothing;
}

void explain_sentence(struct builder *w, const struct scene *s, const struct event *e)
{
	const struct event_text *const by[] = { text_of(explain_outer(s)), text_of(explain_of(s->map)),
		shared_text };
	size_t before = w->size;
	for (size_t i = 0; i < sizeof by / sizeof by[0] && w->size == before; i++)
		if (by[i][e->kind].sentence)
			by[i][e->kind].sentence(w, s, e);
	if (w->size == before)
		builder_add(w, "%s.", event_info[e->kind].name);
}

void explain_phrase(struct builder *w, const struct scene *s, const struct event *e)
{
	const struct event_text *by[MAP_KINDS + 2] = { text_of(explain_of(s->map)), shared_text };
	size_t before = w->size;
	for (int i = 0; i < MAP_KINDS; i++) /* a list has events of other maps too */
		by[2 + i] = text_of(explains[i]);
	for (size_t i = 0; i < sizeof by / sizeof by[0] && w->size == before; i++)
		if (by[i][e->kind].phrase)
			by[i][e->kind].phrase(w, s, e);
}

const struct series_kind *explain_series(const struct scene *s)
{
	const struct explain *x = explain_of(s->map);
	return x ? x->series : NULL;
}
