/* An object in memory, byte by byte; see object.h. */
#include "ui/scene/object.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"
#include "trace/go/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool object_nth(const struct scene *s, unsigned i, struct map_object *ret)
{
	const struct map_view none = { .kind = map_kinds[0] };
	const struct map_view *v = s->map ? &s->view : &none;
	return v->kind->object(v, i, ret);
}

void object_make(struct object_view *o, const struct scene *s, unsigned number)
{
	struct map_object made = { 0 };
	memset(o, 0, sizeof *o);
	o->number = number;
	o->name = "";
	o->line = LINE_USUAL;
	if (number != OBJECT_GROUP && object_nth(s, number - OBJECT_HEADER, &made))
		o->name = made.name;
	if (!s->live)
		return;
	if (number == OBJECT_GROUP) {
		o->group = &s->focus;
		o->addr = s->focus.view.addr;
		o->size = s->focus.view.size;
		o->ok = s->focus.ok && o->size <= sizeof o->bytes;
		if (!o->ok)
			return;
		group_block(s, o->group, &o->lo, &o->hi);
	} else {
		o->addr = made.addr;
		o->size = made.size;
		o->fields = made.fields;
		o->lo = o->addr;
		o->hi = o->addr + o->size;
	}
	o->ok = o->addr && o->size <= sizeof o->bytes && s->mem->read(s->mem, o->addr, o->bytes, o->size);
	o->compare = s->was && s->was->read(s->was, o->addr, o->was, o->size);
}

/* ---- what a byte is ---- */

static style role_style(const char *role)
{
	static const struct {
		const char *role;
		style style;
	} styles[] = { { "top", S_TOP }, { "key", S_KEY }, { "elem", S_ELEM }, { "ptr", S_PTR },
		{ "pad", S_PAD } };
	for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++)
		if (strcmp(role, styles[i].role) == 0)
			return styles[i].style;
	return S_TEXT;
}

/* The words of a key or elem that have names of their own. */
static void value_item(
	struct item *i, const char *what, const struct go_type *type, bool indirect, uint32_t offset)
{
	bool words = !indirect && (type->kind == GO_STRING || type->kind == GO_ANY) && i->field_size == 16;
	const char *part = "";
	if (words) {
		uint32_t second = (offset - i->field) / 8;
		i->start = i->field + 8 * second;
		i->size = 8;
		part = type->kind == GO_STRING ? second ? _(" len") : _(" ptr")
			: second ? _(" data")
					       : _(" type");
	} else if (indirect) {
		part = _(" ptr");
	}
	snprintf(i->name, sizeof i->name, "%s %d%s", what, i->slot, part);
}

static struct item group_item(const struct object_view *o, const struct scene *s, uint32_t offset)
{
	static const style styles[LOCATION_PARTS] = { S_PAD, S_TOP, S_KEY, S_ELEM, S_PTR };
	struct map_location l;
	struct map_slot at;
	group_locate(&s->view, &o->group->view, o->addr + offset, &l);
	uint32_t start = (uint32_t)(l.addr - o->addr), size = (uint32_t)l.size;
	struct item i = { start, size, start, size, styles[l.part], l.slot, "" };
	if (l.slot >= 0)
		s->view.kind->slot(&s->view, &o->group->view, (unsigned)l.slot, &at);
	switch (l.part) {
	case AT_CONTROL:
		snprintf(i.name, sizeof i.name, "%s[%d]", part_text(s, AT_CONTROL)->name, i.slot);
		break;
	case AT_KEY: value_item(&i, _("key"), at.key.type, at.key.indirect, offset); break;
	case AT_ELEM: value_item(&i, _("elem"), at.elem.type, at.elem.indirect, offset); break;
	case AT_NEXT: snprintf(i.name, sizeof i.name, "%s", _(kind_words(s)->next)); break;
	default: snprintf(i.name, sizeof i.name, "%s", _("padding"));
	}
	return i;
}

static const struct field *field_at(const struct field *f, uint32_t offset)
{
	for (; f && f->name; f++)
		if (offset >= f->offset && offset < f->offset + f->size * f->count)
			return f;
	return NULL;
}

struct item object_item(const struct object_view *o, const struct scene *s, uint32_t offset)
{
	if (o->number == OBJECT_GROUP)
		return group_item(o, s, offset);
	const struct field *f = field_at(o->fields, offset);
	struct item i = {
		.start = offset, .size = 1, .field = offset, .field_size = 1, .style = S_PAD, .slot = -1
	};
	if (!f) {
		snprintf(i.name, sizeof i.name, "%s", _("padding"));
		return i;
	}
	i.start = i.field = f->offset;
	i.size = i.field_size = f->size * f->count;
	i.style = role_style(f->role);
	snprintf(i.name, sizeof i.name, "%s", f->name);
	return i;
}

/* ---- words ---- */

void object_title(const struct object_view *o, const struct scene *s, char *out, size_t cap)
{
	const struct kind_words *words = kind_words(s);
	const char *held = s->held ? _(", held") : "";
	char label[64];
	if (!o->ok && o->number == OBJECT_GROUP) {
		snprintf(out, cap, "%s", _(words->none));
	} else if (!o->ok) {
		snprintf(out, cap, _("no %s"), o->name);
	} else if (o->number != OBJECT_GROUP) {
		snprintf(out, cap, "%s", o->name);
	} else if (o->group->kept) {
		snprintf(out, cap, "%s%s", _(words->dropped), held);
	} else {
		group_label(s, &o->group->view, true, label, sizeof label);
		snprintf(out, cap, o->group->view.depth ? _(words->hanging) : "%s%s", label, held);
	}
}

