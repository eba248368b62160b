/* The line of a map's pseudo-code that a step stands at; see code.h. */
#include "ui/scene/code.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include <stdio.h>

const struct explain_code *code_of(const struct scene *s)
{
	const struct explain *x = explain_of(s->map);
	return x && x->code ? x->code : explains[0]->code;
}

unsigned code_running(const struct scene *s)
{
	return code_of(s)->running(s);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void code_title(const struct scene *s, unsigned fn, char *out, size_t cap)
{
	const struct explain_code *c = code_of(s);
	snprintf(out, cap, _(c->listing(s, fn)->title), c->variant(s, fn));
}
#pragma GCC diagnostic pop

const char *code_text(const struct scene *s, unsigned fn, int line)
{
	const struct explain_code *c = code_of(s);
	const char *text = line >= 1 && line <= LISTING_LINES ? c->listing(s, fn)->line[line - 1].text : NULL;
	const char *other = text ? c->other_text(s, fn, line) : NULL;
	return !text ? NULL : other ? other : _(text);
}

int code_line(const struct scene *s, unsigned fn)
{
	const struct explain_code *c = code_of(s);
	/* Before the first phase the caller makes the key. */
	bool caller = s->phase == PHASE_NONE && s->event.kind <= EV_FREE && s->place.kind == PLACE_OTHER;
	if (s->event.kind >= EV_COUNT || s->after || caller)
		return 0;
	return fn == c->running(s) ? listing_line_of(c->listing(s, fn), s) : c->calling(s, fn);
}

void code_stand(const struct scene *s, char *out, size_t cap)
{
	unsigned fn = code_running(s);
	int line = code_line(s, fn);
	out[0] = 0;
	if (line)
		snprintf(out, cap, "%s %d", _(code_of(s)->name[fn]), line);
}
