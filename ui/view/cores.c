/* The view of false sharing: which core has which cache line in which state, what this step changed, and who
 * uses which bytes of the line in focus.
 *
 *     lines, in the order of their first use; a column a core     ► …2000   M→I  I→M     5  5  5  counter a,
 * counter b what this step did, in a sentence the line in focus: a cell a byte, the cores that use it; then
 * each offset and core with its counts
 */
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MARK = 2, ADDRESS = 8, STATE = 5, COUNT = 7, COUNTS = 3, WHAT_LEAST = 16, CORES_SHOWN = 24 };

/* A wait is what mesi.h calls a transfer: in these pictures a move is an entry's. */
static const char *const count_names[COUNTS] = { N_("flips"), N_("waits"), N_("false") };

struct cores {
	const struct frame *f;
	const struct mesi *m;
	bool held;
	uint8_t core[CORES_SHOWN];
	int cores, more; /* columns; cores that have none */
	uint32_t focus;  /* number of a line, MESI_END: none */
	int digits;      /* of addresses */
};

/* The line in focus: where its user put it, else that of the step. */
struct cores_state {
	bool held;
	uint32_t line;
}; /* its number in the model */

/* ---- the line in focus ---- */

/* The last line that the step's operation has used, or the one that its user chose.  Before the first work
 * there is no line, and the model's last one is 0. */
static uint32_t focus_of(const struct cores_state *v, const struct mesi *m)
{
	if (v->held && v->line < m->lines)
		return v->line;
	return m->last < m->lines ? m->last : MESI_END;
}

static style state_style(enum mesi_state s)
{
	static const style styles[] = { [MESI_INVALID] = S_DEAD,
		[MESI_SHARED] = S_ELEM,
		[MESI_EXCLUSIVE] = S_KEY,
		[MESI_MODIFIED] = S_TOP };
	return styles[s];
}

/* The change of a core's copy in this step: the state before, or -1. */
static int changed_from(const struct mesi *m, uint32_t line, unsigned core)
{
	for (unsigned i = 0; i < m->changes; i++)
		if (m->change[i].line == line && m->change[i].core == core)
			return m->change[i].from;
	return -1;
}

/* ---- lines ---- */

static void put_state(const struct cores *p, struct rect r, int x, int y, uint32_t line, unsigned core)
{
	const struct mesi *m = p->m;
	const struct mesi_line *l = &m->line[line];
	enum mesi_state now = mesi_state(l, core);
	int from = changed_from(m, line, core);
	if (!(l->users >> core & 1)) {
		grid_glyph(p->f->grid, r, x + 2, y, S_DEAD, G_FREE);
		return;
	}
	if (from >= 0) {
		grid_printf(p->f->grid, r, x, y, state_style((enum mesi_state)from), "%c",
			mesi_letter((enum mesi_state)from));
		grid_glyph(p->f->grid, r, x + 1, y, S_TEXT, G_TO);
	}
	grid_printf(
		p->f->grid, r, x + 2, y, from >= 0 ? S_WRITE_NOW : state_style(now), "%c", mesi_letter(now));
}

/* The objects in a line: "counter a, counter b". */
static void line_words(const struct cores *p, const struct mesi_line *l, char *out, size_t cap)
{
	const struct mesi *m = p->m;
	char object[LOCATION_TEXT], last[LOCATION_TEXT] = "", clean[SCENE_TEXT];
	size_t n = 0;
	out[0] = 0;
	for (uint32_t i = l->cells; i != MESI_END && n + 2 < cap; i = m->cell[i].next) {
		locator_print_object(sharing_locator(&p->f->pass->sharing), p->f->scene->mem,
			l->addr + m->cell[i].offset, object, sizeof object);
		if (strcmp(object, last) == 0)
			continue;
		scene_clean(p->f->scene, object, clean, sizeof clean);
		n += (size_t)snprintf(out + n, cap - n, "%s%s", n ? ", " : "", clean);
		memcpy(last, object, sizeof last);
	}
}