/* Whole keys and elems that lie on two cache lines. */
static void straddlers(const struct object_view *o, const struct scene *s, char *out, size_t cap)
{
	size_t n = 0;
	out[0] = 0;
	for (uint64_t at = line_start(o->addr, o->line) + o->line; at < o->addr + o->size; at += o->line) {
		struct item i = object_item(o, s, (uint32_t)(at - o->addr));
		char name[40];
		if (o->addr + i.field == at)
			continue;
		snprintf(name, sizeof name, "%s", i.name);
		if (i.size != i.field_size && strrchr(name, ' ')) /* the whole key, not its word */
			*strrchr(name, ' ') = 0;
		int k = snprintf(out + n, cap - n, "%s%s", n ? ", " : "", name);
		if (k < 0 || (size_t)k >= cap - n)
			return;
		n += (size_t)k;
	}
}

void object_words(const struct object_view *o, const struct scene *s, char *out, size_t cap)
{
	struct block b;
	char block[160] = "", two[160];
	unsigned lines = (unsigned)line_count(o->addr, o->size, o->line);
	if (s->mem->block(s->mem, o->lo, &b) && b.size)
		snprintf(block, sizeof block,
			o->hi - o->lo > o->size      ? _("part of a block of %s, in an object of %" PRIu64)
				: b.rounded > b.size ? _("%s in an object of %" PRIu64)
						     : _("%s in an object of %" PRIu64 ", no waste"),
			counted_bytes(b.size), b.rounded);
	straddlers(o, s, two, sizeof two);
	const char *joint = two[0] ? _("; on two (>> and <<): ") : "", *dot = block[0] ? ". " : "";
	if (lines == 1)
		snprintf(out, cap, _("%s%sIt starts at %u mod %u, on one cache line."), block, dot,
			(unsigned)(o->addr % o->line), o->line);
	else
		snprintf(out, cap, _("%s%sIt starts at %u mod %u and lies on %u cache lines%s%s."), block,
			dot, (unsigned)(o->addr % o->line), o->line, lines, joint, two);
}

static uint64_t word_at(const struct object_view *o, const struct item *i)
{
	uint64_t v = 0;
	memcpy(&v, o->bytes + i->start, i->size < 8 ? i->size : 8);
	return v;
}

static void value_words(
	const struct object_view *o, const struct scene *s, const struct item *i, char *out, size_t cap)
{
	char text[SCENE_TEXT], fit[80];
	struct map_slot at;
	s->view.kind->slot(&s->view, &o->group->view, (unsigned)i->slot, &at);
	const struct map_value *v = i->style == S_KEY ? &at.key : &at.elem;
	const struct go_type *type = v->type;
	bool full = at.state == SLOT_FULL;
	char raw[SCENE_TEXT];
	map_value_print(s->mem, v, VALUE_HUMAN, raw, sizeof raw);
	scene_clean(s, raw, text, sizeof text);
	text_fit(text, 40, fit, sizeof fit);
	const char *state = full ? "" : _(" The slot is not full.");
	if (type->kind == GO_STRING && i->size == 8 && i->start != i->field)
		snprintf(out, cap,
			P_("The length: %" PRIu64 " byte, of \"%s\".%s",
				"The length: %" PRIu64 " bytes, of \"%s\".%s", word_at(o, i)),
			word_at(o, i), fit, state);
	else if (i->size == 8 && (type->kind == GO_STRING || v->indirect))
		snprintf(out, cap,
			word_at(o, i) ? _("A pointer, %" PRIx64 ", to %s.%s")
				      : _("A pointer: nil (%" PRIx64 "), %s.%s"),
			word_at(o, i), fit[0] ? fit : "\"\"", state);
	else
		snprintf(out, cap,
			P_("Part of the value %s, %u byte.%s",
				"Part of the value %s, %u bytes, the lowest first.%s", i->field_size),
			fit, i->field_size, state);
}

static void field_words(
	const struct object_view *o, const struct scene *s, const struct item *i, char *out, size_t cap)
{
	const struct explain *x = explain_of(s->map);
	const struct field *f = field_at(o->fields, i->start);
	if (!f)
		snprintf(out, cap, "%s", _("No field lies here."));
	else if (x->field)
		x->field(s, f, out, cap);
	else
		snprintf(out, cap, "%s = %" PRIu64, f->name, word_at(o, i));
}

/* A control byte, or the pointer to what hangs on the group: more than that its kind does not say. */
static void byte_words(
	const struct object_view *o, const struct scene *s, const struct item *i, char *out, size_t cap)
{
	const struct explain *x = explain_of(s->map);
	enum location_part part = i->style == S_TOP ? AT_CONTROL : AT_NEXT;
	if (x->byte)
		x->byte(s, o->group, part, i->slot, out, cap);
	else
		snprintf(out, cap, "%s = %" PRIx64, i->name, word_at(o, i));
}

void object_byte_words(
	const struct object_view *o, const struct scene *s, uint32_t offset, char *out, size_t cap)
{
	struct item i = object_item(o, s, offset);
	if (o->number != OBJECT_GROUP)
		field_words(o, s, &i, out, cap);
	else if (i.style == S_TOP || i.style == S_PTR)
		byte_words(o, s, &i, out, cap);
	else
		value_words(o, s, &i, out, cap);
}
