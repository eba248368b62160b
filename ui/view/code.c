/* The view of code: the functions of the map in pseudo-code, and the steps of the operation. */
#include "ui/scene/explain.h"
#include "ui/view/view.h"

enum { STEPS_LEAST = 4 };

/* Of the longest of some functions, with its title. */
static int rows_of(const struct scene *s, unsigned from, unsigned to)
{
	int most = 0;
	for (unsigned fn = from; fn < to && fn < code_of(s)->functions; fn++)
		for (int n = 1; code_text(s, fn, n); n++)
			most = n > most ? n : most;
	return most + 1;
}

/* As many functions as fit, the one that runs first; on a wide screen all, each at its place (a clear at the
 * lookup's). */
static void draw(const struct frame *f, struct rect body, const void *own)
{
	int across = body.w >= 156 ? 3
		: body.w >= 114    ? 3
		: body.w >= 76     ? 2
				   : 1,
	    down = body.h >= 2 * (CODE_ROWS + 1) ? 2 : 1;
	int w = body.w / across, h = body.h / down, running = (int)code_running(f->scene),
	    fit = across * down;
	enum op_kind op = f->scene->op.kind;
	/* The function around the one that runs: an evacuation happens inside of a put or delete. */
	int outer = running < CODE_FUNCTIONS || op == OP_PUT || op == OP_DEL
		? (int)code_of(f->scene)->of_operation(op == OP_PUT || op == OP_DEL ? op : OP_GET)
		: running;
	int order[CODE_FUNCTIONS], n = 0, high = down == 2 && across == 3 ? rows_of(f->scene, 0, 3) : 0,
				   steps = body.h - high - rows_of(f->scene, 3, CODE_FUNCTIONS);
	int functions =
		(int)code_of(f->scene)->functions; /* a kind may have fewer than there are places, or more */
	struct rect at[CODE_FUNCTIONS];
	const struct explain *other = explain_outer(f->scene);
	(void)own;
	if (high && steps >= STEPS_LEAST && !other) { /* a tall screen */
		h = high;
		panel_code_steps(f, (struct rect){ body.x, body.y + body.h - steps, body.w, steps });
	}
	for (int i = 0; i < fit; i++)
		at[i] = (struct rect){ body.x + i % across * w, body.y + i / across * h,
			i % across == across - 1 ? body.w - w * (across - 1) : w - 1, h };
	if (other && other->draw_code) {
		other->draw_code(f, at, fit);
		return;
	}
	if (fit < CODE_FUNCTIONS) {
		order[n++] = running;
		if (outer != running)
			order[n++] = outer;
	}
	for (int i = 0; i < CODE_FUNCTIONS && i < functions && n < CODE_FUNCTIONS; i++)
		if (fit >= CODE_FUNCTIONS || (i != running && i != outer))
			order[n++] = fit >= CODE_FUNCTIONS && i == 0 && running >= CODE_FUNCTIONS ? running
												  : i;
	for (int i = 0; i < fit && i < n; i++)
		panel_code_listing(f, at[i], (unsigned)order[i]);
}

const struct view view_code = { .draw = draw };
