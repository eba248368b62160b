/* How the bucket in focus lies in cache lines: over how many, and which slots straddle two. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include "trace/map/classic/fit.h"

#include <stdio.h>

/* " 2 6" for the slots of a set. */
static void slots_text(unsigned slots, char *out, size_t cap)
{
	size_t n = 0;
	out[0] = 0;
	for (unsigned i = 0; i < SLOTS; i++)
		if (slots >> i & 1)
			n += (size_t)snprintf(out + n, cap - n, " %u", i);
}

void classic_fit(struct builder *w, const struct scene *s, uint32_t line)
{
	char label[48], keys[24], elems[24], straddle[96];
	struct bucket_fit fit = bucket_fit(&classic_of(s)->type, s->focus.view.addr, line);
	if (s->focus.kept)
		snprintf(label, sizeof label, "%s", _("bucket of a dropped array"));
	else
		group_label(s, &s->focus.view, true, label, sizeof label);
	slots_text(fit.keys, keys, sizeof keys);
	slots_text(fit.elems, elems, sizeof elems);
	if (fit.keys && fit.elems)
		snprintf(straddle, sizeof straddle, _("keys%s and elems%s straddle"), keys, elems);
	else if (fit.keys || fit.elems)
		snprintf(straddle, sizeof straddle,
			fit.keys ? _("keys that straddle:%s") : _("elems that straddle:%s"),
			fit.keys ? keys : elems);
	else
		snprintf(straddle, sizeof straddle, "%s", _("no slot straddles"));
	if (fit.lines == 1)
		builder_add(w, _("%s: in one line of %u bytes; %s"), label, line, straddle);
	else
		builder_add(w, _("%s: %u lines of %u bytes; %s"), label, fit.lines, line, straddle);
}
