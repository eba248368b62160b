/* One event in a few words, for lists; see sentence.h. */
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct list { const struct scene *s; char *out; size_t cap; };

static void bucket_slot(const struct scene *s, uint64_t addr, uint64_t slot, char *out, size_t cap)
{
	struct place p = scene_place(s, addr);
	char label[48];
	if (p.kind != PLACE_BUCKET) { /* an event that is to come: its bucket is none of the map's yet */
		snprintf(out, cap, "…%04" PRIx64 ":%" PRIu64, addr & 0xffff, slot);
		return;
	}
	if (p.kept)
		snprintf(label, sizeof label, "%s", _("kept"));
	else
		bucket_label(s, &p.bucket, false, label, sizeof label);
	snprintf(out, cap, "%s:%" PRIu64, label, slot);
}

static void phrase_write(const struct list *l, const struct event *e)
{
	struct place p = scene_place(l->s, e->addr);
	char where[80];
	place_phrase(l->s, &p, where, sizeof where);
	bool word = e->size <= 8 && (p.kind == PLACE_HMAP || p.kind == PLACE_HITER || p.kind == PLACE_EXTRA);
	if (p.kind == PLACE_BUCKET && p.part == PART_TOP && e->size == 1)
		snprintf(l->out, l->cap, _("write %s %02" PRIx64 " → %02" PRIx64), where, e->old.v, e->new.v);
	else if (word && e->old.v < 1000000 && e->new.v < 1000000)
		snprintf(l->out, l->cap, _("write %s %" PRIu64 " → %" PRIu64), where, e->old.v, e->new.v);
	else if (word)
		snprintf(l->out, l->cap, _("write %s %" PRIx64), where, e->new.v);
	else
		snprintf(l->out, l->cap, P_("write %s, %" PRIu64 " byte", "write %s, %" PRIu64 " bytes", e->size), where, e->size);
}

static void phrase_read(const struct list *l, const struct event *e)
{
	char where[80];
	char key[SCENE_TEXT] = "", fit[32];
	switch (e->kind) {
	case EV_TOPHASH:
		bucket_slot(l->s, e->addr, e->c, where, sizeof where);
		if (e->b)
			snprintf(l->out, l->cap, _("read %s top %02" PRIx64 ", %s"), where, e->a, e->d == TOP_EQUAL ? _("equal")
				: e->a <= EMPTY_ONE ? tophash_name((uint8_t)e->a) : _("differs"));
		else
			snprintf(l->out, l->cap, _("read %s top %02" PRIx64), where, e->a);
		break;
	case EV_LENGTH:
		bucket_slot(l->s, e->addr, e->c, where, sizeof where);
		snprintf(l->out, l->cap, _("read %s length %" PRIu64 ", %s"), where, e->a, e->d ? _("equal") : _("differs"));
		break;
	case EV_KEY:
		bucket_slot(l->s, e->addr, e->a, where, sizeof where);
		snprintf(l->out, l->cap, _("read %s key, %s"), where, e->b ? _("equal") : _("differs"));
		break;
	case EV_CHAIN:
		bucket_slot(l->s, e->addr, 0, where, sizeof where);
		where[strcspn(where, ":")] = 0;
		snprintf(l->out, l->cap, e->a ? _("read %s overflow …%04" PRIx64) : _("read %s overflow nil"), where, e->a & 0xffff);
		break;
	case EV_EVACUATED: snprintf(l->out, l->cap, _("read old %" PRIu64 ".0:0 top %02" PRIx64), e->b, e->a); break;
	case EV_BACKFILL:
		bucket_slot(l->s, e->addr, e->b, where, sizeof where);
		snprintf(l->out, l->cap, _("read %s top %02" PRIx64 ", %s"), where, e->a, tophash_name((uint8_t)e->a));
		break;
	case EV_ITERSLOT:
		bucket_slot(l->s, e->addr, e->b, where, sizeof where);
		snprintf(l->out, l->cap, _("read %s top %02" PRIx64), where, e->a);
		break;
	case EV_ATOMIC: snprintf(l->out, l->cap, _("read for an atomic add, …%04" PRIx64), e->addr & 0xffff); break;
	case EV_HEADER: snprintf(l->out, l->cap, _("read hmap: count %" PRIu64 ", B %" PRIu64), e->a, e->c); break;
	case EV_SYNCREAD: snprintf(l->out, l->cap, e->c == 2 ? _("read again, amended %" PRIu64) : _("read, no mutex, amended %" PRIu64), e->b); break;
	case EV_ENTRY: snprintf(l->out, l->cap, _("read entry …%04" PRIx64 ": %s"), e->addr & 0xffff, entry_state_name[e->b & 3]); break;
	default: /* hash */
		if (e->addr) {
			struct place p = scene_place(l->s, e->addr);
			if (p.kind == PLACE_BUCKET && p.slot >= 0)
				key_text_at(l->s, p.bucket.addr, p.slot, key, sizeof key);
		}
		text_fit(key, 14, fit, sizeof fit);
		snprintf(l->out, l->cap, _("hash %016" PRIx64 " %s"), e->a, fit);
		break;
	}
}