static void draw_line(const struct cores *p, struct rect r, int y, uint32_t line)
{
	const struct mesi_line *l = &p->m->line[line];
	const uint64_t counts[COUNTS] = { l->n.flips, l->n.transfers, mesi_false(&l->n) };
	char address[32], words[512], fit[512];
	int x = MARK + ADDRESS;
	hits_add(p->f->hits, r, 0, y, r.w, (struct hit){ .kind = HIT_OWN, .a = line });
	if (line == p->focus)
		grid_glyph(p->f->grid, r, 0, y, S_TITLE, G_FOCUS);
	short_address(l->addr, p->digits, address, sizeof address);
	grid_put(p->f->grid, r, MARK, y, line == p->focus ? S_TITLE : S_TEXT, address);
	for (int k = 0; k < p->cores; k++, x += STATE)
		put_state(p, r, x, y, line, p->core[k]);
	for (int k = 0; k < COUNTS; k++) {
		char number[24];
		snprintf(number, sizeof number, "%" PRIu64, counts[k]);
		x += COUNT;
		grid_put_right(p->f->grid, r, x, y, counts[k] ? S_TEXT : S_DEAD, number);
	}
	line_words(p, l, words, sizeof words);
	text_fit(words, r.w - x - 3, fit, sizeof fit);
	grid_put(p->f->grid, r, x + 2, y, S_TEXT, fit);
}

/* Rows of lines, a page at a time, so that they stand still while the focus moves within it. */
static void draw_lines(const struct cores *p, struct rect r)
{
	const struct mesi *m = p->m;
	char words[96];
	int rows = r.h - 2, x = MARK + ADDRESS;
	snprintf(words, sizeof words, _("flips %" PRIu64 ", waits %" PRIu64 ", false %" PRIu64), m->n.flips,
		m->n.transfers, mesi_false(&m->n));
	panel_rule(p->f, r, 0, true, _("cache lines of 64 bytes in each core: a model"), words);
	grid_put(p->f->grid, r, MARK, 1, S_LABEL, _("line"));
	for (int k = 0; k < p->cores; k++, x += STATE)
		grid_printf(p->f->grid, r, x + (p->core[k] > 9 ? 1 : 2), 1, S_LABEL, "%u", p->core[k]);
	for (int k = 0; k < COUNTS; k++)
		grid_put_right(p->f->grid, r, x += COUNT, 1, S_LABEL, _(count_names[k]));
	if (p->more)
		snprintf(words, sizeof words, P_("+%d core  what", "+%d cores  what", (uint64_t)p->more),
			p->more);
	grid_put(p->f->grid, r, x + 2, 1, S_LABEL, p->more ? words : _("what"));
	if (rows <= 0 || !m->lines)
		return;
	uint32_t first = p->focus == MESI_END ? 0 : p->focus / (uint32_t)rows * (uint32_t)rows;
	for (int i = 0; i < rows && first + (uint32_t)i < m->lines; i++)
		draw_line(p, r, 2 + i, first + (uint32_t)i);
}

/* ---- what the step did ---- */

/* false: the step does nothing to a line. */
static bool step_words(const struct cores *p, char *out, size_t cap)
{
	const struct mesi *m = p->m;
	unsigned core = m->core, taken = 0;
	int from = -1, to = -1;
	for (unsigned i = 0; i < m->changes; i++)
		if (m->change[i].core == core)
			from = m->change[i].from, to = m->change[i].to;
		else
			taken += m->change[i].to == MESI_INVALID;
	const struct mesi_line *l = m->last != MESI_END ? &m->line[m->last] : NULL;
	out[0] = 0;
	if (m->passed)
		snprintf(out, cap, _("Only the first %u lines are followed; mapscope sharing follows more."),
			m->most);
	else if (!m->cores)
		snprintf(out, cap, "%s", _("No operation has touched memory yet."));
	else if (!m->changes && l && l->step == p->f->scene->step)
		snprintf(out, cap, _("Core %u finds the line in its own cache: nobody waits."), core);
	else if (!m->changes)
		snprintf(out, cap, "%s",
			m->cores & (m->cores - 1)
				? _("This step touches no memory.")
				: _("One core has done everything so far: nothing is shared."));
	else if (to == MESI_MODIFIED && taken)
		snprintf(out, cap,
			taken == 1
				? _("Core %u wants to write: the other copy becomes Invalid. It had to wait for it.")
				: _("Core %u wants to write: %u other copies become Invalid. It had to wait for them."),
			core, taken);
	else if (to == MESI_MODIFIED && from == MESI_EXCLUSIVE)
		snprintf(out, cap,
			_("Core %u writes to a line that it alone has: Modified, without asking anybody."),
			core);
	else if (to == MESI_MODIFIED)
		snprintf(out, cap, _("Core %u fetches the line to write to it: no other core has a copy."),
			core);
	else if (to == MESI_EXCLUSIVE)
		snprintf(out, cap, _("Core %u reads: no other core has a copy, so its own is Exclusive."),
			core);
	else
		snprintf(out, cap,
			m->changes > 1 ? _("Core %u reads what another core has: both copies are Shared now.")
				       : _("Core %u reads what others have too: its copy is Shared."),
			core);
	return m->changes || (l && l->step == p->f->scene->step);
}

