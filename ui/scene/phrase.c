/* One event in a few words, for lists; see sentence.h. */
#include "ui/scene/sentence_private.h"

#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>

SHARED_PHRASE(phase)
{
	builder_add(w, _("phase %s"), _(phase_name[e->a < PHASES ? e->a : 0]));
}

SHARED_PHRASE(done)
{
	builder_add(w, _("done: %s, count %" PRIu64), _(outcome_name[e->a < OUTCOMES ? e->a : 0]), e->b);
}

SHARED_PHRASE(core)
{
	builder_add(w, _("on core %" PRIu64), e->a);
}

SHARED_PHRASE(gc)
{
	builder_add(w, _("gc: %s, %s"), counted("%" PRIu64 " block", "%" PRIu64 " blocks", e->a),
		counted_bytes(e->b));
}

SHARED_PHRASE(span)
{
	builder_add(w, _("span …%05" PRIx64 " from %s"), e->addr & 0xfffff,
		_(span_source_name[e->c < SPAN_SOURCES ? e->c : 0]));
}

SHARED_PHRASE(unspan)
{
	builder_add(w, _("span …%05" PRIx64 " back to mheap"), e->addr & 0xfffff);
}

SHARED_PHRASE(swept)
{
	builder_add(w, _("sweep …%05" PRIx64 ": %" PRIu64 " freed, %" PRIu64 " live"), e->addr & 0xfffff,
		e->b, e->c);
}

SHARED_PHRASE(marking)
{
	builder_add(w, "%s", e->a ? _("marking begins") : _("marking ends"));
}

SHARED_PHRASE(barrier)
{
	builder_add(w, _("barrier …%04" PRIx64 " → …%04" PRIx64), e->a & 0xffff, e->b & 0xffff);
}

SHARED_PHRASE(shade)
{
	builder_add(w, _("mark …%05" PRIx64), e->addr & 0xfffff);
}

SHARED_PHRASE(map)
{
	builder_add(w, _("make map %" PRIu64), e->a);
}

SHARED_PHRASE(use)
{
	builder_add(w, _("map %" PRIu64), e->a);
}

SHARED_PHRASE(say)
{
	uint8_t text[SCENE_TEXT] = { 0 };
	char clean[SCENE_TEXT * 2];
	for (uint64_t i = 0; i < e->size && i + 1 < sizeof text && (e->size <= 8 || e->new.p); i++)
		text[i] = event_byte(e->new, e->size, i);
	scene_clean(s, (const char *)text, clean, sizeof clean);
	builder_add(w, _("say %s"), clean);
}

SHARED_PHRASE(op)
{
	builder_add(w, "── %s ──", op_kind_name[e->b < OP_KINDS ? e->b : 0]);
}

SHARED_PHRASE(fault)
{
	builder_add(w, "%s", fault_text[e->a < FAULTS ? e->a : 0]);
}

SHARED_PHRASE(atomic)
{
	builder_add(w, _("read …%04" PRIx64 ", locked"), e->addr & 0xffff);
}

SHARED_PHRASE(second)
{
	builder_add(w, _("second goroutine: %s"), op_kind_name[e->a < OP_KINDS ? e->a : 0]);
}

SHARED_PHRASE(read)
{
	char where[80];
	event_place_phrase(s, e, where, sizeof where);
	builder_add(w, P_("read %s, %" PRIu64 " byte", "read %s, %" PRIu64 " bytes", e->size), where, e->size);
}

/* ---- facts ---- */

SHARED_PHRASE(write)
{
	struct place p = scene_place(s, e->addr);
	char where[80];
	event_place_phrase(s, e, where, sizeof where);
	bool word = e->size <= 8 && p.kind == PLACE_OBJECT;
	if (p.kind == PLACE_GROUP && p.part == AT_CONTROL && e->size == 1)
		builder_add(w, _("write %s %02" PRIx64 " → %02" PRIx64), where, e->old.v, e->new.v);
	else if (word && e->old.v < 1000000 && e->new.v < 1000000)
		builder_add(w, _("write %s %" PRIu64 " → %" PRIu64), where, e->old.v, e->new.v);
	else if (word)
		builder_add(w, _("write %s %" PRIx64), where, e->new.v);
	else
		builder_add(w, P_("write %s, %" PRIu64 " byte", "write %s, %" PRIu64 " bytes", e->size),
			where, e->size);
}

static void phrase_block(struct builder *w, const struct event *e)
{
	const char *role = _(block_role_name[e->b < ROLES ? e->b : 0]);
	if (e->kind == EV_ALLOC)
		builder_add(w, P_("alloc %s, %" PRIu64 " byte", "alloc %s, %" PRIu64 " bytes", e->size), role,
			e->size);
	else
		builder_add(w, P_("free %s, %" PRIu64 " byte", "free %s, %" PRIu64 " bytes", e->size), role,
			e->size);
}

SHARED_PHRASE(alloc)
{
	phrase_block(w, e);
}

SHARED_PHRASE(free)
{
	phrase_block(w, e);
}

void event_phrase(const struct scene *s, const struct event *e, char *out, size_t cap)
{
	struct builder w = builder_in(out, cap);
	if (e->kind < EV_COUNT)
		explain_phrase(&w, s, e);
}