static void phrase_move(const struct list *l, const struct event *e)
{
	char key[SCENE_TEXT] = "", fit[40], to[64];
	key_text_at(l->s, e->addr, (int)(e->a & 7), key, sizeof key);
	text_fit(key, 14, fit, sizeof fit);
	bucket_slot(l->s, e->b, e->d, to, sizeof to);
	snprintf(l->out, l->cap, _("move %s to %s, %s"), fit, e->c ? "Y" : "X", to);
}

static void phrase_growth(const struct list *l, const struct event *e)
{
	switch (e->kind) {
	case EV_GROWTH: snprintf(l->out, l->cap, _("growth: B %" PRIu64 " → %" PRIu64 ", %s"), e->b, e->c, _(growth_reason_name[e->a & 1])); break;
	case EV_EVACUATE: snprintf(l->out, l->cap, _("evacuate old %" PRIu64), e->a); break;
	case EV_MOVE: phrase_move(l, e); break;
	case EV_MOVED: snprintf(l->out, l->cap, _("old %" PRIu64 " done: %" PRIu64 " to X, %" PRIu64 " to Y"), e->a, e->b, e->c); break;
	case EV_MARK: snprintf(l->out, l->cap, _("nevacuate %" PRIu64 " → %" PRIu64), e->a, e->b); break;
	default: snprintf(l->out, l->cap, "%s", _("growth over")); break;
	}
}