/* ---- the line in focus, byte by byte ---- */

/* The core that uses each byte: its digit, `*` for several; in the colour of Modified where one writes. */
static void draw_bytes(const struct cores *p, struct rect r, int y, const struct mesi_line *l)
{
	enum { LABEL = 12 };
	const struct mesi *m = p->m;
	int width = r.w - LABEL >= 2 * 64 + 8 ? 2 : 1;
	grid_put(p->f->grid, r, MARK, y, S_LABEL, _("used by"));
	for (unsigned b = 0; b < m->line_size && b < 64; b++) {
		uint64_t users = 0;
		bool written = false;
		for (uint32_t i = l->cells; i != MESI_END; i = m->cell[i].next) {
			const struct mesi_cell *c = &m->cell[i];
			if (b >= c->offset && b < (unsigned)c->offset + c->size) {
				users |= UINT64_C(1) << c->core;
				written = written || c->n.writes;
			}
		}
		int x = LABEL + (int)b * width;
		if (!users)
			grid_glyph(p->f->grid, r, x, y, S_DEAD, G_FREE);
		else if (users & (users - 1))
			grid_put(p->f->grid, r, x, y, written ? S_TOP | STYLE_BOLD : S_TEXT, "*");
		else
			grid_printf(p->f->grid, r, x, y, written ? S_TOP : S_TEXT, "%c",
				"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-"
					[__builtin_ctzll(users)]);
	}
}

static const char *verdict(const struct mesi_line *l)
{
	const struct mesi_counts *n = &l->n;
	if (!mesi_shared(l))
		return _("one core uses it");
	if (!n->transfers)
		return _("nobody has waited for it");
	if (!n->true_sharing)
		return _("FALSE sharing: pad");
	return mesi_false(n) ? _("both false and true sharing") : _("TRUE sharing: padding does not help");
}

static void draw_cell(const struct cores *p, struct rect r, int y, const struct mesi_line *l,
	const struct mesi_cell *c, uint64_t most, int what)
{
	const uint64_t numbers[] = { c->offset, c->core, c->n.reads, c->n.writes, c->n.transfers,
		mesi_false(&c->n) };
	static const int ends[] = { 8, 13, 21, 29, 37, 45 };
	char words[LOCATION_TEXT], clean[SCENE_TEXT], fit[SCENE_TEXT];
	for (int k = 0; k < 6; k++) {
		char number[24];
		snprintf(number, sizeof number, "%" PRIu64, numbers[k]);
		grid_put_right(p->f->grid, r, ends[k], y, k < 2 || numbers[k] ? S_TEXT : S_DEAD, number);
	}
	locator_print(sharing_locator(&p->f->pass->sharing), p->f->scene->mem, l->addr + c->offset, words,
		sizeof words);
	scene_clean(p->f->scene, words, clean, sizeof clean);
	text_fit(clean, what, fit, sizeof fit);
	grid_put(p->f->grid, r, 47, y, S_TEXT, fit);
	int bar = r.w - 49 - what;
	if (bar > 0 && most)
		grid_repeat(p->f->grid, r, 48 + what, y, c->n.writes ? S_TOP : S_ELEM, G_BAR8,
			(int)(((c->n.reads + c->n.writes) * (uint64_t)bar + most - 1) / most));
}

static void draw_offsets(const struct cores *p, struct rect r)
{
	const struct mesi *m = p->m;
	if (p->focus == MESI_END || r.h < 3)
		return;
	const struct mesi_line *l = &m->line[p->focus];
	char title[96];
	snprintf(title, sizeof title, p->held ? _("line %" PRIx64 ", held") : _("line %" PRIx64), l->addr);
	panel_rule(p->f, r, 0, false, title, verdict(l));
	draw_bytes(p, r, 1, l);
	static const struct {
		int end;
		const char *name;
	} heads[] = { { 8, N_("offset") }, { 13, N_("core") }, { 21, N_("reads") }, { 29, N_("writes") },
		{ 37, N_("waits") }, { 45, N_("false") } };
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		grid_put_right(p->f->grid, r, heads[i].end, 2, S_LABEL, _(heads[i].name));
	int what = r.w >= 120 ? 36 : r.w - 49;
	grid_put(p->f->grid, r, 47, 2, S_LABEL, _("what"));
	if (r.w >= 120)
		grid_put(p->f->grid, r, 48 + what, 2, S_LABEL, _("accesses"));
	uint64_t most = 0;
	int left = 0, y = 3;
	for (uint32_t i = l->cells; i != MESI_END; i = m->cell[i].next, left++)
		if (m->cell[i].n.reads + m->cell[i].n.writes > most)
			most = m->cell[i].n.reads + m->cell[i].n.writes;
	for (uint32_t i = l->cells; i != MESI_END; i = m->cell[i].next, y++, left--) {
		if (y == r.h - 1 && left > 1) {
			grid_printf(p->f->grid, r, MARK, y, S_LABEL,
				P_("… and %d row more", "… and %d rows more", (uint64_t)left), left);
			break;
		}
		draw_cell(p, r, y, l, &m->cell[i], most, what);
	}
}

