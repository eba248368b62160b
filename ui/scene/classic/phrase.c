/* The classic map's events in a few words; see ui/scene/explain.h. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void bucket_slot(const struct scene *s, uint64_t addr, uint64_t slot, char *out, size_t cap)
{
	struct place p = scene_place(s, addr);
	char label[48];
	if (p.kind != PLACE_GROUP) { /* an event that is to come: its bucket is none of the map's yet */
		snprintf(out, cap, "…%04" PRIx64 ":%" PRIu64, addr & 0xffff, slot);
		return;
	}
	if (p.kept)
		snprintf(label, sizeof label, "%s", _("kept"));
	else
		group_label(s, &p.group, false, label, sizeof label);
	snprintf(out, cap, "%s:%" PRIu64, label, slot);
}

CLASSIC_PHRASE(tophash)
{
	char where[80];
	bucket_slot(s, e->addr, e->c, where, sizeof where);
	if (e->b)
		builder_add(w, _("read %s top %02" PRIx64 ", %s"), where, e->a,
			e->d == TOP_EQUAL           ? _("equal")
				: e->a <= EMPTY_ONE ? tophash_name((uint8_t)e->a)
						    : _("differs"));
	else
		builder_add(w, _("read %s top %02" PRIx64), where, e->a);
}

CLASSIC_PHRASE(length)
{
	char where[80];
	bucket_slot(s, e->addr, e->c, where, sizeof where);
	builder_add(w, _("read %s length %" PRIu64 ", %s"), where, e->a, e->d ? _("equal") : _("differs"));
}

CLASSIC_PHRASE(key)
{
	char where[80];
	bucket_slot(s, e->addr, e->a, where, sizeof where);
	builder_add(w, _("read %s key, %s"), where, e->b ? _("equal") : _("differs"));
}

CLASSIC_PHRASE(chain)
{
	char where[80];
	bucket_slot(s, e->addr, 0, where, sizeof where);
	where[strcspn(where, ":")] = 0;
	builder_add(w, e->a ? _("read %s overflow …%04" PRIx64) : _("read %s overflow nil"), where,
		e->a & 0xffff);
}

CLASSIC_PHRASE(evacuated)
{
	builder_add(w, _("read old %" PRIu64 ".0:0 top %02" PRIx64), e->b, e->a);
}

CLASSIC_PHRASE(backfill)
{
	char where[80];
	bucket_slot(s, e->addr, e->b, where, sizeof where);
	builder_add(w, _("read %s top %02" PRIx64 ", %s"), where, e->a, tophash_name((uint8_t)e->a));
}

CLASSIC_PHRASE(iterslot)
{
	char where[80];
	bucket_slot(s, e->addr, e->b, where, sizeof where);
	builder_add(w, _("read %s top %02" PRIx64), where, e->a);
}

CLASSIC_PHRASE(header)
{
	builder_add(w, _("read hmap: count %" PRIu64 ", B %" PRIu64), e->a, e->c);
}

CLASSIC_PHRASE(hash)
{
	char key[SCENE_TEXT] = "", fit[32];
	if (e->addr)
		key_text_here(s, e->addr, key, sizeof key);
	text_fit(key, 14, fit, sizeof fit);
	builder_add(w, _("hash %016" PRIx64 " %s"), e->a, fit);
}

CLASSIC_PHRASE(bucket)
{
	builder_add(w, e->b ? _("choose old bucket %" PRIu64) : _("choose bucket %" PRIu64), e->a);
}

CLASSIC_PHRASE(found)
{
	char where[80];
	bucket_slot(s, e->addr, e->a, where, sizeof where);
	builder_add(w, _("found: %s"), where);
}

CLASSIC_PHRASE(absent)
{
	builder_add(w, "%s", _("absent"));
}

CLASSIC_PHRASE(got)
{
	builder_add(w, "%s", e->a ? _("the caller reads the elem") : _("the caller gets the zero value"));
}

CLASSIC_PHRASE(insert)
{
	char where[80];
	bucket_slot(s, e->addr, e->a, where, sizeof where);
	builder_add(w, _("insert: %s"), where);
}

CLASSIC_PHRASE(overflow)
{
	builder_add(w, _("chain overflow bucket …%04" PRIx64 ", %s"), e->addr & 0xffff,
		_(overflow_source_name[e->b & 1]));
}

CLASSIC_PHRASE(check)
{
	builder_add(w, _("grow? %" PRIu64 " of %" PRIu64 ", overflow %" PRIu64), e->a, e->b, e->c);
}

CLASSIC_PHRASE(remove)
{
	char where[80];
	bucket_slot(s, e->addr, e->a, where, sizeof where);
	builder_add(w, _("delete: %s"), where);
}

CLASSIC_PHRASE(reseed)
{
	builder_add(w, _("draw hash0 %08" PRIx64), e->a);
}

CLASSIC_PHRASE(iterinit)
{
	builder_add(w, _("draw start %" PRIu64 ", offset %" PRIu64), e->a, e->b);
}

CLASSIC_PHRASE(iterbucket)
{
	builder_add(
		w, e->b ? _("loop: bucket %" PRIu64 ", in the old array") : _("loop: bucket %" PRIu64), e->a);
}

CLASSIC_PHRASE(item)
{
	char key[SCENE_TEXT] = "";
	struct place p = scene_place(s, e->addr);
	if (p.kind == PLACE_GROUP && p.slot >= 0)
		key_text_at(s, p.group.addr, p.slot, key, sizeof key);
	builder_add(w, _("give the item %s"), key);
}

CLASSIC_PHRASE(end)
{
	builder_add(w, "%s", _("end of the loop"));
}

CLASSIC_PHRASE(growth)
{
	builder_add(
		w, _("growth: B %" PRIu64 " → %" PRIu64 ", %s"), e->b, e->c, _(growth_reason_name[e->a & 1]));
}

CLASSIC_PHRASE(evacuate)
{
	builder_add(w, _("evacuate old %" PRIu64), e->a);
}

/* Does an event of a move tell of X and Y?  A list has events of growths that are over too: of those only what went to
 * Y shows that the array has doubled. */
static bool has_halves(const struct scene *s, uint64_t to_y)
{
	return to_y || (newbit(s) && !scene_same_size(s));
}

CLASSIC_PHRASE(moved)
{
	if (has_halves(s, e->c))
		builder_add(w, _("old %" PRIu64 " done: %" PRIu64 " to X, %" PRIu64 " to Y"), e->a, e->b,
			e->c);
	else
		builder_add(w, _("old %" PRIu64 " done: %" PRIu64 " moved"), e->a, e->b);
}

CLASSIC_PHRASE(mark)
{
	builder_add(w, _("nevacuate %" PRIu64 " → %" PRIu64), e->a, e->b);
}

CLASSIC_PHRASE(grown)
{
	builder_add(w, "%s", _("growth over"));
}

CLASSIC_PHRASE(move)
{
	char key[SCENE_TEXT] = "", fit[40], to[64];
	key_text_at(s, e->addr, (int)(e->a & 7), key, sizeof key);
	text_fit(key, 14, fit, sizeof fit);
	bucket_slot(s, e->b, e->d, to, sizeof to);
	if (has_halves(s, e->c))
		builder_add(w, _("move %s to %s, %s"), fit, e->c ? "Y" : "X", to);
	else
		builder_add(w, _("move %s to %s"), fit, to);
}
