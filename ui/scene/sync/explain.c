/* The words of sync.Map: what it does around its two maps; see ui/scene/explain.h. */
#include "ui/scene/sync/sync.h"
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdio.h>

SYNC_PHRASE(syncread)
{
	builder_add(w, e->c == 2 ? _("read again, amended %" PRIu64) : _("read, no mutex, amended %" PRIu64),
		e->b);
}

SYNC_PHRASE(entry)
{
	builder_add(w, _("read entry …%04" PRIx64 ": %s"), e->addr & 0xffff, entry_state_name[e->b & 3]);
}

SYNC_PHRASE(mutex)
{
	builder_add(w, "%s", e->a ? _("lock the mutex") : _("unlock the mutex"));
}

SYNC_PHRASE(miss)
{
	builder_add(w, _("miss %" PRIu64 " of %" PRIu64), e->a, e->b);
}

SYNC_PHRASE(promote)
{
	builder_add(w, _("promote dirty, %" PRIu64), e->a);
}

SYNC_PHRASE(amended)
{
	builder_add(w, "%s", _("read becomes amended"));
}

SYNC_PHRASE(dirtycopy)
{
	builder_add(w, _("make dirty, from %" PRIu64), e->a);
}

SYNC_PHRASE(cas)
{
	builder_add(w, _("entry %s → %s"), entry_state_name[e->a & 3], entry_state_name[e->b & 3]);
}

SYNC_PHRASE(expunge)
{
	builder_add(w, "%s", _("entry nil → expunged"));
}

SYNC_PHRASE(unexpunge)
{
	builder_add(w, "%s", _("entry expunged → nil"));
}

static const struct event_text text[EV_COUNT] = {
#define EVENT(name, NAME, ...) [EV_##NAME] = { sync_sentence_##name, sync_phrase_##name },
#include "trace/record/events/sync.def"
#undef EVENT
#define TEXT(name, NAME) [EV_##NAME] = { sync_sentence_##name, NULL },
	SYNC_SENTENCES(TEXT)
#undef TEXT
};

static const char *const life[EV_COUNT] = { [EV_ENTRY] = N_("its entry is read"),
	[EV_CAS] = N_("its entry changes"),
	[EV_EXPUNGE] = N_("its entry is expunged"),
	[EV_UNEXPUNGE] = N_("its entry is in dirty again") };

static void part_title(const struct scene *s, char *out, size_t cap)
{
	snprintf(out, cap, "sync.Map %s", map_part(s->map) == SYNC_READ ? "read" : "dirty");
}

const struct explain explain_sync = { .kind = "sync",
	.align = classic_align,
	.inner = sync_inner,
	.part_title = part_title,
	.text = text,
	.life = life,
	.draw_code = sync_draw_code,
	.draw_code_column = sync_draw_code_column };