static void phrase_note(const struct list *l, const struct event *e)
{
	char where[80];
	bucket_slot(l->s, e->addr, e->a, where, sizeof where);
	switch (e->kind) {
	case EV_OP: snprintf(l->out, l->cap, "── %s ──", op_kind_name[e->b < OP_KINDS ? e->b : 0]); break;
	case EV_PHASE: snprintf(l->out, l->cap, _("phase %s"), _(phase_name[e->a < PHASES ? e->a : 0])); break;
	case EV_DONE: snprintf(l->out, l->cap, _("done: %s, count %" PRIu64), _(outcome_name[e->a < OUTCOMES ? e->a : 0]), e->b); break;
	case EV_BUCKET: snprintf(l->out, l->cap, e->b ? _("choose old bucket %" PRIu64) : _("choose bucket %" PRIu64), e->a); break;
	case EV_FOUND: snprintf(l->out, l->cap, _("found: %s"), where); break;
	case EV_ABSENT: snprintf(l->out, l->cap, "%s", _("absent")); break;
	case EV_GOT: snprintf(l->out, l->cap, "%s", e->a ? _("the caller reads the elem") : _("the caller gets the zero value")); break;
	case EV_INSERT: snprintf(l->out, l->cap, _("insert: %s"), where); break;
	case EV_OVERFLOW: snprintf(l->out, l->cap, _("chain overflow bucket …%04" PRIx64 ", %s"), e->addr & 0xffff, _(overflow_source_name[e->b & 1])); break;
	case EV_CHECK: snprintf(l->out, l->cap, _("grow? %" PRIu64 " of %" PRIu64 ", overflow %" PRIu64), e->a, e->b, e->c); break;
	case EV_REMOVE: snprintf(l->out, l->cap, _("delete: %s"), where); break;
	case EV_RESEED: snprintf(l->out, l->cap, _("draw hash0 %08" PRIx64), e->a); break;
	case EV_ITERINIT: snprintf(l->out, l->cap, _("draw start %" PRIu64 ", offset %" PRIu64), e->a, e->b); break;
	case EV_ITERBUCKET: snprintf(l->out, l->cap, e->b ? _("loop: bucket %" PRIu64 ", in the old array") : _("loop: bucket %" PRIu64), e->a); break;
	case EV_ITEM: snprintf(l->out, l->cap, "%s", _("give the item")); break;
	case EV_END: snprintf(l->out, l->cap, "%s", _("end of the loop")); break;
	case EV_FAULT: snprintf(l->out, l->cap, "%s", fault_text[e->a < FAULTS ? e->a : 0]); break;
	case EV_SAY: snprintf(l->out, l->cap, "%s", _("say")); break;
	case EV_GC: snprintf(l->out, l->cap, _("gc: %s, %s"), counted("%" PRIu64 " block", "%" PRIu64 " blocks", e->a), counted_bytes(e->b)); break;
	case EV_CORE: snprintf(l->out, l->cap, _("on core %" PRIu64), e->a); break;
	case EV_SPAN: snprintf(l->out, l->cap, _("span …%05" PRIx64 " from %s"), e->addr & 0xfffff, _(span_source_name[e->c < SPAN_SOURCES ? e->c : 0])); break;
	case EV_UNSPAN: snprintf(l->out, l->cap, _("span …%05" PRIx64 " back to mheap"), e->addr & 0xfffff); break;
	case EV_SWEPT: snprintf(l->out, l->cap, _("sweep …%05" PRIx64 ": %" PRIu64 " freed, %" PRIu64 " live"), e->addr & 0xfffff, e->b, e->c); break;
	case EV_MARKING: snprintf(l->out, l->cap, "%s", e->a ? _("marking begins") : _("marking ends")); break;
	case EV_BARRIER: snprintf(l->out, l->cap, _("barrier …%04" PRIx64 " → …%04" PRIx64), e->a & 0xffff, e->b & 0xffff); break;
	case EV_SHADE: snprintf(l->out, l->cap, _("mark …%05" PRIx64), e->addr & 0xfffff); break;
	case EV_MAP: snprintf(l->out, l->cap, _("make map %" PRIu64), e->a); break;
	case EV_USE: snprintf(l->out, l->cap, _("map %" PRIu64), e->a); break;
	case EV_MUTEX: snprintf(l->out, l->cap, "%s", e->a ? _("lock the mutex") : _("unlock the mutex")); break;
	case EV_MISS: snprintf(l->out, l->cap, _("miss %" PRIu64 " of %" PRIu64), e->a, e->b); break;
	case EV_PROMOTE: snprintf(l->out, l->cap, _("promote dirty, %" PRIu64), e->a); break;
	case EV_AMENDED: snprintf(l->out, l->cap, "%s", _("read becomes amended")); break;
	case EV_DIRTYCOPY: snprintf(l->out, l->cap, _("make dirty, from %" PRIu64), e->a); break;
	case EV_CAS: snprintf(l->out, l->cap, _("entry %s → %s"), entry_state_name[e->a & 3], entry_state_name[e->b & 3]); break;
	case EV_EXPUNGE: snprintf(l->out, l->cap, "%s", _("entry nil → expunged")); break;
	case EV_UNEXPUNGE: snprintf(l->out, l->cap, "%s", _("entry expunged → nil")); break;
	default: phrase_growth(l, e); break;
	}
}

void event_phrase(const struct scene *s, const struct event *e, char *out, size_t cap)
{
	struct list l = { s, out, cap };
	out[0] = 0;
	if (e->kind == EV_WRITE)
		phrase_write(&l, e);
	else if (e->kind == EV_ALLOC)
		snprintf(out, cap, P_("alloc %s, %" PRIu64 " byte", "alloc %s, %" PRIu64 " bytes", e->size), _(block_role_name[e->b < ROLES ? e->b : 0]), e->size);
	else if (e->kind == EV_FREE)
		snprintf(out, cap, P_("free %s, %" PRIu64 " byte", "free %s, %" PRIu64 " bytes", e->size), _(block_role_name[e->b < ROLES ? e->b : 0]), e->size);
	else if (e->kind < EV_COUNT && event_info[e->kind].role == EVENT_read)
		phrase_read(&l, e);
	else if (e->kind < EV_COUNT)
		phrase_note(&l, e);
}