/* ---- the view ---- */

/* Which cores have columns: those that did something in the whole of what is known, as many as fit. */
static void choose_cores(struct cores *p, int width)
{
	int room = (width - MARK - ADDRESS - COUNTS * COUNT - WHAT_LEAST) / STATE;
	room = room > CORES_SHOWN ? CORES_SHOWN : room;
	for (unsigned c = 0; c < CORES; c++)
		if (p->m->cores >> c & 1) {
			if (p->cores < room)
				p->core[p->cores++] = (uint8_t)c;
			else
				p->more++;
		}
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct cores_state *v = own;
	const struct pass *c = &f->pass->sharing;
	const struct mesi *m = sharing_model(c);
	char words[600];
	bool quiet = false;
	struct cores p = { .f = f, .m = m, .held = v->held, .digits = 4 };
	p.focus = focus_of(v, m);
	choose_cores(&p, body.w);
	for (size_t i = 0; i + 1 < m->lines && p.digits == 4; i++)
		if ((m->line[i].addr ^ m->line[i + 1].addr) >> 16)
			p.digits = 6;
	int lines = body.h * 2 / 5;
	lines = lines < 5 ? 5 : lines;
	draw_lines(&p, (struct rect){ body.x, body.y, body.w, lines });
	if (pass_failure(c))
		snprintf(words, sizeof words, "%s", pass_failure(c));
	else if (pass_busy(c))
		snprintf(words, sizeof words, _("computing: %u %%"), pass_percent(c));
	else
		quiet = !step_words(&p, words, sizeof words);
	panel_words(f, (struct rect){ body.x, body.y + lines, body.w, 1 }, 0, 1,
		pass_busy(c)    ? S_TITLE
			: quiet ? S_DEAD
				: S_SAY,
		words);
	draw_offsets(&p, (struct rect){ body.x, body.y + lines + 1, body.w, body.h - lines - 1 });
}

static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	struct cores_state *v = own;
	const struct mesi *m = sharing_model(&f->pass->sharing);
	uint32_t at = focus_of(v, m), count = (uint32_t)m->lines;
	(void)body;
	switch (a) {
	case ACTION_UP:
	case ACTION_DOWN:
		if (at == MESI_END || !count)
			return true;
		v->held = true;
		v->line = a == ACTION_UP ? (at > n ? at - (uint32_t)n : 0)
					 : (at + n < count ? at + (uint32_t)n : count - 1);
		return true;
	case ACTION_FOLLOW:
		v->held = !v->held && at != MESI_END;
		v->line = at;
		return true;
	case ACTION_ENTER: /* where the line was used last */
		if (v->held && at != MESI_END)
			state_ask(st, REQUEST_JUMP, m->line[at].step);
		v->held = false;
		return true;
	case ACTION_ESCAPE:
		if (!v->held)
			return false;
		v->held = false;
		return true;
	default: return false;
	}
}

static void press(struct state *st, void *own, const struct frame *f, const struct hit *hit)
{
	struct cores_state *v = own;
	(void)st;
	(void)f;
	*v = (struct cores_state){ true, (uint32_t)hit->a };
}

static const struct legend_row legend[] = {
	{ 0, "M E", S_TOP, N_("I: only copy; newer, or not") },
	{ 0, "S I", S_ELEM, N_("I: one of several; taken away") },
};
const struct view view_cores = { .size = sizeof(struct cores_state),
	.passes = NEEDS_SHARING,
	.draw = draw,
	.key = key,
	.press = press,
	.legend = legend,
	.legend_rows = sizeof legend / sizeof legend[0] };
